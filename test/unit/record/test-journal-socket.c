/* Entries to a socket that takes them as journald does: small and large, and none there, gone, back, and full. */
#include "journal-socket.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "../../support/journal-peer.h"

static struct str entry_of(struct text *t, size_t size) {
        text_init(t);
        journal_field_add(t, "MESSAGE", STR_C("a\nPRIORITY=0\nb"));
        if (size) {
                char *p = malloc(size);

                memset(p, 'x', size);
                journal_field_add(t, "DOCKSILL_RECORD", (struct str){ p, size });
                free(p);
        }
        assert_false(t->failed);
        return text_str(t);
}

static void a_value_is_one_field_whatever_it_holds(void **state) {
        struct journal_peer *peer = *state;
        struct journal_socket s;
        struct journal_got got;
        struct text t;

        journal_socket_init(&s, peer->path);
        assert_int_equal(journal_socket_send(&s, entry_of(&t, 0)), 0);
        assert_true(peer_take(peer, &got));
        assert_false(got.sealed);
        assert_field((struct str){ got.p, got.n }, "MESSAGE", "a\nPRIORITY=0\nb");
        assert_null(field((struct str){ got.p, got.n }, "PRIORITY").p);
        free(got.p);
        text_deinit(&t);
        journal_socket_deinit(&s);
}

static void a_large_one_goes_sealed(void **state) {
        struct journal_peer *peer = *state;
        struct journal_socket s;
        struct journal_got got;
        struct text t;

        journal_socket_init(&s, peer->path);
        assert_int_equal(journal_socket_send(&s, entry_of(&t, 900000)), 0);
        assert_true(peer_take(peer, &got));
        assert_true(got.sealed);
        assert_int_equal(got.n, t.n);
        assert_memory_equal(got.p, t.p, t.n);
        free(got.p);
        text_deinit(&t);
        journal_socket_deinit(&s);
}

static void without_a_journal_it_says_so(void **state) {
        struct journal_peer *peer = *state;
        struct journal_socket s;
        struct text t;
        struct str entry = entry_of(&t, 0);

        journal_socket_init(&s, "/nonexistent/socket");
        assert_int_equal(journal_socket_send(&s, entry), -ENOENT);
        journal_socket_deinit(&s);

        close(peer->fd); /* the file stays */
        peer->fd = -1;
        journal_socket_init(&s, peer->path);
        assert_int_equal(journal_socket_send(&s, entry), -ECONNREFUSED);
        text_deinit(&t);
        journal_socket_deinit(&s);
}

static void one_that_was_started_anew_is_found(void **state) {
        struct journal_peer *peer = *state;
        struct journal_socket s;
        struct journal_got got;
        struct text t;
        struct str entry = entry_of(&t, 0);

        journal_socket_init(&s, peer->path);
        assert_int_equal(journal_socket_send(&s, entry), 0);
        peer_close(peer);
        assert_int_equal(journal_socket_send(&s, entry), -ENOENT);
        peer_listen(peer);
        assert_int_equal(journal_socket_send(&s, entry), 0);
        peer_close(peer);
        peer_listen(peer);
        assert_int_equal(journal_socket_send(&s, entry), 0);
        assert_true(peer_take(peer, &got));
        free(got.p);
        assert_false(peer_take(peer, &got));
        text_deinit(&t);
        journal_socket_deinit(&s);
}

static void one_that_does_not_read_is_not_waited_for(void **state) {
        struct journal_peer *peer = *state;
        struct journal_socket s;
        struct journal_got got;
        unsigned taken = 0;
        struct text t;
        struct str entry = entry_of(&t, 1000);
        int r;

        journal_socket_init(&s, peer->path);
        while ((r = journal_socket_send(&s, entry)) == 0 && taken < 100000)
                ++taken;
        assert_int_equal(r, -EAGAIN);
        assert_true(taken > 0);
        journal_socket_wait(&s, 1);
        assert_int_equal(journal_socket_send(&s, entry), -EAGAIN);
        while (peer_take(peer, &got)) {
                free(got.p);
                --taken;
        }
        assert_int_equal(taken, 0);
        journal_socket_wait(&s, 10000);
        assert_int_equal(journal_socket_send(&s, entry), 0);
        text_deinit(&t);
        journal_socket_deinit(&s);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(a_value_is_one_field_whatever_it_holds, peer_set_up, peer_tear_down),
                cmocka_unit_test_setup_teardown(a_large_one_goes_sealed, peer_set_up, peer_tear_down),
                cmocka_unit_test_setup_teardown(without_a_journal_it_says_so, peer_set_up, peer_tear_down),
                cmocka_unit_test_setup_teardown(one_that_was_started_anew_is_found, peer_set_up, peer_tear_down),
                cmocka_unit_test_setup_teardown(one_that_does_not_read_is_not_waited_for, peer_set_up, peer_tear_down),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
