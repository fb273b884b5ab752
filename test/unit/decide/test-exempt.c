/*
 * Exemptions from file to verdict, with the shipped rules. Most rows are requests of somebody who tries to fall under
 * an exemption that is not meant for them.
 */
#include "lifted.h"

#include "docksill/base/date.h"
#include "docksill/engine/question.h"

#define CREATE "/v1.41/containers/create?name=web"
#define NOW    (INT64_C(1767225600) * 1000000) /* 2026-01-01 */

static const char exemptions[] =
        "  - {id: socket, rules: [runtime-socket-mount], match: {user: ann}, only: {mount.source: "
        "/run/docker.sock}" TAIL
        "  - {id: vpn, rules: [dangerous-capability], match: {user: [\"vpn-*\"]}, only: {cap: NET_ADMIN}" TAIL
        "  - {id: agent, rules: [privileged-container], match: {image.digest: \"" DIGEST "\", " AS_BUILT "}, only: "
        "{container.privileged: true}" TAIL
        "  - {id: proxy, rules: [runtime-socket-mount], match: {any: [{image.id: \"" DIGEST
        "\"}, {image.digest: \"" DIGEST "\"}], " AS_BUILT "}, only: {mount.source: /run/docker.sock}" TAIL
        "  - {id: tool, rules: [dangerous-capability, memory-unlimited, image-tag-latest], match: {image.name: "
        "registry.example/tool}" TAIL
        "  - {id: nobody, rules: [pids-unlimited], match: {image.name: {within: registry.example}, user: \"*\"}" TAIL
        "  - {id: others, rules: [rootfs-writable], match: {image.name: {within: registry.example}, "
        "not: {user: ann}}" TAIL
        "  - {id: bound, rules: [cpu-unlimited, healthcheck-missing], match: {user: [\"v*\", eve]}, "
        "remaining-points: 90" TAIL
        "  - {id: bounds, rules: [log-unbounded, default-bridge], match: {user: [\"v*\", eve]}, "
        "remaining-points: 0" TAIL;

#define AGENT(rest) "{\"Image\":\"registry.example/agent@" DIGEST "\"" rest "}"

