#include "docksill/decide/gate.h"
#include "docksill/decide/wrap.h"
#include "refusal.h"
#include <stdio.h>

#define TELLING_MAX 1023 /* bytes of a finding with its separator */
#define MORE_ROOM   sizeof("; 4294967295 more.")
#define WHOLE       5  /* lines */
#define ID_COLUMNS  32 /* of a rule's id in the table */

static void list(struct refusal *r, const struct finding *f) {
        if (r->n_listed < REFUSAL_LISTED)
                r->listed[r->n_listed++] = f;
        else
                ++r->n_more;
}

/* Where a hard finding decides, the hard ones come first, whatever their severity. */
void refusal_list(struct refusal *r) {
        bool hard_first = r->d->gate == GATE_HARD;

        for (size_t i = 0; hard_first && i < r->d->n_findings; ++i)
                if (r->d->findings[i].hard && gate_tells(r->d, &r->d->findings[i], r->limits))
                        list(r, &r->d->findings[i]);
        for (size_t i = 0; i < r->d->n_findings; ++i)
                if (!(hard_first && r->d->findings[i].hard) && gate_tells(r->d, &r->d->findings[i], r->limits))
                        list(r, &r->d->findings[i]);
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
        text_add_visible(out, first->rule->id, REFUSAL_NAME);
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

void refusal_add_head(struct text *out, const struct refusal *r) {
        const struct decision *d = r->d;

        text_addz(out, "docksill (");
        text_add_visible(out, ruleset_name(r->rules), REFUSAL_NAME);
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
                text_add(out, severity_name(r->limits->deny_severity));
                text_addz(out, "), ");
                break;
        case GATE_MEMORY: text_addz(out, ", too large to judge in the memory one request may have, "); break;
        default: text_addz(out, ", "); break;
        }
        add_points(out, d->would == VERDICT_DENY ? d->enforced_points : d->points);
        if (d->gate == GATE_DENY_POINTS) {
                text_addz(out, ", limit ");
                text_add_int(out, r->limits->deny_points);
        }
        text_add_char(out, '.');
}

/* -- in one line -- */

