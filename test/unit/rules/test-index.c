#include "index.h"

#include "condition-walk.h"
#include "docksill/engine/operation.h"
#include "folder.h"
#include "written.h"

#define RULES                                                                                                          \
        "docksill: v1\nkind: rules\nrules:\n"                                                                          \
        "  - {id: a, title: t, message: m, severity: low, when: {container.privileged: true}}\n"                       \
        "  - {id: b, title: t, message: m, severity: low, when: {container.privileged: true, container.name: x}}\n"    \
        "  - {id: c, title: t, message: m, severity: low, when: {container.privileged: false}}\n"                      \
        "  - {id: d, title: t, message: m, severity: low, for_each: mounts as m, when: {m.kind: host}}\n"              \
        "  - {id: e, title: t, message: m, severity: low, for_each: container.groups as g}\n"                          \
        "  - {id: f, title: t, message: m, severity: low, when: {any: [{container.init: true}, {container.pid: x}]}}\n" \
        "  - {id: g, title: t, message: m, cases: [{when: {container.init: true}, severity: low}]}\n"                  \
        "  - {id: h, title: t, message: m, severity: low, when: {not: {container.init: true}}}\n"                      \
        "  - {id: i, title: t, message: m, severity: low, on: [exec.create]}\n"                                          \
        "  - {id: j, title: t, message: m, severity: low, when: {container.links: {contains: db}}}\n"                   \
        "  - {id: k, title: t, message: m, severity: low, when: {container.links: {prefix: web}}}\n"                    \
        "  - {id: l, title: t, message: m, severity: low, when: {container.links: {subset-of: [db]}}}\n"                \
        "  - {id: m, title: t, message: m, severity: low, when: {container.links: {given: false}}}\n"              \
        "  - {id: n, title: t, message: m, severity: low, when: {container.links: {given: true}}}\n"

struct bench {
        struct folder folder;
        struct ruleset *rs;
        struct arena arena;
        struct facts facts;
        size_t operation;
};

static void bench_init(struct bench *b) {
        *b = (struct bench){ 0 };
        folder_init(&b->folder);
        arena_init(&b->arena, 1 << 20);
        folder_write(&b->folder, "r.yaml", RULES);
        b->rs = folder_rules(&b->folder, "r.yaml");
        assert_non_null(b->rs);
        b->operation = operation_index(operation_find(STR_C("container.create")));
}

static void bench_deinit(struct bench *b) {
        ruleset_unref(b->rs);
        arena_deinit(&b->arena);
        folder_deinit(&b->folder);
}

/* The ids of the candidates, each a letter, must be these in any order. */
static void expect(struct bench *b, const char *letters) {
        struct rule_view view = ruleset_candidates(b->rs, b->operation, &b->facts, &b->arena);
        bool seen[256] = { false };

        for (size_t i = 0; i < view.n; ++i) {
                assert_false(seen[(unsigned char)view.items[i]->id.p[0]]);
                seen[(unsigned char)view.items[i]->id.p[0]] = true;
                if (!strchr(letters, view.items[i]->id.p[0]))
                        fail_msg("%c is a candidate, not only %s", view.items[i]->id.p[0], letters);
        }
        assert_int_equal(view.n, strlen(letters));
}

static void what_cannot_fire_is_left_out(void **state) {
        struct mount_fact mount = { 0 };
        struct bench b;

        (void)state;
        bench_init(&b);
        expect(&b, "chlm");
        b.facts.container.privileged.value = true;
        expect(&b, "abhlm");
        b.facts.mounts = (struct fact_list){ .items = &mount, .n = 1 };
        expect(&b, "abdhlm");
        b.facts.container.groups = (struct fact_set){ .items = (struct str[]){ STR("wheel") }, .n = 1 };
        expect(&b, "abdehlm");
        b.facts.container.links.head.given = true; /* and empty */
        expect(&b, "abdehln");
        b.facts.container.links =
                (struct fact_set){ .head.given = true, .items = (struct str[]){ STR("cache") }, .n = 1 };
        expect(&b, "abdehjkn"); /* one question for j and k: whether there are links at all */
        b.facts.container.init.value = true;
        expect(&b, "abdefgjkn");
        bench_deinit(&b);
}

