#include "docksill/base/clock.h"
#include "docksill/host/resolve.h"
#include "work.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../engine/latched.h"
#include "../host/stub-engine.h"

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

/* What leads below /dead is not told before the door is open. */
int resolve_path(struct text *out, int root unused_, struct str path, bool *socket) {
        if (str_starts(path, STR_C("/dead"))) {
                pthread_mutex_lock(&door.lock);
                while (!door.open)
                        pthread_cond_wait(&door.opened, &door.lock);
                pthread_mutex_unlock(&door.lock);
        }
        text_add(out, path);
        *socket = false;
        return 0;
}

static struct fact_path *add_mount(struct request *r, struct arena *arena, const char *path) {
        struct mount_fact *m = latched_push(arena, &r->facts.mounts, sizeof(*m));

        m->requested.value = str_from(path);
        m->source = (struct fact_path){ .n = 1, .spelling = { str_from(path) } };
        return &m->source;
}

/* What a request of ours leaves open is its target: a question each word. "srv" has a mount of its own. */
void questions_of(struct questions *out, struct request *r, struct arena *arena) {
        struct str rest = r->envelope.uri.value;

        while (rest.n) {
                struct question *q = ARENA_PUSH(arena, out);

                assert_non_null(q);
                *q = (struct question){ .kind = QUESTION_CONTAINER, .name = str_cut(&rest, ' ') };
        }
}

void question_target(struct text *out, const struct question *q) {
        text_add_char(out, '/');
        text_add(out, q->name);
}

void question_answer(struct request *r, struct arena *arena, struct questions *questions, size_t i, enum answer answer,
                     struct str json unused_) {
        if (answer == ANSWER_NONE)
                r->facts.target.name.head.state = FACT_UNKNOWN;
        else if (str_eqz(questions->items[i].name, "srv"))
                add_mount(r, arena, "/srv");
}

void questions_untold(struct request *r, const struct questions *questions, size_t i) {
        if (i < questions->n)
                r->facts.target.name.head.state = FACT_UNKNOWN;
}

struct world {
        struct stub_engine stub;
        struct lookup_queue lookups;
        struct work_pool works;
        struct generation *generation;
};

#define DEADLINE 1000 /* of all lookups; for the engine's answers 750 */

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
        struct generation_options options = { .rules = &no_rules, .lookups = { .deadline = DEADLINE, .paths = true } };
        struct world *w = calloc(1, sizeof(*w));

        *state = w;
        no_rules.references = 1;
        open_door(false);
        if (stub_begin(&w->stub) < 0)
                return -1;
        options.lookups.engine = docker_built() ? str_from(w->stub.socket) : STR_C("");
        assert_int_equal(generation_new(&w->generation, &options), 0);
        assert_int_equal(lookup_queue_init(&w->lookups, LOOKUP_MOST), 0);
        return asker_use(&w->lookups.asker, options.lookups.engine);
}

static int end(void **state) {
        struct world *w = *state;

        open_door(true);
        lookup_queue_deinit(&w->lookups);
        work_pool_deinit(&w->works);
        generation_unref(w->generation);
        assert_int_equal(no_rules.references, 1);
        stub_end(&w->stub);
        free(w);
        return 0;
}

/* A work as route_begin() leaves it. @asks: names of containers; @path: NULL: it has none. */
static struct work *work_asking(struct world *w, const char *asks, const char *path, int64_t deadline) {
        struct work *work = work_new(&w->works);

        memset(&work->request, 0, offsetof(struct request, facts));
        facts_init(&work->request.facts);
        work->request.facts.target.name.head.state = FACT_KNOWN;
        work->request.envelope.uri.value = str_from(asks);
        if (path)
                add_mount(&work->request, &work->arena, path);
        work->since = deadline - DEADLINE;
        work_look_up(work, w->generation);
        return work;
}

static bool add(struct world *w, struct work *work, size_t call) {
        return lookup_begin(&work->lookup, &w->lookups, call);
}

static struct work *next(struct world *w, int64_t now) {
        struct lookup *lookup = lookup_next(&w->lookups, now);

