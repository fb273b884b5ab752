#include "call.h"
#include "read/port.h"

static void every_spelling_of_everywhere(void **state) {
        static const struct {
                const char *address;
                enum word reach;
        } rows[] = {
                { "", WORD_EVERYWHERE },
                { "0.0.0.0", WORD_EVERYWHERE },
                { "::", WORD_EVERYWHERE },
                { "0:0:0:0:0:0:0:0", WORD_EVERYWHERE },
                { "::0", WORD_EVERYWHERE },
                { "::ffff:0.0.0.0", WORD_EVERYWHERE },
                { "::FFFF:0:0", WORD_EVERYWHERE },
                { "[::1]", WORD_EVERYWHERE },
                { "127.1", WORD_EVERYWHERE },
                { "127.0.0.01", WORD_EVERYWHERE },
                { "localhost", WORD_EVERYWHERE },
                { " 127.0.0.1", WORD_EVERYWHERE },
                { "fe80::1%eth0", WORD_EVERYWHERE },
                { "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", WORD_EVERYWHERE },
                { "127.0.0.1", WORD_LOOPBACK },
                { "127.255.0.9", WORD_LOOPBACK },
                { "::1", WORD_LOOPBACK },
                { "::ffff:127.0.0.1", WORD_LOOPBACK },
                { "::ffff:7f00:1", WORD_LOOPBACK },
                { "192.0.2.1", WORD_ADDRESS },
                { "0.0.0.1", WORD_ADDRESS },
                { "2001:db8::1", WORD_ADDRESS },
                { "::2", WORD_ADDRESS },
                { "::ffff:192.0.2.1", WORD_ADDRESS },
                { "1::1", WORD_ADDRESS },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (port_reach(str_from(rows[i].address)) != rows[i].reach)
                        fail_msg("%s", rows[i].address);
        assert_int_equal(port_reach((struct str){ "127.0.0.1\0x", 11 }), WORD_EVERYWHERE);
}

static void bindings_become_ports(void **state) {
        static const struct {
                const char *key, *binding;
                int container_lo, container_hi, host_lo, host_hi;
                const char *protocol;
                const char *unknown;
        } rows[] = {
                { "80/tcp", "{\"HostPort\":\"8080\"}", 80, 80, 8080, 8080, "tcp", "" },
                { "80", "{\"HostPort\":\"\"}", 80, 80, 0, 0, "tcp", "" },
                { "53/UDP", "{}", 53, 53, 0, 0, "udp", "" },
                { "80/", "{\"HostPort\":\"1\"}", 80, 80, 1, 1, "tcp", "" },
                { "80/sctp", "{\"hostport\":\"8000-8010\"}", 80, 80, 8000, 8010, "sctp", "" },
                { "80-82/tcp", "{\"HostPort\":\"80-82/tcp\"}", 80, 82, 80, 82, "tcp", "" },
                { "80/tcp", "{\"HostPort\":\"70000\"}", 80, 80, 0, 0, "tcp",
                  "HostConfig.PortBindings.80/tcp[0]=70000" },
                { "80/tcp", "{\"HostPort\":\"-1\"}", 80, 80, 0, 0, "tcp", "HostConfig.PortBindings.80/tcp[0]=-1" },
                { "80/tcp", "{\"HostPort\":\"9-8\"}", 80, 80, 0, 0, "tcp", "HostConfig.PortBindings.80/tcp[0]=9-8" },
                { "x/tcp", "{}", 0, 0, 0, 0, "tcp", "HostConfig.PortBindings.x/tcp[0]=x/tcp" },
                { "65536/tcp", "{}", 0, 0, 0, 0, "tcp", "HostConfig.PortBindings.65536/tcp[0]=65536/tcp" },
                { "80/x", "null", 80, 80, 0, 0, "x", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct port_fact *p;
                char json[256];

                assert_true(snprintf(json, sizeof(json), "\"PortBindings\":{\"%s\":[%s]}", rows[i].key,
                                     rows[i].binding) > 0);
                p = call_host_config(&c, json)->container.ports.items;
                assert_int_equal(c.request.facts.container.ports.n, 1);
                assert_int_equal(p->container.lo, rows[i].container_lo);
                assert_int_equal(p->container.hi, rows[i].container_hi);
                assert_int_equal(p->host.lo, rows[i].host_lo);
                assert_int_equal(p->host.hi, rows[i].host_hi);
                assert_str(p->protocol.value, rows[i].protocol);
                assert_str(p->reach.value, "everywhere");
                assert_str(call_unknown(&c), rows[i].unknown);
                assert_int_equal(c.request.facts.container.port_count.value, rows[i].host_hi - rows[i].host_lo + 1);
        }
}

static void counts_every_port(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(
                &c,
                "\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"80\"},{\"HostPort\":\"81\"}],"
                "\"90/tcp\":[],\"91/tcp\":null,\"92/tcp\":[{\"HostPort\":\"100-109\"}]}");
        const struct port_fact *p = f->container.ports.items;

        (void)state;
        assert_int_equal(f->container.ports.n, 5);
        assert_int_equal(f->container.port_count.value, 14);
        assert_str(p[0].reach.value, "loopback");
        assert_str(p[1].reach.value, "everywhere");
        /* engines 28 and 29 publish these on random ports */
        assert_int_equal(p[2].container.lo, 90);
        assert_int_equal(p[2].host.lo, 0);
        assert_int_equal(p[3].container.lo, 91);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_spelling_of_everywhere),
                cmocka_unit_test(bindings_become_ports),
                cmocka_unit_test(counts_every_port),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
