#include <jansson.h>

#include "docksill/wire/json.h"

#include "docksill/base/text.h"
#include "exact.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LIMIT ((size_t)1 << 20)

static void knows_every_token(void **state) {
        static const enum json_token wanted[] = {
                TOKEN_OBJECT, TOKEN_STRING, TOKEN_COLON, TOKEN_ARRAY, TOKEN_TRUE, TOKEN_COMMA, TOKEN_FALSE, TOKEN_COMMA,
                TOKEN_NULL, TOKEN_COMMA, TOKEN_NUMBER, TOKEN_ARRAY_END, TOKEN_OBJECT_END, TOKEN_END, TOKEN_END,
        };
        cleanup_(exact_free) struct str text = exact(STR_C(" {\"a\"\t:\r\n[true ,false,null,-1.5e+3] } "));
        struct arena a;
        struct json j;

        (void)state;
        arena_init(&a, LIMIT);
        json_init(&j, &a, text);
        for (size_t i = 0; i < ARRAY_SIZE(wanted); ++i) {
                assert_int_equal(json_next(&j), wanted[i]);
                if (wanted[i] == TOKEN_NUMBER)
                        assert_true(str_eqz(j.text, "-1.5e+3"));
        }
        assert_int_equal(a.used, 0);
        arena_deinit(&a);
}

static void decodes_strings_as_go_does(void **state) {
        static const struct { struct str json, s; bool bad_utf8, nul; } rows[] = {
                { STR("\"\""), STR("") },
                { STR("\"plain text of more than sixteen bytes\""), STR("plain text of more than sixteen bytes") },
                { STR("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), STR("\"\\/\b\f\n\r\t") },
                { STR("\"\\u0041\\u00e9\\u20AC\""), STR("A\xc3\xa9\xe2\x82\xac") },
                { STR("\"\\ud83d\\ude00\""), STR("\xf0\x9f\x98\x80") },
                { STR("\"\xf0\x9f\x98\x80\x7f\""), STR("\xf0\x9f\x98\x80\x7f") },
                { STR("\"\\u0000\""), STR("\0"), false, true },
                { STR("\"\\ud800\""), STR("\xef\xbf\xbd"), true },
                { STR("\"\\ud800\\u0041\""), STR("\xef\xbf\xbd" "A"), true },
                { STR("\"\\ud800\\ud800\\udc00\""), STR("\xef\xbf\xbd\xf0\x90\x80\x80"), true },
                { STR("\"\\udc00x\""), STR("\xef\xbf\xbdx"), true },
                { STR("\"\\ud800\\n\""), STR("\xef\xbf\xbd\n"), true },
                { STR("\"a\xff" "b\xc3\""), STR("a\xef\xbf\xbd" "b\xef\xbf\xbd"), true },
                { STR("\"\xed\xa0\x80\""), STR("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"), true },
                { STR("\"\xef\xbf\xbd\\ufffd\""), STR("\xef\xbf\xbd\xef\xbf\xbd") },
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(exact_free) struct str text = exact(rows[i].json);
                struct json j;

                json_init(&j, &a, text);
                assert_int_equal(json_next(&j), TOKEN_STRING);
                assert_true(str_eq(j.text, rows[i].s));
                assert_int_equal(j.bad_utf8, rows[i].bad_utf8);
                assert_int_equal(j.nul, rows[i].nul);
                assert_int_equal(json_next(&j), TOKEN_END);
                assert_false(j.bad_utf8 || j.nul);
        }
        arena_deinit(&a);
}

/* The end of a string is looked for in steps of 16 and 64 bytes: every length and every place in them. */
static void finds_what_is_special_wherever_it_stands(void **state) {
        static const char special[] = { '"', '\\', '\n', '\x1f', '\xff', '\0' };
        char buffer[302];
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t n = 0; n < 299; ++n)
                for (size_t i = 0; i < sizeof(special); ++i) {
                        struct str text = { buffer, 302 };
                        cleanup_(exact_free) struct str copy = { 0 };
                        enum json_token token;
                        struct json j;

                        memset(buffer, 'x', sizeof(buffer));
                        buffer[0] = '"';
                        buffer[n + 1] = special[i];
                        buffer[301] = '"';
                        copy = exact(text);
                        json_init(&j, &a, copy);
                        token = json_next(&j);
                        if (special[i] == '"') {
                                assert_int_equal(token, TOKEN_STRING);
                                assert_int_equal(j.text.n, n);
                        } else if (special[i] == '\xff') {
                                assert_int_equal(token, TOKEN_STRING);
                                assert_true(j.bad_utf8);
                                assert_int_equal(j.text.n, 299 + 3);
                        } else {
                                assert_int_equal(token, TOKEN_ERROR);
                                assert_ptr_equal(j.at, copy.p + n + 1);
                        }
                        arena_reset(&a);
                }
        arena_deinit(&a);
}

