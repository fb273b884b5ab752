/*
 * Each record is read back by another JSON library: what we write by hand must be what others read.
 */
/* jansson names six of its constants as our tokeniser does: it is read first, under other names. */
#include <jansson.h>

#include "../decide/invented.h"
#include "docksill/decide/decide.h"
#include "docksill/record/record.h"

static const struct rule user_root = { .id = STR("user-root"),
                                       CASES(CASE(.severity = SEVERITY_MEDIUM, .message = TEXT("runs as root"))) };
static const struct fact capabilities = { .name = STR("container.capabilities.added"),
                                          .type = FACT_CAPABILITIES,
                                          .at = offsetof(struct facts, container.capabilities_added),
                                          .from = "HostConfig.CapAdd" };
static const struct rule capability = { .id = STR("dangerous-capability"),
                                        .each = &capabilities,
                                        .alias = STR("cap"),
                                        CASES(CASE(.severity = SEVERITY_CRITICAL, .hard = true,
                                                   .message = TEXT("adds %"))) };
static const struct rule *const no_rules[] = { NULL }, *const one_rule[] = { &user_root },
                                *const two_rules[] = { &user_root, &capability };
static const struct record_context machine = { .host = STR("host-a"), .config_digest = STR("c0ffee") };

#define SEQ      7
#define WALL     INT64_C(1769860800000001) /* 2026-01-31T12:00:00.000001Z */
#define DURATION 23

static struct text record_text(struct bench *b, const struct rule *const *rules, size_t n, enum mode mode,
                               const struct record_context *context) {
        struct ruleset rs = {
                .name = STR("production"), .digest = STR("d16e57"), .limits = limits_production, .rules = rules, .n = n
        };
        struct text t;

        decide(&b->decision, &rs, &b->request, mode, &b->arena);
        b->decision.id = 0x7f3a;
        text_init_arena(&t, &b->arena);
        record_add(&t, context, &b->decision, &b->request, &rs, SEQ, WALL, DURATION);
        assert_false(t.failed);
        return t;
}

