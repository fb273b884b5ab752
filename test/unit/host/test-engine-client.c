#include "docksill/base/clock.h"
#include "docksill/host/engine-client.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stub-engine.h"

/* What was answered, in the order in which it was. */
static struct {
        struct str name, json;
        enum answer answer;
} answers[200];
static size_t n_answers, n_unknown;

static void push(struct questions *questions, struct arena *arena, struct str name) {
        struct question *q = ARENA_PUSH(arena, questions);

        assert_non_null(q);
        *q = (struct question){ .kind = str_starts(name, STR_C("image")) ? QUESTION_IMAGE : QUESTION_CONTAINER,
                                .name = name };
}

/* A request of ours leaves open what its target says: a question each word. */
void questions_of(struct questions *out, struct request *r, struct arena *arena) {
        struct str rest = r->envelope.uri.value;

        while (rest.n)
                push(out, arena, str_cut(&rest, ' '));
}

void question_target(struct text *out, const struct question *q) {
        text_add_char(out, '/');
        text_add(out, q->name);
}

/* "raise-x" raises "x" when it is told. */
void question_answer(struct request *r unused_, struct arena *arena, struct questions *questions, size_t i,
                     enum answer answer, struct str json) {
        struct str name = questions->items[i].name, raise = STR("raise-");

        questions->items[i].unreadable = answer == ANSWER_TOLD && str_starts(name, STR_C("nonsense"));

        assert_true(n_answers < ARRAY_SIZE(answers));
        answers[n_answers].name = name;
        answers[n_answers].json = json;
        answers[n_answers++].answer = answer;
        if (answer == ANSWER_TOLD && str_starts(name, raise))
                push(questions, arena, str_skip(name, raise.n));
}

void questions_mark_unknown(struct request *r unused_, const struct questions *questions, size_t i) {
        n_unknown += questions->n - i;
}

struct world {
        struct stub_engine stub;
        struct engine_client engine_client;
        struct arena arena;
        struct request request;
        struct asking asking;
};

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        *state = w;
        n_answers = n_unknown = 0;
        if (stub_begin(&w->stub) < 0)
                return -1;
        arena_init(&w->arena, 16 << 20);
        engine_client_init(&w->engine_client);
        return engine_client_use(&w->engine_client, str_from(w->stub.socket));
}

static int end(void **state) {
        struct world *w = *state;

        engine_client_deinit(&w->engine_client);
        assert_int_equal(w->engine_client.taken, 0);
        arena_deinit(&w->arena);
        stub_end(&w->stub);
        free(w);
        return 0;
}

static bool begin_asking(struct world *w, const char *asks) {
        n_answers = 0;
        w->request.envelope.uri.value = str_from(asks);
        return asking_begin(&w->asking, &w->engine_client, &w->request, &w->arena);
}

static void wait_for_it(struct world *w) {
        struct pollfd fd = { .fd = engine_client_fd(&w->engine_client), .events = POLLIN };
        int64_t until = clock_monotonic() + 10 * INT64_C(1000000);
        struct asking *asking;

        while (!(asking = engine_client_next(&w->engine_client))) {
                int timeout = engine_client_timeout(&w->engine_client, clock_monotonic());

                if (clock_monotonic() > until)
                        fail_msg("not answered within 10 s");
                poll(&fd, 1, timeout < 0 || timeout > 100 ? 100 : timeout);
                engine_client_run(&w->engine_client, clock_monotonic());
        }
        assert_ptr_equal(asking, &w->asking);
        asking_end(&w->asking);
}

static void ask(struct world *w, const char *asks) {
        assert_true(begin_asking(w, asks));
        wait_for_it(w);
}

static bool answered(const char *name, enum answer answer, const char *json) {
        for (size_t i = 0; i < n_answers; ++i)
                if (str_eqz(answers[i].name, name))
                        return answers[i].answer == answer && str_eqz(answers[i].json, json);
        return false;
}

static void each_question_has_its_answer(void **state) {
        struct world *w = *state;

        ask(w, "x missing error image-y");
        assert_int_equal(n_answers, 4);
        assert_true(answered("x", ANSWER_TOLD, "{\"Id\":\"/x\"}"));
        assert_true(answered("missing", ANSWER_MISSING, ""));
        assert_true(answered("error", ANSWER_NONE, ""));
        assert_true(answered("image-y", ANSWER_TOLD, "{\"Id\":\"/image-y\"}"));
        assert_int_equal(n_unknown, 0);
}

static void an_answer_may_raise_questions_that_raise_others(void **state) {
        struct world *w = *state;

        ask(w, "raise-raise-x other");
        assert_int_equal(n_answers, 4);
        assert_true(answered("x", ANSWER_TOLD, "{\"Id\":\"/x\"}"));
}

