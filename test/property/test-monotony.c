/*
 * The properties of GUIDANCE 6.2 that make a score one that can be relied on, held against whole requests and the
 * shipped rules. (test/unit/decide/test-monotony.c holds them against invented rules.) A request that breaks one is cut
 * down before it is shown.
 *
 * One thing is no exception but stands beside them: while a flaw stands only rules about flaws are asked,
 * so a flaw may lower the points of what is refused in any case. See a_flaw_refuses_whatever_else_is_asked().
 */
#include "bodies.h"
#include "docksill/decide/decide.h"
#include "shuffle.h"
#include <stdio.h>

#define ROUNDS 1200 /* recipes a property is held against */
#define TRIES  3    /* dangers or hardenings tried on each */

/* Two requests of which the second must not be judged milder. */
struct bench {
        struct road road;
        struct judged before, after;
};

static int open_bench(void **state) {
        static struct bench bench; /* cmocka's state outlives this function */

        road_open(&bench.road);
        judged_init(&bench.before);
        judged_init(&bench.after);
        *state = &bench;
        return 0;
}

static int close_bench(void **state) {
        struct bench *b = *state;

        judged_deinit(&b->before);
        judged_deinit(&b->after);
        road_close(&b->road);
        return 0;
}

/* Fewer points or a softer verdict in some environment; which, if so. */
static bool is_milder(const struct bench *b, size_t *environment) {
        for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                const struct decision *before = &b->before.decisions[i], *after = &b->after.decisions[i];

                *environment = i;
                if (after->points < before->points || after->enforced_points < before->enforced_points ||
                    after->verdict < before->verdict || after->would < before->would)
                        return true;
        }
        return false;
}

/* -- cutting down -- */

/* A change that must not soften. Returns false when it can't be made to this recipe. */
typedef bool (*change_fn)(struct recipe *r, unsigned which);

static bool breaks(struct bench *b, const struct recipe *before, change_fn change, unsigned which) {
        struct recipe after = *before;
        size_t environment;

        if (!change(&after, which))
                return false;
        recipe_judge(&b->before, &b->road, before);
        recipe_judge(&b->after, &b->road, &after);
        return is_milder(b, &environment);
}

/* Leaves out what can be left out while it still breaks. */
static void cut_down(struct bench *b, struct recipe *r, change_fn change, unsigned which) {
        struct recipe smaller;

        for (size_t i = 0; i < hardenings_n; ++i) {
                smaller = *r;
                smaller.settings[i] = LEFT_OUT;
                if (breaks(b, &smaller, change, which))
                        *r = smaller;
        }
        for (size_t i = r->n; i-- > 0;) {
                smaller = *r;
                recipe_remove(&smaller, i);
                if (breaks(b, &smaller, change, which))
                        *r = smaller;
        }
        smaller = *r;
        smaller.form = FORM_SPARSE;
        if (breaks(b, &smaller, change, which))
                *r = smaller;
}

static void fail_cut_down(struct bench *b, struct recipe *before, change_fn change, unsigned which, const char *what) {
        struct text t;
        struct recipe after;
        size_t environment;

        cut_down(b, before, change, which);
        after = *before;
        change(&after, which);
        recipe_judge(&b->before, &b->road, before);
        recipe_judge(&b->after, &b->road, &after);
        is_milder(b, &environment);

        text_init(&t);
        text_addf(&t, "%s is judged milder in %s:\nbefore: ", what, environment_names[environment]);
        recipe_say(&t, before);
        text_addz(&t, "\n        ");
        findings_say(&t, &b->before.decisions[environment]);
        text_addz(&t, "\nafter:  ");
        recipe_say(&t, &after);
        text_addz(&t, "\n        ");
        findings_say(&t, &b->after.decisions[environment]);
        fail_with(&t);
}

/* Holds @change, for TRIES of @n, against one recipe. Returns how many could be made. */
static unsigned hold(struct bench *b, struct recipe *r, change_fn change, unsigned n, struct chance *chance,
                     const char *(*name)(size_t)) {
        unsigned made = 0;

        recipe_judge(&b->before, &b->road, r);
        assert_false(flaws_any(&b->before.request.flaws));
        for (unsigned i = 0; i < TRIES; ++i) {
                unsigned which = chance_below(chance, n);
                struct recipe after = *r;
                size_t environment;

                if (!change(&after, which))
                        continue;
                ++made;
                recipe_judge(&b->after, &b->road, &after);
                if (is_milder(b, &environment))
                        fail_cut_down(b, r, change, which, name(which));
        }
        return made;
}

/* -- the properties -- */

