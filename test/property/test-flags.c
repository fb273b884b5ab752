/*
 * Flags lift what they say (DESIGN 1.2): a request is judged, the flags of its findings are added as a client would add
 * them, and it is judged again. Each finding whose fix has flags must be gone or milder, nothing else may have got
 * worse, and the sum may not have risen.
 *
 * Requests: generated ones, the bodies of everyday compose files, the worked examples, and the bodies of the rules' own
 * tests, so that a rule with flags is tested here from its first day.
 */
#include "bodies.h"
#include "client.h"
#include "docksill/decide/decide.h"
#include "docksill/decide/explain-flags.h"
#include "docksill/decide/explain.h"
#include <stdio.h>

#define ROUNDS 4000 /* recipes */
#define TURNS  8    /* until no flags are offered any more */

/* What a flag may bring with it, and the finding that it lifted for that. */
static const struct {
        const char *appears, *lifted;
} side_effects[] = {
        /* --cap-add CHOWN adds nothing while the defaults are kept; beside --cap-drop=ALL it adds it back. */
        { "capability-add-default", "capabilities-not-dropped" },
        { "net-raw-capability", "capabilities-not-dropped" },
};

struct bench {
        struct road road;
        struct judged before, after;
        unsigned *lifted; /* how often, by rule->index in workspace, which has all rules */
};

/* One request on its way to having no flags offered. */
struct patient {
        const char *target;
        json_t *body;
        size_t environment;
};

static int open_bench(void **state) {
        static struct bench bench; /* cmocka's state outlives this function */

        road_open(&bench.road);
        judged_init(&bench.before);
        judged_init(&bench.after);
        bench.lifted = calloc(ruleset_rules(bench.road.rules[WORKSPACE]).n, sizeof(*bench.lifted));
        assert_non_null(bench.lifted);
        *state = &bench;
        return 0;
}

static int close_bench(void **state) {
        struct bench *b = *state;

        judged_deinit(&b->before);
        judged_deinit(&b->after);
        road_close(&b->road);
        free(b->lifted);
        return 0;
}

/* Services have flags of their own. */
static bool is_service(const struct patient *p) {
        return strstr(p->target, "/services/") != NULL;
}

static void add_to(const struct patient *p, json_t *body, struct str flags) {
        if (is_service(p))
                client_add_service(body, flags);
        else
                client_add(body, flags);
}

/* Has flags for all of its instances. One that shows but some of them has flags for those alone. */
static bool offers(const struct patient *p, const struct finding *f) {
        for (size_t i = 0; i < f->n_evidence; ++i) {
                const struct fix *fix = f->evidence[i].cause->fix;

                if ((is_service(p) ? fix->n_service : fix->n_flags) == 0)
                        return false;
        }
        return f->n_evidence > 0;
}

static bool offers_all(const struct patient *p, const struct finding *f) {
        return offers(p, f) && f->instances == f->n_evidence;
}

static bool is_milder(const struct finding *after, const struct finding *before) {
        return !after || after->severity < before->severity;
}

static bool is_side_effect(const struct finding *f, const struct decision *before, const struct decision *after) {
        for (size_t i = 0; i < ARRAY_SIZE(side_effects); ++i) {
                struct str lifted = str_from(side_effects[i].lifted);

                if (str_eqz(f->rule->id, side_effects[i].appears) && finding_of(before, lifted) &&
                    !finding_of(after, lifted))
                        return true;
        }
        return false;
}

static void fail_patient(const struct patient *p, struct str flags, struct str rule, const char *what) {
        cleanup_(freep) char *body = json_dumps(p->body, JSON_COMPACT);
        struct text t;

        text_init(&t);
        text_addf(&t, "%" STR_FMT " %s in %s\nPOST %s %s\nwith %" STR_FMT, STR_ARG(rule), what,
                  environment_names[p->environment], p->target, body, STR_ARG(flags));
        fail_with(&t);
}

/* What was offered has helped. */
static void assert_lifted(struct bench *b, const struct patient *p, struct str flags) {
        const struct decision *before = &b->before.decisions[p->environment];
        const struct decision *after = &b->after.decisions[p->environment];

        for (size_t i = 0; i < before->n_findings; ++i) {
                const struct finding *f = &before->findings[i], *left = finding_of(after, f->rule->id);

                if (!offers(p, f))
                        continue;
                if (offers_all(p, f) ? !is_milder(left, f) : left && left->instances >= f->instances)
                        fail_patient(p, flags, f->rule->id, "is still there");
                ++b->lifted[ruleset_rule(b->road.rules[WORKSPACE], f->rule->id)->index];
        }
}

