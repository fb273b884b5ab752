#include "suggest/engine-view.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct view {
        struct arena arena;
        struct observed observed;
};

static void view_init(struct view *v) {
        arena_init(&v->arena, 8 << 20);
        observed_init(&v->observed, &v->arena, STR_C("id"));
}

static void take(struct view *v, void (*taker)(struct observed *o, const json_t *answer), const char *text) {
        json_t *tree = json_loads(text, JSON_DECODE_ANY, NULL);

        assert_non_null(tree);
        taker(&v->observed, tree);
        json_decref(tree);
}

static void reads_processes_by_the_title(void **state) {
        struct view v;

        (void)state;
        view_init(&v);
        take(&v, engine_take_top,
             "{\"Titles\":[\"UID\",\"PID\",\"CMD\"],\"Processes\":[[\"root\",\"5105\",\"sh\"],[\"0\",\"x\",\"\"],"
             "[\"root\",\"5220\",\"5\"],[\"short\"],7]}");
        assert_int_equal(v.observed.pids_told.n, 2);
        assert_int_equal(v.observed.pids_told.items[0], 5105);
        assert_int_equal(v.observed.pids_told.items[1], 5220);
        take(&v, engine_take_top, "{\"Titles\":null}");
        take(&v, engine_take_top, "[]");
        assert_int_equal(v.observed.pids_told.n, 2);
        arena_deinit(&v.arena);
}

static void reads_what_differs_from_the_image(void **state) {
        struct view v;

        (void)state;
        view_init(&v);
        take(&v, engine_take_changes,
             "[{\"Path\":\"/var\",\"Kind\":0},{\"Path\":\"/var/x\",\"Kind\":1},{\"Path\":\"/y\",\"Kind\":2},"
             "{\"Path\":\"relative\",\"Kind\":1},{\"Path\":\"/z\",\"Kind\":9},{}]");
        assert_true(v.observed.changes_told);
        assert_int_equal(v.observed.changes.n, 3);
        assert_int_equal(v.observed.changes.items[2].kind, CHANGE_DELETED);
        arena_deinit(&v.arena);

        view_init(&v);
        take(&v, engine_take_changes, "null");
        assert_true(v.observed.changes_told);
        assert_int_equal(v.observed.changes.n, 0);
        take(&v, engine_take_changes, "{\"message\":\"no\"}");
        assert_false(v.observed.changes_told);
        arena_deinit(&v.arena);
}

static void reads_what_it_uses(void **state) {
        struct view v;

        (void)state;
        view_init(&v);
        take(&v, engine_take_stats,
             "{\"pids_stats\":{\"current\":2},\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":28571229},"
             "\"online_cpus\":2,\"throttling_data\":{\"throttled_periods\":3}},"
             "\"memory_stats\":{\"usage\":933888,\"max_usage\":4083712,\"failcnt\":1,\"stats\":{\"total_cache\":36864}}"
             "}");
        assert_int_equal(v.observed.pids, 2);
        assert_int_equal(v.observed.cpu, 28571);
        assert_int_equal(v.observed.processors, 2);
        assert_int_equal(v.observed.throttled, 3);
        assert_int_equal(v.observed.memory_peak, 4083712);
        assert_int_equal(v.observed.memory_hits, 1);
        assert_int_equal(v.observed.cache, 36864);

        arena_deinit(&v.arena);

        /* Of cgroup v2 there is no most; nonsense is none either. */
        view_init(&v);
        v.observed.pids = 77; /* as the host's cgroup says */
        take(&v, engine_take_stats,
             "{\"pids_stats\":{\"current\":2},\"memory_stats\":{\"usage\":5,\"max_usage\":-1,\"stats\":{\"file\":3}},"
             "\"cpu_stats\":7}");
        assert_int_equal(v.observed.memory, 5);
        assert_int_equal(v.observed.memory_peak, UNTOLD);
        assert_int_equal(v.observed.cache, 3);
        assert_int_equal(v.observed.cpu, UNTOLD);
        assert_int_equal(v.observed.pids, 77);
        arena_deinit(&v.arena);
}

static void reads_what_the_image_says(void **state) {
        struct view v;

        (void)state;
        view_init(&v);
        take(&v, engine_take_image, "{\"Config\":{\"User\":\"app\",\"Volumes\":{\"/data\":{}}}}");
        assert_int_equal(v.observed.image_volumes.n, 1);
        take(&v, engine_take_image, "{\"Config\":null}");
        assert_int_equal(v.observed.image_volumes.n, 1);
        arena_deinit(&v.arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(reads_processes_by_the_title),
                cmocka_unit_test(reads_what_differs_from_the_image),
                cmocka_unit_test(reads_what_it_uses),
                cmocka_unit_test(reads_what_the_image_says),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
