/*
 * Steps and enforce-hard with whole requests and the shipped rules: time only makes stricter, and ends at the
 * environment's own limits. (test/unit/decide/test-monotony.c holds it against invented findings and steps.)
 */
#include "bodies.h"
#include "docksill/base/date.h"
#include "docksill/decide/decide.h"
#include "docksill/decide/explain.h"
#include <stdio.h>

#define ROUNDS 1500
#define DAYS   300 /* after the first of 2027: before, between and behind all steps */

#define STEPS                                                                                                          \
        "steps:\n"                                                                                                     \
        "  - {from: 2027-02-01, enforce: hard}\n"                                                                      \
        "  - {from: 2027-04-01, deny: {severity: critical, points: 200}}\n"                                            \
        "  - {from: 2027-06-01, deny: {severity: critical, points: 90}}\n"                                             \
        "  - {from: 2027-08-01, enforce: all}\n"

struct bench {
        struct road road;
        struct ruleset *site;
        struct judged judged;
        int64_t first;
};

static int open_bench(void **state) {
        static struct bench bench; /* cmocka's state outlives this function */

        road_open(&bench.road);
        bench.site = rules_site(STEPS);
        judged_init(&bench.judged);
        *state = &bench;
        return date_parse(STR_C("2027-01-01"), &bench.first);
}

static int close_bench(void **state) {
        struct bench *b = *state;

        judged_deinit(&b->judged);
        ruleset_unref(b->site);
        road_close(&b->road);
        return 0;
}

static struct decision decide_on(struct bench *b, enum mode mode, unsigned day) {
        struct decision d;

        decide_at(&d, b->site, &b->judged.request, mode, b->first + (int64_t)day * DATE_DAY, &b->judged.arena);
        assert_false(d.incomplete);
        return d;
}

static void fail_of(const char *what, const struct recipe *r) {
        struct text t;

        text_init(&t);
        text_addf(&t, "%s: ", what);
        recipe_say(&t, r);
        fail_with(&t);
}

static void a_later_day_never_allows_what_an_earlier_refused(void **state) {
        struct chance chance = { 21 };
        struct bench *b = *state;
        unsigned warned = 0, refused = 0;

        for (unsigned round = 0; round < ROUNDS; ++round) {
                unsigned day = chance_below(&chance, DAYS), later = day + chance_below(&chance, DAYS);
                enum mode mode = chance_below(&chance, 4) ? MODE_ENFORCE : MODE_ENFORCE_HARD;
                struct decision before, after;
                struct recipe r;

                recipe_any(&r, &chance);
                recipe_judge(&b->judged, &b->road, &r);
                before = decide_on(b, mode, day);
                after = decide_on(b, mode, later);
                if ((!before.allow && after.allow) || after.verdict < before.verdict || after.points != before.points)
                        fail_of("milder on a later day", &r);
                if (!before.allow || after.allow)
                        continue;
                ++refused;
                warned += before.verdict == VERDICT_WARN && before.due && before.due->from <= after.at;
        }
        assert_true(refused > ROUNDS / 50);
        assert_int_equal(warned, refused); /* each was told of before */
}

/* Of two rule sets of the same rules. */
static bool is_same(const struct decision *a, const struct decision *b) {
        bool same = a->n_findings == b->n_findings && a->points == b->points && a->verdict == b->verdict &&
                    a->would == b->would && a->gate == b->gate && a->allow == b->allow;

        for (size_t i = 0; same && i < a->n_findings; ++i)
                same = str_eq(a->findings[i].rule->id, b->findings[i].rule->id) &&
                       a->findings[i].points == b->findings[i].points && a->findings[i].audit == b->findings[i].audit;
        return same;
}

static void with_all_steps_passed_it_is_as_without_them(void **state) {
        struct chance chance = { 22 };
        struct bench *b = *state;

        for (unsigned round = 0; round < ROUNDS; ++round) {
                struct decision last;
                struct recipe r;

                recipe_any(&r, &chance);
                recipe_judge(&b->judged, &b->road, &r);
                last = decide_on(b, MODE_ENFORCE, DAYS);
                if (!is_same(&last, &b->judged.decisions[PRODUCTION]) || last.due || last.next)
                        fail_of("not as in production", &r);
        }
}