static json_t *record_of(struct bench *b, const struct rule *const *rules, size_t n, enum mode mode) {
        struct text t = record_text(b, rules, n, mode, &machine);
        json_error_t error;
        json_t *record;

        assert_int_equal(t.p[t.n - 1], '\n');
        for (size_t i = 0; i < t.n - 1; ++i)
                assert_true((unsigned char)t.p[i] >= 0x20); /* one line, however odd its texts */
        record = json_loadb(t.p, t.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
        if (!record)
                fail_msg("%s\n%s", error.text, t.p);
        return record;
}

static const char *string_in(const json_t *object, const char *key) {
        return json_string_value(json_object_get(object, key));
}

static void fill_request(struct bench *b) {
        static struct target_parameter parameters[] = {
                { STR("name"), STR("web") },
                { STR("secret"), STR("hunter2") },
                { STR("name"), STR("second") },
                { STR("platform"), STR("linux/amd64") },
                { STR("fromImage"), STR("user:hunter2@r.example/app") },
                { STR("t"), STR("user:hunter2@r.example/app:1") },
        };

        b->request.envelope.method.value = STR_C("POST");
        b->request.envelope.uri.value = STR_C("/v1.47/containers/create?name=web&secret=hunter2");
        b->request.envelope.user.value = STR_C("ci-runner");
        b->request.envelope.authn.value = STR_C("TLS");
        b->request.facts.request.path.value = STR_C("/containers/create");
        b->request.target = (struct target){ .path = STR("/containers/create/hunter2"),
                                             .version = 47,
                                             .parameters = parameters,
                                             .n_parameters = ARRAY_SIZE(parameters) };
        b->request.body = STR_C("{\"Env\":[\"PASSWORD=hunter2\"]}");
        b->request.facts.image.reference.value = STR_C("nginx:1.27");
        b->request.facts.image.found_id = (struct fact_str){ .value = STR("sha256:0a") };
        b->request.facts.container.name.value = STR_C("web");
}

static void holds_what_an_auditor_asks_for(void **state) {
        static const struct {
                const char *key, *value;
        } rows[] = {
                { "schema", "docksill.record/1" },
                { "time", "2026-01-31T12:00:00.000001Z" },
                { "decision_id", "0000000000007f3a" },
                { "host", "host-a" },
                { "environment", "production" },
                { "mode", "audit" },
                { "operation", "container.create" },
                { "method", "POST" },
                { "path", "/containers/create" },
                { "api_version", "1.47" },
                { "user", "ci-runner" },
                { "authn", "TLS" },
                { "verdict", "deny" },
                { "would", "deny" },
                { "answer", "allow" },
                { "gate", "hard" },
                { "image", "nginx:1.27" },
                { "image_id", "sha256:0a" },
                { "name", "web" },
                { "rules_digest", "d16e57" },
                { "config_digest", "c0ffee" },
        };
        struct bench b;
        json_t *record, *finding, *evidence;

        (void)state;
        bench_init(&b);
        fill_request(&b);
        for (int i = 0; i < 3; ++i)
                assert_fits(&b.arena, fact_set_add(&b.arena, &b.request.facts.container.capabilities_added,
                                                   (struct str){ &"ABC"[i], 1 }));
        record = record_of(&b, two_rules, 2, MODE_AUDIT);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                if (!string_in(record, rows[i].key))
                        fail_msg("no %s", rows[i].key);
                assert_string_equal(string_in(record, rows[i].key), rows[i].value);
        }
        assert_int_equal(json_integer_value(json_object_get(record, "seq")), SEQ);
        assert_int_equal(json_integer_value(json_object_get(record, "points")), 110);
        assert_int_equal(json_integer_value(json_object_get(record, "duration_us")), DURATION);

        assert_int_equal(json_array_size(json_object_get(record, "findings")), 2);
        finding = json_array_get(json_object_get(record, "findings"), 0);
        assert_string_equal(string_in(finding, "rule"), "dangerous-capability");
        assert_string_equal(string_in(finding, "severity"), "critical");
        assert_int_equal(json_integer_value(json_object_get(finding, "points")), 100);
        assert_ptr_equal(json_object_get(finding, "hard"), json_true());
        assert_int_equal(json_integer_value(json_object_get(finding, "instances")), 3);
        evidence = json_array_get(json_object_get(finding, "evidence"), 1);
        assert_string_equal(string_in(evidence, "where"), "HostConfig.CapAdd");
        assert_string_equal(string_in(evidence, "message"), "adds B");
        assert_string_equal(string_in(json_object_get(evidence, "only"), "cap"), "B");
        finding = json_array_get(json_object_get(record, "findings"), 1);
        assert_null(json_object_get(finding, "hard"));
        assert_null(json_object_get(finding, "unknown"));
        assert_null(json_object_get(finding, "instances"));
        json_decref(record);
        bench_deinit(&b);
}

static void keeps_allowed_query_keys_alone_and_of_each_the_first(void **state) {
        struct bench b;
        json_t *record, *query;

        (void)state;
        bench_init(&b);
        fill_request(&b);
        record = record_of(&b, one_rule, 1, MODE_ENFORCE);
        query = json_object_get(record, "query");
        assert_int_equal(json_object_size(query), 3);
        assert_string_equal(string_in(query, "fromImage"), "r.example/app");
        assert_string_equal(string_in(query, "name"), "web");
        assert_string_equal(string_in(query, "platform"), "linux/amd64");
        json_decref(record);
        bench_deinit(&b);
}

static void never_holds_the_target_or_the_body(void **state) {
        struct bench b;
        struct text t;

        (void)state;
        bench_init(&b);
        fill_request(&b);
        t = record_text(&b, one_rule, 1, MODE_ENFORCE, &machine);
        assert_null(strstr(t.p, "hunter2"));
        assert_null(strstr(t.p, "/v1.47"));
        bench_deinit(&b);
}