static void refuses_what_is_no_token(void **state) {
        static const struct str rows[] = {
                STR("\""), STR("\"a"), STR("\"\\"), STR("\"\\\""), STR("\"\\x\""), STR("\"\\u123\""), STR("\"\\u12g4\""),
                STR("\"\\U0041\""), STR("\"\\u\""), STR("\"\n\""), STR("\"\x1f\""), STR("\"\0\""), STR("'a'"),
                STR("-"), STR("-a"), STR("+1"), STR(".5"), STR("1."), STR("1.e3"), STR("1e"), STR("1e+"), STR("-."),
                STR("tru"), STR("True"), STR("nul"), STR("NaN"), STR("Infinity"), STR("\xef\xbb\xbf{}"), STR("\f"),
                STR("\v"), STR("\xc2\xa0"), STR("/* */"), STR("//"), STR("\0"), STR("a"),
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(exact_free) struct str text = exact(rows[i]);
                struct json j;

                json_init(&j, &a, text);
                if (json_next(&j) != TOKEN_ERROR || j.no_memory)
                        fail_msg("row %zu", i);
        }
        arena_deinit(&a);
}

static int skip_whole(struct str text, struct json *j, struct arena *a) {
        enum json_token token;
        int r;

        json_init(j, a, text);
        token = json_next(j);
        r = json_skip(j, token, 0, 1000);
        if (r == 0 && json_next(j) != TOKEN_END)
                r = -EEXIST;
        return r;
}

static void passes_over_values_and_checks_them(void **state) {
        static const struct { struct str text; int r; } rows[] = {
                { STR("{}"), 0 }, { STR("[]"), 0 }, { STR("[[],{},[{}]]"), 0 }, { STR("1"), 0 }, { STR("\"a\""), 0 },
                { STR("{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":-0}"), 0 },
                { STR(" [ 1 , 2 ] "), 0 },
                { STR(""), -EINVAL }, { STR("["), -EINVAL }, { STR("{"), -EINVAL }, { STR("[}"), -EINVAL },
                { STR("{]"), -EINVAL }, { STR("[1,]"), -EINVAL }, { STR("[,1]"), -EINVAL }, { STR("[1 2]"), -EINVAL },
                { STR("{\"a\"}"), -EINVAL }, { STR("{\"a\":}"), -EINVAL }, { STR("{\"a\":1,}"), -EINVAL },
                { STR("{1:2}"), -EINVAL }, { STR("{\"a\" 1}"), -EINVAL }, { STR("{\"a\":1 \"b\":2}"), -EINVAL },
                { STR("{,}"), -EINVAL }, { STR("[[1]"), -EINVAL }, { STR("{\"a\":[1}"), -EINVAL }, { STR(","), -EINVAL },
                { STR("]"), -EINVAL }, { STR(":"), -EINVAL }, { STR("[01]"), -EINVAL }, { STR("[\"\\q\"]"), -EINVAL },
                { STR("{} {}"), -EEXIST }, { STR("1 1"), -EEXIST }, { STR("{}]"), -EEXIST },
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(exact_free) struct str text = exact(rows[i].text);
                struct json j;
                int r = skip_whole(text, &j, &a);

                if (r != rows[i].r)
                        fail_msg("\"%" STR_FMT "\" yields %d", STR_ARG(rows[i].text), r);
        }
        arena_deinit(&a);
}

static void sees_bad_strings_in_what_it_passes_over(void **state) {
        static const struct { struct str text; bool bad_utf8, nul; } rows[] = {
                { STR("[\"\\n\\u0041\\ud83d\\ude00\"]") },
                { STR("[{\"a\":[\"\\u0000\"]},1]"), false, true },
                { STR("[{\"\xff\":1},\"b\"]"), true, false },
                { STR("\"\\u0000\\ud800\""), true, true },
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct json j;

                json_init(&j, &a, rows[i].text);
                assert_int_equal(json_skip(&j, json_next(&j), 0, 1000), 0);
                assert_int_equal(j.bad_utf8, rows[i].bad_utf8);
                assert_int_equal(j.nul, rows[i].nul);
        }
        arena_deinit(&a);
}

static void depth_is_bounded_to_the_level(void **state) {
        static char text[200000];
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t depth = 1; depth <= 1001; depth += 250) {
                struct json j;

                for (unsigned mixed = 0; mixed < 2; ++mixed) {
                        struct text t;

                        text_init_fixed(&t, text, sizeof(text));
                        for (size_t i = 0; i < depth; ++i)
                                text_addz(&t, mixed && i % 2 ? "{\"a\":" : "[");
                        text_add_char(&t, '1');
                        for (size_t i = depth; i-- > 0;)
                                text_addz(&t, mixed && i % 2 ? "}" : "]");
                        assert_int_equal(skip_whole(text_str(&t), &j, &a), depth > 1000 ? -ELOOP : 0);
                }
        }
        memset(text, '[', sizeof(text));
        {
                struct json j;

                assert_int_equal(skip_whole((struct str){ text, sizeof(text) }, &j, &a), -ELOOP);
                json_init(&j, &a, STR_C("[[1]]"));
                assert_int_equal(json_skip(&j, json_next(&j), 8, 10), 0);
                json_init(&j, &a, STR_C("[[1]]"));
                assert_int_equal(json_skip(&j, json_next(&j), 9, 10), -ELOOP);
        }
        arena_deinit(&a);
}

