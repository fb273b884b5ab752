/*
 * The server on a socket of its own, with few places and with many: whatever fills them, and however they become free
 * again, new calls are served.
 */
#include "docksill/base/clock.h"
#include "docksill/base/file.h"
#include "docksill/host/docker.h"
#include "docksill/serve/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

#define MOST 4096

#define GET "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/containers/json\"}"
#define START                                                                                                          \
        "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/v1.41/containers/web/"                                          \
        "start\",\"RequestHeaders\":{\"Content-Length\":\"0\"}}"

static const char rule[] = "docksill: v1\n"
                           "kind: rules\n"
                           "rules:\n"
                           "  - id: privileged-container\n"
                           "    title: Runs privileged\n"
                           "    when: {container.privileged: true}\n"
                           "    severity: critical\n"
                           "    message: privileged\n";

struct world {
        struct arena arena;
        char folder[64], rules[96], socket[96], engine[96], said[96];
        struct ruleset *loaded;
        struct generation *generation;
        struct listener listener;
        struct server *server;
        pthread_t thread;
        int stderr_before;
        int fds[MOST + 64];
        unsigned n;
};

/* Both ends of each connection are ours. */
static unsigned connections_possible(void) {
        struct rlimit limit;

        assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
        limit.rlim_cur = limit.rlim_max;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
        return limit.rlim_cur > 400 ? (unsigned)(limit.rlim_cur - 300) / 2 : 50;
}

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));
        const char *paths[] = { w->rules };
        struct diag diag;
        sigset_t set;
        FILE *f;
        int fd;

        arena_init(&w->arena, 1 << 20);
        strcpy(w->folder, "/tmp/docksill-server-XXXXXX");
        assert_non_null(mkdtemp(w->folder));
        snprintf(w->rules, sizeof(w->rules), "%s/rules.yaml", w->folder);
        snprintf(w->socket, sizeof(w->socket), "%s/s", w->folder);
        snprintf(w->engine, sizeof(w->engine), "%s/engine", w->folder);
        snprintf(w->said, sizeof(w->said), "%s/said", w->folder);
        f = fopen(w->rules, "w");
        assert_non_null(f);
        assert_true(fputs(rule, f) >= 0);
        assert_int_equal(fclose(f), 0);
        diag_init(&diag);
        assert_int_equal(ruleset_load_rules(&w->loaded, paths, 1, &diag), 0);
        diag_deinit(&diag);

        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGHUP);
        sigaddset(&set, SIGUSR1);
        pthread_sigmask(SIG_BLOCK, &set, NULL);
        signal(SIGPIPE, SIG_IGN);
        connections_possible();

        w->stderr_before = dup(STDERR_FILENO);
        fd = open(w->said, O_WRONLY | O_CREAT | O_APPEND, 0600);
        assert_true(fd >= 0 && dup2(fd, STDERR_FILENO) == STDERR_FILENO);
        close(fd);
        *state = w;
        return 0;
}

static int end(void **state) {
        struct world *w = *state;

        dup2(w->stderr_before, STDERR_FILENO);
        close(w->stderr_before);
        ruleset_unref(w->loaded);
        unlink(w->rules);
        unlink(w->engine);
        unlink(w->said);
        assert_int_equal(rmdir(w->folder), 0);
        arena_deinit(&w->arena);
        free(w);
        return 0;
}

static void *run(void *server) {
        return (void *)(intptr_t)server_run(server);
}

static void start(struct world *w, unsigned connections, struct lookups lookups) {
        const struct generation_options options = { .rules = w->loaded, .mode = MODE_ENFORCE, .lookups = lookups };
        struct text why;

        assert_int_equal(generation_new(&w->generation, &options), 0);
        text_init(&why);
        assert_int_equal(listener_open(&w->listener, w->socket, &why), 0);
        text_deinit(&why);
        assert_int_equal(server_new(&w->server, &(struct server_options){ .listener = &w->listener,
                                                                          .generation = w->generation,
                                                                          .connections = connections }),
                         0);
        assert_int_equal(pthread_create(&w->thread, NULL, run, w->server), 0);
}

static void stop(struct world *w) {
        void *result = NULL;

        assert_int_equal(kill(getpid(), SIGTERM), 0);
        assert_int_equal(pthread_join(w->thread, &result), 0);
        assert_null(result);
        server_free(w->server);
        listener_close(&w->listener);
        generation_unref(w->generation);
}

/* --- clients -------------------------------------------------------------------------------------------------------
 */

