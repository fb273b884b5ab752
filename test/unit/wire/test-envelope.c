#include "docksill/wire/envelope.h"

#include "docksill/base/text.h"
#include "exact.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LIMIT ((size_t)1 << 20)

#define REQUIRED "\"RequestMethod\":\"POST\",\"RequestUri\":\"/x\""

static void reads_what_dockerd_sends(void **state) {
        cleanup_(exact_free) struct str text = exact(STR_C(
                "{\"User\":\"alice\",\"UserAuthNMethod\":\"TLS\",\"RequestMethod\":\"POST\","
                "\"RequestUri\":\"/v1.41/containers/create?a=1\\u0026b=2\",\"RequestBody\":\"e30K\","
                "\"RequestHeaders\":{\"Content-Length\":\"3\",\"Content-Type\":\"application/json\"},"
                "\"RequestPeerCertificates\":[\"LS0t\"],\"ResponseStatusCode\":201,\"ResponseBody\":\"e30=\","
                "\"ResponseHeaders\":{\"Server\":\"Docker\"}}\n"));
        const struct go_pair *server;
        struct flaws flaws = { 0 };
        struct envelope e;
        struct arena a;
        struct str body;

        (void)state;
        arena_init(&a, LIMIT);
        assert_int_equal(envelope_parse(&e, &a, &flaws, text), ENVELOPE_READ);
        assert_false(flaws_any(&flaws));
        assert_true(str_eqz(e.user.value, "alice"));
        assert_true(str_eqz(e.authn.value, "TLS"));
        assert_true(str_eqz(e.method.value, "POST"));
        assert_true(str_eqz(e.uri.value, "/v1.41/containers/create?a=1&b=2"));
        assert_int_equal(e.certificates.n, 1);
        assert_int_equal(e.status.value, 201);
        assert_true(str_eqz(e.response_body.value, "e30="));
        assert_int_equal(e.response_headers.n, 1);
        server = gojson_item(&e.response_headers, 0, sizeof(*server));
        assert_true(str_eqz(server->key, "Server"));

        assert_true(str_eqz(envelope_header(&e, STR_C("content-length")), "3"));
        assert_true(str_eqz(envelope_header(&e, STR_C("Content-Type")), "application/json"));
        assert_null(envelope_header(&e, STR_C("Content")).p);
        assert_int_equal(envelope_body(&e, &a, &flaws, &body), 0);
        assert_true(str_eqz(body, "{}\n"));
        assert_false(flaws_any(&flaws));
        arena_deinit(&a);
}

static void refuses_what_is_no_call(void **state) {
        static const struct { const char *text; enum envelope_refusal refusal; } rows[] = {
                { "", ENVELOPE_EMPTY },
                { " ", ENVELOPE_NOT_JSON },
                { "null", ENVELOPE_NOT_JSON },
                { "[]", ENVELOPE_NOT_JSON },
                { "\"x\"", ENVELOPE_NOT_JSON },
                { "{", ENVELOPE_NOT_JSON },
                { "{" REQUIRED, ENVELOPE_NOT_JSON },
                { "{" REQUIRED ",}", ENVELOPE_NOT_JSON },
                { "{" REQUIRED ",\"unknown\":[}", ENVELOPE_NOT_JSON },
                { "{}", ENVELOPE_NO_METHOD },
                { "{\"RequestUri\":\"/\"}", ENVELOPE_NO_METHOD },
                { "{\"RequestMethod\":null,\"RequestUri\":\"/\"}", ENVELOPE_NO_METHOD },
                { "{\"RequestMethod\":1,\"RequestUri\":\"/\"}", ENVELOPE_NO_METHOD },
                { "{\"RequestMethod\":\"GET\"}", ENVELOPE_NO_URI },
                { "{\"RequestMethod\":\"GET\",\"RequestUri\":[\"/\"]}", ENVELOPE_NO_URI },
                { "{" REQUIRED "}", ENVELOPE_READ },
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(exact_free) struct str text = exact(str_from(rows[i].text));
                struct flaws flaws = { 0 };
                struct envelope e;

                if (envelope_parse(&e, &a, &flaws, text) != rows[i].refusal)
                        fail_msg("%s", rows[i].text);
                assert_false(flaws_any(&flaws));
                assert_true(strlen(envelope_refusal_text(rows[i].refusal)) > 0);
        }
        arena_deinit(&a);
}