static bool one_danger_more(struct recipe *r, unsigned which) {
        return recipe_add(r, which);
}

static void a_further_danger_never_softens(void **state) {
        struct chance chance = { 1 };
        unsigned made = 0;

        for (unsigned round = 0; round < ROUNDS; ++round) {
                struct recipe r;

                recipe_any(&r, &chance);
                made += hold(*state, &r, one_danger_more, (unsigned)dangers_n, &chance, danger_name);
        }
        assert_true(made > ROUNDS * TRIES / 2); /* else the generator is no good */
}

/* Without the first the second says nothing: a danger that no rule names would be added in silence. */
static void each_danger_is_named_by_its_rule(void **state) {
        struct bench *b = *state;

        for (unsigned form = 0; form < FORMS; ++form)
                for (unsigned i = 0; i < dangers_n; ++i) {
                        const struct finding *f;
                        struct recipe r;

                        if (!danger_rule(i))
                                continue;
                        recipe_hardened(&r, form);
                        assert_true(recipe_add(&r, i));
                        recipe_judge(&b->before, &b->road, &r);
                        f = finding_of(&b->before.decisions[DEVELOPMENT], str_from(danger_rule(i)));
                        if (!f || f->severity == SEVERITY_NONE)
                                fail_msg("%s, number %u, is not named by %s", danger_name(i), i, danger_rule(i));
                }
}

static bool one_hardening_less(struct recipe *r, unsigned which) {
        size_t hardening = which / 2;

        if (r->settings[hardening] != HARDENED || (which % 2 && hardening_is_part(hardening)))
                return false;
        r->settings[hardening] = which % 2 ? LEFT_OUT : SOFT;
        return true;
}

static const char *hardening_name_of_two(size_t which) {
        return hardening_name(which / 2);
}

static void a_hardening_less_never_softens(void **state) {
        struct chance chance = { 2 };
        unsigned made = 0;

        for (unsigned round = 0; round < ROUNDS; ++round) {
                struct recipe r;

                recipe_any(&r, &chance);
                made += hold(*state, &r, one_hardening_less, 2 * (unsigned)hardenings_n, &chance,
                             hardening_name_of_two);
        }
        assert_true(made > ROUNDS * TRIES / 6);
}

/* That a hardening counts at all: softened, it costs something somewhere. */
static void each_hardening_counts(void **state) {
        /* One processor limit of several is enough; these two are the engine's defaults from API 1.41 on. */
        static const char *const spare[] = { "HostConfig.NanoCpus",  "HostConfig.CpusetCpus",   "HostConfig.CpuQuota",
                                             "HostConfig.CpuShares", "HostConfig.CgroupnsMode", "HostConfig.IpcMode" };
        struct bench *b = *state;

        for (size_t i = 0; i < hardenings_n; ++i) {
                struct recipe r;
                bool counts;

                recipe_hardened(&r, FORM_SPARSE);
                recipe_judge(&b->before, &b->road, &r);
                r.settings[i] = SOFT;
                recipe_judge(&b->after, &b->road, &r);
                counts = b->after.decisions[LOCKDOWN].points > b->before.decisions[LOCKDOWN].points ||
                         b->after.decisions[LOCKDOWN].n_findings > b->before.decisions[LOCKDOWN].n_findings;
                for (size_t j = 0; j < ARRAY_SIZE(spare); ++j)
                        counts = counts || strcmp(hardening_name(i), spare[j]) == 0;
                if (!counts)
                        fail_msg("%s makes no difference", hardening_name(i));
        }
}

static void assert_not_milder(const struct decision *d, const struct decision *milder, const struct recipe *r) {
        struct text t;

        if (d->verdict >= milder->verdict && d->would >= milder->would && d->points >= milder->points)
                return;
        text_init(&t);
        text_addz(&t, "milder in the stricter environment: ");
        recipe_say(&t, r);
        fail_with(&t);
}

static void each_environment_is_at_least_as_strict_as_the_one_before(void **state) {
        unsigned verdicts[ENVIRONMENTS][3] = { { 0 } };
        struct chance chance = { 4 };
        struct bench *b = *state;

        for (unsigned round = 0; round < 2 * ROUNDS; ++round) {
                struct recipe r;

                recipe_any(&r, &chance);
                recipe_judge(&b->before, &b->road, &r);
                for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                        ++verdicts[i][b->before.decisions[i].verdict];
                        if (i > 0 && i < ORDERED)
                                assert_not_milder(&b->before.decisions[i], &b->before.decisions[i - 1], &r);
                }
        }
        /* Else the generator is no good: each verdict must come up wherever the limits allow it. */
        for (size_t i = 0; i < ENVIRONMENTS; ++i)
                for (int verdict = VERDICT_ALLOW; verdict <= VERDICT_DENY; ++verdict)
                        if (i != LOCKDOWN || verdict == VERDICT_DENY)
                                assert_true(verdicts[i][verdict] > (i < ORDERED ? ROUNDS / 200 : 0));
}

