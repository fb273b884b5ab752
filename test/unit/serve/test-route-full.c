/* Records that find no room: what becomes of the calls. */
#include "holding.h"
#include "route-world.h"

#include <signal.h>
#include <sys/resource.h>

/* What a file system without room does. */
static void fill_disk(bool full) {
        struct rlimit limit = { .rlim_cur = full ? 0 : RLIM_INFINITY, .rlim_max = RLIM_INFINITY };

        signal(SIGXFSZ, SIG_IGN);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A writer whose disk is full, and in whose queue nothing finds room but what @class may use beyond. */
static void full_writer(struct world *w, enum record_class class) {
        const struct writer_options options = { .path = w->records, .buffer = 64 * 1024, .period = 5 };
        static char line[1024];

        writer_free(w->context.writer);
        assert_int_equal(writer_new_with(&w->context.writer, &options), 0);
        memset(line, 'x', sizeof(line));
        line[sizeof(line) - 1] = '\n';
        fill_disk(true);
        /* Both buffers: one is in the thread's hands. */
        while (!writer_counts(w->context.writer).failing)
                if (writer_put(w->context.writer, (struct str){ line, sizeof(line) }, class) == 0)
                        usleep(1000);
        while (writer_put(w->context.writer, (struct str){ line, sizeof(line) }, class))
                ;
}

static void settle_full(struct world *w, enum mode mode, enum record_full full, enum record_first first) {
        const struct generation_options options = { .rules = w->loaded,
                                                    .mode = mode,
                                                    .record_reads = RECORD_READS_ALL,
                                                    .recording = { .full = full, .first = first, .wait = 60000000 },
                                                    .lookups = off };
        struct generation *old = w->context.generation;

        assert_int_equal(generation_new(&w->context.generation, &options), 0);
        generation_unref(old);
}

static enum route_step begin_call(struct world *w, const char *body, struct pending **pending) {
        *pending = pending_new(&w->works);
        text_reset(&w->answer);
        return route_begin(&w->answer, &w->context, ROUTE_REQUEST, str_from(body), *pending);
}

static void end_call(struct world *w, struct pending *pending, const char *words) {
        if (!strstr(w->answer.p, words))
                fail_msg("%s is not in %s", words, w->answer.p);
        pending_free(&w->works, pending);
}

static void a_call_without_room_for_its_record_waits_and_then_goes_by_what_is_set(void **state) {
        static const struct {
                enum record_full full;
                enum mode mode;
                const char *call, *words;
                bool waits;
        } rows[] = {
                { RECORD_FULL_WAIT, MODE_ENFORCE, CREATE(HARMLESS, "17"), "records-full", true },
                { RECORD_FULL_WAIT, MODE_AUDIT, CREATE(HARMLESS, "17"), "\"Allow\":true", true },
                { RECORD_FULL_REFUSE, MODE_ENFORCE, CREATE(HARMLESS, "17"), "records-full", true },
                { RECORD_FULL_REFUSE, MODE_AUDIT, CREATE(HARMLESS, "17"), "records-full", true },
                { RECORD_FULL_DROP, MODE_ENFORCE, CREATE(HARMLESS, "17"), "\"Allow\":true", false },
                /* What is refused is refused for its own reason. */
                { RECORD_FULL_WAIT, MODE_ENFORCE, CREATE(PRIVILEGED, "34"), "privileged-container", true },
                { RECORD_FULL_DROP, MODE_ENFORCE, CREATE(PRIVILEGED, "34"), "privileged-container", false },
                /* A plain read costs nobody anything. */
                { RECORD_FULL_WAIT, MODE_ENFORCE, GET, "\"Allow\":true", false },
                { RECORD_FULL_REFUSE, MODE_ENFORCE, GET, "\"Allow\":true", false },
                { RECORD_FULL_REFUSE, MODE_ENFORCE, LOGS, "records-full", true },
        };
        struct holding holding = { .most = 8 };
        struct world *w = *state;
        struct pending *pending;
        char text[512 * 1024];
        uint64_t lost;

        full_writer(w, RECORD_REFUSED);
        w->context.holding = &holding;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                lost = writer_counts(w->context.writer).lost;
                settle_full(w, rows[i].mode, rows[i].full, RECORD_FIRST_NONE);
                assert_int_equal(begin_call(w, rows[i].call, &pending), rows[i].waits ? ROUTE_HELD : ROUTE_ANSWERED);
                if (rows[i].waits) {
                        int64_t now = clock_monotonic();

                        assert_null(holding_next(&holding, w->context.writer, now));
                        assert_in_range(holding_timeout(&holding, now), 50000, 60000);
                        assert_ptr_equal(holding_next(&holding, w->context.writer, now + 61000000), pending);
                        assert_int_equal(holding_timeout(&holding, now), -1);
                        text_reset(&w->answer);
                        assert_int_equal(route_finish(&w->answer, &w->context, pending), ROUTE_ANSWERED);
                }
                assert_int_equal(writer_counts(w->context.writer).lost, lost + 1);
                end_call(w, pending, rows[i].words);
        }
        assert_int_equal(w->context.metrics.calls.refused_unrecorded, 4);
        assert_int_equal(writer_counts(w->context.writer).lost_refused, 2);
        fill_disk(false);
        records(w, text, sizeof(text));
        assert_non_null(strstr(text, "\"lost\":10,\"refused\":2,\"lost_total\":10}"));
}

