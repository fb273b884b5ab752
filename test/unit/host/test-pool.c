#include "docksill/host/pool.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct gate {
        pthread_mutex_t lock;
        pthread_cond_t opened;
        bool open;
};

struct probe {
        struct job job;
        struct gate *gate; /* NULL: returns at once */
        atomic_int *freed, *ran;
};

static void run(struct job *job) {
        struct probe *p = (struct probe *)job;

        if (p->gate) {
                pthread_mutex_lock(&p->gate->lock);
                while (!p->gate->open)
                        pthread_cond_wait(&p->gate->opened, &p->gate->lock);
                pthread_mutex_unlock(&p->gate->lock);
        }
        atomic_fetch_add(p->ran, 1);
}

static void release(struct job *job) {
        struct probe *p = (struct probe *)job;

        atomic_fetch_add(p->freed, 1);
        free(p);
}

static struct job *probe_new(struct gate *gate, atomic_int *ran, atomic_int *freed) {
        struct probe *p = calloc(1, sizeof(*p));

        assert_non_null(p);
        *p = (struct probe){ .job = { .run = run, .free = release }, .gate = gate, .ran = ran, .freed = freed };
        return &p->job;
}

static bool readable(struct pool *p, int timeout) {
        struct pollfd fd = { .fd = pool_fd(p), .events = POLLIN };

        return poll(&fd, 1, timeout) == 1;
}

static struct job *wait_job(struct pool *p) {
        struct job *job;

        while (!(job = pool_next(p)))
                assert_true(readable(p, 10000));
        return job;
}

static void hands_back_every_job(void **state) {
        atomic_int ran = 0, freed = 0;
        struct pool *p;

        (void)state;
        assert_int_equal(pool_new(&p, 3, 100), 0);
        for (int i = 0; i < 100; ++i)
                assert_int_equal(pool_submit(p, probe_new(NULL, &ran, &freed)), 0);
        for (int i = 0; i < 100; ++i) {
                struct job *job = wait_job(p);

                job->free(job);
        }
        assert_int_equal(ran, 100);
        /* A late wake-up may come for a job that was taken meanwhile; then it is quiet. */
        for (int i = 0; i < 100 && readable(p, 10); ++i)
                assert_null(pool_next(p));
        assert_false(readable(p, 0));
        pool_free(p);
}

static void a_stuck_job_costs_one_thread_not_the_pool(void **state) {
        struct gate gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
        atomic_int ran = 0, freed = 0;
        struct job *stuck, *quick;
        struct pool *p;

        (void)state;
        assert_int_equal(pool_new(&p, 2, 4), 0);
        stuck = probe_new(&gate, &ran, &freed);
        assert_int_equal(pool_submit(p, stuck), 0);
        quick = probe_new(NULL, &ran, &freed);
        assert_int_equal(pool_submit(p, quick), 0);
        assert_ptr_equal(wait_job(p), quick);
        quick->free(quick);

        assert_int_equal(pool_lost(p), 0);
        assert_true(pool_abandon(p, stuck));
        assert_int_equal(pool_lost(p), 1);
        assert_int_equal(freed, 1);
        pthread_mutex_lock(&gate.lock);
        gate.open = true;
        pthread_cond_broadcast(&gate.opened);
        pthread_mutex_unlock(&gate.lock);
        for (int i = 0; i < 1000 && freed < 2; ++i)
                poll(NULL, 0, 10);
        assert_int_equal(freed, 2);      /* by the thread that was stuck in it */
        assert_true(readable(p, 10000)); /* it is back: that is told */
        assert_int_equal(pool_lost(p), 0);
        assert_null(pool_next(p));
        pool_free(p);
}

static void turns_jobs_away_when_it_is_full(void **state) {
        struct gate gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
        atomic_int ran = 0, freed = 0;
        struct job *away;
        struct pool *p;
        int taken = 0;

        (void)state;
        assert_int_equal(pool_new(&p, 1, 2), 0);
        away = probe_new(&gate, &ran, &freed);
        while (pool_submit(p, away) == 0) {
                assert_in_range(++taken, 1, 3);
                away = probe_new(&gate, &ran, &freed);
                poll(NULL, 0, 20); /* the thread takes the first one */
        }
        assert_in_range(taken, 2, 3);
        away->free(away);
        pthread_mutex_lock(&gate.lock);
        gate.open = true;
        pthread_cond_broadcast(&gate.opened);
        pthread_mutex_unlock(&gate.lock);
        for (int i = 0; i < taken; ++i) {
                struct job *job = wait_job(p);

                job->free(job);
        }
        pool_free(p);
        assert_int_equal(freed, taken + 1);
}

static void a_finished_job_can_still_be_abandoned(void **state) {
        atomic_int ran = 0, freed = 0;
        struct job *job = probe_new(NULL, &ran, &freed);
        struct pool *p;

        (void)state;
        assert_int_equal(pool_new(&p, 1, 1), 0);
        assert_int_equal(pool_submit(p, job), 0);
        assert_true(readable(p, 10000));
        assert_false(pool_abandon(p, job)); /* it is done, and stuck nowhere */
        assert_int_equal(freed, 1);
        assert_null(pool_next(p));
        pool_free(p);
        pool_free(NULL);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(hands_back_every_job),
                cmocka_unit_test(a_stuck_job_costs_one_thread_not_the_pool),
                cmocka_unit_test(turns_jobs_away_when_it_is_full),
                cmocka_unit_test(a_finished_job_can_still_be_abandoned),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
