#include "docksill/base/cleanup.h"
#include "manual/expected.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void knows_what_may_be_typed(void **state) {
        static const struct {
                const char *said, *words; /* words: with a blank behind each */
                bool files, command;
        } rows[] = {
                { NULL, "", false, false },
                { "", "", false, false },
                { "text|json", "text json ", false, false },
                { "audit|enforce-hard|enforce", "audit enforce-hard enforce ", false, false },
                { "FILE", "", true, false },
                { "FILE|-", "", true, false },
                { "[PATH…]", "", true, false },
                { "FOLDER|FILE", "", true, false },
                { "NAME|FILE", "development staging production lockdown ", true, false },
                { "NAME", "", false, false }, /* a container's, say */
                { "SEVERITY", "info low medium high critical ", false, false },
                { "SECONDS", "", false, false },
                { "YYYY-MM-DD", "", false, false },
                { "[CONTAINER…|--all] [FILE…]", "", true, false },
                { "[INSPECT-FILE…] | --shrink RECORDS… FILE", "", true, false },
                { "OLD NEW [PROFILE]", "", false, false },
                { "IMAGE|CONTAINER [-- COMMAND…]", "", false, true },
                { "FILE|-|DECISION-ID|-- CLIENT [ARGUMENT…]", "", true, true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct expected e;
                char words[256] = "";

                expected_read(&e, rows[i].said);
                for (size_t k = 0; k < e.n; ++k) {
                        strncat(words, e.words[k].p, e.words[k].n);
                        strcat(words, " ");
                }
                assert_string_equal(words, rows[i].words);
                assert_int_equal(e.files, rows[i].files);
                assert_int_equal(e.command, rows[i].command);
        }
}

static void leaves_out_what_is_too_much(void **state) {
        struct expected e;

        (void)state;
        expected_read(&e, "a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r");
        assert_int_equal(e.n, EXPECTED_WORDS);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(knows_what_may_be_typed),
                cmocka_unit_test(leaves_out_what_is_too_much),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