        return lookup ? lookup->giver : NULL;
}

static struct work *work_for(struct world *w, const char *path, int64_t deadline) {
        return work_asking(w, "", path, deadline);
}

static enum fact_state path_state(const struct work *work, size_t i) {
        return ((const struct mount_fact *)work->request.facts.mounts.items)[i].source.head.state;
}

static bool is_told(const struct work *work) {
        return path_state(work, 0) == FACT_KNOWN;
}

static bool is_answered(const struct work *work) {
        return work->request.facts.target.name.head.state == FACT_KNOWN;
}

/* As the server's loop does. */
static struct work *next_within(struct world *w, int64_t now) {
        struct pollfd fds[] = { { .fd = lookup_queue_fd(&w->lookups), .events = POLLIN },
                                { .fd = asker_fd(&w->lookups.asker), .events = POLLIN } };
        int64_t until = clock_monotonic() + 10 * INT64_C(1000000);
        struct work *work;

        while (!(work = next(w, now))) {
                int timeout = asker_timeout(&w->lookups.asker, clock_monotonic());

                if (clock_monotonic() > until)
                        fail_msg("nobody goes on within 10 s");
                poll(fds, ARRAY_SIZE(fds), timeout < 0 || timeout > 100 ? 100 : timeout);
                asker_run(&w->lookups.asker, clock_monotonic());
        }
        return work;
}

static void a_helper_tells_and_it_goes_on(void **state) {
        struct world *w = *state;
        struct work *work = work_for(w, "/", 1000);

        assert_true(add(w, work, 100));
        assert_int_equal(lookup_queue_timeout(&w->lookups, 0), 1);
        assert_ptr_equal(next_within(w, 0), work);
        assert_true(is_told(work));
        assert_int_equal(w->lookups.held, 0);
        assert_null(next(w, INT64_MAX));
        assert_int_equal(lookup_queue_timeout(&w->lookups, 0), -1);
        work_free(&w->works, work);
}

static void at_its_deadline_it_goes_on_untold(void **state) {
        struct world *w = *state;
        struct work *work = work_for(w, "/dead", 200000), *other = work_for(w, "/", 300000);

        assert_true(add(w, work, 1));
        assert_true(add(w, other, 1));
        assert_ptr_equal(next_within(w, 0), other); /* the one that is stuck holds up nobody */
        assert_true(is_told(other));
        assert_null(next(w, 199999));
        assert_int_equal(lookup_queue_timeout(&w->lookups, 0), 200);
        assert_int_equal(lookup_queue_timeout(&w->lookups, 199001), 1);
        assert_int_equal(lookup_queue_timeout(&w->lookups, 200001), 0);
        assert_ptr_equal(next(w, 200000), work);
        assert_false(is_told(work));
        assert_null(work->lookup.following); /* its helper's now */
        work_free(&w->works, work);
        work_free(&w->works, other);
}

static void stuck_helpers_are_told_of_once_and_when_they_are_back(void **state) {
        struct world *w = *state;
        unsigned helpers;

        assert_int_equal(lookup_queue_news(&w->lookups, 0, &helpers), COMPLAINT_NONE);
        for (int i = 0; i < 2; ++i) {
                assert_true(add(w, work_for(w, "/dead/x", 1000), 1));
                poll(NULL, 0, 20); /* a helper takes it */
        }
        for (int i = 0; i < 2; ++i)
                work_free(&w->works, next(w, 1000));
        assert_int_equal(lookup_queue_news(&w->lookups, 1000, &helpers), COMPLAINT_BEGUN);
        assert_int_equal(helpers, 2);
        assert_string_equal(w->lookups.stuck, "/dead/x");
        assert_int_equal(lookup_queue_news(&w->lookups, 100000000, &helpers), COMPLAINT_NONE);
        open_door(true);
        for (int i = 0; i < 1000 && lookup_queue_news(&w->lookups, 2000, &helpers) == COMPLAINT_NONE; ++i)
                poll(NULL, 0, 10);
        assert_int_equal(helpers, 0);
        assert_int_equal(lookup_queue_news(&w->lookups, 2000, &helpers), COMPLAINT_NONE);
        open_door(false);
}

