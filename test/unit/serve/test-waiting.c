#include "waiting.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A door that helpers stand before: a dead mount. */
static struct {
        pthread_mutex_t lock;
        pthread_cond_t opened;
        bool open;
} door = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };

static void open_door(bool open) {
        pthread_mutex_lock(&door.lock);
        door.open = open;
        pthread_cond_broadcast(&door.opened);
        pthread_mutex_unlock(&door.lock);
}

/* What path_lookup_new() put there, behind the door. */
static void (*follow)(struct job *job);

static void follow_behind_door(struct job *job) {
        pthread_mutex_lock(&door.lock);
        while (!door.open)
                pthread_cond_wait(&door.opened, &door.lock);
        pthread_mutex_unlock(&door.lock);
        follow(job);
}

struct world {
        struct waiting waiting;
        struct work_pool works;
        struct ruleset *rules;
        struct generation *generation;
};

/* It is never looked into here. */
struct ruleset {
        unsigned references;
};

struct ruleset *ruleset_ref(struct ruleset *rs) {
        ++rs->references;
        return rs;
}

void ruleset_unref(struct ruleset *rs) {
        --rs->references;
}

static struct ruleset no_rules;

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        *state = w;
        no_rules.references = 1;
        open_door(false);
        assert_int_equal(generation_new(&w->generation, &(struct generation_options){ .rules = &no_rules }), 0);
        return waiting_init(&w->waiting);
}

static int end(void **state) {
        struct world *w = *state;

        open_door(true);
        waiting_deinit(&w->waiting);
        work_pool_deinit(&w->works);
        generation_unref(w->generation);
        assert_int_equal(no_rules.references, 1);
        free(w);
        return 0;
}

/* A work with one path, as route_begin() leaves it. */
static struct work *work_for(struct world *w, const char *path, int64_t deadline, bool stuck) {
        struct work *work = work_new(&w->works);
        struct fact_path *cell = ARENA_NEW(&work->arena, struct fact_path);

        *cell = (struct fact_path){ .n = 1, .spelling = { str_from(path) } };
        work->paths = ARENA_NEW(&work->arena, struct request_path);
        work->paths[0] = (struct request_path){ cell, str_from(path) };
        work->generation = generation_ref(w->generation);
        work->deadline = deadline;
        assert_int_equal(path_lookup_new(&work->lookup, work->paths, 1, -1), 0);
        if (!follow) /* before any helper reads it */
                follow = work->lookup->job.run;
        if (stuck)
                work->lookup->job.run = follow_behind_door;
        return work;
}

static bool is_told(const struct work *work) {
        return work->paths[0].cell->head.state == FACT_KNOWN;
}

static struct work *next_within(struct world *w, int64_t now) {
        struct pollfd fd = { .fd = waiting_fd(&w->waiting), .events = POLLIN };

        assert_int_equal(poll(&fd, 1, 10000), 1);
        return waiting_next(&w->waiting, now);
}

static void a_helper_tells_and_it_goes_on(void **state) {
        struct world *w = *state;
        struct work *work = work_for(w, "/", 1000, false);

        assert_true(waiting_add(&w->waiting, work, 100));
        assert_int_equal(waiting_timeout(&w->waiting, 0), 1);
        assert_ptr_equal(next_within(w, 0), work);
        assert_true(is_told(work));
        assert_int_equal(w->waiting.held, 0);
        assert_null(waiting_next(&w->waiting, INT64_MAX));
        assert_int_equal(waiting_timeout(&w->waiting, 0), -1);
        work_free(&w->works, work);
}

static void at_its_deadline_it_goes_on_untold(void **state) {
        struct world *w = *state;
        struct work *work = work_for(w, "/", 200000, true), *other = work_for(w, "/", 300000, false);

        assert_true(waiting_add(&w->waiting, work, 1));
        assert_true(waiting_add(&w->waiting, other, 1));
        assert_ptr_equal(next_within(w, 0), other); /* the one that is stuck holds up nobody */
        assert_true(is_told(other));
        assert_null(waiting_next(&w->waiting, 199999));
        assert_int_equal(waiting_timeout(&w->waiting, 0), 200);
        assert_int_equal(waiting_timeout(&w->waiting, 199001), 1);
        assert_int_equal(waiting_timeout(&w->waiting, 200001), 0);
        assert_ptr_equal(waiting_next(&w->waiting, 200000), work);
        assert_false(is_told(work));
        assert_null(work->lookup); /* its helper's now */
        work_free(&w->works, work);
        work_free(&w->works, other);
}

static void deadlines_are_kept_in_order(void **state) {
        static const int64_t deadlines[] = { 300, 100, 200, 100 };
        struct world *w = *state;
        int64_t last = 0;

        for (size_t i = 0; i < ARRAY_SIZE(deadlines); ++i)
                assert_true(waiting_add(&w->waiting, work_for(w, "/", deadlines[i], true), 1));
        for (size_t i = 0; i < ARRAY_SIZE(deadlines); ++i) {
                struct work *work = waiting_next(&w->waiting, 1000);

                assert_true(work->deadline >= last);
                last = work->deadline;
                work_free(&w->works, work);
        }
        assert_null(waiting_next(&w->waiting, 1000));
}

/* All helpers stuck and the queue full: nobody waits for nothing. And all of it is over when the mount comes back. */
static void without_room_it_goes_on_at_once(void **state) {
        struct world *w = *state;
        struct work *work;
        size_t n = 0;

        while (waiting_add(&w->waiting, work = work_for(w, "/", 1000, true), 1))
                assert_true(++n <= WAITING_THREADS + WAITING_QUEUED);
        assert_true(n >= WAITING_QUEUED);
        assert_false(is_told(work));
        work_free(&w->works, work);
        while ((work = waiting_next(&w->waiting, 1000))) {
                assert_false(is_told(work));
                work_free(&w->works, work);
        }

        open_door(true);
        work = NULL;
        for (int i = 0; i < 1000 && !work; ++i) {
                struct work *again = work_for(w, "/", 1000, false);

                if (waiting_add(&w->waiting, again, 1)) {
                        work = next_within(w, 0);
                        assert_true(is_told(again));
                } else {
                        poll(NULL, 0, 10); /* the helpers clear the queue */
                }
                work_free(&w->works, again);
        }
        assert_non_null(work);
}

static void what_waits_may_hold_so_much_memory(void **state) {
        struct world *w = *state;
        struct work *large = work_for(w, "/", 1, true), *small = work_for(w, "/", 2, true);

        assert_true(waiting_add(&w->waiting, large, WAITING_MEMORY));
        assert_false(waiting_add(&w->waiting, small, 1));
        assert_false(is_told(small));
        assert_ptr_equal(waiting_next(&w->waiting, 10), large);
        work_free(&w->works, large);
        work_free(&w->works, small);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        static const struct CMUnitTest tests[] = {
                TEST(a_helper_tells_and_it_goes_on),      TEST(at_its_deadline_it_goes_on_untold),
                TEST(deadlines_are_kept_in_order),        TEST(without_room_it_goes_on_at_once),
                TEST(what_waits_may_hold_so_much_memory),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
