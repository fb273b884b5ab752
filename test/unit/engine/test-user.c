#include "call.h"
#include "read/user.h"

static void only_a_number_above_zero_is_provably_not_root(void **state) {
        static const struct {
                const char *user;
                enum user_root root;
                bool group_root;
        } rows[] = {
                { "", USER_UNNAMED },
                { "0", USER_ROOT },
                { "00", USER_ROOT },
                { "+0", USER_ROOT },
                { "-0", USER_ROOT },
                { " 0", USER_ROOT },
                { "0\n", USER_ROOT },
                { "\v0\f", USER_ROOT },
                { "root", USER_ROOT },
                { "0:5", USER_ROOT },
                { "000:0", USER_ROOT, true },
                { ":5", USER_UNNAMED },
                { ":0", USER_UNNAMED, true },
                { "1", USER_OTHER },
                { "+1", USER_OTHER },
                { "10001:10001", USER_OTHER },
                { "10001:0", USER_OTHER, true },
                { "10001:root", USER_OTHER, true },
                { "10001:00:7", USER_OTHER, true },
                { "10001: 0", USER_OTHER },
                { "2147483647", USER_OTHER },
                { "2147483648", USER_NAMED },
                { "4294967296", USER_NAMED },
                { "99999999999999999999", USER_NAMED },
                { "-1", USER_NAMED },
                { "app", USER_NAMED },
                { "Root", USER_NAMED },
                { "1a", USER_NAMED },
                { "0x0", USER_NAMED },
                { "1e3", USER_NAMED },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                if (user_root(str_from(rows[i].user)) != rows[i].root)
                        fail_msg("\"%s\"", rows[i].user);
                if (user_group_root(str_from(rows[i].user)) != rows[i].group_root)
                        fail_msg("group of \"%s\"", rows[i].user);
        }
}

static void a_fact_says_that_of_a_name_nobody_knows(void **state) {
        static const struct {
                const char *user, *word;
                enum fact_state state;
        } rows[] = {
                { "", "yes", FACT_KNOWN },   { ":5", "yes", FACT_KNOWN },        { "root", "yes", FACT_KNOWN },
                { "5:0", "no", FACT_KNOWN }, { "app", "unknown", FACT_UNKNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct fact_word cell = user_root_cell(str_from(rows[i].user));

                assert_str(cell.value, rows[i].word);
                assert_int_equal(cell.head.state, rows[i].state);
                assert_str(word_str(user_root_word(str_from(rows[i].user))), rows[i].word);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(only_a_number_above_zero_is_provably_not_root),
                cmocka_unit_test(a_fact_says_that_of_a_name_nobody_knows),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
