#include "audited.h"

#define LINE_MOST 400 /* bytes of foreign text */

static void add_visible_line(struct text *out, const char *label, struct str text) {
        if (text.n == 0)
                return;
        text_addf(out, "    %-8s ", label);
        text_add_visible(out, text, LINE_MOST);
        text_add_char(out, '\n');
}

static void add_fix(struct text *out, const struct finding *f, const struct facts *facts) {
        const struct scope scope = { .facts = facts, .element = f->n_evidence ? f->evidence[0].element : NULL };
        cleanup_(text_deinit) struct text fix;

        text_init(&fix);
        template_add(&fix, f->cause->fix->cli, &scope);
        add_visible_line(out, "fix:", text_str(&fix));
}

/* "cis-docker 2.16; seed A1.2" */
static void add_controls(struct text *out, const struct rule *rule) {
        cleanup_(text_deinit) struct text all;

        text_init(&all);
        for (size_t i = 0; i < rule->n_references; ++i) {
                const struct rule_reference *r = &rule->references[i];

                text_addf(&all, "%s%" STR_FMT, i ? "; " : "", STR_ARG(r->framework));
                for (size_t k = 0; k < r->n; ++k)
                        text_addf(&all, "%s%" STR_FMT, k ? ", " : " ", STR_ARG(r->items[k]));
        }
        add_visible_line(out, "controls:", text_str(&all));
}

static void add_evidence(struct text *out, const struct finding *f) {
        for (size_t i = 0; i < f->n_evidence; ++i) {
                text_addz(out, "    ");
                if (f->evidence[i].where.n) {
                        text_add_visible(out, f->evidence[i].where, LINE_MOST);
                        text_addz(out, ": ");
                }
                text_add_visible(out, f->evidence[i].message, LINE_MOST);
                text_add_char(out, '\n');
        }
        if (f->instances > f->n_evidence)
                text_addf(out, "    and %zu more\n", f->instances - f->n_evidence);
}

static void add_result(struct text *out, const struct audit_result *r, bool verbose) {
        const struct finding *f = r->finding;
        struct str severity = f && r->state == AUDIT_FAIL ? severity_name(f->severity) : STR_C("");

        text_addf(out, "%-14" STR_FMT " %-8" STR_FMT " %" STR_FMT "  %" STR_FMT "\n",
                  STR_ARG(audit_state_name(r->state)), STR_ARG(severity), STR_ARG(r->rule->id),
                  STR_ARG(r->rule->title));
        add_visible_line(out, "why:", r->why);
        if (f && r->state != AUDIT_UNKNOWN)
                add_evidence(out, f);
        if (f && r->state == AUDIT_FAIL)
                add_fix(out, f, r->facts);
        if (verbose)
                add_controls(out, r->rule);
}

/* Rules that one cause keeps from being told are named together. */
static size_t add_unknown(struct text *out, const struct audited *a, size_t i) {
        size_t end = i + 1;

        while (end < a->n && a->items[end].state == AUDIT_UNKNOWN && str_eq(a->items[end].why, a->items[i].why))
                ++end;
        if (end == i + 1)
                return end;
        text_addf(out, "%-14s %zu rules: ", "unknown", end - i);
        for (size_t k = i; k < end; ++k)
                text_addf(out, "%s%" STR_FMT, k > i ? ", " : "", STR_ARG(a->items[k].rule->id));
        text_add_char(out, '\n');
        add_visible_line(out, "why:", a->items[i].why);
        return end;
}

static void add_totals(struct text *out, const struct audited *a) {
        text_addz(out, "\n");
        for (unsigned area = 0; area < AREAS; ++area)
                if (a->areas[area])
                        text_addf(out, "%-8" STR_FMT "%u points, hardening score %u of 100\n",
                                  STR_ARG(audit_area_name(area)), a->points[area], audit_score(a, area));
        text_addf(out, "%zu rules:", a->n);
        for (unsigned state = 0; state < AUDIT_STATES; ++state)
                text_addf(out, "%s %zu %" STR_FMT, state ? "," : "", a->states[state],
                          STR_ARG(audit_state_name(state)));
        text_addz(out, ".\n");
        if (a->states[AUDIT_UNKNOWN])
                text_addz(out, "What is unknown is no pass: run it as root, on the host itself.\n");
}

void audit_text(struct text *out, const struct audited *a, bool verbose) {
        text_addf(out, "environment: %" STR_FMT "\nroot:        ", STR_ARG(ruleset_name(a->rules)));
        text_add_visible(out, str_from(a->root), LINE_MOST);
        text_add_char(out, '\n');
        for (size_t i = 0; i < a->posture.notes.n; ++i)
                text_addf(out, "note:        %" STR_FMT "\n", STR_ARG(a->posture.notes.items[i]));
        text_add_char(out, '\n');
        for (size_t i = 0, next; i < a->n; i = next) {
                next = verbose || a->items[i].state != AUDIT_UNKNOWN ? i + 1 : add_unknown(out, a, i);
                if (next == i + 1 && (verbose || a->items[i].state < AUDIT_NOT_APPLICABLE))
                        add_result(out, &a->items[i], verbose);
        }
        add_totals(out, a);
}
