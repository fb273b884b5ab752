#include "folder.h"

#define RULES   "docksill: v1\nkind: rules\n"
#define PROFILE "docksill: v1\nkind: profile\nsource: here\nas_of: 2026-01-31\nsure: high\n"

static void says(struct str s, const char *expected) {
        if (!str_eqz(s, expected))
                fail_msg("\"%" STR_FMT "\" is not \"%s\"", STR_ARG(s), expected);
}

static void a_profile_is_read_as_it_stands(void **state) {
        const struct profile *p;
        struct ruleset *rs;
        struct folder f;

        (void)state;
        folder_init(&f);
        folder_write(&f, "d/r.yaml", RULES "rules: [{id: a, title: t, message: m, severity: low}]\n");
        folder_write(&f, "d/profiles/web.yaml",
                     PROFILE "name: web\nimages: [docker.io/library/web, \"localhost:5000/web\"]\n"
                             "users: [{tag: alpine, user: \"82:82\"}, {user: \"33\"}]\n"
                             "capabilities: []\ntmpfs: /run\nvolumes: [/data, /srv/x.y]\nprocesses: 64\nmemory: 2g\n");
        folder_write(&f, "d/profiles/bare.yaml", PROFILE "name: bare\nimages: ghcr.io/a/b\n");
        rs = folder_rules(&f, "d");
        assert_non_null(rs);
        assert_int_equal(ruleset_profiles(rs).n, 2);
        p = ruleset_profile(rs, STR_C("localhost:5000/web"));
        assert_non_null(p);
        assert_ptr_equal(ruleset_profile(rs, STR_C("docker.io/library/web")), p);
        says(p->name, "web");
        says(p->as_of, "2026-01-31");
        says(profile_user(p, STR_C("3-alpine"), false), "82:82");
        says(profile_user(p, STR_C("3"), false), "33");
        says(profile_user(p, (struct str){ 0 }, false), "33");
        /* It may be either. */
        assert_int_equal(profile_user(p, (struct str){ 0 }, true).n, 0);
        assert_true(p->capabilities.given && p->capabilities.n == 0);
        assert_int_equal(p->tmpfs.n, 1);
        assert_int_equal(p->volumes.n, 2);
        assert_int_equal(p->processes, 64);
        assert_int_equal(p->memory_bytes, INT64_C(2) << 30);
        p = ruleset_profile(rs, STR_C("ghcr.io/a/b"));
        assert_non_null(p);
        assert_false(p->capabilities.given || p->tmpfs.given);
        assert_int_equal(p->processes, 0);
        assert_int_equal(profile_user(p, STR_C("1"), false).n, 0);
        ruleset_unref(rs);
        folder_deinit(&f);
}

static void what_is_not_named_is_not_known(void **state) {
        static const char *const names[] = { "", "web", "docker.io/web", "docker.io/library/web2", "example.com/library/web" };
        struct ruleset *rs;
        struct folder f;

        (void)state;
        folder_init(&f);
        folder_write(&f, "d/web.yaml", PROFILE "name: web\nimages: docker.io/library/web\n");
        rs = folder_rules(&f, "d");
        assert_non_null(rs);
        for (size_t i = 0; i < ARRAY_SIZE(names); ++i)
                assert_null(ruleset_profile(rs, str_from(names[i])));
        ruleset_unref(rs);
        folder_deinit(&f);
}

/* The rules of an environment come behind those of the one that it extends. */
static void a_sites_profile_wins(void **state) {
        struct ruleset *rs;
        struct folder f;

        (void)state;
        folder_init(&f);
        folder_write(&f, "rules/shipped.yaml", PROFILE "name: web\nimages: docker.io/library/web\nprocesses: 1\n");
        folder_write(&f, "site/own.yaml", PROFILE "name: web\nimages: docker.io/library/web\nprocesses: 2\n");
        folder_write(&f, "environments/base.yaml",
                     "docksill: v1\nkind: environment\nname: base\ndeny: {severity: high, points: 50}\n"
                     "warn: {severity: low, points: 1}\nunknown: fail\nrules: [../rules]\n");
        folder_write(&f, "environments/site.yaml",
                     "docksill: v1\nkind: environment\nname: site\nextends: base\nrules: [../site]\n");
        rs = folder_environment(&f, "site");
        assert_non_null(rs);
        assert_int_equal(ruleset_profile(rs, STR_C("docker.io/library/web"))->processes, 2);
        ruleset_unref(rs);
        folder_deinit(&f);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_profile_is_read_as_it_stands),
                cmocka_unit_test(what_is_not_named_is_not_known),
                cmocka_unit_test(a_sites_profile_wins),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
