#include "syncer.h"

#include "docksill/base/clock.h"
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

/* A disk: what it was asked for, and whether it comes back. */
static struct {
        pthread_mutex_t lock;
        pthread_cond_t news;
        unsigned begun, ended;
        bool hangs;
        int error, fd;
} disk = { .lock = PTHREAD_MUTEX_INITIALIZER, .news = PTHREAD_COND_INITIALIZER };

int fdatasync(int fd) {
        int error;

        pthread_mutex_lock(&disk.lock);
        ++disk.begun;
        disk.fd = fd;
        pthread_cond_broadcast(&disk.news);
        while (disk.hangs)
                pthread_cond_wait(&disk.news, &disk.lock);
        ++disk.ended;
        error = disk.error;
        pthread_cond_broadcast(&disk.news);
        pthread_mutex_unlock(&disk.lock);
        errno = error;
        return error ? -1 : 0;
}

static void set_disk(bool hangs, int error) {
        pthread_mutex_lock(&disk.lock);
        disk.hangs = hangs;
        disk.error = error;
        pthread_cond_broadcast(&disk.news);
        pthread_mutex_unlock(&disk.lock);
}

static unsigned begun(void) {
        unsigned n;

        pthread_mutex_lock(&disk.lock);
        n = disk.begun;
        pthread_mutex_unlock(&disk.lock);
        return n;
}

static void wait_begun(unsigned n) {
        for (int64_t end = clock_monotonic() + 10 * SECOND; begun() < n; usleep(1000))
                assert_true(clock_monotonic() < end);
}

static int set_up(void **state) {
        *state = calloc(1, sizeof(struct syncer));
        set_disk(false, 0);
        disk.begun = disk.ended = 0;
        return 0;
}

/* Threads end by themselves a moment later. */
static int tear_down(void **state) {
        set_disk(false, 0);
        syncer_deinit(*state);
        usleep(SYNCER_PERIOD * 1000 + 200000);
        free(*state);
        return 0;
}

static void what_is_written_is_synced_once_a_second(void **state) {
        struct syncer *s = *state;
        const int64_t start = clock_monotonic();

        assert_int_equal(syncer_ask(s, STDIN_FILENO), 0);
        wait_begun(1);
        for (int i = 0; i < 1000; ++i)
                assert_int_equal(syncer_ask(s, STDIN_FILENO), 0);
        if (clock_monotonic() - start < SECOND / 2)
                assert_int_equal(begun(), 1);
        wait_begun(2); /* the last that was asked for is not forgotten */
        assert_true(clock_monotonic() - start >= SECOND);
        usleep(1200000);
        assert_int_equal(begun(), 2);
        assert_int_equal(syncer_ask(s, STDIN_FILENO), 0);
        wait_begun(3);
        assert_int_not_equal(disk.fd, STDIN_FILENO); /* which may be closed meanwhile */
}

static void a_disk_that_hangs_keeps_nobody(void **state) {
        struct syncer *s = *state;
        const int64_t start = clock_monotonic();

        set_disk(true, 0);
        for (int i = 0; i < 100; ++i)
                assert_int_equal(syncer_ask(s, STDIN_FILENO), 0);
        wait_begun(1);
        usleep(1200000);
        assert_int_equal(begun(), 1); /* it keeps one thread */
        syncer_deinit(s);
        assert_null(s->syncing);
        assert_true(clock_monotonic() - start < 5 * SECOND);
}

static void a_failure_is_told_once(void **state) {
        struct syncer *s = *state;
        int r = 0;

        set_disk(false, EIO);
        assert_int_equal(syncer_ask(s, STDIN_FILENO), 0);
        for (int i = 0; i < 1000 && r == 0; ++i) {
                usleep(1000);
                r = syncer_ask(s, STDIN_FILENO);
        }
        assert_int_equal(r, -EIO);
        assert_int_equal(syncer_ask(s, STDIN_FILENO), 0);
}

/* As of a file that was rotated away. */
static void the_first_is_done_even_if_nobody_waits(void **state) {
        struct syncer *s = *state;

        assert_int_equal(syncer_ask(s, STDIN_FILENO), 0);
        syncer_deinit(s);
        wait_begun(1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
        const struct CMUnitTest tests[] = {
                TEST(what_is_written_is_synced_once_a_second),
                TEST(a_disk_that_hangs_keeps_nobody),
                TEST(a_failure_is_told_once),
                TEST(the_first_is_done_even_if_nobody_waits),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
