#include "asked.h"
#include "docksill/base/cleanup.h"
#include "docksill/base/file.h"
#include "docksill/engine/request-path.h"

#define PEER                                                                                                           \
        "{\"Id\":\"0123\",\"Name\":\"/peer\",\"Config\":{\"User\":\"app\"},\"HostConfig\":{\"Privileged\":true,"       \
        "\"NetworkMode\":\"container:x\",\"PidMode\":\"host\",\"IpcMode\":\"shareable\",\"UsernsMode\":\"host\","      \
        "\"CapAdd\":[\"CAP_SYS_ADMIN\",\"net_admin\"]},\"Mounts\":["                                                   \
        "{\"Type\":\"bind\",\"Source\":\"/etc\",\"Destination\":\"/e\",\"Mode\":\"\",\"RW\":true,"                     \
        "\"Propagation\":\"rslave\"},"                                                                                 \
        "{\"Type\":\"bind\",\"Source\":\"/srv\",\"Destination\":\"/s\",\"RW\":false},"                                 \
        "{\"Type\":\"volume\",\"Name\":\"v\",\"Source\":\"/var/lib/docker/volumes/v/_data\",\"Destination\":\"/v\","   \
        "\"Driver\":\"local\",\"RW\":true},"                                                                           \
        "{\"Type\":\"volume\",\"Name\":\"n\",\"Source\":\"/mnt\",\"Destination\":\"/"                                  \
        "n\",\"Driver\":\"nfs\",\"RW\":true},"                                                                         \
        "{\"Type\":\"tmpfs\",\"Source\":\"\",\"Destination\":\"/t\",\"RW\":true}]}"

static void check_view(struct asked *a, const struct container_view *view) {
        assert_true(view->privileged.value);
        assert_int_equal(view->privileged.head.state, FACT_KNOWN);
        assert_str(view->network.value, "container:x");
        assert_str(view->pid.value, "host");
        assert_str(view->ipc.value, "shareable");
        assert_str(view->userns.value, "host");
        assert_str(view->user.value, "app");
        assert_str(view->user_root.value, "unknown");
        assert_int_equal(view->user_root.head.state, FACT_UNKNOWN);
        assert_str(call_joined(&a->call, &view->capabilities_added), "SYS_ADMIN NET_ADMIN");
}

static void a_peer_is_seen_by_what_joins_it(void **state) {
        static const char body[] = "{\"HostConfig\":{\"NetworkMode\":\"container:p\",\"PidMode\":\"container:q\"}}";
        const struct join_fact *joins;
        struct asked a;
        struct facts *f;

        (void)state;
        f = ask_create(&a, body);
        joins = f->container.joins.items;
        answer(&a, 0, PEER);
        check_view(&a, &joins[0].view);
        assert_int_equal(joins[1].view.privileged.head.state, FACT_UNKNOWN);
        answer(&a, 1, ""); /* who will be called so is open */
        assert_int_equal(joins[0].view.privileged.head.state, FACT_KNOWN);
        assert_int_equal(joins[1].view.privileged.head.state, FACT_UNKNOWN);
        assert_int_equal(a.questions.n, 2); /* its mounts are its own */
        assert_int_equal(f->mounts.n, 0);
        done(&a);

        f = ask_create(&a, body);
        joins = f->container.joins.items;
        answer(&a, 0, NULL);
        answer(&a, 1, "{\"HostConfig\":\"\"}");
        for (size_t i = 0; i < 2; ++i) {
                assert_int_equal(joins[i].view.privileged.head.state, FACT_UNKNOWN);
                assert_int_equal(joins[i].view.capabilities_added.head.state, FACT_UNKNOWN);
        }
        assert_int_equal(f->mounts.head.state, FACT_KNOWN);
        done(&a);
}

