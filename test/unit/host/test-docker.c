#include "docksill/base/clock.h"
#include "docksill/host/docker.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stub-engine.h"

struct world {
        struct stub_engine stub;
        struct docker *docker;
};

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        *state = w;
        if (stub_begin(&w->stub) < 0)
                return -1;
        return docker_new(&w->docker, w->stub.socket);
}

static int end(void **state) {
        struct world *w = *state;

        docker_free(w->docker);
        stub_end(&w->stub);
        free(w);
        return 0;
}

/* One turn of a loop that waits for the client alone; false when 10 s passed. */
static bool turn(struct world *w, int64_t until) {
        struct pollfd fd = { .fd = docker_fd(w->docker), .events = POLLIN };
        int64_t now = clock_monotonic();
        int timeout = docker_timeout(w->docker, now);

        if (now >= until)
                return false;
        if (timeout < 0 || timeout > 100)
                timeout = 100;
        poll(&fd, 1, timeout);
        docker_run(w->docker, clock_monotonic());
        return true;
}

static struct docker_get *next(struct world *w) {
        int64_t until = clock_monotonic() + 10 * INT64_C(1000000);
        struct docker_get *get;

        while (!(get = docker_next(w->docker)))
                if (!turn(w, until))
                        fail_msg("nothing is done within 10 s");
        return get;
}

static struct docker_get get_of(const char *target) {
        return (struct docker_get){ .target = str_from(target) };
}

static void assert_answer(struct world *w, const char *target, enum answer answer, const char *json) {
        struct docker_get get = get_of(target);

        docker_ask(w->docker, &get);
        assert_ptr_equal(next(w), &get);
        if (get.answer != answer)
                fail_msg("%s: %d (%s)", target, get.answer, get.why ? get.why : "");
        if (json)
                assert_true(str_eqz(text_str(&get.json), json));
        else
                assert_int_equal(get.json.n, 0);
        assert_true(!get.why == (answer == ANSWER_TOLD || answer == ANSWER_MISSING));
        docker_get_deinit(&get);
}

static void only_a_200_tells_and_only_a_404_says_there_is_none(void **state) {
        struct world *w = *state;

        assert_answer(w, "/images/x/json", ANSWER_TOLD, "{\"Id\":\"/images/x/json\"}");
        assert_answer(w, "/chunked", ANSWER_TOLD, "{\"Id\":\"/chunked\"}  ");
        assert_answer(w, "/close", ANSWER_TOLD, "{\"Id\":\"/close\"}");
        assert_answer(w, "/missing", ANSWER_MISSING, NULL);
        assert_answer(w, "/error", ANSWER_NONE, NULL);
        assert_answer(w, "/images/x/attestations", ANSWER_MISSING, NULL); /* 501 */
        assert_answer(w, "/volumes/attestations", ANSWER_NONE, NULL);
        assert_answer(w, "/garbage", ANSWER_NONE, NULL);
        assert_answer(w, "/midway", ANSWER_NONE, NULL);
}

static void a_redirect_is_not_followed(void **state) {
        struct world *w = *state;

        assert_answer(w, "/redirect", ANSWER_NONE, NULL);
        assert_int_equal(w->stub.requests, 1);
}

static void what_is_too_large_is_none(void **state) {
        struct world *w = *state;

        assert_answer(w, "/large", ANSWER_LARGE, NULL);
        assert_answer(w, "/endless", ANSWER_LARGE, NULL);
        assert_answer(w, "/after", ANSWER_TOLD, "{\"Id\":\"/after\"}");
}

/* It would take a core to read, for as long as somebody waits. */
static void an_answer_that_never_begins_is_none(void **state) {
        struct world *w = *state;

        assert_answer(w, "/continue", ANSWER_NONE, NULL);
        assert_answer(w, "/after", ANSWER_TOLD, "{\"Id\":\"/after\"}");
}

static void a_question_that_is_too_long_is_none(void **state) {
        struct world *w = *state;
        char *target = malloc(DOCKER_TARGET_MAX + 2);

        memset(target, 'x', DOCKER_TARGET_MAX + 1);
        target[0] = '/';
        target[DOCKER_TARGET_MAX + 1] = '\0';
        assert_answer(w, target, ANSWER_NONE, NULL);
        assert_int_equal(w->stub.requests, 0);
        free(target);
}

/* Nothing that tells us from any other caller, and nothing of the environment. */
static void asks_as_it_is_written_and_without_secrets(void **state) {
        struct world *w = *state;

        setenv("http_proxy", "http://127.0.0.1:1", 1);
        setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
        assert_answer(w, "/images/a%2Fb/../json?x=1", ANSWER_TOLD, "{\"Id\":\"/images/a%2Fb/../json?x=1\"}");
        unsetenv("http_proxy");
        unsetenv("ALL_PROXY");
        assert_string_equal(w->stub.head, "GET /images/a%2Fb/../json?x=1 HTTP/1.1\r\nHost: docker\r\nUser-Agent: "
                                          "docksill/" DOCKSILL_VERSION "\r\nAccept: */*\r\n\r\n");
}

