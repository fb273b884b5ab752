#include "docksill/host/path-lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

/* Three paths as a request would name them, on a small host: /srv/link → /etc, /srv/loop → itself. */
struct world {
        char folder[64];
        int root;
        struct arena arena;
        struct fact_path cells[3];
        struct request_path paths[3];
        struct path_lookup *lookup;
};

static const char *const named[] = { "/srv/link/x", "/srv/loop", "/srv/plain" };

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        strcpy(w->folder, "/tmp/docksill-lookup-XXXXXX");
        if (!mkdtemp(w->folder))
                return -1;
        w->root = open(w->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (w->root < 0 || mkdirat(w->root, "srv", 0700) < 0 || symlinkat("/etc", w->root, "srv/link") < 0 ||
            symlinkat("loop", w->root, "srv/loop") < 0)
                return -1;
        arena_init(&w->arena, 1 << 20);
        for (size_t i = 0; i < ARRAY_SIZE(named); ++i) {
                w->cells[i] = (struct fact_path){ .n = 1, .spelling = { str_from(named[i]) } };
                w->paths[i] = (struct request_path){ .cell = &w->cells[i], .path = str_from(named[i]) };
        }
        *state = w;
        return path_lookup_new(&w->lookup, w->paths, ARRAY_SIZE(named), w->root);
}

static int end(void **state) {
        struct world *w = *state;
        char command[128];

        w->lookup->job.free(&w->lookup->job);
        arena_deinit(&w->arena);
        close(w->root);
        snprintf(command, sizeof(command), "rm -rf '%s'", w->folder);
        free(w);
        return system(command) == 0 ? 0 : -1;
}

static void tells_where_each_path_leads(void **state) {
        struct world *w = *state;

        w->lookup->job.run(&w->lookup->job);
        path_lookup_tell(w->lookup, w->paths, &w->arena);
        assert_int_equal(w->cells[0].n, 2);
        assert_true(str_eqz(w->cells[0].spelling[1], "/etc/x"));
        assert_int_equal(w->cells[1].head.state, FACT_LEXICAL); /* ELOOP: nobody can tell */
        assert_int_equal(w->cells[2].n, 1);
        assert_int_equal(w->cells[2].head.state, FACT_KNOWN);
}

static void what_is_not_done_yet_is_unknown(void **state) {
        struct world *w = *state;

        path_lookup_tell(w->lookup, w->paths, &w->arena);
        for (size_t i = 0; i < ARRAY_SIZE(named); ++i)
                assert_int_equal(w->cells[i].head.state, FACT_LEXICAL);
}

static void what_was_done_before_a_path_that_hangs_counts(void **state) {
        struct world *w = *state;

        w->lookup->job.run(&w->lookup->job);
        atomic_store(&w->lookup->done, 1);
        path_lookup_tell(w->lookup, w->paths, &w->arena);
        assert_true(str_eqz(w->cells[0].spelling[1], "/etc/x"));
        assert_int_equal(w->cells[2].head.state, FACT_LEXICAL);
}

static void a_lookup_given_up_does_not_go_on(void **state) {
        struct world *w = *state;

        path_lookup_give_up(w->lookup);
        w->lookup->job.run(&w->lookup->job);
        assert_int_equal(w->lookup->done, 0);
}

static void without_room_a_path_is_unknown(void **state) {
        struct world *w = *state;
        struct arena none;

        arena_init(&none, 0);
        w->lookup->job.run(&w->lookup->job);
        path_lookup_tell(w->lookup, w->paths, &none);
        assert_int_equal(w->cells[0].n, 1);
        assert_int_equal(w->cells[0].head.state, FACT_LEXICAL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        static const struct CMUnitTest tests[] = {
                TEST(tells_where_each_path_leads),
                TEST(what_is_not_done_yet_is_unknown),
                TEST(what_was_done_before_a_path_that_hangs_counts),
                TEST(a_lookup_given_up_does_not_go_on),
                TEST(without_room_a_path_is_unknown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