static void lifts_what_is_meant_and_nothing_else(void **state) {
        static const struct {
                const char *user, *body, *rule, *expect;
        } rows[] = {
                /* A user's socket: that one, for that user. */
                { "ann", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/var/run/docker.sock:/s\"]}}",
                  "runtime-socket-mount", "critical! by socket" },
                { "ann", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\",\"/run:/r\"]}}",
                  "runtime-socket-mount", "critical!, critical! by socket" },
                { "ann", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/run/containerd/containerd.sock:/s\"]}}",
                  "runtime-socket-mount", "critical!" },
                { "bob", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\"]}}",
                  "runtime-socket-mount", "critical!" },
                { NULL, "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\"]}}",
                  "runtime-socket-mount", "critical!" },
                { "", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\"]}}", "runtime-socket-mount",
                  "critical!" },
                { "annie", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\"]}}",
                  "runtime-socket-mount", "critical!" },
                /* The worst that remains counts. */
                { "vpn-1", "{\"Image\":\"a\",\"HostConfig\":{\"CapAdd\":[\"NET_ADMIN\"]}}", "dangerous-capability",
                  "high by vpn" },
                { "vpn-1", "{\"Image\":\"a\",\"HostConfig\":{\"CapAdd\":[\"SYS_ADMIN\",\"net_admin\"]}}",
                  "dangerous-capability", "critical!, high by vpn" },
                { "xvpn-1", "{\"Image\":\"a\",\"HostConfig\":{\"CapAdd\":[\"NET_ADMIN\"]}}", "dangerous-capability",
                  "high" },
                /* An image that runs as it was built. */
                { NULL, AGENT(",\"HostConfig\":{\"Privileged\":true}"), "privileged-container", "critical! by agent" },
                { NULL, AGENT(",\"User\":\"\",\"Cmd\":[],\"Entrypoint\":null,\"HostConfig\":{\"Privileged\":true}"),
                  "privileged-container", "critical! by agent" },
                { NULL, AGENT(",\"Entrypoint\":[\"sh\"],\"HostConfig\":{\"Privileged\":true}"), "privileged-container",
                  "critical!" },
                { NULL, AGENT(",\"Entrypoint\":[],\"HostConfig\":{\"Privileged\":true}"), "privileged-container",
                  "critical!" },
                { NULL, AGENT(",\"Entrypoint\":[\"\"],\"HostConfig\":{\"Privileged\":true}"), "privileged-container",
                  "critical!" },
                { NULL, AGENT(",\"Cmd\":[\"-x\"],\"HostConfig\":{\"Privileged\":true}"), "privileged-container",
                  "critical!" },
                { NULL, AGENT(",\"User\":\"0\",\"HostConfig\":{\"Privileged\":true}"), "privileged-container",
                  "critical!" },
                { NULL, AGENT(",\"Shell\":[\"/bin/evil\"],\"HostConfig\":{\"Privileged\":true}"),
                  "privileged-container", "critical!" },
                { NULL,
                  AGENT(",\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\"id\"]},\"HostConfig\":{\"Privileged\":true}"),
                  "privileged-container", "critical!" },
                { NULL, AGENT(",\"Env\":[\"LD_PRELOAD=/x\"],\"HostConfig\":{\"Privileged\":true}"),
                  "privileged-container", "critical!" },
                { NULL, AGENT(",\"OpenStdin\":true,\"HostConfig\":{\"Privileged\":true}"), "privileged-container",
                  "critical!" },
                /* Among the processes of one who may trace. */
                { NULL, AGENT(",\"HostConfig\":{\"Privileged\":true,\"PidMode\":\"container:x\"}"),
                  "privileged-container", "critical!" },
                /* Its orders come from whom it finds by a name. */
                { NULL, AGENT(",\"HostConfig\":{\"Privileged\":true,\"ExtraHosts\":[\"controller:192.0.2.1\"]}"),
                  "privileged-container", "critical!" },
                { NULL, AGENT(",\"HostConfig\":{\"Privileged\":true,\"Links\":[\"mine:controller\"]}"),
                  "privileged-container", "critical!" },
                /* ./run in the memory that it shares with another. */
                { NULL, AGENT(",\"WorkingDir\":\"/dev/shm\",\"HostConfig\":{\"Privileged\":true}"),
                  "privileged-container", "critical!" },
                { NULL, AGENT(",\"HostConfig\":{\"Privileged\":true,\"Binds\":[\"/home/me/evil:/entrypoint\"]}"),
                  "privileged-container", "critical!" },
                { NULL, AGENT(",\"HostConfig\":{\"Privileged\":true,\"Binds\":[\"mine:/bin\"]}"),
                  "privileged-container", "critical!" },
                { NULL, AGENT(",\"HostConfig\":{\"Privileged\":true,\"VolumesFrom\":[\"mine\"]}"),
                  "privileged-container", "critical!" },
                { NULL, AGENT(",\"HostConfig\":{\"Privileged\":true,\"Tmpfs\":{\"/tmp\":\"\"}}"),
                  "privileged-container", "critical! by agent" },
                { NULL, AGENT(",\"Volumes\":{\"/data\":{}},\"HostConfig\":{\"Privileged\":true}"),
                  "privileged-container", "critical! by agent" },
                { NULL, AGENT(",\"Volumes\":{\"/bin\":{}},\"HostConfig\":{\"Privileged\":true,\"VolumeDriver\":\"x\"}"),
                  "privileged-container", "critical!" },
                { NULL, "{\"Image\":\"registry.example/agent\",\"HostConfig\":{\"Privileged\":true}}",
                  "privileged-container", "critical!" },
                /* The id in both spellings; the socket and nothing over the proxy's program. */
                { NULL, "{\"Image\":\"" DIGEST "\",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\"]}}",
                  "runtime-socket-mount", "critical! by proxy" },
                { NULL,
                  "{\"Image\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\",\"HostConfig\":"
                  "{\"Binds\":[\"/run/docker.sock:/s\"]}}",
                  "runtime-socket-mount", "critical! by proxy" },
                { NULL, AGENT(",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\",\"/home/me/evil:/entrypoint\"]}"),
                  "runtime-socket-mount", "critical!" },
                /* What has no path satisfies no path. */
                { NULL, AGENT(",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\",\"mine:/bin\"]}"),
                  "runtime-socket-mount", "critical!" },
                { NULL,
                  AGENT(",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/"
                        "s\"],\"Mounts\":[{\"Type\":\"image\",\"Source\":\"evil\","
                        "\"Target\":\"/bin\"}]}"),
                  "runtime-socket-mount", "critical!" },
                { NULL, AGENT(",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\"],\"Tmpfs\":{\"/tmp\":\"\"}}"),
                  "runtime-socket-mount", "critical! by proxy" },
                /* Not for what is hard, where match is loose. */
                { NULL, "{\"Image\":\"registry.example/tool\",\"HostConfig\":{\"CapAdd\":[\"SYS_ADMIN\"]}}",
                  "dangerous-capability", "critical!" },
                { NULL,
                  "{\"Image\":\"registry.example/tool\",\"HostConfig\":{\"CapAdd\":[\"SYS_ADMIN\",\"NET_ADMIN\"]}}",
                  "dangerous-capability", "critical!, high by tool" },
                { NULL, "{\"Image\":\"registry.example/tool\"}", "memory-unlimited", "medium by tool" },
                { NULL, "{\"Image\":\"registry.example/toolbox\"}", "memory-unlimited", "medium" },
                { NULL, "{\"Image\":\"evil.example/registry.example/tool\"}", "memory-unlimited", "medium" },
                { NULL, "{\"Image\":\"registry.example.evil.example/tool\"}", "memory-unlimited", "medium" },
                /* user: never is somebody without a name, and under not: it is. */
                { NULL, "{\"Image\":\"registry.example/x\"}", "pids-unlimited", "medium" },
                { "", "{\"Image\":\"registry.example/x\"}", "pids-unlimited", "medium" },
                { "eve", "{\"Image\":\"registry.example/x\"}", "pids-unlimited", "medium by nobody" },
                { NULL, "{\"Image\":\"registry.example/x\"}", "rootfs-writable", "medium by others" },
                { "ann", "{\"Image\":\"registry.example/x\"}", "rootfs-writable", "medium" },
        };
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: lockdown\n", exemptions);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                lifted_read(&l, rows[i].user, "POST", CREATE, rows[i].body);
                assert_false(flaws_any(&l.call.request.flaws));
                lifted_judge(&l, MODE_ENFORCE, NOW);
                if (strcmp(lifted_findings(&l, rows[i].rule), rows[i].expect) != 0)
                        fail_msg("%s %s: %s is \"%s\", not \"%s\"", rows[i].user ? rows[i].user : "(socket)",
                                 rows[i].body, rows[i].rule, lifted_findings(&l, rows[i].rule), rows[i].expect);
        }
        lifted_deinit(&l);
}

