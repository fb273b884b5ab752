#include "ruleset-change.h"
#include "frame/settings.h"
#include "rules/rule-source.h"
#include <errno.h>

/* -- settings -- */

/* Where one side keeps its files says nothing of how it judges. */
static bool is_compared(const struct setting *s) {
        return !str_eqz(s->name, "environment") && !str_eqz(s->name, "rules") && !str_eqz(s->name, "environment.rules");
}

static size_t count(const struct settings *s, const struct setting *one) {
        size_t n = 0;

        for (size_t i = 0; i < s->n; ++i)
                n += str_eq(s->items[i].name, one->name) && str_eq(s->items[i].value, one->value);
        return n;
}

static struct setting_change *change_of(struct ruleset_change *out, struct str name) {
        struct setting_change *slot;

        for (size_t i = 0; i < out->settings.n; ++i)
                if (str_eq(out->settings.items[i].name, name))
                        return &out->settings.items[i];
        slot = ARENA_PUSH(out->arena, &out->settings);
        if (slot)
                slot->name = name;
        return slot;
}

/* What @from has and @other has not. */
static int add_settings(struct ruleset_change *out, const struct settings *from, const struct settings *other,
                        bool after) {
        for (size_t i = 0; i < from->n; ++i) {
                struct setting_change *change;
                struct str *slot;

                if (!is_compared(&from->items[i]) || count(other, &from->items[i]))
                        continue;
                change = change_of(out, from->items[i].name);
                if (!change)
                        return -ENOMEM;
                slot = after ? ARENA_PUSH(out->arena, &change->after) : ARENA_PUSH(out->arena, &change->before);
                if (!slot)
                        return -ENOMEM;
                *slot = from->items[i].value;
        }
        return 0;
}

static int find_settings(struct ruleset_change *out, const struct side *before, const struct side *after) {
        struct settings old, new;
        int r = settings_collect(&old, out->arena, &before->setup);

        if (r == 0)
                r = settings_collect(&new, out->arena, &after->setup);
        if (r == 0)
                r = add_settings(out, &old, &new, false);
        return r == 0 ? add_settings(out, &new, &old, true) : r;
}

/* -- rules -- */

/* The worst that the rule can come to. */
static standing worst_of(const struct rule *rule) {
        const struct finding none = { .rule = rule };
        struct finding f = none;
        struct decision d = { .findings = &f, .n_findings = 1 };
        standing worst = STANDING_SILENT;

        for (size_t i = 0; i < rule->n_cases; ++i) {
                standing s;

                f = none;
                f.severity = rule->cases[i].severity;
                f.hard = rule->cases[i].hard;
                f.audit = rule->audit;
                s = standing_of(&d, rule->id);
                if (standing_cmp(s, worst) > 0)
                        worst = s;
        }
        return worst;
}

/* What it costs, case by case: overrides are in here, not in the file. */
static bool costs_same(const struct rule *a, const struct rule *b) {
        if (a->n_cases != b->n_cases || a->unknown != b->unknown || a->audit != b->audit)
                return false;
        for (size_t i = 0; i < a->n_cases; ++i)
                if (a->cases[i].severity != b->cases[i].severity || a->cases[i].hard != b->cases[i].hard)
                        return false;
        return true;
}

struct texts {
        struct rule_sources before, after;
};

/* Returns 0, 1 (they differ) or -ENOMEM. */
static int compare_texts(struct texts *t, const struct rule *before, const struct rule *after) {
        static const char *const keys[] = { "on", "for_each", "when", "cases", "severity", "unknown" };
        const struct yaml_node *old, *new;
        int r;

        if (!before->at.source || !after->at.source || str_eq(before->at.source->text, after->at.source->text))
                return 0;
        r = rule_source_entry(&t->before, before, &old);
        if (r == 0)
                r = rule_source_entry(&t->after, after, &new);
        for (size_t i = 0; i < ARRAY_SIZE(keys) && r == 0; ++i) {
                struct str x, y;

                r = rule_source_text(&t->before, old, keys[i], &x);
                if (r == 0)
                        r = rule_source_text(&t->after, new, keys[i], &y);
                if (r == 0)
                        r = str_eq(x, y) ? 0 : 1;
        }
        return r;
}

static int add_rule(struct ruleset_change *out, struct texts *t, const struct rule *before, const struct rule *after) {
        struct rule_change *slot, c = { .before = before, .after = after };
        int r = before && after ? compare_texts(t, before, after) : 1;

        if (r < 0)
                return r;
        c.text = r > 0;
        if (before && after && !c.text && costs_same(before, after))
                return 0;
        c.id = before ? before->id : after->id;
        c.from = before ? worst_of(before) : STANDING_SILENT;
        c.to = after ? worst_of(after) : STANDING_SILENT;
        out->added += !before;
        out->removed += !after;
        if (before && after)
                ++*(costs_same(before, after) ? &out->written : &out->charged);
        slot = ARENA_PUSH(out->arena, &out->rules);
        if (!slot)
                return -ENOMEM;
        *slot = c;
        return 0;
}

/* Both views are sorted by id. */
static int find_rules(struct ruleset_change *out, const struct ruleset *before, const struct ruleset *after) {
        struct texts t = { { .arena = out->arena }, { .arena = out->arena } };
        struct rule_view old = ruleset_rules(before), new = ruleset_rules(after);
        size_t i = 0, k = 0;
        int r = 0;

        while (r == 0 && (i < old.n || k < new.n)) {
                int order = i == old.n ? 1 : k == new.n ? -1 : str_cmp(old.items[i]->id, new.items[k]->id);

                r = add_rule(out, &t, order <= 0 ? old.items[i] : NULL, order >= 0 ? new.items[k] : NULL);
                i += order <= 0;
                k += order >= 0;
        }
        return r;
}

int ruleset_change_find(struct ruleset_change *out, struct arena *arena, const struct side *before,
                        const struct side *after) {
        int r;

        *out = (struct ruleset_change){ .arena = arena };
        r = find_settings(out, before, after);
        return r == 0 ? find_rules(out, before->setup.rules, after->setup.rules) : r;
}
