#include "docksill/base/clock.h"
#include "docksill/host/resolve.h"
#include "pending.h"

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

void questions_mark_unknown(struct request *r, const struct questions *questions, size_t i) {
        if (i < questions->n)
                r->facts.target.name.head.state = FACT_UNKNOWN;
}

struct world {
        struct stub_engine stub;
        struct lookup_queue lookups;
        struct lookup_counts counts[LOOKUP_OF];
        struct pending_pool works;
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
        return engine_client_use(&w->lookups.engine_client, options.lookups.engine);
}

static int end(void **state) {
        struct world *w = *state;

        open_door(true);
        lookup_queue_deinit(&w->lookups);
        pending_pool_deinit(&w->works);
        generation_unref(w->generation);
        assert_int_equal(no_rules.references, 1);
        stub_end(&w->stub);
        free(w);
        return 0;
}

/* A work as route_begin() leaves it. @asks: names of containers; @path: NULL: it has none. */
static struct pending *work_asking(struct world *w, const char *asks, const char *path, int64_t deadline) {
        struct pending *pending = pending_new(&w->works);

        memset(&pending->request, 0, offsetof(struct request, facts));
        facts_init(&pending->request.facts);
        pending->request.facts.target.name.head.state = FACT_KNOWN;
        pending->request.envelope.uri.value = str_from(asks);
        if (path)
                add_mount(&pending->request, &pending->arena, path);
        pending->since = deadline - DEADLINE;
        pending_look_up(pending, w->generation);
        return pending;
}

static bool add(struct world *w, struct pending *pending, size_t call) {
        return lookup_begin(&pending->lookup, &w->lookups, call);
}

static struct pending *next(struct world *w, int64_t now) {
        struct lookup *lookup = lookup_next(&w->lookups, now);

        return lookup ? lookup->giver : NULL;
}

static struct pending *work_for(struct world *w, const char *path, int64_t deadline) {
        return work_asking(w, "", path, deadline);
}

static enum fact_state path_state(const struct pending *pending, size_t i) {
        return ((const struct mount_fact *)pending->request.facts.mounts.items)[i].source.head.state;
}

static bool is_told(const struct pending *pending) {
        return path_state(pending, 0) == FACT_KNOWN;
}

static bool is_answered(const struct pending *pending) {
        return pending->request.facts.target.name.head.state == FACT_KNOWN;
}

/* As the server's loop does. */
static struct pending *next_within(struct world *w, int64_t now) {
        struct pollfd fds[] = { { .fd = lookup_queue_fd(&w->lookups), .events = POLLIN },
                                { .fd = engine_client_fd(&w->lookups.engine_client), .events = POLLIN } };
        int64_t until = clock_monotonic() + 10 * INT64_C(1000000);
        struct pending *pending;

        while (!(pending = next(w, now))) {
                int timeout = engine_client_timeout(&w->lookups.engine_client, clock_monotonic());

                if (clock_monotonic() > until)
                        fail_msg("nobody goes on within 10 s");
                poll(fds, ARRAY_SIZE(fds), timeout < 0 || timeout > 100 ? 100 : timeout);
                engine_client_run(&w->lookups.engine_client, clock_monotonic());
        }
        return pending;
}

static void a_helper_tells_and_it_goes_on(void **state) {
        struct world *w = *state;
        struct pending *pending = work_for(w, "/", 1000);

        assert_true(add(w, pending, 100));
        assert_int_equal(lookup_queue_timeout(&w->lookups, 0), 1);
        assert_ptr_equal(next_within(w, 0), pending);
        assert_true(is_told(pending));
        assert_int_equal(w->lookups.held, 0);
        assert_null(next(w, INT64_MAX));
        assert_int_equal(lookup_queue_timeout(&w->lookups, 0), -1);
        pending_free(&w->works, pending);
}

static uint64_t counted(const struct world *w, enum lookup_asked asked, enum lookup_result result) {
        return counter_read(&w->counts[asked].results[result]);
}

static void what_came_of_it_is_counted(void **state) {
        struct world *w = *state;
        struct pending *told = work_for(w, "/", 1000), *late = work_for(w, "/dead", 1000), *skipped;

        w->lookups.counts = w->counts;
        assert_true(add(w, told, 1));
        assert_ptr_equal(next_within(w, 0), told);
        assert_true(add(w, late, 1));
        w->lookups.most = 1;
        skipped = work_for(w, "/", 1000);
        assert_false(add(w, skipped, 1));
        assert_ptr_equal(next(w, 1000), late);
        assert_int_equal(counted(w, LOOKUP_OF_PATHS, LOOKUP_ANSWERED), 1);
        assert_int_equal(counted(w, LOOKUP_OF_PATHS, LOOKUP_LATE), 1);
        assert_int_equal(counted(w, LOOKUP_OF_PATHS, LOOKUP_SKIPPED), 1);
        assert_int_equal(counted(w, LOOKUP_OF_PATHS, LOOKUP_FAILED), 0);
        assert_int_equal(counted(w, LOOKUP_OF_ENGINE, LOOKUP_ANSWERED), 0); /* nothing was asked there */
        pending_free(&w->works, told);
        pending_free(&w->works, late);
        pending_free(&w->works, skipped);
}