static void what_leaves_nothing_open_is_not_asked_for(void **state) {
        struct world *w = *state;

        assert_false(begin_asking(w, ""));
        assert_int_equal(w->stub.requests, 0);
}

static void images_are_remembered_and_containers_are_not(void **state) {
        struct world *w = *state;

        ask(w, "image-x");
        assert_false(begin_asking(w, "image-x"));
        assert_true(answered("image-x", ANSWER_TOLD, "{\"Id\":\"/image-x\"}"));
        assert_int_equal(w->stub.requests, 1);
        engine_client_drop(&w->engine_client, OPERATION_CHANGES_VOLUMES);
        assert_false(begin_asking(w, "image-x"));
        engine_client_drop(&w->engine_client, OPERATION_CHANGES_IMAGES);
        ask(w, "image-x");
        assert_int_equal(w->stub.requests, 2);
        ask(w, "x");
        ask(w, "x");
        assert_int_equal(w->stub.requests, 4);
}

static void what_is_dropped_while_it_is_asked_is_not_remembered(void **state) {
        struct world *w = *state;

        assert_true(begin_asking(w, "image-x"));
        engine_client_drop(&w->engine_client, OPERATION_CHANGES_IMAGES);
        wait_for_it(w);
        ask(w, "image-x");
        assert_int_equal(w->stub.requests, 2);
}

/* A second request beside the world's own. */
struct second {
        struct arena arena;
        struct request request;
        struct asking asking;
};

static void begin_second(struct world *w, struct second *second, const char *asks) {
        memset(second, 0, sizeof(*second));
        arena_init(&second->arena, 16 << 20);
        second->request.envelope.uri.value = str_from(asks);
        assert_true(asking_begin(&second->asking, &w->engine_client, &second->request, &second->arena));
}

static void wait_for_both(struct world *w, struct second *second) {
        struct pollfd fd = { .fd = engine_client_fd(&w->engine_client), .events = POLLIN };
        size_t done = 0;

        for (int i = 0; i < 1000 && done < 2; ++i) {
                int timeout = engine_client_timeout(&w->engine_client, clock_monotonic());

                poll(&fd, 1, timeout < 0 || timeout > 10 ? 10 : timeout);
                engine_client_run(&w->engine_client, clock_monotonic());
                while (engine_client_next(&w->engine_client))
                        ++done;
        }
        assert_int_equal(done, 2);
        arena_deinit(&second->arena);
}

static void what_two_ask_at_once_is_asked_once(void **state) {
        struct second *second = malloc(sizeof(*second));
        struct world *w = *state;

        assert_true(begin_asking(w, "image-x image-y"));
        begin_second(w, second, "image-y");
        wait_for_both(w, second);
        assert_int_equal(n_answers, 3);
        for (size_t i = 0; i < n_answers; ++i)
                assert_int_equal(answers[i].answer, ANSWER_TOLD);
        assert_int_equal(w->stub.requests, 2);
        free(second);
}

/* The first may hear what was before the second asked. */
static void containers_are_asked_about_by_each(void **state) {
        struct second *second = malloc(sizeof(*second));
        struct world *w = *state;

        assert_true(begin_asking(w, "x"));
        begin_second(w, second, "x");
        wait_for_both(w, second);
        assert_int_equal(n_answers, 2);
        for (size_t i = 0; i < n_answers; ++i)
                assert_int_equal(answers[i].answer, ANSWER_TOLD);
        assert_int_equal(w->stub.requests, 2);
        free(second);
}

/* Connections are served in any order: a question may have its answer before an earlier one is read. */
static void wait_for_requests(struct world *w, int n) {
        int64_t until = clock_monotonic() + 10 * INT64_C(1000000);

        while (w->stub.requests < n && clock_monotonic() < until) {
                poll(NULL, 0, 1);
                engine_client_run(&w->engine_client, clock_monotonic());
        }
}

/* All that ask about the one that the engine can't speak of, more than there are connections, and one about another. */
static void a_container_that_stalls_does_not_stall_others(void **state) {
        enum { MANY = 2 * DOCKER_CONNECTIONS };
        struct second *many = calloc(MANY, sizeof(*many));
        struct world *w = *state;

        for (size_t i = 0; i < MANY; ++i)
                begin_second(w, &many[i], "slow");
        ask(w, "x");
        assert_true(answered("x", ANSWER_TOLD, "{\"Id\":\"/x\"}"));
        wait_for_requests(w, 2);
        assert_int_equal(w->stub.requests, 2);
        for (size_t i = 0; i < MANY; ++i) {
                asking_end(&many[i].asking);
                arena_deinit(&many[i].arena);
        }
        assert_null(w->engine_client.inquiries.first);
        free(many);
}

