/*
 * As docker-bench-security prints: a line a control, by number, and below it whom it names.
 *
 * One word more than there: what could not be told is INFO, never PASS, and is not counted as either.
 */
#include "format.h"
#include "report-control.h"
#include <errno.h>
#include <stdlib.h>

#define FRAMEWORK "cis-docker"
#define LINE_MOST 400 /* bytes of foreign text */

enum word { WORD_PASS, WORD_WARN, WORD_INFO, WORD_NOTE, WORDS };

static const char *const words[] = { "PASS", "WARN", "INFO", "NOTE" };

/* Of the numbers of CIS Docker, in words of our own. */
static const struct {
        const char *id, *title;
} sections[] = {
        { "1", "The host" },
        { "1.1", "Linux below the engine" },
        { "1.2", "The host as a whole" },
        { "2", "Settings of the engine" },
        { "3", "Files of the engine" },
        { "4", "Images" },
        { "5", "Containers" },
        { "6", "Upkeep" },
        { "7", "Swarm" },
};

struct bench {
        struct text *out;
        const struct report *report;
        const struct report_framework *framework;
        bool verbose;
        size_t control; /* how many came so far */
        size_t *named;  /* of each subject: the last control that named it */
        bool *asked;    /* of each check: is it this control's? */
        size_t words[WORDS];
};

static void add_line(struct bench *b, enum word word, const char *before) {
        text_addf(b->out, "[%s] %s", words[word], before);
}

/* -- sections -- */

static bool starts_with(struct str id, const char *section) {
        size_t n = strlen(section);

        return id.n > n && memcmp(id.p, section, n) == 0 && id.p[n] == '.';
}

/* The heads that stand between two controls. */
static void add_sections(struct bench *b, struct str before, struct str id) {
        for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); ++i) {
                const char *section = sections[i].id;

                if (!starts_with(id, section) || starts_with(before, section))
                        continue;
                if (!strchr(section, '.'))
                        text_add_char(b->out, '\n');
                add_line(b, WORD_INFO, section);
                text_addf(b->out, " - %s\n", sections[i].title);
        }
}

/* -- whose a finding is -- */

/* The message that makes it this control's; NULL: it is none of it. */
static const struct str *own_message(const struct bench *b, const struct report_control *c,
                                     const struct report_finding *f) {
        const struct str *message;

        return b->asked[f->check] && control_owns(b->framework, c, f, &message) ? message : NULL;
}

static enum word word_of(enum report_state state) {
        switch (state) {
        case REPORT_FAIL: return WORD_WARN;
        case REPORT_PASS: return WORD_PASS;
        case REPORT_MANUAL: return WORD_NOTE;
        default: return WORD_INFO;
        }
}

/* -- whom it names -- */

static bool is_one_of_many(struct str kind) {
        return !str_eqz(kind, "host") && !str_eqz(kind, "daemon");
}

/* "     * web", in full "     * web: adds capability SYS_ADMIN"; of the host alone what it is. */
static void add_named(struct bench *b, enum word word, const struct report_finding *f, struct str message) {
        const struct report_subject *s = &b->report->subjects.items[f->subject];
        bool many = is_one_of_many(s->kind);

        add_line(b, word, "     * ");
        if (many)
                text_add_visible(b->out, s->name, LINE_MOST);
        if (f->state != REPORT_FAIL || b->verbose || !many) {
                if (many)
                        text_addz(b->out, ": ");
                text_add_visible(b->out, f->state == REPORT_FAIL ? message : f->why, LINE_MOST);
        }
        if (f->state == REPORT_EXEMPT)
                text_addz(b->out, " (exempt)");
        text_add_char(b->out, '\n');
}

static void add_all_named(struct bench *b, const struct report_control *c, enum report_state state) {
        const struct report *r = b->report;

        for (size_t i = 0; i < r->findings.n; ++i) {
                const struct report_finding *f = &r->findings.items[i];
                const struct str *message = f->state == state ? own_message(b, c, f) : NULL;

                if (!message ||
                    (is_one_of_many(r->subjects.items[f->subject].kind) && b->named[f->subject] == b->control))
                        continue;
                b->named[f->subject] = b->control;
                add_named(b, word_of(state), f, *message);
        }
}

/* -- controls -- */

static const char *told(enum report_state state) {
        switch (state) {
        case REPORT_UNKNOWN: return " (could not be told)";
        case REPORT_EXEMPT: return " (exempt)";
        case REPORT_NOT_APPLICABLE: return " (does not apply here)";
        case REPORT_MANUAL: return " (by hand)";
        default: return "";
        }
}

