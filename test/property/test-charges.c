/*
 * One fact is charged once: no two findings stand on the same place of a request with the same remedy. Whoever does
 * what one of them says would lift both, so the second one would count what the first one has counted already.
 *
 * Requests: generated ones, everyday bodies, recorded ones and attacks, and the bodies of the rules' own tests.
 */
#include "bodies.h"
#include <stdio.h>

#define ROUNDS 3000 /* recipes */

/* Two rules for one place and one remedy that count two things all the same. */
static const struct {
        const char *rule, *other;
} apart[] = {
        /* What a path or device is, and that the site has not listed it: the list lifts the second one alone. */
        { "host-path-unlisted", "sensitive-host-mount" },
        { "host-path-unlisted", "host-bind-mount" },
        { "device-unlisted", "device-exposed" },
        /* A folder above both sockets opens two ways. */
        { "runtime-socket-mount", "self-protection" },
        /* --read-only needs a --tmpfs /tmp beside it; the one that is there may be too permissive. */
        { "rootfs-writable", "tmpfs-permissive" },
        /* What is added back to no capability is harmless beside no-new-privileges alone. */
        { "capabilities-not-dropped", "no-new-privileges-missing" },
};
enum { APART = ARRAY_SIZE(apart) };

struct bench {
        struct road road;
        struct judged judged;
        size_t pairs; /* of findings that were held against each other */
        bool met[APART];
};

static int open_bench(void **state) {
        static struct bench bench; /* cmocka's state outlives this function */

        road_open(&bench.road);
        judged_init(&bench.judged);
        *state = &bench;
        return 0;
}

static int close_bench(void **state) {
        struct bench *b = *state;

        judged_deinit(&b->judged);
        road_close(&b->road);
        return 0;
}

static bool are_apart(struct bench *b, const struct rule *f, const struct rule *g) {
        for (size_t i = 0; i < APART; ++i) {
                const char *rule = apart[i].rule, *other = apart[i].other;

                if ((str_eqz(f->id, rule) && str_eqz(g->id, other)) ||
                    (str_eqz(g->id, rule) && str_eqz(f->id, other))) {
                        b->met[i] = true;
                        return true;
                }
        }
        return false;
}

static struct str filled(struct judged *j, const struct evidence *e, const struct template *template) {
        struct scope scope = { .facts = &j->request.facts, .element = e->element, .spelling = e->spelling };
        struct text t;

        text_init_arena(&t, &j->arena);
        if (template && (e->element || !template_of_element(template)))
                template_add(&t, template, &scope);
        assert_false(t.failed);
        return text_str(&t);
}

/* What the refused person is told to do first about one instance: "use a named volume" of "use a named volume; add
 * :ro". */
static struct str remedy_of(struct judged *j, const struct evidence *e) {
        struct str all = filled(j, e, e->cause->fix->cli), rest = all, first = str_cut(&rest, ';');

        all = first;
        return str_cut(&all, ',');
}

static bool is_one_place(struct judged *j, const struct evidence *a, const struct evidence *b) {
        struct str remedy = remedy_of(j, a);

        return remedy.n && a->element == b->element && str_eq(a->where, b->where) && str_eq(remedy, remedy_of(j, b));
}

/* A flag that lifts both, whatever place each names. */
static bool is_one_flag(struct judged *j, const struct evidence *a, const struct evidence *b) {
        for (size_t i = 0; i < a->cause->fix->n_flags; ++i)
                for (size_t k = 0; k < b->cause->fix->n_flags; ++k)
                        if (str_eq(filled(j, a, a->cause->fix->flags[i]), filled(j, b, b->cause->fix->flags[k])))
                                return true;
        return false;
}

