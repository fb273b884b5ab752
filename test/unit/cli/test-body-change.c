#include "suggest/body-change.h"

#include "suggest/create-body.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MOST 4

struct row {
        const char *body;
        struct str flags[MOST];
        struct edit edits[MOST];
        const char *wanted; /* NULL: it can't be changed */
};

static void changes_what_the_flags_would(void **state) {
        static const struct row rows[] = {
                { "{}",
                  { STR("-m 32m"), STR("--read-only") },
                  { { 0 } },
                  "{\"HostConfig\":{\"Memory\":33554432,\"ReadonlyRootfs\":true}}" },
                { "{\"HostConfig\":null}",
                  { STR("--cpus 1.5") },
                  { { 0 } },
                  "{\"HostConfig\":{\"NanoCpus\":1500000000}}" },
                /* Lists and maps get more; one value takes another's place; keys fold. */
                { "{\"hostconfig\":{\"capdrop\":[\"MKNOD\"],\"memory\":5,\"Tmpfs\":{\"/a\":\"\"}}}",
                  { STR("--cap-drop=ALL"), STR("--memory 1k"), STR("--tmpfs /b:rw") },
                  { { 0 } },
                  "{\"hostconfig\":{\"capdrop\":[\"MKNOD\",\"ALL\"],\"memory\":1024,\"Tmpfs\":{\"/a\":\"\",\"/"
                  "b\":\"rw\"}}}" },
                { "{\"HostConfig\":{\"CapAdd\":null}}",
                  { STR("--cap-add=CHOWN"), STR("--cap-add=SETUID") },
                  { { 0 } },
                  "{\"HostConfig\":{\"CapAdd\":[\"CHOWN\",\"SETUID\"]}}" },
                { "{\"User\":\"\"}",
                  { STR("--user 5:6"), STR("--volume /v") },
                  { { 0 } },
                  "{\"User\":\"5:6\",\"Volumes\":{\"/v\":{}}}" },
                /* Of another kind than dockerd would read. */
                { "{\"HostConfig\":{\"CapDrop\":\"ALL\"}}", { STR("--cap-drop=ALL") }, { { 0 } }, NULL },
                { "{\"HostConfig\":[]}", { STR("-m 1k") }, { { 0 } }, NULL },
                { "{}", { STR("--init") }, { { 0 } }, NULL },

                { "{\"HostConfig\":{\"CapAdd\":[\"cap_net_admin\",\"CHOWN\"]}}",
                  { { 0 } },
                  { { EDIT_NO_CAPABILITY, STR("NET_ADMIN") } },
                  "{\"HostConfig\":{\"CapAdd\":[\"CHOWN\"]}}" },
                { "{\"HostConfig\":{\"Binds\":[\"/a:/b\",\"v:/c/:rw,z\",\"/x:/y\"],\"Mounts\":[{\"Target\":\"/d\"}]}}",
                  { { 0 } },
                  { { EDIT_READ_ONLY, STR("/b") }, { EDIT_READ_ONLY, STR("/c") }, { EDIT_READ_ONLY, STR("/d") } },
                  "{\"HostConfig\":{\"Binds\":[\"/a:/b:ro\",\"v:/c/:ro,z\",\"/x:/y\"],"
                  "\"Mounts\":[{\"Target\":\"/d\",\"ReadOnly\":true}]}}" },
                { "{\"HostConfig\":{\"PortBindings\":{\"80/tcp\":[{}],\"80/udp\":[],\"53\":[]}}}",
                  { { 0 } },
                  { { EDIT_NO_PORT, STR("80/tcp") }, { EDIT_NO_PORT, STR("53/tcp") } },
                  "{\"HostConfig\":{\"PortBindings\":{\"80/udp\":[]}}}" },
                /* Nothing there to take out. */
                { "{}",
                  { { 0 } },
                  { { EDIT_NO_PORT, STR("80/tcp") }, { EDIT_READ_ONLY, STR("/b") }, { EDIT_NO_CAPABILITY, STR("X") } },
                  "{}" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                json_t *body = json_loads(rows[i].body, 0, NULL);
                struct suggestion one = { .applied = true,
                                          .flags = { .items = (struct str *)(uintptr_t)rows[i].flags },
                                          .edits = (struct edit *)(uintptr_t)rows[i].edits };
                struct suggestions s = { .items = &one, .n = 1 };
                struct arena arena;
                int r;

                arena_init(&arena, 1 << 20);
                while (one.flags.n < MOST && rows[i].flags[one.flags.n].p)
                        ++one.flags.n;
                while (one.n_edits < MOST && rows[i].edits[one.n_edits].what.p)
                        ++one.n_edits;
                r = body_change(body, &s, &arena);
                assert_int_equal(r, rows[i].wanted ? 0 : -EINVAL);
                if (rows[i].wanted) {
                        char *dump = json_dumps(body, JSON_COMPACT);

                        assert_string_equal(dump, rows[i].wanted);
                        free(dump);
                }
                json_decref(body);
                arena_deinit(&arena);
        }
}

static void leaves_advice_alone(void **state) {
        struct str flag = STR("-m 1k");
        struct suggestion one = { .flags = { .items = &flag, .n = 1 } };
        struct suggestions s = { .items = &one, .n = 1 };
        json_t *body = json_object();
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 20);
        assert_int_equal(body_change(body, &s, &arena), 0);
        assert_int_equal(json_object_size(body), 0);
        json_decref(body);
        arena_deinit(&arena);
}

/* The call stays what it is but for the body. */
static void puts_another_body_into_a_call(void **state) {
        static const char call[] =
                "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/v1.41/containers/create?name=x\","
                "\"RequestBody\":\"eyJJbWFnZSI6ImEifQ==\",\"RequestHeaders\":"
                "{\"Content-Length\":\"13\",\"Content-Type\":\"application/json\",\"User-Agent\":\"u\"}}";
        struct str again;
        struct arena arena;
        json_t *body, *tree, *headers;

        (void)state;
        arena_init(&arena, 1 << 20);
        assert_int_equal(create_body(&body, &arena, str_from(call)), 0);
        assert_string_equal(json_string_value(json_object_get(body, "Image")), "a");
        json_object_set_new(body, "User", json_string("5"));
        assert_int_equal(create_with_body(&again, &arena, str_from(call), body), 0);
        json_decref(body);

        assert_int_equal(create_body(&body, &arena, again), 0);
        assert_string_equal(json_string_value(json_object_get(body, "User")), "5");
        json_decref(body);
        tree = json_loadb(again.p, again.n, 0, NULL);
        assert_string_equal(json_string_value(json_object_get(tree, "RequestUri")), "/v1.41/containers/create?name=x");
        headers = json_object_get(tree, "RequestHeaders");
        assert_string_equal(json_string_value(json_object_get(headers, "Content-Length")), "24");
        assert_string_equal(json_string_value(json_object_get(headers, "User-Agent")), "u");
        json_decref(tree);

        assert_int_equal(create_body(&body, &arena, STR_C("{\"RequestMethod\":\"GET\",\"RequestUri\":\"/info\"}")),
                         -EINVAL);
        assert_int_equal(create_body(&body, &arena, STR_C("[]")), -EINVAL);
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(changes_what_the_flags_would),
                cmocka_unit_test(leaves_advice_alone),
                cmocka_unit_test(puts_another_body_into_a_call),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
