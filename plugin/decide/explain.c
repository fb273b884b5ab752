/*
 * The refusal is read by a developer whose `docker run` has just failed, behind "Error response from daemon:". So: what
 * decided, what was found, worst first, and something to paste that passes. When room is short the messages of the
 * later findings go first, then their names; the flags and the decision id stay.
 */
#include "docksill/decide/explain.h"

#include "docksill/decide/explain-flags.h"
#include "docksill/decide/explain-lists.h"
#include "docksill/decide/gate.h"
#include <assert.h>

#define LISTED         6   /* findings named in a refusal */
#define FIXES          2   /* findings whose remedy is a sentence */
#define NAME_SHOWN     80  /* bytes shown of a name */
#define MESSAGE_MAX    200 /* bytes shown of a message */
#define FIX_MAX        200
#define TELLING_MAX    1023 /* bytes of a finding with its separator */
#define FLAGS_MAX      700  /* bytes of all flags */
#define FINDINGS_LEAST 250  /* bytes kept for the findings, and the decision's id */
#define SCRATCH        (256 * 1024)
#define MORE_ROOM      sizeof("; 4294967295 more.")

/* Findings of a refusal in the order they are told. */
struct listing {
        const struct finding *items[LISTED];
        size_t n, more;
};

static void listing_add(struct listing *l, const struct finding *f) {
        if (l->n < LISTED)
                l->items[l->n++] = f;
        else
                ++l->more;
}

/* Where a hard finding decides, the hard ones come first, whatever their severity. */
static void listing_fill(struct listing *l, const struct decision *d, const struct limits *limits) {
        bool hard_first = d->gate == GATE_HARD;

        *l = (struct listing){ 0 };
        for (size_t i = 0; hard_first && i < d->n_findings; ++i)
                if (d->findings[i].hard && gate_tells(d, &d->findings[i], limits))
                        listing_add(l, &d->findings[i]);
        for (size_t i = 0; i < d->n_findings; ++i)
                if (!(hard_first && d->findings[i].hard) && gate_tells(d, &d->findings[i], limits))
                        listing_add(l, &d->findings[i]);
}

static void add_points(struct text *out, unsigned points) {
        text_add_int(out, points);
        text_addz(out, points == 1 ? " point" : " points");
}

static void add_hard_rules(struct text *out, const struct decision *d) {
        const struct finding *first = NULL;
        size_t n = 0;

        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (!f->hard || !gate_counts(d, f))
                        continue;
                if (n++ == 0)
                        first = f;
        }
        if (!first)
                return;
        text_addz(out, n > 1 ? " by hard rules " : " by hard rule ");
        text_add_visible(out, first->rule->id, NAME_SHOWN);
        if (n > 1) {
                text_addz(out, " and ");
                text_add_int(out, (int64_t)(n - 1));
                text_addz(out, " more");
        }
}

static enum severity worst_severity(const struct decision *d) {
        enum severity worst = SEVERITY_NONE;

        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].severity > worst && gate_counts(d, &d->findings[i]))
                        worst = d->findings[i].severity;
        return worst;
}

/* Up to the first full stop: who refuses, by which gate, how many points of which limit. */
static void add_headline(struct text *out, const struct decision *d, const struct ruleset *rules) {
        const struct limits *limits = ruleset_limits(rules);

        text_addz(out, "docksill (");
        text_add_visible(out, ruleset_name(rules), NAME_SHOWN);
        text_addz(out, d->allow ? "): would be refused" : "): refused");
        switch (d->gate) {
        case GATE_ACCESS: text_addz(out, " by access, whatever the request holds, "); break;
        case GATE_HARD:
                add_hard_rules(out, d);
                text_addz(out, " (as in every environment), ");
                break;
        case GATE_DENY_SEVERITY:
                text_addz(out, ", a finding of severity ");
                text_add(out, severity_name(worst_severity(d)));
                text_addz(out, " (limit ");
                text_add(out, severity_name(limits->deny_severity));
                text_addz(out, "), ");
                break;
        case GATE_MEMORY: text_addz(out, ", too large to judge in the memory one request may have, "); break;
        default: text_addz(out, ", "); break;
        }
        add_points(out, d->would == VERDICT_DENY ? d->enforced_points : d->points);
        if (d->gate == GATE_DENY_POINTS) {
                text_addz(out, ", limit ");
                text_add_int(out, limits->deny_points);
        }
        text_add_char(out, '.');
}

/* "(HostConfig.Binds[2], and 2 more)": the field, and how many other places there are. */
static void add_place(struct text *out, const struct finding *f) {
        struct str where = f->n_evidence ? f->evidence[0].where : (struct str){ 0 };
        bool more = f->instances > 1;

        if (str_empty(where) && !more)
                return;
        text_addz(out, " (");
        text_add_visible(out, where, NAME_SHOWN);
        if (more) {
                text_addz(out, str_empty(where) ? "and " : ", and ");
                text_add_int(out, (int64_t)(f->instances - 1));
                text_addz(out, " more");
        }
        text_add_char(out, ')');
}