static void connections_are_kept(void **state) {
        struct world *w = *state;

        for (int i = 0; i < 5; ++i)
                assert_answer(w, "/x", ANSWER_TOLD, "{\"Id\":\"/x\"}");
        assert_int_equal(w->stub.n, 1);
}

static void many_are_asked_over_few_connections(void **state) {
        enum { MANY = 300 };
        struct world *w = *state;
        struct docker_get *gets = calloc(MANY, sizeof(*gets));

        for (size_t i = 0; i < MANY; ++i) {
                gets[i] = get_of("/slow");
                docker_ask(w->docker, &gets[i]);
        }
        for (int i = 0; i < 200 && w->stub.now < DOCKER_CONNECTIONS; ++i)
                turn(w, INT64_MAX);
        stub_door(&w->stub, true);
        for (size_t i = 0; i < MANY; ++i) {
                struct docker_get *get = next(w);

                assert_int_equal(get->answer, ANSWER_TOLD);
                docker_get_deinit(get);
        }
        assert_null(docker_next(w->docker));
        assert_int_equal(w->stub.most, DOCKER_CONNECTIONS);
        assert_int_equal(w->stub.requests, MANY);
        free(gets);
}

/* The slow ones take all connections; whoever gives up makes room. */
static void what_is_cancelled_makes_room(void **state) {
        struct world *w = *state;
        struct docker_get slow[DOCKER_CONNECTIONS + 4], quick = get_of("/quick"), done = get_of("/done");

        for (size_t i = 0; i < ARRAY_SIZE(slow); ++i) {
                slow[i] = get_of("/slow");
                docker_ask(w->docker, &slow[i]);
        }
        docker_ask(w->docker, &quick);
        for (int i = 0; i < 200 && w->stub.requests < DOCKER_CONNECTIONS; ++i)
                turn(w, INT64_MAX);
        assert_null(docker_next(w->docker));
        for (size_t i = ARRAY_SIZE(slow); i-- > 0;) /* those that queue first */
                docker_cancel(w->docker, &slow[i]);
        assert_ptr_equal(next(w), &quick);
        assert_int_equal(quick.answer, ANSWER_TOLD);
        docker_get_deinit(&quick);

        docker_ask(w->docker, &done);
        while (docker_timeout(w->docker, clock_monotonic()) != 0 || w->stub.requests <= DOCKER_CONNECTIONS + 1)
                turn(w, INT64_MAX);
        docker_cancel(w->docker, &done);
        assert_null(docker_next(w->docker));
}

static void nobody_there_is_none_at_once_and_found_again_later(void **state) {
        struct world *w = *state;
        struct docker_get gets[DOCKER_CONNECTIONS * 2];

        assert_answer(w, "/before", ANSWER_TOLD, "{\"Id\":\"/before\"}");
        stub_silence(&w->stub);
        assert_answer(w, "/refused", ANSWER_NONE, NULL);
        unlink(w->stub.socket);
        for (size_t i = 0; i < ARRAY_SIZE(gets); ++i) {
                gets[i] = get_of("/gone");
                docker_ask(w->docker, &gets[i]);
        }
        for (size_t i = 0; i < ARRAY_SIZE(gets); ++i)
                assert_int_equal(next(w)->answer, ANSWER_NONE);
        assert_int_equal(stub_listen(&w->stub), 0);
        assert_answer(w, "/again", ANSWER_TOLD, "{\"Id\":\"/again\"}");
}

static void all_that_is_under_way_can_be_failed(void **state) {
        struct world *w = *state;
        struct docker_get gets[DOCKER_CONNECTIONS + 1];

        for (size_t i = 0; i < ARRAY_SIZE(gets); ++i) {
                gets[i] = get_of("/slow");
                docker_ask(w->docker, &gets[i]);
        }
        turn(w, INT64_MAX);
        docker_fail(w->docker, "enough");
        for (size_t i = 0; i < ARRAY_SIZE(gets); ++i) {
                struct docker_get *get = docker_next(w->docker);

                assert_int_equal(get->answer, ANSWER_NONE);
                assert_string_equal(get->why, "enough");
        }
        assert_null(docker_next(w->docker));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        static const struct CMUnitTest tests[] = {
                TEST(only_a_200_tells_and_only_a_404_says_there_is_none),
                TEST(a_redirect_is_not_followed),
                TEST(what_is_too_large_is_none),
                TEST(an_answer_that_never_begins_is_none),
                TEST(a_question_that_is_too_long_is_none),
                TEST(asks_as_it_is_written_and_without_secrets),
                TEST(connections_are_kept),
                TEST(many_are_asked_over_few_connections),
                TEST(what_is_cancelled_makes_room),
                TEST(nobody_there_is_none_at_once_and_found_again_later),
                TEST(all_that_is_under_way_can_be_failed),
        };

        /* A build without a client has nothing to say here. */
        return docker_built() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
