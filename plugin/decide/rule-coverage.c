#include "docksill/decide/rule-coverage.h"

#include "docksill/decide/rule-test.h"
#include "finding.h"
#include <errno.h>

#define TEST_MEMORY ((size_t)16 << 20)

struct seen {
        const struct condition *test;
        bool yes, no;
};

/* One rule, and what its tests have reached so far. */
struct measured {
        const struct rule *rule;
        struct arena *arena;
        struct {
                struct seen *items;
                size_t n, capacity;
        } tests;
        bool *cases; /* reached, by number */
        bool failed;
};

/* -- what there is -- */

static void list_test(const struct condition *test, enum truth says, void *context) {
        struct measured *m = context;
        struct seen *slot = ARENA_PUSH(m->arena, &m->tests);

        (void)says;
        if (slot)
                *slot = (struct seen){ .test = test };
        m->failed = m->failed || !slot;
}

static int measured_init(struct measured *m, const struct rule *rule, struct arena *arena) {
        *m = (struct measured){ .rule = rule, .arena = arena, .cases = ARENA_ARRAY(arena, bool, rule->n_cases) };
        condition_leaves(rule->when, NULL, list_test, m);
        for (size_t i = 0; i < rule->n_cases; ++i)
                condition_leaves(rule->cases[i].when, NULL, list_test, m);
        if (m->failed || !m->cases)
                return -ENOMEM;
        for (size_t i = 0; i < rule->n_cases; ++i)
                m->cases[i] = false;
        return 0;
}

/* -- what is reached -- */

static void see(const struct condition *test, enum truth says, void *context) {
        struct measured *m = context;

        for (size_t i = 0; i < m->tests.n; ++i)
                if (m->tests.items[i].test == test) {
                        m->tests.items[i].yes |= says == TRUTH_YES;
                        m->tests.items[i].no |= says == TRUTH_NO;
                        return;
                }
}

static void walk(struct measured *m, const struct scope *scope) {
        enum truth applies = condition_holds(m->rule->when, scope);

        condition_leaves(m->rule->when, scope, see, m);
        if (applies != TRUTH_YES && applies != TRUTH_UNKNOWN)
                return;
        for (size_t i = 0; i < m->rule->n_cases; ++i) {
                condition_leaves(m->rule->cases[i].when, scope, see, m);
                if (condition_holds(m->rule->cases[i].when, scope) != TRUTH_YES)
                        continue;
                m->cases[i] = m->cases[i] || applies == TRUTH_YES;
                return;
        }
}

static void walk_each(struct measured *m, struct scope scope) {
        const struct fact *each = m->rule->each;
        const struct fact_head *head = fact_cell(each, scope.facts);
        bool list = each->type == FACT_LIST;
        size_t n = list ? ((const struct fact_list *)head)->n : ((const struct fact_set *)head)->n;

        for (size_t i = 0; head->state != FACT_OFF && i < n; ++i) {
                struct fact_str item =
                        list ? (struct fact_str){ 0 } : finding_set_element((const struct fact_set *)head, i);
                unsigned spellings;

                scope.element = list ? finding_list_element(each, (const struct fact_list *)head, i) : &item;
                spellings = list ? finding_spellings(each, scope.element) : 1;
                for (scope.spelling = 0; scope.spelling < spellings; ++scope.spelling)
                        walk(m, &scope);
        }
}

static bool is_judged(const struct ruleset *rules, const struct rule *rule, const struct request *request) {
        size_t operation = request->operation ? operation_index(request->operation) : operation_table_n;
        struct rule_view here = ruleset_for(rules, operation);

        if (rule->uses & ~request_yields(request) || (request->is_response && !(rule->uses & GROUP_RESPONSE)))
                return false;
        for (size_t i = 0; i < here.n; ++i)
                if (here.items[i] == rule)
                        return true;
        return false;
}

static void run(struct measured *m, const struct ruleset *rules, const struct rule_test *test, struct arena *arena) {
        enum envelope_refusal refusal;
        struct request request;
        struct scope scope = { .facts = &request.facts };

        if (test->skipped || rule_test_read(&request, test, arena, &refusal) < 0 ||
            !is_judged(rules, m->rule, &request))
                return;
        if (m->rule->each)
                walk_each(m, scope);
        else
                walk(m, &scope);
}

/* -- what is not -- */

static int add(struct rule_coverage *out, bool reached, const struct coverage_gap *gap, struct arena *arena) {
        struct coverage_gap *slot;

        ++out->possible;
        out->reached += reached;
        if (reached)
                return 0;
        slot = ARENA_PUSH(arena, out);
        if (!slot)
                return -ENOMEM;
        *slot = *gap;
        return 0;
}

static int conclude(struct rule_coverage *out, const struct measured *m) {
        struct coverage_gap gap = { .rule = m->rule };
        int r = 0;

        for (size_t i = 0; r == 0 && i < m->rule->n_cases; ++i) {
                if (!m->cases[i] && !condition_may_hold(m->rule->cases[i].when))
                        continue;
                gap.kind = GAP_CASE;
                gap.number = i + 1;
                r = add(out, m->cases[i], &gap, m->arena);
        }
        for (size_t i = 0; r == 0 && i < m->tests.n; ++i) {
                gap.leaf = condition_leaf(m->tests.items[i].test);
                gap.kind = GAP_TRUE;
                if (!gap.leaf.empty)
                        r = add(out, m->tests.items[i].yes, &gap, m->arena);
                gap.kind = GAP_FALSE;
                if (r == 0)
                        r = add(out, m->tests.items[i].no, &gap, m->arena);
        }
        return r;
}

int rule_coverage_measure(struct rule_coverage *out, const struct ruleset *rules, struct arena *arena) {
        struct rule_view view = ruleset_rules(rules);
        struct arena scratch;
        int r = 0;

        *out = (struct rule_coverage){ 0 };
        arena_init(&scratch, TEST_MEMORY);
        for (size_t i = 0; r == 0 && i < view.n; ++i) {
                struct measured m;

                r = measured_init(&m, view.items[i], arena);
                for (size_t k = 0; r == 0 && k < view.items[i]->n_tests; ++k) {
                        run(&m, rules, &view.items[i]->tests[k], &scratch);
                        arena_reset(&scratch);
                }
                if (r == 0)
                        r = conclude(out, &m);
        }
        arena_deinit(&scratch);
        return r;
}