/* What can't be told is charged or warned of; a rule whose question nobody is asked is skipped, whatever it says besides. */
static void what_is_not_known_stays_and_what_is_off_goes(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        b.facts.container.privileged.head.state = FACT_UNKNOWN;
        b.facts.container.init.head.state = FACT_UNKNOWN;
        b.facts.mounts.head.state = FACT_UNKNOWN;
        b.facts.container.groups.head.state = FACT_OFF;
        b.facts.container.links.head.state = FACT_UNKNOWN;
        expect(&b, "abcdfghjklmn");
        b.facts.container.groups.head.state = FACT_KNOWN;
        b.facts.mounts.head.state = FACT_OFF;
        expect(&b, "abcfghjklmn");
        bench_deinit(&b);
}

static void a_full_arena_leaves_nothing_out(void **state) {
        struct rule_view view;
        struct arena full;
        struct bench b;

        (void)state;
        bench_init(&b);
        arena_init(&full, 0);
        view = ruleset_candidates(b.rs, b.operation, &b.facts, &full);
        assert_int_equal(view.n, ruleset_for(b.rs, b.operation).n);
        assert_int_equal(view.n, 13);
        arena_deinit(&full);
        bench_deinit(&b);
}

static void tests_are_the_same_when_nothing_differs(void **state) {
        static const struct {
                const char *a, *b;
                bool same;
        } rows[] = {
                { "container.privileged: true", "container.privileged: \"true\"", true },
                { "container.privileged: true", "container.privileged: false", false },
                { "container.privileged: true", "container.init: true", false },
                { "container.memory: {lt: 1m}", "container.memory: {lt: 1024k}", true },
                { "container.memory: {lt: 1m}", "container.memory: {le: 1m}", false },
                { "container.network: host", "container.network: {eq: host}", true },
                { "container.network: host", "container.network: none", false },
                { "container.network: {in: [host]}", "container.network: {in: [host, none]}", false },
                { "container.network: {in: [host, none]}", "container.network: {in: [host, none]}", true },
                { "container.capabilities.added: {size: 1}", "container.capabilities.added: {size: 2}", false },
                { "container.capabilities.added: SYS_ADMIN", "container.capabilities.added: CAP_SYS_ADMIN", true },
                { "container.network: {regex: a}", "container.network: {regex: a}", true },
                { "container.network: {regex: a}", "container.network: {regex: b}", false },
                { "any: [{container.init: true}, {container.pid: host}]", "any: [{container.init: true}, {container.pid: host}]",
                  true },
                { "any: [{container.init: true}, {container.pid: host}]", "any: [{container.init: true}, {container.ipc: host}]",
                  false },
                { "any: [{container.init: true}, {container.pid: host}]", "any: [{container.init: true}]", false },
                { "not: {container.init: true}", "not: {container.init: true}", true },
                { "not: {container.init: true}", "container.init: true", false },
        };
        struct written w;

        (void)state;
        written_init(&w);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (condition_same(written_condition(&w, rows[i].a), written_condition(&w, rows[i].b)) != rows[i].same)
                        fail_msg("%s and %s", rows[i].a, rows[i].b);
        assert_true(condition_same(NULL, NULL));
        assert_false(condition_same(NULL, written_condition(&w, rows[0].a)));
        written_deinit(&w);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_cannot_fire_is_left_out),
                cmocka_unit_test(what_is_not_known_stays_and_what_is_off_goes),
                cmocka_unit_test(a_full_arena_leaves_nothing_out),
                cmocka_unit_test(tests_are_the_same_when_nothing_differs),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