static void what_development_refuses_workspace_refuses(void **state) {
        unsigned refused = 0, more = 0;
        struct chance chance = { 9 };
        struct bench *b = *state;

        for (unsigned round = 0; round < 4 * ROUNDS; ++round) {
                const struct decision *d = &b->before.decisions[DEVELOPMENT], *w = &b->before.decisions[WORKSPACE];
                struct recipe r;

                recipe_any(&r, &chance);
                recipe_judge(&b->before, &b->road, &r);
                refused += d->would == VERDICT_DENY;
                more += w->would > d->would;
                if (w->would < d->would) {
                        struct text t;

                        text_init(&t);
                        text_addz(&t, "milder in workspace than in development: ");
                        recipe_say(&t, &r);
                        fail_with(&t);
                }
        }
        assert_true(refused > ROUNDS / 20 && more > ROUNDS / 20);
}

static enum severity severity_of(const struct rule *rule, size_t i) {
        return i < rule->n_cases ? rule->cases[i].severity : SEVERITY_NONE;
}

/*
 * By the rules themselves, whatever requests there are: workspace takes no case for less than development does, but for
 * these, and refuses by severity what development refuses by its own. Of a create two of them can say less by 30 points
 * each, so its sum is limited by 60 points less: else many mild findings could pass.
 */
static void workspace_takes_nothing_for_less(void **state) {
        static const struct str milder[] = { STR("build-unjudgeable"), STR("copy-into-container"), STR("port-sensitive"),
                                             STR("secret-literal"), STR("host-path-unlisted") };
        struct bench *b = *state;
        struct rule_view view = ruleset_rules(b->road.rules[DEVELOPMENT]);
        size_t found = 0;

        for (size_t i = 0; i < view.n; ++i) {
                const struct rule *rule = view.items[i], *own = ruleset_rule(b->road.rules[WORKSPACE], rule->id);
                bool less = false;

                assert_non_null(own);
                assert_int_equal(own->n_cases, rule->n_cases);
                for (size_t k = 0; k < rule->n_cases; ++k) {
                        less = less || severity_of(own, k) < severity_of(rule, k);
                        assert_true(own->cases[k].hard >= rule->cases[k].hard);
                }
                if (less != str_is_among(rule->id, milder, ARRAY_SIZE(milder)))
                        fail_msg("%" STR_FMT " is %s in workspace", STR_ARG(rule->id), less ? "milder" : "no milder");
                found += less;
        }
        assert_int_equal(found, ARRAY_SIZE(milder));
        assert_true(ruleset_limits(b->road.rules[WORKSPACE])->deny_points + 60 <=
                    ruleset_limits(b->road.rules[DEVELOPMENT])->deny_points);
}

/* What production refuses because an allow-list is empty costs the host here as much. */
static void workspace_lets_in_by_name_what_production_does(void **state) {
        struct bench *b = *state;
        struct rule_view view = ruleset_rules(b->road.rules[PRODUCTION]);
        unsigned raised = 0;

        for (size_t i = 0; i < view.n; ++i) {
                const struct rule *rule = view.items[i];
                const struct rule *mild = ruleset_rule(b->road.rules[STAGING], rule->id),
                                  *own = ruleset_rule(b->road.rules[WORKSPACE], rule->id);

                if (str_eqz(rule->id, "host-path-unlisted"))
                        own = ruleset_rule(b->road.rules[WORKSPACE], STR_C("outside-workspace"));
                for (size_t k = 0; k < rule->n_cases; ++k) {
                        if (severity_of(rule, k) < SEVERITY_HIGH || severity_of(mild, k) >= SEVERITY_HIGH)
                                continue;
                        ++raised;
                        if (severity_of(own, k < own->n_cases ? k : 0) < SEVERITY_HIGH)
                                fail_msg("%" STR_FMT " refuses in production, and not in workspace",
                                         STR_ARG(rule->id));
                }
        }
        assert_true(raised > 10);
}

static bool same_findings(const struct decision *a, const struct decision *b) {
        bool same = a->n_findings == b->n_findings && a->points == b->points && a->verdict == b->verdict &&
                    a->would == b->would && a->gate == b->gate && a->unknown == b->unknown;

        for (size_t i = 0; same && i < a->n_findings; ++i) {
                const struct finding *x = &a->findings[i], *y = &b->findings[i];

                same = x->rule == y->rule && x->severity == y->severity && x->points == y->points &&
                       x->hard == y->hard && x->unknown == y->unknown && x->instances == y->instances;
        }
        return same;
}

