#include "docksill/base/path.h"
#include "written.h"

#include <stdio.h>

/* Facts and an element of each kind, for conditions to be held against. */
struct bench {
        struct written w;
        struct facts facts;
        struct mount_fact mount;
        struct port_fact port;
        struct fact_str cap;
};

static struct str added[] = { STR("SYS_ADMIN"), STR("NET_RAW") };
static struct str programs[] = { STR("/bin/sh"), STR("curl") };

static void bench_init(struct bench *b) {
        *b = (struct bench){ 0 };
        written_init(&b->w);
        b->facts.container.privileged = (struct fact_bool){ .head = { .given = true }, .value = true };
        b->facts.container.memory = (struct fact_int){ .value = 64 << 20 };
        b->facts.container.pids_limit = (struct fact_int){ .head = { .given = true }, .value = -1 };
        b->facts.container.network = a_string("host");
        b->facts.container.seccomp_mode.str = a_string("custom");
        b->facts.container.apparmor = a_string("");
        b->facts.container.capabilities_added = (struct fact_set){ .items = added, .n = 2 };
        b->facts.container.programs = (struct fact_set){ .items = programs, .n = 2 };
        b->facts.image.name = a_string("docker.io/library/nginx");
        b->facts.mounts = (struct fact_list){ .items = &b->mount, .n = 1 };
        b->mount.kind.str = a_string("host");
        b->mount.source = a_path("/srv/x", "/etc/cron.d");
        b->mount.requested = a_string("*");
        b->port.container = (struct fact_port){ .lo = 500, .hi = 513 };
        b->port.host = (struct fact_port){ 0 };
        b->port.address = a_string("0.0.0.0");
}

static void bench_deinit(struct bench *b) {
        written_deinit(&b->w);
}

struct row {
        const char *condition;
        enum truth truth;
};

static void expect(struct bench *b, const struct row *rows, size_t n, const struct scope *scope) {
        for (size_t i = 0; i < n; ++i) {
                enum truth truth = condition_holds(written_condition(&b->w, rows[i].condition), scope);

                if (truth != rows[i].truth)
                        fail_msg("%s: %d, not %d", rows[i].condition, truth, rows[i].truth);
        }
}

