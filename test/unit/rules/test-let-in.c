#include "let-in-priv.h"

#include "written.h"

struct bench {
        struct written w;
        struct facts facts;
        struct mount_fact mount;
};

static void bench_init(struct bench *b) {
        *b = (struct bench){ 0 };
        written_init(&b->w);
        assert_int_equal(definitions_add(&b->w.compiler, written_yaml(&b->w, "{paths: []}"), DEFINITION_ALLOW_LIST), 0);
        assert_int_equal(definitions_add(&b->w.compiler, written_yaml(&b->w, "{kinds: [a]}"), DEFINITION_LIST), 0);
        written_each(&b->w, "mounts", "m");
}

static const struct let_in *compile(struct bench *b, const char *text) {
        const struct yaml_node *node = written_yaml(&b->w, text);
        const struct let_in *l = NULL;

        assert_non_null(node);
        return let_in_new(&b->w.compiler, node, &l) == 0 ? l : NULL;
}

static void what_a_list_can_not_say_exactly_has_a_reason(void **state) {
        static const struct {
                struct str value;
                bool fit;
        } rows[] = {
                { STR("/srv/data"), true },
                { STR("/srv/x, /root"), true },
                { STR("/srv/a]}]"), true },
                { STR("/srv/a: b # c"), true },
                { STR("/srv/\"q\" 'r' \\ {x}"), true },
                { STR("/srv/$HOME"), true },
                { STR("/srv/?"), true }, /* of paths only the star stands for others */
                { STR("/srv/[a]"), true },
                { STR("/srv/\xe2\x80\xae\n\t"), true },
                { STR("true"), true },
                { STR("null"), true },
                { STR("logs.example:514"), true },
                { STR("/srv/*"), false },
                { STR("weave*"), false },
                { STR("weav?"), false },
                { STR("$allowed-host-paths"), false },
                { STR("/"), false },
                { STR("/.:"), false },
                { STR("/srv/x:ro"), false },
                { STR("/srv/x:rw"), false },
                { STR("/srv/\xff"), false },
                { STR("/srv/\0x"), false },
        };

        struct bench b;
        const struct let_in *path, *text;

        (void)state;
        bench_init(&b);
        path = compile(&b, "{paths: m.source}");
        text = compile(&b, "{paths: m.driver}");
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (!let_in_unfit(rows[i].value.p[0] == '/' ? path : text, rows[i].value) != rows[i].fit)
                        fail_msg("%s", rows[i].value.p);
        /* A profile of AppArmor is called by a path, and is none. */
        assert_non_null(let_in_unfit(text, STR_C("/usr/bin/?")));
        written_deinit(&b.w);
}

static void a_path_is_listed_by_its_spellings(void **state) {
        struct bench b;
        struct scope scope = { .facts = &b.facts, .element = &b.mount };
        const struct let_in *l;

        (void)state;
        bench_init(&b);
        b.mount.source = a_path("/srv/l", "/data");
        l = compile(&b, "{paths: m.source}");
        assert_non_null(l);
        assert_true(str_eqz(let_in_list(l), "paths"));
        assert_int_equal(let_in_spellings(l, &scope), 2);
        assert_true(str_eqz(let_in_value(l, &scope), "/srv/l"));
        scope.spelling = 1;
        assert_true(str_eqz(let_in_value(l, &scope), "/data"));
        scope.spelling = 2;
        assert_int_equal(let_in_value(l, &scope).n, 0);
        /* Of one that nobody could follow, listing what is written would not help. */
        b.mount.source = a_path("/srv/l", NULL);
        b.mount.source.head.state = FACT_LEXICAL;
        scope.spelling = 0;
        assert_int_equal(let_in_value(l, &scope).n, 0);
        /* What an unknown list may hold besides what was seen has no element. */
        assert_int_equal(let_in_spellings(l, &(struct scope){ .facts = &b.facts }), 0);
        assert_int_equal(let_in_value(l, &(struct scope){ .facts = &b.facts }).n, 0);
        written_deinit(&b.w);
}

static void a_text_is_listed_as_it_is(void **state) {
        struct bench b;
        struct scope scope = { .facts = &b.facts, .element = &b.mount };
        const struct let_in *l;

        (void)state;
        bench_init(&b);
        b.mount.driver = a_string("weave");
        b.facts.container.name = a_string("web");
        l = compile(&b, "{paths: m.driver}");
        assert_int_equal(let_in_spellings(l, &scope), 1);
        assert_true(str_eqz(let_in_value(l, &scope), "weave"));
        l = compile(&b, "{paths: container.name}");
        assert_true(str_eqz(let_in_value(l, &(struct scope){ .facts = &b.facts }), "web"));
        b.facts.container.name.head.state = FACT_UNKNOWN;
        assert_int_equal(let_in_value(l, &(struct scope){ .facts = &b.facts }).n, 0);
        written_deinit(&b.w);
}

static void wrong_ones_are_reported(void **state) {
        static const struct {
                const char *text, *codes;
        } rows[] = {
                { "{}", "DS204" },
                { "{paths: m.source, kinds: m.source}", "DS204" },
                { "{paths: [m.source]}", "DS204" },
                { "{path: m.source}", "DS217" },
                { "{kinds: m.source}", "DS217" }, /* conditions judge by it; nobody is let in by it */
                { "{paths: m.sauce}", "DS214" },
                { "{paths: m.read_only}", "DS216" },
                { "{paths: container.capabilities.added}", "DS216" },
                { "{path: m.sauce}", "DS217 DS214" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct bench b;
                char got[80];

                bench_init(&b);
                assert_null(compile(&b, rows[i].text));
                if (strcmp(written_codes(&b.w, got, sizeof(got)), rows[i].codes) != 0)
                        fail_msg("%s: %s", rows[i].text, got);
                written_deinit(&b.w);
        }
}

static void what_may_not_be_shown_is_not_listed(void **state) {
        struct bench b;
        char got[80];

        (void)state;
        bench_init(&b);
        written_each(&b.w, "variables", "v");
        assert_null(compile(&b, "{paths: v.value}"));
        assert_string_equal(written_codes(&b.w, got, sizeof(got)), "DS220");
        written_deinit(&b.w);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_a_list_can_not_say_exactly_has_a_reason),
                cmocka_unit_test(a_path_is_listed_by_its_spellings),
                cmocka_unit_test(a_text_is_listed_as_it_is),
                cmocka_unit_test(wrong_ones_are_reported),
                cmocka_unit_test(what_may_not_be_shown_is_not_listed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