/* And has done no harm. */
static void assert_nothing_worse(struct bench *b, const struct patient *p, struct str flags) {
        const struct decision *before = &b->before.decisions[p->environment];
        const struct decision *after = &b->after.decisions[p->environment];

        if (flaws_any(&b->after.request.flaws))
                fail_patient(p, flags, STR_C("a flaw"), "came with the flags");
        for (size_t i = 0; i < after->n_findings; ++i) {
                const struct finding *f = &after->findings[i], *was = finding_of(before, f->rule->id);

                if ((!was || was->severity < f->severity) && !is_side_effect(f, before, after))
                        fail_patient(p, flags, f->rule->id, "came with the flags");
        }
        if (after->points > before->points || after->verdict > before->verdict)
                fail_patient(p, flags, STR_C("the whole"), "is judged worse");
}

/* It must run, too. */
static void assert_accepted(const struct patient *p, json_t *treated, struct str flags) {
        const char *why = client_conflict(treated);

        if (why && !client_conflict(p->body))
                fail_patient(p, flags, str_from(why), "came with the flags, so dockerd refuses it");
}

/* The flags of all findings, as they are shown. */
static void add_flags(struct text *out, struct bench *b, size_t environment) {
        struct flags flags = { 0 };

        assert_int_equal(explain_flags(&flags, &b->before.decisions[environment], NULL, &b->before.request, &b->before.arena),
                         0);
        for (size_t i = 0; i < flags.n; ++i) {
                if (i > 0)
                        text_add_char(out, ' ');
                flag_add_shell(out, flags.items[i]);
        }
}

/* Judges, adds the flags, judges again. Returns whether there were any. The body has them afterwards. */
static bool treat(struct bench *b, struct patient *p) {
        cleanup_(text_deinit) struct text flags;
        json_t *treated;

        text_init(&flags);
        judge_json(&b->before, &b->road, p->target, p->body);
        add_flags(&flags, b, p->environment);
        if (flags.n == 0)
                return false;

        treated = json_deep_copy(p->body);
        add_to(p, treated, text_str(&flags));
        assert_accepted(p, treated, text_str(&flags));
        judge_json(&b->after, &b->road, p->target, treated);
        assert_lifted(b, p, text_str(&flags));
        assert_nothing_worse(b, p, text_str(&flags));
        json_decref(p->body);
        p->body = treated;
        return true;
}

/* The flags in the words of the refusal: " Add: --read-only -m 512m. Decision …", or " Then add: …" beside what is done by
 * hand. Empty when some were left out. */
static struct str refusal_flags(struct str refusal, const char *label) {
        struct str begin = str_from(label), flags = str_skip(refusal, str_search(refusal, begin) + begin.n);
        size_t caution = str_search(flags, STR_C(". May stop the program: ")), end = str_search(flags, STR_C(". Decision "));

        if (flags.n == 0)
                return flags;
        assert_true(end < flags.n);
        flags = str_first(flags, caution < end ? caution : end);
        return str_ends(flags, STR_C(" more)")) ? (struct str){ 0 } : flags;
}

static bool any_side_effect(const struct bench *b, const struct patient *p) {
        const struct decision *before = &b->before.decisions[p->environment];
        const struct decision *after = &b->after.decisions[p->environment];

        for (size_t i = 0; i < after->n_findings; ++i)
                if (is_side_effect(&after->findings[i], before, after))
                        return true;
        return false;
}

