#include "filter.h"
#include "docksill/base/clock.h"
#include "docksill/base/date.h"
#include "explain/recorded.h"
#include <fnmatch.h>

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)

/* "30m": so long ago. */
static bool read_ago(struct str text, int64_t *out) {
        static const struct {
                char unit;
                int64_t length;
        } units[] = { { 's', SECOND }, { 'm', 60 * SECOND }, { 'h', 3600 * SECOND }, { 'd', DAY } };
        int64_t n;

        for (size_t i = 0; i < ARRAY_SIZE(units); ++i)
                if (text.n > 1 && text.p[text.n - 1] == units[i].unit &&
                    str_int(str_first(text, text.n - 1), &n) == 0 && n >= 0 && n <= 36500) {
                        *out = clock_wall() - n * units[i].length;
                        return true;
                }
        return false;
}

/* @day: added to a day that is named alone. */
static bool read_time(char out[static RECORD_TIME], const char *option, int64_t day) {
        struct str text = str_from(option);
        struct text time;
        int64_t at;

        if (!option)
                return true;
        if (date_parse(text, &at) == 0)
                at += day;
        else if (date_time_parse(text, &at) < 0 && !read_ago(text, &at))
                return false;
        text_init_fixed(&time, out, RECORD_TIME);
        clock_add_rfc3339(&time, at < 0 ? 0 : at);
        return !time.failed;
}

static bool is_one_of(const char *word, const char *const *words) {
        return !word || str_is_one_of(str_from(word), words);
}

int record_filter_read(struct record_filter *out, const struct invocation *in) {
        static const char *const verdicts[] = { "allow", "warn", "deny", NULL }, *const answers[] = { "allow", "deny",
                                                                                                      NULL };
        struct record_filter f = {
                .verdict = invocation_option(in, "verdict"),
                .answer = invocation_option(in, "answer"),
                .rule = invocation_option(in, "rule"),
                .user = invocation_option(in, "user"),
                .image = invocation_option(in, "image"),
                .operation = invocation_option(in, "operation"),
                .environment = invocation_option(in, "environment"),
        };

        if (!is_one_of(f.verdict, verdicts))
                return command_misused(in->command, "--verdict is allow, warn or deny");
        if (!is_one_of(f.answer, answers))
                return command_misused(in->command, "--answer is allow or deny");
        if (!read_time(f.since, invocation_option(in, "since"), 0) ||
            !read_time(f.until, invocation_option(in, "until"), DAY))
                return command_misused(in->command, "--since and --until are a day (2026-01-31), a time "
                                                    "(2026-01-31T12:00:00Z), or how long ago (30m, 2h, 3d)");
        f.decisions = f.verdict || f.answer || f.rule || f.user || f.image || f.operation || f.environment;
        *out = f;
        return EXIT_FINE;
}

/* Our own words: no text of a requester holds a quotation mark that is not escaped. */
static bool says(struct str line, const char *key, const char *word) {
        char member[64];
        struct text t;

        if (!word)
                return true;
        text_init_fixed(&t, member, sizeof(member));
        text_addf(&t, "\"%s\":\"%s\"", key, word);
        return t.failed || str_search(line, text_str(&t)) < line.n;
}

/* Whether some value of @key fits, as the line has it; one with an escape in it might. */
static bool may_fit(struct str line, const char *key, const char *glob) {
        char begin[64], value[256];
        struct str rest = line;
        struct text t;

        text_init_fixed(&t, begin, sizeof(begin));
        text_addf(&t, "\"%s\":\"", key);
        for (size_t at; !t.failed && (at = str_search(rest, text_str(&t))) < rest.n;) {
                struct str word;

                rest = str_skip(rest, at + t.n);
                word = str_first(rest, str_find(rest, '"'));
                if (word.n >= sizeof(value) || str_find(word, '\\') < word.n)
                        return true;
                str_to_z(word, value, sizeof(value));
                if (fnmatch(glob, value, 0) == 0)
                        return true;
        }
        return t.failed || fnmatch(glob, "", 0) == 0; /* what is not there is empty */
}

static bool globs_may_fit(const struct record_filter *f, struct str line) {
        return (!f->rule || may_fit(line, "rule", f->rule)) &&
               (!f->operation || may_fit(line, "operation", f->operation)) &&
               (!f->environment || may_fit(line, "environment", f->environment)) &&
               (!f->user || may_fit(line, "user", f->user)) &&
               (!f->image || may_fit(line, "image", f->image) || may_fit(line, "name", f->image));
}

bool record_filter_may_take(const struct record_filter *f, struct str line) {
        char time[RECORD_TIME];

        if (f->since[0] || f->until[0]) {
                record_line_time(time, line);
                if ((f->since[0] && strcmp(time, f->since) < 0) || (f->until[0] && strcmp(time, f->until) >= 0))
                        return false;
        }
        return says(line, "verdict", f->verdict) && says(line, "answer", f->answer) && globs_may_fit(f, line);
}

static bool fits(const char *glob, const json_t *line, const char *key) {
        const char *value = json_string_value(json_object_get(line, key));

        return !glob || fnmatch(glob, value ? value : "", 0) == 0;
}

static bool has_rule(const char *glob, const json_t *line) {
        const json_t *findings = json_object_get(line, "findings");

        for (size_t i = 0; i < json_array_size(findings); ++i)
                if (fits(glob, json_array_get(findings, i), "rule"))
                        return true;
        return !glob;
}

bool record_filter_takes(const struct record_filter *f, const json_t *line) {
        if (!f->decisions)
                return true;
        return str_eqz(recorded_text(line, "schema"), "docksill.record/1") && fits(f->verdict, line, "verdict") &&
               fits(f->answer, line, "answer") && fits(f->user, line, "user") &&
               fits(f->operation, line, "operation") && fits(f->environment, line, "environment") &&
               (fits(f->image, line, "image") || fits(f->image, line, "name")) && has_rule(f->rule, line);
}
