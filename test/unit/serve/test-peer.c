#include "docksill/base/clock.h"
#include "peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

/* Connections whose other ends are ours too. */
struct world {
        struct list peers;
        struct peer *peer[3]; /* the first was opened first */
        int ours[3], theirs[3];
};

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        *state = w;
        for (size_t i = 0; i < ARRAY_SIZE(w->peer); ++i) {
                int fds[2];

                assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
                w->theirs[i] = fds[0];
                w->ours[i] = fds[1];
                w->peer[i] = peer_add(&w->peers, fds[1]);
                assert_non_null(w->peer[i]);
                w->peer[i]->served = true;
                w->peer[i]->since -= (10 - (int64_t)i) * SECOND;
        }
        return 0;
}

static int end(void **state) {
        struct world *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(w->peer); ++i) {
                peer_remove(&w->peers, w->peer[i]);
                close(w->ours[i]);
                close(w->theirs[i]);
        }
        assert_true(list_empty(&w->peers));
        free(w);
        return 0;
}

/* For reading, alone: what is answered still goes out. */
static bool is_shut(const struct world *w, size_t i) {
        char byte = 'x';
        bool shut = recv(w->ours[i], &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;

        assert_int_equal(shut, w->peer[i]->shut);
        assert_int_equal(send(w->ours[i], &byte, 1, MSG_NOSIGNAL), 1);
        assert_int_equal(recv(w->theirs[i], &byte, 1, MSG_DONTWAIT), 1);
        return shut;
}

static void idle_ones_are_shut_for_reading(void **state) {
        struct world *w = *state;

        w->peer[1]->calling = true;
        assert_true(peers_shut_idle(&w->peers));
        assert_true(is_shut(w, 0));
        assert_false(is_shut(w, 1));
        assert_true(is_shut(w, 2));
        /* They are idle until they are closed. */
        assert_true(peers_shut_idle(&w->peers));
        w->peer[0]->calling = w->peer[2]->calling = true;
        assert_false(peers_shut_idle(&w->peers));
}

/* Or its call would be lost, or resent without its body. */
static void one_with_bytes_waiting_is_served_first(void **state) {
        struct world *w = *state;

        assert_int_equal(send(w->theirs[0], "P", 1, 0), 1);
        assert_true(peers_shut_idle(&w->peers));
        assert_false(w->peer[0]->shut);
        assert_true(is_shut(w, 1));
}

static void one_that_had_no_call_yet_is_waited_for(void **state) {
        struct world *w = *state;

        w->peer[0]->served = false;
        w->peer[0]->since = clock_monotonic();
        w->peer[1]->calling = w->peer[2]->calling = true;
        assert_false(peers_shut_idle(&w->peers));
        assert_false(is_shut(w, 0));
        w->peer[0]->since -= SECOND; /* but not for ever */
        assert_true(peers_shut_idle(&w->peers));
        assert_true(is_shut(w, 0));
}

static void room_is_made_by_the_one_idle_for_longest(void **state) {
        struct world *w = *state;
        const int64_t now = clock_monotonic();

        w->peer[0]->calling = true;
        w->peer[0]->since = now;
        assert_true(peers_shut_one(&w->peers, now));
        assert_true(is_shut(w, 1));
        assert_false(is_shut(w, 2));
        assert_true(peers_shut_one(&w->peers, now));
        assert_true(is_shut(w, 2));
        assert_false(peers_shut_one(&w->peers, now)); /* the third is in the middle of its call */
        assert_false(is_shut(w, 0));
}

/* dockerd has all of a call before it sends any of it: who takes ten seconds is not dockerd. */
static void where_none_is_idle_a_call_that_comes_slowly_is_ended(void **state) {
        struct world *w = *state;
        const int64_t now = clock_monotonic();

        for (size_t i = 0; i < ARRAY_SIZE(w->peer); ++i)
                w->peer[i]->calling = true;
        w->peer[0]->whole = true; /* it waits for our answer, not we for its call */
        w->peer[1]->since = now - PEER_CALL_PERIOD;
        w->peer[2]->since = now - PEER_CALL_PERIOD + 1;
        assert_true(peers_shut_one(&w->peers, now));
        assert_true(is_shut(w, 1));
        assert_false(peers_shut_one(&w->peers, now));
        assert_false(is_shut(w, 0));
        assert_false(is_shut(w, 2));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        const struct CMUnitTest tests[] = {
                TEST(idle_ones_are_shut_for_reading),
                TEST(one_with_bytes_waiting_is_served_first),
                TEST(one_that_had_no_call_yet_is_waited_for),
                TEST(room_is_made_by_the_one_idle_for_longest),
                TEST(where_none_is_idle_a_call_that_comes_slowly_is_ended),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
