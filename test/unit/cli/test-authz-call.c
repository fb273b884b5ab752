#include "explain/authz-call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void writes_what_dockerd_writes(void **state) {
        static const struct {
                struct authz_header headers[4];
                const char *body, *call;
        } rows[] = {
                /* test/corpus/recorded.jsonl, r001 */
                { { { STR("User-Agent"), STR("Docker-Client/20.10.24+dfsg1 (linux)") },
                    { STR("Host"), STR("docker") } },
                  "",
                  "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/a?b=%2F\",\"RequestHeaders\":{\"User-Agent\":"
                  "\"Docker-Client/20.10.24+dfsg1 (linux)\"}}" },
                { { { { 0 }, { 0 } } },
                  "{}",
                  "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/a?b=%2F\",\"RequestBody\":\"e30=\"}" },
                /* Go's spelling, sorted; the last of several counts. */
                { { { STR("x-meta-b"), STR("1") }, { STR("content-TYPE"), STR("x") }, { STR("X-META-B"), STR("2") } },
                  "",
                  "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/a?b=%2F\",\"RequestHeaders\":{\"Content-Type\":\"x\","
                  "\"X-Meta-B\":\"2\"}}" },
                /* Credentials stay with dockerd. */
                { { { STR("x-registry-auth"), STR("secret") },
                    { STR("Authorization"), STR("secret") },
                    { STR("X-Registry-Config"), STR("secret") },
                    { STR("Transfer-Encoding"), STR("chunked") } },
                  "",
                  "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/a?b=%2F\",\"RequestHeaders\":{}}" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(arena_deinit) struct arena arena;
                struct authz_request r = { .method = STR("POST"),
                                           .target = STR("/a?b=%2F"),
                                           .body = str_from(rows[i].body) };
                struct str call;

                r.headers.items = (struct authz_header *)(uintptr_t)rows[i].headers;
                while (r.headers.n < 4 && rows[i].headers[r.headers.n].name.n)
                        ++r.headers.n;
                arena_init(&arena, 65536);
                assert_int_equal(authz_call(&call, &arena, &r), 0);
                if (!str_eqz(call, rows[i].call))
                        fail_msg("%.*s", STR_ARG(call));
        }
}

static void shows_small_json_alone(void **state) {
        static const struct {
                const char *type, *path;
                size_t size;
                bool shown;
        } rows[] = {
                { "application/json", "/containers/create", 1, true },
                { "Application/JSON; charset=utf-8", "/containers/create", 1, true },
                { "application/json", "/containers/create", AUTHZ_BODY_MAX - 1, true },
                { "application/json", "/containers/create", AUTHZ_BODY_MAX, false },
                { "application/json", "/containers/create", 0, false },
                { "application/x-tar", "/build", 1, false },
                { "", "/build", 1, false },
                { "application/json", "/auth", 1, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct authz_header header = { STR("Content-type"), str_from(rows[i].type) };
                struct authz_request r = { .headers = { .items = &header, .n = 1 } };

                assert_int_equal(authz_shows_body(&r, str_from(rows[i].path), rows[i].size), rows[i].shown);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(writes_what_dockerd_writes),
                cmocka_unit_test(shows_small_json_alone),
        };

        return cmocka_run_group_tests_name("authz-call", tests, NULL, NULL);
}
