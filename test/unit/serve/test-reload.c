#include "docksill/base/clock.h"
#include "docksill/host/engine-files.h"
#include "log-line.h"
#include "reload.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The words that were said of readings under way; settlings say theirs in another thread. */
static atomic_uint said_late, said_busy;

bool log_at(enum say_level level unused_, const char *fmt, ...) {
        if (strstr(fmt, "still reading"))
                ++said_late;
        if (strstr(fmt, "still under way"))
                ++said_busy;
        return true;
}

/* Rule sets with a number for a name; how many there are. */
struct ruleset {
        atomic_uint references;
        char name[8];
};

static atomic_int alive;

struct ruleset *ruleset_ref(struct ruleset *rs) {
        atomic_fetch_add(&rs->references, 1);
        return rs;
}

void ruleset_unref(struct ruleset *rs) {
        if (atomic_fetch_sub(&rs->references, 1) == 1) {
                atomic_fetch_sub(&alive, 1);
                free(rs);
        }
}

struct str ruleset_name(const struct ruleset *rs) {
        return str_from(rs->name);
}

struct str ruleset_digest(const struct ruleset *rs) {
        return str_from(rs->name);
}

struct rule_view ruleset_rules(const struct ruleset *rs) {
        (void)rs;
        return (struct rule_view){ 0 };
}

struct step_view ruleset_steps(const struct ruleset *rs) {
        (void)rs;
        return (struct step_view){ 0 };
}

struct str mode_name(enum mode mode) {
        (void)mode;
        return STR_C("enforce");
}

/* A look that does not return before it is let. */
static sem_t look_go;
static atomic_int looks;

void engine_files_look(struct engine_folders *out, unused_ const struct engine_files *files) {
        atomic_fetch_add(&looks, 1);
        while (sem_wait(&look_go) < 0)
                continue;
        engine_folders_add(out, STR_C("/data"), ENGINE_DATA);
}

/* What the files would say, and a reader that does not return before it is let. */
struct files {
        sem_t go;
        atomic_int begun, result, version;
        atomic_bool freed;
};

static int generation_make(struct generation **out, int version) {
        struct ruleset *rs = calloc(1, sizeof(*rs));
        int r;

        atomic_init(&rs->references, 1);
        rs->name[0] = (char)('0' + version);
        atomic_fetch_add(&alive, 1);
        r = generation_new(out, &(struct generation_options){ .rules = rs });
        ruleset_unref(rs);
        return r;
}

static int read_files(void *context, struct generation **out) {
        struct files *s = context;

        atomic_fetch_add(&s->begun, 1);
        while (sem_wait(&s->go) < 0)
                continue;
        return s->result < 0 ? s->result : generation_make(out, s->version);
}

static void free_files(void *context) {
        ((struct files *)context)->freed = true;
}

struct world {
        struct files files;
        struct reload *reload;
        struct generation *now;
};

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        *state = w;
        sem_init(&look_go, 0, 0);
        sem_init(&w->files.go, 0, 0);
        assert_int_equal(generation_make(&w->now, 0), 0);
        return reload_new(&w->reload, &(struct generation_source){ read_files, free_files, &w->files });
}

static void eventually(const atomic_int *value, int wanted) {
        for (int i = 0; i < 1000 && *value != wanted; ++i)
                poll(NULL, 0, 10);
        assert_int_equal(*value, wanted);
}

static int end(void **state) {
        struct world *w = *state;

        reload_free(w->reload);
        generation_unref(w->now);
        eventually(&alive, 0);
        assert_true(w->files.freed);
        sem_destroy(&w->files.go);
        free(w);
        return 0;
}

/* As the server does it. Returns whether something was put in force. */
static bool swap(struct world *w) {
        struct pollfd fd = { .fd = reload_fd(w->reload), .events = POLLIN };
        struct generation *made, *old = w->now;

        assert_int_equal(poll(&fd, 1, 10000), 1);
        made = reload_take(w->reload);
        if (!made)
                return false;
        w->now = made;
        reload_settle(w->reload, old, made);
        return true;
}

static char in_force(const struct world *w) {
        return w->now->rules->name[0];
}

static void what_was_read_is_put_in_force_and_the_old_freed(void **state) {
        struct world *w = *state;

        w->files.version = 1;
        reload_ask(w->reload);
        eventually(&w->files.begun, 1);
        assert_null(reload_take(w->reload)); /* meanwhile nothing changes */
        sem_post(&w->files.go);
        assert_true(swap(w));
        assert_int_equal(in_force(w), '1');
        eventually(&alive, 1);
}

static void what_is_bad_changes_nothing(void **state) {
        struct world *w = *state;

        w->files.result = -EINVAL;
        reload_ask(w->reload);
        sem_post(&w->files.go);
        assert_false(swap(w));
        assert_int_equal(in_force(w), '0');
        assert_int_equal(reload_failures(w->reload), 1);
        assert_true(reload_last_failed(w->reload));

        w->files.result = 0;
        w->files.version = 2;
        reload_ask(w->reload);
        sem_post(&w->files.go);
        assert_true(swap(w));
        assert_int_equal(in_force(w), '2');
        assert_int_equal(reload_failures(w->reload), 1);
        assert_false(reload_last_failed(w->reload));
}

