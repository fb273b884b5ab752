#include "try/form.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* All that may be conceded to a container of root; the last is bit 10. */
static const struct concession items[] = {
        { .kind = CONCEDE_USER },
        { .kind = CONCEDE_CAPABILITY, .name = STR("CHOWN") },
        { .kind = CONCEDE_CAPABILITY, .name = STR("NET_RAW") },
        { .kind = CONCEDE_FOLDER, .name = STR("/var/cache") },
        { .kind = CONCEDE_FOLDER, .name = STR("/var/lib/x"), .volume = true },
        { .kind = CONCEDE_MEMORY },
        { .kind = CONCEDE_PROCESSES },
        { .kind = CONCEDE_CPUS },
        { .kind = CONCEDE_PRIVILEGES },
        { .kind = CONCEDE_PROFILE, .name = STR("seccomp=unconfined") },
        { .kind = CONCEDE_ROOTFS },
};
#define ALL 0x7ff

static struct form form_of(uint64_t conceded) {
        return (struct form){
                .items = items, .n = ARRAY_SIZE(items), .conceded = conceded, .user = FORM_USER, .root = true, .tmp = true
        };
}

static void assert_applied(const struct form *f, const char *config, const char *host) {
        json_t *c = json_pack("{s:s}", "Image", "x"), *h = json_pack("{s:[s]}", "SecurityOpt", "seccomp=unconfined");
        char *got;

        assert_int_equal(form_apply(f, c, h), 0);
        got = json_dumps(c, JSON_COMPACT | JSON_SORT_KEYS);
        assert_string_equal(got, config);
        free(got);
        got = json_dumps(h, JSON_COMPACT | JSON_SORT_KEYS);
        assert_string_equal(got, host);
        free(got);
        json_decref(c);
        json_decref(h);
}

static void hardens(void **state) {
        struct form f = form_of(0);

        (void)state;
        assert_applied(&f, "{\"Image\":\"x\",\"User\":\"10001:10001\",\"Volumes\":{}}",
                       "{\"CapAdd\":[],\"CapDrop\":[\"ALL\"],\"Memory\":536870912,\"NanoCpus\":1000000000,"
                       "\"PidsLimit\":100,\"ReadonlyRootfs\":true,\"SecurityOpt\":[\"no-new-privileges:true\"],"
                       "\"Tmpfs\":{\"/tmp\":\"\"}}");
}

static void all_conceded_is_the_original_with_folders(void **state) {
        struct form f = form_of(ALL);

        (void)state;
        assert_applied(&f, "{\"Image\":\"x\",\"Volumes\":{\"/var/lib/x\":{}}}",
                       "{\"SecurityOpt\":[\"seccomp=unconfined\"],\"Tmpfs\":{\"/var/cache\":\"\"}}");
        f = (struct form){ .user = FORM_USER, .root = true };
        assert_applied(&f, "{\"Image\":\"x\"}", "{\"SecurityOpt\":[\"seccomp=unconfined\"]}");
}

static void concedes_one_by_one(void **state) {
        struct form f = form_of(ALL & ~(1u << 2));

        (void)state;
        assert_applied(&f, "{\"Image\":\"x\",\"Volumes\":{\"/var/lib/x\":{}}}",
                       "{\"CapAdd\":[\"CHOWN\"],\"CapDrop\":[\"ALL\"],\"SecurityOpt\":[\"seccomp=unconfined\"],"
                       "\"Tmpfs\":{\"/var/cache\":\"\"}}");
        /* Who does not start as root owns the folder. */
        f = form_of(ALL & ~1u);
        assert_applied(&f, "{\"Image\":\"x\",\"User\":\"10001:10001\",\"Volumes\":{\"/var/lib/x\":{}}}",
                       "{\"SecurityOpt\":[\"seccomp=unconfined\"],\"Tmpfs\":{\"/var/cache\":\"uid=10001,gid=10001\"}}");
        f.root = false;
        f.conceded = ALL;
        assert_applied(&f, "{\"Image\":\"x\",\"Volumes\":{\"/var/lib/x\":{}}}",
                       "{\"SecurityOpt\":[\"seccomp=unconfined\"],\"Tmpfs\":{\"/var/cache\":\"uid=10001,gid=10001\"}}");
        /* More memory than the usual, and so many processes. */
        f = form_of(ALL);
        f.memory = "2g";
        f.processes = 500;
        assert_applied(&f, "{\"Image\":\"x\",\"Volumes\":{\"/var/lib/x\":{}}}",
                       "{\"Memory\":2147483648,\"PidsLimit\":500,\"SecurityOpt\":[\"seccomp=unconfined\"],"
                       "\"Tmpfs\":{\"/var/cache\":\"\"}}");
}

