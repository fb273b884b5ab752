#include "diff/comparison.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const struct rule rule_a = { .id = STR("a") }, rule_b = { .id = STR("b") };
static const struct exemption exemption = { .id = STR("e") };

static struct decision decision(struct finding *findings, size_t n, enum verdict would, unsigned points) {
        return (struct decision){ .findings = findings,
                                  .n_findings = n,
                                  .would = would,
                                  .verdict = would,
                                  .enforced_points = points,
                                  .points = points };
}

static void says_what_a_rule_comes_to(void **state) {
        static const struct {
                struct finding findings[2];
                const char *standing;
        } rows[] = {
                { { { .rule = &rule_b, .severity = SEVERITY_HIGH } }, "none" },
                { { { .rule = &rule_a, .severity = SEVERITY_NONE } }, "none" },
                { { { .rule = &rule_a, .severity = SEVERITY_MEDIUM } }, "medium" },
                { { { .rule = &rule_a, .severity = SEVERITY_CRITICAL, .hard = true } }, "critical, hard" },
                { { { .rule = &rule_a, .severity = SEVERITY_LOW, .audit = true } }, "low, audit" },
                { { { .rule = &rule_a, .severity = SEVERITY_HIGH, .exempted_by = &exemption } }, "high, lifted" },
                /* Lifted in part: what counts is told. */
                { { { .rule = &rule_a, .severity = SEVERITY_LOW },
                    { .rule = &rule_a, .severity = SEVERITY_HIGH, .exempted_by = &exemption } },
                  "low" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct finding findings[2];
                struct decision d = decision(findings, rows[i].findings[1].rule ? 2 : 1, VERDICT_ALLOW, 0);
                cleanup_(text_deinit) struct text t;

                memcpy(findings, rows[i].findings, sizeof(findings));
                text_init(&t);
                standing_add(&t, standing_of(&d, STR_C("a")));
                assert_string_equal(t.p, rows[i].standing);
        }
}

static void tells_changes_apart(void **state) {
        static const struct {
                enum verdict before, after;
                unsigned points_before, points_after;
                enum change change;
        } rows[] = {
                { VERDICT_ALLOW, VERDICT_ALLOW, 0, 0, CHANGE_NONE },
                { VERDICT_ALLOW, VERDICT_WARN, 1, 1, CHANGE_NONE },
                { VERDICT_WARN, VERDICT_DENY, 10, 10, CHANGE_REFUSED },
                { VERDICT_ALLOW, VERDICT_DENY, 0, 100, CHANGE_REFUSED },
                { VERDICT_DENY, VERDICT_WARN, 10, 20, CHANGE_ALLOWED },
                { VERDICT_DENY, VERDICT_DENY, 50, 60, CHANGE_UP },
                { VERDICT_WARN, VERDICT_WARN, 9, 3, CHANGE_DOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct decision before = decision(NULL, 0, rows[i].before, rows[i].points_before);
                struct decision after = decision(NULL, 0, rows[i].after, rows[i].points_after);
                const struct compared call = { .what = STR("c"), .before = &before, .after = &after };
                struct comparison c;
                struct arena arena;

                arena_init(&arena, 1 << 20);
                comparison_init(&c, &arena);
                assert_int_equal(comparison_add(&c, &call), 0);
                for (size_t k = 0; k < CHANGES; ++k)
                        assert_int_equal(c.changes[k], k == rows[i].change);
                assert_int_equal(c.calls, 1);
                assert_int_equal(c.before[rows[i].before], 1);
                assert_int_equal(c.after[rows[i].after], 1);
                assert_int_equal(c.refused.n, rows[i].change == CHANGE_REFUSED);
                assert_int_equal(c.allowed.n, rows[i].change == CHANGE_ALLOWED);
                arena_deinit(&arena);
        }
}

static void adds_up_by_rule_and_image(void **state) {
        struct finding low = { .rule = &rule_a, .severity = SEVERITY_LOW };
        struct finding high[] = { { .rule = &rule_a, .severity = SEVERITY_HIGH },
                                  { .rule = &rule_b, .severity = SEVERITY_MEDIUM } };
        struct decision before = decision(&low, 1, VERDICT_WARN, 3), after = decision(high, 2, VERDICT_DENY, 50);
        struct compared call = { .what = STR("web"), .image = STR("i1"), .before = &before, .after = &after };
        struct comparison c;
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 20);
        comparison_init(&c, &arena);
        assert_int_equal(comparison_add(&c, &call), 0);
        assert_int_equal(comparison_add(&c, &call), 0);
        call.image = STR_C("i2");
        call.before = &after;
        assert_int_equal(comparison_add(&c, &call), 0);
        call.image = STR_C("i0");
        call.after = &before;
        assert_int_equal(comparison_add(&c, &call), 0);
        comparison_sort(&c);
        assert_int_equal(c.rules.n, 2);
        assert_true(str_eqz(c.rules.items[0].rule, "a"));
        assert_int_equal(c.rules.items[0].calls, 3);
        assert_int_equal(c.rules.items[0].n, 2);
        assert_int_equal(c.rules.items[0].items[0].from, SEVERITY_LOW);
        assert_int_equal(c.rules.items[0].items[0].to, SEVERITY_HIGH);
        assert_int_equal(c.rules.items[0].items[0].calls, 2);
        assert_int_equal(c.rules.items[1].items[0].from, STANDING_SILENT);
        assert_int_equal(c.images.n, 3);
        assert_true(str_eqz(c.images.items[0].image, "i1"));
        assert_true(str_eqz(c.images.items[1].image, "i0"));
        assert_int_equal(c.images.items[1].calls[CHANGE_ALLOWED], 1);
        assert_int_equal(c.refused.n, 2);
        assert_int_equal(c.refused.items[0].rules.n, 2);
        assert_int_equal(c.refused.items[0].before.points, 3);
        arena_deinit(&arena);
}

/* However many calls and images there are. */
static void memory_does_not_grow_with_the_calls(void **state) {
        struct finding one = { .rule = &rule_a, .severity = SEVERITY_HIGH };
        struct decision before = decision(NULL, 0, VERDICT_ALLOW, 0), after = decision(&one, 1, VERDICT_DENY, 50);
        struct comparison c;
        struct arena arena;
        size_t used;

        (void)state;
        arena_init(&arena, 16 << 20);
        comparison_init(&c, &arena);
        for (unsigned i = 0; i < 2 * COMPARISON_IMAGES; ++i) {
                char name[32];
                struct compared call = { .what = STR("c"), .before = &before, .after = &after };

                snprintf(name, sizeof(name), "image-%u", i);
                call.image = str_from(name);
                assert_int_equal(comparison_add(&c, &call), 0);
        }
        assert_int_equal(c.images.n, COMPARISON_IMAGES);
        assert_int_equal(c.other.calls[CHANGE_REFUSED], COMPARISON_IMAGES);
        assert_int_equal(c.refused.n, COMPARISON_LISTED);
        assert_int_equal(c.changes[CHANGE_REFUSED], 2 * COMPARISON_IMAGES);
        used = arena.used;
        for (unsigned i = 0; i < 10000; ++i) {
                struct compared call = { .what = STR("c"), .image = STR("new"), .before = &before, .after = &after };

                assert_int_equal(comparison_add(&c, &call), 0);
        }
        assert_int_equal(arena.used, used);
        arena_deinit(&arena);
}

static void numbers_names(void **state) {
        struct names names;
        struct arena arena;
        size_t number;

        (void)state;
        arena_init(&arena, 1 << 20);
        names_init(&names, &arena, 300);
        for (unsigned round = 0; round < 2; ++round)
                for (unsigned i = 0; i < 300; ++i) {
                        char name[16];

                        snprintf(name, sizeof(name), "n%u", i);
                        assert_int_equal(names_take(&names, str_from(name), &number), 0);
                        assert_int_equal(number, i);
                        assert_true(str_eqz(names.items[number], name));
                }
        assert_int_equal(names_take(&names, STR_C("another"), &number), -ENOSPC);
        assert_int_equal(names_take(&names, STR_C("n7"), &number), 0);
        assert_int_equal(number, 7);
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(says_what_a_rule_comes_to),
                cmocka_unit_test(tells_changes_apart),
                cmocka_unit_test(adds_up_by_rule_and_image),
                cmocka_unit_test(memory_does_not_grow_with_the_calls),
                cmocka_unit_test(numbers_names),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
