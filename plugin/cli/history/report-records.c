/*
 * docksill report: what records of decisions come to, in the formats of an audit. Records are read once, a line at a
 * time; beside the sums, the chain of all of them is followed, whatever time is asked for.
 */
#include "docksill/base/clock.h"
#include "frame/setup.h"
#include "log/filter.h"
#include "log/verify.h"
#include "records/record-files.h"
#include "report/format.h"
#include "report/identity.h"
#include "told.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define REPORT_MEMORY ((size_t)256 * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "since", "TIME", "from then on: 2026-01-31, 2026-01-31T12:00:00Z, or 30m, 2h, 3d ago" },
        { "until", "TIME", "before then, or to the end of that day" },
        { "environment", "NAME|FILE", "whose rules tell titles and controls; default that of the configuration" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "exemptions", "FOLDER|FILE", "folder or file of exemptions; default " CONFIG_EXEMPTIONS },
        { "fail-on", "info|low|medium|high|critical", "exit status 1 from this severity on; default: never" },
        { "verbose", NULL, "show all names and why each rule is there, too" },
        OPTION_ROW_REPORT_FORMAT,
        OPTION_ROW_REPORT_OUTPUT,
        { NULL },
};

struct retelling {
        const struct invocation *in;
        const struct ruleset *rules;
        struct report *report;
        struct record_files files;
        struct record_filter filter;
        struct history history;
        struct verify verify;
        size_t lines, ours; /* that were read, whatever their time; docksill's among them */
        bool failed;        /* a file could not be read to its end */
};

/* -- reading -- */

static bool is_wanted(const struct retelling *t, struct str line) {
        if (!t->filter.since[0] && !t->filter.until[0])
                return true;
        /* What tells no time may be of any. */
        return !history_is_timed(line) || record_filter_may_take(&t->filter, line);
}

static void gap(struct retelling *t, struct str what, struct str why) {
        struct report *r = t->report;

        ARENA_ADD(r->arena, &r->gaps, (struct report_gap){ report_keep(r, what), report_keep(r, why) });
}

static void read_file(struct retelling *t, const char *path) {
        struct record_file f = { 0 };
        int r = record_file_open(&f, path);
        struct str line;

        if (r == 0)
                while ((r = record_file_next(&f, &line)) > 0 && !arena_full(t->report->arena)) {
                        verify_line(&t->verify, f.name, f.number, line, f.unended);
                        ++t->lines;
                        if (!is_wanted(t, line) || history_add(&t->history, line, f.overlong))
                                ++t->ours;
                }
        record_file_close(&f);
        if (r >= 0)
                return;
        t->failed = true;
        gap(t, str_from(path), str_from(record_file_error(r)));
}

/* -- what is told beside decisions -- */

static void tell_chain(struct retelling *t) {
        char said[160];
        struct text why;
        const struct verify *v = &t->verify;
        const struct verify_fault *first = NULL;

        for (size_t i = 0; i < v->n && !first; ++i)
                if (verify_is_finding(v->faults[i].kind) && v->faults[i].kind != VERIFY_FOREIGN)
                        first = &v->faults[i];
        if (!first)
                return;
        text_init_arena(&why, t->report->arena);
        verify_say(first, said, sizeof(said));
        text_addz(&why, said);
        if (first->at.file) {
                text_addz(&why, " (");
                text_addz(&why, first->at.file);
                text_addf(&why, ":%llu)", (unsigned long long)first->at.line);
        }
        if (v->findings > 1)
                text_addf(&why, ", and %llu more", (unsigned long long)v->findings - 1);
        text_addz(&why, "; docksill log verify tells all of it");
        gap(t, STR_C("whether the records are as they were written"), text_str(&why));
}

static void tell_number(struct retelling *t, enum history_event event, const char *what, const char *why) {
        struct text text;
        size_t n = t->history.events[event].n;

        if (!n)
                return;
        text_init_arena(&text, t->report->arena);
        text_addf(&text, "%zu %s", n, what);
        gap(t, text_str(&text), str_from(why));
}

static void tell_gaps(struct retelling *t) {
        tell_chain(t);
        tell_number(t, EVENT_LOST, "decisions", "docksill could not write their records, as it says itself");
        tell_number(t, EVENT_FOREIGN, "lines", "they are none of docksill's: torn, or written by others");
        tell_number(t, EVENT_CUT, "lines", "they are longer than any record");
        tell_number(t, EVENT_UNORDERLY, "starts after a kill or a crash",
                    "what was decided just before may have no record");
}

static void tell_others(struct retelling *t) {
        struct text what;

        if (!t->history.others)
                return;
        text_init_arena(&what, t->report->arena);
        text_addf(&what, "the subjects of %zu findings", t->history.others);
        gap(t, text_str(&what),
            STR_C("there are more than are told apart; they are counted by rule, as all others. --since and --until "
                  "make "
                  "it fewer"));
}

/* -- the head -- */

static void add_fact(struct report *r, const char *name, struct str value) {
        if (value.n)
                ARENA_ADD(r->arena, &r->facts, (struct report_fact){ str_from(name), report_keep(r, value) });
}

