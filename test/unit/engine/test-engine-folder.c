#include "call.h"
#include "docksill/base/cleanup.h"
#include "docksill/engine/engine-folder.h"

/* "data:/a obeyed:/b" */
static struct str listed(struct text *t, const struct engine_folders *f) {
        text_reset(t);
        text_addz(t, "");
        for (size_t i = 0; i < f->n; ++i) {
                if (i > 0)
                        text_add_char(t, ' ');
                text_addz(t, f->items[i].kind == ENGINE_DATA ? "data:" : "obeyed:");
                text_add(t, (struct str){ f->text + f->items[i].at, f->items[i].n });
        }
        return text_str(t);
}

static void folders_are_cleaned_and_kept_once(void **state) {
        static const struct {
                const char *paths[4];
                const char *listed;
        } rows[] = {
                { { NULL }, "" },
                { { "/data/docker" }, "data:/data/docker" },
                { { "/data/docker", "/data/docker", "/data//docker/.", "/data/x/../docker/" }, "data:/data/docker" },
                { { "/var/run/docker", "/run/docker" }, "data:/run/docker" },
                { { "/a", "/b" }, "data:/a data:/b" },
                { { "/a", "/ab", "/a/b" }, "data:/a data:/ab data:/a/b" },
                /* of the root all is, so that it would tell nothing */
                { { "/", "//", "/..", "/a/.." }, "" },
                { { "", "data", "./data", "unix:///run/x" }, "" },
                { { "/d\xc3\xa4ta /x" }, "data:/d\xc3\xa4ta /x" },
        };
        struct text t;

        (void)state;
        text_init(&t);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct engine_folders f = { 0 };

                for (size_t k = 0; k < ARRAY_SIZE(rows[i].paths) && rows[i].paths[k]; ++k)
                        engine_folders_add(&f, str_from(rows[i].paths[k]), ENGINE_DATA);
                assert_str(listed(&t, &f), rows[i].listed);
        }
        text_deinit(&t);
}

static void one_folder_may_be_of_both_kinds(void **state) {
        struct engine_folders f = { 0 }, g = { 0 };
        struct text t;

        (void)state;
        text_init(&t);
        engine_folders_add(&f, STR_C("/a"), ENGINE_OBEYED);
        engine_folders_add(&f, STR_C("/a"), ENGINE_DATA);
        engine_folders_add(&f, STR_C("/a"), ENGINE_OBEYED);
        assert_str(listed(&t, &f), "obeyed:/a data:/a");

        engine_folders_add(&g, STR_C("/b"), ENGINE_DATA);
        engine_folders_add(&g, STR_C("/a"), ENGINE_DATA);
        engine_folders_join(&g, &f);
        assert_str(listed(&t, &g), "data:/b data:/a obeyed:/a");
        engine_folders_join(&g, &g);
        assert_str(listed(&t, &g), "data:/b data:/a obeyed:/a");
        engine_folders_join(&g, &(struct engine_folders){ 0 });
        assert_int_equal(g.n, 3);
        text_deinit(&t);
}

static void what_has_no_room_is_left_out(void **state) {
        struct engine_folders f = { 0 }, full = { 0 };
        static char path[ENGINE_FOLDERS_TEXT + 1];

        (void)state;
        for (size_t i = 0; i < ENGINE_FOLDERS_MOST + 2; ++i) {
                char name[16];

                snprintf(name, sizeof(name), "/f%zu", i);
                engine_folders_add(&f, str_from(name), ENGINE_DATA);
        }
        assert_int_equal(f.n, ENGINE_FOLDERS_MOST);
        assert_true(f.partial);

        memset(path, 'a', sizeof(path));
        path[0] = '/';
        /* longer than any path, and longer than what is left */
        engine_folders_add(&full, (struct str){ path, 4096 }, ENGINE_DATA);
        assert_int_equal(full.n, 0);
        engine_folders_add(&full, (struct str){ path, 4095 }, ENGINE_DATA);
        assert_int_equal(full.n, 1);
        assert_false(full.partial);
        engine_folders_add(&full, STR_C("/b"), ENGINE_DATA);
        assert_true(full.partial);
        assert_int_equal(full.n, 1);
        assert_int_equal(full.used, 4095);
        engine_folders_join(&full, &f);
        assert_int_equal(full.n, 1);

        /* to the last byte */
        full = (struct engine_folders){ 0 };
        engine_folders_add(&full, (struct str){ path, 4000 }, ENGINE_DATA);
        engine_folders_add(&full, (struct str){ path, 97 }, ENGINE_DATA);
        assert_int_equal(full.n, 1);
        engine_folders_add(&full, (struct str){ path, 96 }, ENGINE_DATA);
        assert_int_equal(full.n, 2);
        assert_int_equal(full.used, ENGINE_FOLDERS_TEXT);
        engine_folders_join(&f, &full);
        assert_int_equal(f.n, ENGINE_FOLDERS_MOST);
}

