#include "rule-costs.h"

#include "docksill/decide/evaluate.h"
#include "docksill/engine/request.h"
#include "docksill/serve/server-limits.h"
#include "frame/output.h"
#include "frame/table.h"
#include <errno.h>
#include <time.h>

#define TIMES 16 /* that a rule is asked about a call */

int rule_costs_init(struct rule_costs *out, const struct ruleset *rules, struct arena *arena) {
        struct rule_view view = ruleset_rules(rules);

        *out = (struct rule_costs){ .rules = rules, .n = view.n };
        out->items = ARENA_ARRAY(arena, struct rule_cost, view.n);
        if (!out->items)
                return -ENOMEM;
        for (size_t i = 0; i < view.n; ++i)
                out->items[view.items[i]->index] = (struct rule_cost){ .rule = view.items[i] };
        return 0;
}

static uint64_t processor_time(void) {
        struct timespec now;

        if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) < 0)
                return 0;
        return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Nanoseconds of one time; whether it found something. */
static uint64_t ask(const struct rule_costs *costs, const struct rule *rule, const struct request *request,
                    struct arena *scratch, bool *found) {
        const struct rule_view one = { .items = &rule, .n = 1 };
        enum unknown_policy unknown = ruleset_limits(costs->rules)->unknown;
        uint64_t since = processor_time();
        struct decision d;

        for (unsigned i = 0; i < TIMES; ++i) {
                d = (struct decision){ .rules = costs->rules };
                ruleset_search_begin(costs->rules, request->body.n);
                if (evaluate(&d, one, unknown, request, scratch) < 0)
                        break;
                *found = d.n_findings > 0;
                arena_reset(scratch);
        }
        return (processor_time() - since) / TIMES;
}

void rule_costs_add(struct rule_costs *costs, struct str call) {
        struct rule_view here, candidates;
        struct arena arena, scratch;
        struct request request;
        size_t operation;

        arena_init(&arena, SERVER_REQUEST_MEMORY);
        arena_init(&scratch, SERVER_REQUEST_MEMORY);
        if (request_read(&request, &arena, call) != ENVELOPE_READ) {
                ++costs->passed_over;
                goto out;
        }
        ++costs->calls;
        operation = request.operation ? operation_index(request.operation) : operation_table_n;
        here = ruleset_for(costs->rules, operation);
        for (size_t i = 0; i < here.n; ++i)
                ++costs->items[here.items[i]->index].calls;
        ruleset_search_begin(costs->rules, request.body.n);
        candidates = ruleset_candidates(costs->rules, operation, &request.facts, &arena);
        for (size_t i = 0; i < candidates.n; ++i) {
                struct rule_cost *cost = &costs->items[candidates.items[i]->index];
                bool found = false;
                uint64_t took = ask(costs, cost->rule, &request, &scratch, &found);

                ++cost->asked;
                cost->found += found;
                cost->nanoseconds += took;
                costs->nanoseconds += took;
        }
out:
        arena_deinit(&scratch);
        arena_deinit(&arena);
}

static int by_cost(const void *a, const void *b) {
        const struct rule_cost *x = a, *y = b;

        if (x->nanoseconds != y->nanoseconds)
                return x->nanoseconds > y->nanoseconds ? -1 : 1;
        if (x->asked != y->asked)
                return x->asked > y->asked ? -1 : 1;
        return str_cmp(x->rule->id, y->rule->id);
}

void rule_costs_sort(struct rule_costs *costs) {
        if (costs->n > 1)
                qsort(costs->items, costs->n, sizeof(costs->items[0]), by_cost);
}

static double per_cent(const struct rule_costs *costs, const struct rule_cost *cost) {
        return costs->nanoseconds ? 100.0 * (double)cost->nanoseconds / (double)costs->nanoseconds : 0;
}

static double per_call(const struct rule_cost *cost) {
        return cost->asked ? (double)cost->nanoseconds / (double)cost->asked : 0;
}

void rule_costs_print(struct text *out, const struct rule_costs *costs, size_t most, struct arena *arena) {
        static const char *const titles[] = { "RULE", "CALLS", "ASKED", "FOUND", "NS EACH", "SHARE" };
        struct table t;

        table_init(&t, arena, titles, ARRAY_SIZE(titles));
        for (size_t i = 0; i < costs->n && i < most && costs->items[i].asked; ++i) {
                const struct rule_cost *cost = &costs->items[i];

                table_add(&t, cost->rule->id);
                table_addf(&t, "%llu", (unsigned long long)cost->calls);
                table_addf(&t, "%llu", (unsigned long long)cost->asked);
                table_addf(&t, "%llu", (unsigned long long)cost->found);
                table_addf(&t, "%.0f", per_call(cost));
                table_addf(&t, "%.1f %%", per_cent(costs, cost));
        }
        table_render(&t, out);
        text_addf(out, "%llu calls, %.1f us of rules each", (unsigned long long)costs->calls,
                  costs->calls ? (double)costs->nanoseconds / 1000 / (double)costs->calls : 0);
        if (costs->passed_over)
                text_addf(out, "; %llu were no calls", (unsigned long long)costs->passed_over);
        text_add_char(out, '\n');
}

json_t *rule_costs_json(const struct rule_costs *costs, size_t most) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < costs->n && i < most; ++i) {
                const struct rule_cost *cost = &costs->items[i];

                if (json_array_append_new(
                            list, json_pack("{s:o, s:I, s:I, s:I, s:I, s:f}", "id", printable_json(cost->rule->id),
                                            "calls", (json_int_t)cost->calls, "asked", (json_int_t)cost->asked, "found",
                                            (json_int_t)cost->found, "nanoseconds", (json_int_t)cost->nanoseconds,
                                            "percent", per_cent(costs, cost))) < 0)
                        return NULL;
        }
        return list ? json_pack("{s:s, s:I, s:I, s:I, s:O}", "schema", "docksill.rules-profile/1", "calls",
                                (json_int_t)costs->calls, "passed_over", (json_int_t)costs->passed_over, "nanoseconds",
                                (json_int_t)costs->nanoseconds, "rules", list)
                    : NULL;
}
