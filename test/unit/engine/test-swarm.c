#include "call.h"

static struct facts *post(struct call *c, const char *uri, const char *body) {
        call_read(c, (struct wire){ "POST", uri, body });
        if (flaws_any(&c->request.flaws))
                fail_msg("%s %s: flaw %s", uri, body, flaw_name(c->request.flaws.notes[0].flaw).p);
        return &c->request.facts;
}

static void who_can_reach_the_control_plane(void **state) {
        static const struct {
                const char *address, *reach;
        } rows[] = {
                { "0.0.0.0:2377", "everywhere" },
                { "0.0.0.0", "everywhere" },
                { "[::]:2377", "everywhere" },
                { "::", "everywhere" },
                { "[::ffff:0.0.0.0]:1", "everywhere" },
                { "tcp://0.0.0.0:2377", "everywhere" },
                { ":2377", "everywhere" },
                { "", "everywhere" },
                { "000.0.0.0:1", "everywhere" }, /* engines before 23 took it for zeros, later ones refuse it */
                { "[::", "everywhere" },
                { "127.0.0.1:2377", "loopback" },
                { "[::1]:2377", "loopback" },
                { "192.0.2.7:2377", "address" },
                { "2001:db8::1", "address" },
                { "eth0:2377", "address" },
                { "eth0", "address" },
                { "fe", "address" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f;
                char body[128];

                snprintf(body, sizeof(body), "{\"ListenAddr\":\"%s\"}", rows[i].address);
                f = post(&c, i % 2 ? "/v1.41/swarm/init" : "/v1.41/swarm/join", body);
                assert_str(f->swarm.listen.value, rows[i].address);
                if (!str_eqz(f->swarm.listen_reach.value, rows[i].reach))
                        fail_msg("\"%s\": %" STR_FMT, rows[i].address, STR_ARG(f->swarm.listen_reach.value));
        }
}

static void a_specification_is_taken_as_a_whole(void **state) {
        static const struct {
                const char *spec;
                bool autolock, authority;
                int64_t days;
        } rows[] = {
                { "", false, false, 90 },
                { "\"EncryptionConfig\":{\"AutoLockManagers\":true}", true, false, 90 },
                { "\"encryptionconfig\":{\"AUTOLOCKMANAGERS\":true},\"CAConfig\":{}", true, false, 90 },
                { "\"CAConfig\":{\"NodeCertExpiry\":0}", false, false, 90 },
                { "\"CAConfig\":{\"NodeCertExpiry\":31536000000000000}", false, false, 365 },
                { "\"CAConfig\":{\"ExternalCAs\":[]}", false, false, 90 },
                { "\"CAConfig\":{\"ExternalCAs\":[{\"URL\":\"https://ca.example\"}]}", false, true, 90 },
                { "\"CAConfig\":{\"SigningCACert\":\"x\"}", false, true, 90 },
                { "\"CAConfig\":{\"SigningCAKey\":\"x\"}", false, true, 90 },
                { "\"CAConfig\":{\"ForceRotate\":1}", false, true, 90 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call init = { 0 }, update = { 0 };
                const struct facts *f[2];
                char body[256];

                snprintf(body, sizeof(body), "{\"AutoLockManagers\":true,\"Spec\":{%s}}", rows[i].spec);
                f[0] = post(&init, "/v1.41/swarm/init", body);
                snprintf(body, sizeof(body), "{%s}", rows[i].spec);
                f[1] = post(&update, "/v1.41/swarm/update?version=1", body);
                for (size_t j = 0; j < 2; ++j) {
                        assert_int_equal(f[j]->swarm.autolock.value, rows[i].autolock);
                        assert_int_equal(f[j]->swarm.other_authority.value, rows[i].authority);
                        assert_int_equal(f[j]->swarm.certificate_expiry.value,
                                         rows[i].days * INT64_C(24) * 3600 * 1000000);
                }
        }
}

static void says_what_the_client_of_engine_28_says(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        post(&c, "/v1.41/swarm/init",
             "{\"ListenAddr\":\"127.0.0.1:2399\",\"AdvertiseAddr\":\"127.0.0.1\",\"DataPathAddr\":\"\","
             "\"DataPathPort\":0,\"ForceNewCluster\":false,\"Spec\":{\"Labels\":null,\"Orchestration\":{},"
             "\"Raft\":{\"ElectionTick\":0,\"HeartbeatTick\":0},\"Dispatcher\":{},\"CAConfig\":{},\"TaskDefaults\":{},"
             "\"EncryptionConfig\":{\"AutoLockManagers\":false}},\"AutoLockManagers\":false,\"Availability\":\"\","
             "\"DefaultAddrPool\":[],\"SubnetSize\":24}\n");
        assert_str(call_unknown(&c), "");
}

static void a_join_names_its_managers_and_keeps_no_token(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f;

        (void)state;
        f = post(&c, "/v1.44/swarm/join",
                 "{\"remoteaddrs\":[\"192.0.2.1:2377\",\"192.0.2.2:2377\"],\"jointoken\":\"SWMTKN-1-y\"}");
        assert_int_equal(request_yields(&c.request), GROUP_REQUEST | GROUP_DAEMON | GROUP_SWARM_NODE);
        assert_str(call_joined(&c, &f->swarm.managers), "192.0.2.1:2377 192.0.2.2:2377");
        assert_int_equal(f->texts.n, 0);
}

static void an_update_may_make_tokens_anew(void **state) {
        static const struct {
                const char *query, *rotated;
        } rows[] = {
                { "version=1", "" },
                { "rotateWorkerToken=true&rotateManagerToken=1", "rotateWorkerToken rotateManagerToken" },
                { "rotateManagerUnlockKey=t&rotateWorkerToken=false", "rotateManagerUnlockKey" },
                { "rotateWorkerToken=&rotatemanagertoken=1", "" },
                { "rotateWorkerToken=yes", "rotateWorkerToken" }, /* dockerd refuses it */
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char uri[128];

                snprintf(uri, sizeof(uri), "/v1.41/swarm/update?%s", rows[i].query);
                post(&c, uri, "{}");
                assert_str(call_joined(&c, &c.request.facts.swarm.rotated), rows[i].rotated);
        }
}

/* Its words are compared in upper case, as those of a service. */
static void a_node_has_a_role(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f;

        (void)state;
        f = post(&c, "/v1.41/nodes/n/update?version=9",
                 "{\"Role\":\"Manager\",\"Availability\":\"DRAIN\",\"Labels\":null}");
        assert_str(f->swarm.node_role.value, "manager");
        assert_str(f->swarm.node_availability.value, "drain");
}

static void what_go_refuses_or_merges_is_a_flaw(void **state) {
        (void)state;
        call_expect_flaws("/v1.41/swarm/init", { "{\"Spec\":{},\"spec\":{}}", FLAW_DUPLICATE_KEY },
                          { "{\"DataPathPort\":-1}", FLAW_NUMBER_RANGE });
        call_expect_flaws("/v1.41/swarm/join", { "{\"RemoteAddrs\":\"x\"}", FLAW_WRONG_TYPE });
        call_expect_flaws("/v1.41/swarm/update", { "{}{}", FLAW_TRAILING_DATA });
        call_expect_flaws("/v1.41/swarm/unlock", { "null", FLAW_MALFORMED_JSON },
                          { "{\"UnlockKey\":1}", FLAW_WRONG_TYPE });
        call_expect_flaws("/v1.41/nodes/n/update",
                          { "{\"Role\":\"worker\",\"ROLE\":\"manager\"}", FLAW_DUPLICATE_KEY });
}

/* The handlers never look at the content type, so that dockerd may hide what they read (PROTOCOL 2.3). */
static void a_hidden_body_is_missed(void **state) {
        static const char *const uris[] = {
                "/v1.41/swarm/init",           "/v1.41/swarm/join",     "/v1.41/swarm/update",
                "/v1.41/swarm/unlock",         "/v1.41/nodes/n/update", "/v1.41/secrets/create",
                "/v1.41/secrets/s/update",     "/v1.41/configs/create", "/v1.41/configs/c/update",
                "/v1.41/services/create?#%zz",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(uris); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ "POST", uris[i], NULL,
                                             "\"Content-Type\":\"text/plain\",\"Content-Length\":\"74\"" });
                if (!flaws_have(&c.request.flaws, FLAW_BODY_MISSING))
                        fail_msg("%s", uris[i]);
        }
}