static void each_operator_on_each_type(void **state) {
        static const struct row rows[] = {
                { "container.privileged: true", TRUTH_YES },
                { "container.privileged: false", TRUTH_NO },
                { "container.privileged: {eq: true}", TRUTH_YES },
                { "container.memory: 64m", TRUTH_YES },
                { "container.memory: {lt: 64m}", TRUTH_NO },
                { "container.memory: {le: 64m}", TRUTH_YES },
                { "container.memory: {gt: 63m, lt: 65m}", TRUTH_YES },
                { "container.memory: {gt: 64m}", TRUTH_NO },
                { "container.memory: {ge: 64m}", TRUTH_YES },
                { "container.memory: {between: [64m, 1g]}", TRUTH_YES },
                { "container.memory: {between: [65m, 1g]}", TRUTH_NO },
                { "container.memory: {in: [1m, 64m]}", TRUTH_YES },
                { "container.memory: {given: false}", TRUTH_YES },
                { "container.pids_limit: {given: true, le: 0}", TRUTH_YES },
                { "container.network: host", TRUTH_YES },
                { "container.network: hos", TRUTH_NO },
                { "container.network: HOST", TRUTH_NO },
                { "container.network: {in: [none, host]}", TRUTH_YES },
                { "container.network: {in: []}", TRUTH_NO },
                { "container.network: {prefix: ho}", TRUTH_YES },
                { "container.network: {suffix: [xx, st]}", TRUTH_YES },
                { "container.network: {glob: \"h?s*\"}", TRUTH_YES },
                { "container.network: {glob: \"?\"}", TRUTH_NO },
                { "container.network: {regex: ^ho}", TRUTH_YES },
                { "container.network: {regex: [x, y]}", TRUTH_NO },
                { "container.network: {contains: os}", TRUTH_YES },
                { "container.network: {contains: \"\"}", TRUTH_YES },
                { "container.network: {contains: hosts}", TRUTH_NO },
                { "container.network: {empty: false}", TRUTH_YES },
                { "container.apparmor: {empty: true}", TRUTH_YES },
                { "container.apparmor: \"\"", TRUTH_YES },
                { "container.apparmor: {contains: x}", TRUTH_NO },
                { "container.seccomp.mode: custom", TRUTH_YES },
                { "container.seccomp.mode: {in: [default, unconfined]}", TRUTH_NO },
                { "container.capabilities.added: sys_admin", TRUTH_YES },
                { "container.capabilities.added: {contains: CAP_NET_RAW}", TRUTH_YES },
                { "container.capabilities.added: {any-of: [BPF, NET_RAW]}", TRUTH_YES },
                { "container.capabilities.added: {any-of: [BPF]}", TRUTH_NO },
                { "container.capabilities.added: {all-of: [NET_RAW, SYS_ADMIN]}", TRUTH_YES },
                { "container.capabilities.added: {all-of: [NET_RAW, BPF]}", TRUTH_NO },
                { "container.capabilities.added: {subset-of: [NET_RAW, SYS_ADMIN, BPF]}", TRUTH_YES },
                { "container.capabilities.added: {subset-of: [NET_RAW]}", TRUTH_NO },
                { "container.capabilities.dropped: {subset-of: []}", TRUTH_YES },
                { "container.capabilities.dropped: {all-of: []}", TRUTH_YES },
                { "container.capabilities.added: {size: 2}", TRUTH_YES },
                { "container.capabilities.added: {size: {gt: 2}}", TRUTH_NO },
                { "container.capabilities.added: {size: {ge: 1, le: 2}}", TRUTH_YES },
                { "container.capabilities.dropped: {empty: true}", TRUTH_YES },
                { "container.programs: {suffix: /sh}", TRUTH_YES },
                { "container.programs: {in: [wget, curl]}", TRUTH_YES },
                { "container.programs: {regex: ^wget}", TRUTH_NO },
                { "container.programs: {contains: curl}", TRUTH_YES },
                { "container.programs: {contains: cur}", TRUTH_NO }, /* of a set: an element, not a part of one */
                { "container.groups: wheel", TRUTH_NO },
                { "mounts: {size: 1}", TRUTH_YES },
                { "mounts: {empty: false}", TRUTH_YES },
                { "container.ports: {empty: true}", TRUTH_YES },
                { "image.name: docker.io/library/nginx", TRUTH_YES },
                { "image.name: docker.io/*/nginx", TRUTH_YES },
                { "image.name: docker.io/nginx", TRUTH_NO },
                { "image.name: {within: docker.io/library}", TRUTH_YES },
                { "image.name: {within: docker.io/lib}", TRUTH_NO },
                { "image.name: {within: docker.io/library/*}", TRUTH_YES },
                { "image.name: {within: docker.io/library/nginx/*}", TRUTH_NO },
                { "image.name: {below: docker.io/library/nginx}", TRUTH_NO },
                { "image.name: {in: [quay.io/x, docker.io/library/nginx]}", TRUTH_YES },
        };
        struct bench b;

        (void)state;
        bench_init(&b);
        expect(&b, rows, ARRAY_SIZE(rows), &(struct scope){ .facts = &b.facts });
        bench_deinit(&b);
}

static void paths_are_judged_in_the_spelling_asked_for(void **state) {
        static const struct row lexical[] = {
                { "m.source: /srv/x", TRUTH_YES },
                { "m.source: /srv/*", TRUTH_YES },
                { "m.source: /srv", TRUTH_NO },
                { "m.source: {in: [/etc, /srv/x]}", TRUTH_YES },
                { "m.source: {within: /srv}", TRUTH_YES },
                { "m.source: {within: /sr}", TRUTH_NO },
                { "m.source: {within: /}", TRUTH_YES },
                { "m.source: {below: /srv/x}", TRUTH_NO },
                { "m.source: {below: /}", TRUTH_YES },
                { "m.source: {covers: /srv/x/y}", TRUTH_YES },
                { "m.source: {covers: /srv/xy}", TRUTH_NO },
                { "m.source: {covers: /srv}", TRUTH_NO },
                { "m.source: {covers: \"/srv/*/y\"}", TRUTH_YES },
                { "m.source: {covers: \"/*/*/y\"}", TRUTH_YES },
                { "m.source: {within: \"/s*\"}", TRUTH_YES },
                { "m.source: {within: \"/srv/x/*\"}", TRUTH_NO },
                { "m.source: {within: \"/t*\"}", TRUTH_NO },
                { "m.source: {empty: false}", TRUTH_YES },
                { "m.requested: \"*\"", TRUTH_YES },
        };
        static const struct row resolved[] = {
                { "m.source: {within: \"/etc/cron*\"}", TRUTH_YES },
                { "m.source: {within: /srv}", TRUTH_NO },
        };
        struct bench b;
        struct scope scope;

        (void)state;
        bench_init(&b);
        written_each(&b.w, "mounts", "m");
        scope = (struct scope){ .facts = &b.facts, .element = &b.mount };
        expect(&b, lexical, ARRAY_SIZE(lexical), &scope);
        scope.spelling = 1;
        expect(&b, resolved, ARRAY_SIZE(resolved), &scope);
        /* One spelling alone is judged again. */
        b.mount.source.n = 1;
        expect(&b, lexical, ARRAY_SIZE(lexical), &scope);
        bench_deinit(&b);
}