static void what_dockerd_never_sends_is_a_flaw_of_the_envelope(void **state) {
        static const struct { const char *text, *where; } rows[] = {
                { "{" REQUIRED ",\"RequestUri\":\"/y\"}", "RequestUri" },
                { "{" REQUIRED ",\"requesturi\":\"/y\"}", "RequestUri" },
                { "{" REQUIRED ",\"RequestBody\":\"\",\"reque\xc5\xbftBody\":\"\"}", "RequestBody" },
                { "{" REQUIRED ",\"RequestHeaders\":{\"A\":\"1\",\"A\":\"1\"}}", "RequestHeaders[A]" },
                { "{" REQUIRED ",\"RequestHeaders\":[]}", "RequestHeaders" },
                { "{" REQUIRED ",\"RequestBody\":{}}", "RequestBody" },
                { "{" REQUIRED ",\"ResponseStatusCode\":2e2}", "ResponseStatusCode" },
                { "{" REQUIRED ",\"User\":\"\\u0000\"}", "User" },
                { "{" REQUIRED ",\"User\":\"\xff\"}", "User" },
                { "{" REQUIRED "}{}", "" },
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct flaws flaws = { 0 };
                struct envelope e;

                assert_int_equal(envelope_parse(&e, &a, &flaws, str_from(rows[i].text)), ENVELOPE_READ);
                if (flaws.set != UINT64_C(1) << FLAW_ENVELOPE)
                        fail_msg("%s", rows[i].text);
                assert_true(str_eqz(flaws.notes[0].where, rows[i].where));
                assert_true(str_eqz(e.uri.value, "/x"));
        }
        arena_deinit(&a);
}

static void keys_of_a_newer_engine_are_passed_over(void **state) {
        struct flaws flaws = { 0 };
        struct envelope e;
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        assert_int_equal(envelope_parse(&e, &a, &flaws, STR_C("{\"New\":{\"a\":[1]},\"requestMETHOD\":\"GET\","
                                                              "\"RequestUri\":\"/\"}")), ENVELOPE_READ);
        assert_false(flaws_any(&flaws));
        assert_true(str_eqz(e.method.value, "GET"));
        arena_deinit(&a);
}

static void a_body_is_shown_flawed_or_absent(void **state) {
        static const struct { const char *text, *body; bool flawed; } rows[] = {
                { "{" REQUIRED "}", NULL, false },
                { "{" REQUIRED ",\"RequestBody\":null}", NULL, false },
                { "{" REQUIRED ",\"RequestBody\":\"\"}", "", false },
                { "{" REQUIRED ",\"RequestBody\":\"Zm9v\"}", "foo", false },
                { "{" REQUIRED ",\"RequestBody\":\"Zm9v\\n\"}", NULL, true },
                { "{" REQUIRED ",\"RequestBody\":\"Zm9\"}", NULL, true },
        };
        struct arena a;

        (void)state;
        arena_init(&a, LIMIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct flaws flaws = { 0 };
                struct envelope e;
                struct str body;

                assert_int_equal(envelope_parse(&e, &a, &flaws, str_from(rows[i].text)), ENVELOPE_READ);
                assert_int_equal(envelope_body(&e, &a, &flaws, &body), 0);
                assert_int_equal(!body.p, !rows[i].body);
                assert_true(str_eqz(body, rows[i].body));
                assert_int_equal(flaws_have(&flaws, FLAW_BAD_BASE64), rows[i].flawed);
        }
        arena_deinit(&a);
}

static void a_body_costs_no_copy_until_it_is_asked_for(void **state) {
        struct flaws flaws = { 0 };
        struct envelope e;
        struct arena a;
        struct text t;
        struct str body;

        (void)state;
        text_init(&t);
        text_addz(&t, "{" REQUIRED ",\"RequestBody\":\"");
        for (int i = 0; i < 100000; ++i)
                text_addz(&t, "QUJD");
        text_addz(&t, "\"}");
        arena_init(&a, 10000);
        assert_int_equal(envelope_parse(&e, &a, &flaws, text_str(&t)), ENVELOPE_READ);
        assert_int_equal(e.body.value.n, 400000);
        assert_int_equal(a.used, 0);
        assert_int_equal(envelope_body(&e, &a, &flaws, &body), -ENOMEM);
        arena_deinit(&a);
        arena_init(&a, LIMIT);
        assert_int_equal(envelope_body(&e, &a, &flaws, &body), 0);
        assert_int_equal(body.n, 300000);
        assert_true(str_ends(body, STR_C("ABCABC")));
        arena_deinit(&a);
        text_deinit(&t);
}

static void a_call_beyond_the_arena_is_too_large(void **state) {
        struct flaws flaws = { 0 };
        struct envelope e;
        struct arena none;

        (void)state;
        arena_init(&none, 0);
        assert_int_equal(envelope_parse(&e, &none, &flaws, STR_C("{\"RequestUri\":\"\\n\"}")), ENVELOPE_TOO_LARGE);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(reads_what_dockerd_sends),
                cmocka_unit_test(refuses_what_is_no_call),
                cmocka_unit_test(what_dockerd_never_sends_is_a_flaw_of_the_envelope),
                cmocka_unit_test(keys_of_a_newer_engine_are_passed_over),
                cmocka_unit_test(a_body_is_shown_flawed_or_absent),
                cmocka_unit_test(a_body_costs_no_copy_until_it_is_asked_for),
                cmocka_unit_test(a_call_beyond_the_arena_is_too_large),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