/* -- mounts -- */

static const struct mount_fact *mount_of(const struct facts *f, size_t i) {
        assert_true(i < f->mounts.n);
        return (const struct mount_fact *)f->mounts.items + i;
}

static void known(struct engine_folders *f) {
        *f = (struct engine_folders){ 0 };
        engine_folders_add(f, STR_C("/data/docker"), ENGINE_DATA);
        engine_folders_add(f, STR_C("/run/docker.sock"), ENGINE_DATA);
        engine_folders_add(f, STR_C("/etc/docker"), ENGINE_OBEYED);
        engine_folders_add(f, STR_C("/data/nri"), ENGINE_OBEYED);
}

static void a_mount_at_below_or_above_is_marked(void **state) {
        static const struct {
                const char *source, *engine;
        } rows[] = {
                { "/data/docker", "data" },
                { "/data/docker/", "data" },
                { "/data/docker/containers/x", "data" },
                { "/data/dockerx", "no" },
                { "/data/docke", "no" },
                { "/Data/docker", "no" },
                { "/data", "data" }, /* above both kinds: the worse counts */
                { "/", "data" },
                { "/data/nri", "obeyed" },
                { "/data/nri/plugin", "obeyed" },
                { "/etc", "obeyed" },
                { "/etc/docker/certs.d", "obeyed" },
                { "/etc/dockerx", "no" },
                { "/var/run/docker.sock", "data" },
                { "/var/run", "data" },
                { "/srv/../data/docker", "data" },
                { "/srv", "no" },
        };
        struct engine_folders folders;

        (void)state;
        known(&folders);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char members[128];
                const struct facts *f;

                snprintf(members, sizeof(members), "\"Binds\":[\"%s:/x:ro\"]", rows[i].source);
                f = call_host_config(&c, members);
                assert_str(mount_of(f, 0)->engine.value, "no");
                engine_folders_mark(&folders, &c.request);
                if (!str_eqz(mount_of(f, 0)->engine.value, rows[i].engine))
                        fail_msg("%s is %" STR_FMT, rows[i].source, STR_ARG(mount_of(f, 0)->engine.value));
                assert_int_equal(mount_of(f, 0)->engine.head.state, FACT_KNOWN);
        }
}

static void what_is_no_path_of_the_host_is_not_marked(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f =
                call_host_config(&c, "\"Binds\":[\"docker:/data/docker\",\"/data/docker\"],"
                                     "\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/data/docker\"},"
                                     "{\"Type\":\"volume\",\"Target\":\"/v\",\"VolumeOptions\":{\"DriverConfig\":"
                                     "{\"Options\":{\"o\":\"bind\",\"device\":\"/data/docker\"}}}}]");
        struct engine_folders folders;

        (void)state;
        known(&folders);
        engine_folders_mark(&folders, &c.request);
        assert_str(mount_of(f, 0)->engine.value, "no");
        assert_str(mount_of(f, 1)->engine.value, "no");
        assert_str(mount_of(f, 2)->engine.value, "no");
        assert_str(mount_of(f, 3)->engine.value, "data"); /* a bind in a volume's clothes */
}

static void both_spellings_count(void **state) {
        static const struct {
                const char *lexical, *real, *engine;
        } rows[] = {
                { "/srv/link", "/data/docker", "data" },   { "/data/docker", "/srv/real", "data" },
                { "/data/nri", "/data/docker/x", "data" }, { "/data/docker", "/data/nri", "data" },
                { "/srv/link", "/etc/docker", "obeyed" },  { "/srv/link", "/srv/real", "no" },
        };
        struct engine_folders folders;

        (void)state;
        known(&folders);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                struct facts *f = call_host_config(&c, "\"Binds\":[\"/x:/x\"]");
                struct mount_fact *m = f->mounts.items;

                m->source.n = 2;
                m->source.spelling[0] = str_from(rows[i].lexical);
                m->source.spelling[1] = str_from(rows[i].real);
                engine_folders_mark(&folders, &c.request);
                assert_str(m->engine.value, rows[i].engine);
        }
}

