#include "report/changes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static int setup(void **state) {
        static struct arena arena;
        static struct report report;

        arena_init(&arena, 64 * 1024 * 1024);
        report_init(&report, &arena);
        report.scored = true;
        ARENA_ADD(&arena, &report.areas, (struct report_area){ .name = STR("containers") });
        *state = &report;
        return 0;
}

static int teardown(void **state) {
        struct report *r = *state;

        arena_deinit(r->arena);
        return 0;
}

static size_t add_subject(struct report *r, const char *name) {
        ARENA_ADD(r->arena, &r->subjects, (struct report_subject){ .kind = STR("container"), .name = str_from(name) });
        return r->subjects.n - 1;
}

static void add(struct report *r, const char *id, size_t subject, enum severity severity, const char *fix) {
        size_t check = 0;

        while (check < r->checks.n && !str_eqz(r->checks.items[check].id, id))
                ++check;
        if (check == r->checks.n)
                ARENA_ADD(r->arena, &r->checks, (struct report_check){ .id = str_from(id), .title = STR("Title") });
        ARENA_ADD(r->arena, &r->findings,
                  (struct report_finding){ .check = check,
                                           .subject = subject,
                                           .severity = severity,
                                           .points = severity_points(severity),
                                           .fix = str_from(fix) });
}

static void one_rule_over_many_is_one_change(void **state) {
        struct report *r = *state;
        size_t web = add_subject(r, "web"), db = add_subject(r, "db");

        add(r, "pids", web, SEVERITY_MEDIUM, "docker update --pids-limit 9 web; not webbed");
        add(r, "pids", db, SEVERITY_MEDIUM, "docker update --pids-limit 9 db; not webbed");
        add(r, "user", web, SEVERITY_LOW, "docker rename web");
        assert_int_equal(report_finish(r), 0);
        assert_int_equal(report_changes(r), 0);
        assert_int_equal(r->changes.n, 2);
        assert_string_equal(r->changes.items[0].what.p, "docker update --pids-limit 9 NAME; not webbed");
        assert_int_equal(r->changes.items[0].subjects, 2);
        assert_int_equal(r->changes.items[0].points, 20);
        assert_int_equal(r->changes.items[0].score_before, 87); /* web 87, db 90: (88 + 87) / 2 */
        assert_int_equal(r->changes.items[0].score_after, 97);  /* web 97, db 100: (98 + 97) / 2 */
        assert_string_equal(r->changes.items[1].what.p, "docker rename web");
        assert_int_equal(r->changes.items[1].score_after, 90);
}

static void other_fixes_and_other_checks_are_other_changes(void **state) {
        struct report *r = *state;
        size_t web = add_subject(r, "web"), db = add_subject(r, "db");

        add(r, "mount", web, SEVERITY_HIGH, "drop /etc");
        add(r, "mount", db, SEVERITY_HIGH, "drop /boot");
        add(r, "bind", db, SEVERITY_HIGH, "drop /boot");
        assert_int_equal(report_finish(r), 0);
        assert_int_equal(report_changes(r), 0);
        assert_int_equal(r->changes.n, 3);
        for (size_t i = 0; i < 3; ++i)
                assert_int_equal(r->changes.items[i].subjects, 1);
}

static void the_best_five_the_best_first(void **state) {
        static const struct {
                const char *id, *fix;
                enum severity severity;
        } rows[] = {
                { "a", "1", SEVERITY_LOW },    { "b", "2", SEVERITY_MEDIUM }, { "c", "3", SEVERITY_CRITICAL },
                { "d", "4", SEVERITY_MEDIUM }, { "e", "5", SEVERITY_HIGH },   { "f", "6", SEVERITY_HIGH },
                { "g", "7", SEVERITY_INFO },
        };
        struct report *r = *state;
        size_t web = add_subject(r, "web");
        char order[CHANGES_MOST + 1] = "";

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                add(r, rows[i].id, web, rows[i].severity, rows[i].fix);
        assert_int_equal(report_finish(r), 0);
        assert_int_equal(report_changes(r), 0);
        assert_int_equal(r->changes.n, CHANGES_MOST);
        for (size_t i = 0; i < CHANGES_MOST; ++i)
                order[i] = r->changes.items[i].what.p[0];
        assert_string_equal(order, "35624");
        /* 206 points: with any one of them gone there are still more than 100. */
        assert_int_equal(r->changes.items[0].score_after, 0);
}

static void what_costs_nothing_or_is_lifted_is_no_change(void **state) {
        struct report *r = *state;
        size_t web = add_subject(r, "web");

        add(r, "a", web, SEVERITY_INFO, "1");
        add(r, "b", web, SEVERITY_HIGH, "2");
        r->findings.items[1].state = REPORT_EXEMPT;
        assert_int_equal(report_finish(r), 0);
        assert_int_equal(report_changes(r), 0);
        assert_int_equal(r->changes.n, 0);
}

static void without_a_fix_it_is_called_by_its_title(void **state) {
        struct report *r = *state;

        add(r, "a", add_subject(r, "web"), SEVERITY_HIGH, "");
        assert_int_equal(report_finish(r), 0);
        assert_int_equal(report_changes(r), 0);
        assert_int_equal(r->changes.n, 1);
        assert_string_equal(r->changes.items[0].what.p, "Title");
        assert_int_equal(r->changes.items[0].score_after, 100);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(one_rule_over_many_is_one_change, setup, teardown),
                cmocka_unit_test_setup_teardown(other_fixes_and_other_checks_are_other_changes, setup, teardown),
                cmocka_unit_test_setup_teardown(the_best_five_the_best_first, setup, teardown),
                cmocka_unit_test_setup_teardown(what_costs_nothing_or_is_lifted_is_no_change, setup, teardown),
                cmocka_unit_test_setup_teardown(without_a_fix_it_is_called_by_its_title, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
