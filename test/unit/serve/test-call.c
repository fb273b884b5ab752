#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static bool starved;

static void *realloc_or_not(void *p, size_t n) {
        return starved ? NULL : realloc(p, n);
}

/* The module itself, whose memory ends when we say so. */
#define realloc realloc_or_not
#include "call.c"
#undef realloc

static char bytes[1024 * 1024];

static int appends(struct call *call, size_t total, size_t piece) {
        while (total) {
                size_t n = total < piece ? total : piece;
                int r = call_append(call, (struct str){ bytes, n });

                if (r < 0)
                        return r;
                total -= n;
        }
        return 0;
}

static void collects_a_body_in_any_pieces(void **state) {
        static const struct {
                size_t announced, total, piece;
        } rows[] = {
                { 0, 0, 1 },
                { 5, 5, 1 },
                { 0, CALL_SMALL, 1000 },
                { CALL_SMALL + 1, CALL_SMALL + 1, 1000 },
                { 0, 100000, 7 },
                { 100000, 100000, 16384 },
                { 3, 100000, 16384 }, /* announced less than came */
                { SERVER_CALL_MAX, SERVER_CALL_MAX, sizeof(bytes) },
                { 0, SERVER_CALL_MAX, 65536 },
        };
        struct call_pool pool = { 0 };

        (void)state;
        for (size_t i = 0; i < sizeof(bytes); ++i)
                bytes[i] = (char)(i % 251);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct call *call = call_new(&pool, ROUTE_REQUEST, rows[i].announced);
                struct str body;

                assert_non_null(call);
                assert_int_equal(appends(call, rows[i].total, rows[i].piece), 0);
                body = call_body(call);
                assert_non_null(body.p);
                assert_int_equal(body.n, rows[i].total);
                for (size_t k = 0; k < body.n; ++k)
                        if (body.p[k] != bytes[k % rows[i].piece])
                                fail_msg("row %zu: byte %zu", i, k);
                call_free(&pool, call);
        }
        call_pool_deinit(&pool);
}

static void forgets_a_call_that_is_too_large(void **state) {
        struct call_pool pool = { 0 };
        struct call *call = call_new(&pool, ROUTE_REQUEST, 0);

        (void)state;
        assert_int_equal(appends(call, SERVER_CALL_MAX, sizeof(bytes)), 0);
        assert_non_null(call_body(call).p);
        assert_int_equal(appends(call, 1, 1), 0);
        assert_null(call_body(call).p);
        assert_ptr_equal(call->p, call->small); /* the memory is back at once */
        call_free(&pool, call);

        call = call_new(&pool, ROUTE_REQUEST, (size_t)SERVER_CALL_MAX + 1);
        assert_int_equal(appends(call, 100, 10), 0);
        assert_null(call_body(call).p); /* as announced, though little came yet */
        call_free(&pool, call);
        call_pool_deinit(&pool);
}

/* Whoever calls is told which of both it was. */
static void a_call_for_which_there_is_no_memory_is_not_called_too_large(void **state) {
        struct call_pool pool = { 0 };
        struct call *call = call_new(&pool, ROUTE_REQUEST, 0);

        (void)state;
        starved = true;
        assert_int_equal(appends(call, CALL_SMALL, 1000), 0);
        assert_false(call->no_memory);
        assert_int_equal(appends(call, 1, 1), 0);
        assert_true(call->no_memory);
        assert_null(call_body(call).p);
        starved = false;
        call_free(&pool, call);

        call = call_new(&pool, ROUTE_REQUEST, (size_t)SERVER_CALL_MAX + 1);
        assert_false(call->no_memory);
        assert_null(call_body(call).p);
        call_free(&pool, call);
        call_pool_deinit(&pool);
}

static void hangs_up_on_what_never_ends(void **state) {
        struct call_pool pool = { 0 };
        enum route routes[] = { ROUTE_REQUEST, ROUTE_RESPONSE, ROUTE_ACTIVATE };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(routes); ++i) {
                struct call *call = call_new(&pool, routes[i], 0);

                assert_int_equal(appends(call, CALL_DRAIN_MAX, sizeof(bytes)), 0);
                assert_int_equal(appends(call, 1, 1), -EFBIG);
                call_free(&pool, call);
        }
        call_pool_deinit(&pool);
}

static void keeps_only_the_beginning_of_a_response(void **state) {
        struct call_pool pool = { 0 };
        struct call *call = call_new(&pool, ROUTE_RESPONSE, 1000000);

        (void)state;
        assert_int_equal(appends(call, 1000000, 30), 0);
        assert_int_equal(call_body(call).n, route_keeps(ROUTE_RESPONSE));
        assert_ptr_equal(call_body(call).p, call->small);
        call_free(&pool, call);
        call_pool_deinit(&pool);
}

static void keeps_all_of_a_response_that_may_tell_something(void **state) {
        static const char info[] = "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/info\",";
        struct call_pool pool = { 0 };
        struct call *call = call_new(&pool, ROUTE_RESPONSE, 20000);

        (void)state;
        assert_int_equal(call_append(call, (struct str){ info, sizeof(info) - 1 }), 0);
        assert_int_equal(appends(call, 20000 - (sizeof(info) - 1), 300), 0);
        assert_int_equal(call_body(call).n, 20000);
        assert_memory_equal(call_body(call).p, info, sizeof(info) - 1);
        call_free(&pool, call);

        call = call_new(&pool, ROUTE_RESPONSE, 0);
        assert_int_equal(call_append(call, (struct str){ info, sizeof(info) - 1 }), 0);
        assert_int_equal(appends(call, 1000000, 4000), 0);
        assert_int_equal(call_body(call).n, ROUTE_RESPONSE_MAX);
        assert_true(call->seen > call->n);
        call_free(&pool, call);
        call_pool_deinit(&pool);
}

static void reuses_calls_within_bounds(void **state) {
        struct call *calls[CALLS_KEPT * 2];
        struct call_pool pool = { 0 };
        struct call *last;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(calls); ++i)
                calls[i] = call_new(&pool, ROUTE_REQUEST, 0);
        for (size_t i = 0; i < ARRAY_SIZE(calls); ++i)
                call_free(&pool, calls[i]);
        assert_int_equal(pool.n, CALLS_KEPT);

        last = pool.free;
        last->too_large = true;
        calls[0] = call_new(&pool, ROUTE_REQUEST, 0);
        assert_ptr_equal(calls[0], last);
        assert_int_equal(call_body(calls[0]).n, 0);
        assert_non_null(call_body(calls[0]).p); /* nothing of its former life */
        call_free(&pool, calls[0]);
        call_free(&pool, NULL);
        call_pool_deinit(&pool);
        assert_int_equal(pool.n, 0);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(collects_a_body_in_any_pieces),
                cmocka_unit_test(forgets_a_call_that_is_too_large),
                cmocka_unit_test(a_call_for_which_there_is_no_memory_is_not_called_too_large),
                cmocka_unit_test(hangs_up_on_what_never_ends),
                cmocka_unit_test(keeps_only_the_beginning_of_a_response),
                cmocka_unit_test(keeps_all_of_a_response_that_may_tell_something),
                cmocka_unit_test(reuses_calls_within_bounds),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
