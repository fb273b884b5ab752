#include "docksill/engine/request-path.h"

#include "call.h"

static const struct request_path *paths_of(struct call *c, size_t wanted) {
        struct request_path *paths = NULL;
        size_t n = 0;

        assert_int_equal(request_paths(&c->request, &c->arena, &paths, &n), 0);
        assert_int_equal(n, wanted);
        return paths;
}

/* PROTOCOL 6.1, 6.2, 6.4: what dockerd cleans and what it leaves to the kernel. */
static void names_paths_as_the_kernel_will_see_them(void **state) {
        static const struct {
                const char *host_config, *first, *path;
        } rows[] = {
                { "\"Binds\":[\"/srv/x:/h\"]", "/srv/x", "/srv/x" },
                { "\"Binds\":[\"/srv/./link/../x/:/h:ro\"]", "/srv/x", "/srv/x" },
                { "\"Binds\":[\"/var/run/x:/h\"]", "/run/x", "/var/run/x" },
                { "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a//b\",\"Target\":\"/h\"}]", "/a/b", "/a/b" },
                { "\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/h\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":"
                  "{\"o\":\"bind\",\"device\":\"/srv/link/../x\"}}}}]",
                  "/srv/x", "/srv/link/../x" },
                { "\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/h\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":"
                  "{\"type\":\"ext4\",\"device\":\"dev/sda1\"}}}}]",
                  "/dev/sda1", "/dev/sda1" },
                { "\"Devices\":[{\"PathOnHost\":\"/dev/disk/../sda\",\"PathInContainer\":\"/dev/a\"}]", "/dev/sda",
                  "/dev/disk/../sda" },
                { "\"Devices\":[{\"PathOnHost\":\"dev/sda\"}]", "/dev/sda", "/dev/sda" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct request_path *p;
                struct call c;

                call_host_config(&c, rows[i].host_config);
                p = paths_of(&c, 1);
                if (!str_eqz(p->path, rows[i].path))
                        fail_msg("row %zu: %" STR_FMT, i, STR_ARG(p->path));
                assert_true(str_eqz(p->cell->spelling[0], rows[i].first));
                call_free(&c);
        }
}

/* A volume made ahead, and what a plugin is granted or set to: mounted as they are. */
static void other_doors_name_paths_too(void **state) {
        static const struct {
                const char *uri, *body, *path;
        } rows[] = {
                { "/volumes/create", "{\"DriverOpts\":{\"o\":\"bind\",\"device\":\"/srv/link/../x\"}}",
                  "/srv/link/../x" },
                { "/plugins/pull?remote=x/y", "[{\"Name\":\"mount\",\"Value\":[\"/srv/link/../x\"]}]",
                  "/srv/link/../x" },
                { "/plugins/p/set", "[\"data.source=srv\"]", "/srv" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct call c;

                call_read(&c, (struct wire){ "POST", rows[i].uri, rows[i].body });
                assert_str(paths_of(&c, 1)->path, rows[i].path);
                call_free(&c);
        }
}

static void nothing_else_is_a_host_path(void **state) {
        static const char *const rows[] = {
                "",
                "\"Binds\":[\"data:/d\",\"/anonymous\"]",
                "\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/"
                "t\"},{\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/v\"}]",
                "\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/h\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":"
                "{\"type\":\"nfs\",\"device\":\":/export\"}}}}]",
                "\"Devices\":[{\"PathOnHost\":\"\"}]",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct call c;

                call_host_config(&c, rows[i]);
                (void)paths_of(&c, 0);
                call_free(&c);
        }
}

/* While a flaw stands no fact of the body is to be relied on, so nothing is looked up for it either. */
static void a_flawed_request_names_none(void **state) {
        struct call c;

        (void)state;
        call_read(&c, (struct wire){ "POST", "/v1.41/containers/create",
                                     "{\"HostConfig\":{\"Binds\":[\"/a:/b\"],\"Binds\":[]}}" });
        assert_true(flaws_any(&c.request.flaws));
        (void)paths_of(&c, 0);
        call_free(&c);
}

static void where_it_leads_is_a_spelling_more(void **state) {
        static const struct {
                const char *to, *second; /* NULL: it leads to itself */
        } rows[] = {
                { "/etc", "/etc" },         { "/srv/x", NULL }, { "/srv/x/", NULL },       { "/srv//x/.", NULL },
                { "/var/run/y", "/run/y" }, { "/", "/" },       { "/etc/../opt", "/opt" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct request_path *p;
                struct call c;

                call_host_config(&c, "\"Binds\":[\"/srv/x:/h\"]");
                p = paths_of(&c, 1);
                assert_int_equal(request_path_resolved(p, &c.arena, str_from(rows[i].to), i % 2), 0);
                assert_int_equal(p->cell->n, rows[i].second ? 2 : 1);
                assert_int_equal(fact_path_spellings(p->cell), p->cell->n);
                assert_int_equal(p->cell->head.state, FACT_KNOWN);
                assert_true(str_eqz(p->cell->spelling[0], "/srv/x"));
                if (rows[i].second && !str_eqz(p->cell->spelling[1], rows[i].second))
                        fail_msg("row %zu: %" STR_FMT, i, STR_ARG(p->cell->spelling[1]));
                call_free(&c);
        }
}

static void what_is_not_told_leaves_what_is_written(void **state) {
        const struct request_path *p;
        struct call c;

        (void)state;
        call_host_config(&c, "\"Binds\":[\"/srv/x:/h\",\"/srv/y:/i\"]");
        p = paths_of(&c, 2);
        request_path_mark_unknown(&p[0]);
        assert_int_equal(p[0].cell->head.state, FACT_LEXICAL);
        assert_int_equal(p[0].cell->n, 1);
        assert_int_equal(fact_path_spellings(p[0].cell), 2);
        assert_int_equal(p[1].cell->head.state, FACT_KNOWN);
        call_free(&c);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(names_paths_as_the_kernel_will_see_them),
                cmocka_unit_test(other_doors_name_paths_too),
                cmocka_unit_test(nothing_else_is_a_host_path),
                cmocka_unit_test(a_flawed_request_names_none),
                cmocka_unit_test(where_it_leads_is_a_spelling_more),
                cmocka_unit_test(what_is_not_told_leaves_what_is_written),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
