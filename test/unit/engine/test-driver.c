#include "call.h"
#include "docksill/base/cleanup.h"
#include "docksill/engine/question.h"
#include "read/driver.h"
#include <errno.h>

/* -- names -- */

/* dockerd adds the tag to a plugin's name that has none; its own drivers never have one. */
static void a_plugin_is_the_same_with_its_tag(void **state) {
        static const struct {
                const char *name, *driver;
        } rows[] = {
                { "nfs", "nfs" },
                { "nfs:latest", "nfs" },
                { "example/nfs:latest", "example/nfs" },
                { "nfs:1", "nfs:1" },
                { "nfs:latest:latest", "nfs:latest" },
                { "nfs:Latest", "nfs:Latest" },
                { "nfs:latest ", "nfs:latest " },
                { "nfs:latest2", "nfs:latest2" },
                { "latest", "latest" },
                { ":latest", ":latest" },
                { "", "" },
                { "\xff:latest", "\xff" },
                /* otherwise a plugin of that name would pass for Docker's */
                { "local:latest", "local:latest" },
                { "bridge:latest", "bridge:latest" },
                { "host:latest", "host:latest" },
                { "ipvlan:latest", "ipvlan:latest" },
                { "macvlan:latest", "macvlan:latest" },
                { "null:latest", "null:latest" },
                { "overlay:latest", "overlay:latest" },
                { "default:latest", "default:latest" },
                { "local", "local" },
                { "Local:latest", "Local" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                assert_str(driver_name(str_from(rows[i].name)), rows[i].driver);
        assert_true(str_eq(driver_name(STR_C("a\0b:latest")), STR_C("a\0b")));
}

static void docker_s_own_are_exactly_so_spelt(void **state) {
        static const struct {
                enum word kind;
                const char *name;
                bool own;
        } rows[] = {
                { WORD_NETWORK, "bridge", true },
                { WORD_NETWORK, "host", true },
                { WORD_NETWORK, "ipvlan", true },
                { WORD_NETWORK, "macvlan", true },
                { WORD_NETWORK, "null", true },
                { WORD_NETWORK, "overlay", true },
                { WORD_IPAM, "default", true },
                { WORD_IPAM, "null", true },
                /* of the other kind */
                { WORD_NETWORK, "default", false },
                { WORD_IPAM, "bridge", false },
                /* no names of drivers */
                { WORD_NETWORK, "none", false },
                { WORD_NETWORK, "remote", false },
                { WORD_NETWORK, "local", false },
                { WORD_NETWORK, "Bridge", false },
                { WORD_NETWORK, "OVERLAY", false },
                { WORD_NETWORK, "bridge ", false },
                { WORD_NETWORK, " bridge", false },
                { WORD_NETWORK, "bridge:latest", false },
                { WORD_NETWORK, "bridg", false },
                { WORD_NETWORK, "bridge2", false },
                { WORD_NETWORK,
                  "br\xc4\xb1"
                  "dge",
                  false },
                { WORD_NETWORK, "nat", false },
                { WORD_IPAM, "Default", false },
                { WORD_IPAM, "windows", false },
                /* all of these are somebody else's */
                { WORD_LOG, "json-file", false },
                { WORD_SECRET, "default", false },
                { WORD_SECRET, "bridge", false },
                { WORD_NONE, "bridge", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct driver_fact *d;
                struct request request = { 0 };
                struct arena arena;

                arena_init(&arena, 1 << 16);
                assert_fits(&arena, driver_read(READING(&request.facts, &arena), rows[i].kind, "Driver",
                                                str_from(rows[i].name)));
                assert_int_equal(request.facts.drivers.n, 1);
                d = request.facts.drivers.items;
                if (d->own.value != rows[i].own)
                        fail_msg("%s %s", word_str(rows[i].kind).p, rows[i].name);
                assert_true(cell_is(&d->kind, rows[i].kind));
                assert_string_equal(d->origin.field, "Driver");
                assert_int_equal(d->plugin.head.state, FACT_OFF);
                arena_deinit(&arena);
        }
}

static void no_name_is_the_engine_s_own_choice(void **state) {
        struct request request = { 0 };
        struct arena none;

        (void)state;
        arena_init(&none, 1);
        assert_fits(&none, driver_read(READING(&request.facts, &none), WORD_NETWORK, "Driver", STR_C("")));
        assert_int_equal(request.facts.drivers.n, 0);
        assert_refused(&none, driver_read(READING(&request.facts, &none), WORD_NETWORK, "Driver", STR_C("x")));
        assert_int_equal(request.facts.drivers.n, 0);
}

/* -- doors -- */

static void each_door_names_its_drivers(void **state) {
        static const struct {
                const char *uri, *body;
                const char *drivers; /* kind name own, … */
        } rows[] = {
                { "/v1.41/networks/create", "{\"Name\":\"n\"}", "" },
                { "/v1.41/networks/create", "{\"Name\":\"n\",\"Driver\":\"bridge\"}", "network bridge own" },
                { "/v1.41/networks/create",
                  "{\"Name\":\"n\",\"driver\":\"x:latest\",\"IPAM\":{\"Driver\":\"y\",\"Options\":{}}}",
                  "network x, ipam y" },
                { "/v1.41/networks/create", "{\"Name\":\"n\",\"IPAM\":{\"Driver\":\"default\"}}", "ipam default own" },
                { "/v1.41/containers/create", "{\"HostConfig\":{\"LogConfig\":{\"Type\":\"x\"}}}", "log x" },
                { "/v1.41/containers/create", "{\"HostConfig\":{\"LogConfig\":{\"Type\":\"syslog\"}}}", "" },
                { "/v1.41/services/create", "{\"TaskTemplate\":{\"LogDriver\":{\"Name\":\"x\"}}}", "log x" },
                { "/v1.41/swarm/update?version=1", "{\"TaskDefaults\":{\"LogDriver\":{\"Name\":\"x\"}}}", "log x" },
                { "/v1.41/secrets/create", "{\"Name\":\"n\",\"Driver\":{\"Name\":\"vault:latest\"}}", "secret vault" },
                { "/v1.41/secrets/create", "{\"Name\":\"n\"}", "" },
                /* such has no driver */
                { "/v1.41/configs/create", "{\"Name\":\"n\",\"Data\":\"\"}", "" },
                /* a volume's stands with its mount */
                { "/v1.41/volumes/create", "{\"Driver\":\"x\"}", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct fact_list *drivers = &c.request.facts.drivers;
                struct text t;

                call_read(&c, (struct wire){ "POST", rows[i].uri, rows[i].body });
                assert_false(flaws_any(&c.request.flaws));
                text_init_arena(&t, &c.arena);
                text_addz(&t, "");
                for (size_t k = 0; k < drivers->n; ++k) {
                        const struct driver_fact *d = (const struct driver_fact *)drivers->items + k;

                        text_addf(&t, "%s%" STR_FMT " %" STR_FMT "%s", k ? ", " : "", STR_ARG(d->kind.value),
                                  STR_ARG(d->name.value), d->own.value ? " own" : "");
                }
                assert_str(text_str(&t), rows[i].drivers);
        }
}

/* -- what the engine says of a plugin -- */

static struct driver_fact *driver_of(struct facts *f, size_t i) {
        return (struct driver_fact *)f->drivers.items + i;
}

static struct mount_fact *mount_of(struct facts *f, size_t i) {
        return (struct mount_fact *)f->mounts.items + i;
}

/* Drivers x, y, bridge and bridge:latest; volumes of x, y, local and of no driver. */
static void several(struct request *r, struct arena *arena) {
        static const char *const names[] = { "x", "y", "bridge", "bridge:latest" }, *const volumes[] = { "x", "y",
                                                                                                         "local", "" };

        *r = (struct request){ 0 };
        arena_init(arena, 1 << 16);
        for (size_t i = 0; i < ARRAY_SIZE(names); ++i)
                assert_fits(arena, driver_read(READING(&r->facts, arena), WORD_NETWORK, "Driver", str_from(names[i])));
        for (size_t i = 0; i < ARRAY_SIZE(volumes); ++i) {
                struct mount_fact *m = latched_push(arena, &r->facts.mounts, sizeof(*m));

                m->driver.value = str_from(volumes[i]);
                m->plugin.head.state = FACT_OFF;
        }
}

static void what_is_told_reaches_all_of_the_name(void **state) {
        struct request r;
        struct arena arena;

        (void)state;
        several(&r, &arena);
        driver_told(&r.facts, STR_C("x"), STR_C("docker.io/example/x:1"));
        driver_told(&r.facts, STR_C("bridge:latest"), STR_C("docker.io/example/b:1"));
        driver_untold(&r.facts, STR_C("y"));
        /* of Docker's own nobody is asked; what is told under such a name is not theirs */
        driver_told(&r.facts, STR_C("bridge"), STR_C("docker.io/example/b:2"));
        driver_told(&r.facts, STR_C("local"), STR_C("docker.io/example/l:1"));
        driver_told(&r.facts, STR_C(""), STR_C("docker.io/example/e:1"));
        driver_untold(&r.facts, STR_C("local"));
        driver_untold(&r.facts, STR_C(""));

        assert_str(driver_of(&r.facts, 0)->plugin.value, "docker.io/example/x:1");
        assert_int_equal(driver_of(&r.facts, 0)->plugin.head.state, FACT_KNOWN);
        assert_int_equal(driver_of(&r.facts, 1)->plugin.head.state, FACT_UNKNOWN);
        assert_int_equal(driver_of(&r.facts, 2)->plugin.head.state, FACT_OFF);
        assert_str(driver_of(&r.facts, 3)->plugin.value, "docker.io/example/b:1");
        assert_str(mount_of(&r.facts, 0)->plugin.value, "docker.io/example/x:1");
        assert_int_equal(mount_of(&r.facts, 1)->plugin.head.state, FACT_UNKNOWN);
        assert_int_equal(mount_of(&r.facts, 2)->plugin.head.state, FACT_OFF);
        assert_int_equal(mount_of(&r.facts, 3)->plugin.head.state, FACT_OFF);
        arena_deinit(&arena);
}

static void a_name_that_nobody_bears_changes_nothing(void **state) {
        struct request r;
        struct arena arena;

        (void)state;
        several(&r, &arena);
        driver_told(&r.facts, STR_C("z"), STR_C("docker.io/example/z:1"));
        driver_told(&r.facts, STR_C("X"), STR_C("docker.io/example/z:1"));
        driver_told(&r.facts, STR_C("x:latest"), STR_C("docker.io/example/z:1"));
        for (size_t i = 0; i < 4; ++i) {
                assert_int_equal(driver_of(&r.facts, i)->plugin.head.state, FACT_OFF);
                assert_int_equal(mount_of(&r.facts, i)->plugin.head.state, FACT_OFF);
        }
        arena_deinit(&arena);
}

/* Those that come in after the answer. */
static void what_was_told_before_is_shared(void **state) {
        static const struct str reference = STR("docker.io/example/x:1");
        struct request r;
        struct arena arena;

        (void)state;
        several(&r, &arena);
        driver_share(&r.facts, STR_C("x")); /* nothing was told yet */
        assert_int_equal(driver_of(&r.facts, 0)->plugin.head.state, FACT_OFF);
        assert_int_equal(mount_of(&r.facts, 0)->plugin.head.state, FACT_OFF);

        driver_of(&r.facts, 0)->plugin = (struct fact_str){ .head.given = true, .value = reference };
        mount_of(&r.facts, 1)->plugin.head.state = FACT_UNKNOWN;
        driver_share(&r.facts, STR_C("x"));
        driver_share(&r.facts, STR_C("y"));
        driver_share(&r.facts, STR_C("local"));
        driver_share(&r.facts, STR_C(""));
        assert_str(mount_of(&r.facts, 0)->plugin.value, reference.p);
        assert_int_equal(mount_of(&r.facts, 0)->plugin.head.state, FACT_KNOWN);
        assert_int_equal(driver_of(&r.facts, 1)->plugin.head.state, FACT_UNKNOWN);
        assert_int_equal(driver_of(&r.facts, 2)->plugin.head.state, FACT_OFF);
        assert_int_equal(mount_of(&r.facts, 2)->plugin.head.state, FACT_OFF);
        arena_deinit(&arena);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_plugin_is_the_same_with_its_tag),
                cmocka_unit_test(docker_s_own_are_exactly_so_spelt),
                cmocka_unit_test(no_name_is_the_engine_s_own_choice),
                cmocka_unit_test(each_door_names_its_drivers),
                cmocka_unit_test(what_is_told_reaches_all_of_the_name),
                cmocka_unit_test(a_name_that_nobody_bears_changes_nothing),
                cmocka_unit_test(what_was_told_before_is_shared),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