static int connect_to(const struct world *w) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

        assert_true(fd >= 0);
        memcpy(address.sun_path, w->socket, strlen(w->socket) + 1);
        assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
        return fd;
}

static void send_all(int fd, const char *text, size_t n) {
        assert_int_equal(send(fd, text, n, MSG_NOSIGNAL), n);
}

/* All but the last @missing bytes. */
static void send_call(int fd, const char *body, size_t missing) {
        char call[1024];
        int n = snprintf(call, sizeof(call),
                         "POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost:\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
                         body);

        send_all(fd, call, (size_t)n - missing);
}

static bool is_answered(int fd, int milliseconds) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        char text[4096];
        ssize_t n;

        if (poll(&p, 1, milliseconds) != 1)
                return false;
        n = recv(fd, text, sizeof(text) - 1, 0);
        if (n <= 0)
                return false;
        text[n] = '\0';
        return strstr(text, "{\"Allow\":true}");
}

static bool is_closed(int fd, int milliseconds) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        char byte;

        return poll(&p, 1, milliseconds) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

/* A call on a connection of its own. */
static bool serves(const struct world *w, int milliseconds) {
        cleanup_(closep) int fd = connect_to(w);

        send_call(fd, GET, 0);
        return is_answered(fd, milliseconds);
}

static void close_some(struct world *w, unsigned n) {
        while (n-- > 0)
                close(w->fds[--w->n]);
}

static unsigned count(struct world *w, const char *words) {
        struct str text;
        unsigned n = 0;

        assert_int_equal(file_read(&w->arena, w->said, 1 << 20, &text), 0);
        for (size_t at; (at = str_search(text, str_from(words))) < text.n; ++n)
                text = str_skip(text, at + 1);
        return n;
}

static void wait_said(struct world *w, const char *words) {
        for (int i = 0; i < 500 && count(w, words) == 0; ++i)
                usleep(10000);
        assert_int_equal(count(w, words), 1);
}

/* --- what fills them -----------------------------------------------------------------------------------------------
 */

static const struct lookups off = { .deadline = 200000 };

/* Calls that have begun: none is idle, so none can be closed for another. */
static void fill_with_begun_calls(struct world *w, unsigned most) {
        for (; w->n < most; ++w->n) {
                w->fds[w->n] = connect_to(w);
                send_call(w->fds[w->n], GET, 1);
        }
}

enum how { ALL, SOME, ONE };

static void places_are_used_again_whichever_way_they_are_left(void **state) {
        static const unsigned limits[] = { 16, 17, 40, 60, 200, 1024, MOST };
        struct world *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(limits) && limits[i] < connections_possible(); ++i) {
                for (enum how how = ALL; how <= ONE; ++how) {
                        int waiting;

                        start(w, limits[i], off);
                        fill_with_begun_calls(w, limits[i]);
                        waiting = connect_to(w);
                        send_call(waiting, GET, 0);
                        assert_false(is_answered(waiting, 100));
                        close_some(w, how == ALL ? w->n : how == SOME ? w->n / 2 : 1);
                        assert_true(is_answered(waiting, 10000));
                        close(waiting);
                        for (unsigned k = 0; k < 3; ++k)
                                assert_true(serves(w, 10000));
                        /* And those that were held all the time are answered in the end. */
                        for (unsigned k = 0; k < w->n; ++k)
                                send_all(w->fds[k], &GET[strlen(GET) - 1], 1);
                        for (unsigned k = 0; k < w->n; ++k)
                                assert_true(is_answered(w->fds[k], 10000));
                        close_some(w, w->n);
                        stop(w);
                }
        }
}

static void places_are_used_again_one_after_the_other(void **state) {
        struct world *w = *state;

        start(w, 16, off);
        fill_with_begun_calls(w, 16);
        for (unsigned i = 0; i < 50; ++i) {
                int waiting = connect_to(w);

                send_call(waiting, GET, 0);
                if (i % 10 == 0)
                        assert_false(is_answered(waiting, 20));
                close_some(w, 1);
                assert_true(is_answered(waiting, 10000));
                close(waiting);
                fill_with_begun_calls(w, 16);
        }
        close_some(w, w->n);
        stop(w);
}