static void a_root_or_a_missing_path(void **state) {
        static const struct row root[] = {
                { "m.source: /", TRUTH_YES },
                { "m.source: {within: /}", TRUTH_YES },
                { "m.source: {below: /}", TRUTH_NO },
                { "m.source: {covers: /etc}", TRUTH_YES },
                { "m.source: {covers: \"/run/*/docker.sock\"}", TRUTH_YES },
                { "m.source: {within: /etc}", TRUTH_NO },
                { "m.source: {within: \"/*\"}", TRUTH_NO },
        };
        static const struct row none[] = {
                { "m.source: /", TRUTH_NO },
                { "m.source: {covers: /etc}", TRUTH_NO },
                { "m.source: {within: /}", TRUTH_NO },
                { "m.source: {empty: true}", TRUTH_YES },
        };
        struct bench b;
        struct scope scope;

        (void)state;
        bench_init(&b);
        written_each(&b.w, "mounts", "m");
        scope = (struct scope){ .facts = &b.facts, .element = &b.mount };
        b.mount.source = a_path("/", NULL);
        expect(&b, root, ARRAY_SIZE(root), &scope);
        b.mount.source = (struct fact_path){ 0 };
        expect(&b, none, ARRAY_SIZE(none), &scope);
        bench_deinit(&b);
}

/* Facts come cleaned; if one ever does not, the short cuts must not lose it. */
static void an_unclean_path_is_matched_all_the_same(void **state) {
        static const struct row rows[] = {
                { "m.source: {within: /etc}", TRUTH_YES },
                { "m.source: {below: /etc}", TRUTH_YES },
                { "m.source: /etc/ssh", TRUTH_YES },
        };
        static const char *const spellings[] = { "//etc/ssh", "/etc//ssh", "/etc/ssh/" };
        struct bench b;
        struct scope scope;

        (void)state;
        bench_init(&b);
        written_each(&b.w, "mounts", "m");
        scope = (struct scope){ .facts = &b.facts, .element = &b.mount };
        for (size_t i = 0; i < ARRAY_SIZE(spellings); ++i) {
                b.mount.source = a_path(spellings[i], NULL);
                expect(&b, rows, ARRAY_SIZE(rows), &scope);
        }
        bench_deinit(&b);
}

/* The short cuts and path_matches() must agree on every pair. */
static void short_cuts_agree_with_path_matches(void **state) {
        static const char *const paths[] = { "/",     "/e",      "/etc",   "/etc/a",  "/etc/ab", "/etc/a/b", "/etcetera",
                                             "/.etc", "/etc/.a", "/*/a",   "/etc/*",  "/x",      "/x/etc",   "/etc/a/b/c" };
        static const char *const operators[] = { [PATH_EQUAL] = "eq", [PATH_WITHIN] = "within", [PATH_BELOW] = "below",
                                                 [PATH_COVERS] = "covers" };
        struct bench b;
        struct scope scope;

        (void)state;
        bench_init(&b);
        written_each(&b.w, "mounts", "m");
        scope = (struct scope){ .facts = &b.facts, .element = &b.mount };
        for (size_t i = 0; i < ARRAY_SIZE(paths); ++i)
                for (size_t k = 0; k < ARRAY_SIZE(paths); ++k)
                        for (unsigned o = 0; o < ARRAY_SIZE(operators); ++o) {
                                char text[80];

                                snprintf(text, sizeof(text), "m.source: {%s: \"%s\"}", operators[o], paths[k]);
                                b.mount.source = a_path(paths[i], NULL);
                                if ((condition_holds(written_condition(&b.w, text), &scope) == TRUTH_YES) !=
                                    path_matches(str_from(paths[i]), str_from(paths[k]), o))
                                        fail_msg("%s and %s", paths[i], text);
                        }
        bench_deinit(&b);
}

