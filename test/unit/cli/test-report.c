#include "report/headline.h"
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int setup(void **state) {
        static struct arena arena;
        static struct report report;

        arena_init(&arena, 64 * 1024 * 1024);
        report_init(&report, &arena);
        report.scored = true;
        *state = &report;
        return 0;
}

static int teardown(void **state) {
        struct report *r = *state;

        arena_deinit(r->arena);
        return 0;
}

static void add_area(struct report *r, const char *name) {
        ARENA_ADD(r->arena, &r->areas, (struct report_area){ .name = str_from(name) });
}

static void add_check(struct report *r, const char *id) {
        ARENA_ADD(r->arena, &r->checks, (struct report_check){ .id = str_from(id), .title = str_from(id) });
}

static void add_subject(struct report *r, size_t area, const char *name) {
        struct report_subject s = { .area = area, .kind = STR("container"), .name = str_from(name) };

        s.states[REPORT_PASS] = 1;
        ARENA_ADD(r->arena, &r->subjects, s);
}

static void add_finding(struct report *r, size_t check, size_t subject, enum severity severity) {
        ARENA_ADD(r->arena, &r->findings,
                  (struct report_finding){ .check = check,
                                           .subject = subject,
                                           .severity = severity,
                                           .points = severity_points(severity) });
}

static void scores_by_a_sum_that_can_be_redone(void **state) {
        struct report *r = *state;

        add_area(r, "daemon");
        add_area(r, "containers");
        add_area(r, "swarm"); /* nothing in it: it has no part */
        add_check(r, "a");
        add_check(r, "b");
        add_subject(r, 0, "dockerd");
        add_subject(r, 1, "web");
        add_subject(r, 1, "db");
        add_finding(r, 0, 0, SEVERITY_LOW);    /* dockerd 97 */
        add_finding(r, 0, 1, SEVERITY_HIGH);   /* web 60 - 10 = 50 */
        add_finding(r, 1, 1, SEVERITY_MEDIUM); /* db 100 */
        assert_int_equal(report_finish(r), 0);
        assert_int_equal(r->subjects.items[0].score, 97);
        assert_int_equal(r->subjects.items[1].score, 50);
        assert_int_equal(r->areas.items[0].score, 97);
        assert_int_equal(r->areas.items[1].score, 62); /* (75 + 50) / 2 */
        assert_int_equal(r->areas.items[2].score, 100);
        assert_int_equal(r->score, 70); /* (79 + 62) / 2 */
        assert_int_equal(r->points, 53);
}

static void many_good_ones_do_not_hide_a_bad_one(void **state) {
        struct report *r = *state;

        add_area(r, "host");
        add_area(r, "containers");
        add_check(r, "a");
        add_subject(r, 0, "host");
        for (size_t i = 0; i < 1000; ++i)
                add_subject(r, 1, "tiny");
        add_finding(r, 0, 500, SEVERITY_CRITICAL);
        assert_int_equal(report_finish(r), 0);
        assert_int_equal(r->areas.items[1].score, 49);
        assert_int_equal(r->score, 61);
}

static void what_was_not_judged_has_no_part(void **state) {
        struct report *r = *state;

        add_area(r, "containers");
        add_check(r, "a");
        add_subject(r, 0, "web");
        add_subject(r, 0, "gone");
        r->subjects.items[1].states[REPORT_PASS] = 0;
        add_finding(r, 0, 0, SEVERITY_HIGH);
        assert_int_equal(report_finish(r), 0);
        assert_int_equal(r->score, 60);
}

static void a_critical_leads_the_headline(void **state) {
        struct report *r = *state;

        add_area(r, "containers");
        add_check(r, "Z is bad");
        add_check(r, "A is worse");
        add_subject(r, 0, "web");
        add_finding(r, 0, 0, SEVERITY_HIGH);
        add_finding(r, 1, 0, SEVERITY_CRITICAL);
        r->subjects.items[0].states[REPORT_UNKNOWN] = 1;
        assert_int_equal(report_finish(r), 0);
        report_headline(r);
        assert_string_equal(r->headline.p, "Critical: A is worse (container web); 1 high finding; hardening score 0 of "
                                           "100; 1 check could not be told.");
}

static void nothing_found_is_said(void **state) {
        struct report *r = *state;

        add_area(r, "containers");
        add_subject(r, 0, "web");
        assert_int_equal(report_finish(r), 0);
        report_headline(r);
        assert_string_equal(r->headline.p, "No finding; hardening score 100 of 100.");
}

static void what_was_not_judged_has_no_score(void **state) {
        struct report *r = *state;

        add_area(r, "containers");
        add_subject(r, 0, "web");
        r->subjects.items[0].states[REPORT_PASS] = 0;
        r->subjects.items[0].states[REPORT_UNKNOWN] = 2;
        assert_int_equal(report_finish(r), 0);
        report_headline(r);
        assert_false(r->scored);
        assert_string_equal(r->headline.p, "Nothing was judged; 2 checks could not be told.");
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(scores_by_a_sum_that_can_be_redone, setup, teardown),
                cmocka_unit_test_setup_teardown(many_good_ones_do_not_hide_a_bad_one, setup, teardown),
                cmocka_unit_test_setup_teardown(what_was_not_judged_has_no_part, setup, teardown),
                cmocka_unit_test_setup_teardown(a_critical_leads_the_headline, setup, teardown),
                cmocka_unit_test_setup_teardown(nothing_found_is_said, setup, teardown),
                cmocka_unit_test_setup_teardown(what_was_not_judged_has_no_score, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
