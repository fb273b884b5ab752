#include "docksill/record/tally.h"
#include "docksill/engine/operation.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

const struct str tally_own[TALLY_OWN] = { STR(ACCESS_RULE), STR("request-too-costly") };

static uint8_t family_of(struct tally *t, struct str name) {
        size_t i = 0;

        while (i < t->n_families && !str_eq(t->families[i], name))
                ++i;
        assert(i < TALLY_FAMILIES); /* a table of ours */
        if (i == t->n_families)
                t->families[t->n_families++] = name;
        return (uint8_t)i;
}

static void name_families(struct tally *t) {
        for (size_t i = 0; i < operation_table_n; ++i) {
                struct str id = operation_table[i].id;

                t->family[i] = family_of(t, str_first(id, str_find(id, '.')));
        }
        t->family[operation_table_n] = family_of(t, STR_C("unknown"));
}

static void carry(counter *to, const counter *from) {
        counter_set(to, counter_read(from));
}

static void carry_effects(counter *to, const counter *from) {
        for (size_t e = 0; e < TALLY_EFFECTS; ++e)
                carry(&to[e], &from[e]);
}

/* Both are sorted by id. */
static void carry_matches(struct tally *t, const struct tally *before) {
        struct rule_view now = ruleset_rules(t->rules), then = ruleset_rules(before->rules);
        size_t i = 0, j = 0;

        for (size_t own = 0; own < TALLY_OWN; ++own)
                carry_effects(t->matches[now.n + own], before->matches[then.n + own]);

        while (i < now.n && j < then.n) {
                int order = str_cmp(now.items[i]->id, then.items[j]->id);

                if (order == 0)
                        carry_effects(t->matches[i], before->matches[j]);
                i += order <= 0;
                j += order >= 0;
        }
}

static void carry_decisions(struct tally *t, const struct tally *before) {
        for (size_t f = 0; f < t->n_families; ++f)
                for (size_t v = 0; v < TALLY_VERDICTS; ++v)
                        for (size_t allowed = 0; allowed < 2; ++allowed)
                                carry(&t->decisions[f][v][allowed], &before->decisions[f][v][allowed]);
}

int tally_new(struct tally **out, const struct tally_of *of, const struct tally *before) {
        cleanup_(tally_unrefp) struct tally *t = calloc(1, sizeof(*t));
        size_t n = ruleset_rules(of->rules).n;

        if (!t)
                return -ENOMEM;
        atomic_init(&t->references, 1);
        t->rules = ruleset_ref(of->rules);
        t->mode = of->mode;
        t->last_good = of->last_good;
        (void)str_to_z(of->config_digest, t->config_digest, sizeof(t->config_digest));
        t->family = calloc(operation_table_n + 1, sizeof(*t->family));
        t->matches = calloc(n + TALLY_OWN, sizeof(*t->matches));
        if (!t->family || !t->matches)
                return -ENOMEM;
        name_families(t);
        if (before)
                carry_matches(t, before);
        if (before && str_eq(ruleset_name(before->rules), ruleset_name(t->rules)))
                carry_decisions(t, before);
        *out = TAKE(t);
        return 0;
}

struct tally *tally_ref(struct tally *t) {
        atomic_fetch_add_explicit(&t->references, 1, memory_order_relaxed);
        return t;
}

void tally_unref(struct tally *t) {
        if (!t || atomic_fetch_sub_explicit(&t->references, 1, memory_order_acq_rel) > 1)
                return;
        ruleset_unref(t->rules);
        free(t->family);
        free(t->matches);
        free(t);
}

static enum tally_effect effect_of(const struct finding *f) {
        return f->exempted_by ? TALLY_EXEMPTED : f->audit ? TALLY_AUDITED : TALLY_CHARGED;
}

static bool has(const struct ruleset *rules, const struct rule *rule) {
        struct rule_view view = ruleset_rules(rules);

        return rule->index < view.n && view.items[rule->index] == rule;
}

/* NULL: the rule set of today has no such rule. */
static counter *matches_of(struct tally *t, const struct decision *d, const struct finding *f) {
        const struct rule *rule = f->rule;
        size_t n = ruleset_rules(t->rules).n;

        for (size_t i = 0; !has(d->rules, rule) && i < TALLY_OWN; ++i)
                if (str_eq(rule->id, tally_own[i]))
                        return t->matches[n + i];
        if (d->rules != t->rules)
                rule = ruleset_rule(t->rules, rule->id);
        return rule ? t->matches[rule->index] : NULL;
}

void tally_add(struct tally *t, const struct decision *d, const struct operation *operation) {
        size_t family = t->family[operation ? operation_index(operation) : operation_table_n];

        counter_add(&t->decisions[family][d->verdict][d->allow], 1);
        for (size_t i = 0; i < d->n_findings; ++i) {
                counter *matches = matches_of(t, d, &d->findings[i]);

                if (matches)
                        counter_add(&matches[effect_of(&d->findings[i])], 1);
        }
}