static void who_may_not_join_is_asked_for_once_the_first_waits_no_longer(void **state) {
        struct second *first = malloc(sizeof(*first));
        struct world *w = *state;

        begin_second(w, first, "slow");
        assert_true(begin_asking(w, "slow"));
        asking_end(&first->asking);
        n_answers = 0;
        stub_door(&w->stub, true);
        wait_for_it(w);
        assert_true(answered("slow", ANSWER_TOLD, "{\"Id\":\"/slow\"}"));
        assert_int_equal(n_answers, 1);
        arena_deinit(&first->arena);
        free(first);
}

/* Of three the second leaves, then the third: the first is none the worse for it. */
static void who_waits_behind_another_may_wait_no_longer(void **state) {
        struct second *others = calloc(2, sizeof(*others));
        struct world *w = *state;

        assert_true(begin_asking(w, "slow"));
        for (size_t i = 0; i < 2; ++i)
                begin_second(w, &others[i], "slow");
        for (size_t i = 0; i < 2; ++i) {
                asking_end(&others[i].asking);
                arena_deinit(&others[i].arena);
        }
        n_answers = 0;
        stub_door(&w->stub, true);
        wait_for_it(w);
        assert_true(answered("slow", ANSWER_TOLD, "{\"Id\":\"/slow\"}"));
        assert_int_equal(w->stub.requests, 1);
        free(others);
}

static void who_waits_behind_another_is_unknown_when_another_engine_is_asked(void **state) {
        struct second *second = malloc(sizeof(*second));
        struct world *w = *state;

        assert_true(begin_asking(w, "slow"));
        begin_second(w, second, "slow");
        assert_int_equal(engine_client_use(&w->engine_client, STR_C("")), 0);
        assert_int_equal(n_answers, 2);
        for (size_t i = 0; i < n_answers; ++i)
                assert_int_equal(answers[i].answer, ANSWER_NONE);
        for (size_t i = 0; i < 2; ++i)
                assert_non_null(engine_client_next(&w->engine_client));
        assert_null(w->engine_client.inquiries.first);
        arena_deinit(&second->arena);
        free(second);
}

/* The first may hear what was before the change. */
static void what_may_have_changed_is_asked_anew(void **state) {
        struct second *second = malloc(sizeof(*second));
        struct world *w = *state;

        assert_true(begin_asking(w, "image-x"));
        engine_client_drop(&w->engine_client, OPERATION_CHANGES_IMAGES);
        begin_second(w, second, "image-x");
        wait_for_both(w, second);
        assert_int_equal(w->stub.requests, 2);
        free(second);
}

static void one_of_two_may_wait_no_longer(void **state) {
        struct second *second = malloc(sizeof(*second));
        struct world *w = *state;

        begin_second(w, second, "image-x");
        assert_true(begin_asking(w, "image-x"));
        asking_end(&second->asking);
        assert_true(answered("image-x", ANSWER_NONE, ""));
        n_answers = 0;
        wait_for_it(w);
        assert_true(answered("image-x", ANSWER_TOLD, "{\"Id\":\"/image-x\"}"));
        assert_int_equal(w->stub.requests, 1);
        arena_deinit(&second->arena);
        free(second);
}

static void who_waits_no_longer_is_unknown(void **state) {
        struct world *w = *state;

        assert_true(begin_asking(w, "slow slow x"));
        asking_end(&w->asking);
        assert_int_equal(n_answers, 3);
        for (size_t i = 0; i < n_answers; ++i)
                assert_int_equal(answers[i].answer, ANSWER_NONE);
        asking_end(&w->asking); /* once more changes nothing */
        assert_int_equal(n_answers, 3);
        assert_null(engine_client_next(&w->engine_client));
}

/* 64 answers of a megabyte each would keep the decision thread reading. */
static void answers_to_one_request_are_bounded(void **state) {
        struct world *w = *state;
        struct text asks;
        size_t told = 0;

        text_init(&asks);
        for (int i = 0; i < 64; ++i)
                text_addf(&asks, "%smegabyte", i ? " " : "");
        ask(w, asks.p);
        for (size_t i = 0; i < n_answers; ++i)
                told += answers[i].answer == ANSWER_TOLD;
        assert_int_equal(n_answers, 64);
        assert_int_equal(told, 4);
        text_deinit(&asks);
}

static void without_an_engine_all_is_unknown_at_once(void **state) {
        struct world *w = *state;

        assert_int_equal(engine_client_use(&w->engine_client, STR_C("")), 0);
        assert_int_equal(engine_client_fd(&w->engine_client), -1);
        assert_int_equal(engine_client_timeout(&w->engine_client, 0), -1);
        assert_false(begin_asking(w, "x y"));
        assert_true(answered("x", ANSWER_NONE, ""));
        assert_true(answered("y", ANSWER_NONE, ""));
}