static void assert_flags(const struct form *f, const char *words) {
        struct flags flags = { 0 };
        struct arena arena;
        struct text t;

        arena_init(&arena, 1 << 20);
        text_init_arena(&t, &arena);
        assert_int_equal(form_flags(&flags, &arena, f), 0);
        for (size_t i = 0; i < flags.n; ++i) {
                text_addz(&t, i ? " " : "");
                flag_add_shell(&t, flags.items[i]);
        }
        assert_string_equal(t.p ? t.p : "", words);
        arena_deinit(&arena);
}

/* The flags say what form_apply() does. */
static void tells_flags(void **state) {
        struct form f = form_of(0);

        (void)state;
        assert_flags(&f, "--user 10001:10001 --cap-drop=ALL --security-opt no-new-privileges:true --read-only --tmpfs /tmp "
                         "-m 512m --pids-limit 100 --cpus 1");
        f = form_of(1 << 1 | 1 << 3 | 1 << 4);
        assert_flags(&f, "--user 10001:10001 --cap-drop=ALL --cap-add=CHOWN --security-opt no-new-privileges:true "
                         "--read-only --tmpfs /tmp --tmpfs /var/cache:uid=10001,gid=10001 --volume /var/lib/x -m 512m "
                         "--pids-limit 100 --cpus 1");
        f = form_of(1 | 1 << 3 | 1 << 5 | 1 << 6);
        f.memory = "1g";
        f.tmp = false;
        assert_flags(&f, "--cap-drop=ALL --security-opt no-new-privileges:true --read-only --tmpfs /var/cache -m 1g --cpus 1");
        f = form_of(ALL & ~(uint64_t)0x18);
        assert_flags(&f, "");
}

static void tells_flags_of_compose(void **state) {
        struct form f = form_of(1 << 1 | 1 << 3 | 1 << 4);
        struct flags flags = { 0 };
        struct arena arena;
        struct text t;

        (void)state;
        arena_init(&arena, 1 << 20);
        text_init_arena(&t, &arena);
        assert_int_equal(form_flags(&flags, &arena, &f), 0);
        assert_true(flags_add_words(&t, &flags, FLAG_COMPOSE, "\n"));
        assert_string_equal(t.p, "user: \"10001:10001\"\ncap_drop: [\"ALL\"]\ncap_add: [\"CHOWN\"]\n"
                                 "security_opt: [\"no-new-privileges:true\"]\nread_only: true\n"
                                 "tmpfs: [\"/tmp\", \"/var/cache:uid=10001,gid=10001\"]\nvolumes: [\"/var/lib/x\"]\n"
                                 "mem_limit: 512m\npids_limit: 100\ncpus: 1");
        arena_deinit(&arena);
}

static void finds_no_memory(void **state) {
        struct form f = form_of(0);
        struct flags flags = { 0 };
        struct arena arena;

        (void)state;
        arena_init(&arena, 300);
        assert_true(form_flags(&flags, &arena, &f) < 0);
        arena_deinit(&arena);
}

static void names_are_made_visible(void **state) {
        const struct concession c = { .kind = CONCEDE_FOLDER, .name = STR("/x\033[2J") };
        struct text t;

        (void)state;
        text_init(&t);
        concession_add(&t, &c);
        assert_string_equal(t.p, "write to /x\\x1b[2J");
        text_deinit(&t);
        for (int kind = CONCEDE_USER; kind <= CONCEDE_ROOTFS; ++kind)
                assert_true(concession_kind_name((enum concession_kind)kind)[0]);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(hardens),
                cmocka_unit_test(all_conceded_is_the_original_with_folders),
                cmocka_unit_test(concedes_one_by_one),
                cmocka_unit_test(tells_flags),
                cmocka_unit_test(tells_flags_of_compose),
                cmocka_unit_test(finds_no_memory),
                cmocka_unit_test(names_are_made_visible),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