static void a_full_arena_is_an_error_of_its_own(void **state) {
        struct arena none;
        struct json j;

        (void)state;
        arena_init(&none, 0);
        json_init(&j, &none, STR_C("\"needs no memory\" \"\\n\""));
        assert_int_equal(json_next(&j), TOKEN_STRING);
        assert_int_equal(json_next(&j), TOKEN_ERROR);
        assert_true(j.no_memory);
        json_init(&j, &none, STR_C("[\"\\n\"]")); /* passing over needs none */
        assert_int_equal(json_skip(&j, json_next(&j), 0, 10), 0);
}

static void what_we_write_we_read(void **state) {
        uint64_t seed = 2;

        (void)state;
        for (int round = 0; round < 2000; ++round) {
                static const char *const pieces[] = { "a", "\"", "\\", "\n", "\xc3\xa9", "\xe2\x80\xa8", "\x7f",
                                                      "\xf0\x9f\x98\x80", "/", "\xc2\x85", "0123456789abcdef" };
                struct text plain, json;
                struct arena a;
                struct json j;

                arena_init(&a, LIMIT);
                text_init(&plain);
                text_init(&json);
                text_addz(&plain, "");
                for (size_t n = dice(&seed, 20); n > 0; --n)
                        text_addz(&plain, pieces[dice(&seed, ARRAY_SIZE(pieces))]);
                text_add_json(&json, text_str(&plain));
                json_init(&j, &a, text_str(&json));
                assert_int_equal(json_next(&j), TOKEN_STRING);
                assert_true(str_eq(j.text, text_str(&plain)));
                assert_false(j.bad_utf8);
                assert_int_equal(json_next(&j), TOKEN_END);
                text_deinit(&plain);
                text_deinit(&json);
                arena_deinit(&a);
        }
}

/* Any bytes at all become one JSON string, without a raw control byte. */
static void any_bytes_become_a_string(void **state) {
        uint64_t seed = 3;

        (void)state;
        for (int round = 0; round < 2000; ++round) {
                char bytes[64];
                size_t n = dice(&seed, sizeof(bytes));
                cleanup_(exact_free) struct str s = { 0 };
                struct text json;
                struct arena a;
                struct json j;

                for (size_t i = 0; i < n; ++i)
                        bytes[i] = (char)dice(&seed, 256);
                s = exact((struct str){ bytes, n });
                arena_init(&a, LIMIT);
                text_init(&json);
                text_add_json(&json, s);
                json_init(&j, &a, text_str(&json));
                assert_int_equal(json_next(&j), TOKEN_STRING);
                assert_false(j.bad_utf8);
                assert_int_equal(json_next(&j), TOKEN_END);
                for (size_t i = 0; i < json.n; ++i)
                        assert_true((unsigned char)json.p[i] >= 0x20 && json.p[i] != 0x7f);
                text_deinit(&json);
                arena_deinit(&a);
        }
}