/* Whoever owns what the exemption names may turn it into a link. */
static void a_link_is_lifted_only_where_it_leads_there_too(void **state) {
        static const struct {
                const char *leads;
                uint8_t state;
                const char *expect;
        } rows[] = {
                { NULL, FACT_KNOWN, "critical! by socket" },
                { "/run/docker.sock", FACT_KNOWN, "critical! by socket" },
                { "/run/containerd/containerd.sock", FACT_KNOWN, "critical!" },
                { "/srv", FACT_KNOWN, "critical!" },
                { NULL, FACT_LEXICAL, "critical!" },
                { NULL, FACT_UNKNOWN, "" },
        };
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: development\n", exemptions);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct mount_fact *mount;

                lifted_read(&l, "ann", "POST", CREATE,
                            "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\"]}}");
                mount = l.call.request.facts.mounts.items;
                mount->source.head.state = rows[i].state;
                if (rows[i].leads) {
                        mount->source.n = 2;
                        mount->source.spelling[1] = str_from(rows[i].leads);
                }
                lifted_judge(&l, MODE_ENFORCE, NOW);
                assert_string_equal(lifted_findings(&l, "runtime-socket-mount"), rows[i].expect);
        }
        lifted_deinit(&l);
}

static void holds_to_the_end_of_its_last_day(void **state) {
        static const char until[] = "  - {id: one, rules: [memory-unlimited], match: {user: ann}, owner: us, "
                                    "reason: because, expires: 2999-06-30}\n";
        int64_t july, rows[5];
        struct lifted l;

        (void)state;
        assert_int_equal(date_parse(STR_C("2999-07-01"), &july), 0);
        rows[0] = 0;
        rows[1] = july - DATE_DAY;
        rows[2] = july - 1;
        rows[3] = july;
        rows[4] = july + 400 * DATE_DAY;
        lifted_init(&l, "extends: lockdown\n", until);
        lifted_read(&l, "ann", "POST", CREATE, "{\"Image\":\"a\"}");
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                lifted_judge(&l, MODE_ENFORCE, rows[i]);
                assert_string_equal(lifted_findings(&l, "memory-unlimited"), i < 3 ? "medium by one" : "medium");
        }
        lifted_deinit(&l);
}