/* What the refused person reads and pastes is enough, where nothing is left to do by hand; and in no case does harm. */
static void treat_by_refusal(struct bench *b, const struct patient *p) {
        static const struct explain_style style = { .words = EXPLAIN_FLAGS };
        const struct decision *before = &b->before.decisions[p->environment];
        cleanup_(text_deinit) struct text refusal;
        json_t *treated;
        struct str all, rest;

        text_init(&refusal);
        judge_json(&b->before, &b->road, p->target, p->body);
        if (before->verdict != VERDICT_DENY)
                return;
        explain_refusal(&refusal, before, &b->before.request, b->road.rules[p->environment], &style);
        all = refusal_flags(text_str(&refusal), " Add: ");
        rest = refusal_flags(text_str(&refusal), " Then add: ");
        assert_true(all.n == 0 || rest.n == 0);
        if (all.n == 0 && rest.n == 0)
                return;
        treated = json_deep_copy(p->body);
        add_to(p, treated, all.n ? all : rest);
        judge_json(&b->after, &b->road, p->target, treated);
        if (all.n && b->after.decisions[p->environment].verdict == VERDICT_DENY && !any_side_effect(b, p))
                fail_patient(p, text_str(&refusal), STR_C("it"), "is refused again");
        assert_nothing_worse(b, p, all.n ? all : rest);
        json_decref(treated);
}

/* Until nothing is offered: a finding shows EVIDENCE_MAX instances, so that more of them take another turn. */
static void cure(struct bench *b, const char *target, const json_t *body, size_t environment) {
        struct patient p = { .target = target, .body = json_deep_copy(body), .environment = environment };
        unsigned turns = 0;

        treat_by_refusal(b, &p);
        while (treat(b, &p))
                if (++turns == TURNS)
                        fail_patient(&p, STR_C("more flags"), STR_C("something"), "is not lifted for good");
        json_decref(p.body);
}

static void cure_everywhere(struct bench *b, const char *target, const json_t *body) {
        for (size_t i = 0; i < ENVIRONMENTS; ++i)
                cure(b, target, body, i);
}

static void flags_lift_findings_of_generated_bodies(void **state) {
        struct chance chance = { 8 };

        for (unsigned round = 0; round < ROUNDS; ++round) {
                struct recipe r;
                json_t *body;

                recipe_any(&r, &chance);
                body = recipe_body(&r);
                cure(*state, r.target, body, round % ENVIRONMENTS);
                json_decref(body);
        }
}

static void cure_example(const json_t *line, void *context) {
        cure_everywhere(context, "/v1.41/containers/create", json_object_get(line, "body"));
}

static void flags_lift_findings_of_everyday_bodies(void **state) {
        assert_true(lines_each("property/examples.jsonl", cure_example, *state) > 10);
}

/* Tests about the call itself, and bodies that another reader takes otherwise, have no place here. */
static void cure_test(struct bench *b, const struct rule_test *test) {
        char target[512];
        json_t *body;

        if (test->n_headers || test->body.n == 0 || !str_eqz(test->method, "POST"))
                return;
        body = json_loadb(test->body.p, test->body.n, JSON_REJECT_DUPLICATES, NULL);
        if (!body)
                return;
        assert_true(test->target.n < sizeof(target));
        snprintf(target, sizeof(target), "%" STR_FMT, STR_ARG(test->target));
        judge_json(&b->before, &b->road, target, body);
        if (!flaws_any(&b->before.request.flaws) && json_typeof(body) == JSON_OBJECT)
                cure_everywhere(b, target, body);
        json_decref(body);
}

static bool has_flags(const struct rule *rule) {
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].fix->n_flags > 0)
                        return true;
        return false;
}

static void flags_lift_findings_of_the_rules_own_tests(void **state) {
        struct bench *b = *state;
        struct rule_view view = ruleset_rules(b->road.rules[WORKSPACE]); /* which has all of them */

        memset(b->lifted, 0, view.n * sizeof(*b->lifted));
        for (size_t i = 0; i < view.n; ++i)
                for (size_t j = 0; j < view.items[i]->n_tests; ++j)
                        cure_test(b, &view.items[i]->tests[j]);
        for (size_t i = 0; i < view.n; ++i)
                if (has_flags(view.items[i]) && b->lifted[view.items[i]->index] == 0)
                        fail_msg("no test of %" STR_FMT " shows that its flags lift it", STR_ARG(view.items[i]->id));
}

