#include "since.h"
#include "diff/names.h"
#include "engine-text.h"
#include "records/record-files.h"
#include <errno.h>
#include <unistd.h>

#define MEMORY    ((size_t)256 * 1024 * 1024) /* of the names; a report's own */
#define TIME_ROOM 40

/* Of one finding of the report. */
struct sought {
        size_t finding; /* index */
        bool seen;      /* in the newest create */
        char time[TIME_ROOM];
};

/* Those of one container lie beside each other in .sought. */
struct named {
        size_t first, n;
};

struct since {
        struct report *report;
        struct arena arena;
        struct names names;  /* of containers; by number: */
        struct named *named; /* where its findings are */
        struct sought *sought;
        size_t n;
};

/* -- what is looked for -- */

static bool is_of_container(const struct report *r, const struct report_finding *f) {
        return (f->state == REPORT_FAIL || f->state == REPORT_EXEMPT) &&
               str_eqz(r->subjects.items[f->subject].kind, "container");
}

/* Counts each name's findings, then lays them beside each other. */
static int look_for(struct since *s) {
        const struct report *r = s->report;
        size_t number;

        names_init(&s->names, &s->arena, r->subjects.n + 1);
        s->named = ARENA_ARRAY(&s->arena, struct named, r->subjects.n + 1);
        s->sought = ARENA_ARRAY(&s->arena, struct sought, r->findings.n + 1);
        if (!s->named || !s->sought)
                return -ENOMEM;
        for (size_t i = 0; i < r->findings.n; ++i) {
                if (!is_of_container(r, &r->findings.items[i]))
                        continue;
                if (names_take(&s->names, r->subjects.items[r->findings.items[i].subject].name, &number) < 0)
                        return -ENOMEM;
                ++s->named[number].n;
        }
        for (size_t i = 0; i < s->names.n; ++i) {
                s->named[i].first = s->n;
                s->n += s->named[i].n;
                s->named[i].n = 0;
        }
        for (size_t i = 0; i < r->findings.n; ++i)
                if (is_of_container(r, &r->findings.items[i]) &&
                    names_find(&s->names, r->subjects.items[r->findings.items[i].subject].name, &number)) {
                        struct named *n = &s->named[number];

                        s->sought[n->first + n->n++].finding = i;
                }
        return 0;
}

/* -- a record -- */

static bool has_rule(const json_t *findings, struct str rule) {
        const json_t *one;
        size_t i;

        json_array_foreach(findings, i, one) if (str_eq(engine_text(one, "rule"), rule)) return true;
        return false;
}

static void take_create(struct since *s, const struct named *named, const json_t *record) {
        const struct report *r = s->report;
        const json_t *findings = json_object_get(record, "findings");
        struct str time = engine_text(record, "time");

        for (size_t i = named->first; i < named->first + named->n; ++i) {
                struct sought *sought = &s->sought[i];
                bool had = sought->seen;

                sought->seen = has_rule(findings, r->checks.items[r->findings.items[sought->finding].check].id);
                if (sought->seen && !had && !str_to_z(time, sought->time, sizeof(sought->time)))
                        sought->seen = false;
        }
}

static void take_line(struct since *s, struct str line) {
        json_t *record;
        size_t number;

        /* Most records are of something else, and reading one in full costs more than this look. */
        if (str_search(line, STR_C("\"operation\":\"container.create\"")) == line.n ||
            str_search(line, STR_C("\"answer\":\"allow\"")) == line.n)
                return;
        record = json_loadb(line.p, line.n, JSON_ALLOW_NUL, NULL);
        if (str_eqz(engine_text(record, "schema"), "docksill.record/1") &&
            str_eqz(engine_text(record, "operation"), "container.create") &&
            str_eqz(engine_text(record, "answer"), "allow") &&
            names_find(&s->names, engine_text(record, "name"), &number))
                take_create(s, &s->named[number], record);
        json_decref(record);
}

/* Returns 0 or a negative errno. */
static int read_file(struct since *s, const char *path) {
        struct record_file file;
        struct str line;
        int r = record_file_open(&file, path);

        if (r < 0)
                return r;
        while ((r = record_file_next(&file, &line)) > 0)
                if (!file.overlong)
                        take_line(s, line);
        record_file_close(&file);
        return r;
}

/* -- the records -- */

/* What the last create was without came later, by other means. */
static void tell(struct since *s) {
        for (size_t i = 0; i < s->n; ++i)
                if (s->sought[i].seen)
                        s->report->findings.items[s->sought[i].finding].since =
                                report_keep(s->report, str_from(s->sought[i].time));
}

static int read_all(struct auditing *a, const struct invocation *in, const char *given) {
        struct since s = { .report = a->report };
        const char *argument[] = { given, NULL };
        struct invocation named = *in;
        struct record_files files = { 0 };
        int r = 0;

        named.arguments = argument;
        named.n = given ? 1 : 0;
        arena_init(&s.arena, MEMORY);
        if (record_files_find(&files, &s.arena, &named) != EXIT_FINE)
                auditing_gap(a, STR_C("since when"), STR_C("the records can't be read"));
        else
                r = look_for(&s);
        for (size_t i = 0; r == 0 && i < files.n; ++i)
                if (read_file(&s, files.items[i].path) < 0)
                        auditing_gap(a, str_from(files.items[i].path), STR_C("these records can't be read in full"));
        if (r == 0)
                tell(&s);
        arena_deinit(&s.arena);
        return r;
}

int since_tell(struct auditing *a, const struct invocation *in) {
        const char *given = invocation_option(in, "records");

        /* Without docksill's service there are none, and nothing is missing. */
        if (!given && (!a->files.live || invocation_option(in, "inspect") ||
                       (access(a->config->records, R_OK) < 0 && errno != EACCES)))
                return 0;
        return read_all(a, in, given);
}
