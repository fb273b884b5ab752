#include "docksill/base/clock.h"
#include "holding.h"
#include "pending.h"
#include "route.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <jansson.h>

/* {"HostConfig":{"Privileged":true}} and {"HostConfig":{}} */
#define PRIVILEGED "eyJIb3N0Q29uZmlnIjp7IlByaXZpbGVnZWQiOnRydWV9fQ=="
#define HARMLESS   "eyJIb3N0Q29uZmlnIjp7fX0="

#define CREATE(body, length) "{" CREATE_REST(body, length)
#define CREATE_REST(body, length)                                                                                      \
        "\"RequestMethod\":\"POST\",\"RequestUri\":\"/v1.41/containers/create\",\"RequestBody\":\"" body               \
        "\",\"RequestHeaders\":{\"Content-Type\":\"application/json\",\"Content-Length\":\"" length "\"}}"
/* {"HostConfig":{"Binds":["/proc/self/cwd/x:/h"]}}: leads somewhere else on every machine. */
#define BIND "eyJIb3N0Q29uZmlnIjp7IkJpbmRzIjpbIi9wcm9jL3NlbGYvY3dkL3g6L2giXX19"

#define GET  "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/containers/json\"}"
#define LOGS "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/containers/t1/logs?stdout=1\"}"

/* {"Debug":true} and {"Debug":false} */
#define DEBUG_ON  "eyJEZWJ1ZyI6dHJ1ZX0="
#define DEBUG_OFF "eyJEZWJ1ZyI6ZmFsc2V9"

#define INFO(body)                                                                                                     \
        "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/"                                                          \
        "info\",\"ResponseStatusCode\":200,\"ResponseBody\":\"" body "\"}"

static const char rule[] = "docksill: v1\n"
                           "kind: rules\n"
                           "rules:\n"
                           "  - id: privileged-container\n"
                           "    title: Runs privileged\n"
                           "    when: {container.privileged: true}\n"
                           "    severity: critical\n"
                           "    message: 'asks for \"every\" device'\n"
                           "  - id: daemon-debug\n"
                           "    title: Debugs\n"
                           "    when: {daemon.debug: true}\n"
                           "    severity: critical\n"
                           "    message: 'debugs'\n"
                           "  - id: host-bind-mount\n"
                           "    title: Binds\n"
                           "    for_each: mounts as mount\n"
                           "    when: {not: {mount.source: {within: /proc}}}\n"
                           "    severity: high\n"
                           "    unknown: medium\n"
                           "    message: 'binds {mount.requested}'\n";

struct world {
        char folder[64], rules[96], records[96];
        struct route_context context;
        struct ruleset *loaded;
        struct pending_pool works;
        struct lookup_queue lookups;
        struct text answer;
};

static const struct lookups off = { .deadline = 200000 }, following = { .deadline = 200000, .paths = true },
                            asking = { .deadline = 200000, .engine = STR("/run/docker.sock") };

/* Puts another generation in force. */
static void settle(struct world *w, enum mode mode, enum record_reads record_reads, struct lookups lookups) {
        const struct generation_options options = {
                .rules = w->loaded, .mode = mode, .record_reads = record_reads, .lookups = lookups
        };
        struct generation *old = w->context.generation;

        assert_int_equal(generation_new(&w->context.generation, &options), 0);
        generation_unref(old);
}

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));
        const char *paths[] = { w->rules };
        struct diag diag;
        FILE *f;

        strcpy(w->folder, "/tmp/docksill-route-XXXXXX");
        if (!mkdtemp(w->folder))
                return -1;
        snprintf(w->rules, sizeof(w->rules), "%s/rules.yaml", w->folder);
        snprintf(w->records, sizeof(w->records), "%s/records", w->folder);
        f = fopen(w->rules, "w");
        if (!f || fputs(rule, f) < 0 || fclose(f) != 0)
                return -1;
        diag_init(&diag);
        if (ruleset_load_rules(&w->loaded, paths, 1, &diag) < 0) {
                struct text t;

                text_init(&t);
                diag_render(&diag, &t);
                print_error("%s\n", t.p);
                return -1;
        }
        diag_deinit(&diag);
        if (writer_new(&w->context.writer, w->records, &(struct chain_head){ 0 }) < 0)
                return -1;
        settle(w, MODE_ENFORCE, RECORD_READS_NONE, off);
        text_init(&w->context.line);
        text_init(&w->answer);
        *state = w;
        return decision_ids_init(&w->context.ids);
}

static int end(void **state) {
        struct world *w = *state;

        writer_free(w->context.writer);
        generation_unref(w->context.generation);
        ruleset_unref(w->loaded);
        route_deinit(&w->context);
        text_deinit(&w->answer);
        pending_pool_deinit(&w->works);
        lookup_queue_deinit(&w->lookups);
        unlink(w->rules);
        unlink(w->records);
        rmdir(w->folder);
        free(w);
        return 0;
}

