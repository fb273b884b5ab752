#include "call.h"

static void create(struct call *c, const char *body) {
        call_read(c, (struct wire){ "POST", "/v1.44/volumes/create", body });
}

static void a_volume_is_a_mount(void **state) {
        static const struct {
                const char *body;
                const char *kind, *source, *driver, *filesystem;
        } rows[] = {
                { "{\"Name\":\"v\"}", "volume", NULL, "", "" },
                { "{}", "anonymous", NULL, "", "" },
                { "{\"Name\":\"v\",\"Driver\":\"local\",\"DriverOpts\":{}}", "volume", NULL, "local", "" },
                { "{\"Name\":\"v\",\"DriverOpts\":null,\"Labels\":null}", "volume", NULL, "", "" },
                { "{\"Name\":\"v\",\"DriverOpts\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/var/run/x\"}}",
                  "host", "/run/x", "", "none" },
                { "{\"name\":\"v\",\"DRIVEROPTS\":{\"o\":\"rw,rbind\",\"device\":\"//etc/../\"}}", "host", "/", "",
                  "" },
                { "{\"DriverOpts\":{\"type\":\"tmpfs\",\"o\":\"bind\",\"device\":\"/srv\"}}", "host", "/srv", "",
                  "tmpfs" },
                { "{\"DriverOpts\":{\"type\":\"ext4\",\"device\":\"/dev/vda\"}}", "block-device", "/dev/vda", "",
                  "ext4" },
                { "{\"DriverOpts\":{\"type\":\"nfs\",\"device\":\":/\",\"o\":\"addr=192.0.2.1\"}}", "other-filesystem",
                  NULL, "", "nfs" },
                /* Keys of a map do not fold, so the driver sees no bind; it refuses the options. */
                { "{\"Name\":\"v\",\"DriverOpts\":{\"O\":\"bind\",\"Device\":\"/\"}}", "volume", NULL, "", "" },
                /* What another driver makes of its options only it knows. */
                { "{\"Name\":\"v\",\"Driver\":\"sshfs\",\"DriverOpts\":{\"o\":\"bind\",\"device\":\"/\"}}", "volume",
                  NULL, "sshfs", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct mount_fact *m;

                create(&c, rows[i].body);
                assert_false(flaws_any(&c.request.flaws));
                assert_int_equal(c.request.facts.mounts.n, 1);
                m = c.request.facts.mounts.items;
                assert_str(m->kind.value, rows[i].kind);
                assert_str(m->driver.value, rows[i].driver);
                assert_str(m->filesystem.value, rows[i].filesystem);
                assert_int_equal(m->source.n, rows[i].source != NULL);
                if (rows[i].source)
                        assert_str(m->source.spelling[0], rows[i].source);
                assert_false(m->read_only.value);
        }
}

static void everything_said_becomes_facts(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = &c.request.facts;
        const struct text_fact *texts;

        (void)state;
        create(&c, "{\"Name\":\"v\",\"Driver\":\"local\",\"DriverOpts\":{\"type\":\"cifs\",\"o\":\"password=x\"},"
                   "\"Labels\":{\"a\":\"b\"}}");
        assert_false(flaws_any(&c.request.flaws));
        assert_int_equal(request_yields(&c.request),
                         GROUP_REQUEST | GROUP_DAEMON | GROUP_VOLUME | GROUP_MOUNTS | GROUP_TEXTS);
        assert_str(f->volume.name.value, "v");
        assert_str(f->volume.driver.value, "local");
        assert_str(call_joined(&c, &f->volume.option_names), "type o");
        assert_int_equal(f->texts.n, 3);
        texts = f->texts.items;
        assert_str(texts[1].where.value, "DriverOpts.o");
        assert_str(texts[1].text.value, "password=x");
        assert_str(texts[2].where.value, "Labels.a");
        assert_str(call_unknown(&c), "");
}

/* An engine before 23 would make the plain volume that stands beside the specification. */
static void a_cluster_volume_is_judged_as_both(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct mount_fact *m;

        (void)state;
        create(&c,
               "{\"Name\":\"v\",\"DriverOpts\":{\"o\":\"bind\",\"device\":\"/\"},\"ClusterVolumeSpec\":"
               "{\"Group\":\"g\",\"AccessMode\":{\"Scope\":\"single\",\"Sharing\":\"none\",\"MountVolume\":{\"FsType\":"
               "\"xfs\",\"MountFlags\":[\"noexec\"]}},\"AccessibilityRequirements\":{\"Requisite\":[{\"Segments\":"
               "{\"zone\":\"a\"}}]},\"CapacityRange\":{\"RequiredBytes\":1},\"Secrets\":[{\"Key\":\"k\",\"Secret\":"
               "\"s\"}],\"Availability\":\"active\"}}");
        assert_false(flaws_any(&c.request.flaws));
        assert_str(call_unknown(&c), "");
        assert_int_equal(c.request.facts.mounts.n, 2);
        m = c.request.facts.mounts.items;
        assert_str(m[0].kind.value, "host");
        assert_str(m[1].kind.value, "cluster");
        assert_str(m[1].requested.value, "v");
}

static void an_update_is_of_a_cluster_volume(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct mount_fact *m;

        (void)state;
        call_read(&c, (struct wire){ "PUT", "/v1.44/volumes/v?version=7", "{\"Spec\":{\"Availability\":\"drain\"}}" });
        assert_false(flaws_any(&c.request.flaws));
        assert_str(c.request.facts.volume.name.value, "v");
        assert_int_equal(c.request.facts.mounts.n, 1);
        m = c.request.facts.mounts.items;
        assert_str(m->kind.value, "cluster");
        assert_str(m->requested.value, "v");
}

static void what_go_refuses_or_merges_is_a_flaw(void **state) {
        (void)state;
        call_expect_flaws(
                "/v1.41/volumes/create", { "null", FLAW_MALFORMED_JSON }, { "[]", FLAW_WRONG_TYPE },
                { "{\"Name\":1}", FLAW_WRONG_TYPE }, { "{\"DriverOpts\":[]}", FLAW_WRONG_TYPE },
                { "{\"DriverOpts\":{\"o\":1}}", FLAW_WRONG_TYPE },
                { "{\"DriverOpts\":{\"type\":\"none\"},\"driveropts\":{\"o\":\"bind\"}}", FLAW_DUPLICATE_KEY },
                { "{\"DriverOpts\":{\"o\":\"bind\",\"o\":\"\"}}", FLAW_DUPLICATE_KEY },
                { "{\"ClusterVolumeSpec\":{\"CapacityRange\":{\"RequiredBytes\":1.5}}}", FLAW_NUMBER_RANGE },
                { "{\"Name\":\"v\"}{}", FLAW_TRAILING_DATA });
}

static void unknown_keys_are_told(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        create(&c, "{\"Name\":\"v\",\"Options\":{\"o\":\"bind\"}}");
        assert_str(call_unknown(&c), "Options");
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_volume_is_a_mount),
                cmocka_unit_test(everything_said_becomes_facts),
                cmocka_unit_test(a_cluster_volume_is_judged_as_both),
                cmocka_unit_test(an_update_is_of_a_cluster_volume),
                cmocka_unit_test(what_go_refuses_or_merges_is_a_flaw),
                cmocka_unit_test(unknown_keys_are_told),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
