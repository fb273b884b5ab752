#include "call.h"

/* "NAME mac=… aliases=a,b links=… at=… further=…", each in turn; "?" behind a name that nobody can tell. */
static struct str in_words(struct call *c) {
        const struct fact_list *networks = &c->request.facts.networks;
        struct text t;

        text_init_arena(&t, &c->arena);
        text_addz(&t, "");
        for (size_t i = 0; i < networks->n; ++i) {
                const struct attachment_fact *a = (const struct attachment_fact *)networks->items + i;
                const struct {
                        const char *name;
                        const struct fact_set *set;
                } sets[] = { { "aliases", &a->aliases },
                             { "links", &a->links },
                             { "at", &a->addresses },
                             { "further", &a->further_addresses } };

                text_addf(&t, "%s%" STR_FMT "%s", i ? "; " : "", STR_ARG(a->name.value),
                          a->name.head.state == FACT_UNKNOWN ? "?" : "");
                if (!str_empty(a->mac.value))
                        text_addf(&t, " mac=%" STR_FMT, STR_ARG(a->mac.value));
                for (size_t k = 0; k < ARRAY_SIZE(sets); ++k)
                        if (sets[k].set->n > 0)
                                text_addf(&t, " %s=%" STR_FMT, sets[k].name, STR_ARG(call_joined(c, sets[k].set)));
        }
        assert_false(t.failed);
        return text_str(&t);
}

static void check(const char *uri, const char *body, const char *network, const char *is) {
        cleanup_(call_free) struct call c = { 0 };

        call_read(&c, (struct wire){ "POST", uri, body });
        if (flaws_any(&c.request.flaws))
                fail_msg("%s: %s", body, flaw_name(c.request.flaws.notes[0].flaw).p);
        if (!str_eqz(in_words(&c), is))
                fail_msg("%s:\n  is     %" STR_FMT "\n  wanted %s", body, STR_ARG(in_words(&c)), is);
        if (network && !str_eqz(c.request.facts.container.network.value, network))
                fail_msg("%s: %" STR_FMT, body, STR_ARG(c.request.facts.container.network.value));
}

#define MODE(mode)   "\"HostConfig\":{\"NetworkMode\":\"" mode "\"}"
#define NETS(config) "\"NetworkingConfig\":{\"EndpointsConfig\":{" config "}}"

/* Played on 20.10: "none" with the network "secret" in the map got an address in it, and an id in the settings won over
 * the name that the map has. */