/* The answer to one call, parsed; the caller's to json_decref(). */
static json_t *call(struct world *w, enum route route, struct str body) {
        struct pending *pending = pending_new(&w->works);
        json_t *answer;

        text_reset(&w->answer);
        assert_int_equal(route_begin(&w->answer, &w->context, route, body, pending), ROUTE_ANSWERED);
        pending_free(&w->works, pending);
        answer = json_loadb(w->answer.p, w->answer.n, JSON_REJECT_DUPLICATES, NULL);
        if (!answer)
                fail_msg("no JSON: %s", w->answer.p);
        return answer;
}

static bool allows(struct world *w, enum route route, const char *body) {
        json_t *answer = call(w, route, str_from(body));
        int allow = -1;

        assert_int_equal(json_unpack(answer, "{s:b}", "Allow", &allow), 0);
        json_decref(answer);
        return allow;
}

static void assert_refused(struct world *w, struct str body, const char *says) {
        json_t *answer = call(w, ROUTE_REQUEST, body);
        const char *message = NULL;
        int allow = -1;

        assert_int_equal(json_unpack(answer, "{s:b, s:s}", "Allow", &allow, "Msg", &message), 0);
        assert_int_equal(allow, 0);
        if (!strstr(message, says))
                fail_msg("\"%s\" does not say \"%s\"", message, says);
        json_decref(answer);
}

/* Ends the writer; what it wrote. */
static const char *records(struct world *w, char *to, size_t size) {
        FILE *f;
        size_t n;

        writer_free(w->context.writer);
        w->context.writer = NULL;
        f = fopen(w->records, "r");
        assert_non_null(f);
        n = fread(to, 1, size - 1, f);
        to[n] = '\0';
        fclose(f);
        return to;
}

static size_t lines(const char *text) {
        size_t n = 0;

        for (; *text; ++text)
                n += *text == '\n';
        return n;
}

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
        assert_int_equal(w->context.counts.requests, 2);
        assert_int_equal(w->context.counts.denied, 2);
        assert_int_equal(w->context.counts.allowed + w->context.counts.warned + w->context.counts.would_deny, 0);
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
        assert_int_equal(w->context.counts.would_deny, 1);
        assert_int_equal(w->context.counts.denied, 0);
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
        assert_int_equal(w->context.counts.allowed, 6);
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
        assert_int_equal(w->context.counts.refused_calls, 2 * (ARRAY_SIZE(rows) + 2));
        assert_int_equal(w->context.counts.requests, 0);
        /* Nothing can be recorded of it; stderr told of the first, the rest wait for the minute to pass. */
        assert_int_equal(lines(records(w, text, sizeof(text))), 0);
        assert_true(w->context.refused_unsaid >= w->context.counts.refused_calls - 1);
}

/* PROTOCOL 2.6: the action has already happened. */
static void lets_every_response_through(void **state) {
        struct world *w = *state;

        assert_true(allows(w, ROUTE_RESPONSE, "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/_ping\"}"));
        assert_int_equal(w->context.counts.unread_responses, 0);
        assert_true(allows(w, ROUTE_RESPONSE, ""));
        assert_true(allows(w, ROUTE_RESPONSE, "x{"));
        assert_true(allows(w, ROUTE_RESPONSE, INFO("eyJE"))); /* {"D */
        assert_int_equal(w->context.counts.unread_responses, 3);
        w->context.watch.curious_at = INT64_MAX;
        assert_true(allows(w, ROUTE_RESPONSE, " \r\n\t{")); /* nothing to be learnt: not read */
        assert_int_equal(w->context.counts.unread_responses, 3);
        assert_int_equal(w->context.counts.responses, 5);
        assert_int_equal(w->context.counts.requests, 0);
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
        assert_int_equal(w->context.counts.unread_responses, 0);
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
        assert_int_equal(w->context.counts.requests, 0);
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
        assert_int_equal(w->context.counts.requests, 0);
        if (!strstr(finish(w, pending, 1), "host-bind-mount +40 binds /proc/self/cwd/x, which leads to /"))
                fail_msg("%s", w->answer.p);
        assert_int_equal(w->context.counts.denied, 1);
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
        assert_int_equal(w->context.counts.requests, 4);
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
        assert_int_equal(w->context.counts.requests, 0);
}

/* --- records that find no room -------------------------------------------------------------------------------------
 */

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
        assert_int_equal(w->context.counts.refused_unrecorded, 4);
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

/* --- the clock ------------------------------------------------------------------------------------------------------
 */

