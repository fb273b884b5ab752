#include "difference.h"
#include "frame/table.h"

/* Lines of a list, unless all is asked for. */
#define SHORT       20
#define SHORT_RULES 5 /* rules of one call, or items of one setting */

#define WHAT_SHOWN  120
#define VALUE_SHOWN 120

struct printer {
        struct text *out;
        const struct difference *d;
        bool all;
};

static void add_heading(const struct printer *p, const char *heading) {
        text_addf(p->out, "\n%s\n", heading);
}

static size_t shown(const struct printer *p, size_t n, size_t most) {
        return p->all || n <= most ? n : most;
}

static void add_rest(const struct printer *p, const char *indent, uint64_t n, size_t listed) {
        if (n > listed)
                text_addf(p->out, "%sand %llu more%s\n", indent, (unsigned long long)(n - listed),
                          p->all ? "" : " (--all)");
}

/* -- what it is about -- */

static void add_side(const struct printer *p, const char *which, const struct side *s) {
        text_addf(p->out, "%s  ", which);
        text_add_visible(p->out, str_from(s->given), WHAT_SHOWN);
        text_addf(p->out, ": environment %" STR_FMT ", %zu rules, digest %.16s\n",
                  STR_ARG(ruleset_name(s->setup.rules)), ruleset_rules(s->setup.rules).n,
                  ruleset_digest(s->setup.rules).p);
}

static void add_totals(const struct printer *p) {
        const struct comparison *c = &p->d->comparison;

        text_addf(p->out,
                  "\n%llu %s: %llu newly refused, %llu newly allowed, %llu with more points, %llu with fewer, %llu "
                  "with as many\n",
                  (unsigned long long)c->calls, difference_noun(p->d, c->calls),
                  (unsigned long long)c->changes[CHANGE_REFUSED], (unsigned long long)c->changes[CHANGE_ALLOWED],
                  (unsigned long long)c->changes[CHANGE_UP], (unsigned long long)c->changes[CHANGE_DOWN],
                  (unsigned long long)c->changes[CHANGE_NONE]);
        text_addf(p->out, "refused: %llu → %llu; warned of: %llu → %llu; allowed: %llu → %llu\n",
                  (unsigned long long)c->before[VERDICT_DENY], (unsigned long long)c->after[VERDICT_DENY],
                  (unsigned long long)c->before[VERDICT_WARN], (unsigned long long)c->after[VERDICT_WARN],
                  (unsigned long long)c->before[VERDICT_ALLOW], (unsigned long long)c->after[VERDICT_ALLOW]);
}

static void add_passed_over(const struct printer *p) {
        const struct passed_over *o = &p->d->passed;

        if (p->d->gone)
                text_addf(p->out, "removed before they could be looked at: %llu\n", (unsigned long long)p->d->gone);
        if (o->n == 0)
                return;
        text_addf(p->out, "passed over: %llu\n", (unsigned long long)o->n);
        for (size_t i = 0; i < o->n && i < DIFFERENCE_NAMED; ++i)
                text_addf(p->out, "  %" STR_FMT "\n", STR_ARG(o->named[i]));
        if (o->n > DIFFERENCE_NAMED)
                text_addf(p->out, "  and %llu more\n", (unsigned long long)(o->n - DIFFERENCE_NAMED));
}

/* -- calls that change sides -- */

static void add_gate(const struct printer *p, const struct outcome *o) {
        switch (o->gate) {
        case GATE_DENY_POINTS: text_addf(p->out, "refused from %u on", o->limits->deny_points); break;
        case GATE_DENY_SEVERITY:
                text_addf(p->out, "refused at severity %" STR_FMT, STR_ARG(severity_name(o->limits->deny_severity)));
                break;
        case GATE_HARD: text_addz(p->out, "refused in every environment (hard)"); break;
        case GATE_ACCESS: text_addz(p->out, "refused by access"); break;
        case GATE_MEMORY: text_addz(p->out, "refused as too large"); break;
        case GATE_NONE:
        case GATE_WARN_SEVERITY:
        case GATE_WARN_POINTS:
        case GATE_UNKNOWN: text_addf(p->out, "%" STR_FMT "ed", STR_ARG(verdict_name(o->verdict))); break;
        }
}

static void add_change(struct text *t, standing from, standing to) {
        if (from == STANDING_SILENT)
                text_addz(t, "new, ");
        else
                standing_add(t, from);
        if (from == to)
                return;
        text_addz(t, from == STANDING_SILENT ? "" : " → ");
        if (to == STANDING_SILENT)
                text_addz(t, "gone");
        else
                standing_add(t, to);
}

static void add_moved_rules(const struct printer *p, const struct moved *m) {
        size_t n = shown(p, m->rules.n, SHORT_RULES);

        for (size_t i = 0; i < n; ++i) {
                text_addz(p->out, "      ");
                text_add_visible(p->out, m->rules.items[i].rule, WHAT_SHOWN);
                text_addz(p->out, ": ");
                add_change(p->out, m->rules.items[i].from, m->rules.items[i].to);
                text_add_char(p->out, '\n');
        }
        add_rest(p, "      ", m->rules.n, n);
}