static void a_node_may_go_whatever_is_lost(void **state) {
        static const struct {
                const char *method, *uri;
                bool forced;
        } rows[] = {
                { "POST", "/v1.41/swarm/leave", false },        { "POST", "/v1.41/swarm/leave?force=0", false },
                { "POST", "/v1.41/swarm/leave?force=1", true }, { "POST", "/v1.41/swarm/leave?force=yes", true },
                { "DELETE", "/v1.41/nodes/n", false },          { "DELETE", "/v1.41/nodes/n?force=true", true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ rows[i].method, rows[i].uri, NULL, NULL });
                assert_int_equal(c.request.facts.swarm.forced.value, rows[i].forced);
        }
}

static void where_the_swarm_s_networks_take_addresses_from(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f =
                post(&c, "/v1.41/swarm/init",
                     "{\"ForceNewCluster\":true,\"DefaultAddrPool\":[\"10.0.0.0/8\",\"\",\"169.254.0.0/16\"]}");
        const struct subnet_fact *s = f->swarm.address_pools.items;

        (void)state;
        assert_true(f->swarm.new_cluster.value);
        assert_int_equal(f->swarm.address_pools.n, 2);
        assert_str(s[0].range.value, "ordinary");
        assert_str(s[1].range.value, "link-local");
        assert_int_equal(s[1].origin.index, 2);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_node_may_go_whatever_is_lost),
                cmocka_unit_test(where_the_swarm_s_networks_take_addresses_from),
                cmocka_unit_test(who_can_reach_the_control_plane),
                cmocka_unit_test(a_specification_is_taken_as_a_whole),
                cmocka_unit_test(says_what_the_client_of_engine_28_says),
                cmocka_unit_test(a_join_names_its_managers_and_keeps_no_token),
                cmocka_unit_test(an_update_may_make_tokens_anew),
                cmocka_unit_test(a_node_has_a_role),
                cmocka_unit_test(what_go_refuses_or_merges_is_a_flaw),
                cmocka_unit_test(a_hidden_body_is_missed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
