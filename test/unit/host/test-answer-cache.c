#include "docksill/host/answer-cache.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int begin(void **state) {
        *state = calloc(1, sizeof(struct answer_cache));
        return *state ? 0 : -1;
}

static int end(void **state) {
        struct answer_cache *c = *state;

        answer_cache_clear(c);
        free(c);
        return 0;
}

static void put(struct answer_cache *c, enum question_kind kind, const char *target, const char *json, int64_t asked) {
        answer_cache_put(c, kind, c->epochs[kind], str_from(target), str_from(json), asked);
}

static bool knows(const struct answer_cache *c, const char *target, const char *json, int64_t now) {
        struct str found = answer_cache_find(c, str_from(target), now);

        return json ? str_eqz(found, json) : !found.p;
}

static void what_was_told_is_known_for_a_moment(void **state) {
        struct answer_cache *c = *state;

        assert_true(knows(c, "/images/a/json", NULL, 1000));
        put(c, QUESTION_IMAGE, "/images/a/json", "{a}", 1000);
        put(c, QUESTION_VOLUME, "/volumes/a", "{v}", 1500);
        assert_true(knows(c, "/images/a/json", "{a}", 1000));
        assert_true(knows(c, "/images/a/json", "{a}", 1000 + ANSWER_CACHE_AGE - 1));
        assert_true(knows(c, "/images/a/json", NULL, 1000 + ANSWER_CACHE_AGE));
        assert_true(knows(c, "/volumes/a", "{v}", 1000 + ANSWER_CACHE_AGE));
        assert_true(knows(c, "/images/b/json", NULL, 1000));
        assert_true(knows(c, "/images/a/jso", NULL, 1000));
}

static void a_later_answer_replaces_an_earlier_one(void **state) {
        struct answer_cache *c = *state;

        put(c, QUESTION_IMAGE, "/images/a/json", "{a}", 1000);
        put(c, QUESTION_IMAGE, "/images/a/json", "{b}", 2000);
        assert_int_equal(c->n, 1);
        assert_true(knows(c, "/images/a/json", "{b}", 2000));
}

static void only_images_their_history_and_volumes_are_kept(void **state) {
        struct answer_cache *c = *state;

        for (unsigned kind = 0; kind < QUESTION_KINDS; ++kind) {
                put(c, kind, "/x", "{x}", 1000);
                assert_int_equal(c->n, kind == QUESTION_IMAGE || kind == QUESTION_VOLUME || kind == QUESTION_HISTORY ||
                                               kind == QUESTION_ATTESTATIONS);
                assert_int_equal(answer_cache_keeps(kind), c->n);
                answer_cache_clear(c);
        }
}

static void what_an_operation_may_change_is_dropped_whole(void **state) {
        static const struct {
                unsigned flags;
                bool image, volume; /* stay */
        } rows[] = {
                { 0, true, true },
                { OPERATION_READ | OPERATION_JUDGED | OPERATION_LIFECYCLE, true, true },
                { OPERATION_CHANGES_IMAGES, false, true },
                { OPERATION_CHANGES_VOLUMES | OPERATION_JUDGED, true, false },
                { OPERATION_CHANGES, false, false },
        };
        struct answer_cache *c = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                put(c, QUESTION_IMAGE, "/images/a/json", "{a}", 1000);
                put(c, QUESTION_IMAGE, "/images/b/json", "{b}", 1000);
                put(c, QUESTION_VOLUME, "/volumes/a", "{v}", 1000);
                answer_cache_drop(c, rows[i].flags);
                assert_true(knows(c, "/images/a/json", rows[i].image ? "{a}" : NULL, 1000));
                assert_true(knows(c, "/images/b/json", rows[i].image ? "{b}" : NULL, 1000));
                assert_true(knows(c, "/volumes/a", rows[i].volume ? "{v}" : NULL, 1000));
        }
}

/* It may be what was there before. */
static void an_answer_that_was_on_its_way_is_not_kept(void **state) {
        struct answer_cache *c = *state;
        unsigned images = c->epochs[QUESTION_IMAGE], volumes = c->epochs[QUESTION_VOLUME];

        answer_cache_drop(c, OPERATION_CHANGES_IMAGES);
        answer_cache_put(c, QUESTION_IMAGE, images, STR_C("/i"), STR_C("{}"), 1000);
        answer_cache_put(c, QUESTION_VOLUME, volumes, STR_C("/v"), STR_C("{}"), 1000);
        assert_true(knows(c, "/i", NULL, 1000));
        assert_true(knows(c, "/v", "{}", 1000));
}

static void the_oldest_make_room(void **state) {
        struct answer_cache *c = *state;
        char target[32];

        for (int i = 0; i < ANSWER_CACHE_ENTRIES + 10; ++i) {
                snprintf(target, sizeof(target), "/images/%d/json", i);
                put(c, QUESTION_IMAGE, target, "{}", 1000 + i);
        }
        assert_int_equal(c->n, ANSWER_CACHE_ENTRIES);
        assert_true(knows(c, "/images/9/json", NULL, 2000));
        assert_true(knows(c, "/images/10/json", "{}", 2000));
}

static void they_hold_so_much_memory(void **state) {
        const size_t large = 1024 * 1024; /* and a little more with its target */
        struct answer_cache *c = *state;
        char *json = malloc(large + 1), target[32];

        memset(json, 'x', large);
        json[large] = '\0';
        for (int i = 0; i < 10; ++i) {
                snprintf(target, sizeof(target), "/images/%d/json", i);
                put(c, QUESTION_IMAGE, target, json, 1000);
                assert_true(c->held <= ANSWER_CACHE_MEMORY);
        }
        assert_int_equal(c->n, 3);
        assert_true(knows(c, "/images/9/json", json, 1000));
        free(json);
}

static void what_is_too_old_is_freed(void **state) {
        struct answer_cache *c = *state;

        put(c, QUESTION_IMAGE, "/a", "{}", 1000);
        put(c, QUESTION_IMAGE, "/b", "{}", 1000 + ANSWER_CACHE_AGE);
        assert_int_equal(c->n, 1);
        answer_cache_clear(c);
        assert_int_equal(c->held, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        static const struct CMUnitTest tests[] = {
                TEST(what_was_told_is_known_for_a_moment),
                TEST(a_later_answer_replaces_an_earlier_one),
                TEST(only_images_their_history_and_volumes_are_kept),
                TEST(what_an_operation_may_change_is_dropped_whole),
                TEST(an_answer_that_was_on_its_way_is_not_kept),
                TEST(the_oldest_make_room),
                TEST(they_hold_so_much_memory),
                TEST(what_is_too_old_is_freed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