static bool is_hard(const struct decision *d) {
        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].hard)
                        return true;
        return false;
}

/* By a step, before the first step, and by the mode: the same is refused, and it is what is hard. */
static void what_is_hard_alone_is_the_same_by_step_and_by_mode(void **state) {
        struct chance chance = { 23 };
        struct bench *b = *state;
        unsigned refused = 0;

        for (unsigned round = 0; round < ROUNDS; ++round) {
                struct decision early, step, mode;
                struct recipe r;

                recipe_any(&r, &chance);
                recipe_judge(&b->judged, &b->road, &r);
                early = decide_on(b, MODE_ENFORCE, 0);
                step = decide_on(b, MODE_ENFORCE, 40);
                mode = decide_on(b, MODE_ENFORCE_HARD, DAYS);
                if (early.allow == is_hard(&early) || step.allow != early.allow || mode.allow != early.allow)
                        fail_of("not what is hard alone", &r);
                /* All that the environment finds is told all the same. */
                if (mode.verdict != b->judged.decisions[PRODUCTION].verdict)
                        fail_of("another verdict in enforce-hard", &r);
                refused += !early.allow;
        }
        assert_true(refused > ROUNDS / 50 && refused < ROUNDS);
}

/* However much there is to tell: what comes next, and the decision's id, are in it. */
static void every_refusal_tells_the_next_step(void **state) {
        static const struct explain_style styles[] = { { .words = EXPLAIN_FLAGS },
                                                       { .words = EXPLAIN_FLAGS, .lines = true },
                                                       { .words = EXPLAIN_COMPOSE, .lines = true } };
        struct chance chance = { 25 };
        struct bench *b = *state;
        unsigned told = 0;

        for (unsigned round = 0; round < ROUNDS; ++round) {
                struct decision d;
                struct recipe r;
                struct text t;

                recipe_any(&r, &chance);
                recipe_judge(&b->judged, &b->road, &r);
                d = decide_on(b, MODE_ENFORCE, chance_below(&chance, DAYS));
                if (d.verdict != VERDICT_DENY)
                        continue;
                d.id = 0x7f3a;
                text_init(&t);
                explain_refusal(&t, &d, &b->judged.request, b->site,
                                &styles[chance_below(&chance, ARRAY_SIZE(styles))]);
                assert_false(t.failed);
                assert_in_range(t.n, 1, EXPLAIN_MAX);
                if (!strstr(t.p, "0000000000007f3a") || (d.next != NULL) != (strstr(t.p, "Next: ") != NULL))
                        fail_of(t.p, &r);
                told += d.next != NULL;
                text_deinit(&t);
        }
        assert_true(told > ROUNDS / 50);
}

static void in_enforce_hard_the_order_of_environments_holds(void **state) {
        struct chance chance = { 24 };
        struct bench *b = *state;

        for (unsigned round = 0; round < ROUNDS; ++round) {
                struct decision milder = { .allow = true };
                struct recipe r;

                recipe_any(&r, &chance);
                recipe_judge(&b->judged, &b->road, &r);
                for (size_t i = 0; i < ORDERED; ++i) {
                        struct decision d;

                        decide_at(&d, b->road.rules[i], &b->judged.request, MODE_ENFORCE_HARD, b->first,
                                  &b->judged.arena);
                        if (d.would < milder.would || d.verdict < milder.verdict || (d.allow && !milder.allow))
                                fail_of("milder in the stricter environment", &r);
                        milder = d;
                }
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_later_day_never_allows_what_an_earlier_refused),
                cmocka_unit_test(with_all_steps_passed_it_is_as_without_them),
                cmocka_unit_test(what_is_hard_alone_is_the_same_by_step_and_by_mode),
                cmocka_unit_test(every_refusal_tells_the_next_step),
                cmocka_unit_test(in_enforce_hard_the_order_of_environments_holds),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
