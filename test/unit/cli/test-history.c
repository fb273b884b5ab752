#include "docksill/base/text.h"
#include "history/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MEMORY ((size_t)64 * 1024 * 1024)

static int begin(void **state) {
        static struct arena arena;

        arena_init(&arena, MEMORY);
        arena_latch(&arena);
        *state = &arena;
        return 0;
}

static int end(void **state) {
        arena_deinit(*state);
        return 0;
}

static bool add(struct history *h, const char *line) {
        return history_add(h, str_from(line), false);
}

#define DENIED(time, user, findings)                                                                                   \
        "{\"schema\":\"docksill.record/1\",\"time\":\"" time "\",\"user\":\"" user                                     \
        "\",\"verdict\":\"deny\",\"answer\":\"deny\",\"image\":\"web\",\"findings\":[" findings "]}"
#define FOUND(rule, more) "{\"rule\":\"" rule "\",\"severity\":\"high\",\"points\":40" more "}"

static void adds_up_in_any_order(void **state) {
        struct history h;

        history_init(&h, *state);
        assert_true(add(&h, DENIED("2026-02-02T00:00:00Z", "a", FOUND("x", "") "," FOUND("y", ",\"audit\":true"))));
        assert_true(add(&h, DENIED("2026-02-01T00:00:00Z", "a", FOUND("x", ""))));
        assert_true(add(&h, DENIED("2026-02-03T00:00:00Z", "b", FOUND("x", ",\"exempted_by\":\"e\""))));
        assert_int_equal(h.all.decisions, 3);
        assert_int_equal(h.all.refused, 3);
        assert_int_equal(h.rule_sums.n, 2);
        assert_int_equal(h.rule_sums.items[0].sum.found, 3);
        assert_int_equal(h.rule_sums.items[0].sum.refused, 2); /* not by what was lifted */
        assert_int_equal(h.rule_sums.items[0].sum.exempted, 1);
        assert_int_equal(h.rule_sums.items[1].sum.refused, 0); /* nor by what audits alone */
        assert_string_equal(h.rule_sums.items[0].sum.span.first, "2026-02-01T00:00:00Z");
        assert_string_equal(h.rule_sums.items[0].sum.span.last, "2026-02-03T00:00:00Z");
        assert_int_equal(h.found_sums.n, 3);
        assert_int_equal(h.pair_sums.n, 1);
        assert_int_equal(h.pair_sums.items[0].sum.refused, 2);
        assert_int_equal(h.exemption_sums.items[0].lifted, 1);
        assert_int_equal(h.day_sums.n, 3);
}

static void tells_what_is_no_record(void **state) {
        static const char *const lines[] = {
                "no record",
                "[]",
                "{\"schema\":\"other/1\"}",
                "{\"schema\":\"docksill.record/1\"}",
                "{\"schema\":\"docksill.record/1\",\"time\":\"2026\"}",
                "{\"schema\":\"docksill.record/1\",\"time\":\"<script>alert(1)</script>\"}",
                "{\"schema\":\"docksill.record/1\",\"time\":17}",
                "{\"schema\":\"docksill.rec",
        };
        struct history h;

        history_init(&h, *state);
        for (size_t i = 0; i < ARRAY_SIZE(lines); ++i)
                assert_false(add(&h, lines[i]));
        assert_false(history_add(&h, STR_C("{"), true));
        assert_true(add(&h, " "));
        assert_int_equal(h.events[EVENT_FOREIGN].n, ARRAY_SIZE(lines));
        assert_int_equal(h.events[EVENT_CUT].n, 1);
        assert_int_equal(h.all.decisions, 0);
}

/* What has another type than ours is as if it were not there. */
static void takes_members_of_any_type(void **state) {
        struct history h;

        history_init(&h, *state);
        assert_true(add(&h, "{\"schema\":\"docksill.record/1\",\"time\":\"2026-02-01T00:00:00Z\",\"user\":{},"
                            "\"image\":[],\"findings\":[7,null,{\"rule\":1},{\"rule\":\"x\",\"severity\":\"odd\"},"
                            "{\"rule\":\"y\",\"severity\":\"low\",\"points\":-5,\"evidence\":{}}]}"));
        assert_true(add(&h, "{\"schema\":\"docksill.loss/1\",\"time\":3,\"lost\":-3}"));
        assert_int_equal(h.rule_sums.n, 1);
        assert_int_equal(h.found_sums.items[0].points, 0);
        assert_int_equal(h.events[EVENT_LOST].n, 0);
}

static void keeps_no_more_than_its_bounds(void **state) {
        struct arena *arena = *state;
        const size_t n = HISTORY_FOUND + 5000;
        size_t found = 0, refused = 0, used;
        struct history h;
        char line[512];

        history_init(&h, arena);
        for (size_t i = 0; i < n; ++i) {
                snprintf(line, sizeof(line),
                         "{\"schema\":\"docksill.record/1\",\"time\":\"2026-02-01T00:00:00Z\",\"user\":\"u%zu\","
                         "\"verdict\":\"deny\",\"answer\":\"deny\",\"image\":\"i%zu\",\"findings\":[" FOUND("r%zu",
                                                                                                            "") "]}",
                         i, i, i % 1500);
                assert_true(add(&h, line));
        }
        assert_false(arena_full(arena));
        assert_true(h.rule_sums.n <= HISTORY_RULES + 1);
        assert_true(h.caller_sums.n <= HISTORY_CALLERS + 1);
        assert_true(h.subjects.n <= HISTORY_SUBJECTS + 1);
        assert_true(h.founds.n <= HISTORY_FOUND + 2 * (HISTORY_RULES + 1));
        for (size_t i = 0; i < h.found_sums.n; ++i)
                found += h.found_sums.items[i].sum.found;
        for (size_t i = 0; i < h.pair_sums.n; ++i)
                refused += h.pair_sums.items[i].sum.refused;
        assert_int_equal(found, n); /* all are counted */
        assert_int_equal(refused, n);
        assert_true(h.others >= n - HISTORY_SUBJECTS);

        /* And more of them take no more memory. */
        used = arena->used;
        for (size_t i = 0; i < 5000; ++i) {
                snprintf(line, sizeof(line), DENIED("2026-02-01T00:00:00Z", "v%zu", FOUND("r1", "")), i);
                assert_true(add(&h, line));
        }
        assert_int_equal(arena->used, used);
}

/* A name of any length is kept to its bound, and no character is cut. */
static void keeps_a_part_of_a_long_name(void **state) {
        cleanup_(text_deinit) struct text line;
        struct history h;

        history_init(&h, *state);
        text_init(&line);
        text_addz(&line, "{\"schema\":\"docksill.record/1\",\"time\":\"2026-02-01T00:00:00Z\",\"image\":\"");
        for (size_t i = 0; i < 100000; ++i)
                text_addz(&line, "é");
        text_addz(&line, "\",\"findings\":[" FOUND("x", "") "]}");
        assert_true(history_add(&h, text_str(&line), false));
        assert_true(h.subjects.items[1].n < 700);
        assert_int_equal(h.subjects.items[1].n % 2, 1); /* the kind, and whole characters */
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(adds_up_in_any_order, begin, end),
                cmocka_unit_test_setup_teardown(tells_what_is_no_record, begin, end),
                cmocka_unit_test_setup_teardown(takes_members_of_any_type, begin, end),
                cmocka_unit_test_setup_teardown(keeps_no_more_than_its_bounds, begin, end),
                cmocka_unit_test_setup_teardown(keeps_a_part_of_a_long_name, begin, end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
