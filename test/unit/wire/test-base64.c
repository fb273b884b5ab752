#include "docksill/wire/base64.h"

#include "exact.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void decodes_each_ending(void **state) {
        static const struct { struct str text, bytes; } rows[] = {
                { STR(""), STR("") },
                { STR("Zg=="), STR("f") },
                { STR("Zm8="), STR("fo") },
                { STR("Zm9v"), STR("foo") },
                { STR("Zm9vYg=="), STR("foob") },
                { STR("Zm9vYmE="), STR("fooba") },
                { STR("Zm9vYmFy"), STR("foobar") },
                { STR("+/+/"), STR("\xfb\xff\xbf") },
                { STR("AAAAAAAA"), STR("\0\0\0\0\0\0") },
                { STR("//////////////8="), STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff") },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(exact_free) struct str text = exact(rows[i].text);
                cleanup_(freep) char *to = malloc(base64_size(text.n));
                size_t n = SIZE_MAX;

                assert_int_equal(base64_decode(to, &n, text), 0);
                assert_int_equal(n, rows[i].bytes.n);
                if (n > 0)
                        assert_memory_equal(to, rows[i].bytes.p, n);
        }
}

static void takes_one_spelling_only(void **state) {
        static const struct str rows[] = {
                STR("Z"), STR("Zg"), STR("Zg="), STR("Zm9"), STR("Zm9v="), STR("="), STR("===="), STR("Z==="),
                STR("Zh=="), STR("Zm9="), STR("Zg==Zg=="), STR("Zm=v"), STR("Zm9v\n"), STR("Zm9v\n\n\n\n"), STR(" Zm9"),
                STR("-_-_"), STR("Zm9\0"), STR("Zm9\xff"), STR("Zm9vYm\nFyYmF6"), STR("Zg==    "),
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(exact_free) struct str text = exact(rows[i]);
                cleanup_(freep) char *to = malloc(base64_size(text.n));
                size_t n = 4711;

                if (base64_decode(to, &n, text) != -EINVAL || n != 4711)
                        fail_msg("row %zu", i);
        }
}

static size_t encode(char *to, const unsigned char *from, size_t n) {
        static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        size_t m = 0;

        for (size_t i = 0; i < n; i += 3) {
                uint32_t v = (uint32_t)from[i] << 16 | (uint32_t)(i + 1 < n ? from[i + 1] : 0) << 8 |
                             (i + 2 < n ? from[i + 2] : 0);

                to[m++] = alphabet[v >> 18];
                to[m++] = alphabet[v >> 12 & 63];
                to[m++] = i + 1 < n ? alphabet[v >> 6 & 63] : '=';
                to[m++] = i + 2 < n ? alphabet[v & 63] : '=';
        }
        return m;
}

static void what_was_encoded_comes_back_and_any_change_shows(void **state) {
        uint64_t seed = 1;

        (void)state;
        for (int round = 0; round < 3000; ++round) {
                unsigned char bytes[200];
                char text[300], spoilt;
                size_t n = dice(&seed, sizeof(bytes)), at, m, got = 0;
                cleanup_(exact_free) struct str copy = { 0 };
                cleanup_(freep) char *to = NULL;

                for (size_t i = 0; i < n; ++i)
                        bytes[i] = (unsigned char)dice(&seed, 256);
                m = encode(text, bytes, n);
                copy = exact((struct str){ text, m });
                to = malloc(base64_size(m));
                assert_int_equal(base64_decode(to, &got, copy), 0);
                assert_int_equal(got, n);
                assert_true(n == 0 || memcmp(to, bytes, n) == 0);
                if (m == 0)
                        continue;

                at = dice(&seed, m);
                spoilt = (char)dice(&seed, 256);
                if (spoilt == text[at])
                        continue;
                ((char *)copy.p)[at] = spoilt;
                if (base64_decode(to, &got, copy) == 0) {
                        char again[300];

                        assert_int_equal(encode(again, (const unsigned char *)to, got), m);
                        assert_memory_equal(again, copy.p, m);
                }
        }
}

static int six_bits_of(unsigned char c) {
        static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        const char *at = c ? strchr(alphabet, c) : NULL;

        return at ? (int)(at - alphabet) : -1;
}

/* However many characters are decoded in a step, each place of it takes each byte for what it is. */
static void every_byte_at_every_place_of_a_long_text(void **state) {
        (void)state;
        for (size_t at = 0; at < 96; ++at)
                for (unsigned c = 0; c < 256; ++c) {
                        char text[100], bytes[75];
                        size_t n = 0;
                        int six = six_bits_of((unsigned char)c);

                        memset(text, 'A', sizeof(text));
                        text[at] = (char)c;
                        assert_int_equal(base64_decode(bytes, &n, (struct str){ text, sizeof(text) }), six < 0 ? -EINVAL : 0);
                        if (six < 0)
                                continue;
                        assert_int_equal(n, sizeof(bytes));
                        for (size_t i = 0; i < 8 * sizeof(bytes); ++i) {
                                int wanted = i / 6 == at ? six >> (5 - i % 6) & 1 : 0;

                                assert_int_equal((unsigned char)bytes[i / 8] >> (7 - i % 8) & 1, wanted);
                        }
                }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(decodes_each_ending),
                cmocka_unit_test(takes_one_spelling_only),
                cmocka_unit_test(every_byte_at_every_place_of_a_long_text),
                cmocka_unit_test(what_was_encoded_comes_back_and_any_change_shows),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
