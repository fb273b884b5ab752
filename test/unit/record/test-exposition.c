/*
 * The text format as Prometheus's documentation has it: what is foreign stays one value of one label.
 */
#include "docksill/record/exposition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_family_and_its_samples(void **state) {
        cleanup_(text_deinit) struct text t;

        (void)state;
        text_init(&t);
        exposition_family(&t, "things_total", "counter", "Things.");
        exposition_number(&t, "things_total", LABELS({ "kind", STR_C("a") }, { "of", STR_C("b") }), UINT64_MAX);
        exposition_gauge(&t, "now", "Now.", 0);
        exposition_seconds(&t, "at_seconds", NULL, 1500000);
        exposition_seconds(&t, "early_seconds", NULL, -1);
        assert_string_equal(t.p, "# HELP things_total Things.\n"
                                 "# TYPE things_total counter\n"
                                 "things_total{kind=\"a\",of=\"b\"} 18446744073709551615\n"
                                 "# HELP now Now.\n"
                                 "# TYPE now gauge\n"
                                 "now 0\n"
                                 "at_seconds 1.5\n"
                                 "early_seconds 0\n");
}

static void foreign_text_is_escaped(void **state) {
        static const struct {
                const char *value, *shown;
        } rows[] = {
                { "plain", "plain" },
                { "say \"hi\"", "say \\\"hi\\\"" },
                { "back\\slash", "back\\\\slash" },
                { "two\nlines", "two\\\\x0alines" },
                { "a\xff", "a\\\\xff" },
                { "\"} 1\nforged 2", "\\\"} 1\\\\x0aforged 2" },
                { "k\xc3\xa4se", "k\xc3\xa4se" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(text_deinit) struct text t, wanted;

                text_init(&t);
                text_init(&wanted);
                exposition_number(&t, "n", LABELS({ "l", str_from(rows[i].value) }), 1);
                text_addf(&wanted, "n{l=\"%s\"} 1\n", rows[i].shown);
                assert_string_equal(t.p, wanted.p);
        }
}

static void a_long_value_is_cut(void **state) {
        cleanup_(text_deinit) struct text t;
        char value[1000];

        (void)state;
        memset(value, 'x', sizeof(value));
        text_init(&t);
        exposition_number(&t, "n", LABELS({ "l", { value, sizeof(value) } }), 1);
        assert_true(t.n < 250);
        assert_int_equal(t.p[t.n - 1], '\n');
}

static void buckets_add_up(void **state) {
        static const struct histogram_scale scale = { .bounds = { 10, 2500, 1000000 }, .n = 3, .unit = 1000000 };
        cleanup_(text_deinit) struct text t;
        struct histogram h = { 0 };

        (void)state;
        text_init(&t);
        histogram_add(&h, &scale, 0);
        histogram_add(&h, &scale, 10); /* a bound lies below itself */
        histogram_add(&h, &scale, 11);
        histogram_add(&h, &scale, 1000000);
        histogram_add(&h, &scale, 1000001);
        exposition_histogram(&t, "d_seconds", LABELS({ "of", STR_C("x") }), &h, &scale);
        assert_string_equal(t.p, "d_seconds_bucket{of=\"x\",le=\"0.00001\"} 2\n"
                                 "d_seconds_bucket{of=\"x\",le=\"0.0025\"} 3\n"
                                 "d_seconds_bucket{of=\"x\",le=\"1\"} 4\n"
                                 "d_seconds_bucket{of=\"x\",le=\"+Inf\"} 5\n"
                                 "d_seconds_sum{of=\"x\"} 2.000022\n"
                                 "d_seconds_count{of=\"x\"} 5\n");
}

static void check_scale(const struct histogram_scale *scale) {
        assert_true(scale->n > 0 && scale->n <= HISTOGRAM_MOST);
        for (size_t i = 1; i < scale->n; ++i)
                assert_true(scale->bounds[i - 1] < scale->bounds[i]);
}

static void bounds_rise(void **state) {
        (void)state;
        check_scale(&histogram_durations);
        check_scale(&histogram_points);
}

static void want_of_memory_is_told(void **state) {
        char small[16];
        struct text t;

        (void)state;
        text_init_fixed(&t, small, sizeof(small));
        exposition_number(&t, "a_name_that_is_longer", LABELS({ "l", STR_C("v") }), 1);
        assert_true(t.failed);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_family_and_its_samples),
                cmocka_unit_test(foreign_text_is_escaped),
                cmocka_unit_test(a_long_value_is_cut),
                cmocka_unit_test(buckets_add_up),
                cmocka_unit_test(bounds_rise),
                cmocka_unit_test(want_of_memory_is_told),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