static void leaves_empty_values_out(void **state) {
        static const char *const absent[] = { "host",  "path",     "query", "api_version",   "user",   "authn",
                                              "image", "findings", "name",  "config_digest", "method", "incomplete" };
        static const struct record_context nothing;
        struct bench b;
        struct text t;
        json_t *record;

        (void)state;
        bench_init(&b);
        t = record_text(&b, no_rules, 0, MODE_ENFORCE, &nothing);
        record = json_loadb(t.p, t.n, 0, NULL);
        assert_non_null(record);
        for (size_t i = 0; i < ARRAY_SIZE(absent); ++i)
                assert_null(json_object_get(record, absent[i]));
        assert_string_equal(string_in(record, "answer"), "allow");
        assert_string_equal(string_in(record, "gate"), "none");
        json_decref(record);
        bench_deinit(&b);
}

static void names_no_image_while_a_flaw_stands(void **state) {
        struct bench b;
        json_t *record;

        (void)state;
        bench_init(&b);
        fill_request(&b);
        flaws_add(&b.request.flaws, FLAW_DUPLICATE_KEY, STR_C("Image"));
        record = record_of(&b, one_rule, 1, MODE_ENFORCE);
        assert_null(json_object_get(record, "image"));
        assert_null(json_object_get(record, "name"));
        assert_string_equal(string_in(record, "path"), "/containers/create");
        json_decref(record);
        bench_deinit(&b);
}

static void an_unknown_operation_is_called_so(void **state) {
        struct bench b;
        json_t *record;

        (void)state;
        bench_init(&b);
        fill_request(&b);
        b.request.operation = NULL;
        record = record_of(&b, one_rule, 1, MODE_ENFORCE);
        assert_string_equal(string_in(record, "operation"), "unknown");
        json_decref(record);
        bench_deinit(&b);
}

static void tells_unknown_and_audited_findings(void **state) {
        struct rule rule = { .id = STR("image-too-old"),
                             .unknown = SEVERITY_LOW,
                             .audit = true,
                             CASES(CASE(.when = ALWAYS(TRUTH_UNKNOWN), .severity = SEVERITY_HIGH,
                                        .message = TEXT("old"))) };
        const struct rule *const rules[] = { &rule };
        struct bench b;
        json_t *record, *finding;

        (void)state;
        bench_init(&b);
        record = record_of(&b, rules, 1, MODE_ENFORCE);
        finding = json_array_get(json_object_get(record, "findings"), 0);
        assert_ptr_equal(json_object_get(finding, "unknown"), json_true());
        assert_ptr_equal(json_object_get(finding, "audit"), json_true());
        assert_string_equal(string_in(record, "verdict"), "warn");
        assert_string_equal(string_in(record, "would"), "allow");
        json_decref(record);
        bench_deinit(&b);
}

static void foreign_text_is_escaped_and_bounded(void **state) {
        static char path[5000], user[5000], image[5000];
        struct bench b;
        json_t *record;

        (void)state;
        bench_init(&b);
        fill_request(&b);
        memset(path, 'p', sizeof(path));
        memset(user, 0xff, sizeof(user)); /* no UTF-8 */
        for (size_t i = 0; i + 2 < sizeof(image); i += 3)
                memcpy(image + i, "\xe2\x82\xac", 3); /* is cut between characters */
        memcpy(path, "/x\"\\\n\x1b\0", 7);
        b.request.facts.request.path.value = (struct str){ path, sizeof(path) };
        b.request.envelope.user.value = (struct str){ user, sizeof(user) };
        b.request.facts.image.reference.value = (struct str){ image, sizeof(image) - 2 };
        b.request.facts.container.name.value = STR_C("\",\"answer\":\"allow");
        record = record_of(&b, one_rule, 1, MODE_ENFORCE);
        assert_int_equal(json_string_length(json_object_get(record, "image")), 512 / 3 * 3);
        assert_memory_equal(string_in(record, "image"), image, 512 / 3 * 3);
        assert_true(json_string_length(json_object_get(record, "user")) <= 256 * 3);
        assert_string_equal(string_in(record, "name"), "\",\"answer\":\"allow");
        json_decref(record);
        bench_deinit(&b);
}