/* More places than one finding shows: each turn lifts those that are shown, and there is an end. */
static void more_instances_than_are_shown_take_another_turn(void **state) {
        json_t *body = json_object(), *host_config = json_object(), *ports = json_object();
        const struct patient p = { .target = "/v1.41/containers/create" };
        struct bench *b = *state;
        const struct finding *f;

        for (int port = 0; port < 2 * EVIDENCE_MAX + 1; ++port) {
                char key[32];

                snprintf(key, sizeof(key), "%d/tcp", 8000 + port);
                json_object_set_new(ports, key, json_pack("[{s:s}]", "HostPort", ""));
        }
        json_object_set_new(host_config, "PortBindings", ports);
        json_object_set_new(body, "HostConfig", host_config);
        judge_json(&b->before, &b->road, p.target, body);
        f = finding_of(&b->before.decisions[LOCKDOWN], STR_C("port-wildcard"));
        assert_non_null(f);
        assert_false(offers_all(&p, f));
        cure_everywhere(b, p.target, body);
        json_decref(body);
}

/* The model itself. */
static void the_client_adds_flags_as_docker_does(void **state) {
        static const struct {
                const char *before, *flags, *after;
        } rows[] = {
                { "{}", "--user 10001:10001 --read-only -m 512m --cpus 1.5 --pids-limit 100",
                  "{'User':'10001:10001','HostConfig':{'ReadonlyRootfs':true,'Memory':536870912,"
                  "'NanoCpus':1500000000,'PidsLimit':100}}" },
                { "{'hostconfig':{'CAPDROP':['NET_RAW'],'SecurityOpt':null}}",
                  "--cap-drop=ALL --security-opt no-new-privileges:true",
                  "{'hostconfig':{'CAPDROP':['NET_RAW','ALL'],'SecurityOpt':['no-new-privileges:true']}}" },
                { "{'HostConfig':{'Tmpfs':{'/tmp':'rw'}}}", "--tmpfs /tmp:rw,noexec --tmpfs '/a b:rw'\\''x'",
                  "{'HostConfig':{'Tmpfs':{'/tmp':'rw,noexec','/a b':'rw\\u0027x'}}}" },
                { "{'HostConfig':{'Ulimits':[{'Name':'nofile','Soft':1,'Hard':2}]}}", "--ulimit nofile=1024:2048",
                  "{'HostConfig':{'Ulimits':[{'Name':'nofile','Soft':1024,'Hard':2048}]}}" },
                { "{'HostConfig':{'LogConfig':{'Type':'json-file','Config':{}}}}",
                  "--log-opt max-size=10m --log-opt max-file=3 --restart on-failure:5",
                  "{'HostConfig':{'LogConfig':{'Type':'json-file','Config':{'max-size':'10m','max-file':'3'}},"
                  "'RestartPolicy':{'Name':'on-failure','MaximumRetryCount':5}}}" },
                { "{}",
                  "--log-driver local --shm-size 64m --runtime runc --ipc private --cgroupns private "
                  "--oom-score-adj 0",
                  "{'HostConfig':{'LogConfig':{'Type':'local'},'ShmSize':67108864,'Runtime':'runc','IpcMode':'private',"
                  "'CgroupnsMode':'private','OomScoreAdj':0}}" },
                { "{'HostConfig':{'PortBindings':{'80/tcp':[{'HostPort':'8080'},{'HostPort':'8081'}],'81':[]}}}",
                  "-p 127.0.0.1:8080:80/tcp -p 127.0.0.1:0:81/tcp -p 127.0.0.1:53:53/udp",
                  "{'HostConfig':{'PortBindings':{'80/"
                  "tcp':[{'HostPort':'8081'},{'HostIp':'127.0.0.1','HostPort':'8080'}],"
                  "'81':[{'HostIp':'127.0.0.1','HostPort':'0'}],'53/udp':[{'HostIp':'127.0.0.1','HostPort':'53'}]}}}" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                json_t *body = json_from(rows[i].before), *after = json_from(rows[i].after);

                client_add(body, str_from(rows[i].flags));
                if (!json_equal(body, after))
                        fail_msg("%s: %s", rows[i].flags, json_dumps(body, JSON_COMPACT));
                json_decref(body);
                json_decref(after);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_client_adds_flags_as_docker_does),
                cmocka_unit_test(flags_lift_findings_of_the_rules_own_tests),
                cmocka_unit_test(flags_lift_findings_of_everyday_bodies),
                cmocka_unit_test(flags_lift_findings_of_generated_bodies),
                cmocka_unit_test(more_instances_than_are_shown_take_another_turn),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
