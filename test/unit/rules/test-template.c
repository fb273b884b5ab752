#include "written.h"

struct bench {
        struct written w;
        struct facts facts;
        struct mount_fact mount;
        struct port_fact port;
        struct text out;
};

static struct str dropped[] = { STR("NET_RAW"), STR("MKNOD") };

static void bench_init(struct bench *b) {
        *b = (struct bench){ 0 };
        written_init(&b->w);
        text_init(&b->out);
        assert_int_equal(definitions_add(&b->w.compiler, written_yaml(&b->w, "{age: 180d}"), DEFINITION_VALUE), 0);
        assert_int_equal(definitions_add(&b->w.compiler, written_yaml(&b->w, "{names: [a]}"), DEFINITION_LIST), 0);
        b->facts.container.memory.value = 64 << 20;
        b->facts.container.pids_limit.value = -1;
        b->facts.container.user = a_string("a\nb");
        b->facts.container.capabilities_dropped = (struct fact_set){ .items = dropped, .n = 2 };
        b->mount.source = a_path("/srv/x", "/etc");
        b->mount.requested = a_string("");
        b->port.host = (struct fact_port){ .lo = 80, .hi = 90 };
}

static void bench_deinit(struct bench *b) {
        text_deinit(&b->out);
        written_deinit(&b->w);
}

static const struct template *compile(struct bench *b, const char *text) {
        const struct template *template = NULL;
        struct yaml_node node = { .kind = NODE_SCALAR, .quoted = true, .text = str_from(text) };

        return template_new(&b->w.compiler, &node, &template) == 0 ? template : NULL;
}

static void expect(struct bench *b, const char *text, const struct scope *scope, const char *shown) {
        const struct template *template = compile(b, text);

        if (!template)
                fail_msg("%s: %s", text, b->w.diag.items[0].message.p);
        text_reset(&b->out);
        template_add(&b->out, template, scope);
        assert_string_equal(b->out.p ? b->out.p : "", shown);
}

static void facts_are_shown_as_people_read_them(void **state) {
        static const struct {
                const char *text, *shown;
        } rows[] = {
                { "", "" },
                { "plain", "plain" },
                { "a {{b}} c", "a {b} c" },
                { "{container.memory}", "64 MiB" },
                { "{container.pids_limit}", "-1" },
                { "{container.privileged}", "false" },
                { "<{container.user}>", "<a\\x0ab>" },
                { "{container.network}", "(none)" },
                { "{container.capabilities.dropped}", "NET_RAW, MKNOD" },
                { "{container.capabilities.added}", "(none)" },
                { "{container.ports}", "0" },
                { "{container.init}", "(unknown)" },
                { "{daemon.no_new_privileges}", "(none)" },
                { "older than {$age}", "older than 180d" },
                { "append: [NAME] of {container.pids_limit}", "append: [NAME] of -1" },
                { "{container.pids_limit}{container.pids_limit}", "-1-1" },
        };
        struct bench b;
        struct scope scope;

        (void)state;
        bench_init(&b);
        b.facts.container.init.head.state = FACT_UNKNOWN;
        b.facts.daemon.no_new_privileges.head.state = FACT_OFF;
        scope = (struct scope){ .facts = &b.facts };
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                expect(&b, rows[i].text, &scope, rows[i].shown);
        bench_deinit(&b);
}

static void bytes_are_never_rounded(void **state) {
        static const struct {
                int64_t bytes;
                const char *shown;
        } rows[] = {
                { 0, "0 bytes" },           { -1, "-1 bytes" },          { 1000, "1000 bytes" },
                { 1024, "1 KiB" },          { 1536, "1536 bytes" },      { 1 << 20, "1 MiB" },
                { 1500 << 10, "1500 KiB" }, { (int64_t)1 << 30, "1 GiB" }, { (int64_t)2048 << 40, "2048 TiB" },
        };
        struct bench b;
        struct scope scope;

        (void)state;
        bench_init(&b);
        scope = (struct scope){ .facts = &b.facts };
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                b.facts.container.memory.value = rows[i].bytes;
                expect(&b, "{container.memory}", &scope, rows[i].shown);
        }
        bench_deinit(&b);
}

