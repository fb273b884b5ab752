/*
 * A masked call is found guilty of exactly what the call itself is, and holds none of its secrets: for each call of the
 * corpora, each test in the rules, and bodies that are made up.
 */
#include "bodies.h"
#include "docksill/decide/rule-test.h"
#include "docksill/record/mask.h"
#include "docksill/rules/search.h"
#include <errno.h>

#define MADE_UP 400

struct masks {
        struct road road;
        struct masker *masker;
        struct search *names, *credential;
        struct arena arena;
        size_t masked, unreadable, secrets;
        const char *file;
};

static int setup(void **state) {
        struct masks *m = calloc(1, sizeof(*m));
        const struct ruleset *rules;

        road_open(&m->road);
        rules = m->road.rules[LOCKDOWN];
        arena_init(&m->arena, MASK_MEMORY);
        if (masker_new(&m->masker, rules) < 0 || search_new(&m->names, rules, STR_C("secret-name")) < 0 ||
            search_new(&m->credential, rules, STR_C("credential")) < 0 || !m->names || !m->credential)
                return -1;
        *state = m;
        return 0;
}

static int teardown(void **state) {
        struct masks *m = *state;

        search_free(m->names);
        search_free(m->credential);
        masker_free(m->masker);
        arena_deinit(&m->arena);
        road_close(&m->road);
        free(m);
        return 0;
}

/* -- the same findings -- */

static void add_findings(struct text *t, const struct decision *d) {
        text_addf(t, "%" STR_FMT " %u:", STR_ARG(verdict_name(d->would)), d->points);
        for (size_t i = 0; i < d->n_findings; ++i)
                text_addf(t, " %" STR_FMT "/%" STR_FMT "%s%s", STR_ARG(d->findings[i].rule->id),
                          STR_ARG(severity_name(d->findings[i].severity)), d->findings[i].hard ? "/hard" : "",
                          d->findings[i].unknown ? "/unknown" : "");
}

static void fail_about(struct str call, struct str masked, const char *what, struct str more) {
        struct text t;

        text_init(&t);
        text_addf(&t, "%s %" STR_FMT "\ncall   %" STR_FMT "\nmasked %" STR_FMT "\n", what, STR_ARG(more), STR_ARG(call),
                  STR_ARG(masked));
        fail_with(&t);
}

static void assert_same(struct str call, struct str masked, const struct judged *before, const struct judged *after) {
        for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                struct text was, is;

                text_init(&was);
                text_init(&is);
                add_findings(&was, &before->decisions[i]);
                add_findings(&is, &after->decisions[i]);
                if (!str_eq(text_str(&was), text_str(&is))) {
                        text_addz(&was, "\nbut now ");
                        text_add(&was, text_str(&is));
                        fail_about(call, masked, environment_names[i], text_str(&was));
                }
                text_deinit(&was);
                text_deinit(&is);
        }
}

/* -- no secret -- */

/* A word that may stand anywhere is no secret to be looked for. */
static bool tells(struct str s) {
        size_t digits = 0;

        for (size_t i = 0; i < s.n; ++i)
                digits += ascii_digit(s.p[i]);
        return s.n >= 8 && digits > 0 && digits < s.n;
}

static bool holds(const struct judged *j, struct str masked, struct str secret) {
        return str_search(j->request.body, secret) < j->request.body.n || str_search(masked, secret) < masked.n;
}

static void assert_gone(struct masks *m, struct str call, struct str masked, const struct judged *after,
                        struct str secret) {
        ++m->secrets;
        if (tells(secret) && holds(after, masked, secret))
                fail_about(call, masked, "still holds", secret);
}

static struct str value_of(const struct judged *j, size_t i) {
        return ((const struct variable_fact *)j->request.facts.variables.items + i)->value.value;
}

static void assert_no_variable(struct masks *m, struct str call, struct str masked, const struct judged *before,
                               const struct judged *after) {
        assert_int_equal(before->request.facts.variables.n, after->request.facts.variables.n);
        for (size_t i = 0; i < before->request.facts.variables.n; ++i) {
                const struct variable_fact *v = (const struct variable_fact *)before->request.facts.variables.items + i;
                struct str name = v->name.value, value = v->value.value;
                size_t start, end;

                if (value.n == 0 || !search_find(m->names, name, &start, &end) || str_eqz(name, "PWD") ||
                    str_ends(name, STR_C("_FILE")) || str_ends(name, STR_C("_PATH")) ||
                    str_search(value, STR_C("$")) < value.n || str_search(value, STR_C("masked")) < value.n)
                        continue;
                if (str_eq(value, value_of(after, i)))
                        fail_about(call, masked, "still the value of", name);
                assert_gone(m, call, masked, after, value);
        }
}

