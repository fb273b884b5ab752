#include "try/ddmin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* An invented predicate: a set works when it holds all of some of these, and, of the whole, at least so many. */
struct invented {
        uint64_t needs[4]; /* one of them; ended by 0 */
        size_t n_needs;
        unsigned calls, sets; /* so far */
        unsigned most;        /* calls; 0: any number */
        bool overrun;         /* a set with more than the whole */
        uint64_t whole;
};

static bool holds(const struct invented *p, uint64_t set) {
        for (size_t i = 0; i < p->n_needs; ++i)
                if ((set & p->needs[i]) == p->needs[i])
                        return true;
        return false;
}

static int ask(void *closure, const uint64_t *sets, size_t n, bool *works) {
        struct invented *p = closure;

        if (p->most && p->calls == p->most)
                return 7;
        ++p->calls;
        for (size_t i = 0; i < n; ++i) {
                ++p->sets;
                p->overrun = p->overrun || (sets[i] & ~p->whole) || sets[i] == 0;
                works[i] = holds(p, sets[i]);
        }
        return 0;
}

static uint64_t minimal(struct invented *p, size_t n, size_t width) {
        uint64_t set = p->whole = ddmin_first(n);

        assert_int_equal(ddmin(&set, width, ask, p), 0);
        assert_false(p->overrun);
        assert_true(holds(p, set));
        for (uint64_t rest = set; rest; rest &= rest - 1)
                assert_false((set & (set - 1)) != 0 && holds(p, set & ~(rest & -rest)));
        return set;
}

static void finds_what_is_needed(void **state) {
        static const struct {
                size_t n;
                uint64_t needs;
        } rows[] = {
                { 1, 0x1 }, { 2, 0x2 },  { 2, 0x3 },       { 8, 0x80 },
                { 8, 0x81 }, { 8, 0xff }, { 21, 0x10084a }, { 64, UINT64_C(0x8000000000000001) },
                { 64, UINT64_MAX }, { 63, UINT64_C(0x5555555555555555) >> 1 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                for (size_t width = 1; width <= DDMIN_WIDTH; ++width) {
                        struct invented p = { .needs = { rows[i].needs }, .n_needs = 1 };

                        assert_true(minimal(&p, rows[i].n, width) == rows[i].needs);
                }
}

/* Every predicate over five items that asks for all of one set. */
static void finds_every_small_set(void **state) {
        (void)state;
        for (uint64_t needs = 1; needs < 32; ++needs) {
                struct invented p = { .needs = { needs }, .n_needs = 1 };

                assert_true(minimal(&p, 5, 2) == needs);
        }
}

static void prefers_the_first_of_two_ways(void **state) {
        struct invented p = { .needs = { 0x0f, 0x8000 }, .n_needs = 2 };
        struct invented q = { .needs = { 0x8001, 0x4001 }, .n_needs = 2 };

        (void)state;
        assert_true(minimal(&p, 16, 1) == 0x0f);
        assert_true(minimal(&q, 16, 1) == 0x4001);
}

static void one_of_many_takes_few_tries(void **state) {
        (void)state;
        for (size_t i = 0; i < 64; ++i) {
                struct invented p = { .needs = { UINT64_C(1) << i }, .n_needs = 1 };

                (void)minimal(&p, 64, 1);
                assert_in_range(p.sets, 6, 12);
        }
}

static void never_takes_more_than_its_square(void **state) {
        struct invented p = { .needs = { UINT64_MAX }, .n_needs = 1 };

        (void)state;
        (void)minimal(&p, 64, 1);
        assert_in_range(p.sets, 64, 64 * 64);
}

/* What was found before it ended stays, and works. */
static void hands_on_why_it_ended(void **state) {
        (void)state;
        for (unsigned most = 1; most < 9; ++most) {
                struct invented p = { .needs = { 0x10084a }, .n_needs = 1, .most = most, .whole = ddmin_first(21) };
                uint64_t set = p.whole;

                assert_int_equal(ddmin(&set, 2, ask, &p), 7);
                assert_true(holds(&p, set));
        }
}

static void one_item_is_not_tried(void **state) {
        struct invented p = { .needs = { 0x4 }, .n_needs = 1, .whole = 0x4 };
        uint64_t set = 0x4;

        (void)state;
        assert_int_equal(ddmin(&set, 1, ask, &p), 0);
        assert_int_equal(set, 0x4);
        assert_int_equal(p.calls, 0);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(finds_what_is_needed),
                cmocka_unit_test(finds_every_small_set),
                cmocka_unit_test(prefers_the_first_of_two_ways),
                cmocka_unit_test(one_of_many_takes_few_tries),
                cmocka_unit_test(never_takes_more_than_its_square),
                cmocka_unit_test(hands_on_why_it_ended),
                cmocka_unit_test(one_item_is_not_tried),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