static void elements_show_the_spelling_that_was_judged(void **state) {
        struct bench b;
        struct scope scope;

        (void)state;
        bench_init(&b);
        written_each(&b.w, "mounts", "m");
        scope = (struct scope){ .facts = &b.facts, .element = &b.mount };
        expect(&b, "{m.source} {m.requested}", &scope, "/srv/x (none)");
        scope.spelling = 1;
        expect(&b, "{m.source}", &scope, "/etc");
        assert_true(template_of_element(compile(&b, "{m.source}")));
        assert_false(template_of_element(compile(&b, "{container.name}")));
        assert_false(template_of_element(NULL));
        assert_true(template_shows(compile(&b, "a {m.source}"), fact_find_in(b.w.compiler.each->element, STR_C("source"))));
        assert_false(template_shows(compile(&b, "a {m.source}"), fact_find_in(b.w.compiler.each->element, STR_C("target"))));
        assert_false(template_shows(NULL, fact_find_in(b.w.compiler.each->element, STR_C("source"))));
        written_each(&b.w, "container.ports", "p");
        scope.element = &b.port;
        expect(&b, "-p {p.host}:{p.container}", &scope, "-p 80-90:0");
        bench_deinit(&b);
}

/* What is to be pasted holds nothing of a requester's but what a shell and YAML take for letters of a word. */
static void what_is_pasted_is_plain_or_left_out(void **state) {
        static const struct {
                const char *user, *words;
                bool exact;
        } rows[] = {
                { "app", "--user app x", true },
                { "10001:10001", "--user 10001:10001 x", true },
                { "a$(id)", "--user … x", true },
                { "a b", "--user … x", true },
                { "a\", \"b", "--user … x", true },
                { "d\xc3\xa9", "--user … x", true },
                { "a\nb", "--user … x", false },
                { "a\xe2\x80\xae", "--user … x", false },
                { "\xff", "--user … x", false },
                { "", "--user … x", false },
        };
        struct bench b;
        struct scope scope = { .facts = &b.facts };
        const struct template *template;
        static char longest[401];

        (void)state;
        bench_init(&b);
        template = compile(&b, "--user {container.user} x");
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                b.facts.container.user = a_string(rows[i].user);
                text_reset(&b.out);
                template_add_words(&b.out, template, &scope);
                assert_string_equal(b.out.p, rows[i].words);
                assert_int_equal(template_is_exact(template, &scope), rows[i].exact);
        }
        memset(longest, 'a', sizeof(longest) - 1);
        b.facts.container.user = a_string(longest);
        assert_false(template_is_exact(template, &scope));
        b.facts.container.user.head.state = FACT_UNKNOWN;
        assert_false(template_is_exact(template, &scope));
        bench_deinit(&b);
}

static void nothing_is_added_for_no_template(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        template_add(&b.out, NULL, &(struct scope){ .facts = &b.facts });
        assert_int_equal(b.out.n, 0);
        bench_deinit(&b);
}

static void wrong_texts_are_reported(void **state) {
        static const struct {
                const char *text, *codes;
        } rows[] = {
                { "{", "DS223" },
                { "}", "DS223" },
                { "a {container.name", "DS223" },
                { "a container.name}", "DS223" },
                { "{}", "DS223" },
                { "{propagation: rprivate}", "DS223" },
                { "{container.nam}", "DS214" },
                { "{v.value}", "DS220" },
                { "{$ages}", "DS218" },
                { "{$names}", "DS218" },
                /* What a requester wrote is never part of a line that an admin pastes. */
                { "override: [{{list: a, append: [{container.name}]}}]", "DS227" },
                { "append: [\"{container.name}\"]", "DS227" },
                { "set: [x, {container.user}, {container.name}]", "DS227 DS227" },
                { "{container.nam} {v.value} }", "DS214 DS220 DS223" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct bench b;
                char got[80];

                bench_init(&b);
                written_each(&b.w, "variables", "v");
                assert_null(compile(&b, rows[i].text));
                if (strcmp(written_codes(&b.w, got, sizeof(got)), rows[i].codes) != 0)
                        fail_msg("%s: %s", rows[i].text, got);
                bench_deinit(&b);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(facts_are_shown_as_people_read_them),
                cmocka_unit_test(bytes_are_never_rounded),
                cmocka_unit_test(elements_show_the_spelling_that_was_judged),
                cmocka_unit_test(what_is_pasted_is_plain_or_left_out),
                cmocka_unit_test(nothing_is_added_for_no_template),
                cmocka_unit_test(wrong_texts_are_reported),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