static void volumes_of_another_container_come_along(void **state) {
        struct asked a;
        struct facts *f;
        struct text t;

        (void)state;
        f = ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"v:/own\"],\"VolumesFrom\":[\"x\",\"p:ro\"]}}");
        assert_str(listed(&a), "container x, container p, volume v");
        answer(&a, 1, PEER);
        assert_str(listed(&a), "container x, container p, volume v, plugin nfs");
        assert_int_equal(f->mounts.n, 6);
        for (size_t i = 1; i < 6; ++i) {
                assert_str(mount_of(f, i)->via.value, "volumes-from");
                assert_true(mount_of(f, i)->read_only.value);
        }
        assert_str(mount_of(f, 1)->kind.value, "host");
        assert_str(mount_of(f, 1)->source.spelling[0], "/etc");
        assert_str(mount_of(f, 1)->target.value, "/e");
        assert_str(mount_of(f, 1)->propagation.value, "rslave");
        text_init(&t);
        origin_add(&t, &mount_of(f, 1)->origin);
        assert_string_equal(t.p, "HostConfig.VolumesFrom[1]");
        assert_str(mount_of(f, 3)->kind.value, "volume");
        assert_str(mount_of(f, 3)->requested.value, "v");
        assert_int_equal(mount_of(f, 3)->source.n, 0);
        assert_str(mount_of(f, 4)->driver.value, "nfs");
        assert_str(mount_of(f, 5)->kind.value, "tmpfs");

        answer(&a, 2, "{\"Driver\":\"local\",\"Options\":{\"o\":\"bind\",\"device\":\"/opt\"}}");
        assert_str(mount_of(f, 0)->source.spelling[0], "/opt");
        assert_str(mount_of(f, 3)->source.spelling[0], "/opt");
        assert_str(mount_of(f, 3)->via.value, "named-volume");
        answer(&a, 0, "");
        assert_int_equal(f->mounts.head.state, FACT_KNOWN);
        done(&a);
        text_deinit(&t);
}

/* A volume whose answer came before a container brought it in once more is asked for again. */
static void a_volume_that_comes_late_is_not_left_out(void **state) {
        struct asked a;
        struct facts *f;

        (void)state;
        f = ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"v:/own\"],\"VolumesFrom\":[\"p\"]}}");
        assert_str(listed(&a), "container p, volume v");
        answer(&a, 1, "{\"Driver\":\"local\",\"Options\":{\"o\":\"bind\",\"device\":\"/opt\"}}");
        answer(&a, 0, PEER);
        assert_str(listed(&a), "container p, volume v, volume v, plugin nfs");
        assert_str(mount_of(f, 3)->kind.value, "volume");
        answer(&a, 2, "{\"Driver\":\"local\",\"Options\":{\"o\":\"bind\",\"device\":\"/opt\"}}");
        assert_str(mount_of(f, 0)->kind.value, "host");
        assert_str(mount_of(f, 3)->kind.value, "host");
        assert_int_equal(f->mounts.n, 6);
        done(&a);
}

