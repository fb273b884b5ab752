/*
 * A rule is held against its instances: the request as a whole, or each element of its for_each list. Of an instance
 * the first case that holds counts. Conditions are three-valued; what an unknown answer is worth is settled here, in
 * judge():
 *
 * - A case that may hold matters only if it could cost more than what is sure: an unknown exception for harmless paths
 *   does not soften the case below it, and one that costs nothing raises no doubt.
 * - What is sure is charged under every policy, so that skip ≤ warn ≤ fail holds for each rule alone.
 * - A host path of which nobody could tell where it leads may be the worst of all, under every policy: a hard case that
 * it leaves open counts. Or helpers stuck at a dead mount would open the host.
 *
 * Exemptions lift instances, not rules: a rule that fired and has some that apply is judged once more for each of them,
 * and once for what none lifts. So what remains is a part of what was there, and lifting never costs more.
 */
#include "docksill/decide/evaluate.h"

#include "exempt.h"
#include "finding.h"
#include <errno.h>

/* Which instances a tally takes: those that one exemption lifts, or those that none does. */
struct exempting {
        const struct rule *rule;
        const struct facts *facts;
        const struct rule_exemption **items; /* that apply, by id: of several the first lifts */
        size_t n;
        const struct rule_exemption *wanted; /* NULL: what none lifts */
};

static enum truth holds(const struct condition *c, const struct scope *scope) {
        return c ? condition_holds(c, scope) : TRUTH_YES;
}

static bool may_hold(enum truth t) {
        return t == TRUTH_YES || t == TRUTH_UNKNOWN;
}

/* What an unknown finding shows. A harmless case tells of no danger, so it does not count. */
static const struct rule_case *mildest(const struct rule *rule) {
        const struct rule_case *found = NULL;

        for (size_t i = 0; i < rule->n_cases; ++i) {
                const struct rule_case *c = &rule->cases[i];

                if (c->severity != SEVERITY_NONE && (!found || c->severity < found->severity))
                        found = c;
        }
        return found;
}

/* Adds to @out, which holds what is sure, that something worse could not be told: up to @possible, and not more. */
static void charge_unknown(struct instance *out, const struct rule *rule, enum severity possible,
                           enum unknown_policy policy) {
        const struct rule_case *shown = out->cause ? out->cause : mildest(rule);
        enum severity charged = policy == UNKNOWN_FAIL ? rule->unknown : SEVERITY_NONE;

        charged = charged < possible ? charged : possible;
        if (policy == UNKNOWN_SKIP || rule->unknown == SEVERITY_NONE || !shown)
                return;
        out->any_unknown = true;
        if (out->cause && out->severity >= charged)
                return;
        out->cause = shown;
        out->severity = charged;
        out->unknown = true;
}

/* The spelling behind those of the element that are known: where its path leads, and nobody could tell. */
static bool is_unresolved(const struct fact *each, const struct scope *scope) {
        for (const struct fact *row = each ? each->element : NULL; row && row->name.n > 0; ++row) {
                const struct fact_path *path = (const struct fact_path *)fact_cell(row, scope->element);

                if (row->type == FACT_PATH && path->head.state == FACT_LEXICAL && scope->spelling >= path->n)
                        return true;
        }
        return false;
}

static void charge_unresolved(struct instance *out, const struct rule_case *hard) {
        out->cause = hard;
        out->severity = hard->severity;
        out->hard = out->unknown = out->any_unknown = out->unresolved = true;
}

static struct instance judge(const struct rule *rule, const struct scope *scope, enum truth applies,
                             enum unknown_policy policy) {
        enum severity possible = SEVERITY_NONE; /* the worst that can't be ruled out */
        const struct rule_case *sure = NULL, *hard = NULL;
        struct instance out = { .spelling = scope->spelling };

        if (!may_hold(applies))
                return out;
        for (size_t i = 0; i < rule->n_cases && !sure; ++i) {
                const struct rule_case *c = &rule->cases[i];
                enum truth t = holds(c->when, scope);

                if (t == TRUTH_YES)
                        sure = c;
                if (may_hold(t) && c->severity > possible)
                        possible = c->severity;
                if (may_hold(t) && c->hard && c->severity != SEVERITY_NONE && !hard)
                        hard = c;
        }

        if (applies == TRUTH_YES && sure && sure->severity != SEVERITY_NONE) {
                out.cause = sure;
                out.severity = sure->severity;
                out.hard = sure->hard;
        }
        if (hard && !out.hard && scope->element && is_unresolved(rule->each, scope))
                charge_unresolved(&out, hard);
        else if (possible > out.severity)
                /* Of an element that could not be told everything may be otherwise; of a request as a whole the cases
                 * say what it may be at most. */
                charge_unknown(&out, rule, scope->element ? SEVERITY_CRITICAL : possible, policy);
        return out;
}

