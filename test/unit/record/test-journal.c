/* Which lines get to the journal, what it is told of those that did not, and that nobody waits for it for long. */
#include "docksill/base/clock.h"
#include "docksill/record/writer.h"
#include "journal.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "../../support/journal-peer.h"

#define REFUSED "{\"schema\":\"docksill.record/1\",\"answer\":\"deny\"}\n"
#define ALLOWED "{\"schema\":\"docksill.record/1\",\"verdict\":\"allow\",\"would\":\"allow\",\"answer\":\"allow\"}\n"

static bool never(void *context unused_) {
        return false;
}

/* From the call after so many. */
static bool soon(void *context) {
        unsigned *left = context;

        return *left == 0 || (--*left, false);
}

static struct journal_outcome tell(struct journal *j, const char *lines, enum journal_wants wants, int64_t patience) {
        const struct journal_round round = { .wants = wants, .patience = patience, .pressed = never };

        return journal_tell(j, str_from(lines), &round);
}

static unsigned take_all(struct journal_peer *peer) {
        struct journal_got got;
        unsigned n = 0;

        while (peer_take(peer, &got)) {
                free(got.p);
                ++n;
        }
        return n;
}

/* Fills what the peer may have at hand. */
static void fill(struct journal *j) {
        for (unsigned i = 0; tell(j, REFUSED, JOURNAL_ALL, 0).sent; ++i)
                assert_true(i < 100000);
}

static void lines_go_there_as_far_as_they_are_wanted(void **state) {
        struct journal_peer *peer = *state;
        struct journal_outcome outcome;
        struct journal j;

        journal_init(&j, peer->path);
        outcome = tell(&j, REFUSED ALLOWED REFUSED, JOURNAL_REFUSALS, 0);
        assert_int_equal(outcome.sent, 2);
        assert_int_equal(outcome.missed, 0);
        assert_int_equal(take_all(peer), 2);
        outcome = tell(&j, REFUSED ALLOWED REFUSED, JOURNAL_ALL, 0);
        assert_int_equal(outcome.sent, 3);
        assert_int_equal(take_all(peer), 3);
        outcome = tell(&j, REFUSED ALLOWED REFUSED, JOURNAL_OFF, 0);
        assert_int_equal(outcome.sent + outcome.missed, 0);
        assert_int_equal(take_all(peer), 0);
        journal_deinit(&j);
}

static void what_is_missing_is_told_where_it_is_missing(void **state) {
        struct journal_peer *peer = *state;
        struct journal_outcome outcome;
        struct journal_got got;
        struct journal j;

        peer_close(peer);
        journal_init(&j, peer->path);
        outcome = tell(&j, REFUSED ALLOWED REFUSED, JOURNAL_REFUSALS, JOURNAL_PATIENCE);
        assert_int_equal(outcome.sent, 0);
        assert_int_equal(outcome.missed, 2);
        peer_listen(peer);
        outcome = tell(&j, ALLOWED REFUSED REFUSED, JOURNAL_REFUSALS, JOURNAL_PATIENCE);
        assert_int_equal(outcome.sent, 2);
        assert_true(peer_take(peer, &got));
        assert_field((struct str){ got.p, got.n }, "DOCKSILL_MISSED", "2");
        free(got.p);
        assert_int_equal(take_all(peer), 2);
        assert_int_equal(tell(&j, REFUSED, JOURNAL_REFUSALS, 0).sent, 1);
        assert_int_equal(take_all(peer), 1);
        journal_deinit(&j);
}

static void one_that_does_not_read_is_waited_for_a_little_and_once(void **state) {
        struct journal_peer *peer = *state;
        int64_t since, took;
        struct journal j;

        journal_init(&j, peer->path);
        fill(&j);
        j.behind = false;
        since = clock_monotonic();
        assert_int_equal(tell(&j, REFUSED REFUSED REFUSED, JOURNAL_ALL, 30000).missed, 3);
        took = clock_monotonic() - since;
        assert_true(took >= 30000);
        assert_true(took < 2000000);
        /* It is known to be slow by now. */
        since = clock_monotonic();
        for (int i = 0; i < 100; ++i)
                assert_int_equal(tell(&j, REFUSED, JOURNAL_ALL, 1000000).missed, 1);
        assert_true(clock_monotonic() - since < 2000000);
        assert_true(take_all(peer) > 0);
        assert_int_equal(tell(&j, REFUSED, JOURNAL_ALL, 0).sent, 1);
        assert_int_equal(take_all(peer), 2);
        journal_deinit(&j);
}

static void records_of_the_file_come_first(void **state) {
        struct journal_peer *peer = *state;
        struct journal j;
        unsigned calls = 1;
        const struct journal_round round = {
                .wants = JOURNAL_ALL, .patience = 1000000, .pressed = soon, .context = &calls
        };
        struct journal_outcome outcome;

        journal_init(&j, peer->path);
        outcome = journal_tell(&j, STR_C(REFUSED REFUSED REFUSED), &round);
        assert_int_equal(outcome.sent, 1);
        assert_int_equal(outcome.missed, 2);
        assert_int_equal(take_all(peer), 1);
        journal_deinit(&j);
}

static void the_writer_tells_of_what_it_has_written(void **state) {
        struct journal_peer *peer = *state;
        char path[128];
        const struct writer_options options = {
                .path = path, .buffer = WRITER_BUFFER, .period = 1, .journal = peer->path
        };
        struct writer *w = NULL;
        struct writer_counts counts;

        snprintf(path, sizeof(path), "%s/records", peer->folder);
        assert_int_equal(writer_new_with(&w, &options), 0);
        assert_true(writer_put(w, STR_C(REFUSED), RECORD_REFUSED) > 0);
        while (writer_counts(w).written < 1)
                usleep(1000);
        writer_use_journal(w, JOURNAL_REFUSALS, JOURNAL_PATIENCE);
        assert_true(writer_put(w, STR_C(REFUSED), RECORD_REFUSED) > 0);
        assert_true(writer_put(w, STR_C(ALLOWED), RECORD_CHANGED) > 0);
        while (counts = writer_counts(w), counts.journaled < 1)
                usleep(1000);
        assert_int_equal(counts.journal_missed, 0);
        writer_use_journal(w, JOURNAL_ALL, JOURNAL_PATIENCE);
        assert_true(writer_put(w, STR_C(ALLOWED), RECORD_CHANGED) > 0);
        writer_free(w);
        assert_int_equal(take_all(peer), 2);
        assert_int_equal(unlink(path), 0);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(lines_go_there_as_far_as_they_are_wanted, peer_set_up, peer_tear_down),
                cmocka_unit_test_setup_teardown(what_is_missing_is_told_where_it_is_missing, peer_set_up,
                                                peer_tear_down),
                cmocka_unit_test_setup_teardown(one_that_does_not_read_is_waited_for_a_little_and_once, peer_set_up,
                                                peer_tear_down),
                cmocka_unit_test_setup_teardown(records_of_the_file_come_first, peer_set_up, peer_tear_down),
                cmocka_unit_test_setup_teardown(the_writer_tells_of_what_it_has_written, peer_set_up, peer_tear_down),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
