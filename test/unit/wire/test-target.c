#include "docksill/wire/target.h"

#include "exact.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LIMIT ((size_t)1 << 20)

#define SET(flaw) (UINT64_C(1) << (flaw))

#define ESCAPE     SET(FLAW_TARGET_BAD_ESCAPE)
#define ABSOLUTE   SET(FLAW_TARGET_NOT_ABSOLUTE)
#define DOT        SET(FLAW_TARGET_DOT_SEGMENT)
#define SLASHES    SET(FLAW_TARGET_DOUBLE_SLASH)
#define FRAGMENT   SET(FLAW_TARGET_FRAGMENT)
#define SEMICOLON  SET(FLAW_TARGET_SEMICOLON)
#define CONTROL    SET(FLAW_TARGET_CONTROL_BYTE)
#define HIGH       SET(FLAW_TARGET_HIGH_BYTE)
#define VERSION    SET(FLAW_ODD_VERSION)

static void reads_the_path_dockerd_routes_on(void **state) {
        static const struct { struct str raw; uint64_t flaws; const char *path; unsigned version; } rows[] = {
                { STR("/"), 0, "/", 0 },
                { STR("/_ping"), 0, "/_ping", 0 },
                { STR("/version"), 0, "/version", 0 },
                { STR("/v1.47/containers/create?name=x"), 0, "/containers/create", 47 },
                { STR("/v1.5/info"), 0, "/info", 5 },
                { STR("/v1.999/info"), 0, "/info", 999 },
                { STR("/containers%2Fcreate"), 0, "/containers/create", 0 },
                { STR("/%63ontainers/%63reate"), 0, "/containers/create", 0 },
                { STR("/%76%31.41/info"), 0, "/info", 41 },
                { STR("/v1.41%2finfo"), 0, "/info", 41 },
                { STR("/%252e%252e/version"), 0, "/%2e%2e/version", 0 }, /* decoded once */
                { STR("/networks/"), 0, "/networks/", 0 },
                { STR("/networks/my%20net"), 0, "/networks/my net", 0 },
                { STR("/networks/a+b"), 0, "/networks/a+b", 0 }, /* + is a space in queries alone */
                { STR("/networks/%23%3F%3b;"), 0, "/networks/#?;;", 0 },
                { STR("/a?x=/.././/"), 0, "/a", 0 }, /* what is odd in a path is fine in a query */
                { STR("/a?"), 0, "/a", 0 },
                { STR("/a??b"), 0, "/a", 0 },
                { STR("/..a/b../.../.b"), 0, "/..a/b../.../.b", 0 },
                { STR("/v1.41/v1.41/info"), 0, "/v1.41/info", 41 }, /* one prefix, as in the router */
                { STR("/v1.41"), 0, "/v1.41", 0 },                  /* nothing behind it: no prefix */
                { STR("/v1.41x/info"), 0, "/v1.41x/info", 0 },
                { STR("/V1.41/info"), 0, "/V1.41/info", 0 },
                { STR("/v/info"), 0, "/v/info", 0 },

                { STR("/v1.041/info"), VERSION, "/info", 0 },
                { STR("/v1.41./info"), VERSION, "/info", 0 },
                { STR("/v01.41/info"), VERSION, "/info", 0 },
                { STR("/v1.41.0/info"), VERSION, "/info", 0 },
                { STR("/v1.0/info"), VERSION, "/info", 0 },
                { STR("/v1./info"), VERSION, "/info", 0 },
                { STR("/v1/info"), VERSION, "/info", 0 },
                { STR("/v2.41/info"), VERSION, "/info", 0 },
                { STR("/v1.1000/info"), VERSION, "/info", 0 },
                { STR("/v./info"), VERSION, "/info", 0 },
                { STR("/v%31.%30%34/info"), VERSION, "/info", 0 },

                { STR("/containers/%4"), ESCAPE, "", 0 },
                { STR("/containers/%"), ESCAPE, "", 0 },
                { STR("/containers/%zz/json"), ESCAPE, "", 0 },
                { STR("/containers/%2\0"), ESCAPE | CONTROL, "", 0 },
                { STR("/build?x=%zz&remote=r"), ESCAPE, "/build", 0 },
                { STR("/build?%4=1"), ESCAPE, "/build", 0 },

                { STR(""), ABSOLUTE, "", 0 },
                { STR("*"), ABSOLUTE, "", 0 },
                { STR("?x=1"), ABSOLUTE, "", 0 },
                { STR("containers/json"), ABSOLUTE, "", 0 },
                { STR("http://h/v1.41/info"), ABSOLUTE, "", 0 },
                { STR("%2Finfo"), ABSOLUTE, "", 0 },

                { STR("//info"), SLASHES, "//info", 0 },
                { STR("/a//b"), SLASHES, "/a//b", 0 },
                { STR("/a//"), SLASHES, "/a//", 0 },
                { STR("/a/%2Fb"), SLASHES, "/a//b", 0 },
                { STR("//v1.41/info"), SLASHES, "//v1.41/info", 0 },
                { STR("/v1.41//info"), SLASHES, "//info", 41 },
                { STR("/./info"), DOT, "/./info", 0 },
                { STR("/a/.."), DOT, "/a/..", 0 },
                { STR("/a/%2e%2E/b"), DOT, "/a/../b", 0 },
                { STR("/a%2f.%2fb"), DOT, "/a/./b", 0 },
                { STR("/v1.41/../info"), DOT, "/../info", 41 },
                { STR("/.//"), DOT | SLASHES, "/.//", 0 },

                { STR("/info#"), FRAGMENT, "/info#", 0 },
                { STR("/services/create?#%"), FRAGMENT | ESCAPE, "/services/create", 0 },
                { STR("/build?a=1;b=2"), SEMICOLON, "/build", 0 },
                { STR("/build?;"), SEMICOLON, "/build", 0 },

                { STR("/a b"), CONTROL, "/a b", 0 },
                { STR("/a\\b"), CONTROL, "/a\\b", 0 },
                { STR("/a%5cb"), CONTROL, "/a\\b", 0 },
                { STR("/a%0ab"), CONTROL, "/a\nb", 0 },
                { STR("/a%7f"), CONTROL, "/a\x7f", 0 },
                { STR("/info?a=\n"), CONTROL, "/info", 0 },
                { STR("/info?a=\x7f"), CONTROL, "/info", 0 },
                { STR("/info?a=\\"), CONTROL, "/info", 0 },
                { STR("/info?a=%00%0a%5c"), 0, "/info", 0 },
                { STR("/a\xc3\xa9"), HIGH, "/a\xc3\xa9", 0 },
                { STR("/a?\xef\xbf\xbd"), HIGH, "/a", 0 },
                { STR("/a%c3%a9"), 0, "/a\xc3\xa9", 0 },
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(exact_free) struct str raw = exact(rows[i].raw);
                struct flaws flaws = { 0 };
                struct target t;

                assert_int_equal(target_parse(&t, &a, &flaws, raw), 0);
                if (flaws.set != rows[i].flaws || !str_eqz(t.path, rows[i].path) || t.version != rows[i].version)
                        fail_msg("%s: path \"%" STR_FMT "\", version %u, flaws %llx", rows[i].raw.p, STR_ARG(t.path),
                                 t.version, (unsigned long long)flaws.set);
        }
        arena_deinit(&a);
}