static bool worse(const struct instance *a, const struct instance *b) {
        if (!a->cause || !b->cause)
                return a->cause && !b->cause;
        if (a->severity != b->severity)
                return a->severity > b->severity;
        if (a->hard != b->hard)
                return a->hard;
        return !a->unknown && b->unknown;
}

/* Takes the worst spelling; a hard case in any of them stays hard. */
static struct instance judge_element(const struct rule *rule, struct scope scope, unsigned n,
                                     enum unknown_policy policy) {
        struct instance out = judge(rule, &scope, holds(rule->when, &scope), policy);

        for (scope.spelling = 1; scope.spelling < n; ++scope.spelling) {
                struct instance other = judge(rule, &scope, holds(rule->when, &scope), policy);
                bool hard = out.hard || other.hard, any_unknown = out.any_unknown || other.any_unknown;

                if (worse(&other, &out))
                        out = other;
                out.hard = hard;
                out.any_unknown = any_unknown;
        }
        return out;
}

static bool is_wanted(const struct exempting *l, const struct instance *i, const void *element) {
        const struct exempt_instance instance = {
                .element = element,
                .spellings = element ? finding_spellings(l->rule->each, element) : 1,
                .hard = i->hard,
                .severity = i->severity,
        };
        const struct rule_exemption *lifts = NULL;

        for (size_t k = 0; k < l->n && !lifts; ++k)
                if (exempt_lifts(l->items[k], l->rule, l->facts, &instance))
                        lifts = l->items[k];
        return lifts == l->wanted;
}

/* Keeps the worst, worst first; among equals the order of the request. */
static void tally_add(struct tally *t, const struct instance *i, const void *element) {
        size_t at = t->n;

        if (!i->cause || (t->exempting && !is_wanted(t->exempting, i, element)))
                return;
        ++t->instances;
        t->hard = t->hard || i->hard;
        t->any_unknown = t->any_unknown || i->any_unknown;
        while (at > 0 && worse(i, &t->worst[at - 1]))
                --at;
        if (at == EVIDENCE_MAX)
                return;
        if (t->n < EVIDENCE_MAX)
                ++t->n;
        memmove(&t->worst[at + 1], &t->worst[at], (t->n - at - 1) * sizeof(t->worst[0]));
        t->worst[at] = *i;
}

static void judge_list(struct tally *t, const struct rule *rule, struct scope scope, enum unknown_policy policy) {
        const struct fact_list *list = (const struct fact_list *)fact_cell(rule->each, scope.facts);

        for (size_t i = 0; i < list->n; ++i) {
                struct instance one;

                scope.element = finding_list_element(rule->each, list, i);
                one = judge_element(rule, scope, finding_spellings(rule->each, scope.element), policy);
                one.position = i;
                tally_add(t, &one, scope.element);
        }
}

static void judge_set(struct tally *t, const struct rule *rule, struct scope scope, enum unknown_policy policy) {
        const struct fact_set *set = (const struct fact_set *)fact_cell(rule->each, scope.facts);

        for (size_t i = 0; i < set->n; ++i) {
                struct fact_str element = finding_set_element(set, i);
                struct instance one;

                scope.element = &element;
                one = judge(rule, &scope, holds(rule->when, &scope), policy);
                one.position = i;
                tally_add(t, &one, scope.element);
        }
}

static void judge_whole(struct tally *t, const struct rule *rule, const struct scope *scope,
                        enum unknown_policy policy) {
        enum truth applies = holds(rule->when, scope);
        struct instance one;

        /* Most rules have nothing to say of most requests: they leave here. */
        if (!may_hold(applies))
                return;
        one = judge(rule, scope, applies, policy);
        tally_add(t, &one, NULL);
}

static void judge_each(struct tally *t, const struct rule *rule, const struct scope *scope,
                       enum unknown_policy policy) {
        const struct fact_head *head = fact_cell(rule->each, scope->facts);

        if (head->state == FACT_OFF)
                return;
        if (rule->each->type == FACT_LIST)
                judge_list(t, rule, *scope, policy);
        else
                judge_set(t, rule, *scope, policy);
        if (head->state == FACT_UNKNOWN) {
                struct instance unseen = { .position = POSITION_UNSEEN };

                charge_unknown(&unseen, rule, SEVERITY_CRITICAL, policy);
                tally_add(t, &unseen, NULL);
        }
}

