#include "asked.h"
#include "docksill/engine/request-path.h"
#include <time.h>

static void a_volume_is_what_it_was_made_as(void **state) {
        static const struct {
                const char *volume, *kind, *via, *driver, *source, *requested;
        } rows[] = {
                { "{\"Name\":\"v\",\"Driver\":\"local\",\"Options\":null}", "volume", "bind", "local", NULL, "v" },
                { "{\"Name\":\"v\",\"Driver\":\"local\",\"Options\":{}}", "volume", "bind", "local", NULL, "v" },
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/var/run/x/../"
                  "y\"}}",
                  "host", "named-volume", "local", "/run/y", "/var/run/x/../y" },
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"ext4\",\"device\":\"/dev/sda1\"}}", "block-device",
                  "named-volume", "local", "/dev/sda1", "/dev/sda1" },
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"tmpfs\",\"device\":\"tmpfs\"}}", "tmpfs",
                  "named-volume", "local", NULL, "v" },
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"nfs\",\"device\":\":/x\",\"o\":\"addr=192.0.2.1\"}}",
                  "other-filesystem", "named-volume", "local", NULL, "v" },
                { "{\"Driver\":\"site/nfs:latest\",\"Options\":{\"o\":\"bind\",\"device\":\"/\"}}", "volume", "bind",
                  "site/nfs", NULL, "v" },
                { "", "volume", "bind", "", NULL, "v" }, /* dockerd makes a plain one */
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"v:/a:ro\",\"/srv:/b\",\"v:/c\"]}}");

                answer(&a, 0, rows[i].volume);
                assert_int_equal(f->mounts.n, 3);
                for (size_t k = 0; k < 3; k += 2) {
                        const struct mount_fact *m = mount_of(f, k);

                        assert_str(m->kind.value, rows[i].kind);
                        assert_str(m->via.value, rows[i].via);
                        assert_str(m->driver.value, rows[i].driver);
                        assert_str(m->requested.value, rows[i].requested);
                        assert_str(m->volume.value, "v");
                        assert_int_equal(m->read_only.value, k == 0);
                        assert_int_equal(m->source.n, rows[i].source != NULL);
                        if (rows[i].source)
                                assert_str(m->source.spelling[0], rows[i].source);
                }
                assert_str(mount_of(f, 1)->requested.value, "/srv");
                done(&a);
        }
}

static double processor_seconds(void) {
        return (double)clock() / CLOCKS_PER_SEC;
}

/* 900 volumes of a plugin beside 100 whose driver is told one by one: each answer looks at what it changed, and not at
 * all the others again. With sanitizers that took a whole second when it did. */
static void what_an_answer_costs_does_not_grow_with_the_rest(void **state) {
        struct text body;
        struct asked a;
        struct facts *f;
        double began;

        (void)state;
        text_init(&body);
        text_addz(&body, "{\"HostConfig\":{\"Mounts\":[");
        for (int i = 0; i < 1000; ++i)
                text_addf(&body, "%s{\"Type\":\"volume\",\"Source\":\"v%d\",\"Target\":\"/%d\"%s}", i ? "," : "", i, i,
                          i < 100 ? "" : ",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"site/nfs\"}}");
        text_addz(&body, "]}}");
        f = ask_create(&a, text_str(&body).p);
        text_deinit(&body);
        assert_int_equal(a.questions.n, 101);
        answer(&a, 100, "{\"Name\":\"site/nfs:latest\",\"PluginReference\":\"r.example/site/nfs:1\"}");
        began = processor_seconds();
        for (size_t i = 0; i < 100; ++i)
                answer(&a, i, i % 2 ? "{\"Driver\":\"site/nfs:latest\"}" : "{\"Driver\":\"site/other:latest\"}");
        assert_true(processor_seconds() - began < 0.25);
        assert_int_equal(a.questions.n, 102);
        answer(&a, 101, NULL);
        for (size_t i = 0; i < 1000; ++i)
                if (i < 100 && i % 2 == 0)
                        assert_int_equal(mount_of(f, i)->plugin.head.state, FACT_UNKNOWN);
                else
                        assert_str(mount_of(f, i)->plugin.value, "r.example/site/nfs:1");
        done(&a);
}

/* The kernel gets the device as it stands, and follows links before "..". */
static void the_device_behind_a_volume_is_followed_as_it_stands(void **state) {
        struct request_path *paths;
        struct asked a;
        size_t n;

        (void)state;
        ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"v:/a\"]}}");
        answer(&a, 0, "{\"Driver\":\"local\",\"Options\":{\"o\":\"bind\",\"device\":\"/srv/link/../x\"}}");
        assert_int_equal(request_paths(&a.call.request, &a.call.arena, &paths, &n), 0);
        assert_int_equal(n, 1);
        assert_str(paths[0].path, "/srv/link/../x");
        done(&a);
}