/* A second reader judges damaged texts: both must agree on what is JSON. jansson takes neither bad UTF-8 nor half pairs. */
static void agrees_with_another_reader_on_damaged_texts(void **state) {
        static const struct str whole = STR(
                "{\"Image\":\"x\\u00e9\\ud83d\\ude00\",\"HostConfig\":{\"Binds\":[\"/a:/b\",\"\\n\"],\"Memory\":-12.5e1,"
                "\"Init\":true,\"PidsLimit\":null,\"x\":[{},[],false,0]} , \"\xc3\xa9\":\"\xe2\x82\xac\"}");
        static const char alphabet[] = "{}[]:,\"\\u0123eE+-. tfn\n\x01\xc3\xff";
        size_t agreed[2] = { 0 };
        uint64_t seed = 4;
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (int round = 0; round < 20000; ++round) {
                cleanup_(exact_free) struct str text = exact(whole);
                char *p = (char *)text.p;
                json_error_t error;
                json_t *theirs;
                struct json j;
                int ours;

                for (size_t n = dice(&seed, 3); n > 0; --n)
                        p[dice(&seed, text.n)] = alphabet[dice(&seed, sizeof(alphabet) - 1)];
                if (dice(&seed, 8) == 0)
                        text.n = dice(&seed, text.n);
                theirs = json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
                json_init(&j, &a, text);
                ours = json_skip(&j, json_next(&j), 0, 1000);
                if (ours == 0 && j.bad_utf8)
                        ours = -EILSEQ;
                if (ours == 0 && json_next(&j) != TOKEN_END)
                        ours = -EEXIST;
                if ((ours == 0) != (theirs != NULL) && json_error_code(&error) != json_error_numeric_overflow)
                        fail_msg("%d, \"%s\": %" STR_FMT, ours, theirs ? "fine" : error.text, STR_ARG(text));
                ++agreed[ours == 0];
                json_decref(theirs);
                arena_reset(&a);
        }
        assert_true(agreed[0] > 5000 && agreed[1] > 5000);
        arena_deinit(&a);
}

/* -- escapes, held against a reader that takes one byte after the other, as Go's unquote does -- */

struct reference {
        char text[1024];
        size_t n, read; /* bytes written; bytes of the input, with both quotes */
        bool bad_utf8, nul, wrong;
};

static void reference_add(struct reference *r, uint32_t c) {
        char *to = r->text + r->n;

        assert_true(r->n + 4 <= sizeof(r->text));
        if (c < 0x80) {
                to[0] = (char)c;
                r->n += 1;
        } else if (c < 0x800) {
                to[0] = (char)(0xc0 | c >> 6);
                to[1] = (char)(0x80 | (c & 0x3f));
                r->n += 2;
        } else if (c < 0x10000) {
                to[0] = (char)(0xe0 | c >> 12);
                to[1] = (char)(0x80 | (c >> 6 & 0x3f));
                to[2] = (char)(0x80 | (c & 0x3f));
                r->n += 3;
        } else {
                to[0] = (char)(0xf0 | c >> 18);
                to[1] = (char)(0x80 | (c >> 12 & 0x3f));
                to[2] = (char)(0x80 | (c >> 6 & 0x3f));
                to[3] = (char)(0x80 | (c & 0x3f));
                r->n += 4;
        }
}

static void reference_bad(struct reference *r) {
        r->bad_utf8 = true;
        reference_add(r, 0xfffd);
}

/* Four digits at @at, or -1. */
static long reference_hex(struct str s, size_t at) {
        long v = 0;

        for (size_t i = at; i < at + 4; ++i) {
                static const char digits[] = "0123456789abcdef";
                const char *digit = i < s.n && s.p[i]
                                            ? strchr(digits, s.p[i] >= 'A' && s.p[i] <= 'F' ? s.p[i] + 32 : s.p[i])
                                            : NULL;

                if (!digit)
                        return -1;
                v = v * 16 + (digit - digits);
        }
        return v;
}

