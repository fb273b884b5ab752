/*
 * A test takes the whole road: the call is written as dockerd would write it, read back, and judged by all rules. So a
 * test also sees what the reader makes of a body, and a flaw that silences the rule shows as a failure with its name.
 */
#include "docksill/decide/rule-test.h"

#include "docksill/base/clock.h"
#include "docksill/decide/decide.h"
#include "docksill/engine/engine-state.h"
#include "docksill/engine/host-request.h"
#include "docksill/engine/question.h"
#include "docksill/engine/request-path.h"
#include "docksill/engine/response.h"
#include "docksill/engine/scan.h"
#include <errno.h>

#define TEST_MEMORY ((size_t)16 << 20) /* of one test; a body of a test is small */

static void add_encoded(struct text *t, struct str s) {
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

        text_add_char(t, '"');
        for (size_t i = 0; i < s.n; i += 3) {
                size_t n = s.n - i < 3 ? s.n - i : 3;
                const unsigned char *p = (const unsigned char *)s.p + i;
                uint32_t bits = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);

                text_add_char(t, digits[bits >> 18]);
                text_add_char(t, digits[bits >> 12 & 63]);
                text_add_char(t, n > 1 ? digits[bits >> 6 & 63] : '=');
                text_add_char(t, n > 2 ? digits[bits & 63] : '=');
        }
        text_add_char(t, '"');
}

static bool names_header(const struct rule_test *test, struct str name) {
        for (size_t i = 0; i < test->n_headers; ++i)
                if (str_eq_fold(test->headers[2 * i], name))
                        return true;
        return false;
}

static void add_header(struct text *t, struct str name, struct str value) {
        if (value.n == 0)
                return;
        if (t->p[t->n - 1] != '{')
                text_add_char(t, ',');
        text_add_json(t, name);
        text_add_char(t, ':');
        text_add_json(t, value);
}

/* A client names the length of what it sends, and a method that changes things has a length even without a body. An
 * empty value in the test takes a header away. */
static void add_headers(struct text *t, const struct rule_test *test) {
        static const struct str length = STR("Content-Length"), type = STR("Content-Type");
        bool reads = str_eqz(test->method, "GET") || str_eqz(test->method, "HEAD");

        text_addz(t, ",\"RequestHeaders\":{");
        if ((test->body.p || !reads) && !names_header(test, length)) {
                char digits[24];
                struct text n;

                text_init_fixed(&n, digits, sizeof(digits));
                text_add_int(&n, (int64_t)test->body.n);
                add_header(t, length, text_str(&n));
        }
        if (test->body.p && !names_header(test, type))
                add_header(t, type, STR_C("application/json"));
        for (size_t i = 0; i < test->n_headers; ++i)
                add_header(t, test->headers[2 * i], test->headers[2 * i + 1]);
        text_add_char(t, '}');
}

void rule_test_add_call(struct text *t, const struct rule_test *test) {
        text_addz(t, "{\"RequestMethod\":");
        text_add_json(t, test->method);
        text_addz(t, ",\"RequestUri\":");
        text_add_json(t, test->target);
        if (test->body.n) {
                text_addz(t, ",\"RequestBody\":");
                if (test->encoded)
                        text_add_json(t, test->body);
                else
                        add_encoded(t, test->body);
        }
        add_headers(t, test);
        if (test->response.p) {
                text_addz(t, ",\"ResponseStatusCode\":200,\"ResponseBody\":");
                add_encoded(t, test->response);
        }
        text_add_char(t, '}');
}

static const struct finding *finding_of(const struct decision *d, const struct rule *rule) {
        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].rule == rule)
                        return &d->findings[i];
        return NULL;
}

/* What else is worth knowing: what the finding says, or what kept the rule from being asked. */
static void add_hint(struct text *t, const struct finding *f, const struct request *request) {
        if (f && f->n_evidence) {
                text_addz(t, ": ");
                text_add_visible(t, f->evidence[0].message, 200);
        }
        for (size_t i = 0; i < request->flaws.n; ++i) {
                text_addz(t, i ? ", " : "; the request is flawed: ");
                text_add(t, flaw_name(request->flaws.notes[i].flaw));
                if (request->flaws.notes[i].where.n) {
                        text_addz(t, " at ");
                        text_add_visible(t, request->flaws.notes[i].where, 80);
                }
        }
}