/* The files may have changed since the first was begun; asking thrice means no more than that. */
static void asked_again_meanwhile_one_more_follows(void **state) {
        struct world *w = *state;

        w->files.version = 1;
        for (int i = 0; i < 4; ++i)
                reload_ask(w->reload);
        eventually(&w->files.begun, 1);
        sem_post(&w->files.go);
        while (in_force(w) != '1')
                (void)swap(w);
        eventually(&w->files.begun, 2);
        w->files.version = 2;
        sem_post(&w->files.go);
        while (in_force(w) != '2')
                (void)swap(w);
        poll(NULL, 0, 50);
        assert_int_equal(w->files.begun, 2);
}

static void also_after_a_bad_one(void **state) {
        struct world *w = *state;

        w->files.result = -EINVAL;
        reload_ask(w->reload);
        reload_ask(w->reload);
        sem_post(&w->files.go);
        assert_false(swap(w));
        eventually(&w->files.begun, 2);
        w->files.result = 0;
        w->files.version = 1;
        sem_post(&w->files.go);
        while (in_force(w) != '1')
                (void)swap(w);
}

static void a_request_in_flight_keeps_its_generation(void **state) {
        struct world *w = *state;
        struct generation *pinned = generation_ref(w->now);

        w->files.version = 1;
        reload_ask(w->reload);
        sem_post(&w->files.go);
        assert_true(swap(w));
        poll(NULL, 0, 50);
        assert_int_equal(pinned->rules->name[0], '0');
        assert_int_equal(alive, 2);
        generation_unref(pinned);
        eventually(&alive, 1);
}

static void a_reading_that_hangs_is_told_of_and_so_is_a_signal_meanwhile(void **state) {
        struct world *w = *state;
        int64_t now = clock_monotonic();

        said_late = said_busy = 0;
        assert_int_equal(reload_timeout(w->reload, now), -1);
        reload_ask(w->reload);
        eventually(&w->files.begun, 1);
        assert_in_range(reload_timeout(w->reload, now), 4000, 6000);
        reload_tell(w->reload, now + 4000000);
        assert_int_equal(said_late, 0);
        assert_int_equal(reload_timeout(w->reload, now + 7000000), 0);
        reload_tell(w->reload, now + 7000000);
        reload_tell(w->reload, now + 8000000);
        assert_int_equal(said_late, 1);
        assert_int_equal(reload_timeout(w->reload, now + 8000000), -1);

        assert_int_equal(said_busy, 0);
        for (int i = 0; i < 300; ++i)
                reload_ask(w->reload);
        assert_int_equal(said_busy, 1);

        /* The next may hang as well. */
        w->files.version = 1;
        sem_post(&w->files.go);
        while (in_force(w) != '1')
                (void)swap(w);
        eventually(&w->files.begun, 2);
        w->files.version = 2;
        now = clock_monotonic();
        reload_tell(w->reload, now + 7000000);
        assert_int_equal(said_late, 2);
        sem_post(&w->files.go);
        while (in_force(w) != '2')
                (void)swap(w);
}

/* The end does not wait for a file on a dead mount; what the reader looks at lives until it is done. */
static void the_end_leaves_a_stuck_reader_behind(void **state) {
        struct world *w = *state;

        reload_ask(w->reload);
        eventually(&w->files.begun, 1);
        reload_free(w->reload);
        w->reload = NULL;
        assert_false(w->files.freed);
        sem_post(&w->files.go);
        for (int i = 0; i < 1000 && !w->files.freed; ++i)
                poll(NULL, 0, 10);
        assert_true(w->files.freed);
}

/* Whatever a file of /proc waits for. */
static void a_look_that_hangs_holds_up_no_reading(void **state) {
        struct world *w = *state;
        struct pollfd fd = { .fd = reload_look_fd(w->reload), .events = POLLIN };
        struct engine_folders f = { 0 };

        reload_look(w->reload);
        reload_look(w->reload);
        eventually(&looks, 1);
        w->files.version = 1;
        reload_ask(w->reload);
        sem_post(&w->files.go);
        assert_true(swap(w));
        assert_int_equal(in_force(w), '1');
        assert_false(reload_looked(w->reload, &f));

        sem_post(&look_go);
        assert_int_equal(poll(&fd, 1, 10000), 1);
        assert_true(reload_looked(w->reload, &f));
        assert_int_equal(f.n, 1);
        assert_int_equal(poll(&fd, 1, 0), 0);
        assert_false(reload_looked(w->reload, &f));
        assert_int_equal(looks, 1);

        reload_look(w->reload);
        eventually(&looks, 2);
        sem_post(&look_go);
        assert_int_equal(poll(&fd, 1, 10000), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        static const struct CMUnitTest tests[] = {
                TEST(what_was_read_is_put_in_force_and_the_old_freed),
                TEST(what_is_bad_changes_nothing),
                TEST(asked_again_meanwhile_one_more_follows),
                TEST(also_after_a_bad_one),
                TEST(a_request_in_flight_keeps_its_generation),
                TEST(the_end_leaves_a_stuck_reader_behind),
                TEST(a_look_that_hangs_holds_up_no_reading),
                TEST(a_reading_that_hangs_is_told_of_and_so_is_a_signal_meanwhile),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