static void a_call_that_waited_is_answered_as_if_it_had_not_when_there_is_room(void **state) {
        struct holding holding = { .most = 8 };
        struct world *w = *state;
        struct pending *pending, *other;
        char text[512 * 1024];

        full_writer(w, RECORD_CHANGED);
        w->context.holding = &holding;
        settle_full(w, MODE_ENFORCE, RECORD_FULL_WAIT, RECORD_FIRST_NONE);
        assert_int_equal(begin_call(w, CREATE(HARMLESS, "17"), &pending), ROUTE_HELD);
        /* A refusal has room of its own, and overtakes. */
        assert_int_equal(begin_call(w, CREATE(PRIVILEGED, "34"), &other), ROUTE_ANSWERED);
        end_call(w, other, "privileged-container");
        fill_disk(false);
        while (!(other = holding_next(&holding, w->context.writer, clock_monotonic())))
                usleep(1000);
        assert_ptr_equal(other, pending);
        text_reset(&w->answer);
        assert_int_equal(route_finish(&w->answer, &w->context, pending), ROUTE_ANSWERED);
        end_call(w, pending, ROUTE_ALLOWS);
        assert_int_equal(writer_counts(w->context.writer).lost, 0);
        records(w, text, sizeof(text));
        assert_non_null(strstr(text, "\"seq\":1,"));
        assert_non_null(strstr(text, "\"seq\":2,"));
}

/* While one waits for room none of its class goes before it; and no more may wait than there is room for. */
static void those_who_wait_stand_in_line(void **state) {
        struct holding holding = { .most = 2 };
        struct world *w = *state;
        struct pending *works[3];

        full_writer(w, RECORD_REFUSED);
        w->context.holding = &holding;
        settle_full(w, MODE_ENFORCE, RECORD_FULL_WAIT, RECORD_FIRST_NONE);
        assert_int_equal(begin_call(w, CREATE(HARMLESS, "17"), &works[0]), ROUTE_HELD);
        assert_true(holding_waits(&holding, RECORD_CHANGED));
        assert_true(holding_waits(&holding, RECORD_READ));
        assert_false(holding_waits(&holding, RECORD_REFUSED));
        assert_int_equal(begin_call(w, CREATE(PRIVILEGED, "34"), &works[1]), ROUTE_HELD);
        assert_int_equal(begin_call(w, CREATE(HARMLESS, "17"), &works[2]), ROUTE_ANSWERED);
        end_call(w, works[2], "records-full");
        fill_disk(false);
        for (size_t i = 0; i < 2; ++i) {
                struct pending *next;

                while (!(next = holding_next(&holding, w->context.writer, clock_monotonic())))
                        usleep(1000);
                text_reset(&w->answer);
                assert_int_equal(route_finish(&w->answer, &w->context, next), ROUTE_ANSWERED);
                pending_free(&w->works, next);
        }
        assert_null(holding.works.first);
        assert_int_equal(holding.memory, 0);
}

static void what_is_written_first_is_in_the_file_when_it_is_answered(void **state) {
        struct holding holding = { .most = 8 };
        struct world *w = *state;
        struct pending *pending, *next;
        char text[4096] = "";
        FILE *f;

        w->context.holding = &holding;
        settle_full(w, MODE_ENFORCE, RECORD_FULL_WAIT, RECORD_FIRST_REFUSALS);
        assert_int_equal(begin_call(w, CREATE(HARMLESS, "17"), &pending), ROUTE_ANSWERED);
        end_call(w, pending, ROUTE_ALLOWS);
        assert_int_equal(begin_call(w, CREATE(PRIVILEGED, "34"), &pending), ROUTE_HELD);
        while (!(next = holding_next(&holding, w->context.writer, clock_monotonic())))
                usleep(100);
        assert_ptr_equal(next, pending);
        f = fopen(w->records, "r");
        assert_non_null(f);
        assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
        fclose(f);
        assert_non_null(strstr(text, "\"seq\":2,"));
        text_reset(&w->answer);
        assert_int_equal(route_finish(&w->answer, &w->context, pending), ROUTE_ANSWERED);
        end_call(w, pending, "privileged-container");
}

int main(void) {
        const struct CMUnitTest tests[] = {
                TEST(a_call_without_room_for_its_record_waits_and_then_goes_by_what_is_set),
                TEST(a_call_that_waited_is_answered_as_if_it_had_not_when_there_is_room),
                TEST(those_who_wait_stand_in_line),
                TEST(what_is_written_first_is_in_the_file_when_it_is_answered),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