static void hold_apart(struct bench *b, const struct finding *f, const struct finding *g, const char *shown) {
        ++b->pairs;
        for (size_t i = 0; i < f->n_evidence; ++i)
                for (size_t k = 0; k < g->n_evidence; ++k) {
                        const struct evidence *a = &f->evidence[i], *other = &g->evidence[k];
                        struct text t;

                        if (!is_one_place(&b->judged, a, other) && !is_one_flag(&b->judged, a, other))
                                continue;
                        if (are_apart(b, f->rule, g->rule))
                                continue;
                        text_init(&t);
                        text_addf(&t, "%" STR_FMT " and %" STR_FMT " both charge %" STR_FMT ": %" STR_FMT "\n%s",
                                  STR_ARG(f->rule->id), STR_ARG(g->rule->id), STR_ARG(a->where),
                                  STR_ARG(remedy_of(&b->judged, a)), shown);
                        fail_with(&t);
                }
}

/* What judged.decisions hold, in the strictest environment: none charges what it does not. */
static void expect_apart(struct bench *b, const char *shown) {
        const struct decision *d = &b->judged.decisions[LOCKDOWN];

        for (size_t i = 0; i < d->n_findings; ++i)
                for (size_t k = i + 1; k < d->n_findings; ++k) {
                        const struct finding *f = &d->findings[i], *g = &d->findings[k];

                        if (f->points && g->points && f->rule != g->rule)
                                hold_apart(b, f, g, shown);
                }
}

static void generated_bodies(void **state) {
        struct chance chance = { 21 };
        struct bench *b = *state;

        b->pairs = 0;
        for (unsigned round = 0; round < ROUNDS; ++round) {
                cleanup_(text_deinit) struct text shown;
                struct recipe r;

                recipe_any(&r, &chance);
                recipe_judge(&b->judged, &b->road, &r);
                text_init(&shown);
                recipe_say(&shown, &r);
                expect_apart(b, shown.p);
        }
        assert_true(b->pairs > ROUNDS);
}

static void judge_line(const json_t *line, void *context) {
        cleanup_(freep) char *shown = json_dumps(line, JSON_COMPACT);
        struct bench *b = context;

        judge_json(&b->judged, &b->road, "/v1.41/containers/create", json_object_get(line, "body"));
        expect_apart(b, shown);
}

static void everyday_bodies(void **state) {
        assert_true(lines_each("property/examples.jsonl", judge_line, *state) > 10);
}

static void judge_test(struct bench *b, const struct rule *rule, const struct rule_test *test) {
        cleanup_(freep) char *target = strndup(test->target.p, test->target.n);
        struct text shown;
        json_t *body;

        if (test->n_headers || test->body.n == 0 || !str_eqz(test->method, "POST"))
                return;
        body = json_loadb(test->body.p, test->body.n, JSON_REJECT_DUPLICATES, NULL);
        if (!body)
                return;
        assert_non_null(target);
        text_init(&shown);
        text_addf(&shown, "test \"%" STR_FMT "\" of %" STR_FMT, STR_ARG(test->name), STR_ARG(rule->id));
        judge_json(&b->judged, &b->road, target, body);
        expect_apart(b, shown.p);
        text_deinit(&shown);
        json_decref(body);
}

static void bodies_of_the_rules_own_tests(void **state) {
        struct bench *b = *state;
        struct rule_view view = ruleset_rules(b->road.rules[LOCKDOWN]);

        b->pairs = 0;
        for (size_t i = 0; i < view.n; ++i)
                for (size_t j = 0; j < view.items[i]->n_tests; ++j)
                        judge_test(b, view.items[i], &view.items[i]->tests[j]);
        assert_true(b->pairs > view.n);
}

/* An entry that nothing needs would hide the next double charge. */
static void each_exception_is_needed(void **state) {
        struct bench *b = *state;

        for (size_t i = 0; i < APART; ++i)
                if (!b->met[i])
                        fail_msg("%s and %s are never charged for one place", apart[i].rule, apart[i].other);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(bodies_of_the_rules_own_tests),
                cmocka_unit_test(everyday_bodies),
                cmocka_unit_test(generated_bodies),
                cmocka_unit_test(each_exception_is_needed),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