/* Flawed: nobody knows what dockerd would read, so nobody knows what would be let in. */
static void lifts_nothing_of_a_flawed_request(void **state) {
        static const char all[] = "  - {id: one, rules: [request-not-judged-yet, memory-unlimited], "
                                  "match: {user: ann}" TAIL;
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: lockdown\n", all);
        lifted_read(&l, "ann", "POST", CREATE, "{\"Image\":\"a\",\"Image\":\"b\"}");
        assert_true(flaws_any(&l.call.request.flaws));
        lifted_judge(&l, MODE_ENFORCE, NOW);
        assert_int_equal(l.decision.would, VERDICT_DENY);
        assert_int_equal(l.decision.gate, GATE_HARD);
        for (size_t i = 0; i < l.decision.n_findings; ++i)
                assert_null(l.decision.findings[i].exempted_by);
        lifted_deinit(&l);
}

/* image.registry is docker.io where nobody spoke of an image. */
static void facts_that_a_request_does_not_yield_match_nothing(void **state) {
        static const char some[] = "  - {id: one, rules: [exec-root, exec-interactive], "
                                   "match: {image.registry: registry.example}" TAIL
                                   "  - {id: two, rules: [exec-root], match: {user: ann, not: {image.tag: x}}" TAIL;
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: lockdown\n", some);
        lifted_read(&l, "ann", "POST", "/v1.41/containers/web/exec", "{\"Cmd\":[\"id\"],\"User\":\"root\"}");
        l.call.request.facts.image.registry.value = STR_C("registry.example");
        lifted_judge(&l, MODE_ENFORCE, NOW);
        assert_string_equal(strchr(lifted_findings(&l, "exec-root"), 'b') ? "lifted" : "kept", "kept");
        assert_true(*lifted_findings(&l, "exec-root"));
        lifted_deinit(&l);
}

/* Lifted findings are there, with their evidence, last, and cost nothing at any gate. */
static void lifted_findings_are_told_and_do_not_count(void **state) {
        const struct finding *last;
        struct decision before;
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: production\n", exemptions);
        lifted_read(&l, "bob", "POST", CREATE,
                    "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\"]}}");
        lifted_judge(&l, MODE_ENFORCE, NOW);
        before = l.decision;
        lifted_read(&l, "ann", "POST", CREATE,
                    "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\"]}}");
        lifted_judge(&l, MODE_ENFORCE, NOW);
        assert_int_equal(before.gate, GATE_HARD);
        assert_int_not_equal(l.decision.gate, GATE_HARD);
        assert_int_equal(l.decision.n_findings, before.n_findings);
        assert_int_equal(l.decision.points, before.points - 100);
        last = &l.decision.findings[l.decision.n_findings - 1];
        assert_non_null(last->exempted_by);
        assert_int_equal(last->points, 0);
        assert_int_equal(last->severity, SEVERITY_CRITICAL);
        assert_true(last->hard);
        assert_int_equal(last->n_evidence, 1);
        assert_true(last->evidence[0].message.n > 0);
        lifted_deinit(&l);
}

