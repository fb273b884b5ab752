#include "route-world.h"

static void finds_the_three_calls_of_dockerd(void **state) {
        static const struct {
                const char *path;
                enum route route;
        } rows[] = {
                { "/Plugin.Activate", ROUTE_ACTIVATE },
                { "/AuthZPlugin.AuthZReq", ROUTE_REQUEST },
                { "/AuthZPlugin.AuthZRes", ROUTE_RESPONSE },
                { "/AuthZPlugin.AuthZReq/", ROUTE_OTHER },
                { "/authzplugin.authzreq", ROUTE_OTHER },
                { "/AuthZPlugin.AuthZ", ROUTE_OTHER },
                { "/", ROUTE_OTHER },
                { "", ROUTE_OTHER },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                assert_int_equal(route_find(str_from(rows[i].path)), rows[i].route);
        assert_int_equal(route_keeps(ROUTE_REQUEST), SERVER_CALL_MAX);
        assert_true(route_keeps(ROUTE_RESPONSE) > 0 && route_keeps(ROUTE_RESPONSE) < 1024);
}

static void activates_as_an_authorization_plugin(void **state) {
        struct world *w = *state;
        json_t *answer = call(w, ROUTE_ACTIVATE, (struct str){ "", 0 });
        const char *implements;

        assert_int_equal(json_unpack(answer, "{s:[s!]}", "Implements", &implements), 0);
        assert_string_equal(implements, "authz");
        json_decref(answer);
        assert_string_equal(w->answer.p, ROUTE_ACTIVATES);

        answer = call(w, ROUTE_OTHER, (struct str){ "", 0 });
        assert_non_null(json_object_get(answer, "Err"));
        json_decref(answer);
}

static void refuses_what_a_rule_refuses_and_says_why(void **state) {
        struct world *w = *state;
        char text[16384];

        assert_refused(w, str_from(CREATE(PRIVILEGED, "34")), "privileged-container +100 asks for \"every\" device");
        assert_refused(w, str_from(CREATE(PRIVILEGED, "34")), "refused");
        assert_int_equal(w->context.metrics.calls.requests, 2);
        assert_int_equal(w->context.metrics.calls.denied, 2);
        assert_int_equal(w->context.metrics.calls.allowed + w->context.metrics.calls.warned +
                                 w->context.metrics.calls.would_deny,
                         0);
        records(w, text, sizeof(text));
        assert_int_equal(lines(text), 2);
        assert_non_null(strstr(text, "\"answer\":\"deny\""));
}

/* DESIGN 1.4: the answer, and nothing else. */
static void audit_changes_the_answer_and_nothing_else(void **state) {
        struct world *w = *state;
        char text[16384];

        settle(w, MODE_AUDIT, RECORD_READS_NONE, off);
        assert_true(allows(w, ROUTE_REQUEST, CREATE(PRIVILEGED, "34")));
        assert_string_equal(w->answer.p, ROUTE_ALLOWS);
        assert_int_equal(w->context.metrics.calls.would_deny, 1);
        assert_int_equal(w->context.metrics.calls.denied, 0);
        records(w, text, sizeof(text));
        assert_int_equal(lines(text), 1);
        assert_non_null(strstr(text, "\"verdict\":\"deny\""));
        assert_non_null(strstr(text, "\"would\":\"deny\""));
        assert_non_null(strstr(text, "\"answer\":\"allow\""));
}

static void records_what_changes_something_and_reads_when_asked(void **state) {
        struct world *w = *state;
        char text[16384];

        assert_true(allows(w, ROUTE_REQUEST, GET));
        assert_true(allows(w, ROUTE_REQUEST, LOGS));
        assert_int_equal(w->context.seq, 0);
        assert_true(allows(w, ROUTE_REQUEST, CREATE(HARMLESS, "17")));
        assert_int_equal(w->context.seq, 1);
        settle(w, MODE_ENFORCE, RECORD_READS_CONTENT, off);
        assert_true(allows(w, ROUTE_REQUEST, GET));
        assert_int_equal(w->context.seq, 1);
        assert_true(allows(w, ROUTE_REQUEST, LOGS));
        assert_int_equal(w->context.seq, 2);
        settle(w, MODE_ENFORCE, RECORD_READS_ALL, off);
        assert_true(allows(w, ROUTE_REQUEST, GET));
        assert_int_equal(w->context.seq, 3);
        assert_int_equal(w->context.metrics.calls.allowed, 6);
        assert_int_equal(lines(records(w, text, sizeof(text))), 3);

        /* Without a writer there is nothing to write. */
        assert_true(allows(w, ROUTE_REQUEST, CREATE(HARMLESS, "17")));
        assert_int_equal(w->context.seq, 3);
}

/* PROTOCOL 1.4: dockerd's retry after a broken connection is empty; answering it with allow would open the host. */
static void refuses_what_is_no_request_in_both_modes(void **state) {
        static const char *const rows[] = {
                "",
                " ",
                "x",
                "[]",
                "null",
                "{}",
                "{",
                "{\"RequestMethod\":\"GET\"}",
                "{\"RequestUri\":\"/_ping\"}",
                "{\"RequestMethod\":1,\"RequestUri\":\"/_ping\"}",
                "{\"RequestMethod\":\"GET\",\"RequestUri\":null}",
                "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/_ping\"",
        };
        struct world *w = *state;
        enum mode modes[] = { MODE_ENFORCE, MODE_AUDIT };
        char text[256];

        for (size_t m = 0; m < ARRAY_SIZE(modes); ++m) {
                settle(w, modes[m], RECORD_READS_NONE, off);
                for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                        assert_refused(w, str_from(rows[i]), "docksill: refused: ");
                assert_refused(w, (struct str){ NULL, 0 }, "call-too-large");
                assert_refused(w, (struct str){ NULL, 0 }, "8388608");
        }
        assert_int_equal(w->context.metrics.calls.refused_calls, 2 * (ARRAY_SIZE(rows) + 2));
        assert_int_equal(w->context.metrics.calls.requests, 0);
        /* Nothing can be recorded of it; stderr told of the first, the rest wait for the minute to pass. */
        assert_int_equal(lines(records(w, text, sizeof(text))), 0);
        assert_true(w->context.refused_unsaid >= w->context.metrics.calls.refused_calls - 1);
}

/* PROTOCOL 2.6: the action has already happened. */
static void lets_every_response_through(void **state) {
        struct world *w = *state;

        assert_true(allows(w, ROUTE_RESPONSE, "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/_ping\"}"));
        assert_int_equal(w->context.metrics.calls.unread_responses, 0);
        assert_true(allows(w, ROUTE_RESPONSE, ""));
        assert_true(allows(w, ROUTE_RESPONSE, "x{"));
        assert_true(allows(w, ROUTE_RESPONSE, INFO("eyJE"))); /* {"D */
        assert_int_equal(w->context.metrics.calls.unread_responses, 3);
        w->context.watch.curious_at = INT64_MAX;
        assert_true(allows(w, ROUTE_RESPONSE, " \r\n\t{")); /* nothing to be learnt: not read */
        assert_int_equal(w->context.metrics.calls.unread_responses, 3);
        assert_int_equal(w->context.metrics.calls.responses, 5);
        assert_int_equal(w->context.metrics.calls.requests, 0);
}

/* A response that was cut short is none that could be read. */
static void a_response_of_which_little_was_kept_is_let_through(void **state) {
        struct world *w = *state;
        struct pending *pending = pending_new(&w->works);

        pending->cut = true;
        text_reset(&w->answer);
        route_begin(&w->answer, &w->context, ROUTE_RESPONSE, STR_C("{\"RequestMethod\":\"GET\",\"RequestUri\":\"/info"),
                    pending);
        assert_true(str_eqz(text_str(&w->answer), ROUTE_ALLOWS));
        assert_int_equal(w->context.metrics.calls.unread_responses, 0);
        pending_free(&w->works, pending);
}

static void learns_the_engine_and_tells_it_in_records(void **state) {
        struct world *w = *state;
        char text[8192];

        allows(w, ROUTE_REQUEST, CREATE(PRIVILEGED, "34"));
        allows(w, ROUTE_RESPONSE,
               "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/_ping\",\"ResponseHeaders\":{\"Server\":\"Docker/28.2.2 "
               "(linux)\"}}");
        assert_false(route_curious(&w->context)); /* for a minute */
        allows(w, ROUTE_RESPONSE,
               "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/_ping\",\"ResponseHeaders\":{\"Server\":\"Docker/99 "
               "(linux)\"}}");
        allows(w, ROUTE_REQUEST, CREATE(PRIVILEGED, "34"));
        json_decref(call(w, ROUTE_ACTIVATE, STR_C("")));
        assert_true(route_curious(&w->context)); /* another engine, perhaps */
        allows(w, ROUTE_REQUEST, CREATE(PRIVILEGED, "34"));
        records(w, text, sizeof(text));
        assert_int_equal(lines(text), 3);
        assert_non_null(strstr(text, "\"engine\":\"28.2.2\""));
        assert_null(strstr(strstr(text, "\"engine\"") + 1, "\"engine\""));
}

static void what_a_response_tells_is_recorded_when_it_is_news(void **state) {
        struct world *w = *state;
        char text[8192];

        for (int i = 0; i < 3; ++i)
                assert_true(allows(w, ROUTE_RESPONSE, INFO(DEBUG_ON)));
        assert_true(allows(w, ROUTE_RESPONSE, INFO(DEBUG_OFF))); /* it was mended */
        assert_true(allows(w, ROUTE_RESPONSE, INFO(DEBUG_OFF)));
        assert_true(allows(w, ROUTE_RESPONSE, INFO(DEBUG_ON)));
        w->context.watch.observations[0].at -= INT64_C(3600) * 1000000;
        assert_true(allows(w, ROUTE_RESPONSE, INFO(DEBUG_ON))); /* an hour later */
        records(w, text, sizeof(text));
        assert_int_equal(lines(text), 4);
        assert_non_null(strstr(text, "\"phase\":\"response\",\"operation\":\"system.info\""));
        /* Whoever looks for refusals to come must not find what nothing refuses. */
        assert_non_null(strstr(text, "\"would\":\"warn\",\"answer\":\"allow\""));
        assert_null(strstr(text, "\"deny\""));
        assert_int_equal(w->context.metrics.calls.requests, 0);
}

static struct pending *begin_bind(struct world *w) {
        struct pending *pending = pending_new(&w->works);

        text_reset(&w->answer);
        assert_int_equal(route_begin(&w->answer, &w->context, ROUTE_REQUEST, str_from(CREATE(BIND, "48")), pending),
                         ROUTE_OPEN);
        assert_int_equal(w->answer.n, 0);
        return pending;
}

/* As many may wait; a helper is given 10 s. */
static const char *finish(struct world *w, struct pending *pending, size_t most) {
        if (!w->lookups.pool)
                assert_int_equal(lookup_queue_init(&w->lookups, most), 0);
        assert_int_equal(lookup_begin(&pending->lookup, &w->lookups, 1), most > 0);
        for (int i = 0; most && !lookup_next(&w->lookups, pending->since); ++i) {
                assert_true(i < 10000);
                usleep(1000);
        }
        route_finish(&w->answer, &w->context, pending);
        pending_free(&w->works, pending);
        return w->answer.p;
}

static void a_request_with_host_paths_waits_for_where_they_lead(void **state) {
        struct world *w = *state;
        struct pending *pending;
        char text[16384];

        settle(w, MODE_ENFORCE, RECORD_READS_NONE, following);
        pending = begin_bind(w);
        assert_int_equal(w->context.metrics.calls.requests, 0);
        if (!strstr(finish(w, pending, 1), "host-bind-mount +40 binds /proc/self/cwd/x, which leads to /"))
                fail_msg("%s", w->answer.p);
        assert_int_equal(w->context.metrics.calls.denied, 1);
        assert_int_equal(lines(records(w, text, sizeof(text))), 1);
}

static void what_was_not_told_by_then_is_unknown(void **state) {
        struct world *w = *state;

        settle(w, MODE_ENFORCE, RECORD_READS_NONE, following);
        if (!strstr(finish(w, begin_bind(w), 0), "host-bind-mount +10 binds /proc/self/cwd/x (could not be checked)"))
                fail_msg("%s", w->answer.p);
}

static void without_lookups_nothing_is_left_open(void **state) {
        struct world *w = *state;

        assert_true(allows(w, ROUTE_REQUEST, CREATE(BIND, "48"))); /* as written it is below /proc */
        assert_true(allows(w, ROUTE_REQUEST, GET));
}

/* A lookup comes back to us as a call: were it looked up in turn, nobody would ever be answered. */
static void a_read_is_answered_at_once_and_so_is_what_cannot_be_read(void **state) {
        struct world *w = *state;

        settle(w, MODE_ENFORCE, RECORD_READS_NONE, asking);
        assert_true(allows(w, ROUTE_REQUEST, GET));
        assert_true(allows(w, ROUTE_REQUEST, "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/containers/x/json\"}"));
        json_decref(call(w, ROUTE_REQUEST, STR_C("{\"RequestMethod\":\"POST\",\"RequestUri\":\"/nothing/of/it\"}")));
        json_decref(call(w, ROUTE_REQUEST, STR_C(CREATE(HARMLESS, "18")))); /* not as long as it says */
        assert_int_equal(w->context.metrics.calls.requests, 4);
}

static bool remembers(struct engine_client *a, const char *target) {
        return answer_cache_find(&a->cache, str_from(target), 1).p;
}

static void remember(struct engine_client *a) {
        answer_cache_put(&a->cache, QUESTION_IMAGE, a->cache.epochs[QUESTION_IMAGE], STR_C("/i"), STR_C("{}"), 1);
        answer_cache_put(&a->cache, QUESTION_VOLUME, a->cache.epochs[QUESTION_VOLUME], STR_C("/v"), STR_C("{}"), 1);
}

#define CALL(method, uri) "{\"RequestMethod\":\"" method "\",\"RequestUri\":\"" uri "\"}"

/* Its request and its response: in between an answer may be of either kind. */
static void what_a_call_may_change_is_not_remembered(void **state) {
        static const struct {
                const char *call;
                bool image, volume; /* stay */
        } rows[] = {
                { CALL("GET", "/v1.41/images/json"), true, true },
                { CALL("POST", "/v1.41/containers/x/start"), true, true },
                { CALL("POST", "/v1.41/images/x/tag?repo=y"), false, true },
                { CALL("DELETE", "/v1.41/volumes/x"), true, false },
                { CALL("DELETE", "/v1.41/containers/x?v=1"), true, false },
                { CALL("POST", "/v1.41/services/create"), false, false },
                { CALL("POST", "/nothing/of/it"), false, false },
        };
        static const enum route routes[] = { ROUTE_REQUEST, ROUTE_RESPONSE };
        struct world *w = *state;
        struct engine_client engine_client;

        if (!docker_built())
                skip();
        settle(w, MODE_AUDIT, RECORD_READS_NONE, off);
        engine_client_init(&engine_client);
        assert_int_equal(engine_client_use(&engine_client, STR_C("/nonexistent/docker.sock")), 0);
        w->context.engine_client = &engine_client;
        for (size_t i = 0; i < ARRAY_SIZE(rows) * ARRAY_SIZE(routes); ++i) {
                size_t row = i / ARRAY_SIZE(routes);

                remember(&engine_client);
                json_decref(call(w, routes[i % ARRAY_SIZE(routes)], str_from(rows[row].call)));
                assert_int_equal(remembers(&engine_client, "/i"), rows[row].image);
                assert_int_equal(remembers(&engine_client, "/v"), rows[row].volume);
        }
        w->context.engine_client = NULL;
        engine_client_deinit(&engine_client);
}

/* A reload in the meantime changes nothing for it. */
static void a_request_ends_by_the_generation_it_began_under(void **state) {
        struct world *w = *state;
        struct pending *pending;

        settle(w, MODE_ENFORCE, RECORD_READS_NONE, following);
        pending = begin_bind(w);
        settle(w, MODE_AUDIT, RECORD_READS_NONE, following);
        assert_non_null(strstr(finish(w, pending, 0), "\"Allow\":false"));
        pending = begin_bind(w);
        settle(w, MODE_ENFORCE, RECORD_READS_NONE, following);
        assert_string_equal(finish(w, pending, 0), ROUTE_ALLOWS);
}

static void a_request_that_waits_can_be_dropped(void **state) {
        struct world *w = *state;

        settle(w, MODE_ENFORCE, RECORD_READS_NONE, following);
        pending_free(&w->works, begin_bind(w));
        assert_int_equal(w->context.metrics.calls.requests, 0);
}

/* In every mode, and whatever rules say: it is neither counted nor recorded. Nothing but just that call. */
static void who_asks_whether_it_is_asked_is_told(void **state) {
        static const struct {
                const char *method, *target;
                bool told;
        } rows[] = {
                { "GET", "/_ping?docksill-proof=00ff", true },
                { "GET", "/v1.41/_ping?docksill-proof=1", true },
                { "HEAD", "/_ping?docksill-proof=1", false },
                { "GET", "/_ping", false },
                { "GET", "/_ping?docksill-proof=", false },
                { "GET", "/_ping?docksill-proof", false },
                { "GET", "/_ping?docksill-proof=00FF", false },
                { "GET", "/_ping?docksill-proof=%22", false },
                { "GET", "/_ping?docksill-proof=1&x=1", false },
                { "GET", "/_ping?x=1", false },
                { "GET", "//_ping?docksill-proof=1", false },
                { "GET", "/info?docksill-proof=1", false },
                { "GET", "/_ping?docksill-proof=0123456789012345678901234567890123456789012345678901234567890123",
                  true },
                { "GET", "/_ping?docksill-proof=01234567890123456789012345678901234567890123456789012345678901234",
                  false },
        };
        struct world *w = *state;

        for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); ++i) {
                uint64_t requests = w->context.metrics.calls.requests;
                size_t row = i / 2;
                char text[256];
                bool told;

                settle(w, i % 2 ? MODE_AUDIT : MODE_ENFORCE, RECORD_READS_ALL, off);
                snprintf(text, sizeof(text), "{\"RequestMethod\":\"%s\",\"RequestUri\":\"%s\"}", rows[row].method,
                         rows[row].target);
                json_decref(call(w, ROUTE_REQUEST, str_from(text)));
                told = strstr(w->answer.p, "docksill-proof {") != NULL;
                if (told != rows[row].told)
                        fail_msg("%s %s: %s", rows[row].method, rows[row].target, w->answer.p);
                if (told) {
                        assert_non_null(strstr(w->answer.p, "\"Allow\":false"));
                        assert_non_null(strstr(w->answer.p,
                                               i % 2 ? "\\\"mode\\\":\\\"audit\\\"" : "\\\"mode\\\":\\\"enforce\\\""));
                        assert_int_equal(w->context.metrics.calls.requests, requests);
                }
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(finds_the_three_calls_of_dockerd),
                TEST(activates_as_an_authorization_plugin),
                TEST(refuses_what_a_rule_refuses_and_says_why),
                TEST(audit_changes_the_answer_and_nothing_else),
                TEST(records_what_changes_something_and_reads_when_asked),
                TEST(refuses_what_is_no_request_in_both_modes),
                TEST(lets_every_response_through),
                TEST(a_response_of_which_little_was_kept_is_let_through),
                TEST(learns_the_engine_and_tells_it_in_records),
                TEST(what_a_response_tells_is_recorded_when_it_is_news),
                TEST(a_request_with_host_paths_waits_for_where_they_lead),
                TEST(what_was_not_told_by_then_is_unknown),
                TEST(without_lookups_nothing_is_left_open),
                TEST(a_read_is_answered_at_once_and_so_is_what_cannot_be_read),
                TEST(what_a_call_may_change_is_not_remembered),
                TEST(a_request_ends_by_the_generation_it_began_under),
                TEST(who_asks_whether_it_is_asked_is_told),
                TEST(a_request_that_waits_can_be_dropped),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