static int report(struct diag *diag, const struct rule *rule, const struct rule_test *test, const char *got,
                  struct str hint, struct arena *arena) {
        struct text name;

        text_init_arena(&name, arena);
        text_add_visible(&name, test->name, 200);
        return diag_error(diag, test->at, DIAG_TEST_FAILED,
                          "rule %" STR_FMT ", test \"%" STR_FMT "\": expected %" STR_FMT ", got %s%" STR_FMT,
                          STR_ARG(rule->id), STR_ARG(text_str(&name)), STR_ARG(severity_name(test->expect)), got,
                          STR_ARG(hint));
}

static const struct rule_test_path *path_of(const struct rule_test *test, struct str path) {
        for (size_t i = 0; i < test->n_paths; ++i)
                if (str_eq(test->paths[i].path, path))
                        return &test->paths[i];
        return NULL;
}

static const struct rule_test_answer *answer_of(const struct rule_test *test, const struct question *q) {
        for (size_t i = 0; i < test->n_answers; ++i) {
                const struct rule_test_answer *a = &test->answers[i];

                if (str_eq(a->kind, question_kind_name(q->kind)) && (!a->name.p || str_eq(a->name, q->name)))
                        return a;
        }
        return NULL;
}

/* Answers as the engine would; what the test is silent about is not there. */
static void ask(const struct rule_test *test, struct request *request, struct arena *arena) {
        struct questions questions = { 0 };

        request->reaches = request->history = request->attested = true;
        questions_of(&questions, request, arena);
        for (size_t i = 0; i < questions.n; ++i) {
                const struct rule_test_answer *told = answer_of(test, &questions.items[i]);
                enum answer answer = !told ? ANSWER_MISSING : told->json.p ? ANSWER_TOLD : ANSWER_NONE;

                question_answer(request, arena, &questions, i, answer, told ? told->json : (struct str){ 0 });
        }
}

static bool is_socket(const struct rule_test *test, struct str path) {
        return str_is_among(path, test->sockets, test->n_sockets);
}

/* Answers as the host would; what the test is silent about is no link and no socket. Returns 0 or -ENOMEM. */
static int follow(const struct rule_test *test, struct request *request, struct arena *arena) {
        struct request_path *paths = NULL;
        size_t n = 0;
        int r = request_paths(request, arena, &paths, &n);

        for (size_t i = 0; r == 0 && i < n; ++i) {
                const struct rule_test_path *told = path_of(test, paths[i].path);

                if (told && !told->leads.p)
                        request_path_mark_unknown(&paths[i]);
                else
                        r = request_path_resolved(&paths[i], arena, told ? told->leads : paths[i].path,
                                                  is_socket(test, told ? told->leads : paths[i].path));
        }
        return r;
}

/* As a helper would have found it. Returns 0, -EINVAL (it is no report) or -ENOMEM. */
static int tell_report(const struct rule_test *test, struct request *request, struct arena *arena) {
        const int64_t now = request->now ? request->now : clock_wall();
        const struct scan_filter nothing = { 0 };
        struct scan_report report = { 0 };
        struct scan scan;
        int r;

        if (scan_report_read(&report, arena, test->report))
                return -EINVAL;
        r = scan_sum(&scan, arena, &report, &nothing, now);
        return r < 0 ? r : request_scan_tell(request, arena, &scan);
}

/* Where a report would be looked for at all. */
static int look_for_report(const struct rule_test *test, struct request *request, struct arena *arena) {
        struct scan_keys keys;

        request_scan_keys(&keys, request);
        if (keys.n == 0)
                return 0;
        switch (test->scan) {
        case RULE_TEST_SCAN_NONE: return request_scan_tell(request, arena, NULL);
        case RULE_TEST_SCAN_REPORT: return tell_report(test, request, arena);
        case RULE_TEST_SCAN_UNKNOWN: request_scan_mark_unknown(request); return 0;
        default: return 0;
        }
}

/* Tells what the server would have learned from an answer to GET /info. Returns 0 or -ENOMEM. */
static int learn(const struct rule_test *test, struct request *request, struct arena *arena) {
        const struct rule_test asked = { .method = STR_C("GET"), .target = STR_C("/info"), .response = test->info };
        struct engine_state *learned = ARENA_ARRAY(arena, struct engine_state, 1);
        struct request info;
        struct text call;

        text_init_arena(&call, arena);
        rule_test_add_call(&call, &asked);
        if (!learned || call.failed || response_read(&info, arena, text_str(&call)) != ENVELOPE_READ)
                return -ENOMEM;
        engine_state_take(learned, &info, 1);
        engine_state_tell(learned, request);
        engine_folders_mark(&learned->folders, request);
        host_size_tell(&learned->size, request);
        return 0;
}