/* Over all requests above and each exemption alone: nothing gets dearer, and no verdict harder. */
static void an_exemption_never_costs(void **state) {
        static const char *const users[] = { NULL, "ann", "vpn-1", "eve" };
        static const char *const bodies[] = {
                "{\"Image\":\"a\"}",
                "{\"Image\":\"registry.example/tool\",\"HostConfig\":{\"CapAdd\":[\"SYS_ADMIN\",\"NET_ADMIN\"]}}",
                "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/run/docker.sock:/s\",\"/run:/r\",\"/etc:/e\"]}}",
                AGENT(",\"HostConfig\":{\"Privileged\":true,\"PidMode\":\"host\"}"),
        };
        static const char *const environments[] = { "extends: development\n", "extends: staging\n",
                                                    "extends: production\n", "extends: lockdown\n" };

        (void)state;
        for (size_t e = 0; e < ARRAY_SIZE(environments); ++e) {
                struct lifted with, without;

                lifted_init(&with, environments[e], exemptions);
                lifted_init(&without, environments[e], NULL);
                for (size_t i = 0; i < ARRAY_SIZE(users) * ARRAY_SIZE(bodies); ++i) {
                        const char *user = users[i % ARRAY_SIZE(users)], *body = bodies[i / ARRAY_SIZE(users)];

                        lifted_read(&with, user, "POST", CREATE, body);
                        lifted_judge(&with, MODE_ENFORCE, NOW);
                        lifted_read(&without, user, "POST", CREATE, body);
                        lifted_judge(&without, MODE_ENFORCE, NOW);
                        assert_true(with.decision.points <= without.decision.points);
                        assert_true(with.decision.verdict <= without.decision.verdict);
                        assert_true(with.decision.n_findings >= without.decision.n_findings);
                }
                assert_false(str_eq(ruleset_digest(with.rules), ruleset_digest(without.rules)));
                lifted_deinit(&with);
                lifted_deinit(&without);
        }
}

/* What is worse, or stands beside it, is not let through with it. */
static void lifts_nothing_worse_and_nothing_beside(void **state) {
        static const char some[] =
                "  - {id: mount, rules: [sensitive-host-mount, host-path-unlisted], match: {user: ann}, only: "
                "{mount.source: /etc/fstab}, up-to: high, remaining-points: 0" TAIL
                "  - {id: rest, rules: [memory-unlimited, pids-unlimited, cpu-unlimited, healthcheck-missing, "
                "user-root, "
                "rootfs-writable, capabilities-not-dropped, no-new-privileges-missing, image-tag-latest, "
                "image-not-digest, default-bridge, image-untrusted-registry], match: {user: ann}, up-to: medium, "
                "remaining-points: 0" TAIL
                "  - {id: some, rules: [memory-unlimited], match: {user: bob}, remaining-points: 300" TAIL
                "  - {id: none, rules: [pids-unlimited], match: {user: bob}, remaining-points: 2" TAIL;
        static const struct {
                const char *user, *body, *rule, *expect, *lapsed;
        } rows[] = {
                { "ann", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/etc/fstab:/f:ro\"]}}", "sensitive-host-mount",
                  "medium by mount", "" },
                /* Writable it is critical. */
                { "ann", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/etc/fstab:/f\"]}}", "sensitive-host-mount",
                  "critical!", "mount" },
                { "ann", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/etc/fstab:/f\"]}}", "memory-unlimited",
                  "medium", "mount" },
                { "ann",
                  "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/etc/fstab:/f:ro\"],\"CapAdd\":[\"NET_ADMIN\"]}}",
                  "sensitive-host-mount", "medium", "mount" },
                { "ann", "{\"Image\":\"a\",\"HostConfig\":{\"Memory\":9000000}}", "pids-unlimited", "medium by rest",
                  "" },
                /* One that bears more holds on where one that bears less does not. */
                { "bob", "{\"Image\":\"a\"}", "memory-unlimited", "medium by some", "none" },
                { "bob", "{\"Image\":\"a\"}", "pids-unlimited", "medium", "none" },
        };
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: production\n", some);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct str lapsed = STR("");

                lifted_read(&l, rows[i].user, "POST", CREATE, rows[i].body);
                lifted_judge(&l, MODE_ENFORCE, NOW);
                if (l.decision.lapse.exemption)
                        lapsed = l.decision.lapse.exemption->id;
                if (strcmp(lifted_findings(&l, rows[i].rule), rows[i].expect) != 0 || !str_eqz(lapsed, rows[i].lapsed))
                        fail_msg("%s: %s is \"%s\", not \"%s\"; lapsed: %" STR_FMT, rows[i].body, rows[i].rule,
                                 lifted_findings(&l, rows[i].rule), rows[i].expect, STR_ARG(lapsed));
                assert_true(lapsed.n == 0 || l.decision.lapse.n_rules > 0);
        }
        lifted_deinit(&l);
}

