#include "call.h"
#include "read/mount.h"

/* The one mount of a HostConfig, in words: kind via source volume target read_only propagation. */
struct row {
        const char *host_config;
        const char *kind, *via, *source, *volume, *target, *propagation;
        bool read_only;
        const char *unknown; /* NULL: none */
};

static void check(const struct row *row) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(&c, row->host_config);
        const struct mount_fact *m = f->mounts.items;
        char is[512], wanted[512];

        if (f->mounts.n != 1)
                fail_msg("%s: %zu mounts", row->host_config, f->mounts.n);
        snprintf(wanted, sizeof(wanted), "%s via %s, source %s, volume \"%s\", target \"%s\" %s %s %s", row->kind,
                 row->via, row->source ? row->source : "none", row->volume, row->target, row->propagation,
                 row->read_only ? "ro" : "rw", row->unknown ? row->unknown : "");
        snprintf(is, sizeof(is),
                 "%" STR_FMT " via %" STR_FMT ", source %" STR_FMT ", volume \"%" STR_FMT "\", target \"%" STR_FMT
                 "\" %" STR_FMT " %s %" STR_FMT,
                 STR_ARG(m->kind.value), STR_ARG(m->via.value),
                 STR_ARG(m->source.n > 0 ? m->source.spelling[0] : STR_C("none")), STR_ARG(m->volume.value),
                 STR_ARG(m->target.value), STR_ARG(m->propagation.value), m->read_only.value ? "ro" : "rw",
                 STR_ARG(call_unknown(&c)));
        if (strcmp(is, wanted) != 0)
                fail_msg("%s:\n  is     %s\n  wanted %s", row->host_config, is, wanted);
}

#define BIND(text) "\"Binds\":[\"" text "\"]"