static void a_nul_in_the_path_is_seen(void **state) {
        struct flaws flaws = { 0 };
        struct target t;
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        assert_int_equal(target_parse(&t, &a, &flaws, STR_C("/info%00")), 0);
        assert_int_equal(flaws.set, CONTROL);
        assert_true(str_eq(t.path, STR_C("/info\0")));
        arena_deinit(&a);
}

static void reads_the_query_as_parse_query_of_go_does(void **state) {
        static const struct { const char *raw; size_t n; const char *key, *value; } rows[] = {
                { "/x?a=1&b=2", 2, "b", "2" },
                { "/x?a=1&a=2", 2, "a", "1" }, /* the first counts */
                { "/x?a", 1, "a", "" },
                { "/x?a=", 1, "a", "" },
                { "/x?a=b=c", 1, "a", "b=c" },
                { "/x?a=b+c%2B%20d", 1, "a", "b c+ d" },
                { "/x?a%3Db=c", 1, "a=b", "c" },
                { "/x?a+b=c", 1, "a b", "c" },
                { "/x?&&a=1&&", 1, "a", "1" },
                { "/x?=v", 1, "", "v" },
                { "/x?a?=1", 1, "a?", "1" },
                { "/x?A=1", 1, "a", NULL }, /* case counts */
                { "/x", 0, "a", NULL },
                { "/x?", 0, "", NULL },
                { "/x?b=%zz&a=1", 1, "a", "1" }, /* /build goes on without the bad pair, and so do we */
                { "/x?fil=%7B%22a%22%3A%5B%22%25%22%5D%7D", 1, "fil", "{\"a\":[\"%\"]}" },
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(exact_free) struct str raw = exact(str_from(rows[i].raw));
                struct flaws flaws = { 0 };
                struct target t;
                struct str value;

                assert_int_equal(target_parse(&t, &a, &flaws, raw), 0);
                value = target_parameter(&t, str_from(rows[i].key));
                if (t.n_parameters != rows[i].n || !value.p != !rows[i].value || !str_eqz(value, rows[i].value))
                        fail_msg("%s: %zu, \"%" STR_FMT "\"", rows[i].raw, t.n_parameters, STR_ARG(value));
        }
        arena_deinit(&a);
}

