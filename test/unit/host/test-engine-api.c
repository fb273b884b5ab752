#include "docksill/host/docker.h"
#include "docksill/host/engine-api.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stub-engine.h"

struct world {
        struct stub_engine stub;
        struct engine_api *engine;
        struct engine_answer answer;
        volatile sig_atomic_t stop;
};

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        *state = w;
        return stub_begin(&w->stub) < 0 ? -1 : engine_api_new(&w->engine, w->stub.socket, &w->stop);
}

static int end(void **state) {
        struct world *w = *state;

        engine_answer_deinit(&w->answer);
        engine_api_free(w->engine);
        stub_end(&w->stub);
        free(w);
        return 0;
}

static int call(struct world *w, const char *method, const char *target, const char *body) {
        return engine_api_call(
                w->engine, &w->answer,
                &(struct engine_call){
                        .method = method, .target = str_from(target), .body = str_from(body), .seconds = 5 });
}

static void answers_whatever_the_status(void **state) {
        static const struct {
                const char *target, *body;
                long status;
        } rows[] = {
                { "/containers/a/json", "{\"Id\":\"/containers/a/json\"}", 200 },
                { "/missing", "{\"message\":\"no\"}", 404 },
                { "/error", "{}", 500 },
                { "/redirect", "{}", 301 },
                { "/chunked", "{\"Id\":\"/chunked\"}  ", 200 },
                { "/close", "{\"Id\":\"/close\"}", 200 },
                { "/again", "{\"Id\":\"/again\"}", 200 },
        };
        struct world *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                assert_int_equal(call(w, "GET", rows[i].target, ""), 0);
                assert_int_equal(w->answer.status, rows[i].status);
                assert_string_equal(w->answer.body.p, rows[i].body);
        }
}

static void sends_methods_and_bodies(void **state) {
        struct world *w = *state;

        assert_int_equal(call(w, "POST", "/containers/create", "{\"Image\":\"a\"}"), 0);
        assert_non_null(strstr(w->stub.head, "POST /containers/create HTTP/1.1\r\n"));
        assert_non_null(strstr(w->stub.head, "Content-Type: application/json\r\n"));
        assert_non_null(strstr(w->stub.head, "Content-Length: 13\r\n"));
        assert_int_equal(call(w, "POST", "/containers/a/start", ""), 0);
        assert_non_null(strstr(w->stub.head, "Content-Length: 0\r\n"));
        assert_null(strstr(w->stub.head, "Content-Type"));
        assert_int_equal(call(w, "DELETE", "/containers/a?force=1", ""), 0);
        assert_non_null(strstr(w->stub.head, "DELETE /containers/a?force=1 HTTP/1.1\r\n"));
        /* Nothing of a call before is left in the next. */
        assert_int_equal(call(w, "GET", "/info", ""), 0);
        assert_non_null(strstr(w->stub.head, "GET /info HTTP/1.1\r\n"));
        assert_null(strstr(w->stub.head, "Content-Length"));
}

static void says_why_there_is_no_answer(void **state) {
        struct world *w = *state;

        assert_int_equal(call(w, "GET", "/garbage", ""), -EIO);
        assert_int_equal(call(w, "GET", "/midway", ""), -EIO);
        assert_int_equal(w->answer.status, 0);
        assert_non_null(w->answer.why);
        assert_int_equal(call(w, "GET", "/slow", ""), -ETIMEDOUT);
        stub_silence(&w->stub);
        assert_int_equal(call(w, "GET", "/info", ""), -EIO);
}

static void ends_soon_when_it_is_told_to(void **state) {
        struct world *w = *state;

        w->stop = 1;
        assert_int_equal(engine_api_call(w->engine, &w->answer,
                                         &(struct engine_call){ .method = "GET", .target = STR("/slow") }),
                         -EINTR);
}

static void takes_a_socket_that_can_be_one(void **state) {
        char path[DOCKER_SOCKET_MAX + 1] = "/";
        struct engine_api *e;

        (void)state;
        assert_int_equal(engine_api_new(&e, "docker.sock", NULL), -EINVAL);
        memset(path + 1, 'a', DOCKER_SOCKET_MAX - 1);
        assert_int_equal(engine_api_new(&e, path, NULL), -ENAMETOOLONG);
        path[DOCKER_SOCKET_MAX - 1] = '\0';
        assert_int_equal(engine_api_new(&e, path, NULL), 0);
        engine_api_free(e);
}

static void escapes_what_would_lead_elsewhere(void **state) {
        static const struct {
                const char *part, *escaped;
        } rows[] = { { "web_1.a-b", "web_1.a-b" },
                     { "../x?a=b&c", "..%2Fx%3Fa%3Db%26c" },
                     { "a b%\n\xff", "a%20b%25%0A%FF" },
                     { "", "" } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;
                char buffer[64];

                text_init_fixed(&t, buffer, sizeof(buffer));
                engine_target_add(&t, str_from(rows[i].part));
                assert_string_equal(buffer, rows[i].escaped);
        }
}

int main(void) {
        const struct CMUnitTest asking[] = {
                cmocka_unit_test_setup_teardown(answers_whatever_the_status, begin, end),
                cmocka_unit_test_setup_teardown(sends_methods_and_bodies, begin, end),
                cmocka_unit_test_setup_teardown(says_why_there_is_no_answer, begin, end),
                cmocka_unit_test_setup_teardown(ends_soon_when_it_is_told_to, begin, end),
                cmocka_unit_test(takes_a_socket_that_can_be_one),
        };
        const struct CMUnitTest always[] = { cmocka_unit_test(escapes_what_would_lead_elsewhere) };
        int failed = cmocka_run_group_tests(always, NULL, NULL);

        return failed + (docker_built() ? cmocka_run_group_tests(asking, NULL, NULL) : 0);
}