/* Where nobody knows where it leads, only the worst is sure. */
static void a_path_that_may_lead_anywhere_is_unknown(void **state) {
        static const struct {
                const char *source, *engine;
                enum fact_state path, state;
        } rows[] = {
                { "/srv", "no", FACT_LEXICAL, FACT_UNKNOWN },     { "/srv", "no", FACT_UNKNOWN, FACT_UNKNOWN },
                { "/etc", "obeyed", FACT_LEXICAL, FACT_UNKNOWN }, { "/data/docker", "data", FACT_LEXICAL, FACT_KNOWN },
                { "/srv", "no", FACT_KNOWN, FACT_KNOWN },
        };
        struct engine_folders folders;

        (void)state;
        known(&folders);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                struct facts *f = call_host_config(&c, "\"Binds\":[\"/x:/x\"]");
                struct mount_fact *m = f->mounts.items;

                m->source.spelling[0] = str_from(rows[i].source);
                m->source.head.state = rows[i].path;
                engine_folders_mark(&folders, &c.request);
                assert_str(m->engine.value, rows[i].engine);
                assert_int_equal(m->engine.head.state, rows[i].state);
        }
}

/* Before the first look at the host's files is back, or where some had no room, what lies near none may yet be the
 * engine's. */
static void while_more_may_come_the_rest_is_unknown(void **state) {
        static const struct {
                const char *source, *engine;
                enum fact_state state;
        } rows[] = {
                { "/srv", "no", FACT_UNKNOWN },
                { "/etc", "obeyed", FACT_UNKNOWN },
                { "/data", "data", FACT_KNOWN },
        };
        struct engine_folders folders, joined = { 0 };
        const struct engine_folders nothing_yet = { .partial = true }, other = { 0 };

        (void)state;
        known(&folders);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char members[128];
                const struct mount_fact *m;

                snprintf(members, sizeof(members), "\"Binds\":[\"%s:/x\"]", rows[i].source);
                m = mount_of(call_host_config(&c, members), 0);
                engine_folders_mark(&nothing_yet, &c.request);
                assert_int_equal(m->engine.head.state, FACT_UNKNOWN);
                engine_folders_mark(&folders, &c.request); /* all that another knows makes no surer */
                engine_folders_mark(&other, &c.request);
                assert_str(m->engine.value, rows[i].engine);
                assert_int_equal(m->engine.head.state, rows[i].state);
        }
        engine_folders_join(&joined, &nothing_yet);
        assert_true(joined.partial);
}

/* What responses told and what the host's files tell are held against the mounts one after the other. */
static void a_second_look_only_makes_worse(void **state) {
        static const struct {
                enum engine_folder_kind first, second;
                const char *engine;
        } rows[] = {
                { ENGINE_DATA, ENGINE_OBEYED, "data" },
                { ENGINE_OBEYED, ENGINE_DATA, "data" },
                { ENGINE_OBEYED, ENGINE_OBEYED, "obeyed" },
        };
        const struct engine_folders none = { 0 };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = call_host_config(&c, "\"Binds\":[\"/a:/x\"]");
                struct engine_folders first = { 0 }, second = { 0 }, other = { 0 };

                engine_folders_add(&first, STR_C("/a/b"), rows[i].first);
                engine_folders_add(&second, STR_C("/a"), rows[i].second);
                engine_folders_add(&other, STR_C("/z"), ENGINE_DATA);
                engine_folders_mark(&first, &c.request);
                engine_folders_mark(&second, &c.request);
                engine_folders_mark(&other, &c.request);
                engine_folders_mark(&none, &c.request);
                assert_str(mount_of(f, 0)->engine.value, rows[i].engine);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(folders_are_cleaned_and_kept_once),
                cmocka_unit_test(one_folder_may_be_of_both_kinds),
                cmocka_unit_test(what_has_no_room_is_left_out),
                cmocka_unit_test(a_mount_at_below_or_above_is_marked),
                cmocka_unit_test(what_is_no_path_of_the_host_is_not_marked),
                cmocka_unit_test(both_spellings_count),
                cmocka_unit_test(a_path_that_may_lead_anywhere_is_unknown),
                cmocka_unit_test(while_more_may_come_the_rest_is_unknown),
                cmocka_unit_test(a_second_look_only_makes_worse),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
