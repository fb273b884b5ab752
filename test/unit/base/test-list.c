#include "docksill/base/cleanup.h"
#include "docksill/base/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct item {
        int before;
        struct list_link link;
};

/* Whether @list holds these, read from either end. */
static void assert_holds(const struct list *list, struct item *const *items, size_t n) {
        const struct list_link *backwards = list->last;
        size_t i = 0;

        LIST_FOREACH(at, list) {
                assert_true(i < n);
                assert_ptr_equal(LIST_ENTRY(at, struct item, link), items[i++]);
        }
        assert_int_equal(i, n);
        for (; backwards; backwards = backwards->previous)
                assert_ptr_equal(backwards, &items[--i]->link);
        assert_int_equal(i, 0);
        assert_int_equal(list_empty(list), n == 0);
}

#define ASSERT_HOLDS(list, ...)                                                                                        \
        assert_holds(list, ((struct item *[]){ __VA_ARGS__ }), ARRAY_SIZE(((struct item *[]){ __VA_ARGS__ })))

static void what_is_put_in_stands_where_it_was_put(void **state) {
        struct item a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };
        struct list list = { 0 };

        (void)state;
        assert_holds(&list, NULL, 0);
        list_append(&list, &b.link);
        ASSERT_HOLDS(&list, &b);
        list_append(&list, &d.link);
        list_prepend(&list, &a.link);
        list_insert(&list, &c.link, &d.link);
        ASSERT_HOLDS(&list, &a, &b, &c, &d);
}

static void any_can_be_taken_out_and_put_in_again(void **state) {
        struct item a = { 0 }, b = { 0 }, c = { 0 };
        struct list list = { 0 }, other = { 0 };

        (void)state;
        list_append(&list, &a.link);
        list_append(&list, &b.link);
        list_append(&list, &c.link);
        list_remove(&list, &b.link);
        ASSERT_HOLDS(&list, &a, &c);
        list_remove(&list, &a.link);
        ASSERT_HOLDS(&list, &c);
        list_prepend(&other, &a.link);
        list_append(&list, &b.link);
        list_remove(&list, &b.link);
        ASSERT_HOLDS(&list, &c);
        list_remove(&list, &c.link);
        assert_holds(&list, NULL, 0);
        ASSERT_HOLDS(&other, &a);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_put_in_stands_where_it_was_put),
                cmocka_unit_test(any_can_be_taken_out_and_put_in_again),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