/* Rules, an environment around them with @more in it, and @exemptions. */
static void settle_site(struct world *w, const char *more, const char *exemption) {
        char site[160], exemptions[128];
        struct ruleset_options options = { .rules = w->folder, .environment = site, .exemptions = exemptions };
        struct ruleset *before = w->loaded;
        struct diag diag;
        FILE *f;

        snprintf(site, sizeof(site), "%s/environments", w->folder);
        snprintf(exemptions, sizeof(exemptions), "%s/exemptions.yaml", w->folder);
        assert_int_equal(mkdir(site, 0700), 0);
        snprintf(site, sizeof(site), "%s/environments/site.yaml", w->folder);
        f = fopen(site, "w");
        assert_non_null(f);
        fprintf(f,
                "docksill: v1\nkind: environment\nname: site\nrules: [%s]\ndeny: {severity: critical, points: 100}\n"
                "warn: {severity: low, points: 1}\nunknown: fail\n%s",
                w->rules, more);
        assert_int_equal(fclose(f), 0);
        f = fopen(exemptions, "w");
        assert_non_null(f);
        fprintf(f, "docksill: v1\nkind: exemptions\nexemptions: [%s]\n", exemption);
        assert_int_equal(fclose(f), 0);
        diag_init(&diag);
        if (ruleset_load(&w->loaded, &options, &diag) < 0) {
                struct text t;

                text_init(&t);
                diag_render(&diag, &t);
                fail_msg("%s", t.p);
        }
        diag_deinit(&diag);
        ruleset_unref(before);
        settle(w, MODE_ENFORCE, RECORD_READS_NONE, off);
}

static void remove_site(const struct world *w) {
        char command[300];

        snprintf(command, sizeof(command), "rm -r %s/environments %s/exemptions.yaml", w->folder, w->folder);
        assert_int_equal(system(command), 0);
}

/* 2100-01-01, and a moment of the day after it. */
#define IN_2100       (INT64_C(4102444800) * 1000000)
#define AFTER_THE_DAY (IN_2100 + 86400 * INT64_C(1000000) + 1)

static void a_clock_set_back_does_not_revive_an_exemption(void **state) {
        struct world *w = *state;

        settle_site(w, "",
                    "{id: e, rules: [privileged-container], match: {user: alice}, owner: o, reason: r, expires: "
                    "2100-01-01}");
#define ALICE "{\"User\":\"alice\",\"UserAuthNMethod\":\"TLS\","
        assert_true(allows(w, ROUTE_REQUEST, ALICE CREATE_REST(PRIVILEGED, "34")));
        w->context.latest = AFTER_THE_DAY; /* as it was when the clock said 2100, or so */
        assert_false(allows(w, ROUTE_REQUEST, ALICE CREATE_REST(PRIVILEGED, "34")));
        remove_site(w);
}

/* What it denies is told once, before the first decision under it; and no clock takes it back. */
static void a_step_begins_once_and_for_all(void **state) {
        struct world *w = *state;
        char text[16384];

        settle_site(w, "steps: [{from: 2020-01-01, enforce: hard}, {from: 2100-01-01, enforce: all}]\n", "");
        route_record_start(&w->context, STR_C("start"), NULL);
        assert_true(allows(w, ROUTE_REQUEST, CREATE(PRIVILEGED, "34")));
        assert_true(allows(w, ROUTE_REQUEST, CREATE(HARMLESS, "17")));
        assert_int_equal(w->context.counts.warned, 1);
        w->context.latest = IN_2100;
        assert_false(allows(w, ROUTE_REQUEST, CREATE(PRIVILEGED, "34")));
        assert_false(allows(w, ROUTE_REQUEST, CREATE(PRIVILEGED, "34")));
        records(w, text, sizeof(text));
        assert_int_equal(lines(text), 6);
        assert_non_null(strstr(text, "\"event\":\"start\""));
        assert_non_null(strstr(text, "\"step\":{\"enforce\":\"hard\",\"from\":\"2020-01-01\"},\"next\":{\"deny\":{"
                                     "\"severity\":\"critical\",\"points\":100},\"from\":\"2100-01-01\"},"
                                     "\"refused_from\":\"2100-01-01\""));
        assert_non_null(strstr(text, "\"event\":\"step\""));
        assert_ptr_equal(strstr(strstr(text, "\"event\":\"step\"") + 1, "\"event\""), NULL);
        remove_site(w);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

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
                uint64_t requests = w->context.counts.requests;
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
                        assert_int_equal(w->context.counts.requests, requests);
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
                TEST(a_call_without_room_for_its_record_waits_and_then_goes_by_what_is_set),
                TEST(a_call_that_waited_is_answered_as_if_it_had_not_when_there_is_room),
                TEST(those_who_wait_stand_in_line),
                TEST(what_is_written_first_is_in_the_file_when_it_is_answered),
                TEST(a_clock_set_back_does_not_revive_an_exemption),
                TEST(a_step_begins_once_and_for_all),
                TEST(a_request_that_waits_can_be_dropped),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