static void binds_in_every_spelling(void **state) {
        static const struct row rows[] = {
                { BIND("/etc:/h"), "host", "bind", "/etc", "", "/h", "" },
                { BIND("/etc:/h:ro"), "host", "bind", "/etc", "", "/h", "", true },
                { BIND("/etc:/h:rw"), "host", "bind", "/etc", "", "/h", "" },
                { BIND("/etc:/h:Z,ro,rslave"), "host", "bind", "/etc", "", "/h", "rslave", true },
                { BIND("/a:/h:shared,consistent,nocopy,z"), "host", "bind", "/a", "", "/h", "shared" },
                { BIND("/a:/h:cached"), "host", "bind", "/a", "", "/h", "" },
                { BIND("/a:/h:"), "host", "bind", "/a", "", "/h", "" },
                { BIND("/usr/../etc//.:/h"), "host", "bind", "/etc", "", "/h", "" },
                { BIND("/var/run/../run/docker.sock:/s"), "host", "bind", "/run/docker.sock", "", "/s", "" },
                { BIND("data:/d"), "volume", "bind", NULL, "data", "/d", "" },
                { BIND("data:/d:ro"), "volume", "bind", NULL, "data", "/d", "", true },
                { BIND("etc/x:/d"), "volume", "bind", NULL, "etc/x", "/d", "" },
                { BIND("/data"), "anonymous", "bind", NULL, "", "/data", "" },
                { BIND("/a:/x//../h/"), "host", "bind", "/a", "", "/h", "" },
                { BIND("/x/./../data/"), "anonymous", "bind", NULL, "", "/data", "" },
                /* what dockerd refuses is never harmless */
                { BIND("/etc:/h:ro,rw"), "host", "bind", "/etc", "", "/h", "" },
                { BIND("/etc:/h:RO"), "host", "bind", "/etc", "", "/h", "", false, "HostConfig.Binds[0]=RO" },
                { BIND("/etc:/h:ro:x"), "host", "bind", "/etc", "", "/h", "", false, "HostConfig.Binds[0]=ro:x" },
                { BIND("/etc:/h:ro,"), "host", "bind", "/etc", "", "/h", "", true, "HostConfig.Binds[0]=" },
                { BIND(":/h"), "volume", "bind", NULL, "", "/h", "" },
                { BIND(""), "anonymous", "bind", NULL, "", "", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&rows[i]);
}

#define MOUNT(text) "\"Mounts\":[{\"Target\":\"/t\"," text "}]"

static void mounts_of_every_type(void **state) {
        static const struct row rows[] = {
                { MOUNT("\"Type\":\"bind\",\"Source\":\"/etc\""), "host", "mount", "/etc", "", "/t", "" },
                { MOUNT("\"type\":\"bind\",\"source\":\"/etc/\",\"readonly\":true"), "host", "mount", "/etc", "", "/t",
                  "", true },
                { MOUNT("\"Type\":\"bind\",\"Source\":\"/a\",\"BindOptions\":{\"Propagation\":\"rshared\"}"), "host",
                  "mount", "/a", "", "/t", "rshared" },
                { MOUNT("\"Type\":\"bind\",\"Source\":\"/a\",\"BindOptions\":{\"Propagation\":\"x\"}"), "host", "mount",
                  "/a", "", "/t", "x", false, "HostConfig.Mounts[0]=x" },
                { MOUNT("\"Type\":\"bind\",\"Source\":\"etc\""), "unknown", "mount", NULL, "", "/t", "", false,
                  "HostConfig.Mounts[0]=etc" },
                { MOUNT("\"Type\":\"volume\",\"Source\":\"v\""), "volume", "mount", NULL, "v", "/t", "" },
                { MOUNT("\"Type\":\"volume\""), "anonymous", "mount", NULL, "", "/t", "" },
                { "\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/x/..//t/.\"}]", "tmpfs", "mount", NULL, "", "/t", "" },
                { MOUNT("\"Type\":\"tmpfs\""), "tmpfs", "mount", NULL, "", "/t", "" },
                { MOUNT("\"Type\":\"image\",\"Source\":\"a\""), "image", "mount", NULL, "", "/t", "" },
                { MOUNT("\"Type\":\"cluster\",\"Source\":\"v\""), "cluster", "mount", NULL, "", "/t", "" },
                { MOUNT("\"Type\":\"npipe\""), "unknown", "mount", NULL, "", "/t", "", false,
                  "HostConfig.Mounts[0]=npipe" },
                { MOUNT("\"Type\":\"BIND\",\"Source\":\"/\""), "unknown", "mount", NULL, "", "/t", "", false,
                  "HostConfig.Mounts[0]=BIND" },
                { MOUNT("\"Type\":\"\""), "unknown", "mount", NULL, "", "/t", "", false, "HostConfig.Mounts[0]=" },
                { MOUNT("\"Source\":\"/\""), "unknown", "mount", NULL, "", "/t", "", false, "HostConfig.Mounts[0]=" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&rows[i]);
}

#define OPTIONS(text)                                                                                                  \
        MOUNT("\"Type\":\"volume\",\"Source\":\"v\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"local\","          \
              "\"Options\":{" text "}}}")

static void volume_options_show_what_they_hide(void **state) {
        static const struct row rows[] = {
                { OPTIONS("\"type\":\"none\",\"o\":\"bind\",\"device\":\"/\""), "host", "volume-options", "/", "v",
                  "/t", "" },
                { OPTIONS("\"type\":\"none\",\"o\":\"ro,rbind\",\"device\":\"/etc/..\""), "host", "volume-options", "/",
                  "v", "/t", "" },
                { OPTIONS("\"type\":\"tmpfs\",\"o\":\"bind\",\"device\":\"/etc\""), "host", "volume-options", "/etc",
                  "v", "/t", "" },
                { OPTIONS("\"type\":\"none\",\"o\":\"bind,rshared\",\"device\":\"/srv\""), "host", "volume-options",
                  "/srv", "v", "/t", "rshared" },
                { OPTIONS("\"type\":\"none\",\"device\":\"/srv\""), "host", "volume-options", "/srv", "v", "/t", "" },
                { OPTIONS("\"device\":\"/srv\""), "host", "volume-options", "/srv", "v", "/t", "" },
                { OPTIONS("\"type\":\"none\",\"o\":\"bind\",\"device\":\"etc\""), "host", "volume-options", "/etc", "v",
                  "/t", "" },
                { OPTIONS("\"type\":\"none\",\"o\":\"bind\""), "host", "volume-options", NULL, "v", "/t", "" },
                { OPTIONS("\"type\":\"ext4\",\"device\":\"/dev/vda\""), "block-device", "volume-options", "/dev/vda",
                  "v", "/t", "" },
                { OPTIONS("\"type\":\"xfs\",\"device\":\"/srv/link\""), "block-device", "volume-options", "/srv/link",
                  "v", "/t", "" },
                { OPTIONS("\"type\":\"ext4\",\"device\":\"dev/vda\""), "block-device", "volume-options", "/dev/vda",
                  "v", "/t", "" },
                { OPTIONS("\"type\":\"neverheardof\",\"device\":\"/dev/vda\""), "block-device", "volume-options",
                  "/dev/vda", "v", "/t", "" },
                { OPTIONS("\"type\":\"nfs\",\"o\":\"addr=192.0.2.1\",\"device\":\":/x\""), "other-filesystem",
                  "volume-options", NULL, "v", "/t", "" },
                { OPTIONS("\"type\":\"cifs\",\"device\":\"//h/s\""), "other-filesystem", "volume-options", NULL, "v",
                  "/t", "" },
                { OPTIONS("\"type\":\"overlay\",\"o\":\"lowerdir=/\",\"device\":\"overlay\""), "other-filesystem",
                  "volume-options", NULL, "v", "/t", "" },
                { OPTIONS("\"type\":\"proc\",\"device\":\"proc\""), "other-filesystem", "volume-options", NULL, "v",
                  "/t", "" },
                { OPTIONS("\"type\":\"tmpfs\",\"o\":\"size=1m\",\"device\":\"tmpfs\""), "tmpfs", "volume-options", NULL,
                  "v", "/t", "" },
                { OPTIONS("\"type\":\"tmpfs\",\"o\":\"nobind\",\"device\":\"tmpfs\""), "tmpfs", "volume-options", NULL,
                  "v", "/t", "" },
                { OPTIONS("\"size\":\"1g\""), "volume", "volume-options", NULL, "v", "/t", "" },
                { OPTIONS(""), "volume", "mount", NULL, "v", "/t", "" },
                /* options of the driver are map keys: case counts */
                { OPTIONS("\"O\":\"bind\",\"Device\":\"/\""), "volume", "volume-options", NULL, "v", "/t", "" },
                { MOUNT("\"Type\":\"volume\",\"VolumeOptions\":{\"driverconfig\":{\"options\":{\"o\":\"bind\","
                        "\"device\":\"/\"}}}"),
                  "host", "volume-options", "/", "", "/t", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&rows[i]);
}

/* The kernel may go to each of them; which one first is the file system's own affair. */
static void the_worst_of_all_servers_counts(void **state) {
        static const struct {
                const char *type, *o, *device, *reach;
        } rows[] = {
                { "nfs", "addr=192.0.2.1", ":/x", "elsewhere" },
                { "nfs", "rw", "192.0.2.1:/x", "elsewhere" },
                { "nfs", "rw", "[fe80::1]:/x", "link-local" },
                { "nfs", "addr=fe80::1", ":/x", "link-local" },
                { "nfs", "addr=::1", ":/x", "loopback" },
                { "nfs", "addr=127.1", ":/x", "unreadable" },
                { "nfs", "rw", ":/x", "loopback" }, /* of no host at all it is this one */
                { "nfs", "addr=192.0.2.1,addr=169.254.169.254", ":/x", "link-local" },
                { "nfs4", "addr=169.254.169.254,addr=192.0.2.1", ":/x", "link-local" },
                { "nfs", "addr=192.0.2.1,vers=3,mountaddr=169.254.169.254", ":/x", "link-local" },
                { "nfs", "addr=192.0.2.1,mountaddr=127.0.0.1", ":/x", "loopback" },
                { "nfs", "addr=127.0.0.1,addr=0x7f000001", ":/x", "loopback" },
                { "nfs", "addr=192.0.2.1,addr=0x7f000001", ":/x", "unreadable" },
                { "nfs", "addr=192.0.2.1", "169.254.169.254:/x", "link-local" },
                { "nfs", "clientaddr=127.0.0.1,addr=192.0.2.1", ":/x", "elsewhere" }, /* where it is called back */
                { "cifs", "ip=192.0.2.1,ip=169.254.169.254", "//192.0.2.1/s", "link-local" },
                { "cifs", "addr=192.0.2.1,ip=127.0.0.1", "//h/s", "loopback" },
                { "cifs", "ip=192.0.2.1", "//169.254.169.254/s", "link-local" },
                { "cifs", "rw", "//169.254.169.254\\\\s", "link-local" },
                { "cifs", "rw", "/\\\\169.254.169.254/s", "link-local" },
                { "cifs", "rw", "\\\\\\\\169.254.169.254\\\\s", "link-local" },
                { "cifs", "source=//169.254.169.254/s", "//192.0.2.1/s", "link-local" },
                { "smb3", "sep=;ip=169.254.169.254;rw", "//192.0.2.1/s", "unreadable" },
                { "ceph", "name=a", "192.0.2.1:6789,192.0.2.2:/", "elsewhere" },
                { "ceph", "name=a", "192.0.2.1:6789,169.254.169.254:80:/", "link-local" },
                { "ceph", "name=a", "[2001:db8::1]:6789,[::1]:6789:/", "loopback" },
                { "ceph", "mon_addr=192.0.2.1:3300/192.0.2.2", "u@b4defc7c.example=/", "elsewhere" },
                { "ceph", "mon_addr=192.0.2.1/169.254.169.254", "u@b4defc7c.example=/", "link-local" },
                { "ceph", "name=a", "u@b4defc7c.example=/", "unreadable" }, /* names no host, and nor does an option */
                { "proc", "addr=169.254.169.254", "proc", "none" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char body[512];
                const struct mount_fact *m;

                snprintf(body, sizeof(body), OPTIONS("\"type\":\"%s\",\"o\":\"%s\",\"device\":\"%s\""), rows[i].type,
                         rows[i].o, rows[i].device);
                m = call_host_config(&c, body)->mounts.items;
                if (!str_eqz(m->reach.value, rows[i].reach))
                        fail_msg("%s %s: %" STR_FMT ", not %s", rows[i].o, rows[i].device, STR_ARG(m->reach.value),
                                 rows[i].reach);
        }
}

static void foreign_drivers_are_named(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(&c, "\"VolumeDriver\":\"d1\",\"Binds\":[\"a:/a\",\"/x:/x\",\"/"
                                                     "anonymous\"],\"Mounts\":[{\"Type\":\"volume\","
                                                     "\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"d2\",\"Options\":"
                                                     "{\"device\":\"/\",\"o\":\"bind\"}}}}]");
        const struct mount_fact *m = f->mounts.items;

        (void)state;
        assert_int_equal(f->mounts.n, 5);
        assert_str(m[0].driver.value, "d1");
        assert_str(m[1].driver.value, "");
        assert_str(m[2].driver.value, "d1");
        assert_str(m[3].driver.value, "d2");
        assert_str(m[3].kind.value, "anonymous");
        assert_str(m[4].driver.value, "d1"); /* what the image declares */
        assert_str(m[4].kind.value, "anonymous");
}

static void volumes_and_volumes_from(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_create(
                &c, "{\"Volumes\":{\"/a\":{},\"/x/../b\":null},\"HostConfig\":{\"VolumesFrom\":[\"x\",\"y:ro\"]}}");
        const struct mount_fact *m = f->mounts.items;
        const struct peer_fact *p = f->container.volumes_from.items;

        (void)state;
        assert_int_equal(f->mounts.n, 2);
        assert_str(m[0].kind.value, "anonymous");
        assert_str(m[1].target.value, "/b");
        assert_int_equal(f->container.volumes_from.n, 2);
        assert_str(p[0].peer.value, "x");
        assert_str(p[0].mode.value, "");
        assert_str(p[1].peer.value, "y");
        assert_str(p[1].mode.value, "ro");
}

/* What a message may say is what the user wrote. */
static void keeps_the_source_as_asked_for(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(&c, BIND("/var/run/../run/docker.sock:/s"));
        const struct mount_fact *m = f->mounts.items;

        (void)state;
        assert_str(m->requested.value, "/var/run/../run/docker.sock");
        assert_string_equal(m->origin.field, "HostConfig.Binds");
        assert_true(m->origin.indexed);
}

/* Each unknown word would be a thing of its own to tell of; dockerd takes five words at most. */
static void a_mode_of_many_words_is_too_large(void **state) {
        (void)state;
        for (int words = 60; words <= 68; words += 4) {
                char body[512];
                struct call c;
                int n = snprintf(body, sizeof(body), "{\"HostConfig\":{\"Binds\":[\"/a:/b:");

                for (int i = 1; i < words; ++i)
                        body[n++] = ',';
                snprintf(body + n, sizeof(body) - (size_t)n, "\"]}}");
                call_read(&c, (struct wire){ "POST", "/v1.41/containers/create", body });
                assert_int_equal(flaws_have(&c.request.flaws, FLAW_TOO_LARGE), words > 64);
                call_free(&c);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(binds_in_every_spelling),
                cmocka_unit_test(mounts_of_every_type),
                cmocka_unit_test(volume_options_show_what_they_hide),
                cmocka_unit_test(the_worst_of_all_servers_counts),
                cmocka_unit_test(foreign_drivers_are_named),
                cmocka_unit_test(volumes_and_volumes_from),
                cmocka_unit_test(keeps_the_source_as_asked_for),
                cmocka_unit_test(a_mode_of_many_words_is_too_large),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