static void answers_of_the_engine_are_counted(void **state) {
        struct world *w = *state;
        struct pending *told = work_asking(w, "srv missing", NULL, 1000), *late = work_asking(w, "slow", NULL, 1000);
        struct pending *failed = work_asking(w, "other", NULL, 1000);

        w->lookups.counts = w->counts;
        assert_true(add(w, told, 1));
        assert_ptr_equal(next_within(w, 0), told);
        assert_true(add(w, late, 1));
        assert_ptr_equal(next(w, 750), late);
        assert_true(add(w, failed, 1));
        assert_int_equal(engine_client_use(&w->lookups.engine_client, STR_C("")), 0); /* who was asked is gone */
        assert_ptr_equal(next(w, 0), failed);
        assert_int_equal(counted(w, LOOKUP_OF_ENGINE, LOOKUP_ANSWERED), 1);
        assert_int_equal(counted(w, LOOKUP_OF_ENGINE, LOOKUP_LATE), 1);
        assert_int_equal(counted(w, LOOKUP_OF_ENGINE, LOOKUP_FAILED), 1);
        pending_free(&w->works, told);
        pending_free(&w->works, late);
        pending_free(&w->works, failed);
}

static void at_its_deadline_it_goes_on_without(void **state) {
        struct world *w = *state;
        struct pending *pending = work_for(w, "/dead", 200000), *other = work_for(w, "/", 300000);

        assert_true(add(w, pending, 1));
        assert_true(add(w, other, 1));
        assert_ptr_equal(next_within(w, 0), other); /* the one that is stuck holds up nobody */
        assert_true(is_told(other));
        assert_null(next(w, 199999));
        assert_int_equal(lookup_queue_timeout(&w->lookups, 0), 200);
        assert_int_equal(lookup_queue_timeout(&w->lookups, 199001), 1);
        assert_int_equal(lookup_queue_timeout(&w->lookups, 200001), 0);
        assert_ptr_equal(next(w, 200000), pending);
        assert_false(is_told(pending));
        assert_null(pending->lookup.following); /* its helper's now */
        pending_free(&w->works, pending);
        pending_free(&w->works, other);
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
                pending_free(&w->works, next(w, 1000));
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
                struct pending *pending = next(w, 10000);

                assert_true(pending->lookup.deadline >= last);
                last = pending->lookup.deadline;
                pending_free(&w->works, pending);
        }
        assert_null(next(w, 10000));
}

/* All helpers stuck and the queue full: nobody waits for nothing. And all of it is over when the mount comes back. */
static void without_a_helper_it_goes_on_at_once(void **state) {
        struct world *w = *state;
        struct pending *pending;
        size_t n = 0;

        while (add(w, pending = work_for(w, "/dead", 1000), 1))
                assert_true(++n <= LOOKUP_HELPERS + LOOKUP_QUEUED);
        assert_true(n >= LOOKUP_QUEUED);
        assert_false(is_told(pending));
        pending_free(&w->works, pending);
        while ((pending = next(w, 1000))) {
                assert_false(is_told(pending));
                pending_free(&w->works, pending);
        }

        open_door(true);
        pending = NULL;
        for (int i = 0; i < 1000 && !pending; ++i) {
                struct pending *again = work_for(w, "/", 1000);

                if (add(w, again, 1)) {
                        pending = next_within(w, 0);
                        assert_true(is_told(again));
                } else {
                        poll(NULL, 0, 10); /* the helpers clear the queue */
                }
                pending_free(&w->works, again);
        }
        assert_non_null(pending);
}

static void what_waits_may_hold_so_much_memory(void **state) {
        struct world *w = *state;
        struct pending *large[LOOKUP_MEMORY / LOOKUP_ONE_MEMORY], *small = work_asking(w, "x", "/dead", 2000);

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
                pending_free(&w->works, large[i]);
        }
        pending_free(&w->works, small);
}

/* Padding must not buy that nobody is asked. */
static void a_call_too_large_to_wait_is_flawed(void **state) {
        struct world *w = *state;
        struct pending *pending = work_asking(w, "x", "/dead", 1000);

        assert_false(add(w, pending, LOOKUP_ONE_MEMORY));
        assert_true(flaws_have(&pending->request.flaws, FLAW_TOO_LARGE));
        pending_free(&w->works, pending);
}

