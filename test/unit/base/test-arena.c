#include "docksill/base/text.h"

#include <errno.h>
#include <stdalign.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_zero(const char *p, size_t n) {
        while (n > 0 && p[n - 1] == 0)
                --n;
        return n == 0;
}

static void memory_is_zeroed_and_aligned_even_after_a_reset(void **state) {
        struct arena a;

        (void)state;
        arena_init(&a, 1 << 20);
        for (int round = 0; round < 3; ++round) {
                for (size_t size = 0; size < 3000; size += 7) {
                        char *text = arena_bytes(&a, 3), *p = arena_alloc(&a, size);

                        assert_non_null(text);
                        assert_non_null(p);
                        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
                        assert_true(is_zero(p, size));
                        memset(p, 0xa5, size);
                        memset(text, 0xa5, 3);
                }
                arena_reset(&a);
        }
        arena_deinit(&a);
}

static void nothing_goes_beyond_the_limit(void **state) {
        struct arena a;
        size_t n = 0;

        (void)state;
        arena_init(&a, 10000);
        assert_null(arena_alloc(&a, 10000)); /* the head of a block counts too */
        while (arena_alloc(&a, 100)) {
                assert_true(a.used <= a.limit);
                ++n;
        }
        assert_true(n > 80 && n < 100);
        assert_null(arena_alloc(&a, 100));
        arena_reset(&a);
        assert_non_null(arena_alloc(&a, 100));
        arena_deinit(&a);
        assert_int_equal(a.used, 0);
        assert_non_null(arena_alloc(&a, 100));
        arena_deinit(&a);
}

static void impossible_sizes_fail(void **state) {
        struct arena a;
        size_t capacity = SIZE_MAX / 2 + 1;

        (void)state;
        arena_init(&a, SIZE_MAX);
        assert_null(arena_alloc(&a, SIZE_MAX));
        assert_null(arena_alloc(&a, SIZE_MAX - 64));
        assert_null(arena_bytes(&a, SIZE_MAX / 2 + 1));
        assert_null(arena_array(&a, SIZE_MAX / 8, 16));
        assert_null(arena_grow(&a, NULL, capacity, &capacity, 1));
        assert_int_equal(a.used, 0);
        arena_deinit(&a);
}

static void a_reset_keeps_a_small_block_only(void **state) {
        struct arena a;
        size_t used;

        (void)state;
        arena_init(&a, 32 << 20);
        assert_non_null(arena_alloc(&a, 10));
        used = a.used;
        assert_non_null(arena_alloc(&a, 8 << 20));
        assert_true(a.used > 8 << 20);
        arena_reset(&a);
        assert_int_equal(a.used, used);
        assert_non_null(arena_alloc(&a, 10));
        assert_int_equal(a.used, used); /* no new block */
        arena_deinit(&a);
}

static void a_large_allocation_leaves_the_current_block_in_use(void **state) {
        struct arena a;
        char *small, *next;

        (void)state;
        arena_init(&a, 32 << 20);
        small = arena_bytes(&a, 10);
        assert_non_null(arena_alloc(&a, 1 << 20));
        next = arena_bytes(&a, 10);
        assert_ptr_equal(next, small + 10);
        arena_deinit(&a);
}

static void growing_keeps_the_items_and_zeroes_the_rest(void **state) {
        struct { uint32_t *items; size_t n, capacity; } list = { 0 };
        struct arena a;

        (void)state;
        arena_init(&a, 1 << 20);
        for (uint32_t i = 0; i < 5000; ++i) {
                uint32_t *slot = ARENA_PUSH(&a, &list);

                assert_non_null(slot);
                assert_int_equal(*slot, 0);
                *slot = i;
                if (i % 64 == 0)
                        memset(arena_bytes(&a, 16), 0xff, 16); /* something in the way of growth in place */
        }
        for (uint32_t i = 0; i < 5000; ++i)
                assert_int_equal(list.items[i], i);
        arena_deinit(&a);
}

static void only_the_last_allocation_extends(void **state) {
        struct arena a;
        char *p, *q;

        (void)state;
        arena_init(&a, 1 << 20);
        p = arena_bytes(&a, 10);
        assert_true(arena_extend(&a, p, 10, 100));
        q = arena_bytes(&a, 10);
        assert_ptr_equal(q, p + 100);
        assert_false(arena_extend(&a, p, 100, 200));
        assert_false(arena_extend(&a, q, 10, 1 << 20));
        assert_false(arena_extend(&a, NULL, 0, 10));
        arena_deinit(&a);
}