static void the_order_of_keys_and_entries_is_irrelevant(void **state) {
        struct chance chance = { 5 };
        struct bench *b = *state;

        for (unsigned round = 0; round < ROUNDS; ++round) {
                json_t *body, *shuffled;
                struct recipe r;

                recipe_any(&r, &chance);
                for (unsigned i = 0; i < 4; ++i)
                        recipe_add(&r, chance_below(&chance, (unsigned)dangers_n));
                body = recipe_body(&r);
                shuffled = json_shuffled(body, &chance);
                judge_json(&b->before, &b->road, r.target, body);
                judge_json(&b->after, &b->road, r.target, shuffled);
                for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                        struct text t;

                        if (same_findings(&b->before.decisions[i], &b->after.decisions[i]))
                                continue;
                        text_init(&t);
                        text_addf(&t, "POST %s is not judged alike in %s:\n%s\n%s", r.target, environment_names[i],
                                  json_dumps(body, JSON_COMPACT), json_dumps(shuffled, JSON_COMPACT));
                        fail_with(&t);
                }
                json_decref(body);
                json_decref(shuffled);
        }
}

/* A shuffled list must be another one now and then, or nothing was tested. */
static void shuffling_moves_what_may_move_and_nothing_else(void **state) {
        const char *text = "{\"HostConfig\":{\"CapAdd\":[\"A\",\"B\",\"C\"],\"SecurityOpt\":[\"a=1\",\"b\",\"a:2\"]},"
                           "\"Cmd\":[\"x\",\"y\",\"z\"]}";
        json_t *body = json_loads(text, 0, NULL);
        unsigned moved = 0, options_moved = 0;
        struct chance chance = { 6 };

        (void)state;
        for (unsigned round = 0; round < 200; ++round) {
                json_t *shuffled = json_shuffled(body, &chance);
                json_t *host_config = json_object_get(shuffled, "HostConfig");
                json_t *options = json_object_get(host_config, "SecurityOpt");
                size_t first = 3, second = 3;

                moved += !json_equal(json_object_get(host_config, "CapAdd"),
                                     json_object_get(json_object_get(body, "HostConfig"), "CapAdd"));
                options_moved += strcmp(json_string_value(json_array_get(options, 1)), "b") != 0;
                assert_true(json_equal(json_object_get(shuffled, "Cmd"), json_object_get(body, "Cmd")));
                for (size_t i = 0; i < 3; ++i) {
                        const char *option = json_string_value(json_array_get(options, i));

                        first = strcmp(option, "a=1") == 0 ? i : first;
                        second = strcmp(option, "a:2") == 0 ? i : second;
                }
                assert_true(first < second && second < 3);
                json_decref(shuffled);
        }
        json_decref(body);
        assert_in_range(moved, 100, 199);
        assert_in_range(options_moved, 80, 180);
}

/* -- a severity raised by a site -- */

static enum severity worst_of(const struct rule *rule) {
        enum severity worst = SEVERITY_NONE;

        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].severity > worst)
                        worst = rule->cases[i].severity;
        return worst;
}

/* Production, but for one rule. */
static struct ruleset *raised(const char *folder, struct str rule, enum severity severity) {
        char path[256];
        struct ruleset *rules;
        FILE *f;

        snprintf(path, sizeof(path), "%s/raised.yaml", folder);
        f = fopen(path, "w");
        assert_non_null(f);
        fprintf(f,
                "docksill: v1\nkind: environment\nname: raised\nextends: production\n"
                "override:\n  - {rule: %" STR_FMT ", severity: %s}\n",
                STR_ARG(rule), severity_name(severity).p);
        assert_int_equal(fclose(f), 0);
        rules = rules_load(path);
        unlink(path);
        return rules;
}

#define SAMPLE 40

/* All of @sample, judged by @rules, none milder than it was. Returns how many were judged harder. */
static unsigned hold_raised(struct bench *b, const struct recipe *sample, const struct ruleset *rules,
                            const struct rule *rule) {
        unsigned harder = 0;

        for (size_t i = 0; i < SAMPLE; ++i) {
                const struct decision *before = &b->before.decisions[PRODUCTION];
                struct decision after;

                recipe_judge(&b->before, &b->road, &sample[i]);
                decide(&after, rules, &b->before.request, MODE_ENFORCE, &b->before.arena);
                if (after.points < before->points || after.verdict < before->verdict || after.would < before->would) {
                        struct text t;

                        text_init(&t);
                        text_addf(&t, "with %" STR_FMT " raised this is judged milder: ", STR_ARG(rule->id));
                        recipe_say(&t, &sample[i]);
                        fail_with(&t);
                }
                harder += after.points > before->points;
        }
        return harder;
}