static void a_new_container_stands_in_each_of_them(void **state) {
        static const struct {
                const char *body, *network, *is;
        } rows[] = {
                { "{}", "default", "default" },
                { "{" MODE("") "}", "default", "default" },
                { "{" MODE("app") "}", "app", "app" },
                { "{" MODE("none") "}", "none", "none" },
                { "{" MODE("container:x") "}", "container:x", "container:x" },
                { "{" NETS("") "}", "default", "default" },
                { "{" NETS("\"app\":null") "}", "default", "default; app" },
                { "{" MODE("app") "," NETS("\"app\":{}") "}", "app", "app" },
                { "{" MODE("app") "," NETS("\"app\":{},\"b\":{}") "}", "app", "app; b" },
                { "{" MODE("none") "," NETS("\"secret\":{}") "}", "none", "secret" },
                { "{" MODE("none") "," NETS("\"none\":{}") "}", "none", "none" },
                { "{" MODE("host") "," NETS("\"app\":{}") "}", "host", "host; app" },
                { "{" MODE("app") "," NETS("\"app\":{\"NetworkID\":\"secret\"}") "}", "app", "secret" },
                { "{" MODE("app") "," NETS("\"app\":{\"networkid\":\"0123456789ab\"}") "}", "app", "0123456789ab?" },
                { "{" MODE("app") "," NETS(
                          "\"app\":{\"Aliases\":[\"db\",\"x\"],\"Links\":[\"a:b\"],\"MacAddress\":\"m\"}") "}",
                  "app", "app mac=m aliases=db x links=a:b" },
                { "{" MODE("app") "," NETS(
                          "\"app\":{\"IPAMConfig\":{\"IPv4Address\":\"192.0.2.9\",\"IPv6Address\":\"fd00::9\","
                          "\"LinkLocalIPs\":[\"169.254.169.254\"]}}") "}",
                  "app", "app at=192.0.2.9 fd00::9 further=169.254.169.254" },
                { "{\"MacAddress\":\"m\"," MODE("app") "}", "app", "app mac=m" },
                { "{\"MacAddress\":\"m\"," MODE("app") "," NETS("\"app\":{\"MacAddress\":\"n\"},\"b\":{}") "}", "app",
                  "app mac=n; b mac=m" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check("/v1.44/containers/create", rows[i].body, rows[i].network, rows[i].is);
}

static void an_id_may_be_any_name(void **state) {
        static const struct {
                const char *name;
                bool unknown;
        } rows[] = {
                { "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true },
                { "0123456789ab", true },
                { "012345", true },
                { "facade", true }, /* so few words are that nobody is wronged */
                { "01234", false }, /* as "db" and "cafe" are names */
                { "db", false },
                { "bridge", false },
                { "012345g", false },
                { "ABCDEF", false }, /* ids are in small letters */
                { "012345_default", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char uri[128], is[128], body[128];

                snprintf(is, sizeof(is), "%s%s", rows[i].name, rows[i].unknown ? "?" : "");
                snprintf(uri, sizeof(uri), "/v1.44/networks/%s/connect", rows[i].name);
                check(uri, "{\"Container\":\"c\"}", NULL, is);
                snprintf(body, sizeof(body), "{" MODE("%s") "}", rows[i].name);
                check("/v1.44/containers/create", body, NULL, is);
        }
}

static void a_container_is_connected_to_the_one_of_the_id(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        check("/v1.44/networks/app/connect", "{\"Container\":\"c\",\"EndpointConfig\":{\"Aliases\":[\"db\"]}}", NULL,
              "app aliases=db");
        call_read(&c, (struct wire){ "POST", "/v1.44/networks/app/connect",
                                     "{\"Container\":\"c\",\"EndpointConfig\":{\"NetworkID\":\"secret\"}}" });
        assert_str(c.request.facts.endpoint.network.value, "secret");
        assert_str(in_words(&c), "secret");
}

static void a_service_has_its_networks(void **state) {
        (void)state;
        check("/v1.44/services/create", "{}", NULL, "");
        check("/v1.44/services/create",
              "{\"Networks\":[{\"Target\":\"a\"}],\"TaskTemplate\":{\"Networks\":[{\"Target\":\"b\",\"Aliases\":["
              "\"db\"]}]}}",
              NULL, "a; b aliases=db");
}

static void what_there_is_no_memory_for_is_refused(void **state) {
        static const char body[] = "{" MODE("app") "," NETS(
                "\"app\":{\"Aliases\":[\"db\"],\"Links\":[\"a\"],\"IPAMConfig\":{\"IPv4Address\":\"192.0.2.9\"}}") "}";
        bool read = false;

        (void)state;
        for (size_t limit = 4096; !read; limit += 256) {
                struct call c = { 0 };

                text_init(&c.text);
                envelope_add(&c.text, (struct sent){ STR_C("POST"), STR_C("/v1.44/containers/create"),
                                                     (struct str){ body, sizeof(body) - 1 } });
                arena_init(&c.arena, limit);
                read = request_read(&c.request, &c.arena, text_str(&c.text)) == ENVELOPE_READ &&
                       !flaws_any(&c.request.flaws);
                if (read)
                        assert_int_equal(c.request.facts.networks.n, 1);
                call_free(&c);
                assert_true(limit < 1 << 17);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_new_container_stands_in_each_of_them),
                cmocka_unit_test(an_id_may_be_any_name),
                cmocka_unit_test(a_container_is_connected_to_the_one_of_the_id),
                cmocka_unit_test(a_service_has_its_networks),
                cmocka_unit_test(what_there_is_no_memory_for_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