static void add_control(struct bench *b, const struct report_control *c) {
        enum report_state state;
        enum word word;

        ++b->control;
        memset(b->asked, 0, b->report->checks.n * sizeof(b->asked[0]));
        for (size_t i = 0; i < c->n_checks; ++i)
                b->asked[c->checks[i]] = true;
        state = control_state(b->report, b->framework, c, NULL);
        word = word_of(state);
        ++b->words[word];
        add_line(b, word, "");
        text_add_visible(b->out, c->id, LINE_MOST);
        text_addz(b->out, " - ");
        text_add_visible(b->out, c->title, LINE_MOST);
        text_addf(b->out, "%s\n", told(state));
        if (state != REPORT_PASS && state != REPORT_MANUAL)
                add_all_named(b, c, state);
        if (c->beside.n && (b->verbose || state == REPORT_MANUAL)) {
                add_line(b, WORD_NOTE, "     * look at: ");
                text_add_visible(b->out, c->beside, LINE_MOST);
                text_add_char(b->out, '\n');
        }
}

static void add_framework(struct bench *b, const struct report_framework *f) {
        struct str before = { 0 };

        b->framework = f;
        text_addz(b->out, "\n# ");
        text_add_visible(b->out, f->title, LINE_MOST);
        text_add_char(b->out, ' ');
        text_add_visible(b->out, f->edition, LINE_MOST);
        text_addz(b->out, ", titles in words of docksill\n");
        for (size_t i = 0; i < f->n_controls; ++i) {
                if (str_eqz(f->id, FRAMEWORK))
                        add_sections(b, before, f->controls[i].id);
                before = f->controls[i].id;
                add_control(b, &f->controls[i]);
        }
}

/* -- head and foot -- */

static void add_head(struct bench *b) {
        const struct report *r = b->report;

        text_addz(b->out, "# ");
        text_add_visible(b->out, r->title, LINE_MOST);
        text_addz(b->out, ", docksill ");
        text_add_visible(b->out, r->program, LINE_MOST);
        if (r->environment.n) {
                text_addz(b->out, ", rules of ");
                text_add_visible(b->out, r->environment, LINE_MOST);
        }
        text_add_char(b->out, '\n');
}

static void add_foot(struct bench *b) {
        const struct report *r = b->report;
        size_t checks = 0, areas = 0;

        text_add_char(b->out, '\n');
        for (enum word word = 0; word < WORDS; ++word)
                checks += b->words[word];
        for (size_t i = 0; i < r->gaps.n; ++i) {
                add_line(b, WORD_NOTE, "Not seen: ");
                text_add_visible(b->out, r->gaps.items[i].what, LINE_MOST);
                text_addz(b->out, ": ");
                text_add_visible(b->out, r->gaps.items[i].why, LINE_MOST);
                text_add_char(b->out, '\n');
        }
        add_line(b, WORD_INFO, "");
        text_addf(b->out, "Checks: %zu (%zu PASS, %zu WARN, %zu INFO, %zu NOTE)\n", checks, b->words[WORD_PASS],
                  b->words[WORD_WARN], b->words[WORD_INFO], b->words[WORD_NOTE]);
        if (!r->scored)
                return;
        add_line(b, WORD_INFO, "");
        text_addf(b->out, "Score: %u of 100, %u points against it", r->score, r->points);
        for (size_t i = 0; i < r->areas.n; ++i) {
                if (r->areas.items[i].subjects == 0)
                        continue;
                text_addz(b->out, areas++ ? ", " : " (");
                text_add_visible(b->out, r->areas.items[i].name, LINE_MOST);
                text_addf(b->out, " %u", r->areas.items[i].score);
        }
        text_addz(b->out, areas ? ")\n" : "\n");
}

int report_bench(struct text *out, const struct report *r, bool verbose) {
        struct bench b = { .out = out, .report = r, .verbose = verbose };

        b.named = calloc(r->subjects.n + 1, sizeof(b.named[0]));
        b.asked = calloc(r->checks.n + 1, sizeof(b.asked[0]));
        if (b.named && b.asked) {
                add_head(&b);
                for (size_t i = 0; i < r->frameworks.n; ++i)
                        add_framework(&b, &r->frameworks.items[i]);
                if (r->frameworks.n == 0)
                        text_addz(out, "[NOTE] Name a framework for its numbers: --framework " FRAMEWORK "\n");
                add_foot(&b);
        } else {
                out->failed = true;
        }
        free(b.named);
        free(b.asked);
        return out->failed ? -ENOMEM : 0;
}