static void booleans_are_those_of_dockerd(void **state) {
        static const struct { const char *raw; bool value; } rows[] = {
                { "/x", false }, { "/x?f", false }, { "/x?f=", false }, { "/x?f=0", false }, { "/x?f=no", false },
                { "/x?f=FALSE", false }, { "/x?f=None", false }, { "/x?f=+no%09", false }, { "/x?f=%0B%0C0", false },
                { "/x?f=%C2%A0false%E3%80%80", false }, { "/x?f=%20", false },
                { "/x?f=1", true }, { "/x?f=true", true }, { "/x?f=00", true }, { "/x?f=n", true }, { "/x?f=off", true },
                { "/x?f=%00", true }, { "/x?f=%C2", true }, { "/x?f=no%E2%80%8B", true }, { "/x?f=1&f=0", true },
                { "/x?f=0&f=1", false }, { "/x?f=%A0no", true }, { "/x?f=no%A0", true },
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct flaws flaws = { 0 };
                struct target t;

                assert_int_equal(target_parse(&t, &a, &flaws, str_from(rows[i].raw)), 0);
                if (target_bool(&t, STR_C("f")) != rows[i].value)
                        fail_msg("%s", rows[i].raw);
        }
        arena_deinit(&a);
}

static void a_clean_target_without_escapes_is_not_copied(void **state) {
        struct str raw = STR_C("/v1.41/containers/json");
        struct flaws flaws = { 0 };
        struct target t;
        struct arena none;

        (void)state;
        arena_init(&none, 0);
        assert_int_equal(target_parse(&t, &none, &flaws, raw), 0);
        assert_ptr_equal(t.path.p, raw.p + 6);
        assert_int_equal(target_parse(&t, &none, &flaws, STR_C("/%41")), -ENOMEM);
        assert_int_equal(target_parse(&t, &none, &flaws, STR_C("/?a=1")), -ENOMEM);
}

/* Any path survives being escaped in any way; only the bytes that are flaws in a path give any. */
static void escaped_paths_come_back(void **state) {
        uint64_t seed = 7;
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (int round = 0; round < 5000; ++round) {
                static const char hex[] = "0123456789abcdefABCDEF";
                size_t n = 1 + dice(&seed, 40), m = 0;
                cleanup_(exact_free) struct str raw = { 0 };
                struct flaws flaws = { 0 };
                char path[41], text[130];
                struct target t;
                bool control = false;

                path[0] = '/';
                for (size_t i = 1; i < n; ++i)
                        path[i] = (char)dice(&seed, 256);
                for (size_t i = 0; i < n; ++i) {
                        unsigned char c = (unsigned char)path[i];
                        bool plain = c > 0x20 && c < 0x7f && c != '%' && c != '?' && c != '#' && c != '\\';

                        control = control || c < 0x20 || c == 0x7f || c == '\\';
                        if (i == 0 || (plain && dice(&seed, 2))) {
                                text[m++] = (char)c;
                        } else {
                                text[m++] = '%';
                                text[m++] = hex[c >> 4];
                                text[m++] = hex[(c & 15) + (c % 16 >= 10 && dice(&seed, 2) ? 6 : 0)];
                        }
                }
                raw = exact((struct str){ text, m });
                assert_int_equal(target_parse(&t, &a, &flaws, raw), 0);
                assert_true(str_ends((struct str){ path, n }, t.path));
                assert_true(t.path.n == n || flaws_have(&flaws, FLAW_ODD_VERSION));
                assert_int_equal(flaws_have(&flaws, FLAW_TARGET_CONTROL_BYTE), control);
                assert_int_equal(flaws.set & (ESCAPE | ABSOLUTE | FRAGMENT | HIGH | SEMICOLON), 0);
                arena_reset(&a);
        }
        arena_deinit(&a);
}

static void any_bytes_are_survived(void **state) {
        static const char alphabet[] = "/v1.4%2fF0?&=+;#\\ \n\x7f\xc3.ab";
        uint64_t seed = 8;
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (int round = 0; round < 30000; ++round) {
                size_t n = dice(&seed, 30);
                cleanup_(exact_free) struct str raw = { 0 };
                struct flaws flaws = { 0 };
                struct target t;
                char text[30];

                for (size_t i = 0; i < n; ++i)
                        text[i] = alphabet[dice(&seed, sizeof(alphabet) - 1)];
                raw = exact((struct str){ text, n });
                assert_int_equal(target_parse(&t, &a, &flaws, raw), 0);
                if (!flaws_have(&flaws, FLAW_TARGET_NOT_ABSOLUTE) && !flaws_have(&flaws, FLAW_TARGET_BAD_ESCAPE))
                        assert_true(t.path.n > 0 && t.path.p[0] == '/');
                if (!flaws_any(&flaws))
                        assert_true(str_search(t.path, STR_C("//")) == t.path.n);
                (void)target_bool(&t, STR_C("a"));
                arena_reset(&a);
        }
        arena_deinit(&a);
}

