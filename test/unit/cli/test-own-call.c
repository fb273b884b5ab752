#include "containers/own-call.h"

#include "docksill/engine/request.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#define CONTAINER                                                                                                      \
        "[{\"Id\":\"0123456789abcdef\",\"Name\":\"/web\",\"Image\":\"sha256:01\",\"State\":{},"                        \
        "\"Config\":{\"Image\":\"app:1\",\"User\":\"app\",\"Env\":[\"PATH=/bin\",\"MODE=own\"],\"Cmd\":[\"serve\"],"   \
        "\"Entrypoint\":[\"/app\"],\"WorkingDir\":\"/srv\",\"Labels\":{\"a\":\"1\",\"b\":\"2\"},"                      \
        "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}},"                                                                 \
        "\"HostConfig\":{\"LogConfig\":{\"Type\":\"journald\",\"Config\":{}},\"MaskedPaths\":[\"/proc/acpi\","         \
        "\"/proc/kcore\",\"/proc/keys\",\"/proc/latency_stats\",\"/proc/timer_list\",\"/proc/sched_debug\","           \
        "\"/proc/scsi\",\"/sys/firmware\"],\"ReadonlyPaths\":[\"/proc/bus\"]},"                                        \
        "\"NetworkSettings\":{\"Networks\":{\"front\":{\"NetworkID\":\"77\",\"IPAddress\":\"10.0.0.2\","               \
        "\"Aliases\":[\"web\",\"0123456789ab\"]}}}}]"

static const char image[] = "{\"Config\":{\"User\":\"app\",\"Env\":[\"PATH=/bin\",\"MODE=image\"],\"Cmd\":[\"serve\"],"
                            "\"Entrypoint\":[\"/app\"],\"WorkingDir\":\"/srv/\",\"Labels\":{\"a\":\"1\",\"b\":\"3\"},"
                            "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}}}";

/* The body of the create that is made of it; the caller's. */
static json_t *body_of(const char *inspect, const char *brought, const char *info) {
        char path[] = "/tmp/docksill-own-call-XXXXXX";
        int fd = mkstemp(path);
        json_t *i = brought ? json_loads(brought, 0, NULL) : NULL, *e = info ? json_loads(info, 0, NULL) : NULL, *body;
        struct containers all = { 0 };
        struct request request;
        struct arena arena;
        struct str call;

        assert_true(fd >= 0);
        assert_int_equal(write(fd, inspect, strlen(inspect)), (ssize_t)strlen(inspect));
        close(fd);
        arena_init(&arena, 4 << 20);
        assert_int_equal(containers_read(&all, &arena, path, &command_baseline), EXIT_FINE);
        unlink(path);
        assert_int_equal(own_call(&call, &arena, &all.items[0], i, e), 0);
        assert_int_equal(request_read(&request, &arena, call), ENVELOPE_READ);
        body = json_loadb(request.body.p, request.body.n, 0, NULL);
        assert_non_null(body);
        containers_deinit(&all);
        arena_deinit(&arena);
        json_decref(i);
        json_decref(e);
        return body;
}

static void leaves_out_what_the_image_brought(void **state) {
        static const char *const gone[] = { "User", "Cmd", "Entrypoint", "WorkingDir", "Healthcheck" };
        json_t *body = body_of(CONTAINER, image, NULL);

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(gone); ++i)
                assert_null(json_object_get(body, gone[i]));
        assert_int_equal(json_array_size(json_object_get(body, "Env")), 1);
        assert_string_equal(json_string_value(json_array_get(json_object_get(body, "Env"), 0)), "MODE=own");
        assert_null(json_object_get(json_object_get(body, "Labels"), "a"));
        assert_non_null(json_object_get(json_object_get(body, "Labels"), "b"));
        assert_string_equal(json_string_value(json_object_get(body, "Image")), "app:1");
        json_decref(body);
}

/* Beside an entrypoint of its own an image's command does not count, so that one that is there was written. */
static void keeps_a_command_beside_another_entrypoint(void **state) {
        json_t *body = body_of(CONTAINER, "{\"Config\":{\"Entrypoint\":[\"/other\"],\"Cmd\":[\"serve\"]}}", NULL);

        (void)state;
        assert_non_null(json_object_get(body, "Entrypoint"));
        assert_non_null(json_object_get(body, "Cmd"));
        json_decref(body);
}

static void keeps_all_that_may_be_its_own(void **state) {
        json_t *body = body_of(CONTAINER, NULL, NULL);

        (void)state;
        assert_non_null(json_object_get(body, "Cmd"));
        assert_string_equal(json_string_value(json_object_get(body, "User")), "app");
        assert_int_equal(json_array_size(json_object_get(body, "Env")), 2);
        json_decref(body);
}

static void leaves_out_what_the_engine_filled_in(void **state) {
        json_t *body = body_of(CONTAINER, NULL, "{\"LoggingDriver\":\"journald\"}"),
               *host = json_object_get(body, "HostConfig"), *endpoint;

        (void)state;
        assert_null(json_object_get(host, "LogConfig"));
        assert_null(json_object_get(host, "MaskedPaths"));
        /* Less than an engine's own: somebody asked for it. */
        assert_non_null(json_object_get(host, "ReadonlyPaths"));
        endpoint =
                json_object_get(json_object_get(json_object_get(body, "NetworkingConfig"), "EndpointsConfig"), "front");
        assert_non_null(endpoint);
        assert_null(json_object_get(endpoint, "NetworkID"));
        assert_null(json_object_get(endpoint, "IPAddress"));
        assert_int_equal(json_array_size(json_object_get(endpoint, "Aliases")), 1);
        json_decref(body);
        body = body_of(CONTAINER, NULL, "{\"LoggingDriver\":\"json-file\"}");
        assert_non_null(json_object_get(json_object_get(body, "HostConfig"), "LogConfig"));
        json_decref(body);
}

static void starts_it_by_its_id(void **state) {
        const struct container c = { .id = STR("0123/..") };
        struct request request;
        struct arena arena;
        struct str call;

        (void)state;
        arena_init(&arena, 1 << 20);
        assert_int_equal(start_call(&call, &arena, &c), 0);
        assert_int_equal(request_read(&request, &arena, call), ENVELOPE_READ);
        assert_true(str_eqz(request.envelope.method.value, "POST"));
        assert_true(str_eqz(request.envelope.uri.value, "/v1.41/containers/0123%2F../start"));
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(leaves_out_what_the_image_brought),
                cmocka_unit_test(keeps_a_command_beside_another_entrypoint),
                cmocka_unit_test(keeps_all_that_may_be_its_own),
                cmocka_unit_test(leaves_out_what_the_engine_filled_in),
                cmocka_unit_test(starts_it_by_its_id),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