#define INLINE(options)                                                                                                \
        "{\"HostConfig\":{\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/a\",\"ReadOnly\":true,"      \
        "\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"local\",\"Options\":{" options "}}}}]}}"

/* dockerd takes the volume that is there, and its options, whatever the request brings (measured with 20.10). */
static void options_of_the_request_are_judged_beside_the_volume_s(void **state) {
        static const struct {
                const char *volume, *kind, *via, *source; /* of the second mount; NULL: there is none */
        } rows[] = {
                { "", NULL, NULL, NULL },
                { "{\"Driver\":\"local\"}", "volume", "mount", NULL },
                { "{\"Driver\":\"nfs\"}", "volume", "mount", NULL },
                { "{\"Driver\":\"local\",\"Options\":{\"o\":\"bind\",\"device\":\"/srv\"}}", NULL, NULL, NULL },
                { "{\"Driver\":\"local\",\"Options\":{\"o\":\"bind\",\"device\":\"/etc\"}}", "host", "named-volume",
                  "/etc" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask_create(&a, INLINE("\"o\":\"bind\",\"device\":\"/srv\""));

                answer(&a, 0, rows[i].volume);
                assert_str(mount_of(f, 0)->kind.value, "host");
                assert_str(mount_of(f, 0)->via.value, "volume-options");
                assert_str(mount_of(f, 0)->source.spelling[0], "/srv");
                assert_int_equal(f->mounts.n, rows[i].kind ? 2 : 1);
                if (rows[i].kind) {
                        const struct mount_fact *m = mount_of(f, 1);

                        assert_str(m->kind.value, rows[i].kind);
                        assert_str(m->via.value, rows[i].via);
                        assert_str(m->target.value, "/a");
                        assert_true(m->read_only.value);
                        assert_int_equal(m->source.n, rows[i].source != NULL);
                        if (rows[i].source)
                                assert_str(m->source.spelling[0], rows[i].source);
                }
                done(&a);
        }
}

/* Nothing but the server differs. */
static void the_server_of_the_volume_that_is_there_counts(void **state) {
        static const struct {
                const char *volume, *reach; /* reach NULL: the same */
        } rows[] = {
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"nfs\",\"device\":\":/x\",\"o\":\"addr=192.0.2.9\"}}",
                  NULL },
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"nfs\",\"device\":\":/"
                  "x\",\"o\":\"addr=169.254.169.254\"}}",
                  "link-local" },
                { "{\"Driver\":\"local\"}", "none" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f =
                        ask_create(&a, INLINE("\"type\":\"nfs\",\"device\":\":/x\",\"o\":\"addr=192.0.2.1\""));

                answer(&a, 0, rows[i].volume);
                assert_str(mount_of(f, 0)->reach.value, "elsewhere");
                assert_int_equal(f->mounts.n, rows[i].reach ? 2 : 1);
                if (rows[i].reach)
                        assert_str(mount_of(f, 1)->reach.value, rows[i].reach);
                done(&a);
        }
}

static void a_volume_that_nobody_tells_of_may_be_anything(void **state) {
        static const char *const rows[] = { NULL, "[]", "{\"Options\":{\"o\":1}}", "{\"Options\":[]}" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"v:/a\",\"w:/b\"]}}");

                answer(&a, 0, rows[i]);
                assert_int_equal(mount_of(f, 0)->kind.head.state, FACT_UNKNOWN);
                assert_int_equal(mount_of(f, 0)->source.head.state, FACT_UNKNOWN);
                assert_int_equal(mount_of(f, 0)->driver.head.state, FACT_UNKNOWN);
                assert_int_equal(mount_of(f, 1)->kind.head.state, FACT_KNOWN);
                done(&a);

                /* A path that is written down stays as bad as it is. */
                f = ask_create(&a, INLINE("\"o\":\"bind\",\"device\":\"/etc\""));
                answer(&a, 0, rows[i]);
                assert_int_equal(mount_of(f, 0)->kind.head.state, FACT_KNOWN);
                assert_int_equal(mount_of(f, 0)->source.head.state, FACT_LEXICAL);
                assert_str(mount_of(f, 0)->source.spelling[0], "/etc");
                done(&a);

                f = ask_create(&a, INLINE("\"type\":\"tmpfs\",\"device\":\"tmpfs\""));
                answer(&a, 0, rows[i]);
                assert_int_equal(mount_of(f, 0)->kind.head.state, FACT_UNKNOWN);
                done(&a);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_volume_is_what_it_was_made_as),
                cmocka_unit_test(what_an_answer_costs_does_not_grow_with_the_rest),
                cmocka_unit_test(the_device_behind_a_volume_is_followed_as_it_stands),
                cmocka_unit_test(options_of_the_request_are_judged_beside_the_volume_s),
                cmocka_unit_test(the_server_of_the_volume_that_is_there_counts),
                cmocka_unit_test(a_volume_that_nobody_tells_of_may_be_anything),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