/* "/p?" and @n bytes of query, @amps of which are '&'. */
static void parse_long(struct target *t, struct flaws *flaws, struct arena *a, size_t n, size_t amps) {
        cleanup_(exact_free) struct str raw = { malloc(n), n };

        assert_non_null(raw.p);
        memset((char *)raw.p, 'a', n);
        memcpy((char *)raw.p, "/v1.41/p?", 9);
        memset((char *)raw.p + n - amps, '&', amps);
        arena_init(a, (size_t)16 << 20);
        *flaws = (struct flaws){ 0 };
        assert_int_equal(target_parse(t, a, flaws, raw), 0);
        t->path = str_eqz(t->path, "/p") ? STR_C("/p") : t->path; /* the raw text ends here */
}

static void a_target_has_its_length(void **state) {
        struct flaws flaws;
        struct target t;
        struct arena a;

        (void)state;
        parse_long(&t, &flaws, &a, TARGET_BYTES, 0);
        assert_int_equal(flaws.set, 0);
        assert_true(str_eqz(t.path, "/p"));
        assert_int_equal(t.n_parameters, 1);
        arena_deinit(&a);

        /* nothing of it is read then, not even what it is about */
        parse_long(&t, &flaws, &a, TARGET_BYTES + 1, 0);
        assert_int_equal(flaws.set, SET(FLAW_TOO_LARGE));
        assert_true(str_eqz(flaws.notes[0].where, "RequestUri"));
        assert_int_equal(t.path.n + t.n_parameters + t.version, 0);
        assert_int_equal(a.used, 0);
        arena_deinit(&a);
}

static void a_query_has_so_many_parameters(void **state) {
        struct flaws flaws;
        struct target t;
        struct arena a;

        (void)state;
        /* empty ones are none, but have to be looked at */
        parse_long(&t, &flaws, &a, 10 + TARGET_PARAMETERS, TARGET_PARAMETERS - 1);
        assert_int_equal(flaws.set, 0);
        assert_int_equal(t.n_parameters, 1);
        arena_deinit(&a);

        parse_long(&t, &flaws, &a, 10 + TARGET_PARAMETERS, TARGET_PARAMETERS);
        assert_int_equal(flaws.set, SET(FLAW_TOO_LARGE));
        assert_true(str_eqz(t.path, "/p")); /* which operation it is can still be recorded */
        assert_int_equal(t.version, 41);
        assert_int_equal(t.n_parameters, 0);
        assert_null(target_parameter(&t, STR_C("a")).p);
        arena_deinit(&a);
}

static void as_many_parameters_are_read_as_may_be(void **state) {
        char raw[4 + 2 * TARGET_PARAMETERS];
        struct flaws flaws = { 0 };
        struct target t;
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        memcpy(raw, "/p?", 3);
        for (size_t i = 0; i < TARGET_PARAMETERS; ++i)
                memcpy(raw + 3 + 2 * i, i ? "&b" : "&a", 2);
        raw[3] = 'c';
        assert_int_equal(target_parse(&t, &a, &flaws, (struct str){ raw, 3 + 2 * TARGET_PARAMETERS }), 0);
        assert_int_equal(flaws.set, 0);
        assert_int_equal(t.n_parameters, TARGET_PARAMETERS);
        assert_true(str_eqz(t.parameters[0].key, "ca"));
        assert_true(str_eqz(t.parameters[TARGET_PARAMETERS - 1].key, "b"));
        arena_deinit(&a);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(reads_the_path_dockerd_routes_on),
                cmocka_unit_test(a_nul_in_the_path_is_seen),
                cmocka_unit_test(reads_the_query_as_parse_query_of_go_does),
                cmocka_unit_test(booleans_are_those_of_dockerd),
                cmocka_unit_test(a_clean_target_without_escapes_is_not_copied),
                cmocka_unit_test(escaped_paths_come_back),
                cmocka_unit_test(any_bytes_are_survived),
                cmocka_unit_test(a_target_has_its_length),
                cmocka_unit_test(a_query_has_so_many_parameters),
                cmocka_unit_test(as_many_parameters_are_read_as_may_be),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