static void mounts_that_nobody_tells_of_are_unknown(void **state) {
        static const struct wire rows[] = {
                { "POST", "/v1.41/containers/create",
                  "{\"HostConfig\":{\"Binds\":[\"/etc:/e\"],\"VolumesFrom\":[\"p\"]}}" },
                { "POST", "/v1.41/containers/p/start" },
                { "POST", "/v1.41/containers/p/restart" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask(&a, rows[i]);

                answer(&a, 0, NULL);
                assert_int_equal(f->mounts.head.state, FACT_UNKNOWN);
                assert_int_equal(f->mounts.n, i == 0 ? 1 : 0);
                done(&a);

                f = ask(&a, rows[i]);
                answer(&a, 0, "");
                assert_int_equal(f->mounts.head.state, FACT_KNOWN);
                done(&a);
        }
}

static void the_target_is_told(void **state) {
        static const struct wire rows[] = {
                { "POST", "/v1.41/containers/p/exec", "{\"Cmd\":[\"id\"]}" },
                { "POST", "/v1.41/containers/p/start" },
                { "POST", "/v1.41/containers/p/attach" },
                { "POST", "/v1.41/containers/p/update", "{}" },
                { "PUT", "/v1.41/containers/p/archive?path=/" },
                { "POST", "/v1.41/commit?container=p" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask(&a, rows[i]);

                assert_int_equal(f->target.name.head.state, FACT_OFF);
                answer(&a, 0, PEER);
                assert_str(f->target.name.value, "peer");
                assert_str(f->target.id.value, "0123");
                check_view(&a, &f->target.view);
                assert_int_equal(f->mounts.n, a.call.request.operation->yields & GROUP_MOUNTS ? 5 : 0);
                done(&a);

                f = ask(&a, rows[i]);
                answer(&a, 0, "");
                assert_int_equal(f->target.name.head.state, FACT_OFF);
                assert_int_equal(f->target.view.privileged.head.state, FACT_OFF);
                done(&a);

                f = ask(&a, rows[i]);
                answer(&a, 0, "\"\"");
                assert_int_equal(f->target.name.head.state, FACT_UNKNOWN);
                assert_int_equal(f->target.view.privileged.head.state, FACT_UNKNOWN);
                done(&a);
        }
}

static void the_mounts_of_a_container_are_judged_at_its_start(void **state) {
        struct request_path *paths;
        struct asked a;
        struct facts *f;
        struct text t;
        size_t n;

        (void)state;
        f = ask(&a, (struct wire){ "POST", "/v1.41/containers/p/start" });
        answer(&a, 0, PEER);
        assert_str(listed(&a), "container p, volume v, plugin nfs, container x");
        assert_int_equal(f->mounts.n, 5);
        assert_str(mount_of(f, 0)->kind.value, "host");
        assert_str(mount_of(f, 0)->via.value, "bind");
        assert_str(mount_of(f, 0)->requested.value, "/etc");
        assert_false(mount_of(f, 0)->read_only.value);
        assert_true(mount_of(f, 1)->read_only.value);
        assert_str(mount_of(f, 2)->via.value, "named-volume");
        text_init(&t);
        origin_add(&t, &mount_of(f, 1)->origin);
        assert_string_equal(t.p, "Mounts[1]");
        answer(&a, 1, "{\"Driver\":\"local\",\"Options\":{\"type\":\"ext4\",\"device\":\"/dev/sda\"}}");
        assert_str(mount_of(f, 2)->kind.value, "block-device");
        assert_int_equal(request_paths(&a.call.request, &a.call.arena, &paths, &n), 0);
        assert_int_equal(n, 3);
        done(&a);
        text_deinit(&t);
}

/* What is put into it is in no image: then an exemption of the image is none of the container's. */
static void what_is_filled_is_not_as_built(void **state) {
        static const struct {
                struct wire wire;
                bool as_built;
        } rows[] = {
                { { "POST", "/v1.41/containers/p/start" }, true },
                { { "PUT", "/v1.41/containers/p/archive?path=/" }, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask(&a, rows[i].wire);

                answer(&a, 0, "{\"Id\":\"0123\",\"Image\":\"sha256:01\",\"Config\":{\"Cmd\":[\"app\"]}}");
                assert_str(listed(&a), "container p, image sha256:01");
                answer(&a, 1, "{\"Config\":{\"Cmd\":[\"app\"]}}");
                assert_int_equal(f->image.as_built.value, rows[i].as_built);
                done(&a);
        }
}

static void whom_a_container_joins_is_asked_at_its_start(void **state) {
        static const char joining[] = "{\"HostConfig\":{\"NetworkMode\":\"container:x\",\"PidMode\":\"container:y\","
                                      "\"IpcMode\":\"container:x\"}}";
        const struct join_fact *joins;
        struct asked a;
        struct facts *f;

        (void)state;
        f = ask(&a, (struct wire){ "POST", "/v1.41/containers/p/restart" });
        assert_int_equal(f->target.joins.head.state, FACT_OFF);
        answer(&a, 0, joining);
        assert_str(listed(&a), "container p, container x, container y");
        assert_int_equal(f->target.joins.head.state, FACT_KNOWN);
        assert_int_equal(f->target.joins.n, 3);
        joins = f->target.joins.items;
        assert_int_equal(joins[0].view.privileged.head.state, FACT_UNKNOWN);
        answer(&a, 1, PEER);
        check_view(&a, &joins[0].view);
        assert_str(joins[1].peer.value, "y");
        assert_int_equal(joins[1].view.privileged.head.state, FACT_UNKNOWN);
        assert_str(joins[2].namespace.value, "ipc");
        check_view(&a, &joins[2].view);
        answer(&a, 2, NULL);
        assert_int_equal(joins[1].view.privileged.head.state, FACT_UNKNOWN);
        done(&a);

        f = ask(&a, (struct wire){ "POST", "/v1.41/containers/p/start" });
        answer(&a, 0, NULL);
        assert_int_equal(f->target.joins.head.state, FACT_UNKNOWN);
        done(&a);

        f = ask(&a, (struct wire){ "POST", "/v1.41/containers/p/exec", "{\"Cmd\":[\"id\"]}" });
        answer(&a, 0, joining);
        assert_str(listed(&a), "container p");
        assert_int_equal(f->target.joins.head.state, FACT_OFF);
        done(&a);
}

static void a_command_without_a_user_runs_as_the_container_s(void **state) {
        static const struct {
                const char *exec, *user, *root;
        } rows[] = {
                { "", "0", "yes" },
                { "", "", "yes" },
                { "", "5", "no" },
                { "", "app", "unknown" },
                { ",\"User\":\"\"", "5", "no" },
                { ",\"User\":\"root\"", "5", "yes" },
                { ",\"User\":\"app\"", "5", "unknown" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char body[64], json[64];
                struct asked a;
                struct facts *f;

                snprintf(body, sizeof(body), "{\"Cmd\":[\"id\"]%s}", rows[i].exec);
                snprintf(json, sizeof(json), "{\"Config\":{\"User\":\"%s\"}}", rows[i].user);
                f = ask(&a, (struct wire){ "POST", "/v1.41/containers/p/exec", body });
                answer(&a, 0, json);
                assert_str(f->exec.user_root.value, rows[i].root);
                assert_int_equal(f->exec.user_root.head.state, FACT_KNOWN);
                done(&a);
        }
}

static void an_exec_leads_to_its_container(void **state) {
        static const struct wire wire = { "POST", "/v1.41/exec/0a/start", "{}" };
        struct asked a;
        struct facts *f;

        (void)state;
        f = ask(&a, wire);
        answer(&a, 0, "{\"ID\":\"0a\",\"Running\":false,\"ContainerID\":\"0123\"}");
        assert_str(listed(&a), "exec 0a, container 0123");
        answer(&a, 1, PEER);
        check_view(&a, &f->target.view);
        assert_int_equal(f->mounts.n, 0);
        done(&a);

        f = ask(&a, wire);
        answer(&a, 0, "");
        assert_int_equal(a.questions.n, 1);
        assert_int_equal(f->target.id.head.state, FACT_OFF);
        done(&a);

        f = ask(&a, wire);
        answer(&a, 0, "{}"); /* an exec of nothing */
        assert_int_equal(a.questions.n, 1);
        assert_int_equal(f->target.id.head.state, FACT_UNKNOWN);
        done(&a);
}

/* -- what is reached -- */

/* Asks what a rule wants to know of the containers that are reached. */
static struct facts *ask_reached(struct asked *a, struct wire w) {
        memset(&a->questions, 0, sizeof(a->questions));
        call_read(&a->call, w);
        assert_false(flaws_any(&a->call.request.flaws));
        a->call.request.reaches = true;
        questions_of(&a->questions, &a->call.request, &a->call.arena);
        return &a->call.request.facts;
}

static const struct mount_fact *reached_of(const struct facts *f, size_t i) {
        assert_true(i < f->reached.mounted.n);
        return (const struct mount_fact *)f->reached.mounted.items + i;
}

/* "name=value name=value" */
static struct str powers(struct asked *a) {
        const struct fact_list *list = &a->call.request.facts.reached.powers;
        const struct pair_fact *p = list->items;
        struct text t;

        text_init_arena(&t, &a->call.arena);
        text_addz(&t, "");
        for (size_t i = 0; i < list->n; ++i)
                text_addf(&t, "%s%" STR_FMT "=%" STR_FMT, i ? " " : "", STR_ARG(p[i].name.value),
                          STR_ARG(p[i].value.value));
        return text_str(&t);
}

static void what_is_reached_is_told_where_somebody_wants_it(void **state) {
        static const struct {
                struct wire wire;
                const char *first;
                bool mounts; /* else they are the request's own */
        } rows[] = {
                { { "POST", "/v1.41/containers/p/exec", "{\"Cmd\":[\"id\"]}" }, "container p", true },
                { { "POST", "/v1.41/containers/p/attach" }, "container p", true },
                { { "GET", "/v1.41/containers/p/attach/ws" }, "container p", true },
                { { "GET", "/v1.41/containers/p/archive?path=/" }, "container p", true },
                { { "GET", "/v1.41/containers/p/export" }, "container p", true },
                { { "POST", "/v1.23/containers/p/copy", "{\"Resource\":\"/x\"}" }, "container p", true },
                { { "POST", "/v1.41/commit?container=p" }, "container p", true },
                { { "POST", "/v1.41/containers/create", "{\"HostConfig\":{\"PidMode\":\"container:p\"}}" },
                  "container p", true },
                { { "POST", "/v1.41/containers/p/start" }, "container p", false },
                { { "POST", "/v1.41/containers/p/restart" }, "container p", false },
                { { "PUT", "/v1.41/containers/p/archive?path=/" }, "container p", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask(&a, rows[i].wire);

                assert_false(f->reached.asked.value);
                assert_int_equal(f->reached.mounted.head.state, FACT_OFF);
                done(&a);

                f = ask_reached(&a, rows[i].wire);
                assert_str(listed(&a), rows[i].first);
                assert_true(f->reached.asked.value);
                assert_int_equal(f->reached.powers.head.state, FACT_KNOWN);
                answer(&a, 0, PEER);
                assert_str(powers(&a), "privileged=true");
                assert_int_equal(f->reached.mounted.n, rows[i].mounts ? 5 : 0);
                done(&a);

                f = ask_reached(&a, rows[i].wire);
                answer(&a, 0, NULL);
                assert_int_equal(f->reached.mounted.head.state, FACT_UNKNOWN);
                assert_int_equal(f->reached.powers.head.state, FACT_UNKNOWN);
                done(&a);

                f = ask_reached(&a, rows[i].wire);
                answer(&a, 0, "");
                assert_int_equal(f->reached.mounted.head.state, FACT_KNOWN);
                assert_int_equal(f->reached.mounted.n, 0);
                done(&a);
        }
}

static void reads_that_reach_nothing_ask_nothing(void **state) {
        static const struct wire rows[] = {
                { "GET", "/v1.41/containers/p/json" }, { "GET", "/v1.41/containers/p/logs" },
                { "GET", "/v1.41/images/p/json" },     { "GET", "/v1.41/exec/p/json" },
                { "GET", "/v1.41/volumes/p" },         { "POST", "/v1.41/containers/p/stop" },
                /* The client asks so before it copies; what it would be told of a refusal it does not show. */
                { "HEAD", "/v1.41/containers/p/archive?path=/" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;

                ask_reached(&a, rows[i]);
                assert_int_equal(a.questions.n, 0);
                done(&a);
        }
}

static void what_is_mounted_there_is_followed(void **state) {
        struct request_path *paths;
        struct asked a;
        struct facts *f;
        struct text t;
        size_t n;

        (void)state;
        f = ask_reached(&a, (struct wire){ "POST", "/v1.41/exec/0a/start", "{}" });
        answer(&a, 0, "{\"ID\":\"0a\",\"ContainerID\":\"0123\"}");
        answer(&a, 1, PEER);
        assert_str(listed(&a), "exec 0a, container 0123, volume v, plugin nfs, container x");
        assert_int_equal(f->mounts.n, 0);
        assert_str(reached_of(f, 0)->source.spelling[0], "/etc");
        assert_true(reached_of(f, 1)->read_only.value);
        answer(&a, 2, "{\"Driver\":\"local\",\"Options\":{\"o\":\"bind\",\"device\":\"/opt\"}}");
        assert_str(reached_of(f, 2)->kind.value, "host");
        assert_str(reached_of(f, 2)->via.value, "named-volume");
        assert_str(reached_of(f, 2)->source.spelling[0], "/opt");
        answer(&a, 3, "{\"PluginReference\":\"docker.io/x/nfs:1\"}");
        assert_str(reached_of(f, 3)->plugin.value, "docker.io/x/nfs:1");
        text_init(&t);
        origin_add(&t, &reached_of(f, 1)->origin);
        assert_string_equal(t.p, "containers.0123[1]");
        assert_int_equal(request_paths(&a.call.request, &a.call.arena, &paths, &n), 0);
        assert_int_equal(n, 3);
        request_paths_mark_unknown(&a.call.request);
        assert_int_equal(reached_of(f, 2)->source.head.state, FACT_LEXICAL);
        done(&a);
        text_deinit(&t);

        f = ask_reached(&a, (struct wire){ "POST", "/v1.41/containers/p/exec", "{\"Cmd\":[\"id\"]}" });
        answer(&a, 0, PEER);
        answer(&a, 1, NULL);
        assert_int_equal(reached_of(f, 2)->kind.head.state, FACT_UNKNOWN);
        done(&a);
}

/* Whoever is in a namespace of another reaches that one too, in a row and in a circle. */
static void a_row_of_peers_is_walked_once(void **state) {
        struct asked a;

        (void)state;
        ask_reached(&a, (struct wire){ "POST", "/v1.41/containers/p/exec", "{\"Cmd\":[\"id\"]}" });
        answer(&a, 0, "{\"HostConfig\":{\"PidMode\":\"container:q\",\"IpcMode\":\"container:q\"}}");
        assert_str(listed(&a), "container p, container q");
        answer(&a, 1, "{\"HostConfig\":{\"NetworkMode\":\"container:r\"}}");
        assert_str(listed(&a), "container p, container q, container r");
        answer(&a, 2, "{\"HostConfig\":{\"PidMode\":\"container:p\",\"UTSMode\":\"host\"}}");
        assert_int_equal(a.questions.n, 3);
        assert_str(powers(&a), "namespace=uts");
        done(&a);
}

static void each_power_is_told(void **state) {
        static const struct {
                const char *host_config, *powers;
        } rows[] = {
                { "", "" },
                { "\"Privileged\":false,\"CapAdd\":null,\"SecurityOpt\":null,\"Devices\":[],\"Runtime\":\"\"", "" },
                { "\"Privileged\":true,\"CapAdd\":[\"ALL\"]", "privileged=true" },
                { "\"CapAdd\":[\"cap_sys_admin\",\"CHOWN\"]", "capability=SYS_ADMIN capability=CHOWN" },
                { "\"NetworkMode\":\"host\",\"PidMode\":\"host\",\"IpcMode\":\"host\",\"UTSMode\":\"host\","
                  "\"UsernsMode\":\"host\",\"CgroupnsMode\":\"host\"",
                  "namespace=network namespace=pid namespace=ipc namespace=uts namespace=userns" },
                { "\"NetworkMode\":\"default\",\"IpcMode\":\"private\"", "" },
                { "\"Devices\":[{\"PathOnHost\":\"/dev/sda\"}],\"DeviceCgroupRules\":[\"b 8:* r\"],"
                  "\"DeviceRequests\":[{\"Driver\":\"cdi\",\"DeviceIDs\":[\"v.example/c=0\"]}]",
                  "device=/dev/sda device-rule=b 8:* r device-request=v.example/c=0" },
                { "\"SecurityOpt\":[\"seccomp=unconfined\",\"apparmor:unconfined\",\"label=disable\","
                  "\"writable-cgroups=true\",\"no-new-privileges\"]",
                  "unconfined=seccomp unconfined=label unconfined=writable-cgroups apparmor=unconfined" },
                { "\"SecurityOpt\":[\"label=type:spc_t\",\"apparmor=docker-default\"]",
                  "apparmor=docker-default label=spc_t" },
                { "\"SecurityOpt\":[\"seccomp={}\"]", "unconfined=seccomp" },
                { "\"SecurityOpt\":[\"seccomp={\\\"defaultAction\\\":\\\"SCMP_ACT_ERRNO\\\"}\"]", "" },
                { "\"SecurityOpt\":[\"seccomp={\\\"defaultAction\\\":\\\"SCMP_ACT_LOG\\\"}\"]", "unconfined=seccomp" },
                { "\"SecurityOpt\":[\"seccomp=none of it\"]", "unconfined=seccomp" },
                { "\"MaskedPaths\":[]", "unconfined=systempaths" },
                { "\"MaskedPaths\":null,\"ReadonlyPaths\":null", "" },
                { "\"CgroupParent\":\"/x\",\"Runtime\":\"runc\"", "cgroup-parent=/x runtime=runc" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                char json[512];

                snprintf(json, sizeof(json), "{\"HostConfig\":{%s}}", rows[i].host_config);
                ask_reached(&a, (struct wire){ "POST", "/v1.41/containers/p/attach" });
                answer(&a, 0, json);
                if (!str_eqz(powers(&a), rows[i].powers))
                        fail_msg("row %zu: %" STR_FMT, i, STR_ARG(powers(&a)));
                /* What is read of it is no part of the request. */
                assert_int_equal(a.call.request.facts.container.devices.n, 0);
                assert_false(flaws_any(&a.call.request.flaws));
                done(&a);
        }
}

/* What a 20.10 said of a container with each kind of mount, whole: seeds of the fuzzer. */
static void a_real_engine_s_answers_are_read(void **state) {
        struct arena arena;
        struct str text, rest;
        struct asked a;
        struct facts *f;

        (void)state;
        arena_init(&arena, 1 << 20);
        assert_int_equal(file_read(&arena, "fuzz/answer/corpus/start", 1 << 16, &text), 0);
        rest = str_skip(text, 1); /* the first byte picks the request */
        f = ask(&a, (struct wire){ "POST", "/v1.41/containers/p/start" });
        for (size_t i = 0; rest.p; ++i)
                question_answer(&a.call.request, &a.call.arena, &a.questions, i, ANSWER_TOLD, str_cut(&rest, '\n'));
        assert_str(f->target.name.value, "peer");
        assert_true(f->target.view.privileged.value);
        assert_str(call_joined(&a.call, &f->target.view.capabilities_added), "SYS_ADMIN");
        assert_str(f->target.view.user.value, "1000:7");
        assert_str(f->target.view.network.value, "none");
        assert_int_equal(f->mounts.n, 4);
        assert_int_equal(f->mounts.head.state, FACT_KNOWN);
        assert_int_equal(a.questions.n, 5); /* three volumes, and the image that it was made of */
        done(&a);

        assert_int_equal(file_read(&arena, "fuzz/answer/corpus/push", 1 << 16, &text), 0);
        f = ask_create(&a, "{\"Image\":\"u:1\"}");
        question_answer(&a.call.request, &a.call.arena, &a.questions, 0, ANSWER_TOLD, str_skip(text, 1));
        assert_str(f->image.user.value, "1000:7");
        assert_str(f->image.healthcheck.value, "set");
        assert_str(call_joined(&a.call, &f->image.volumes), "/v");
        assert_str(call_joined(&a.call, &f->image.exposed_ports), "22/tcp");
        assert_true(f->image.size.value > 0);
        assert_int_equal(f->variables.n, 2);
        done(&a);
        arena_deinit(&arena);
}

/* -- what another container brings along -- */

/* Nobody who is not asked tells of it; who is asked may tell. */
static void mounts_of_others_are_unknown_until_they_are_asked_for(void **state) {
        static const struct {
                const char *volumes_from;
                enum fact_state unasked, asked;
        } rows[] = {
                { "null", FACT_KNOWN, FACT_KNOWN },
                { "[]", FACT_KNOWN, FACT_KNOWN },
                { "[\"p\"]", FACT_UNKNOWN, FACT_KNOWN },
                { "[\"p:ro\",\"q\"]", FACT_UNKNOWN, FACT_KNOWN },
                { "[\"\"]", FACT_UNKNOWN, FACT_UNKNOWN }, /* what can't be asked for */
                { "[\"p\",\"..\"]", FACT_UNKNOWN, FACT_UNKNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char members[128], body[256];
                struct asked a;

                snprintf(members, sizeof(members), "\"VolumesFrom\":%s", rows[i].volumes_from);
                assert_int_equal(call_host_config(&c, members)->mounts.head.state, rows[i].unasked);
                snprintf(body, sizeof(body), "{\"HostConfig\":{%s}}", members);
                assert_int_equal(ask_create(&a, body)->mounts.head.state, rows[i].asked);
                done(&a);
        }
}

/* One that is told makes up for none that is not. */
static void one_silent_container_of_two_leaves_the_mounts_unknown(void **state) {
        (void)state;
        for (size_t silent = 0; silent < 2; ++silent)
                for (size_t first = 0; first < 2; ++first) {
                        struct asked a;
                        struct facts *f = ask_create(&a, "{\"HostConfig\":{\"VolumesFrom\":[\"p\",\"q\"]}}");

                        answer(&a, first, first == silent ? NULL : PEER);
                        answer(&a, 1 - first, first == silent ? PEER : NULL);
                        assert_int_equal(f->mounts.head.state, FACT_UNKNOWN);
                        done(&a);
                }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_peer_is_seen_by_what_joins_it),
                cmocka_unit_test(volumes_of_another_container_come_along),
                cmocka_unit_test(a_volume_that_comes_late_is_not_left_out),
                cmocka_unit_test(mounts_that_nobody_tells_of_are_unknown),
                cmocka_unit_test(the_target_is_told),
                cmocka_unit_test(the_mounts_of_a_container_are_judged_at_its_start),
                cmocka_unit_test(what_is_filled_is_not_as_built),
                cmocka_unit_test(whom_a_container_joins_is_asked_at_its_start),
                cmocka_unit_test(a_command_without_a_user_runs_as_the_container_s),
                cmocka_unit_test(an_exec_leads_to_its_container),
                cmocka_unit_test(what_is_reached_is_told_where_somebody_wants_it),
                cmocka_unit_test(reads_that_reach_nothing_ask_nothing),
                cmocka_unit_test(what_is_mounted_there_is_followed),
                cmocka_unit_test(a_row_of_peers_is_walked_once),
                cmocka_unit_test(each_power_is_told),
                cmocka_unit_test(a_real_engine_s_answers_are_read),
                cmocka_unit_test(mounts_of_others_are_unknown_until_they_are_asked_for),
                cmocka_unit_test(one_silent_container_of_two_leaves_the_mounts_unknown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