static void begin(struct retelling *t) {
        struct report *r = t->report;
        char host[256] = "";

        r->kind = STR_C("records");
        r->title = STR_C("Report of decisions");
        r->at = clock_wall();
        r->program = STR_C(DOCKSILL_VERSION);
        r->environment = report_keep(r, ruleset_name(t->rules));
        if (gethostname(host, sizeof(host) - 1) == 0)
                r->host = report_keep(r, str_from(host));
        report_identify(r);
}

static void tell_head(struct retelling *t) {
        const struct history *h = &t->history;
        struct report *r = t->report;
        struct text text;

        text_init_arena(&text, r->arena);
        if (h->span.first[0])
                text_addf(&text, "%s to %s", h->span.first, h->span.last);
        add_fact(r, "period", text_str(&text));
        text_init_arena(&text, r->arena);
        for (size_t i = 0; i < t->files.n; ++i) {
                text_addz(&text, i ? ", " : "");
                text_addz(&text, t->files.items[i].path);
        }
        add_fact(r, "records", text_str(&text));
        text_init_arena(&text, r->arena);
        for (size_t i = 0; i < h->environments.n; ++i) {
                text_addz(&text, i ? ", " : "");
                text_add(&text, h->environments.items[i]);
        }
        add_fact(r, "decided by", text_str(&text));
        add_fact(r, "told by", r->environment);
}

/* -- all of it -- */

/* Returns 0 or -ENOMEM. */
static int retell(struct retelling *t) {
        struct arena *arena = t->report->arena;
        int r;

        arena_latch(arena);
        begin(t);
        history_init(&t->history, arena);
        for (size_t i = 0; i < t->files.n; ++i)
                read_file(t, t->files.items[i].path);
        verify_end(&t->verify);
        tell_head(t);
        told_findings(t->report, &t->history, t->rules);
        r = arena_full(arena) ? -ENOMEM : report_finish(t->report);
        if (r == 0)
                r = told_tables(t->report, &t->history, t->rules, t->report->at);
        tell_gaps(t);
        tell_others(t);
        told_headline(t->report, &t->history);
        return arena_unlatch(arena) ? -ENOMEM : r;
}

static bool fails(const struct report *r, enum severity on) {
        for (size_t i = 0; i < r->findings.n; ++i)
                if (r->findings.items[i].state == REPORT_FAIL && r->findings.items[i].severity >= on)
                        return true;
        return false;
}

static int tell(const struct retelling *t, bool gate, enum severity fail_on) {
        int r = report_write(t->report, t->in);

        if (r != EXIT_FINE)
                return r;
        if (t->ours == 0 && (t->failed || t->lines)) {
                fprintf(stderr, "docksill report: no record could be read; the report says why\n");
                return EXIT_ENVIRONMENT;
        }
        return gate && fails(t->report, fail_on) ? EXIT_FINDINGS : EXIT_FINE;
}

static int read_and_write(struct retelling *t, bool gate, enum severity fail_on) {
        cleanup_(setup_close) struct setup setup;
        int r = setup_load(&setup, t->in);

        if (r == EXIT_FINE)
                r = record_files_find(&t->files, t->report->arena, t->in);
        if (r != EXIT_FINE)
                return r;
        t->rules = setup.rules;
        if (verify_init(&t->verify) < 0 || retell(t) < 0) {
                fprintf(stderr, "docksill report: not enough memory; --since and --until make it fewer\n");
                r = EXIT_FAULT;
        } else {
                r = tell(t, gate, fail_on);
        }
        verify_deinit(&t->verify);
        return r;
}

/* Whose numbers are those of checks of a host. */
static bool asks_for_bench(const struct invocation *in) {
        const char *format = invocation_option(in, "format"), *path;

        for (size_t at = 0; (path = invocation_next(in, "output", &at));) {
                const struct report_format *of = report_format_of_file(str_from(path));

                if (of && of->write == report_bench)
                        return true;
        }
        return format && strcmp(format, "bench") == 0;
}

static int run(const struct invocation *in) {
        cleanup_(arena_deinit) struct arena arena;
        const char *gate = invocation_option(in, "fail-on");
        enum severity fail_on = SEVERITY_NONE;
        struct report report;
        struct retelling t = { .in = in, .report = &report };
        int r;

        arena_init(&arena, REPORT_MEMORY);
        if (gate && !severity_parse(str_from(gate), &fail_on))
                return command_misused(in->command, "--fail-on is one of info, low, medium, high, critical");
        if (asks_for_bench(in))
                return command_misused(in->command,
                                       "bench is a format of `docksill audit`: records have no checks of a "
                                       "host");
        r = record_filter_read(&t.filter, in);
        if (r == EXIT_FINE)
                r = report_can_write(in);
        if (r != EXIT_FINE)
                return r;
        report_init(&report, &arena);
        return read_and_write(&t, gate, fail_on);
}

const struct command command_report = {
        .name = "report",
        .arguments = "[RECORDS…]",
        .doc = "Report on decisions of the past: who was refused what, by which rules and controls, the trend, "
               "exemptions\n"
               "that are used and unused, and what was not enforced.\n"
               "Without RECORDS: the configured ones and what logrotate made of them, .gz too; - is stdin. They are "
               "read once,\n"
               "a line at a time. Titles, controls and exemptions are those of the configuration today.\n"
               "Exit status: 0, 1 findings from --fail-on on, 4 no record could be read.",
        .most = ARGUMENTS_ANY,
        .options = options,
        .run = run,
};