static struct str without_full_stop(struct str s) {
        s = str_trim(s);
        while (s.n > 0 && s.p[s.n - 1] == '.')
                --s.n;
        return s;
}

/* " user-root +10": ids hold letters, digits and dashes, 63 at most. */
static void add_name(struct text *out, const struct finding *f) {
        text_add_char(out, ' ');
        text_add(out, f->rule->id);
        text_add(out, STR_C(" +"));
        text_add_int(out, f->points);
}

static void add_message(struct text *out, const struct finding *f) {
        struct str said;

        if (!f->n_evidence)
                return;
        said = without_full_stop(f->evidence[0].message);
        if (said.n)
                text_add_char(out, ' ');
        text_add_visible(out, said, MESSAGE_MAX);
        add_place(out, f);
}

/* A finding as it may be told, without the separator behind it. */
struct telling {
        struct str whole;
        size_t name; /* bytes of its name and points, with which it begins */
};

/* Without memory it is not told. */
static struct telling telling_of(const struct finding *f, struct arena *scratch) {
        struct telling telling = { 0 };
        struct text t;

        text_init_arena(&t, scratch);
        add_name(&t, f);
        telling.name = t.n;
        add_message(&t, f);
        telling.whole = text_str(&t);
        return t.failed ? (struct telling){ 0 } : telling;
}

static void add_rest(struct text *out, const struct listing *l, size_t left) {
        bool some = left < l->n + l->more;

        text_addz(out, some ? " " : " findings: ");
        text_add_int(out, (int64_t)left);
        text_addz(out, some ? " more" : "");
}

/* As many findings as @room bytes hold, and how many are left. A message may not push out the name of a later finding.
 */
static void add_findings(struct text *out, const struct listing *l, size_t room, struct arena *scratch) {
        size_t left = l->n + l->more, names = 0; /* bytes without messages of those to come */
        struct telling tellings[LISTED];

        room = room > MORE_ROOM ? room - MORE_ROOM : 0;
        for (size_t i = 0; i < l->n; ++i) {
                tellings[i] = telling_of(l->items[i], scratch);
                if (tellings[i].name + 1 <= room)
                        names += tellings[i].name + 1;
        }

        for (size_t i = 0; i < l->n; ++i, --left) {
                const struct telling *telling = &tellings[i];
                size_t name = telling->name + 1, whole = telling->whole.n + 1;

                if (telling->name == 0 || name > room)
                        break;
                names -= name;
                if (whole > TELLING_MAX || whole > (room > names ? room - names : 0))
                        whole = name;
                text_add(out, str_first(telling->whole, whole - 1));
                text_add_char(out, ';');
                room -= whole;
        }

        if (left)
                add_rest(out, l, left);
        else
                text_cut(out, out->n - 1); /* the last separator */
        text_add_char(out, '.');
}

/* " Add: --read-only --user 10001:10001." */
static void add_flags(struct text *out, const struct decision *d, const struct request *request,
                      const struct limits *limits, struct arena *scratch) {
        struct explain_flags flags = { 0 };
        size_t start = out->n, shown = 0;

        /* Those that there is memory for are better than none. */
        (void)!explain_flags(&flags, d, limits, request, scratch);
        if (flags.n == 0)
                return;

        text_addz(out, " Add:");
        for (; shown < flags.n; ++shown) {
                size_t before = out->n;
                struct text visible;

                text_init_arena(&visible, scratch);
                text_add_visible(&visible, flags.items[shown], FLAGS_MAX);
                text_add_char(out, ' ');
                explain_add_flag(out, text_str(&visible));
                if (out->n - start > FLAGS_MAX) {
                        text_cut(out, before);
                        break;
                }
        }
        if (shown < flags.n) {
                text_addz(out, " (and ");
                text_add_int(out, (int64_t)(flags.n - shown));
                text_addz(out, " more)");
        }
        text_add_char(out, '.');
}

/* " Fix: drop --privileged; use a named volume." for what no flag lifts; what lifts two is said once. */
static void add_fixes(struct text *out, const struct listing *l, const struct request *request, struct arena *scratch) {
        struct str told[FIXES];
        size_t said = 0;

        for (size_t i = 0; i < l->n && said < FIXES; ++i) {
                const struct finding *f = l->items[i];
                const struct fix *fix = f->cause->fix;
                struct scope scope = { .facts = &request->facts };
                struct str remedy;
                struct text t;

                if (explain_has_flags(fix, request) || !fix->cli || f->n_evidence == 0)
                        continue;
                scope.element = f->evidence[0].element;
                scope.spelling = f->evidence[0].spelling;
                if (!scope.element && template_of_element(fix->cli))
                        continue;
                text_init_arena(&t, scratch);
                template_add(&t, fix->cli, &scope);
                remedy = without_full_stop(text_str(&t));
                if (t.failed || remedy.n == 0 || str_is_among(remedy, told, said))
                        continue;
                told[said] = remedy;
                text_addz(out, said++ ? ". Fix: " : " Fix: ");
                text_add_visible(out, remedy, FIX_MAX);
        }
        if (said)
                text_add_char(out, '.');
}