static void add_moved(const struct printer *p, const struct moved *m) {
        bool refused = m->after.verdict == VERDICT_DENY;

        text_addz(p->out, "  ");
        text_add_visible(p->out, m->what, WHAT_SHOWN);
        if (m->image.n) {
                text_addz(p->out, " (");
                text_add_visible(p->out, m->image, WHAT_SHOWN);
                text_add_char(p->out, ')');
        }
        if (!str_eqz(m->operation, "container.create")) {
                text_addz(p->out, ", ");
                text_add_visible(p->out, m->operation, WHAT_SHOWN);
        }
        text_addf(p->out, ": %u → %u points, ", m->before.points, m->after.points);
        if (!refused) {
                text_addz(p->out, "was ");
                add_gate(p, &m->before);
        } else {
                add_gate(p, &m->after);
        }
        text_add_char(p->out, '\n');
        add_moved_rules(p, m);
}

static void add_moves(const struct printer *p, const char *heading, const struct moves *moves, uint64_t all) {
        size_t n = shown(p, moves->n, SHORT);

        if (all == 0)
                return;
        add_heading(p, heading);
        for (size_t i = 0; i < n; ++i)
                add_moved(p, &moves->items[i]);
        add_rest(p, "  ", all, n);
}

/* -- sums -- */

static void add_by_rule(const struct printer *p) {
        static const char *const titles[] = { "  CALLS", "RULE", "CHANGE" };
        const struct comparison *c = &p->d->comparison;
        size_t n = shown(p, c->rules.n, SHORT);
        struct table t;

        if (c->rules.n == 0)
                return;
        add_heading(p, "By rule");
        table_init(&t, p->d->arena, titles, ARRAY_SIZE(titles));
        for (size_t i = 0; i < n; ++i)
                for (size_t k = 0; k < c->rules.items[i].n; ++k) {
                        const struct transition *one = &c->rules.items[i].items[k];
                        struct text change;

                        text_init_arena(&change, p->d->arena);
                        add_change(&change, one->from, one->to);
                        table_addf(&t, "%7llu", (unsigned long long)one->calls);
                        table_add(&t, c->rules.items[i].rule);
                        table_add(&t, text_str(&change));
                }
        table_render(&t, p->out);
        add_rest(p, "  ", c->rules.n, n);
}

static bool is_changed(const struct image_changes *i) {
        return i->calls[CHANGE_REFUSED] + i->calls[CHANGE_ALLOWED] + i->calls[CHANGE_UP] + i->calls[CHANGE_DOWN] > 0;
}

static void add_image(struct table *t, struct str name, const struct image_changes *i) {
        for (size_t k = 0; k <= CHANGE_DOWN; ++k)
                table_addf(t, k == 0 ? "%9llu" : "%llu", (unsigned long long)i->calls[k]);
        table_add(t, name);
}

static void add_by_image(const struct printer *p) {
        static const char *const titles[] = { "  REFUSED", "ALLOWED", "MORE", "FEWER", "IMAGE" };
        const struct comparison *c = &p->d->comparison;
        size_t changed = 0, n;
        struct table t;

        while (changed < c->images.n && is_changed(&c->images.items[changed]))
                ++changed;
        if (changed == 0 && !is_changed(&c->other))
                return;
        n = shown(p, changed, SHORT);
        add_heading(p, "By image: newly refused, newly allowed, more points, fewer");
        table_init(&t, p->d->arena, titles, ARRAY_SIZE(titles));
        for (size_t i = 0; i < n; ++i)
                add_image(&t, c->images.items[i].image.n ? c->images.items[i].image : STR_C("(none)"),
                          &c->images.items[i]);
        if (is_changed(&c->other))
                add_image(&t, STR_C("(all others)"), &c->other);
        table_render(&t, p->out);
        add_rest(p, "  ", changed, n);
}

/* -- settings and rules -- */

static void add_items(const struct printer *p, const struct str *items, size_t n, const char *before) {
        size_t most = shown(p, n, SHORT_RULES);

        for (size_t i = 0; i < most; ++i) {
                text_addz(p->out, i ? ", " : "");
                text_addz(p->out, before);
                text_add_visible(p->out, items[i], VALUE_SHOWN);
        }
        if (n > most)
                text_addf(p->out, " and %zu more", n - most);
}

static void add_setting(const struct printer *p, const struct setting_change *s) {
        bool list = str_starts(s->name, STR_C("lists.")) || str_starts(s->name, STR_C("access"));

        text_addz(p->out, "  ");
        text_add_visible(p->out, s->name, VALUE_SHOWN);
        text_addz(p->out, ": ");
        if (list) {
                add_items(p, s->before.items, s->before.n, "- ");
                text_addz(p->out, s->before.n && s->after.n ? ", " : "");
                add_items(p, s->after.items, s->after.n, "+ ");
        } else {
                add_items(p, s->before.items, s->before.n, "");
                text_addz(p->out, s->before.n ? " → " : "(not set) → ");
                add_items(p, s->after.items, s->after.n, "");
                text_addz(p->out, s->after.n ? "" : "(not set)");
        }
        text_add_char(p->out, '\n');
}