static void nothing_left_open_is_nothing_to_wait_for(void **state) {
        struct world *w = *state;
        struct pending *pending = work_for(w, NULL, 1000);

        assert_false(add(w, pending, 1));
        assert_true(is_answered(pending));
        pending_free(&w->works, pending);
}

/* -- the engine -- */

static void the_engine_is_asked_before_paths_are_followed(void **state) {
        struct world *w = *state;
        struct pending *pending = work_asking(w, "srv missing other", "/", 1000);

        assert_true(add(w, pending, 1));
        assert_int_equal(pending->lookup.step, LOOKUP_ASK);
        assert_int_equal(pending->lookup.deadline, 750);
        assert_ptr_equal(next_within(w, 0), pending);
        assert_true(is_answered(pending));
        assert_int_equal(w->stub.requests, 3);
        assert_int_equal(pending->request.facts.mounts.n, 2); /* with the one that an answer named */
        assert_int_equal(path_state(pending, 0), FACT_KNOWN);
        assert_int_equal(path_state(pending, 1), FACT_KNOWN);
        assert_int_equal(w->lookups.held, 0);
        assert_int_equal(w->lookups.n, 0);
        pending_free(&w->works, pending);
}

/* Or whoever can slow the engine could hide where a link leads. */
static void an_engine_that_is_slow_leaves_time_for_paths(void **state) {
        struct world *w = *state;
        struct pending *pending = work_asking(w, "slow", "/dead", 1000), *none = work_asking(w, "slow", NULL, 1000);

        assert_true(add(w, pending, 1));
        assert_true(add(w, none, 1));
        assert_null(next(w, 749));
        assert_ptr_equal(next(w, 750), none);
        assert_false(is_answered(none));
        assert_int_equal(pending->lookup.step, LOOKUP_FOLLOW);
        assert_int_equal(pending->lookup.deadline, 1000);
        open_door(true);
        assert_ptr_equal(next_within(w, 750), pending);
        assert_false(is_answered(pending));
        assert_true(is_told(pending));
        pending_free(&w->works, pending);
        pending_free(&w->works, none);
}

/* A stop: nobody waits any more, whatever for. */
static void all_can_be_ended_at_once(void **state) {
        struct world *w = *state;
        struct pending *pending;
        size_t n = 0;

        for (size_t i = 0; i < 20; ++i)
                assert_true(add(w, work_asking(w, "slow slow", "/dead", 1000), 1));
        for (; (pending = next(w, INT64_MAX)); ++n) {
                assert_false(is_answered(pending));
                assert_false(is_told(pending));
                pending_free(&w->works, pending);
        }
        assert_int_equal(n, 20);
}

static void so_many_wait_and_no_more(void **state) {
        struct world *w = *state;
        struct pending *pending;
        size_t n = 0;

        while (add(w, pending = work_asking(w, "slow", NULL, 1000), 1))
                assert_true(++n <= LOOKUP_MOST);
        assert_int_equal(n, LOOKUP_MOST);
        assert_false(is_answered(pending));
        pending_free(&w->works, pending);
        while ((pending = next(w, INT64_MAX)))
                pending_free(&w->works, pending);
}

static void another_engine_ends_what_the_first_was_asked(void **state) {
        struct world *w = *state;
        struct pending *pending = work_asking(w, "slow", "/", 1000);

        assert_true(add(w, pending, 1));
        assert_int_equal(engine_client_use(&w->lookups.engine_client, STR_C("/nonexistent/docker.sock")), 0);
        assert_ptr_equal(next_within(w, 0), pending);
        assert_false(is_answered(pending));
        assert_true(is_told(pending));
        pending_free(&w->works, pending);

        pending = work_asking(w, "x", NULL, 1000); /* nobody is there */
        assert_true(add(w, pending, 1));
        assert_ptr_equal(next_within(w, 0), pending);
        assert_false(is_answered(pending));
        pending_free(&w->works, pending);
}

static void one_that_waits_for_the_engine_can_be_dropped(void **state) {
        struct world *w = *state;
        struct pending *pending = work_asking(w, "slow x", "/", 1000);

        assert_true(add(w, pending, 1));
        pending_free(&w->works, pending);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        static const struct CMUnitTest of_paths[] = {
                TEST(a_helper_tells_and_it_goes_on),
                TEST(what_came_of_it_is_counted),
                TEST(at_its_deadline_it_goes_on_without),
                TEST(stuck_helpers_are_told_of_once_and_when_they_are_back),
                TEST(deadlines_are_kept_in_order),
                TEST(without_a_helper_it_goes_on_at_once),
                TEST(what_waits_may_hold_so_much_memory),
                TEST(a_call_too_large_to_wait_is_flawed),
                TEST(nothing_left_open_is_nothing_to_wait_for),
        };
        static const struct CMUnitTest of_the_engine[] = {
                TEST(answers_of_the_engine_are_counted),
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
