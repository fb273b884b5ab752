#include "docksill/engine/operation.h"
#include "docksill/engine/response.h"
#include "engine-watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)
#define HOUR   (3600 * SECOND)

/* Rules that are in force; a reload brings others. */
struct ruleset {
        struct str digest;
};

struct str ruleset_digest(const struct ruleset *rs) {
        return rs->digest;
}

static const struct ruleset rules = { STR("one") }, others = { STR("two") };
static const struct operation info = { .id = STR("system.info") }, version = { .id = STR("system.version") };
static const struct rule debug = { .id = STR("daemon-debug") }, live = { .id = STR("daemon-live-restore") };

/* Whether it is news that a response to @operation has a finding of @rule; NULL: it has none. */
static bool is_news(struct engine_watch *w, const struct operation *operation, const struct rule *rule,
                    const char *message, const struct ruleset *in_force, int64_t now) {
        struct evidence evidence = { .message = str_from(message) };
        struct finding finding = { .rule = rule, .severity = SEVERITY_LOW, .evidence = &evidence, .n_evidence = 1 };
        struct decision d = { .findings = &finding, .n_findings = rule ? 1 : 0 };
        struct request response;

        response.operation = operation;
        return engine_watch_news(w, &response, &d, in_force, now);
}

static void a_finding_is_news_once_an_hour(void **state) {
        struct engine_watch w = { 0 };

        (void)state;
        assert_true(is_news(&w, &info, &debug, "on", &rules, SECOND));
        assert_false(is_news(&w, &info, &debug, "on", &rules, 2 * SECOND));
        assert_false(is_news(&w, &info, &debug, "on", &rules, HOUR + SECOND - 1));
        assert_true(is_news(&w, &info, &debug, "on", &rules, HOUR + SECOND));
        assert_false(is_news(&w, &info, &debug, "on", &rules, HOUR + SECOND + 1));
}

static void what_an_audit_found_is_news_once(void **state) {
        static const struct operation host = { .id = STR("host.audit"), .flags = OPERATION_OURS };
        struct engine_watch w = { 0 };

        (void)state;
        assert_true(is_news(&w, &host, &debug, "on", &rules, SECOND));
        assert_false(is_news(&w, &host, &debug, "on", &rules, 24 * HOUR));
        assert_true(is_news(&w, &host, &live, "on", &rules, 25 * HOUR));
        assert_true(is_news(&w, &host, NULL, "", &rules, 26 * HOUR));
}

static void another_finding_is_news_and_so_are_other_words_and_rules(void **state) {
        struct engine_watch w = { 0 };

        (void)state;
        assert_true(is_news(&w, &info, &debug, "on", &rules, SECOND));
        assert_true(is_news(&w, &info, &live, "on", &rules, SECOND));
        assert_true(is_news(&w, &info, &live, "off", &rules, SECOND));
        assert_true(is_news(&w, &info, &live, "off", &others, SECOND));
        assert_false(is_news(&w, &info, &live, "off", &others, SECOND));
}

static void nothing_is_news_only_after_something(void **state) {
        struct engine_watch w = { 0 };

        (void)state;
        assert_false(is_news(&w, &info, NULL, "", &rules, SECOND));
        assert_true(is_news(&w, &info, &debug, "on", &rules, SECOND));
        assert_true(is_news(&w, &info, NULL, "", &rules, SECOND)); /* it was mended */
        assert_false(is_news(&w, &info, NULL, "", &rules, 2 * HOUR));
}

/* A monitor asks for both in turn. */
static void each_operation_is_remembered_for_itself(void **state) {
        struct engine_watch w = { 0 };

        (void)state;
        assert_true(is_news(&w, &info, &debug, "on", &rules, SECOND));
        assert_true(is_news(&w, &version, &live, "on", &rules, SECOND));
        assert_false(is_news(&w, &info, &debug, "on", &rules, SECOND));
        assert_false(is_news(&w, &version, &live, "on", &rules, SECOND));
}

/* A response with these headers, at @now. */
static void learn(struct engine_watch *w, const char *headers, int64_t now) {
        cleanup_(arena_deinit) struct arena arena;
        struct request response;
        char text[256];

        arena_init(&arena, 1 << 20);
        snprintf(text, sizeof(text), "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/_ping\",\"ResponseHeaders\":{%s}}",
                 headers);
        assert_int_equal(response_read(&response, &arena, str_from(text)), ENVELOPE_READ);
        engine_watch_learn(w, &response, now);
}

/* Or each page of JSON would be read for its headers. */
static void one_response_a_minute_is_read_for_who_it_is_from(void **state) {
        struct engine_watch w = { 0 };

        (void)state;
        assert_true(engine_watch_is_curious(&w, 0));
        learn(&w, "", SECOND); /* it does not say: the next, a second later */
        assert_false(engine_watch_is_curious(&w, 2 * SECOND - 1));
        assert_true(engine_watch_is_curious(&w, 2 * SECOND));
        learn(&w, "\"Server\":\"Docker/28.2.2 (linux)\"", 2 * SECOND);
        assert_string_equal(w.learned.version, "28.2.2");
        assert_false(engine_watch_is_curious(&w, 62 * SECOND - 1));
        assert_true(engine_watch_is_curious(&w, 62 * SECOND));
}

static void an_engine_that_has_started_may_be_another(void **state) {
        struct engine_watch w = { 0 };

        (void)state;
        learn(&w, "\"Server\":\"Docker/28.2.2 (linux)\"", SECOND);
        engine_watch_forget(&w);
        assert_string_equal(w.learned.version, "");
        assert_true(engine_watch_is_curious(&w, SECOND));
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_finding_is_news_once_an_hour),
                cmocka_unit_test(what_an_audit_found_is_news_once),
                cmocka_unit_test(another_finding_is_news_and_so_are_other_words_and_rules),
                cmocka_unit_test(nothing_is_news_only_after_something),
                cmocka_unit_test(each_operation_is_remembered_for_itself),
                cmocka_unit_test(one_response_a_minute_is_read_for_who_it_is_from),
                cmocka_unit_test(an_engine_that_has_started_may_be_another),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
