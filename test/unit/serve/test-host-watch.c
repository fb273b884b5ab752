#include "../host/host-folder.h"
#include "docksill/base/clock.h"
#include "host-watch.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)
#define NOW    (1000 * SECOND)

/* Waits for what was begun; it is there in the end. */
static struct host_look *wait_for(struct host_watch *w) {
        struct pollfd fd = { .fd = host_watch_fd(w), .events = POLLIN };

        assert_int_equal(poll(&fd, 1, 60000), 1);
        return host_watch_take(w);
}

static void switched_off_it_never_looks(void **state) {
        struct host_watch w;

        (void)state;
        host_watch_init(&w);
        assert_int_equal(host_watch_timeout(&w, NOW), -1);
        host_watch_run(&w, NOW);
        assert_false(w.looking);
        assert_int_equal(host_watch_fd(&w), -1); /* and takes no descriptor */
        host_watch_use(&w, true, NOW);
        assert_int_equal(host_watch_timeout(&w, NOW), 0);
        host_watch_use(&w, false, NOW);
        assert_int_equal(host_watch_timeout(&w, NOW), -1);
        host_watch_deinit(&w);
}

static void it_looks_at_once_and_a_day_later(void **state) {
        struct host_look *look;
        struct host_watch w;

        (void)state;
        host_watch_init(&w);
        host_watch_use(&w, true, NOW);
        host_watch_run(&w, NOW);
        assert_true(w.looking);
        host_watch_run(&w, NOW + 2 * HOST_WATCH_PERIOD); /* one at a time */
        assert_int_equal(host_watch_timeout(&w, NOW + 2 * HOST_WATCH_PERIOD), -1);
        look = wait_for(&w);
        assert_non_null(look);
        host_look_free(look);
        assert_null(host_watch_take(&w));
        assert_true(host_watch_timeout(&w, NOW + 60 * SECOND) > 80000000);
        host_watch_run(&w, NOW + HOST_WATCH_PERIOD - 1);
        assert_false(w.looking);
        host_watch_run(&w, NOW + HOST_WATCH_PERIOD);
        assert_true(w.looking);
        host_look_free(wait_for(&w));
        host_watch_deinit(&w);
}

static void what_could_not_be_told_is_no_finding(void **state) {
        struct host_look *look;
        struct host_watch w;

        (void)state;
        host_watch_init(&w);
        host_watch_use(&w, true, NOW);
        host_watch_run(&w, NOW);
        look = wait_for(&w);
        assert_true(look->whole);
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact_head *cell = (const void *)((const char *)&look->request.facts + fact_table[i].at);

                if (fact_table[i].group == GROUP_HOST)
                        assert_true(cell->state != FACT_UNKNOWN);
        }
        assert_int_equal(look->request.facts.host.aslr.head.state, FACT_KNOWN);
        host_look_free(look);
        host_watch_deinit(&w);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(switched_off_it_never_looks),
                cmocka_unit_test(it_looks_at_once_and_a_day_later),
                cmocka_unit_test(what_could_not_be_told_is_no_finding),
        };

        /* valgrind 3.19 does not know openat2(2). */
        if (!host_root_can_be_opened())
                return HOST_SKIPPED;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
