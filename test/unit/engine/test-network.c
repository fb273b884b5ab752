#include "call.h"

static void create(struct call *c, const char *body) {
        call_read(c, (struct wire){ "POST", "/v1.41/networks/create", body });
}

/* As docker 20.10 and compose 1.29 write it. */
static void everyday_bodies_are_read_in_full(void **state) {
        static const char *const bodies[] = {
                "{\"CheckDuplicate\":true,\"Driver\":\"bridge\",\"Scope\":\"\",\"EnableIPv6\":false,\"IPAM\":{"
                "\"Driver\":"
                "\"default\",\"Options\":{},\"Config\":[]},\"Internal\":true,\"Attachable\":false,\"Ingress\":false,"
                "\"ConfigOnly\":false,\"ConfigFrom\":null,\"Options\":{},\"Labels\":{},\"Name\":\"n\"}",
                "{\"Name\":\"n\",\"Driver\":null,\"Options\":null,\"IPAM\":null,\"CheckDuplicate\":true,\"Internal\":"
                "true}",
                "{\"Name\":\"n\",\"IPAM\":{\"Driver\":\"default\",\"Config\":[{\"Subnet\":\"192.0.2.0/"
                "24\",\"IPRange\":null,"
                "\"Gateway\":null,\"AuxiliaryAddresses\":null}]},\"Internal\":true}",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(bodies); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;

                create(&c, bodies[i]);
                assert_false(flaws_any(&c.request.flaws));
                assert_str(call_unknown(&c), "");
                assert_int_equal(request_yields(&c.request),
                                 GROUP_REQUEST | GROUP_DAEMON | GROUP_NETWORK | GROUP_TEXTS | GROUP_DRIVERS);
                assert_str(f->network.name.value, "n");
                assert_str(f->network.driver.value, "bridge");
                assert_str(f->network.icc.value, "unset");
                assert_str(f->network.publish.value, "unset");
                assert_true(f->network.internal.value);
                assert_false(f->network.attachable.value || f->network.ingress.value || f->network.config_only.value);
        }
}

