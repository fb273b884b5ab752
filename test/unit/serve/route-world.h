#pragma once
/*
 * route-world: a folder with three rules, a record file and a generation in force, and calls that are made there. Each
 * test program of route uses some of it.
 */
#include "docksill/base/clock.h"
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
static inline void settle(struct world *w, enum mode mode, enum record_reads record_reads, struct lookups lookups) {
        const struct generation_options options = {
                .rules = w->loaded, .mode = mode, .record_reads = record_reads, .lookups = lookups
        };
        struct generation *old = w->context.generation;

        assert_int_equal(generation_new(&w->context.generation, &options), 0);
        generation_unref(old);
}

static inline int begin(void **state) {
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
        metrics_init(&w->context.metrics);
        text_init(&w->answer);
        *state = w;
        return decision_ids_init(&w->context.ids);
}

static inline int end(void **state) {
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
static inline json_t *call(struct world *w, enum route route, struct str body) {
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

static inline bool allows(struct world *w, enum route route, const char *body) {
        json_t *answer = call(w, route, str_from(body));
        int allow = -1;

        assert_int_equal(json_unpack(answer, "{s:b}", "Allow", &allow), 0);
        json_decref(answer);
        return allow;
}

static inline void assert_refused(struct world *w, struct str body, const char *says) {
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
static inline const char *records(struct world *w, char *to, size_t size) {
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

static inline size_t lines(const char *text) {
        size_t n = 0;

        for (; *text; ++text)
                n += *text == '\n';
        return n;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