/* Answers all that is asked: @container, and @image for what it was made of (NULL: there is none any more). */
static void answer(struct lifted *l, const char *container, const char *image) {
        struct request *r = &l->call.request;
        struct questions questions = { 0 };

        questions_of(&questions, r, &l->call.arena);
        for (size_t i = 0; i < questions.n; ++i) {
                const char *json = questions.items[i].kind == QUESTION_CONTAINER ? container : image;

                if (questions.items[i].kind == QUESTION_VOLUME)
                        json = "{\"Name\":\"data\",\"Driver\":\"local\"}";
                question_answer(r, &l->call.arena, &questions, i, json ? ANSWER_TOLD : ANSWER_MISSING,
                                json ? str_from(json) : (struct str){ NULL, 0 });
        }
}

#define ID "7d3c5a0f4be1926d8c7f0a1b2c3d4e5f60718293a4b5c6d7e8f9012345678abc"
#define STARTED(how)                                                                                                   \
        "{\"Id\":\"" ID "\",\"Name\":\"/x\",\"Image\":\"" DIGEST "\",\"HostConfig\":{\"Privileged\":true}," how "}"
#define CONFIG(more)                                                                                                   \
        "\"Config\":{\"Image\":\"registry.example/agent@" DIGEST "\",\"User\":\"\",\"Env\":[\"PATH=/bin\"]," more "}"
#define BUILT CONFIG("\"Cmd\":[\"/agent\"],\"Entrypoint\":null")

/* What let a container be made lets it be started: by the image that it was made of, where it starts as that was built.
 */
