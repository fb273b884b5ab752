/*
 * A remedy lifts what it says it lifts, in whosever words it is told: flags of docker run and docker service as their
 * clients add them, keys of a compose file as compose translates them, members of a body as they stand. What is read in
 * a refusal is taken from its text, added to the body, and the body is judged again.
 *
 * Requests: the creates and services of test/corpus, the worked examples, and the bodies of the rules' own tests; each in
 * every environment that refuses it.
 */
#include "words.h"
#include "client.h"
#include "docksill/decide/explain-flags.h"
#include "docksill/decide/explain.h"
#include "docksill/decide/gate.h"
#include "docksill/decide/remedy.h"
#include "docksill/engine/operation.h"
#include "road.h"
#include <stdio.h>

struct bench {
        struct road road;
        struct judged before, after;
        size_t told[EXPLAIN_API + 1][2]; /* remedies that were tried, of containers and of services */
        size_t long_ones, refusals;      /* refusals of more lines or columns than wanted, and all of them */
};

/* A request that is refused in one environment, told in one kind of words. */
struct patient {
        const char *target;
        const json_t *body;
        size_t environment;
        enum explain_words words;
        bool service;
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

static void fail_patient(const struct patient *p, struct str refusal, struct str rule, const char *what) {
        cleanup_(freep) char *body = json_dumps(p->body, JSON_COMPACT);
        struct text t;

        text_init(&t);
        text_addf(&t, "%" STR_FMT " %s in %s\nPOST %s %s\n%" STR_FMT, STR_ARG(rule), what, environment_names[p->environment],
                  p->target, body, STR_ARG(refusal));
        fail_with(&t);
}

/* -- what is read -- */

/* The lines behind a line that begins with one of @labels and ends there, as far as they are indented. */
static struct str block_behind(struct str refusal, struct str label) {
        size_t at = str_search(refusal, label), n = 0;
        struct str rest = str_skip(refusal, at + label.n);

        if (at == refusal.n)
                return (struct str){ 0 };
        while (str_starts(str_skip(rest, n), STR_C("  ")))
                n += str_find(str_skip(rest, n), '\n') + 1;
        return str_first(rest, n);
}

static struct str line_behind(struct str refusal, struct str label) {
        size_t at = str_search(refusal, label);
        struct str rest = str_skip(refusal, at + label.n);

        return at == refusal.n ? (struct str){ 0 } : str_trim(str_first(rest, str_find(rest, '\n')));
}

static struct str remedy_in(struct str refusal, enum explain_words words) {
        static const struct {
                struct str first, then;
        } labels[] = {
                [EXPLAIN_FLAGS] = { STR("\nAdd: "), STR("\nThen: ") },
                [EXPLAIN_COMPOSE] = { STR("\nAdd under the service:\n"), STR("\nThen add under the service:\n") },
                [EXPLAIN_API] = { STR("\nAdd to the body:\n"), STR("\nThen add to the body:\n") },
        };
        struct str read;