/* The bytes of a sequence of UTF-8 at @at as RFC 3629 has them; 0: none begins there. */
static size_t reference_sequence(struct str s, size_t at, uint32_t *c) {
        static const struct {
                unsigned char mask, head;
                size_t n;
                uint32_t least;
        } forms[] = { { 0xe0, 0xc0, 2, 0x80 }, { 0xf0, 0xe0, 3, 0x800 }, { 0xf8, 0xf0, 4, 0x10000 } };
        unsigned char first = (unsigned char)s.p[at];

        for (size_t f = 0; f < ARRAY_SIZE(forms); ++f) {
                if ((first & forms[f].mask) != forms[f].head || at + forms[f].n > s.n)
                        continue;
                *c = first & (unsigned char)~forms[f].mask;
                for (size_t i = 1; i < forms[f].n; ++i) {
                        unsigned char next = (unsigned char)s.p[at + i];

                        if ((next & 0xc0) != 0x80)
                                return 0;
                        *c = *c << 6 | (next & 0x3f);
                }
                return *c < forms[f].least || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff) ? 0 : forms[f].n;
        }
        return 0;
}

static size_t reference_escape(struct reference *r, struct str s, size_t at) {
        static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
        const char *letter = at + 1 < s.n && s.p[at + 1] ? strchr(letters, s.p[at + 1]) : NULL;
        long c, low;

        if (letter) {
                reference_add(r, (unsigned char)meant[letter - letters]);
                return 2;
        }
        c = at + 1 < s.n && s.p[at + 1] == 'u' ? reference_hex(s, at + 2) : -1;
        if (c < 0) {
                r->wrong = true;
                return 1;
        }
        r->nul = r->nul || c == 0;
        if (c < 0xd800 || c > 0xdfff) {
                reference_add(r, (uint32_t)c);
                return 6;
        }
        low = at + 7 < s.n && s.p[at + 6] == '\\' && s.p[at + 7] == 'u' ? reference_hex(s, at + 8) : -1;
        if (c < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
                reference_add(r, 0x10000 + (uint32_t)((c - 0xd800) << 10 | (low - 0xdc00)));
                return 12;
        }
        reference_bad(r);
        return 6;
}

/* @s begins with a quote. */
static void reference_read(struct reference *r, struct str s) {
        size_t i = 1;

        *r = (struct reference){ 0 };
        while (!r->wrong && i < s.n && s.p[i] != '"') {
                unsigned char byte = (unsigned char)s.p[i];
                uint32_t c = byte;
                size_t n = 1;

                if (byte < 0x20) {
                        r->wrong = true;
                } else if (byte == '\\') {
                        n = reference_escape(r, s, i);
                } else if (byte < 0x80) {
                        reference_add(r, c);
                } else {
                        n = reference_sequence(s, i, &c);
                        if (n)
                                reference_add(r, c);
                        else
                                reference_bad(r);
                        n = n ? n : 1;
                }
                i += n;
        }
        r->wrong = r->wrong || i >= s.n;
        r->read = i + 1;
}

/* Both readers, and the one that passes over, on one text that begins with a quote. Returns whether it is a string. */
static bool agree(struct str text, struct arena *a) {
        cleanup_(exact_free) struct str copy = exact(text);
        struct reference wanted;
        struct json j, passed;
        enum json_token token;

        reference_read(&wanted, text);
        json_init(&j, a, copy);
        token = json_next(&j);
        if (token != (wanted.wrong ? TOKEN_ERROR : TOKEN_STRING))
                fail_msg("%s: \"%" STR_FMT "\"", wanted.wrong ? "is none" : "is a string", STR_ARG(text));
        json_init(&passed, a, copy);
        if (wanted.wrong)
                return false;
        if (!str_eq(j.text, (struct str){ wanted.text, wanted.n }) || j.bad_utf8 != wanted.bad_utf8 ||
            j.nul != wanted.nul || (size_t)(j.at - copy.p) != wanted.read)
                fail_msg("\"%" STR_FMT "\" is \"%" STR_FMT "\"", STR_ARG(text), STR_ARG(j.text));
        assert_int_equal(json_skip(&passed, json_next(&passed), 0, 10), 0);
        assert_ptr_equal(passed.at, j.at);
        assert_int_equal(passed.bad_utf8, wanted.bad_utf8);
        assert_int_equal(passed.nul, wanted.nul);
        return true;
}