static void judge_rule(struct tally *t, const struct rule *rule, const struct scope *scope, enum unknown_policy policy,
                       const struct exempting *exempting) {
        t->exempting = exempting;
        t->n = t->instances = 0;
        t->hard = t->any_unknown = false;
        if (rule->each)
                judge_each(t, rule, scope, policy);
        else
                judge_whole(t, rule, scope, policy);
}

/* Ids are unique, so this is a total order, whatever the order of the rules. */
static int by_weight(const void *a, const void *b) {
        const struct finding *x = a, *y = b;
        int order;

        if (!x->exempted_by != !y->exempted_by)
                return x->exempted_by ? 1 : -1;
        if (x->severity != y->severity)
                return x->severity > y->severity ? -1 : 1;
        if (x->hard != y->hard)
                return x->hard ? -1 : 1;
        order = str_cmp(x->rule->id, y->rule->id);
        return order || !x->exempted_by ? order : str_cmp(x->exempted_by->id, y->exempted_by->id);
}

/* The findings while they are collected. */
struct findings {
        struct finding *items;
        size_t n, capacity;
};

static int findings_add(struct findings *list, const struct rule *rule, const struct tally *t,
                        const struct facts *facts, struct arena *arena) {
        struct finding one, *slot;
        int r = finding_new(&one, rule, t, facts, arena);

        if (r < 0)
                return r;
        if (t->exempting && t->exempting->wanted) {
                one.exempted_by = t->exempting->wanted->exemption;
                one.points = 0;
        }
        slot = ARENA_PUSH(arena, list);
        if (!slot)
                return -ENOMEM;
        *slot = one;
        return 0;
}

/* Where findings are made of what a rule came to. */
struct evaluation {
        const struct request *request;
        enum unknown_policy policy;
        int64_t at;
        struct arena *arena;
        unsigned floor; /* exemptions that bear less lift nothing */
        struct findings found;
        bool unknown; /* something that counts could not be told */
};

/* The exemptions of the rule that apply to the request. Returns 0 or -ENOMEM. */
static int exempting_init(struct exempting *out, const struct rule *rule, const struct evaluation *e) {
        *out = (struct exempting){ .rule = rule, .facts = &e->request->facts };
        for (size_t i = 0; i < rule->n_exemptions; ++i) {
                if (exempt_bears_less(&rule->exemptions[i], e->floor) ||
                    !exempt_applies(&rule->exemptions[i], e->request, e->at))
                        continue;
                if (!out->items)
                        out->items = ARENA_ARRAY(e->arena, const struct rule_exemption *, rule->n_exemptions);
                if (!out->items)
                        return -ENOMEM;
                out->items[out->n++] = &rule->exemptions[i];
        }
        return 0;
}

/* Adds what is in @t, a part for each exemption that lifts one. */
static int conclude(struct evaluation *e, const struct rule *rule, struct tally *t) {
        const struct scope scope = { .facts = &e->request->facts };
        struct exempting exempting = { 0 };
        int r = 0;

        if (rule->n_exemptions)
                r = exempting_init(&exempting, rule, e);
        for (size_t i = 0; i < exempting.n && r == 0; ++i) {
                exempting.wanted = exempting.items[i];
                judge_rule(t, rule, &scope, e->policy, &exempting);
                if (t->n)
                        r = findings_add(&e->found, rule, t, scope.facts, e->arena);
        }
        if (exempting.n) {
                exempting.wanted = NULL;
                judge_rule(t, rule, &scope, e->policy, &exempting);
        }
        if (r < 0 || t->n == 0)
                return r;
        e->unknown = e->unknown || t->any_unknown;
        return findings_add(&e->found, rule, t, scope.facts, e->arena);
}

int evaluate(struct decision *d, struct rule_view rules, enum unknown_policy policy, const struct request *request,
             struct arena *arena) {
        struct evaluation e = {
                .request = request, .policy = policy, .at = d->at, .arena = arena, .floor = d->lapse.floor
        };
        const struct scope scope = { .facts = &request->facts };
        uint64_t unreliable = ~request_yields(request);
        int r = 0;

        for (size_t i = 0; i < rules.n && r == 0; ++i) {
                const struct rule *rule = rules.items[i];
                struct tally t;

                if (rule->uses & unreliable)
                        continue;
                /* The request was judged when it came. */
                if (request->is_response && !(rule->uses & GROUP_RESPONSE))
                        continue;
                judge_rule(&t, rule, &scope, policy, NULL);
                if (t.n)
                        r = conclude(&e, rule, &t);
        }

        if (e.found.n > 1)
                qsort(e.found.items, e.found.n, sizeof(e.found.items[0]), by_weight);
        d->findings = e.found.items;
        d->n_findings = e.found.n;
        d->unknown = e.unknown;
        return r;
}