static void another_engine_is_asked_anew(void **state) {
        struct world *w = *state;

        ask(w, "image-x");
        assert_true(begin_asking(w, "slow"));
        assert_int_equal(engine_client_use(&w->engine_client, STR_C("/nonexistent/docker.sock")), 0);
        wait_for_it(w);
        assert_true(answered("slow", ANSWER_NONE, ""));
        ask(w, "image-x"); /* not what the other one said */
        assert_true(answered("image-x", ANSWER_NONE, ""));
        assert_int_equal(engine_client_use(&w->engine_client, str_from(w->stub.socket)), 0);
        ask(w, "image-x");
        assert_true(answered("image-x", ANSWER_TOLD, "{\"Id\":\"/image-x\"}"));
}

static void the_same_engine_is_no_other(void **state) {
        struct world *w = *state;

        ask(w, "image-x");
        assert_int_equal(engine_client_use(&w->engine_client, str_from(w->stub.socket)), 0);
        assert_false(begin_asking(w, "image-x"));
}

static void an_engine_that_is_lost_is_told_of_once(void **state) {
        struct world *w = *state;
        const int64_t minute = 60 * INT64_C(1000000), now = 5 * minute;

        ask(w, "x");
        assert_int_equal(engine_client_news(&w->engine_client, now), COMPLAINT_NONE);
        ask(w, "error");
        ask(w, "error");
        assert_int_equal(engine_client_news(&w->engine_client, now), COMPLAINT_BEGUN);
        assert_int_equal(engine_client_news(&w->engine_client, now + 2 * minute), COMPLAINT_NONE);
        ask(w, "missing");
        assert_int_equal(engine_client_news(&w->engine_client, now), COMPLAINT_OVER);
        assert_int_equal(engine_client_news(&w->engine_client, now), COMPLAINT_NONE);
        ask(w, "error");
        assert_int_equal(engine_client_news(&w->engine_client, now + minute - 1), COMPLAINT_NONE);
        assert_int_equal(engine_client_news(&w->engine_client, now + minute), COMPLAINT_BEGUN);
}

/* Where another program listens, for example. */
static void an_engine_that_talks_nonsense_is_told_of(void **state) {
        struct world *w = *state;
        const int64_t now = 5 * 60 * INT64_C(1000000);

        ask(w, "nonsense");
        assert_int_equal(engine_client_news(&w->engine_client, now), COMPLAINT_BEGUN);
        assert_non_null(strstr(w->engine_client.trouble, "not what engines write"));
        ask(w, "x");
        assert_int_equal(engine_client_news(&w->engine_client, now), COMPLAINT_OVER);
}

static void an_engine_that_is_asked_no_more_is_not_back(void **state) {
        struct world *w = *state;
        const int64_t now = 5 * 60 * INT64_C(1000000);

        ask(w, "error");
        assert_int_equal(engine_client_news(&w->engine_client, now), COMPLAINT_BEGUN);
        assert_int_equal(engine_client_use(&w->engine_client, (struct str){ NULL, 0 }), 0);
        assert_int_equal(engine_client_news(&w->engine_client, now), COMPLAINT_NONE);
        assert_int_equal(engine_client_use(&w->engine_client, str_from(w->stub.socket)), 0);
        ask(w, "error");
        assert_int_equal(engine_client_news(&w->engine_client, now), COMPLAINT_BEGUN);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        static const struct CMUnitTest tests[] = {
                TEST(each_question_has_its_answer),
                TEST(an_answer_may_raise_questions_that_raise_others),
                TEST(what_leaves_nothing_open_is_not_asked_for),
                TEST(images_are_remembered_and_containers_are_not),
                TEST(what_is_dropped_while_it_is_asked_is_not_remembered),
                TEST(what_two_ask_at_once_is_asked_once),
                TEST(containers_are_asked_about_by_each),
                TEST(a_container_that_stalls_does_not_stall_others),
                TEST(who_may_not_join_is_asked_for_once_the_first_waits_no_longer),
                TEST(who_waits_behind_another_may_wait_no_longer),
                TEST(who_waits_behind_another_is_unknown_when_another_engine_is_asked),
                TEST(what_may_have_changed_is_asked_anew),
                TEST(one_of_two_may_wait_no_longer),
                TEST(who_waits_no_longer_is_unknown),
                TEST(answers_to_one_request_are_bounded),
                TEST(without_an_engine_all_is_unknown_at_once),
                TEST(another_engine_is_asked_anew),
                TEST(the_same_engine_is_no_other),
                TEST(an_engine_that_is_lost_is_told_of_once),
                TEST(an_engine_that_talks_nonsense_is_told_of),
                TEST(an_engine_that_is_asked_no_more_is_not_back),
        };

        /* A build without a client has nobody to ask. */
        return docker_built() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