static void subnets_are_told_by_what_they_are_meant_for(void **state) {
        static const struct {
                const char *subnet, *range;
        } rows[] = {
                { "192.0.2.0/24", "ordinary" },
                { "172.17.0.1/16", "ordinary" },
                { "fd01::/16", "ordinary" },
                { "fd00:dead:beef::/48", "ordinary" },
                { "::2/128", "ordinary" },
                { "::ffff:10.0.0.0/104", "ordinary" },
                { "10.0.0.0/8", "ordinary" },
                { "172.31.255.0/24", "ordinary" },
                { "192.168.0.0/16", "ordinary" },
                { "100.64.0.0/12", "ordinary" },
                { "198.19.0.0/16", "ordinary" },
                { "203.0.113.0/24", "ordinary" },
                { "240.0.0.0/8", "ordinary" },
                { "2001:db8::/32", "ordinary" },
                { "2a00::/16", "ordinary" }, /* a site's own */
                { "126.0.0.0/8", "public" },
                { "8.8.8.8/32", "public" },
                { "10.0.0.0/7", "public" }, /* more than is at home */
                { "172.32.0.0/16", "public" },
                { "192.168.0.0/15", "public" },
                { "203.0.112.0/23", "public" },
                { "::ffff:8.8.8.0/120", "public" },
                { "::ffff:0:0/97", "link-local" }, /* 100.100.100.200 among them */
                { "127.0.0.0/8", "loopback" },
                { "127.9.9.9/32", "loopback" },
                { "126.0.0.0/7", "loopback" }, /* reaches into it */
                { "::1/128", "loopback" },
                { "::/127", "loopback" },
                { "::ffff:127.0.0.1/128", "loopback" },
                { "169.254.0.0/16", "link-local" },
                { "169.254.169.254/32", "link-local" },
                { "169.0.0.0/8", "link-local" },
                { "0.0.0.0/0", "link-local" },
                { "::ffff:169.254.0.0/112", "link-local" },
                { "fe80::/10", "link-local" },
                { "fd00::/8", "link-local" }, /* Amazon's metadata is in it */
                { "fd20:ce::254/128", "link-local" },
                { "100.64.0.0/10", "link-local" },
                { "100.100.100.200/32", "link-local" },
                { "168.63.129.0/24", "link-local" },
                { "192.0.0.0/24", "link-local" },
                { "FE80::1/64", "link-local" },
                { "::/0", "link-local" },
                { "169.255.0.0/16", "public" },
                { "fec0::/10", "ordinary" },
                { "192.0.2.0", "unreadable" },
                { "192.0.2.0/", "unreadable" },
                { "192.0.2.0/33", "unreadable" },
                { "fd00::/129", "unreadable" },
                { "192.0.2.0/+8", "unreadable" },
                { "192.0.2.0/0008", "unreadable" },
                { "0169.254.0.0/16", "unreadable" },
                { "fe80::1%eth0/10", "unreadable" },
                { "192.0.2.0/24/24", "unreadable" },
                { "/24", "unreadable" },
                { "a text that is longer than any address of version six/64", "unreadable" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;
                const struct subnet_fact *s;
                char body[200];

                snprintf(body, sizeof(body), "{\"Name\":\"n\",\"IPAM\":{\"Config\":[{},{\"Subnet\":\"%s\"}]}}",
                         rows[i].subnet);
                create(&c, body);
                assert_false(flaws_any(&c.request.flaws));
                assert_int_equal(f->network.subnets.n, 1);
                s = f->network.subnets.items;
                assert_int_equal(s->origin.index, 1);
                assert_str(s->subnet.value, rows[i].subnet);
                if (!str_eqz(s->range.value, rows[i].range))
                        fail_msg("%s is not %s", rows[i].subnet, rows[i].range);
        }
}

/* The gateway becomes an address of the host, and what is kept back may be another's. */
static void all_that_is_said_of_addresses_is_told(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        static const char *const wanted[] = {
                "10.0.0.0/24 ordinary", "10.0.0.128/25 ordinary", "169.254.169.254 link-local",
                "8.8.8.8 public",       "x unreadable",           "::1 loopback",
        };
        const struct facts *f = &c.request.facts;

        (void)state;
        create(&c, "{\"Name\":\"n\",\"IPAM\":{\"Config\":[{\"Subnet\":\"10.0.0.0/24\",\"IPRange\":\"10.0.0.128/25\","
                   "\"Gateway\":\"169.254.169.254\",\"AuxiliaryAddresses\":{\"a\":\"8.8.8.8\",\"b\":\"x\"}},"
                   "{\"Gateway\":\"::1\"},{\"Gateway\":\"\"}]}}");
        assert_int_equal(f->network.subnets.n, ARRAY_SIZE(wanted));
        for (size_t i = 0; i < ARRAY_SIZE(wanted); ++i) {
                const struct subnet_fact *s = (const struct subnet_fact *)f->network.subnets.items + i;
                char is[64];

                snprintf(is, sizeof(is), "%" STR_FMT " %" STR_FMT, STR_ARG(s->subnet.value), STR_ARG(s->range.value));
                assert_string_equal(is, wanted[i]);
        }
}

static void everything_said_becomes_facts(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = &c.request.facts;
        const struct pair_fact *options;

        (void)state;
        create(&c,
               "{\"name\":\"n\",\"driver\":\"macvlan\",\"Attachable\":true,\"Ingress\":true,\"ConfigOnly\":true,"
               "\"EnableIPv4\":true,\"ConfigFrom\":{\"Network\":\"c\"},\"Options\":{\"parent\":\"eth0\",\"a\":\"b\"}}");
        assert_false(flaws_any(&c.request.flaws));
        assert_str(f->network.driver.value, "macvlan");
        assert_str(f->network.parent.value, "eth0");
        assert_str(f->network.config_from.value, "c");
        assert_true(f->network.attachable.value && f->network.ingress.value && f->network.config_only.value);
        assert_int_equal(f->network.options.n, 2);
        options = f->network.options.items;
        assert_str(options[1].name.value, "a");
        assert_str(options[1].value.value, "b");
        assert_int_equal(f->texts.n, 2);
}

static void options_of_drivers_have_facts(void **state) {
        static const struct {
                const char *options;
                const char *icc, *publish;
                bool encrypted;
        } rows[] = {
                { "", "unset", "unset", false },
                { "\"com.docker.network.bridge.enable_icc\":\"true\"", "on", "unset", false },
                { "\"com.docker.network.bridge.enable_icc\":\"F\"", "off", "unset", false },
                { "\"com.docker.network.bridge.enable_icc\":\"no\"", "on", "unset", false },
                { "\"com.docker.network.bridge.enable_icc\":\"\"", "on", "unset", false },
                { "\"com.docker.network.bridge.Enable_icc\":\"true\"", "unset", "unset", false },
                { "\"com.docker.network.bridge.host_binding_ipv4\":\"0.0.0.0\"", "unset", "everywhere", false },
                { "\"com.docker.network.bridge.host_binding_ipv4\":\"\"", "unset", "everywhere", false },
                { "\"com.docker.network.bridge.host_binding_ipv4\":\"127.0.0.1\"", "unset", "loopback", false },
                { "\"com.docker.network.bridge.host_binding_ipv4\":\"192.0.2.1\"", "unset", "address", false },
                { "\"encrypted\":\"\"", "unset", "unset", true },
                { "\"encrypted\":\"true\"", "unset", "unset", true },
                { "\"encrypted\":\"false\"", "unset", "unset", false },
                { "\"Encrypted\":\"\"", "unset", "unset", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;
                char body[256];

                snprintf(body, sizeof(body), "{\"Name\":\"n\",\"Options\":{%s}}", rows[i].options);
                create(&c, body);
                assert_false(flaws_any(&c.request.flaws));
                assert_str(f->network.icc.value, rows[i].icc);
                assert_str(f->network.publish.value, rows[i].publish);
                assert_int_equal(f->network.encrypted.value, rows[i].encrypted);
        }
}

static void a_container_is_connected_and_disconnected(void **state) {
        cleanup_(call_free) struct call c = { 0 }, d = { 0 };
        const struct facts *f = &c.request.facts;
        const struct attachment_fact *a;

        (void)state;
        call_read(&c, (struct wire){ "POST", "/v1.41/networks/shop_back/connect",
                                     "{\"Container\":\"t1\",\"EndpointConfig\":{\"IPAMConfig\":{\"IPv4Address\":"
                                     "\"192.0.2.2\"},\"Aliases\":[\"web\"],\"MacAddress\":\"02:42:ac:11:00:02\"}}" });
        assert_false(flaws_any(&c.request.flaws));
        assert_str(call_unknown(&c), "");
        assert_int_equal(request_yields(&c.request),
                         GROUP_REQUEST | GROUP_DAEMON | GROUP_ENDPOINT | GROUP_NETWORKS | GROUP_SYSCTLS | GROUP_TEXTS);
        assert_str(f->endpoint.network.value, "shop_back");
        assert_str(f->endpoint.container.value, "t1");
        assert_int_equal(f->networks.n, 1);
        a = f->networks.items;
        assert_str(a->name.value, "shop_back");
        assert_str(a->mac.value, "02:42:ac:11:00:02");
        assert_str(call_joined(&c, &a->aliases), "web");
        assert_str(call_joined(&c, &a->addresses), "192.0.2.2");
        assert_int_equal(a->further_addresses.n, 0);

        call_read(&d, (struct wire){ "POST", "/v1.41/networks/n/disconnect", "{\"Container\":\"t1\",\"Force\":true}" });
        assert_false(flaws_any(&d.request.flaws));
        assert_str(d.request.facts.endpoint.network.value, "n");
        assert_str(d.request.facts.endpoint.container.value, "t1");
}

static void what_go_refuses_or_merges_is_a_flaw(void **state) {
        (void)state;
        call_expect_flaws("/networks/create", { "null", FLAW_MALFORMED_JSON },
                          { "{\"Driver\":\"bridge\",\"driver\":\"macvlan\"}", FLAW_DUPLICATE_KEY },
                          { "{\"Options\":{\"parent\":null,\"parent\":\"eth0\"}}", FLAW_DUPLICATE_KEY },
                          { "{\"Internal\":\"true\"}", FLAW_WRONG_TYPE },
                          { "{\"IPAM\":{\"Config\":{}}}", FLAW_WRONG_TYPE },
                          { "{\"Name\":\"n\"} x", FLAW_TRAILING_DATA });
        call_expect_flaws("/networks/n/connect", { "{\"Container\":\"a\",\"container\":\"b\"}", FLAW_DUPLICATE_KEY },
                          { "{\"EndpointConfig\":{\"Aliases\":\"a\"}}", FLAW_WRONG_TYPE },
                          { "null", FLAW_MALFORMED_JSON });
        call_expect_flaws("/networks/n/disconnect", { "{\"Force\":1}", FLAW_WRONG_TYPE });
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(everyday_bodies_are_read_in_full),
                cmocka_unit_test(subnets_are_told_by_what_they_are_meant_for),
                cmocka_unit_test(all_that_is_said_of_addresses_is_told),
                cmocka_unit_test(everything_said_becomes_facts),
                cmocka_unit_test(options_of_drivers_have_facts),
                cmocka_unit_test(a_container_is_connected_and_disconnected),
                cmocka_unit_test(what_go_refuses_or_merges_is_a_flaw),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