static void copies_are_terminated_and_apart(void **state) {
        char text[] = { 'a', 'b', 'c' };
        struct str copy, none;
        struct arena a;

        (void)state;
        arena_init(&a, 1 << 16);
        assert_int_equal(arena_str(&a, (struct str){ text, 3 }, &copy), 0);
        assert_int_equal(arena_str(&a, (struct str){ 0 }, &none), 0);
        text[0] = 'x';
        assert_string_equal(copy.p, "abc");
        assert_string_equal(none.p, "");
        arena_deinit(&a);
        arena_init(&a, 8);
        assert_int_equal(arena_str(&a, copy = (struct str){ text, 3 }, &none), -ENOMEM);
        arena_deinit(&a);
}

/* One that was refused refuses all that follows, until somebody looks. */
static void a_latch_keeps_the_first_refusal(void **state) {
        struct arena a;
        struct text t;
        char *last;

        (void)state;
        arena_init(&a, 10000);
        assert_null(arena_bytes(&a, 10000));
        assert_non_null(arena_bytes(&a, 1)); /* without a latch the next may fit */
        arena_latch(&a);
        assert_false(arena_full(&a));
        last = arena_bytes(&a, 1);
        assert_non_null(last);
        assert_null(arena_bytes(&a, 10000));
        assert_true(arena_full(&a));
        assert_null(arena_bytes(&a, 1));
        assert_null(arena_alloc(&a, 0));
        assert_false(arena_extend(&a, last, 1, 2));
        assert_non_null(arena_try(&a, 1));
        text_init_arena(&t, &a);
        text_addz(&t, "x");
        assert_true(t.failed);
        assert_true(arena_unlatch(&a));
        assert_false(arena_full(&a));
        assert_non_null(arena_bytes(&a, 1));
        arena_deinit(&a);
}

static void whoever_can_do_without_closes_no_latch(void **state) {
        struct arena a;
        struct text t;

        (void)state;
        arena_init(&a, 10000);
        arena_latch(&a);
        assert_null(arena_try(&a, 10000));
        text_init_arena(&t, &a);
        for (int i = 0; i < 6000; ++i)
                text_add_char(&t, 'x'); /* near the limit it grows by what it needs */
        assert_false(t.failed);
        assert_false(arena_unlatch(&a));
        arena_deinit(&a);
}

static void what_ends_an_arena_ends_its_latch(void **state) {
        struct arena a;

        (void)state;
        arena_init(&a, 10000);
        for (int i = 0; i < 2; ++i) {
                assert_non_null(arena_bytes(&a, 1));
                arena_latch(&a);
                arena_refuse(&a);
                assert_true(arena_full(&a));
                if (i == 0)
                        arena_reset(&a);
                else
                        arena_deinit(&a);
                assert_false(arena_full(&a));
                assert_non_null(arena_bytes(&a, 1));
                arena_refuse(&a); /* nobody would look */
                assert_false(arena_full(&a));
                arena_latch(&a);
                assert_false(arena_unlatch(&a));
        }
        arena_deinit(&a);
}

/* A size that is none is refused as any that is too large. */
static void impossible_sizes_are_kept_too(void **state) {
        struct arena a;
        size_t capacity = 0;
        struct str s;

        (void)state;
        arena_init(&a, 10000);
        for (int i = 0; i < 5; ++i) {
                arena_latch(&a);
                switch (i) {
                case 0: assert_null(arena_array(&a, SIZE_MAX / 8, 16)); break;
                case 1: assert_null(arena_reserve(&a, NULL, 0, &capacity, SIZE_MAX / 8, 16)); break;
                case 2: assert_int_equal(arena_str(&a, (struct str){ "", SIZE_MAX }, &s), -ENOMEM); break;
                case 3: assert_null(arena_join(&a, (struct str){ "", SIZE_MAX }, STR_C("x")).p); break;
                case 4: assert_null(arena_grow(&a, NULL, 0, &capacity, SIZE_MAX / 2)); break;
                }
                assert_true(arena_unlatch(&a));
        }
        s = arena_join(&a, STR_C("ab"), STR_C("c"));
        assert_memory_equal(s.p, "abc", 3);
        assert_int_equal(s.n, 3);
        assert_non_null(arena_join(&a, (struct str){ 0 }, (struct str){ 0 }).p);
        arena_deinit(&a);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(memory_is_zeroed_and_aligned_even_after_a_reset),
                cmocka_unit_test(nothing_goes_beyond_the_limit),
                cmocka_unit_test(impossible_sizes_fail),
                cmocka_unit_test(a_reset_keeps_a_small_block_only),
                cmocka_unit_test(a_large_allocation_leaves_the_current_block_in_use),
                cmocka_unit_test(growing_keeps_the_items_and_zeroes_the_rest),
                cmocka_unit_test(only_the_last_allocation_extends),
                cmocka_unit_test(copies_are_terminated_and_apart),
                cmocka_unit_test(a_latch_keeps_the_first_refusal),
                cmocka_unit_test(whoever_can_do_without_closes_no_latch),
                cmocka_unit_test(what_ends_an_arena_ends_its_latch),
                cmocka_unit_test(impossible_sizes_are_kept_too),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