static void an_idle_connection_makes_room_for_a_new_one(void **state) {
        static const unsigned limits[] = { 16, 200 };
        struct world *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(limits); ++i) {
                start(w, limits[i], off);
                for (; w->n < limits[i]; ++w->n) {
                        w->fds[w->n] = connect_to(w);
                        send_call(w->fds[w->n], GET, 0);
                        assert_true(is_answered(w->fds[w->n], 10000));
                }
                for (unsigned k = 0; k < 5; ++k)
                        assert_true(serves(w, 10000));
                /* Those that were idle for longest had to go, one for each new one at most. */
                assert_true(is_closed(w->fds[0], 1000));
                for (unsigned k = 5; k < w->n; ++k) {
                        send_call(w->fds[k], GET, 0);
                        assert_true(is_answered(w->fds[k], 10000));
                }
                close_some(w, w->n);
                stop(w);
        }
}

/* Nor do connections that never say anything keep others out, 300 where there are 40 places. */
static void silent_connections_keep_nobody_out(void **state) {
        struct world *w = *state;

        start(w, 40, off);
        for (; w->n < 300; ++w->n)
                w->fds[w->n] = connect_to(w);
        assert_true(serves(w, 10000));
        close_some(w, w->n);
        for (unsigned k = 0; k < 3; ++k)
                assert_true(serves(w, 10000));
        stop(w);
}

static void being_full_is_told_once_and_so_is_that_it_is_over(void **state) {
        struct world *w = *state;

        start(w, 16, off);
        fill_with_begun_calls(w, 16);
        assert_false(serves(w, 100));
        wait_said(w, "all 16 places for connections are taken");
        assert_false(serves(w, 100));
        assert_int_equal(count(w, "places for connections"), 1);
        close_some(w, w->n);
        assert_true(serves(w, 10000));
        wait_said(w, "there are places for connections again");
        stop(w);
        assert_int_equal(count(w, "times all places for connections were taken"), 1);
}

static int engine_open(const struct world *w) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

        memcpy(address.sun_path, w->engine, strlen(w->engine) + 1);
        assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
        assert_int_equal(listen(fd, 512), 0);
        return fd;
}

/* An engine that hangs, and more starts than there are places: reads are answered meanwhile, and afterwards all is as
 * before. */
static void calls_that_wait_for_the_engine_leave_places_to_reads(void **state) {
        static const unsigned limits[] = { 1, 2, 16, 64 };
        struct world *w = *state;

        if (!docker_built())
                skip();
        for (size_t i = 0; i < ARRAY_SIZE(limits); ++i) {
                cleanup_(closep) unused_ int engine = engine_open(w);
                unsigned n = limits[i] * 2;
                int64_t since;

                start(w, limits[i], (struct lookups){ .deadline = 2000000, .engine = str_from(w->engine) });
                since = clock_monotonic();
                for (; w->n < n; ++w->n) {
                        w->fds[w->n] = connect_to(w);
                        send_call(w->fds[w->n], START, 0);
                }
                if (limits[i] > 1)
                        assert_true(serves(w, 1000));
                assert_true(clock_monotonic() - since < 1000000);
                for (unsigned k = 0; k < w->n; ++k) {
                        struct pollfd p = { .fd = w->fds[k], .events = POLLIN };

                        assert_int_equal(poll(&p, 1, 10000), 1);
                }
                close_some(w, w->n);
                assert_true(serves(w, 10000));
                stop(w);
                unlink(w->engine);
        }
}

/* A client that hangs up while its call waits. */
static void suspended_connections_leave_their_places(void **state) {
        struct world *w = *state;
        cleanup_(closep) int engine = -1;

        if (!docker_built())
                skip();
        engine = engine_open(w);
        start(w, 24, (struct lookups){ .deadline = 300000, .engine = str_from(w->engine) });
        for (unsigned round = 0; round < 5; ++round) {
                for (; w->n < 12; ++w->n) {
                        w->fds[w->n] = connect_to(w);
                        send_call(w->fds[w->n], START, 0);
                }
                fill_with_begun_calls(w, 48);
                close_some(w, w->n);
                assert_true(serves(w, 10000));
        }
        stop(w);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        static const struct CMUnitTest tests[] = {
                TEST(places_are_used_again_whichever_way_they_are_left),
                TEST(places_are_used_again_one_after_the_other),
                TEST(an_idle_connection_makes_room_for_a_new_one),
                TEST(silent_connections_keep_nobody_out),
                TEST(being_full_is_told_once_and_so_is_that_it_is_over),
                TEST(calls_that_wait_for_the_engine_leave_places_to_reads),
                TEST(suspended_connections_leave_their_places),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