/* What differs between two words, which are to be as long. */
static void assert_no_credential(struct masks *m, struct str call, struct str masked, const struct judged *before,
                                 const struct judged *after) {
        assert_int_equal(before->request.facts.texts.n, after->request.facts.texts.n);
        for (size_t i = 0; i < before->request.facts.texts.n; ++i) {
                struct str text = ((const struct text_fact *)before->request.facts.texts.items + i)->text.value;
                size_t start, end;

                while (search_find(m->credential, text, &start, &end)) {
                        struct str match = str_first(str_skip(text, start), end - start);

                        if (match.n > 12 && !str_starts(match, STR_C("-----BEGIN")))
                                assert_gone(m, call, masked, after, match);
                        text = str_skip(text, end > start ? end : end + 1);
                }
        }
}

static void check(struct masks *m, struct str call) {
        struct judged before, after;
        struct str masked;
        int r;

        arena_reset(&m->arena);
        r = mask_call(m->masker, &masked, &m->arena, call);
        judged_init(&before);
        judge_call(&before, &m->road, call);
        if (r == -EINVAL && flaws_have(&before.request.flaws, FLAW_ENVELOPE)) {
                ++m->unreadable;
                judged_deinit(&before);
                return;
        }
        if (r < 0)
                fail_about(call, STR_C(""), "can't be masked", STR_C(""));
        judged_init(&after);
        judge_call(&after, &m->road, masked);
        assert_same(call, masked, &before, &after);
        if (!flaws_any(&before.request.flaws)) {
                assert_no_variable(m, call, masked, &before, &after);
                assert_no_credential(m, call, masked, &before, &after);
        }
        ++m->masked;
        judged_deinit(&before);
        judged_deinit(&after);
}

/* -- the calls -- */

static void check_line(const json_t *line, void *context) {
        const json_t *envelope = json_object_get(line, "envelope");
        struct masks *m = context;
        struct arena scratch;
        struct request request;
        char *call;

        if (!json_is_object(envelope) || json_object_get(envelope, "ResponseStatusCode"))
                return;
        call = json_dumps(envelope, JSON_COMPACT | JSON_PRESERVE_ORDER);
        assert_non_null(call);
        arena_init(&scratch, 16 << 20);
        if (request_read(&request, &scratch, str_from(call)) == ENVELOPE_READ)
                check(m, str_from(call));
        arena_deinit(&scratch);
        free(call);
}

static void calls_of_the_corpora(void **state) {
        static const char *const files[] = { "corpus/public.jsonl", "corpus/doors.jsonl", "corpus/recorded.jsonl",
                                             "corpus/clients.jsonl" };
        struct masks *m = *state;

        for (size_t i = 0; i < ARRAY_SIZE(files); ++i)
                assert_true(lines_each(files[i], check_line, m) > 0);
        assert_true(m->masked > 400);
}

static void tests_of_the_rules(void **state) {
        struct masks *m = *state;
        struct rule_view rules = ruleset_rules(m->road.rules[LOCKDOWN]);
        size_t masked = m->masked;

        for (size_t i = 0; i < rules.n; ++i)
                for (size_t k = 0; k < rules.items[i]->n_tests; ++k) {
                        const struct rule_test *test = &rules.items[i]->tests[k];
                        struct text call;

                        if (test->response.p || test->skipped)
                                continue;
                        text_init(&call);
                        rule_test_add_call(&call, test);
                        check(m, text_str(&call));
                        text_deinit(&call);
                }
        assert_true(m->masked - masked > 1000);
        assert_true(m->secrets > 10);
}

static void bodies_that_are_made_up(void **state) {
        struct masks *m = *state;
        struct chance chance = { 11 };

        for (size_t i = 0; i < MADE_UP; ++i) {
                struct recipe recipe;
                struct judged j;

                recipe_any(&recipe, &chance);
                judged_init(&j);
                recipe_judge(&j, &m->road, &recipe);
                check(m, text_str(&j.call));
                judged_deinit(&j);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(calls_of_the_corpora),
                cmocka_unit_test(tests_of_the_rules),
                cmocka_unit_test(bodies_that_are_made_up),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
