#include "try/tried.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ATTEMPTS 6

/* Five items of which the first and the third are needed. */
static void begin(struct tried *t, struct attempt *attempts) {
        static const struct concession items[] = {
                { .kind = CONCEDE_USER },
                { .kind = CONCEDE_CAPABILITY, .name = STR("CHOWN") },
                { .kind = CONCEDE_FOLDER, .name = STR("/data") },
                { .kind = CONCEDE_MEMORY },
                { .kind = CONCEDE_ROOTFS },
        };
        static const struct attempt made[ATTEMPTS] = {
                { .conceded = 0x1f, .what = STR("as it is"), .works = true },
                { .conceded = 0, .reason = STR("hard") },
                { .conceded = 0x1e, .reason = STR("all others") },
                { .conceded = 0x0c, .reason = STR("one other") },
                { .conceded = 0x05, .works = true },
                { .conceded = 0x01, .reason = STR("refined"), .refined = true },
        };

        *t = (struct tried){ .found = true, .minimal = true, .original = { .network = true } };
        memcpy(t->items, items, sizeof(items));
        memcpy(attempts, made, sizeof(made));
        t->form = (struct form){ .items = t->items, .n = ARRAY_SIZE(items), .conceded = 0x05, .user = FORM_USER, .root = true };
        t->attempts.items = attempts;
        t->attempts.n = ATTEMPTS;
}

static void the_closest_failure_proves(void **state) {
        struct attempt attempts[ATTEMPTS];
        struct tried t;

        (void)state;
        begin(&t, attempts);
        assert_true(str_eqz(tried_proof(&t, 0)->reason, "one other"));
        /* What failed for want of memory proves nothing. */
        assert_null(tried_proof(&t, 2));
        attempts[5].refined = false;
        assert_true(str_eqz(tried_proof(&t, 2)->reason, "refined"));
}

static void tells_attempts(void **state) {
        static const struct {
                uint64_t conceded;
                const char *words;
        } rows[] = {
                { 0, "the hardest form" },
                { 0x3, "with start as root, capability CHOWN" },
                { 0x1e, "with capability CHOWN, write to /data, more memory, write to its root file system" },
                { 0x1f, "everything conceded" },
        };
        struct attempt attempts[ATTEMPTS];
        struct tried t;
        struct text text;

        (void)state;
        begin(&t, attempts);
        text_init(&text);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct attempt a = { .conceded = rows[i].conceded };

                text_reset(&text);
                tried_add_attempt(&text, &t, &a);
                assert_string_equal(text.p, rows[i].words);
        }
        text_reset(&text);
        tried_add_attempt(&text, &t, &attempts[0]);
        assert_string_equal(text.p, "as it is");
        for (size_t i = 5; i < 21; ++i)
                t.items[i] = (struct concession){ .kind = CONCEDE_CPUS };
        t.form.n = 21;
        text_reset(&text);
        tried_add_attempt(&text, &t, &(struct attempt){ .conceded = 0x1f });
        assert_string_equal(text.p, "5 of 21 concessions");
        text_reset(&text);
        tried_add_attempt(&text, &t, &(struct attempt){ .conceded = 0x1ffffe });
        assert_string_equal(text.p, "all but start as root");
        text_deinit(&text);
}

static void a_network_goes_where_nobody_needs_it(void **state) {
        struct attempt attempts[ATTEMPTS];
        struct tried t;

        (void)state;
        begin(&t, attempts);
        assert_true(tried_no_network(&t));
        t.original.reached = true;
        assert_false(tried_no_network(&t));
        t.original.reached = false;
        t.original.network = false; /* it has none anyway */
        assert_false(tried_no_network(&t));
        t.original.network = true;
        t.network = true;
        t.items[4] = (struct concession){ .kind = CONCEDE_NETWORK };
        assert_true(tried_no_network(&t));
        t.form.conceded |= 0x10;
        assert_false(tried_no_network(&t));
}

static void tells_flags(void **state) {
        struct attempt attempts[ATTEMPTS];
        struct flags flags = { 0 };
        struct arena arena;
        struct tried t;

        (void)state;
        begin(&t, attempts);
        arena_init(&arena, 1 << 20);
        assert_int_equal(tried_flags(&flags, &arena, &t), 0);
        assert_int_equal(flags.n, 5);
        assert_string_equal(flags.items[0].p, "--cap-drop=ALL");
        assert_string_equal(flags.items[2].p, "--tmpfs /data");
        assert_string_equal(flags.items[4].p, "--network none");
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_closest_failure_proves),
                cmocka_unit_test(tells_attempts),
                cmocka_unit_test(a_network_goes_where_nobody_needs_it),
                cmocka_unit_test(tells_flags),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