static void add_settings(const struct printer *p) {
        size_t n = shown(p, p->d->rules.settings.n, SHORT);

        if (p->d->rules.settings.n == 0)
                return;
        add_heading(p, "Settings");
        for (size_t i = 0; i < n; ++i)
                add_setting(p, &p->d->rules.settings.items[i]);
        add_rest(p, "  ", p->d->rules.settings.n, n);
}

static void add_rule(struct table *t, const struct rule_change *c, struct arena *arena) {
        struct text change;

        text_init_arena(&change, arena);
        add_change(&change, c->from, c->to);
        if (c->before && c->after && c->text)
                text_addz(&change, c->from == c->to ? ": written otherwise" : "; written otherwise");
        else if (c->from == c->to)
                text_addz(&change, ": some of its cases cost otherwise");
        table_addf(t, "  %" STR_FMT, STR_ARG(c->id));
        table_add(t, text_str(&change));
}

static void add_rules(const struct printer *p) {
        static const char *const titles[] = { "  RULE", "AT WORST" };
        const struct ruleset_change *c = &p->d->rules;
        size_t n = shown(p, c->rules.n, SHORT);
        struct table t;

        if (c->rules.n == 0)
                return;
        add_heading(p, "Rules");
        text_addf(p->out, "  %zu new, %zu gone, %zu that cost otherwise, %zu written otherwise\n", c->added, c->removed,
                  c->charged, c->written);
        table_init(&t, p->d->arena, titles, ARRAY_SIZE(titles));
        for (size_t i = 0; i < n; ++i)
                add_rule(&t, &c->rules.items[i], p->d->arena);
        table_render(&t, p->out);
        add_rest(p, "  ", c->rules.n, n);
}

/* -- what records can't tell -- */

static void add_doubt(const struct printer *p, uint64_t n, const char *what) {
        if (n)
                text_addf(p->out, "  %llu %s\n", (unsigned long long)n, what);
}

static size_t changed_definitions(const struct ruleset_change *c) {
        size_t n = 0;

        for (size_t i = 0; i < c->settings.n; ++i)
                n += str_starts(c->settings.items[i].name, STR_C("lists.")) ||
                     str_starts(c->settings.items[i].name, STR_C("values."));
        return n;
}

static void add_doubts(const struct printer *p) {
        const struct recharge_doubts *doubts = &p->d->doubts;
        const struct ruleset_change *c = &p->d->rules;
        size_t text = c->written;

        if (p->d->source != DIFFERENCE_RECORDS)
                return;
        for (size_t i = 0; i < c->rules.n; ++i)
                text += c->rules.items[i].text && c->rules.items[i].before && c->rules.items[i].after &&
                        c->rules.items[i].from != c->rules.items[i].to;
        add_heading(p, "What records can't tell");
        text_addz(p->out, "  A record holds what the rules of its day have found, not what was asked. Captured calls "
                          "tell all (capture:).\n");
        add_doubt(p, c->added, "new rules: what they would say of these calls");
        add_doubt(p, text, "rules written otherwise: whether they would fire as they did");
        add_doubt(p, changed_definitions(c), "lists and values that differ: where rules that use them would fire");
        add_doubt(p, p->d->foreign, "decisions made by rules that are neither OLD nor NEW: what OLD would say of them");
        add_doubt(p, doubts->cases, "findings of which it isn't recorded which case it was: charged as the worst");
        add_doubt(p, doubts->exemptions, "findings lifted by an exemption that is not there any more: charged");
        add_doubt(p, doubts->access, "calls refused by access: taken as still refused");
        add_doubt(p, p->d->lost, "records that were lost when they were to be written");
}

void difference_text(struct text *out, const struct difference *d, bool all) {
        const struct printer p = { .out = out, .d = d, .all = all };

        add_side(&p, "OLD", d->before);
        add_side(&p, "NEW", d->after);
        if (d->source != DIFFERENCE_NOTHING) {
                add_totals(&p);
                add_passed_over(&p);
                add_moves(&p, "Newly refused", &d->comparison.refused, d->comparison.changes[CHANGE_REFUSED]);
                add_moves(&p, "Newly allowed", &d->comparison.allowed, d->comparison.changes[CHANGE_ALLOWED]);
                add_by_rule(&p);
                add_by_image(&p);
                add_doubts(&p);
        }
        add_settings(&p);
        add_rules(&p);
        if (d->rules.settings.n == 0 && d->rules.rules.n == 0)
                text_addz(out, "\nThe two have the same rules and settings.\n");
}
