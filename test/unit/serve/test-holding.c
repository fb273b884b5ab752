#include "holding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A writer that has room as the test says. */
static struct {
        unsigned room[RECORD_READ + 1]; /* records of that class that find some */
        uint64_t queued, written;
        unsigned hurried;
} writer;

uint64_t writer_put(struct writer *w unused_, struct str line unused_, enum record_class class) {
        if (writer.room[class] == 0)
                return 0;
        --writer.room[class];
        return ++writer.queued;
}

void writer_hurry(struct writer *w unused_) {
        ++writer.hurried;
}

struct writer_counts writer_counts(struct writer *w unused_) {
        return (struct writer_counts){ .queued = writer.queued, .written = writer.written };
}

struct world {
        struct holding holding;
        struct work works[4];
};

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        memset(&writer, 0, sizeof(writer));
        w->holding.most = ARRAY_SIZE(w->works);
        *state = w;
        return 0;
}

static int end(void **state) {
        struct world *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(w->works); ++i)
                free(w->works[i].held);
        free(w);
        return 0;
}

static struct work *hold(struct world *w, size_t i, enum record_class class, int64_t deadline) {
        struct work *work = &w->works[i];

        assert_true(holding_keep(&w->holding, work, STR_C("answer"), STR_C("line\n")));
        work->held->class = class;
        work->held->deadline = deadline;
        holding_add(&w->holding, work);
        return work;
}

static struct work *next(struct world *w, int64_t now) {
        return holding_next(&w->holding, NULL, now);
}

static void the_answer_and_the_record_are_kept(void **state) {
        struct world *w = *state;
        struct work *work = hold(w, 0, RECORD_CHANGED, 100);

        assert_true(str_eqz(work->held->answer, "answer"));
        assert_true(str_eqz(work->held->line, "line\n"));
        assert_int_equal(w->holding.n, 1);
        writer.room[RECORD_CHANGED] = 1;
        assert_ptr_equal(next(w, 0), work);
        assert_int_equal(work->held->number, 1);
        assert_false(work->held->late);
        assert_int_equal(w->holding.n, 0);
        assert_int_equal(w->holding.memory, 0);
        assert_null(next(w, INT64_MAX));
}

static void who_came_first_is_served_first(void **state) {
        struct world *w = *state;

        for (size_t i = 0; i < 3; ++i)
                hold(w, i, RECORD_CHANGED, 100);
        writer.room[RECORD_CHANGED] = 2;
        assert_ptr_equal(next(w, 0), &w->works[0]);
        assert_ptr_equal(next(w, 0), &w->works[1]);
        assert_null(next(w, 0));
        writer.room[RECORD_CHANGED] = 1;
        assert_ptr_equal(next(w, 0), &w->works[2]);
}

static void a_higher_class_finds_room_where_a_lower_finds_none(void **state) {
        struct world *w = *state;

        hold(w, 0, RECORD_CHANGED, 100);
        hold(w, 1, RECORD_REFUSED, 100);
        writer.room[RECORD_REFUSED] = 1;
        assert_ptr_equal(next(w, 0), &w->works[1]);
        assert_null(next(w, 0));
        assert_ptr_equal(next(w, 100), &w->works[0]);
}

/* A new call stands in line behind those whose room it would take. */
static void who_stands_in_line_is_not_overtaken(void **state) {
        struct world *w = *state;

        assert_false(holding_waits(&w->holding, RECORD_READ));
        hold(w, 0, RECORD_WARNED, 100);
        assert_false(holding_waits(&w->holding, RECORD_REFUSED));
        assert_true(holding_waits(&w->holding, RECORD_WARNED));
        assert_true(holding_waits(&w->holding, RECORD_CHANGED));
        w->works[0].held->number = 1; /* its record has its place */
        assert_false(holding_waits(&w->holding, RECORD_CHANGED));
}

static void one_to_be_written_first_waits_for_that(void **state) {
        struct world *w = *state;
        struct work *work = hold(w, 0, RECORD_REFUSED, 100);

        work->held->first = true;
        writer.room[RECORD_REFUSED] = 1;
        assert_null(next(w, 0));
        assert_int_equal(writer.hurried, 1);
        writer.written = 1;
        assert_ptr_equal(next(w, 0), work);
}

static void who_is_late_goes_on_without(void **state) {
        struct world *w = *state;

        hold(w, 0, RECORD_CHANGED, 5000);
        hold(w, 1, RECORD_CHANGED, 3001);
        assert_int_equal(holding_timeout(&w->holding, 1000), 3); /* whole milliseconds, and none too early */
        assert_null(next(w, 3000));
        assert_ptr_equal(next(w, 3001), &w->works[1]);
        assert_true(w->works[1].held->late);
        assert_int_equal(w->works[1].held->number, 0);
        assert_int_equal(holding_timeout(&w->holding, 6000), 0);
        assert_ptr_equal(next(w, 5000), &w->works[0]);
        assert_int_equal(holding_timeout(&w->holding, 6000), -1);
}

static void so_many_are_held_and_so_much(void **state) {
        static const char large[HOLDING_MEMORY];
        struct world *w = *state;
        struct work another = { 0 };

        assert_false(holding_keep(&w->holding, &another, STR_C("answer"), (struct str){ large, sizeof(large) }));
        for (size_t i = 0; i < ARRAY_SIZE(w->works); ++i)
                hold(w, i, RECORD_CHANGED, 100);
        assert_false(holding_keep(&w->holding, &another, STR_C("answer"), STR_C("line\n")));
        assert_null(another.held);
        assert_ptr_equal(next(w, 100), &w->works[0]);
        assert_true(holding_keep(&w->holding, &another, STR_C("answer"), STR_C("line\n")));
        free(another.held);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        const struct CMUnitTest tests[] = {
                TEST(the_answer_and_the_record_are_kept),
                TEST(who_came_first_is_served_first),
                TEST(a_higher_class_finds_room_where_a_lower_finds_none),
                TEST(who_stands_in_line_is_not_overtaken),
                TEST(one_to_be_written_first_waits_for_that),
                TEST(who_is_late_goes_on_without),
                TEST(so_many_are_held_and_so_much),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