        if (words == EXPLAIN_FLAGS) {
                read = line_behind(refusal, labels[words].first);
                return read.p ? read : line_behind(refusal, labels[words].then);
        }
        read = block_behind(refusal, labels[words].first);
        return read.p ? read : block_behind(refusal, labels[words].then);
}

static void add_remedy(json_t *body, const struct patient *p, struct str remedy) {
        if (p->words == EXPLAIN_COMPOSE)
                words_add_compose(body, remedy);
        else if (p->words == EXPLAIN_API)
                words_add_members(body, remedy);
        else if (p->service)
                client_add_service(body, remedy);
        else
                client_add(body, remedy);
}

/* -- what it lifts -- */

static bool is_chosen(const struct flags *chosen, struct str flag) {
        for (size_t i = 0; i < chosen->n; ++i)
                if (str_eq(chosen->items[i], flag))
                        return true;
        /* Left out beside a user. */
        return flag_steps_down(flag);
}

/* Do the flags of the remedy lift all of it? */
static bool is_promised(struct bench *b, const struct patient *p, const struct finding *f, const struct remedy *remedy) {
        const struct decision *before = &b->before.decisions[p->environment];
        const struct decision only = { .rules = before->rules, .findings = (struct finding *)(uintptr_t)f, .n_findings = 1 };
        struct flags flags;

        if (f->instances != f->n_evidence)
                return false;
        for (size_t i = 0; i < f->n_evidence; ++i)
                if (!explain_flags_serve(&f->evidence[i], &b->before.request))
                        return false;
        assert_int_equal(explain_flags(&flags, &only, NULL, &b->before.request, &b->before.arena), 0);
        for (size_t i = 0; i < flags.n; ++i)
                if (!is_chosen(&remedy->flags, flags.items[i]))
                        return false;
        return flags.n > 0;
}

static bool is_milder(const struct finding *after, const struct finding *before) {
        return !after || after->severity < before->severity;
}

static void assert_lifted(struct bench *b, const struct patient *p, const struct remedy *remedy, struct str refusal) {
        const struct decision *before = &b->before.decisions[p->environment];
        const struct decision *after = &b->after.decisions[p->environment];

        if (flaws_any(&b->after.request.flaws))
                fail_patient(p, refusal, STR_C("a flaw"), "came with it");
        for (size_t i = 0; i < before->n_findings; ++i) {
                const struct finding *f = &before->findings[i];

                if (is_promised(b, p, f, remedy) && !is_milder(finding_of(after, f->rule->id), f))
                        fail_patient(p, refusal, f->rule->id, "is still there");
        }
        for (size_t i = 0; i < after->n_findings; ++i)
                if (gate_bars(&after->findings[i], ruleset_limits(before->rules)) &&
                    !finding_of(before, after->findings[i].rule->id))
                        fail_patient(p, refusal, after->findings[i].rule->id, "came with it, and refuses");
        if (after->points > before->points || after->verdict > before->verdict)
                fail_patient(p, refusal, STR_C("the whole"), "is judged worse");
        if (remedy->n_by_hand == 0 && after->verdict == VERDICT_DENY)
                fail_patient(p, refusal, STR_C("it"), "is refused again");
        if (remedy->n_by_hand == 0 && after->points > remedy->points)
                fail_patient(p, refusal, STR_C("the whole"), "leaves more points than were promised");
}

/* -- the trial -- */

/* At most 12 lines, where it can be: in lockdown each finding refuses alone, and so is told. */
static void measure(struct bench *b, struct str refusal) {
        size_t lines = 0;

        ++b->refusals;
        while (refusal.p) {
                (void)str_cut(&refusal, '\n');
                ++lines;
        }
        b->long_ones += lines > 12;
}

static void treat(struct bench *b, const struct patient *p) {
        const struct explain_style style = { .words = p->words, .lines = true };
        const struct decision *before = &b->before.decisions[p->environment];
        const struct ruleset *rules = b->road.rules[p->environment];
        cleanup_(text_deinit) struct text refusal;
        struct remedy remedy;
        struct str read;
        json_t *body;

        text_init(&refusal);
        explain_refusal(&refusal, before, &b->before.request, rules, &style);
        assert_in_range(refusal.n, 1, EXPLAIN_MAX);
        if (p->environment < LOCKDOWN)
                measure(b, text_str(&refusal));
        assert_int_equal(remedy_find(&remedy, before, &b->before.request, ruleset_limits(rules), &b->before.arena), 0);
        read = remedy_in(text_str(&refusal), p->words);
        if (!remedy.found || remedy.flags.n == 0) {
                assert_int_equal(read.n, 0);
                return;
        }
        /* Too long to be told whole: then it is not told in part as if it were all. */
        if (str_search(text_str(&refusal), STR_C(" more)")) < refusal.n)
                return;
        if (read.n == 0 || str_search(read, STR_C("what docker run says by")) < read.n)
                fail_patient(p, text_str(&refusal), STR_C("a flag"), "has no such words");
        body = json_deep_copy(p->body);
        add_remedy(body, p, read);
        judge_json(&b->after, &b->road, p->target, body);
        assert_lifted(b, p, &remedy, text_str(&refusal));
        if (client_conflict(body) && !client_conflict((json_t *)(uintptr_t)p->body))
                fail_patient(p, text_str(&refusal), str_from(client_conflict(body)), "came with it, so dockerd refuses it");
        ++b->told[p->words][p->service];
        json_decref(body);
}

/* Go takes U+017F for an s, the models do not. */
static bool has_odd_keys(const json_t *body) {
        cleanup_(freep) char *text = json_dumps(body, JSON_COMPACT);

        return strstr(text, "\xc5\xbf") || strstr(text, "\xe2\x84\xaa");
}

static void treat_everywhere(struct bench *b, const char *target, const json_t *body) {
        struct patient p = { .target = target, .body = body };

        if (has_odd_keys(body))
                return;
        judge_json(&b->before, &b->road, target, body);
        p.service = b->before.request.operation && b->before.request.operation->yields & GROUP_SERVICE;
        if (!b->before.request.operation || flaws_any(&b->before.request.flaws) ||
            (!p.service && !str_eqz(b->before.request.operation->id, "container.create")))
                return;
        for (p.environment = 0; p.environment < ENVIRONMENTS; ++p.environment)
                for (p.words = EXPLAIN_FLAGS; p.words <= EXPLAIN_API; ++p.words)
                        if (b->before.decisions[p.environment].verdict == VERDICT_DENY &&
                            !(p.service && p.words == EXPLAIN_COMPOSE))
                                treat(b, &p);
}

static void treat_call(const json_t *line, void *context) {
        const json_t *envelope = json_object_get(line, "envelope");
        const char *target = json_string_value(json_object_get(envelope, "RequestUri"));
        struct bench *b = context;
        char *text;
        json_t *body;

        if (!target || !(strstr(target, "/containers/create") || strstr(target, "/services/")))
                return;
        text = json_dumps(envelope, JSON_COMPACT);
        arena_reset(&b->after.arena);
        if (request_read(&b->after.request, &b->after.arena, str_from(text)) != ENVELOPE_READ) {
                free(text);
                return;
        }
        body = json_loadb(b->after.request.body.p ? b->after.request.body.p : "", b->after.request.body.n,
                          JSON_REJECT_DUPLICATES, NULL);
        if (json_is_object(body))
                treat_everywhere(b, target, body);
        json_decref(body);
        free(text);
}

static void remedies_of_the_corpora_lift_what_they_say(void **state) {
        static const char *const files[] = { "corpus/public.jsonl", "corpus/doors.jsonl", "corpus/recorded.jsonl",
                                             "corpus/clients.jsonl" };
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(files); ++i)
                assert_true(lines_each(files[i], treat_call, b) > 10);
        for (enum explain_words words = EXPLAIN_FLAGS; words <= EXPLAIN_API; ++words)
                print_message("words %d: %zu of containers, %zu of services\n", (int)words, b->told[words][false],
                              b->told[words][true]);
        for (enum explain_words words = EXPLAIN_FLAGS; words <= EXPLAIN_API; ++words)
                assert_true(b->told[words][false] > 50);
        assert_true(b->told[EXPLAIN_FLAGS][true] > 5);
        assert_true(b->told[EXPLAIN_API][true] > 5);
}

