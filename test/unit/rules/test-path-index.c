#include "predicate.h"
#include "path-index.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define MEMORY ((size_t)1 << 20)

static const struct operand *operands(struct arena *arena, const char *const *texts, size_t n) {
        struct operand *o = ARENA_ARRAY(arena, struct operand, n);

        assert_non_null(o);
        for (size_t i = 0; i < n; ++i)
                o[i].text = str_from(texts[i]);
        return o;
}

static unsigned add(struct path_index *index, struct arena *arena, const char *const *texts, size_t n) {
        unsigned set;

        assert_int_equal(path_index_add(index, arena, operands(arena, texts, n), n, &set), 0);
        return set;
}

static const char *const lists[][6] = {
        { "/etc", "/usr/lib*", "/home/*/.ssh", "/", "/var/lib/docker", "/proc/*/root" },
        { "/home/*/.*", "/home/ann/.ssh", "/*/docker/overlay2", "/*/*", "/srv", "/srv/a*b*c" },
        { "/usr", "/usr/lib", "/usr/lib/x", "/var", "/home/*", "/a/b/c/d/e" },
};

static const char *const components[] = { "etc", "usr", "lib", "lib64", "home", "ann", ".ssh", "srv", "docker", "overlay2",
                                          "var", "root", "proc", "1", "*", "a", "abc", "aXbYc", "" };

/* As path_matches() for each pattern says, whatever path, list and relation; asked twice, as what is remembered is. */
static void it_says_what_each_pattern_says(void **state) {
        struct path_index *index;
        struct arena arena;
        unsigned sets[3], seed = 1, yes = 0;

        (void)state;
        arena_init(&arena, MEMORY);
        assert_int_equal(path_index_new(&index, &arena), 0);
        for (size_t i = 0; i < 3; ++i)
                sets[i] = add(index, &arena, lists[i], 6);
        for (int round = 0; round < 100000; ++round) {
                char path[300] = "";
                unsigned parts;

                seed = seed * 1103515245u + 12345u;
                parts = (seed >> 16) % 6;
                for (unsigned k = 0; k < parts; ++k) {
                        seed = seed * 1103515245u + 12345u;
                        snprintf(path + strlen(path), sizeof(path) - strlen(path), "/%s",
                                 components[(seed >> 16) % (sizeof(components) / sizeof(components[0]))]);
                }
                if (round % 50 == 0)
                        for (int k = 0; k < 50; ++k)
                                strcat(path, "/long");
                if (path[0] == '\0')
                        strcpy(path, "/");
                for (size_t i = 0; i < 3; ++i)
                        for (enum path_relation relation = PATH_EQUAL; relation <= PATH_COVERS; ++relation) {
                                bool expected = false, holds = false;

                                for (size_t k = 0; k < 6; ++k)
                                        expected = expected ||
                                                   path_matches(str_from(path), str_from(lists[i][k]), relation);
                                if (!path_index_holds(index, sets[i], str_from(path), relation, &holds)) {
                                        assert_non_null(strstr(path, "//") ? path : path[strlen(path) - 1] == '/' ? path : NULL);
                                        continue;
                                }
                                if (holds != expected)
                                        fail_msg("%s, list %zu, relation %d: %d", path, i, relation, holds);
                                yes += holds;
                        }
        }
        assert_true(yes > 10000);
        arena_deinit(&arena);
}

static void what_is_not_clean_is_left_to_others(void **state) {
        static const char *const paths[] = { "", "etc", "/etc/", "//etc", "/etc//x", "/etc/./x", "/etc/../x", "/.", "/.." };
        static const char *const fine[] = { "/", "/etc", "/.etc", "/..etc/.x", "/a/...", "/x y" };
        struct path_index *index;
        struct arena arena;
        unsigned set;
        bool holds;

        (void)state;
        arena_init(&arena, MEMORY);
        assert_int_equal(path_index_new(&index, &arena), 0);
        set = add(index, &arena, lists[0], 6);
        for (int twice = 0; twice < 2; ++twice) {
                for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); ++i)
                        if (path_index_holds(index, set, str_from(paths[i]), PATH_WITHIN, &holds))
                                fail_msg("\"%s\" is told of", paths[i]);
                assert_false(path_index_holds(index, set, (struct str){ 0 }, PATH_WITHIN, &holds));
                for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); ++i)
                        if (!path_index_holds(index, set, str_from(fine[i]), PATH_WITHIN, &holds))
                                fail_msg("\"%s\" is not told of", fine[i]);
        }
        arena_deinit(&arena);
}

static void the_same_list_is_one_and_there_are_so_many(void **state) {
        struct path_index *index;
        struct arena arena;
        unsigned set = 0;

        (void)state;
        arena_init(&arena, MEMORY);
        assert_int_equal(path_index_new(&index, &arena), 0);
        assert_int_equal(add(index, &arena, lists[0], 6), 0);
        assert_int_equal(add(index, &arena, lists[1], 6), 1);
        assert_int_equal(add(index, &arena, lists[0], 6), 0);
        assert_int_equal(add(index, &arena, lists[0], 5), 2);
        for (unsigned i = 3; i < PATH_SETS; ++i) {
                char *text = arena_bytes(&arena, 16);

                snprintf(text, 16, "/x%u", i);
                assert_int_equal(add(index, &arena, (const char *const[]){ text }, 1), i);
        }
        assert_int_equal(path_index_add(index, &arena, operands(&arena, lists[2], 6), 6, &set), -ENOSPC);
        arena_deinit(&arena);
}

/* More stars than there is room for: nothing is said rather than something wrong. */
static void too_many_places_at_once_are_not_told(void **state) {
        struct path_index *index;
        struct arena arena;
        unsigned set;
        bool holds;

        (void)state;
        arena_init(&arena, MEMORY);
        assert_int_equal(path_index_new(&index, &arena), 0);
        set = 0;
        for (int i = 0; i < 40; ++i) {
                char *text = arena_bytes(&arena, 64);

                snprintf(text, 64, "/%.*s*/x", i, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
                set = add(index, &arena, (const char *const[]){ text }, 1);
        }
        assert_false(path_index_holds(index, set, STR_C("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/x"), PATH_EQUAL, &holds));
        assert_true(path_index_holds(index, set, STR_C("/b/x"), PATH_EQUAL, &holds));
        arena_deinit(&arena);
}

static void a_full_arena_is_told(void **state) {
        (void)state;
        for (size_t limit = 0; limit < 60000; limit += 997) {
                struct path_index *index;
                struct arena arena;
                unsigned set;

                arena_init(&arena, limit);
                if (path_index_new(&index, &arena) == 0) {
                        struct operand *o = ARENA_ARRAY(&arena, struct operand, 6);
                        int r = -ENOMEM;

                        for (size_t k = 0; o && k < 6; ++k)
                                o[k].text = str_from(lists[0][k]);
                        if (o)
                                r = path_index_add(index, &arena, o, 6, &set);
                        assert_true(r == 0 || r == -ENOMEM);
                }
                arena_deinit(&arena);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(it_says_what_each_pattern_says),
                cmocka_unit_test(what_is_not_clean_is_left_to_others),
                cmocka_unit_test(the_same_list_is_one_and_there_are_so_many),
                cmocka_unit_test(too_many_places_at_once_are_not_told),
                cmocka_unit_test(a_full_arena_is_told),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