static void port_ranges_overlap(void **state) {
        static const struct row rows[] = {
                { "p.container: 512", TRUTH_YES },        { "p.container: 514", TRUTH_NO },
                { "p.container: 513-600", TRUTH_YES },    { "p.container: {in: [22, 512-514]}", TRUTH_YES },
                { "p.container: {in: [22, 23]}", TRUTH_NO }, { "p.container: {lt: 501}", TRUTH_YES },
                { "p.container: {lt: 500}", TRUTH_NO },   { "p.container: {gt: 512}", TRUTH_YES },
                { "p.container: {gt: 513}", TRUTH_NO },   { "p.container: {le: 500}", TRUTH_YES },
                { "p.container: {ge: 514}", TRUTH_NO },   { "p.container: {between: [1, 500]}", TRUTH_YES },
                { "p.host: {lt: 1024}", TRUTH_NO },       { "p.host: {gt: 1}", TRUTH_NO }, /* chosen by the engine */
                { "p.host: 0", TRUTH_YES },               { "p.address: {in: [\"\", 0.0.0.0]}", TRUTH_YES },
        };
        struct bench b;

        (void)state;
        bench_init(&b);
        written_each(&b.w, "container.ports", "p");
        expect(&b, rows, ARRAY_SIZE(rows), &(struct scope){ .facts = &b.facts, .element = &b.port });
        bench_deinit(&b);
}

static void the_element_of_a_set_is_the_name_alone(void **state) {
        static const struct row rows[] = {
                { "cap: SYS_ADMIN", TRUTH_YES },
                { "cap: {in: [cap_sys_admin, BPF]}", TRUTH_YES },
                { "cap: NET_RAW", TRUTH_NO },
                { "{cap: SYS_ADMIN, container.privileged: true}", TRUTH_YES },
        };
        struct bench b;

        (void)state;
        bench_init(&b);
        written_each(&b.w, "container.capabilities.added", "cap");
        b.cap = a_string("SYS_ADMIN");
        expect(&b, rows, ARRAY_SIZE(rows), &(struct scope){ .facts = &b.facts, .element = &b.cap });
        bench_deinit(&b);
}

/* Y, N, U, O are facts in that state. */
static void four_truths_combine(void **state) {
#define Y "container.privileged: true"
#define N "container.read_only: true"
#define U "container.init: true"
#define O "daemon.no_new_privileges: true"
        static const struct row rows[] = {
                { Y, TRUTH_YES },
                { N, TRUTH_NO },
                { U, TRUTH_UNKNOWN },
                { O, TRUTH_OFF },
                { "{}", TRUTH_YES },
                { "{" Y ", " N ", " U ", " O "}", TRUTH_NO },
                { "{" Y ", " U ", " O "}", TRUTH_OFF },
                { "{" Y ", " O ", " U "}", TRUTH_OFF },
                { "{" Y ", " U "}", TRUTH_UNKNOWN },
                { "all: [{" Y "}, {" N "}]", TRUTH_NO },
                { "all: [{" O "}, {" N "}]", TRUTH_NO },
                { "any: [{" N "}, {" O "}, {" U "}, {" Y "}]", TRUTH_YES },
                { "any: [{" N "}, {" O "}, {" U "}]", TRUTH_UNKNOWN },
                { "any: [{" O "}, {" N "}]", TRUTH_NO },
                { "any: [{" O "}, {" O "}]", TRUTH_OFF },
                { "any: [{" N "}, {" N "}]", TRUTH_NO },
                { "not: {" Y "}", TRUTH_NO },
                { "not: {" N "}", TRUTH_YES },
                { "not: {" U "}", TRUTH_UNKNOWN },
                { "not: {" O "}", TRUTH_OFF },
                { "not: {" Y ", " N "}", TRUTH_YES },
                { "{not: {any: [{" Y "}]}, " O "}", TRUTH_NO },
                { "container.init: {given: true}", TRUTH_UNKNOWN },
                { "container.groups: {empty: true}", TRUTH_UNKNOWN },
                { "container.groups: {size: 0}", TRUTH_UNKNOWN },
                { "container.groups: wheel", TRUTH_UNKNOWN },
                { "container.ports: {size: 0}", TRUTH_OFF },
        };
        struct bench b;

        (void)state;
        bench_init(&b);
        b.facts.container.init.head.state = FACT_UNKNOWN;
        b.facts.container.groups.head.state = FACT_UNKNOWN;
        b.facts.container.ports.head.state = FACT_OFF;
        b.facts.daemon.no_new_privileges.head.state = FACT_OFF;
        expect(&b, rows, ARRAY_SIZE(rows), &(struct scope){ .facts = &b.facts });
        bench_deinit(&b);
}