/* "(HostConfig.Binds[2], and 2 more)": the field, and how many other places there are. */
static void add_place(struct text *out, const struct finding *f) {
        struct str where = f->n_evidence ? f->evidence[0].where : (struct str){ 0 };
        bool more = f->instances > 1;

        if (str_empty(where) && !more)
                return;
        text_addz(out, " (");
        text_add_visible(out, where, REFUSAL_NAME);
        if (more) {
                text_addz(out, str_empty(where) ? "and " : ", and ");
                text_add_int(out, (int64_t)(f->instances - 1));
                text_addz(out, " more");
        }
        text_add_char(out, ')');
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
        said = refusal_phrase(f->evidence[0].message);
        if (said.n)
                text_add_char(out, ' ');
        text_add_visible(out, said, REFUSAL_MESSAGE);
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

static void add_rest(struct text *out, const struct refusal *r, size_t left) {
        bool some = left < r->n_listed + r->n_more;

        text_addz(out, some ? " " : " findings: ");
        text_add_int(out, (int64_t)left);
        text_addz(out, some ? " more" : "");
}

/* As many findings as @room bytes hold, and how many are left. A message may not push out the name of a later
 * finding. */
void refusal_add_findings(struct text *out, struct refusal *r, size_t room) {
        size_t left = r->n_listed + r->n_more, names = 0; /* bytes without messages of those to come */
        struct telling tellings[REFUSAL_LISTED];

        room = room > MORE_ROOM ? room - MORE_ROOM : 0;
        for (size_t i = 0; i < r->n_listed; ++i) {
                tellings[i] = telling_of(r->listed[i], &r->arena);
                if (tellings[i].name + 1 <= room)
                        names += tellings[i].name + 1;
        }

        for (size_t i = 0; i < r->n_listed; ++i, --left) {
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
                add_rest(out, r, left);
        else
                text_cut(out, out->n - 1); /* the last separator */
        text_add_char(out, '.');
}

/* -- in columns -- */

static void add_row(struct text *out, const struct finding *f, struct str what, size_t width, size_t lines) {
        char points[24];

        snprintf(points, sizeof(points), "+%u", f->points);
        text_addf(out, "\n  %4s  %-*" STR_FMT "  ", points, (int)width, STR_ARG(f->rule->id));
        wrap_add(out, what, 10 + width, REFUSAL_COLUMNS, lines);
}

/* "        3 more, +12: pids-unlimited, …" */
static void add_others(struct text *out, const struct refusal *r, size_t shown) {
        size_t left = r->n_listed + r->n_more - shown, begin = out->n;
        struct text names;
        unsigned points = 0;
        char buffer[512];

        text_init_fixed(&names, buffer, sizeof(buffer));
        for (size_t i = 0, k = 0; i < r->d->n_findings; ++i) {
                const struct finding *f = &r->d->findings[i];
                bool told = false;

                for (k = 0; k < shown; ++k)
                        told = told || r->listed[k] == f;
                if (told || !gate_tells(r->d, f, r->limits))
                        continue;
                points += f->points;
                text_addz(&names, names.n ? ", " : "");
                text_add(&names, f->rule->id);
        }
        text_addf(out, "\n  %4s  %zu more", "", left);
        if (points)
                text_addf(out, ", +%u", points);
        text_addz(out, ": ");
        wrap_add(out, text_str(&names), out->n - begin - 1, REFUSAL_COLUMNS, 1);
}

/* Without its place where that would take a line more than there are; of several places it says how many. */
static struct str what_of(struct refusal *r, const struct finding *f, size_t indent, size_t lines, size_t spare) {
        size_t alone, whole, bare;
        struct text t;

        if (!f->n_evidence)
                return (struct str){ 0 };
        text_init_arena(&t, &r->arena);
        text_add_visible(&t, refusal_phrase(f->evidence[0].message), REFUSAL_MESSAGE);
        alone = t.n;
        add_place(&t, f);
        if (t.failed)
                return (struct str){ 0 };
        whole = wrap_lines(text_str(&t), indent, REFUSAL_COLUMNS);
        bare = wrap_lines(str_first(text_str(&t), alone), indent, REFUSAL_COLUMNS);
        if ((whole > lines && bare <= lines) || (whole > 1 + spare && whole > bare && f->instances == 1))
                text_cut(&t, alone);
        return str_trim(text_str(&t));
}

void refusal_add_table(struct text *out, struct refusal *r, size_t room, size_t lines) {
        size_t width = 0, shown = 0, begin = out->n, wanted = r->n_listed + (r->n_more > 0);
        size_t spare = lines > wanted ? lines - wanted : 0;

        for (size_t i = 0; i < r->n_listed; ++i)
                if (r->listed[i]->rule->id.n > width)
                        width = r->listed[i]->rule->id.n;
        width = width < ID_COLUMNS ? width : ID_COLUMNS;
        for (; shown < r->n_listed; ++shown) {
                /* What refuses alone is told, and told whole. */
                bool bars = gate_bars(r->listed[shown], r->limits);
                size_t most = bars ? WHOLE : 1 + spare, before = out->n, needed, more;
                struct str what;

                if (shown > 0 && !bars && shown + (shown + 1 < wanted) >= lines)
                        break;
                what = what_of(r, r->listed[shown], 10 + width, most, spare);
                needed = wrap_lines(what, 10 + width, REFUSAL_COLUMNS);
                more = (needed < most ? needed : most) - (needed > 0);
                add_row(out, r->listed[shown], what, width, 1 + more);
                spare -= more < spare ? more : spare;
                if (out->n - begin + REFUSAL_COLUMNS > room) {
                        text_cut(out, before);
                        break;
                }
        }
        if (shown < r->n_listed + r->n_more)
                add_others(out, r, shown);
}
