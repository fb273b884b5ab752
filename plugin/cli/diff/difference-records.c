/*
 * A file of records may have millions of lines: one is held at a time, and what is added up does not grow with them.
 */
#include "difference.h"
#include "docksill/cli/command.h"
#include "explain/recorded.h"
#include <errno.h>
#include <stdio.h>

/* A record is smaller by far (record.c); what is longer is none, and not kept in memory. */
#define LINE_MOST ((size_t)1024 * 1024)

#define CHARGED_MEMORY ((size_t)4 * 1024 * 1024) /* of one record's findings */

struct reader {
        struct difference *d;
        const char *path;
        FILE *file;
        char *line; /* LINE_MOST bytes */
        uint64_t number;
        struct recharge before, after;
        struct arena arena; /* of one record */
};

/* *out is longer than LINE_MOST where the line is; no more of it than that is there. Returns 1, 0 at the end, or the
 * errno of reading. */
static int read_line(struct reader *in, struct str *out) {
        size_t n = 0;
        int c;

        errno = 0;
        while ((c = getc_unlocked(in->file)) != EOF && c != '\n') {
                if (n < LINE_MOST)
                        in->line[n] = (char)c;
                ++n;
        }
        if (c == EOF && ferror(in->file))
                return errno ? -errno : -EIO;
        *out = (struct str){ in->line, n };
        in->number += c == '\n' || n > 0;
        return c == '\n' || n > 0;
}

static int pass_over(struct reader *in, const char *why) {
        cleanup_(text_deinit) struct text at;

        text_init(&at);
        text_addf(&at, "%s:%llu", in->path, (unsigned long long)in->number);
        return at.failed ? -ENOMEM : passed_over_add(&in->d->passed, in->d->arena, text_str(&at), why);
}

static void count_foreign(struct reader *in, struct str digest) {
        const struct ruleset *before = in->d->before->setup.rules, *after = in->d->after->setup.rules;
        bool new = str_eq(digest, ruleset_digest(after)) && !str_eq(digest, ruleset_digest(before));

        in->before.made = in->after.made = new ? after : before;
        in->d->foreign += !new && !str_eq(digest, ruleset_digest(before));
}

static int add_decision(struct reader *in, const json_t *record) {
        struct decision before, after;
        int r;

        arena_reset(&in->arena);
        count_foreign(in, recorded_text(record, "rules_digest"));
        r = recharge(&in->before, &before, record, &in->arena);
        if (r == 0)
                r = recharge(&in->after, &after, record, &in->arena);
        if (r == -EINVAL)
                return pass_over(in, "a record without what a record has");
        if (r < 0)
                return r;
        return comparison_add(&in->d->comparison, &(struct compared){ .what = recorded_text(record, "decision_id"),
                                                                      .image = recorded_text(record, "image"),
                                                                      .operation = recorded_text(record, "operation"),
                                                                      .before = &before,
                                                                      .after = &after });
}

static int add_line(struct reader *in, struct str line) {
        json_auto_t *record = NULL;
        struct str schema;

        if (line.n > LINE_MOST)
                return pass_over(in, "longer than any record");
        if (str_trim(line).n == 0)
                return 0;
        record = json_loadb(line.p, line.n, JSON_ALLOW_NUL, NULL);
        schema = recorded_text(record, "schema");
        if (str_eqz(schema, "docksill.record/1"))
                return add_decision(in, record);
        if (str_eqz(schema, "docksill.loss/1")) {
                json_int_t lost = json_integer_value(json_object_get(record, "lost"));

                in->d->lost += lost > 0 ? (uint64_t)lost : 0;
                return 0;
        }
        /* What docksill writes of itself: a start, a reload, an end. */
        return str_starts(schema, STR_C("docksill.")) ? 0 : pass_over(in, record ? "no record" : "not JSON");
}

static int add_lines(struct reader *in) {
        struct str line;
        int r;

        while ((r = read_line(in, &line)) > 0) {
                if (in->number == 1 && recorded_is_compressed(line))
                        return -ENOTSUP;
                r = add_line(in, line);
                if (r < 0)
                        return r;
        }
        return r;
}

static int report(const struct command *command, const char *path, int error) {
        if (error == -ENOTSUP)
                fprintf(stderr, "docksill %s: %s: compressed; unpack it: zcat -f %s | docksill %s … --records -\n",
                        command->name, path, path, command->name);
        else if (error < 0)
                fprintf(stderr, "docksill %s: %s: %s\n", command->name, path, strerror(-error));
        return error < 0 ? EXIT_ENVIRONMENT : EXIT_FINE;
}

static void take_doubts(struct recharge_doubts *to, const struct recharge_doubts *from) {
        to->cases += from->cases;
        to->exemptions += from->exemptions;
        to->access += from->access;
}

int difference_add_records(struct difference *d, const struct command *command, const char *path) {
        bool standard = strcmp(path, "-") == 0;
        const struct recharge charge = { .at = d->at };
        cleanup_(freep) char *line = malloc(LINE_MOST);
        struct reader in = { .d = d, .path = standard ? "standard input" : path, .line = line };
        int r;

        in.before = in.after = charge;
        in.before.rules = d->before->setup.rules;
        in.after.rules = d->after->setup.rules;
        in.before.mode = side_mode(d->before);
        in.after.mode = side_mode(d->after);
        if (!line)
                return report(command, path, -ENOMEM);
        in.file = standard ? stdin : fopen(path, "re");
        if (!in.file)
                return report(command, path, -errno);
        arena_init(&in.arena, CHARGED_MEMORY);
        r = add_lines(&in);
        arena_deinit(&in.arena);
        if (!standard)
                fclose(in.file);
        take_doubts(&d->doubts, &in.after.doubts);
        return report(command, path, r);
}