static void lifts_at_a_start_what_it_lifts_at_the_create(void **state) {
        static const char some[] =
                "  - {id: agent, rules: [target-privileged], match: {image.digest: \"" DIGEST "\", " AS_BUILT
                "}, only: {target.privileged: true}" TAIL
                "  - {id: etc, rules: [sensitive-host-mount], match: {image.name: registry.example/agent}, only: "
                "{mount.source: /var/log}" TAIL;
        static const struct {
                const char *container, *image, *rule, *expect;
        } rows[] = {
                { STARTED(BUILT), "{\"Id\":\"i\"," BUILT "}", "target-privileged", "critical! by agent" },
                { STARTED(CONFIG("\"Cmd\":[\"sh\"]")), "{" BUILT "}", "target-privileged", "critical!" },
                { STARTED(CONFIG("\"Cmd\":[\"/agent\"],\"Entrypoint\":[\"sh\"]")), "{" BUILT "}", "target-privileged",
                  "critical!" },
                { STARTED(CONFIG("\"Cmd\":[\"/agent\"],\"Shell\":[\"/evil\"]")), "{" BUILT "}", "target-privileged",
                  "critical!" },
                { STARTED(CONFIG("\"Cmd\":[\"/agent\"],\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}")), "{" BUILT "}",
                  "target-privileged", "critical!" },
                { STARTED("\"Config\":{\"Image\":\"registry.example/agent@" DIGEST
                          "\",\"Env\":[\"PATH=/bin\",\"LD_PRELOAD=/x\"],\"Cmd\":[\"/agent\"]}"),
                  "{" BUILT "}", "target-privileged", "critical!" },
                { STARTED("\"Config\":{\"Image\":\"registry.example/agent\",\"Env\":[\"PATH=/bin\"],\"Cmd\":[\"/"
                          "agent\"]}"),
                  "{" BUILT "}", "target-privileged", "critical!" },
                { STARTED(BUILT), NULL, "target-privileged", "critical!" },
                { STARTED(CONFIG("\"Cmd\":[\"/agent\"],\"OpenStdin\":true")), "{" BUILT "}", "target-privileged",
                  "critical!" },
                { STARTED(CONFIG("\"Cmd\":[\"/agent\"],\"WorkingDir\":\"/dev/shm\"")), "{" BUILT "}",
                  "target-privileged", "critical!" },
                { STARTED(CONFIG("\"Cmd\":[\"/agent\"],\"WorkingDir\":\"/app\"")),
                  "{" CONFIG("\"Cmd\":[\"/agent\"],\"WorkingDir\":\"/app/\"") "}", "target-privileged",
                  "critical! by agent" },
                { "{\"Id\":\"" ID "\",\"Image\":\"" DIGEST
                  "\",\"HostConfig\":{\"Privileged\":true,\"IpcMode\":\"container:x\"}," BUILT "}",
                  "{" BUILT "}", "target-privileged", "critical!" },
                /* Somebody's volume over the agent's program. */
                { STARTED(BUILT ",\"Mounts\":[{\"Type\":\"volume\",\"Name\":\"data\",\"Destination\":\"/agent\"}]"),
                  "{" BUILT "}", "target-privileged", "critical!" },
                { STARTED(BUILT ",\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/var/log\",\"RW\":false}]"),
                  "{" BUILT "}", "sensitive-host-mount", "medium by etc" },
                { STARTED(BUILT ",\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/etc\",\"RW\":false}]"), "{" BUILT "}",
                  "sensitive-host-mount", "high" },
        };
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: development\n", some);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                lifted_read(&l, NULL, "POST", "/v1.41/containers/x/start", NULL);
                answer(&l, rows[i].container, rows[i].image);
                lifted_judge(&l, MODE_ENFORCE, NOW);
                if (strcmp(lifted_findings(&l, rows[i].rule), rows[i].expect) != 0)
                        fail_msg("%s: %s is \"%s\", not \"%s\"", rows[i].container, rows[i].rule,
                                 lifted_findings(&l, rows[i].rule), rows[i].expect);
                assert_string_equal(lifted_findings(&l, "image-not-digest"), "");
        }
        lifted_deinit(&l);
}

static void one_container_is_named_by_its_id(void **state) {
        static const char some[] = "  - {id: old, rules: [target-privileged], match: {target.id: " ID
                                   "}, only: {target.privileged: true}" TAIL;
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: development\n", some);
        lifted_read(&l, NULL, "POST", "/v1.41/containers/x/start", NULL);
        answer(&l, STARTED(BUILT), NULL);
        lifted_judge(&l, MODE_ENFORCE, NOW);
        assert_string_equal(lifted_findings(&l, "target-privileged"), "critical! by old");

        lifted_read(&l, NULL, "POST", "/v1.41/containers/" ID "/start", NULL);
        answer(&l, "{\"Id\":\"another\",\"HostConfig\":{\"Privileged\":true}}", NULL);
        lifted_judge(&l, MODE_ENFORCE, NOW);
        assert_string_equal(lifted_findings(&l, "target-privileged"), "critical!");
        lifted_deinit(&l);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(lifts_what_is_meant_and_nothing_else),
                cmocka_unit_test(a_link_is_lifted_only_where_it_leads_there_too),
                cmocka_unit_test(holds_to_the_end_of_its_last_day),
                cmocka_unit_test(lifts_nothing_of_a_flawed_request),
                cmocka_unit_test(facts_that_a_request_does_not_yield_match_nothing),
                cmocka_unit_test(lifted_findings_are_told_and_do_not_count),
                cmocka_unit_test(lifts_nothing_worse_and_nothing_beside),
                cmocka_unit_test(an_exemption_never_costs),
                cmocka_unit_test(lifts_at_a_start_what_it_lifts_at_the_create),
                cmocka_unit_test(one_container_is_named_by_its_id),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