static void versions_compare_by_their_numbers(void **state) {
        static const struct {
                const char *a, *b;
                int order;
        } rows[] = {
                { "20.10.24", "20.10.24", 0 }, { "20.10.24+dfsg1", "20.10.24", 0 }, { "20.10.9", "20.10.24", -1 },
                { "23.0", "23.0.0", 0 },       { "23.0.1", "23.0", 1 },             { "24", "23.99", 1 },
                { "1.2-rc.5", "1.2", 0 },      { "", "0", 0 },                      { "99999999999999999999", "5", 1 },
                { "1..2", "1", 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                assert_int_equal(version_compare(str_from(rows[i].a), str_from(rows[i].b)), rows[i].order);
                assert_int_equal(version_compare(str_from(rows[i].b), str_from(rows[i].a)), -rows[i].order);
        }
}

/* Every operator stands in the table with a word for people and fits some type. */
static void the_table_is_whole(void **state) {
        (void)state;
        for (const struct predicate *o = predicate_table; o->name.n; ++o) {
                bool fits = o->any_type;

                for (unsigned type = 0; type < FACT_TYPES; ++type)
                        fits = fits || o->holds[type];
                assert_true(fits);
                assert_non_null(o->doc);
                assert_ptr_equal(predicate_find(o->name), o);
        }
        assert_null(predicate_find(str_from("equals")));
        assert_null(predicate_find(str_from("")));
}

static void wrong_conditions_are_reported(void **state) {
        static const struct {
                const char *condition, *codes, *message;
        } rows[] = {
                { "[a]", "DS204", NULL },
                { "container.privilaged: true", "DS214", "no fact \"container.privilaged\"; did you mean \"container.privileged\"?" },
                { "privileged: true", "DS214", "no fact \"privileged\"; did you mean \"container.privileged\"?" },
                { "m.sorce: /", "DS214", "no fact \"m.sorce\"; did you mean \"m.source\"?" },
                { "m: /", "DS214", "\"m\" is an object; name one of its fields, such as \"m.driver\"" },
                { "container.network: {equals: host}", "DS215", "no operator \"equals\"" },
                { "container.network: {prefixx: host}", "DS215", "no operator \"prefixx\"; did you mean \"prefix\"?" },
                { "m.source: {prefix: /etc}", "DS215",
                  "\"prefix\" does not fit m.source, of type path; these do: eq, in, within, below, covers, named, empty, given" },
                { "container.ports: 80", "DS215", NULL },
                { "container.network: [a, b]", "DS216", NULL },
                { "container.network: {eq: [a, b]}", "DS216", NULL },
                { "container.network: {}", "DS216", NULL },
                { "container.network: ", "DS216", NULL },
                { "container.memory: {between: [1m]}", "DS216", "between takes two: [low, high]" },
                { "container.network: {in: {a: b}}", "DS216", NULL },
                { "container.network: {empty: 1}", "DS216", NULL },
                { "container.network: {in: $nets}", "DS217", "no list \"nets\"" },
                { "container.network: $net", "DS218", "no value \"net\"" },
                { "container.network: \"$net\"", "DS218", NULL }, /* not the text "$net" */
                { "any: []", "DS216", NULL },
                { "any: {container.privileged: true}", "DS216", NULL },
                { "any: [{}]", "DS216", NULL },
                { "not: {}", "DS216", NULL },
                { "not: [a]", "DS204", NULL },
                { "{container.x: 1, container.network: {y: 1}, m.source: etc}", "DS214 DS215 DS216", NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct condition *condition;
                struct written w;
                char got[80];

                written_init(&w);
                written_each(&w, "mounts", "m");
                assert_int_equal(condition_new(&w.compiler, written_yaml(&w, rows[i].condition), &condition), -EINVAL);
                if (strcmp(written_codes(&w, got, sizeof(got)), rows[i].codes) != 0 ||
                    (rows[i].message && strcmp(w.diag.items[0].message.p, rows[i].message) != 0))
                        fail_msg("%s: %s: %s", rows[i].condition, got, w.diag.items[0].message.p);
                written_deinit(&w);
        }
}

/* Lists unfold within each other; a name that is taken twice, an item that does not fit and a circle are told. */
static void lists_join_and_are_bounded(void **state) {
        struct bench b;
        const struct condition *condition;
        struct scope scope;
        char got[80];

        (void)state;
        bench_init(&b);
        written_each(&b.w, "mounts", "m");
        scope = (struct scope){ .facts = &b.facts, .element = &b.mount };
        assert_int_equal(definitions_add(&b.w.compiler,
                                         written_yaml(&b.w, "{a: [/etc, $b], b: [/srv/x], c: [$d], d: [$c], bad: [etc, usr]}"),
                                         DEFINITION_LIST),
                         0);
        assert_int_equal(definitions_add(&b.w.compiler, written_yaml(&b.w, "{v: /srv}"), DEFINITION_VALUE), 0);
        assert_int_equal(condition_holds(written_condition(&b.w, "m.source: {in: [/x, [$a]]}"), &scope), TRUTH_YES);
        assert_int_equal(condition_holds(written_condition(&b.w, "m.source: {within: [$v]}"), &scope), TRUTH_YES);
        assert_int_equal(condition_holds(written_condition(&b.w, "m.source: {below: $v}"), &scope), TRUTH_YES);

        assert_int_equal(condition_new(&b.w.compiler, written_yaml(&b.w, "m.source: {in: $c}"), &condition), -EINVAL);
        assert_int_equal(condition_new(&b.w.compiler, written_yaml(&b.w, "m.source: $a"), &condition), -EINVAL);
        /* Both items of a bad list are told, once, however often it is used. */
        for (int i = 0; i < 3; ++i)
                assert_int_equal(condition_new(&b.w.compiler, written_yaml(&b.w, "m.source: {in: $bad}"), &condition), -EINVAL);
        assert_string_equal(written_codes(&b.w, got, sizeof(got)), "DS216 DS216 DS216 DS216");
        bench_deinit(&b);
}

/* Thirty lists, each twice the next: a billion steps, were they not counted. */
static void lists_of_lists_of_nothing_end(void **state) {
        const struct condition *condition;
        char text[1000] = "{";
        struct written w;

        (void)state;
        for (int i = 0; i < 30; ++i)
                snprintf(text + strlen(text), sizeof(text) - strlen(text), "l%d: [$l%d, $l%d], ", i, i + 1, i + 1);
        strcat(text, "l30: []}");
        written_init(&w);
        assert_int_equal(definitions_add(&w.compiler, written_yaml(&w, text), DEFINITION_LIST), 0);
        assert_int_equal(condition_new(&w.compiler, written_yaml(&w, "container.network: {in: $l0}"), &condition), -EINVAL);
        written_deinit(&w);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_operator_on_each_type),
                cmocka_unit_test(paths_are_judged_in_the_spelling_asked_for),
                cmocka_unit_test(a_root_or_a_missing_path),
                cmocka_unit_test(an_unclean_path_is_matched_all_the_same),
                cmocka_unit_test(short_cuts_agree_with_path_matches),
                cmocka_unit_test(port_ranges_overlap),
                cmocka_unit_test(the_element_of_a_set_is_the_name_alone),
                cmocka_unit_test(four_truths_combine),
                cmocka_unit_test(versions_compare_by_their_numbers),
                cmocka_unit_test(the_table_is_whole),
                cmocka_unit_test(wrong_conditions_are_reported),
                cmocka_unit_test(lists_join_and_are_bounded),
                cmocka_unit_test(lists_of_lists_of_nothing_end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
