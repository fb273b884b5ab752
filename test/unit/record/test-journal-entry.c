/* Lines as record.c writes them, and what the journal is told of each. */
#include "journal-entry.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "../../support/journal-peer.h"

#define DECISION(answer, would, verdict, rest)                                                                         \
        "{\"schema\":\"docksill.record/1\",\"time\":\"2026-01-31T12:00:00.000000Z\",\"seq\":7,\"decision_id\":"        \
        "\"00000000000000ab\",\"host\":\"h\",\"environment\":\"production\",\"mode\":\"audit\",\"operation\":"         \
        "\"container.create\",\"method\":\"POST\",\"path\":\"/containers/"                                             \
        "create\",\"query\":{\"name\":\"x\"},\"verdict\":\"" verdict "\",\"would\":\"" would "\",\"answer\":\"" answer \
        "\",\"gate\":\"points\",\"points\":52" rest ",\"duration_us\":3}\n"
#define FINDING(rule) "{\"rule\":\"" rule "\",\"severity\":\"high\",\"points\":40,\"evidence\":[{\"message\":\"m\"}]}"
#define START(event, rest)                                                                                             \
        "{\"schema\":\"docksill.start/1\",\"time\":\"t\",\"event\":\"" event "\",\"version\":\"1.2\",\"environment\":" \
        "\"production\",\"mode\":\"enforce\"" rest ",\"rules\":228,\"rules_digest\":\"d\"}\n"

struct row {
        const char *line;
        enum journal_kind kind;
        bool at_refusals; /* JOURNAL_REFUSALS takes it */
        const char *message;
};

static const struct row rows[] = {
        { DECISION("deny", "deny", "deny", ",\"findings\":[" FINDING("user-root") "],\"image\":\"nginx:1\""),
          KIND_REFUSED, true,
          "refused: container.create of nginx:1, 52 points in production, gate points: user-root; decision "
          "00000000000000ab" },
        { DECISION("allow", "deny", "deny", ",\"user\":\"al\",\"name\":\"web\""), KIND_WOULD_REFUSE, true,
          "would be refused, but the mode is audit: container.create of web by al, 52 points in production, gate "
          "points; "
          "decision 00000000000000ab" },
        { DECISION("allow", "warn", "deny", ""), KIND_WARNED, false,
          "let in with warnings: container.create at /containers/create, 52 points in production, gate points; "
          "decision "
          "00000000000000ab" },
        { DECISION("allow", "allow", "allow", ""), KIND_ALLOWED, false,
          "let in: container.create at /containers/create, 52 points in production, gate points; decision "
          "00000000000000ab" },
        { DECISION("deny", "deny", "deny",
                   ",\"findings\":[" FINDING("a") "," FINDING("b") "," FINDING("c") "," FINDING("d") "," FINDING(
                           "e") "]"),
          KIND_REFUSED, true,
          "refused: container.create at /containers/create, 52 points in production, gate points: a, b, c, d and 1 "
          "more; "
          "decision 00000000000000ab" },
        { START("start", ""), KIND_START, true,
          "has started, version 1.2: environment production, mode enforce, 228 rules" },
        { START("start", ",\"last_good\":true"), KIND_LAST_GOOD, true,
          "has started with the last good set, since its files are bad, version 1.2: environment production, mode "
          "enforce, 228 rules" },
        { START("reload", ""), KIND_RELOAD, true, "reloaded: environment production, mode enforce, 228 rules" },
        { START("reload-failed", ""), KIND_RELOAD_FAILED, true,
          "a reload changed nothing, since its files are bad; in force stays: environment production, mode enforce, "
          "228 "
          "rules" },
        { START("step", ""), KIND_STEP, true, "a step has begun: environment production, mode enforce, 228 rules" },
        { "{\"schema\":\"docksill.stop/1\",\"time\":\"t\",\"seq\":9,\"lost\":2}\n", KIND_STOP, true,
          "has ended in order after record 9, 2 lost" },
        { "{\"schema\":\"docksill.loss/1\",\"time\":\"t\",\"lost\":3,\"refused\":1,\"lost_total\":3}\n", KIND_LOST,
          true, "3 records are lost, 1 of them of refusals: there was no room for them" },
        { "{\"schema\":\"docksill.mend/1\",\"time\":\"t\",\"torn\":17}\n", KIND_MENDED, true,
          "the record before this one is torn: a process was killed while it wrote it; 17 bytes of it are there" },
        { "{\"schema\":\"docksill.news/1\"}\n", KIND_OTHER, true, "docksill.news/1" },
};

struct work {
        struct arena arena;
        struct text entry;
};

static int set_up(void **state) {
        struct work *w = calloc(1, sizeof(*w));

        arena_init(&w->arena, ENTRY_MEMORY);
        text_init(&w->entry);
        *state = w;
        return 0;
}

static int tear_down(void **state) {
        struct work *w = *state;

        arena_deinit(&w->arena);
        text_deinit(&w->entry);
        free(w);
        return 0;
}