static void escapes_in_a_row_are_read_one_by_one(void **state) {
        static const struct str rows[] = {
                STR("\"\\n\\n\\n\""),
                STR("\"\\n\\u0041\\n\""),
                STR("\"\\u0041\\u0042\\u0043x\""),
                STR("\"\\u0041\\n\\u0042\\t\\u0043\""),
                STR("\"\\\\n\""),
                STR("\"\\\\\\n\""),
                STR("\"\\\\\\\\\""),
                STR("\"\\\\\\\""), /* no end */
                STR("\"\\\"\""),
                STR("\"\\\"\\\"\""),
                STR("\"\\nx\\nx\\nx\\nx\""),
                STR("\"\\n1234567\\n12345678\\n123456789\\n\""),
                STR("\"\\n123456789012345\\n1234567890123456\\n12345678901234567\\n\""),
                STR("\"\xc3\xa4\\n\xc3\xa4\\u00e4\xc3\xa4\""),
                STR("\"\\n\xe2\x82\xac\\n\xf0\x9f\x98\x80\\n\""),
                STR("\"\\n\xff\\n\xc3\\n\xe2\x82\\n\xf0\x9f\x98\\n\""),
                STR("\"\xff\xff\xff\\u0041\""),
                STR("\"\xed\xa0\x80\\ud83d\\ude00\xed\xb0\x80\""),
                STR("\"\xc0\x80\xe0\x80\x80\xf0\x80\x80\x80\xf4\x90\x80\x80\xf8\x88\x80\x80\x80\""),
                STR("\"\\ud83d\\ude00\\n\\ud83d\\n\\ude00\""),
                STR("\"\\ud83d\xf0\x9f\x98\x80\""),
                STR("\"\\ud83d\\ud83d\\ude00\\ude00\""),
                STR("\"\\ud83d\\u0041\\ud83d\\\"\""),
                STR("\"\\ud83d\""),
                STR("\"\\ud83d\\\""),
                STR("\"\\ud83d\\u\""),
                STR("\"\\ud83d\\ude0\""),
                STR("\"\\ud83d\\ude0g\""),
                STR("\"\\uD83D\\uDE00\\uDbFf\\uDfFf\""),
                STR("\"\\u0000\\u0000\""),
                STR("\"\\u0000\\n\\u0000x\""),
                STR("\"\\u0001\\u001f\\u007f\\u0080\\u07ff\\u0800\\uffff\""),
                STR("\"\\u00e4x\\u20acx\\n\xc3\xa4\""),
                STR("\"\\n\n\""),
                STR("\"\\n\x1f\""),
                STR("\"\\n\0\""),
                STR("\"\\n\\x\""),
                STR("\"\\u0041\\'\""),
                STR("\"\\n\\\0\""),
                STR("\"\\n\\\xff\""),
                STR("\"\\n\\U0041\""),
                STR("\"\\u 041\""),
                STR("\"\\u-041\""),
                STR("\"\\u0x41\""),
                STR("\"\\n"),
                STR("\"\\"),
                STR("\"\\u004"),
                STR("\"\\u0041"),
                STR("\"\xc3"),
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                agree(rows[i], &a);
        arena_deinit(&a);
}

/* Runs of every length, which are looked through in steps of eight, sixteen and sixty-four bytes, between all that is
 * odd. */
static void escapes_letters_and_bytes_beyond_ascii_mix(void **state) {
        static const struct str pieces[] = {
                STR("\\n"),          STR("\\t"),
                STR("\\\\"),         STR("\\\""),
                STR("\\/"),          STR("\\u0041"),
                STR("\\u00e4"),      STR("\\u20AC"),
                STR("\\ud83d"),      STR("\\ude00"),
                STR("\\u0000"),      STR("\xc3\xa4"),
                STR("\xe2\x82\xac"), STR("\xf0\x9f\x98\x80"),
                STR("\xff"),         STR("\x80"),
                STR("\xe2\x82"),     STR("\xf0\x9f"),
                STR("\xed\xa0\x80"), STR("\x7f"),
        };
        static const struct str wrong[] = { STR("\\x"), STR("\\u12"), STR("\x01"), STR("\\"),
                                            STR("\""),  STR("\n"),    STR("\0") };
        static const char plain[] =
                "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/: {}[],-_.0123456789";
        size_t strings = 0, rounds = 40000;
        uint64_t seed = 5;
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t round = 0; round < rounds; ++round) {
                struct text t;

                text_init(&t);
                text_add_char(&t, '"');
                for (size_t n = dice(&seed, 12); n > 0; --n) {
                        text_add(&t, pieces[dice(&seed, ARRAY_SIZE(pieces))]);
                        if (dice(&seed, 3) == 0)
                                text_add(&t, (struct str){ plain, dice(&seed, dice(&seed, 4) ? 20 : sizeof(plain)) });
                        if (dice(&seed, 40) == 0)
                                text_add(&t, wrong[dice(&seed, ARRAY_SIZE(wrong))]);
                }
                if (dice(&seed, 20))
                        text_add_char(&t, '"');
                text_add(&t, (struct str){ plain, dice(&seed, sizeof(plain)) });
                strings += agree(text_str(&t), &a);
                text_deinit(&t);
                arena_reset(&a);
        }
        assert_true(strings > rounds / 2 && strings < rounds - rounds / 50);
        arena_deinit(&a);
}