/* " To allow it, an admin adds under override: - {list: log-servers, append: ["logs.example:514"]}". Cut short the
 * lines would be wrong, so without @room for them their lists alone are named. */
static void add_lists(struct text *out, const struct explain_lists *lists) {
        text_addz(out, " To allow it, an admin adds under override: ");
        for (size_t i = 0; i < lists->n; ++i) {
                text_addz(out, i ? " and " : "");
                explain_add_list(out, &lists->items[i]);
        }
        text_addz(out, lists->exempt.n ? " " : "");
        explain_add_exempt(out, lists);
        text_add_char(out, '.');
}

static void add_list_names(struct text *out, const struct explain_lists *lists) {
        text_addz(out, " To allow it, an admin adds more than has room here to the list ");
        for (size_t i = 0; i < lists->n; ++i) {
                text_addz(out, i ? ", " : "");
                text_add(out, lists->items[i].name);
        }
        text_addz(out, ": docksill explain shows what.");
}

/* One is enough to see why the others are not there either. */
static void add_unfit(struct text *out, const struct explain_lists *lists) {
        text_addz(out, " \"");
        text_add_visible(out, lists->unfit.items[0].value, NAME_SHOWN);
        text_addf(out, "\" can't be listed: %s.", lists->unfit.items[0].why);
}

/* What @room holds of it as a whole. */
static void add_letting_in(struct text *out, const struct explain_lists *lists, size_t room) {
        char buffer[EXPLAIN_MAX];
        struct text t;

        text_init_fixed(&t, buffer, room < sizeof(buffer) ? room : sizeof(buffer));
        if (lists->n)
                add_lists(&t, lists);
        if (t.failed) {
                text_reset(&t);
                add_list_names(&t, lists);
        }
        if (t.failed)
                text_reset(&t);
        text_add(out, text_str(&t));
        room = t.n < room ? room - t.n : 0;
        text_init_fixed(&t, buffer, room < sizeof(buffer) ? room : sizeof(buffer));
        if (lists->unfit.n)
                add_unfit(&t, lists);
        if (!t.failed)
                text_add(out, text_str(&t));
}

/* The remedies below are for what is so; an engine that was slow, or a dead mount, is none of the requester's making.
 */
static void add_retry(struct text *out, const struct listing *l) {
        for (size_t i = 0; i < l->n; ++i)
                if (l->items[i]->unknown) {
                        text_addz(out, " If the engine or the host was too slow to answer, try again.");
                        return;
                }
}

void explain_refusal(struct text *out, const struct decision *d, const struct request *request,
                     const struct ruleset *rules) {
        const struct limits *limits = ruleset_limits(rules);
        struct explain_lists lists = { 0 };
        struct listing listing;
        struct arena scratch;
        struct text head, tail, flags;

        assert(d->verdict == VERDICT_DENY);
        arena_init(&scratch, SCRATCH);
        text_init_arena(&head, &scratch);
        text_init_arena(&tail, &scratch);
        text_init_arena(&flags, &scratch);
        listing_fill(&listing, d, limits);
        add_headline(&head, d, rules);
        /* To whom the operation is closed no flag opens it. */
        if (d->gate != GATE_ACCESS) {
                add_retry(&tail, &listing);
                add_fixes(&tail, &listing, request, &scratch);
                add_flags(&flags, d, request, limits, &scratch);
        }
        if (d->gate != GATE_ACCESS && explain_lists(&lists, d, NULL, request, limits, &scratch) == 0) {
                size_t taken = head.n + tail.n + flags.n + FINDINGS_LEAST;

                add_letting_in(&tail, &lists, taken < EXPLAIN_MAX ? EXPLAIN_MAX - taken : 0);
        }
        if (!flags.failed)
                text_add(&tail, text_str(&flags));
        text_addz(&tail, " Decision ");
        decision_id_add(&tail, d->id);
        text_add_char(&tail, '.');

        text_add(out, text_str(&head));
        if (listing.n && head.n + tail.n < EXPLAIN_MAX)
                add_findings(out, &listing, EXPLAIN_MAX - head.n - tail.n, &scratch);
        text_add(out, text_str(&tail));
        arena_deinit(&scratch);
}

void explain_no_request(struct text *out, enum envelope_refusal refusal) {
        text_addz(out, "docksill: refused: ");
        text_addz(out, envelope_refusal_text(refusal));
        text_add_char(out, '.');
}