static void treat_example(const json_t *line, void *context) {
        treat_everywhere(context, "/v1.41/containers/create", json_object_get(line, "body"));
}

static void remedies_of_the_examples_do(void **state) {
        assert_true(lines_each("property/examples.jsonl", treat_example, *state) > 10);
}

static void treat_test(struct bench *b, const struct rule_test *test) {
        char target[512];
        json_t *body;

        if (test->n_headers || test->body.n == 0 || !str_eqz(test->method, "POST"))
                return;
        body = json_loadb(test->body.p, test->body.n, JSON_REJECT_DUPLICATES, NULL);
        assert_true(test->target.n < sizeof(target));
        snprintf(target, sizeof(target), "%" STR_FMT, STR_ARG(test->target));
        if (json_is_object(body))
                treat_everywhere(b, target, body);
        json_decref(body);
}

static void remedies_of_the_rules_own_tests_do(void **state) {
        struct bench *b = *state;
        struct rule_view view = ruleset_rules(b->road.rules[LOCKDOWN]);

        for (size_t i = 0; i < view.n; ++i)
                for (size_t j = 0; j < view.items[i]->n_tests; ++j)
                        treat_test(b, &view.items[i]->tests[j]);
}

/* Volumes stand where the profile has its folders, and a reservation. */
static void treat_with_volumes(struct bench *b, const struct profile *profile, const char *image) {
        json_t *binds = json_array(), *body;

        for (size_t i = 0; i < profile->tmpfs.n; ++i) {
                char bind[256];

                snprintf(bind, sizeof(bind), "v%zu:%" STR_FMT "/", i, STR_ARG(profile->tmpfs.items[i]));
                json_array_append_new(binds, json_string(bind));
        }
        body = json_pack("{s:s, s:{s:o, s:i}}", "Image", image, "HostConfig", "Binds", binds, "MemoryReservation", 268435456);
        treat_everywhere(b, "/v1.41/containers/create", body);
        json_decref(body);
}