/* -- how much is passed over -- */

static void values_passed_over_are_counted(void **state) {
        static const struct {
                const char *text;
                size_t values;
        } rows[] = {
                { "1", 1 },
                { "\"a\"", 1 },
                { "[]", 1 },
                { "{}", 1 },
                { "[1,2,3]", 4 },
                { "{\"a\":1,\"b\":2}", 3 },
                { "[[],[],{}]", 4 },
                { "{\"a\":[true,false,null],\"b\":{\"c\":\"d\"}}", 7 },
                { "[[[[[[1]]]]]]", 7 },
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct json j;

                json_init(&j, &a, str_from(rows[i].text));
                assert_int_equal(json_skip(&j, json_next(&j), 0, 100), 0);
                assert_int_equal(j.values, rows[i].values);
                for (size_t most = 0; most <= rows[i].values; ++most) {
                        json_init(&j, &a, str_from(rows[i].text));
                        j.most = most;
                        assert_int_equal(json_skip(&j, json_next(&j), 0, 100), most < rows[i].values ? -E2BIG : 0);
                }
        }
        arena_deinit(&a);
}

/* Of the whole text, however many pieces it is passed over in. */
static void what_was_passed_over_before_counts(void **state) {
        struct arena a;
        struct json j;

        (void)state;
        arena_init(&a, LIMIT);
        json_init(&j, &a, STR_C("[1,2] [3] 4 5"));
        j.most = 6;
        assert_int_equal(json_skip(&j, json_next(&j), 0, 100), 0);
        assert_int_equal(json_skip(&j, json_next(&j), 0, 100), 0);
        assert_int_equal(j.values, 5);
        assert_int_equal(json_skip(&j, json_next(&j), 0, 100), 0);
        assert_int_equal(json_skip(&j, json_next(&j), 0, 100), -E2BIG);
        json_init(&j, &a, STR_C("[1,2]"));
        j.values = 7; /* whoever else counts */
        j.most = 9;
        assert_int_equal(json_skip(&j, json_next(&j), 0, 100), -E2BIG);
        arena_deinit(&a);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(knows_every_token),
                cmocka_unit_test(decodes_strings_as_go_does),
                cmocka_unit_test(finds_what_is_special_wherever_it_stands),
                cmocka_unit_test(refuses_what_is_no_token),
                cmocka_unit_test(passes_over_values_and_checks_them),
                cmocka_unit_test(sees_bad_strings_in_what_it_passes_over),
                cmocka_unit_test(depth_is_bounded_to_the_level),
                cmocka_unit_test(a_full_arena_is_an_error_of_its_own),
                cmocka_unit_test(what_we_write_we_read),
                cmocka_unit_test(any_bytes_become_a_string),
                cmocka_unit_test(agrees_with_another_reader_on_damaged_texts),
                cmocka_unit_test(escapes_in_a_row_are_read_one_by_one),
                cmocka_unit_test(escapes_letters_and_bytes_beyond_ascii_mix),
                cmocka_unit_test(values_passed_over_are_counted),
                cmocka_unit_test(what_was_passed_over_before_counts),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
