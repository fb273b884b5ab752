#include "containers/containers.h"
#include "docksill/cli/command.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture.h"

static const char two[] =
        "[{\"Id\":\"b2\",\"Name\":\"/web\",\"Image\":\"sha256:01\",\"State\":{\"Running\":true,\"Pid\":7},"
        "\"Config\":{\"Image\":\"nginx:1\"},\"HostConfig\":{\"Memory\":5}},"
        "{\"Id\":\"a1\",\"Name\":\"/app\",\"State\":{\"Running\":false,\"Pid\":9},"
        "\"Config\":{},\"HostConfig\":{}}]";

#define MESSAGE "{\"message\":\"No such container: \\u001b[1m\"}"

static char *file_of(const char *text) {
        static char path[] = "/tmp/docksill-containers-XXXXXX";
        int fd;

        strcpy(path, "/tmp/docksill-containers-XXXXXX");
        fd = mkstemp(path);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
        close(fd);
        return path;
}

static void reads_what_inspect_prints(void **state) {
        const char *path = file_of(two);
        struct containers c = { 0 };
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 20);
        assert_int_equal(containers_read(&c, &arena, path, &command_explain), EXIT_FINE);
        unlink(path);
        assert_int_equal(c.n, 2);
        assert_true(str_eqz(c.items[0].name, "app"));
        assert_false(c.items[0].running);
        assert_int_equal(c.items[0].pid, 0);
        assert_true(str_empty(c.items[0].image));
        assert_true(str_eqz(c.items[1].name, "web"));
        assert_true(str_eqz(c.items[1].id, "b2"));
        assert_true(str_eqz(c.items[1].image, "nginx:1"));
        assert_true(str_eqz(c.items[1].image_id, "sha256:01"));
        assert_true(c.items[1].running);
        assert_int_equal(c.items[1].pid, 7);
        assert_int_equal(
                json_integer_value(json_object_get(json_object_get(c.items[1].inspect, "HostConfig"), "Memory")), 5);
        assert_non_null(memmem(c.items[1].call.p, c.items[1].call.n, "RequestBody", 11));
        containers_deinit(&c);
        arena_deinit(&arena);
}

static void says_what_is_no_container(void **state) {
        static const struct {
                const char *text, *says;
        } rows[] = {
                { "[{\"Id\":\"sha256:01\",\"RootFS\":{}}]", "not what `docker inspect` prints" },
                { "services: {}", "not what `docker inspect` prints" },
                { "{\"Image\":\"nginx\"}", "not what `docker inspect` prints" },
                { "[]", "not what `docker inspect` prints" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const char *path = file_of(rows[i].text);
                struct containers c = { 0 };
                struct capture capture;
                struct arena arena;

                arena_init(&arena, 1 << 20);
                capture_begin(&capture, STDERR_FILENO);
                assert_int_equal(containers_read(&c, &arena, path, &command_explain), EXIT_ENVIRONMENT);
                assert_says(capture_end(&capture), rows[i].says);
                unlink(path);
                containers_deinit(&c);
                arena_deinit(&arena);
        }
}

static void says_why_an_engine_failed(void **state) {
        static const struct {
                int error;
                struct engine_answer answer;
                const char *says;
        } rows[] = {
                { -ENOTSUP, { 0 }, "built without libcurl" },
                { -EIO, { .why = "Couldn't connect" }, "does not answer: Couldn't connect; is it running" },
                { -EINTR, { .why = "interrupted" }, "interrupted" },
                { -ENOMEM, { 0 }, "Cannot allocate memory" },
                { 0,
                  { .status = 404, .body = { .p = (char *)(uintptr_t)MESSAGE, .n = sizeof(MESSAGE) - 1 } },
                  "says: No such container: \\x1b[1m" },
                { 0, { .status = 500 }, "says: HTTP status 500" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct capture capture;

                capture_begin(&capture, STDERR_FILENO);
                assert_int_equal(engine_failed(&command_explain, "/run/docker.sock", rows[i].error, &rows[i].answer),
                                 EXIT_ENVIRONMENT);
                assert_says(capture_end(&capture), rows[i].says);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(reads_what_inspect_prints),
                cmocka_unit_test(says_what_is_no_container),
                cmocka_unit_test(says_why_an_engine_failed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