static void a_severity_that_a_site_raises_never_softens(void **state) {
        char folder[] = "/tmp/docksill-property.XXXXXX";
        struct recipe sample[SAMPLE];
        struct chance chance = { 3 };
        struct bench *b = *state;
        struct rule_view view = ruleset_rules(b->road.rules[PRODUCTION]);
        unsigned harder = 0, rules_raised = 0;

        assert_non_null(mkdtemp(folder));
        for (size_t i = 0; i < SAMPLE; ++i) {
                recipe_any(&sample[i], &chance);
                while (sample[i].n < DANGERS_MOST / 2)
                        recipe_add(&sample[i], chance_below(&chance, (unsigned)dangers_n));
        }
        for (size_t i = 0; i < view.n; ++i) {
                const struct rule *rule = view.items[i];
                enum severity worst = worst_of(rule), raise;
                struct ruleset *rules;

                /* Rules about flaws are critical, and others' requests are not made here. A rule that has milder cases
                 * besides critical ones can still be raised: to critical throughout. What protects docksill can't be. */
                if (str_starts(rule->id, STR_C("self-protection")))
                        continue;
                if (!(rule->uses & ~(GROUP_REQUEST | GROUP_DAEMON | GROUP_EXEC)) || chance_below(&chance, 2))
                        continue;
                raise = worst + chance_below(&chance, SEVERITY_CRITICAL - worst + 1);
                rules = raised(folder, rule->id, raise);
                harder += hold_raised(b, sample, rules, rule);
                ++rules_raised;
                ruleset_unref(rules);
        }
        rmdir(folder);
        assert_true(rules_raised > 20);
        assert_true(harder > rules_raised);
}

/* -- flaws -- */

/* What can't be read exactly is refused, in every environment, by a hard rule. Its points may be fewer than those of
 * the request without the flaw: nothing of what that asks for is known for sure any more. */
static void a_flaw_refuses_whatever_else_is_asked(void **state) {
        static const char *const flaws[] = {
                "{\"HostConfig\":{},",   /* twice */
                "{\"hostConfig\":null,", /* twice, folded */
                "{\"Privileged\":true,", /* where old engines look for it too */
                "{\"Tty\":\"yes\",",     /* another type */
                "{\"Hostname\":\"\xff\",",
        };
        struct chance chance = { 7 };
        struct bench *b = *state;

        for (unsigned round = 0; round < ROUNDS / 4; ++round) {
                cleanup_(text_deinit) struct text flawed;
                struct recipe r;
                json_t *body;
                char *text;

                recipe_any(&r, &chance);
                body = recipe_body(&r);
                json_object_set_new(body, "HostConfig", json_deep_copy(json_object_get(body, "HostConfig")));
                if (!json_object_get(body, "HostConfig"))
                        json_object_set_new(body, "HostConfig", json_object());
                json_object_del(body, "Hostname");
                json_object_del(body, "Tty");
                text = json_dumps(body, JSON_COMPACT);
                text_init(&flawed);
                text_addz(&flawed, flaws[round % ARRAY_SIZE(flaws)]);
                text_addz(&flawed, text + 1);
                judge_body(&b->after, &b->road, r.target, text_str(&flawed));
                for (size_t i = 0; i < ENVIRONMENTS; ++i)
                        if (b->after.decisions[i].gate != GATE_HARD)
                                fail_msg("not refused in %s: %" STR_FMT, environment_names[i],
                                         STR_ARG(text_str(&flawed)));
                free(text);
                json_decref(body);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_danger_is_named_by_its_rule),
                cmocka_unit_test(each_hardening_counts),
                cmocka_unit_test(a_further_danger_never_softens),
                cmocka_unit_test(a_hardening_less_never_softens),
                cmocka_unit_test(a_severity_that_a_site_raises_never_softens),
                cmocka_unit_test(each_environment_is_at_least_as_strict_as_the_one_before),
                cmocka_unit_test(what_development_refuses_workspace_refuses),
                cmocka_unit_test(workspace_takes_nothing_for_less),
                cmocka_unit_test(workspace_lets_in_by_name_what_production_does),
                cmocka_unit_test(shuffling_moves_what_may_move_and_nothing_else),
                cmocka_unit_test(the_order_of_keys_and_entries_is_irrelevant),
                cmocka_unit_test(a_flaw_refuses_whatever_else_is_asked),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