static void deadlines_are_kept_in_order(void **state) {
        static const int64_t deadlines[] = { 3000, 1000, 2000, 1000 };
        struct world *w = *state;
        int64_t last = 0;

        for (size_t i = 0; i < ARRAY_SIZE(deadlines); ++i)
                assert_true(add(w, work_for(w, "/dead", deadlines[i]), 1));
        for (size_t i = 0; i < ARRAY_SIZE(deadlines); ++i) {
                struct work *work = next(w, 10000);

                assert_true(work->lookup.deadline >= last);
                last = work->lookup.deadline;
                work_free(&w->works, work);
        }
        assert_null(next(w, 10000));
}

/* All helpers stuck and the queue full: nobody waits for nothing. And all of it is over when the mount comes back. */
static void without_a_helper_it_goes_on_at_once(void **state) {
        struct world *w = *state;
        struct work *work;
        size_t n = 0;

        while (add(w, work = work_for(w, "/dead", 1000), 1))
                assert_true(++n <= LOOKUP_HELPERS + LOOKUP_QUEUED);
        assert_true(n >= LOOKUP_QUEUED);
        assert_false(is_told(work));
        work_free(&w->works, work);
        while ((work = next(w, 1000))) {
                assert_false(is_told(work));
                work_free(&w->works, work);
        }

        open_door(true);
        work = NULL;
        for (int i = 0; i < 1000 && !work; ++i) {
                struct work *again = work_for(w, "/", 1000);

                if (add(w, again, 1)) {
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
        struct work *large[LOOKUP_MEMORY / LOOKUP_ONE_MEMORY], *small = work_asking(w, "x", "/dead", 2000);

        for (size_t i = 0; i < ARRAY_SIZE(large); ++i) {
                large[i] = work_for(w, "/dead", 1000);
                assert_true(add(w, large[i], LOOKUP_ONE_MEMORY - large[i]->arena.used));
        }
        assert_false(add(w, small, 1));
        assert_false(is_told(small));
        assert_false(flaws_any(&small->request.flaws));
        if (docker_built())
                assert_false(is_answered(small));
        for (size_t i = 0; i < ARRAY_SIZE(large); ++i) {
                assert_ptr_equal(next(w, 1000), large[i]);
                work_free(&w->works, large[i]);
        }
        work_free(&w->works, small);
}

/* Padding must not buy that nobody is asked. */
static void a_call_too_large_to_wait_is_flawed(void **state) {
        struct world *w = *state;
        struct work *work = work_asking(w, "x", "/dead", 1000);

        assert_false(add(w, work, LOOKUP_ONE_MEMORY));
        assert_true(flaws_have(&work->request.flaws, FLAW_TOO_LARGE));
        work_free(&w->works, work);
}

static void nothing_left_open_is_nothing_to_wait_for(void **state) {
        struct world *w = *state;
        struct work *work = work_for(w, NULL, 1000);

        assert_false(add(w, work, 1));
        assert_true(is_answered(work));
        work_free(&w->works, work);
}

/* -- the engine -- */

static void the_engine_is_asked_before_paths_are_followed(void **state) {
        struct world *w = *state;
        struct work *work = work_asking(w, "srv missing other", "/", 1000);

        assert_true(add(w, work, 1));
        assert_int_equal(work->lookup.step, LOOKUP_ASK);
        assert_int_equal(work->lookup.deadline, 750);
        assert_ptr_equal(next_within(w, 0), work);
        assert_true(is_answered(work));
        assert_int_equal(w->stub.requests, 3);
        assert_int_equal(work->request.facts.mounts.n, 2); /* with the one that an answer named */
        assert_int_equal(path_state(work, 0), FACT_KNOWN);
        assert_int_equal(path_state(work, 1), FACT_KNOWN);
        assert_int_equal(w->lookups.held, 0);
        assert_int_equal(w->lookups.n, 0);
        work_free(&w->works, work);
}

/* Or whoever can slow the engine could hide where a link leads. */
static void an_engine_that_is_slow_leaves_time_for_paths(void **state) {
        struct world *w = *state;
        struct work *work = work_asking(w, "slow", "/dead", 1000), *none = work_asking(w, "slow", NULL, 1000);

        assert_true(add(w, work, 1));
        assert_true(add(w, none, 1));
        assert_null(next(w, 749));
        assert_ptr_equal(next(w, 750), none);
        assert_false(is_answered(none));
        assert_int_equal(work->lookup.step, LOOKUP_FOLLOW);
        assert_int_equal(work->lookup.deadline, 1000);
        open_door(true);
        assert_ptr_equal(next_within(w, 750), work);
        assert_false(is_answered(work));
        assert_true(is_told(work));
        work_free(&w->works, work);
        work_free(&w->works, none);
}

/* A stop: nobody waits any more, whatever for. */
static void all_can_be_ended_at_once(void **state) {
        struct world *w = *state;
        struct work *work;
        size_t n = 0;

        for (size_t i = 0; i < 20; ++i)
                assert_true(add(w, work_asking(w, "slow slow", "/dead", 1000), 1));
        for (; (work = next(w, INT64_MAX)); ++n) {
                assert_false(is_answered(work));
                assert_false(is_told(work));
                work_free(&w->works, work);
        }
        assert_int_equal(n, 20);
}

static void so_many_wait_and_no_more(void **state) {
        struct world *w = *state;
        struct work *work;
        size_t n = 0;

        while (add(w, work = work_asking(w, "slow", NULL, 1000), 1))
                assert_true(++n <= LOOKUP_MOST);
        assert_int_equal(n, LOOKUP_MOST);
        assert_false(is_answered(work));
        work_free(&w->works, work);
        while ((work = next(w, INT64_MAX)))
                work_free(&w->works, work);
}

static void another_engine_ends_what_the_first_was_asked(void **state) {
        struct world *w = *state;
        struct work *work = work_asking(w, "slow", "/", 1000);

        assert_true(add(w, work, 1));
        assert_int_equal(asker_use(&w->lookups.asker, STR_C("/nonexistent/docker.sock")), 0);
        assert_ptr_equal(next_within(w, 0), work);
        assert_false(is_answered(work));
        assert_true(is_told(work));
        work_free(&w->works, work);

        work = work_asking(w, "x", NULL, 1000); /* nobody is there */
        assert_true(add(w, work, 1));
        assert_ptr_equal(next_within(w, 0), work);
        assert_false(is_answered(work));
        work_free(&w->works, work);
}

static void one_that_waits_for_the_engine_can_be_dropped(void **state) {
        struct world *w = *state;
        struct work *work = work_asking(w, "slow x", "/", 1000);

        assert_true(add(w, work, 1));
        work_free(&w->works, work);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        static const struct CMUnitTest of_paths[] = {
                TEST(a_helper_tells_and_it_goes_on),
                TEST(at_its_deadline_it_goes_on_untold),
                TEST(stuck_helpers_are_told_of_once_and_when_they_are_back),
                TEST(deadlines_are_kept_in_order),
                TEST(without_a_helper_it_goes_on_at_once),
                TEST(what_waits_may_hold_so_much_memory),
                TEST(a_call_too_large_to_wait_is_flawed),
                TEST(nothing_left_open_is_nothing_to_wait_for),
        };
        static const struct CMUnitTest of_the_engine[] = {
                TEST(the_engine_is_asked_before_paths_are_followed),
                TEST(an_engine_that_is_slow_leaves_time_for_paths),
                TEST(all_can_be_ended_at_once),
                TEST(so_many_wait_and_no_more),
                TEST(another_engine_ends_what_the_first_was_asked),
                TEST(one_that_waits_for_the_engine_can_be_dropped),
        };
        int failed = cmocka_run_group_tests(of_paths, NULL, NULL);

        /* A build without a client has nobody to ask. */
        return failed + (docker_built() ? cmocka_run_group_tests(of_the_engine, NULL, NULL) : 0);
}
