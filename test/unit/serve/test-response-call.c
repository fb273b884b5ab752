#include "response-call.h"
#include "route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>

/* What is to be sent for the one call that comes. */
struct world {
        struct responses responses;
        struct MHD_Daemon *daemon;
        struct text answer;
        enum MHD_Result (*send)(struct world *w, struct MHD_Connection *connection);
        char got[4096];
};

static enum MHD_Result on_call(void *closure, struct MHD_Connection *connection, const char *path unused_,
                               const char *method unused_, const char *version unused_, const char *piece unused_,
                               size_t *n unused_, void **state) {
        struct world *w = closure;

        /* An answer to a call that has only begun would end the connection. */
        if (!*state) {
                *state = w;
                return MHD_YES;
        }
        return w->send(w, connection);
}

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        *state = w;
        text_init(&w->answer);
        assert_int_equal(responses_init(&w->responses), 0);
        w->daemon = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_call, w, MHD_OPTION_END);
        return w->daemon ? 0 : -1;
}

static int end(void **state) {
        struct world *w = *state;

        MHD_stop_daemon(w->daemon);
        responses_deinit(&w->responses);
        text_deinit(&w->answer);
        free(w);
        return 0;
}

/* What a client reads. */
static const char *call(struct world *w, enum MHD_Result (*send_it)(struct world *, struct MHD_Connection *)) {
        static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        const struct sockaddr address = { .sa_family = AF_UNIX };
        size_t n = 0;
        ssize_t r;
        int fds[2];

        w->send = send_it;
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
        assert_int_equal(MHD_add_connection(w->daemon, fds[0], &address, sizeof(address)), MHD_YES);
        assert_int_equal(send(fds[1], request, sizeof(request) - 1, 0), sizeof(request) - 1);
        for (int i = 0; i < 1000; ++i) {
                assert_int_equal(MHD_run(w->daemon), MHD_YES);
                r = recv(fds[1], w->got + n, sizeof(w->got) - 1 - n, 0);
                n += r > 0 ? (size_t)r : 0;
                w->got[n] = '\0';
                if (r == 0 || (strstr(w->got, "\r\n\r\n") && w->got[n - 1] == '}'))
                        break;
                usleep(1000);
        }
        close(fds[1]);
        return w->got;
}

static const char *body(struct world *w) {
        const char *head_end = strstr(w->got, "\r\n\r\n");

        return head_end ? head_end + 4 : "";
}

static bool has(const char *text, const char *words) {
        return strcasestr(text, words);
}

static enum MHD_Result send_answer(struct world *w, struct MHD_Connection *connection) {
        return response_send(&w->responses, connection, &w->answer);
}

static enum MHD_Result send_last(struct world *w, struct MHD_Connection *connection) {
        return response_send_last(&w->responses, connection, &w->answer);
}

static enum MHD_Result send_status(struct world *w, struct MHD_Connection *connection) {
        return response_send_as(connection, MHD_HTTP_METHOD_NOT_ALLOWED, text_str(&w->answer), "Allow", "POST");
}

static void answers_are_json_for_dockerd(void **state) {
        static const char *const answers[] = { ROUTE_ALLOWS, ROUTE_ACTIVATES, "{\"Allow\":false,\"Msg\":\"no\"}",
                                               "{}" };
        struct world *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(answers); ++i) {
                const char *got;

                text_reset(&w->answer);
                text_addz(&w->answer, answers[i]);
                got = call(w, send_answer);
                assert_true(str_starts(str_from(got), STR_C("HTTP/1.1 200 ")));
                assert_true(has(got, "Content-Type: application/vnd.docker.plugins.v1.2+json\r\n"));
                assert_false(has(got, "Connection: close"));
                assert_string_equal(body(w), answers[i]);
        }
}

/* Those two are most of all answers. */
static void the_usual_answers_are_made_once(void **state) {
        struct world *w = *state;

        for (int i = 0; i < 3; ++i) {
                text_reset(&w->answer);
                text_addz(&w->answer, ROUTE_ALLOWS);
                call(w, send_answer);
                assert_string_equal(body(w), ROUTE_ALLOWS);
        }
}

static void the_last_answer_ends_the_connection(void **state) {
        struct world *w = *state;

        text_addz(&w->answer, ROUTE_ALLOWS);
        assert_true(has(call(w, send_last), "Connection: close\r\n"));
        assert_string_equal(body(w), ROUTE_ALLOWS);
}

static void an_answer_without_memory_refuses(void **state) {
        enum MHD_Result (*const ways[])(struct world *, struct MHD_Connection *) = { send_answer, send_last };
        struct world *w = *state;

        text_addz(&w->answer, ROUTE_ALLOWS);
        w->answer.failed = true;
        for (size_t i = 0; i < ARRAY_SIZE(ways); ++i) {
                assert_true(str_starts(str_from(call(w, ways[i])), STR_C("HTTP/1.1 200 ")));
                assert_string_equal(body(w), "{\"Allow\":false,\"Msg\":\"docksill: refused: out of memory\"}");
        }
}

static void what_is_no_call_has_a_status_and_a_header(void **state) {
        struct world *w = *state;
        const char *got;

        text_addz(&w->answer, "{\"Err\":\"x\"}");
        got = call(w, send_status);
        assert_true(str_starts(str_from(got), STR_C("HTTP/1.1 405 ")));
        assert_true(has(got, "Allow: POST\r\n"));
        assert_string_equal(body(w), "{\"Err\":\"x\"}");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        const struct CMUnitTest tests[] = {
                TEST(answers_are_json_for_dockerd),
                TEST(the_usual_answers_are_made_once),
                TEST(the_last_answer_ends_the_connection),
                TEST(an_answer_without_memory_refuses),
                TEST(what_is_no_call_has_a_status_and_a_header),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