/* Of each profile that is shipped, in every environment: its user, capabilities and folders are no worse a remedy. */
static void remedies_of_known_images_do(void **state) {
        static const char *const tags[] = { "", ":1", ":1-alpine",
                                            "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" };
        struct bench *b = *state;
        struct profile_view profiles = ruleset_profiles(b->road.rules[PRODUCTION]);

        assert_int_equal(profiles.n, 25);
        for (size_t i = 0; i < profiles.n; ++i)
                for (size_t k = 0; k < profiles.items[i].images.n * ARRAY_SIZE(tags); ++k) {
                        struct str image = profiles.items[i].images.items[k / ARRAY_SIZE(tags)];
                        char name[256];
                        json_t *body;

                        snprintf(name, sizeof(name), "%" STR_FMT "%s", STR_ARG(image), tags[k % ARRAY_SIZE(tags)]);
                        body = json_pack("{s:s}", "Image", name);
                        treat_everywhere(b, "/v1.41/containers/create", body);
                        json_decref(body);
                        body = json_pack("{s:{s:{s:s}}}", "TaskTemplate", "ContainerSpec", "Image", name);
                        treat_everywhere(b, "/v1.44/services/create", body);
                        json_decref(body);
                        treat_with_volumes(b, &profiles.items[i], name);
                }
}

/* The fixed image is told of what is refused; points are the same without it. */
static void profiles_change_no_points(void **state) {
        struct bench *b = *state;
        struct profile_view profiles = ruleset_profiles(b->road.rules[PRODUCTION]);
        json_t *body = json_pack("{s:s}", "Image", "docker.io/library/whatever:1");
        unsigned points[ENVIRONMENTS];

        judge_json(&b->before, &b->road, "/v1.41/containers/create", body);
        for (size_t e = 0; e < ENVIRONMENTS; ++e)
                points[e] = b->before.decisions[e].points;
        json_decref(body);
        for (size_t i = 0; i < profiles.n; ++i) {
                char name[256];

                if (!str_starts(profiles.items[i].images.items[0], STR_C("docker.io/library/")))
                        continue;
                snprintf(name, sizeof(name), "%" STR_FMT ":1", STR_ARG(profiles.items[i].images.items[0]));
                body = json_pack("{s:s}", "Image", name);
                judge_json(&b->before, &b->road, "/v1.41/containers/create", body);
                for (size_t e = 0; e < ENVIRONMENTS; ++e)
                        assert_int_equal(b->before.decisions[e].points, points[e]);
                json_decref(body);
        }
}

static void assert_words(const struct rule *rule, const struct template *template, bool service) {
        struct str flag = template_words(template);

        /* What a request fills in stands in one flag alone, that is known: --tmpfs. */
        if (!flag.p || flag_is_by_hand(flag))
                return;
        if (str_eqz(flag_changes(flag), "unknown"))
                fail_msg("%" STR_FMT ": what %" STR_FMT " changes is not known", STR_ARG(rule->id), STR_ARG(flag));
        for (enum flag_words words = FLAG_COMPOSE; words <= FLAG_TASK; ++words)
                if ((words == FLAG_TASK) == service && flag_key(flag, words).n == 0)
                        fail_msg("%" STR_FMT ": %" STR_FMT " has no other words", STR_ARG(rule->id), STR_ARG(flag));
}

/* Of all flags of all rules. */
static void each_flag_has_words_and_says_what_it_changes(void **state) {
        struct bench *b = *state;
        struct rule_view view = ruleset_rules(b->road.rules[LOCKDOWN]);

        for (size_t i = 0; i < view.n; ++i)
                for (size_t c = 0; c < view.items[i]->n_cases; ++c) {
                        const struct fix *fix = view.items[i]->cases[c].fix;

                        for (size_t k = 0; k < fix->n_flags; ++k)
                                assert_words(view.items[i], fix->flags[k], false);
                        for (size_t k = 0; k < fix->n_service; ++k)
                                assert_words(view.items[i], fix->service[k], true);
                }
}

/* Most refusals are read at a glance. */
static void refusals_are_short(void **state) {
        struct bench *b = *state;

        print_message("%zu of %zu refusals have more than 12 lines\n", b->long_ones, b->refusals);
        assert_true(b->refusals > 1000);
        assert_true(b->long_ones * 3 < b->refusals);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(remedies_of_the_corpora_lift_what_they_say),
                cmocka_unit_test(remedies_of_the_examples_do),
                cmocka_unit_test(remedies_of_the_rules_own_tests_do),
                cmocka_unit_test(remedies_of_known_images_do),
                cmocka_unit_test(profiles_change_no_points),
                cmocka_unit_test(each_flag_has_words_and_says_what_it_changes),
                cmocka_unit_test(refusals_are_short),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