/* What is denied today, what next, and from when on this one is refused. */
static void tells_the_steps(void **state) {
        struct step steps[] = { { .from = INT64_MIN },
                                { .day = STR("2026-01-01"), .from = 1 },
                                { .day = STR("2099-01-01"), .from = WALL } };
        static const char first
                [] = "\"step\":{\"enforce\":\"hard\"},\"next\":{\"deny\":{\"severity\":\"critical\",\"points\":"
                     "120},\"from\":\"2026-01-01\"},\"refused_from\":\"2099-01-01\",\"must_go\":0",
           then[] = "\"step\":{\"deny\":{\"severity\":\"critical\",\"points\":120},\"from\":\"2026-01-01\"},"
                    "\"next\":{\"deny\":{\"severity\":\"medium\",\"points\":50},\"from\":\"2099-01-01\"},"
                    "\"refused_from\":\"2099-01-01\",\"must_go\":0",
           last[] = "\"step\":{\"deny\":{\"severity\":\"medium\",\"points\":50},\"from\":\"2099-01-01\"},\"findings\"";
        static const struct {
                int64_t at;
                const char *says;
        } rows[] = { { 0, first }, { 1, then }, { WALL, last } };
        struct ruleset rs = { .name = STR("site"), .rules = one_rule, .n = 1, .steps = { steps, ARRAY_SIZE(steps) } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(steps); ++i)
                steps[i].limits = limits_production;
        limits_set_hard(&steps[0].limits);
        steps[1].limits.deny_severity = SEVERITY_CRITICAL;
        steps[1].limits.deny_points = 120;
        steps[2].limits.deny_severity = SEVERITY_MEDIUM;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct bench b;
                struct text t;

                bench_init(&b);
                decide_at(&b.decision, &rs, &b.request, MODE_ENFORCE, rows[i].at, &b.arena);
                text_init_arena(&t, &b.arena);
                record_add(&t, &machine, &b.decision, &b.request, &rs, SEQ, WALL, DURATION);
                if (!strstr(t.p, rows[i].says))
                        fail_msg("%s\n%s", rows[i].says, t.p);
                text_reset(&t);
                record_add_start(&t, &machine, &rs, MODE_ENFORCE, STR_C("step"), NULL, rows[i].at);
                assert_non_null(strstr(t.p, "\"event\":\"step\""));
                assert_true(strncmp(strstr(t.p, "\"step\":{"), rows[i].says, 30) == 0);
                bench_deinit(&b);
        }
}

/* Nobody fills the queue with one request: evidence stops, findings do not. */
static void evidence_has_its_limit(void **state) {
        enum { RULES = 100 };
        static char item[400], ids[RULES][16];
        struct rule rules[RULES];
        const struct rule *view[RULES];
        struct bench b;
        struct text t;
        json_t *record;

        (void)state;
        bench_init(&b);
        for (int i = 0; i < 8; ++i) {
                struct str copy;

                memset(item, 'a' + i, sizeof(item));
                assert_int_equal(arena_str(&b.arena, (struct str){ item, sizeof(item) }, &copy), 0);
                assert_fits(&b.arena, fact_set_add(&b.arena, &b.request.facts.container.capabilities_added, copy));
        }
        for (size_t i = 0; i < RULES; ++i) {
                snprintf(ids[i], sizeof(ids[i]), "rule-%02zu", i);
                rules[i] = capability;
                rules[i].id = str_from(ids[i]);
                view[i] = &rules[i];
        }
        t = record_text(&b, view, RULES, MODE_ENFORCE, &machine);
        assert_in_range(t.n, 32 * 1024, 64 * 1024);
        record = json_loadb(t.p, t.n, 0, NULL);
        assert_int_equal(json_array_size(json_object_get(record, "findings")), RULES);
        json_decref(record);
        bench_deinit(&b);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(holds_what_an_auditor_asks_for),
                cmocka_unit_test(keeps_allowed_query_keys_alone_and_of_each_the_first),
                cmocka_unit_test(never_holds_the_target_or_the_body),
                cmocka_unit_test(leaves_empty_values_out),
                cmocka_unit_test(names_no_image_while_a_flaw_stands),
                cmocka_unit_test(an_unknown_operation_is_called_so),
                cmocka_unit_test(tells_unknown_and_audited_findings),
                cmocka_unit_test(foreign_text_is_escaped_and_bounded),
                cmocka_unit_test(evidence_has_its_limit),
                cmocka_unit_test(tells_the_steps),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
