#include "switch/unconfirmed.h"

#include "../rules/folder.h"

static void a_time_has_bounds(void **state) {
        static const struct {
                const char *text;
                unsigned seconds; /* 0: none */
        } rows[] = {
                { "120s", 120 }, { "2m", 120 },   { "90", 90 },
                { "5", 5 },      { "60m", 3600 }, { "4s", 0 },
                { "61m", 0 },    { "", 0 },       { "s", 0 },
                { "m", 0 },      { "-5m", 0 },    { "1h", 0 },
                { "5s5", 0 },    { "3601", 0 },   { "9223372036854775807m", 0 },
                { "0x10", 0 },   { "1.5m", 0 },   { "153722867280912931m", 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                unsigned seconds = 0;
                bool is = unconfirmed_time(rows[i].text, &seconds);

                if (is != (rows[i].seconds > 0) || (is && seconds != rows[i].seconds))
                        fail_msg("%s: %u", rows[i].text, seconds);
        }
}

static void only_the_word_that_waits_is_undone(void **state) {
        struct folder f;
        struct registration r = { .root = "" };

        (void)state;
        folder_init(&f);
        r.state = f.path;
        assert_false(unconfirmed_waits(&r, NULL));
        assert_int_equal(unconfirmed_end(&r), -ENOENT);
        folder_write(&f, "unconfirmed", "0123456789abcdef 17\n");
        assert_true(unconfirmed_waits(&r, NULL));
        assert_true(unconfirmed_waits(&r, "0123456789abcdef"));
        assert_false(unconfirmed_waits(&r, "0123456789abcdee"));
        assert_int_equal(unconfirmed_until(&r), 17);
        folder_write(&f, "unconfirmed", "0123456789abcde 17\n");
        assert_false(unconfirmed_waits(&r, NULL));
        folder_write(&f, "unconfirmed", "0123456789abcdefg 17\n");
        assert_false(unconfirmed_waits(&r, NULL));
        folder_write(&f, "unconfirmed", "0123456789abcdef\n");
        assert_false(unconfirmed_waits(&r, NULL));
        assert_int_equal(unconfirmed_end(&r), 0);
        assert_false(unconfirmed_waits(&r, NULL));
        folder_deinit(&f);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_time_has_bounds),
                cmocka_unit_test(only_the_word_that_waits_is_undone),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