static void each_line_is_told_as_what_it_is(void **state) {
        struct work *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct str line = str_from(rows[i].line);
                char priority[2] = { (char)('0' + journal_kinds[rows[i].kind].priority), '\0' };

                text_reset(&w->entry);
                assert_true(journal_entry_add(&w->entry, &w->arena, line, JOURNAL_ALL));
                assert_false(w->entry.failed);
                assert_field(text_str(&w->entry), "MESSAGE", rows[i].message);
                assert_field(text_str(&w->entry), "MESSAGE_ID", journal_kinds[rows[i].kind].id);
                assert_field(text_str(&w->entry), "PRIORITY", priority);
                assert_field(text_str(&w->entry), "SYSLOG_IDENTIFIER", "docksill");
                assert_true(str_eq(field(text_str(&w->entry), "DOCKSILL_RECORD"), str_first(line, line.n - 1)));
        }
}

static void only_what_is_wanted_is_told(void **state) {
        struct work *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                text_reset(&w->entry);
                assert_int_equal(journal_entry_add(&w->entry, &w->arena, str_from(rows[i].line), JOURNAL_REFUSALS),
                                 rows[i].at_refusals);
                assert_int_equal(w->entry.n > 0, rows[i].at_refusals);
                text_reset(&w->entry);
                assert_false(journal_entry_add(&w->entry, &w->arena, str_from(rows[i].line), JOURNAL_OFF));
        }
}

static void fields_are_those_of_the_record(void **state) {
        struct work *w = *state;
        struct str entry;

        assert_true(journal_entry_add(
                &w->entry, &w->arena,
                STR_C(DECISION("deny", "deny", "deny",
                               ",\"findings\":[" FINDING("a") "," FINDING("b") "],\"image\":\"i\",\"link\":12")),
                JOURNAL_REFUSALS));
        entry = text_str(&w->entry);
        assert_field(entry, "DOCKSILL_SEQ", "7");
        assert_field(entry, "DOCKSILL_LINK", "12");
        assert_field(entry, "DOCKSILL_POINTS", "52");
        assert_field(entry, "DOCKSILL_DECISION_ID", "00000000000000ab");
        assert_field(entry, "DOCKSILL_OPERATION", "container.create");
        assert_field(entry, "DOCKSILL_IMAGE", "i");
        assert_field(entry, "DOCKSILL_ANSWER", "deny");
        assert_true(str_eqz(field_nth(entry, "DOCKSILL_RULE", 0), "a"));
        assert_true(str_eqz(field_nth(entry, "DOCKSILL_RULE", 1), "b"));
        assert_null(field_nth(entry, "DOCKSILL_RULE", 2).p);
        assert_null(field(entry, "DOCKSILL_USER").p);
}

/* A name can't be another field, paint a terminal, or be without end. */
static void foreign_text_is_shown_and_cut(void **state) {
        struct work *w = *state;
        char line[8192], long_name[4096];
        struct str entry;

        memset(long_name, 'n', sizeof(long_name) - 1);
        long_name[sizeof(long_name) - 1] = '\0';
        snprintf(line, sizeof(line), "%s%s%s",
                 "{\"schema\":\"docksill.record/1\",\"user\":\"a\\nPRIORITY=0\\u001b[2J\\u202e\",\"image\":\"",
                 long_name, "\",\"answer\":\"deny\"}");
        assert_true(journal_entry_add(&w->entry, &w->arena, str_from(line), JOURNAL_REFUSALS));
        entry = text_str(&w->entry);
        assert_field(entry, "DOCKSILL_USER", "a\\x0aPRIORITY=0\\x1b[2J\\u{202e}");
        assert_field(entry, "PRIORITY", "4");
        assert_true(field(entry, "DOCKSILL_IMAGE").n < 1100);
        assert_true(field(entry, "MESSAGE").n < 600);
        assert_true(str_eqz(field(entry, "DOCKSILL_RECORD"), line));
}

static void what_is_no_line_of_ours_is_for_nobody(void **state) {
        static const char *const lines[] = { "",
                                             "\n",
                                             "x\n",
                                             "[]\n",
                                             "{}\n",
                                             "{\"schema\":\"other/1\"}\n",
                                             "{\"schema\":\"docksill.record/1\",",
                                             "{\"schema\":7}\n" };
        struct work *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(lines); ++i) {
                text_reset(&w->entry);
                if (journal_entry_add(&w->entry, &w->arena, str_from(lines[i]), JOURNAL_ALL))
                        fail_msg("taken: %s", lines[i]);
        }
}

static void so_many_are_missing(void **state) {
        struct work *w = *state;

        journal_entry_add_missed(&w->entry, 12);
        assert_field(text_str(&w->entry), "DOCKSILL_MISSED", "12");
        assert_field(text_str(&w->entry), "MESSAGE_ID", journal_kinds[KIND_MISSED].id);
        assert_field(text_str(&w->entry), "MESSAGE",
                     "12 entries are missing here: the journal did not take them; the record file has them");
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(each_line_is_told_as_what_it_is, set_up, tear_down),
                cmocka_unit_test_setup_teardown(only_what_is_wanted_is_told, set_up, tear_down),
                cmocka_unit_test_setup_teardown(fields_are_those_of_the_record, set_up, tear_down),
                cmocka_unit_test_setup_teardown(foreign_text_is_shown_and_cut, set_up, tear_down),
                cmocka_unit_test_setup_teardown(what_is_no_line_of_ours_is_for_nobody, set_up, tear_down),
                cmocka_unit_test_setup_teardown(so_many_are_missing, set_up, tear_down),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