/* Asks the engine first: what it says may bring paths of the host along. Returns 0 or -ENOMEM. */
static int look_up(const struct rule_test *test, struct request *request, struct arena *arena) {
        int r;

        if (!test->looked_up)
                return 0;
        ask(test, request, arena);
        r = look_for_report(test, request, arena);
        if (r == 0)
                r = follow(test, request, arena);
        return r < 0 || !test->info.p ? r : learn(test, request, arena);
}

static void find_on_host(struct request *out, const struct rule_test *test) {
        host_request_init(out);
        for (size_t i = 0; i < test->n_found; ++i)
                memcpy((char *)&out->facts + test->found[i].fact->at, test->found[i].cell, test->found[i].size);
}

int rule_test_read(struct request *out, const struct rule_test *test, struct arena *arena,
                   enum envelope_refusal *refusal) {
        struct text call;

        *refusal = ENVELOPE_READ;
        if (test->of_host) {
                find_on_host(out, test);
                return 0;
        }

        text_init_arena(&call, arena);
        rule_test_add_call(&call, test);
        if (call.failed)
                return -ENOMEM;
        *refusal = test->response.p ? response_read(out, arena, text_str(&call))
                                    : request_read(out, arena, text_str(&call));
        if (*refusal != ENVELOPE_READ)
                return -EINVAL;
        out->now = test->today;
        return look_up(test, out, arena);
}

/* Returns whether it came out as expected. */
static bool run(const struct ruleset *rules, const struct rule *rule, const struct rule_test *test, struct diag *diag,
                struct arena *arena) {
        enum envelope_refusal refusal;
        const struct finding *finding;
        struct request request;
        struct decision decision;
        enum severity got;
        struct text hint;
        int r = rule_test_read(&request, test, arena, &refusal);

        if (r == -EINVAL)
                report(diag, rule, test, "no request: ", str_from(envelope_refusal_text(refusal)), arena);
        else if (r < 0)
                report(diag, rule, test, "a full memory", (struct str){ 0 }, arena);
        if (r < 0)
                return false;
        decide(&decision, rules, &request, MODE_ENFORCE, arena);
        finding = finding_of(&decision, rule);
        got = finding ? finding->severity : SEVERITY_NONE;
        if (got == test->expect && !decision.incomplete)
                return true;
        text_init_arena(&hint, arena);
        add_hint(&hint, finding, &request);
        report(diag, rule, test, decision.incomplete ? "a full memory" : severity_name(got).p, text_str(&hint), arena);
        return false;
}

/* A rule without a firing test may never fire, one without a quiet test may always fire: nobody would notice. */
static void check_both_kinds(const struct rule *rule, struct diag *diag) {
        bool firing = false, quiet = false;

        for (size_t i = 0; i < rule->n_tests; ++i) {
                firing = firing || rule->tests[i].expect != SEVERITY_NONE;
                quiet = quiet || rule->tests[i].expect == SEVERITY_NONE;
        }
        if (!firing)
                diag_error(diag, rule->at, DIAG_TEST_MISSING, "rule %" STR_FMT " has no test that expects it to fire",
                           STR_ARG(rule->id));
        if (!quiet)
                diag_error(diag, rule->at, DIAG_TEST_MISSING, "rule %" STR_FMT " has no test with expect: none",
                           STR_ARG(rule->id));
}

int rule_tests_run(struct rule_test_result *out, const struct ruleset *rules, struct diag *diag) {
        struct rule_view view = ruleset_rules(rules);
        struct rule_test_result result = { 0 };
        struct arena arena;

        arena_init(&arena, TEST_MEMORY);
        for (size_t i = 0; i < view.n; ++i) {
                const struct rule *rule = view.items[i];

                check_both_kinds(rule, diag);
                for (size_t j = 0; j < rule->n_tests; ++j) {
                        if (rule->tests[j].skipped)
                                ++result.skipped;
                        else if (run(rules, rule, &rule->tests[j], diag, &arena))
                                ++result.passed;
                        else
                                ++result.failed;
                        arena_reset(&arena);
                }
        }
        arena_deinit(&arena);
        *out = result;
        return 0;
}
