/*
 * Memory that ends anywhere: whatever is read is whole, or it is refused. Each decoder, each kind of answer, each
 * response that tells, and the paths are read into arenas of each size from none to enough.
 */
#include "call.h"
#include "docksill/engine/question.h"
#include "docksill/engine/request-path.h"
#include "docksill/engine/response.h"
#include "same-fact.h"
#include <errno.h>

#define MOST ((size_t)1 << 20)

/* But for request.path, which is only shown: image_path_shown() does without its beginning. */
static void expect_same(const struct request *a, const struct request *b, const char *what, size_t limit) {
        if (a->operation != b->operation || a->flaws.set != b->flaws.set || a->image_told != b->image_told ||
            a->told != b->told || a->inherits_entrypoint != b->inherits_entrypoint ||
            a->inherits_command != b->inherits_command)
                fail_msg("%s in %zu bytes is another request", what, limit);
        for (size_t i = 0; i < fact_table_n; ++i)
                if (!same_fact(&fact_table[i], &a->facts, &b->facts) && !str_eqz(fact_table[i].name, "request.path"))
                        fail_msg("%s in %zu bytes: %s", what, limit, fact_table[i].name.p);
}

/* No fact is left but those of request.*, and one of them says why. */
static void expect_refused(const struct request *r, const char *what, size_t limit) {
        struct facts none;

        facts_init(&none);
        for (size_t i = 0; i < fact_table_n; ++i)
                if (fact_table[i].group != GROUP_REQUEST && !same_fact(&fact_table[i], &r->facts, &none))
                        fail_msg("%s in %zu bytes: %s", what, limit, fact_table[i].name.p);
        assert_true(r->facts.request.flaws.n > 0);
        for (size_t i = 0; i < r->facts.request.unknown.n; ++i)
                assert_true(((const struct unknown_fact *)r->facts.request.unknown.items)[i].where.value.n > 0);
        assert_int_equal(request_yields(r), GROUP_REQUEST | GROUP_DAEMON);
}

/* -- requests -- */

/* Reads @text at each limit that is too little, @step bytes apart, and at the first that is enough. */
static void read_at_each_limit(struct str text, const struct request *whole, const char *what, size_t step) {
        bool fits = false;

        for (size_t limit = 0; !fits; limit += step) {
                struct request r;
                struct arena arena;

                arena_init(&arena, limit);
                if (request_read(&r, &arena, text) == ENVELOPE_READ) {
                        fits = !flaws_have(&r.flaws, FLAW_TOO_LARGE);
                        if (fits)
                                expect_same(&r, whole, what, limit);
                        else
                                expect_refused(&r, what, limit);
                }
                assert_false(arena.latching || arena_full(&arena));
                arena_deinit(&arena);
                assert_true(limit < MOST);
        }
}

static const char create[] =
        "{\"Image\":\"Docker.io/nginx:1@sha256:0123456789012345678901234567890123456789012345678901234567890123\","
        "\"User\":\"a\",\"Env\":[\"A=1\",\"B\"],\"Cmd\":[\"/bin/"
        "x\",\"--password\",\"y\"],\"Entrypoint\":[\"e\"],\"WorkingDir\":\"w/..\","
        "\"Labels\":{\"l\":\"v\"},\"Volumes\":{\"/v/../w\":{}},\"Healthcheck\":{\"Test\":[\"NONE\"]},\"Foo\":1,"
        "\"NetworkingConfig\":{\"EndpointsConfig\":{\"n\":{\"Aliases\":[\"a\"],\"IPAMConfig\":{\"IPv4Address\":\"10.0."
        "0.1\"},"
        "\"DriverOpts\":{\"com.docker.network.endpoint.sysctls\":\"a=1,b=2\"}}}},"
        "\"HostConfig\":{\"Binds\":[\"/a/../b:/c:ro,odd\",\"v:/w\",\"/x\"],\"Mounts\":["
        "{\"Type\":\"bind\",\"Source\":\"/s/.\",\"Target\":\"/t\",\"BindOptions\":{\"Propagation\":\"odd\"}},"
        "{\"Type\":\"volume\",\"Target\":\"/"
        "u\",\"VolumeOptions\":{\"Labels\":{\"a\":\"b\"},\"DriverConfig\":{\"Name\":\"local\",\"Options\":"
        "{\"type\":\"nfs\",\"o\":\"addr=::1,ip=h\",\"device\":\":/x\"}}}},"
        "{\"Type\":\"volume\",\"Target\":\"/u2\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":"
        "{\"type\":\"none\",\"o\":\"bind\",\"device\":\"dev/..\"}}}},"
        "{\"Type\":\"volume\",\"Target\":\"/"
        "u3\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{\"type\":\"tmpfs\",\"o\":\"size=1\"}}}},"
        "{\"Type\":\"tmpfs\",\"Target\":\"/"
        "m\",\"TmpfsOptions\":{\"Options\":[[\"a\",\"b\"]]}},{\"Type\":\"image\",\"Source\":\"i\"},"
        "{\"Type\":\"odd\"}],"
        "\"CapAdd\":[\"sys_admin\"],\"CapDrop\":[\"all\"],\"GroupAdd\":[\"0\"],\"Links\":[\"l\"],\"ExtraHosts\":[\"h:"
        "1\"],"
        "\"Sysctls\":{\"net.ipv4.conf.eth0.x\":\"1,b=2\"},\"Tmpfs\":{\"/q/"
        ".\":\"size=1,exec\"},\"Annotations\":{\"a\":\"b\"},\"StorageOpt\":{\"size\":\"1\"},"
        "\"Ulimits\":[{\"Name\":\"n\"}],\"PidMode\":\"container:p\",\"IpcMode\":\"odd\",\"NetworkMode\":\"container:"
        "q\","
        "\"SecurityOpt\":[\"seccomp={\\\"defaultAction\\\":\\\"SCMP_ACT_ERRNO\\\",\\\"syscalls\\\":[{\\\"names\\\":["
        "\\\"bpf\\\",\\\"x\\\"],"
        "\\\"action\\\":\\\"SCMP_ACT_ALLOW\\\"}]}\",\"label=user:u\",\"odd\"],\"RestartPolicy\":{\"Name\":\"odd\"},"
        "\"Isolation\":\"odd\","
        "\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"80\"}],\"odd\":[{\"HostPort\":\"odd\"}]},"
        "\"Devices\":[{\"PathOnHost\":\"/dev/../x\"}],\"DeviceCgroupRules\":[\"c 1:2 rwm\",\"odd\"],"
        "\"DeviceRequests\":[{\"Driver\":\"d\",\"DeviceIDs\":[\"1\",\"2\"]},{\"Count\":-1}],\"VolumeDriver\":\"vd\","
        "\"BlkioWeightDevice\":[{\"Path\":\"/dev/./y\"}],\"VolumesFrom\":[\"p:ro\"],"
        "\"LogConfig\":{\"Type\":\"syslog\",\"Config\":{\"syslog-address\":\"tcp://h:1\",\"tag\":\"t\"}}}}";
static const char service[] =
        "{\"Name\":\"s\",\"Labels\":{\"a\":\"b\"},\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"i\",\"Command\":["
        "\"c\"],\"Args\":[\"a\"],"
        "\"Env\":[\"A={{.Node}}\"],\"Hostname\":\"{{.Node}}\",\"Hosts\":[\"1.2.3.4 "
        "h\"],\"Dir\":\"d\",\"Groups\":[\"g\"],\"Sysctls\":{\"s\":\"1\"},"
        "\"CapabilityAdd\":[\"sys_admin\"],\"CapabilityDrop\":[\"all\"],\"Ulimits\":[{\"Name\":\"n\"}],\"Isolation\":"
        "\"odd\","
        "\"Mounts\":[{\"Source\":\"/a/.\",\"Target\":\"/"
        "b\"}],\"Secrets\":[{\"SecretName\":\"s\",\"File\":{\"Name\":\"f\"}}],"
        "\"Configs\":[{\"ConfigName\":\"c\",\"File\":{\"Name\":\"f\"}}],\"Privileges\":{\"CredentialSpec\":{\"Config\":"
        "\"c\"},"
        "\"SELinuxContext\":{\"User\":\"u\"},\"Seccomp\":{\"Mode\":\"custom\",\"Profile\":\"e30=\"},\"AppArmor\":{"
        "\"Mode\":\"odd\"}}},"
        "\"Resources\":{\"Reservations\":{\"GenericResources\":[{\"NamedResourceSpec\":{\"Kind\":\"k\",\"Value\":\"v\"}"
        "},"
        "{\"DiscreteResourceSpec\":{\"Kind\":\"k\",\"Value\":2}}]}},\"Placement\":{\"Constraints\":[\"c\"]},"
        "\"RestartPolicy\":{\"Condition\":\"odd\"},\"Networks\":[{\"Target\":\"n\",\"Aliases\":[\"a\"],\"DriverOpts\":{"
        "\"a\":\"b\"}}],"
        "\"LogDriver\":{\"Name\":\"plugin\",\"Options\":{\"a\":\"b\"}},\"Runtime\":\"odd\"},"
        "\"EndpointSpec\":{\"Ports\":[{\"TargetPort\":80},{\"TargetPort\":65536}]}}";
static const char plugin_service[] = "{\"TaskTemplate\":{\"Runtime\":\"plugin\",\"PluginSpec\":{\"Name\":\"n\","
                                     "\"Remote\":\"r.example/p:1\",\"Env\":[\"A=1\"],"
                                     "\"Privileges\":[{\"Name\":\"mount\",\"Value\":[\"/a/.\"]}]}}}";
#define SWARM                                                                                                          \
        "\"Labels\":{\"a\":\"b\"},\"TaskDefaults\":{\"LogDriver\":{\"Name\":\"gelf\",\"Options\":{\"gelf-address\":"   \
        "\"udp://h:1\"}}}"

/* At least one of each operation that reads something, with one of everything that takes memory. */
static const struct wire calls[] = {
        { "POST", "/v1.41/containers/create?name=n", create },
        { "POST", "/v1.41/services/create", service },
        { "POST", "/v1.41/services/s/update?rollback=previous", service },
        { "POST", "/v1.41/services/create", plugin_service },
        { "GET", "/v1.41/containers/c/checkpoints?dir=a/..", NULL },
        { "POST", "/v1.41/containers/c/checkpoints", "{\"CheckpointID\":\"i\",\"CheckpointDir\":\"/a/./b\"}" },
        { "DELETE", "/v1.41/containers/c/checkpoints/i?dir=a/..", NULL },
        { "POST", "/v1.41/containers/c/start?checkpoint=i&checkpoint-dir=/a/./b", NULL },
        { "HEAD", "/v1.41/containers/c/archive?path=a%2Fb", NULL },
        { "GET", "/v1.41/containers/c/archive?path=/a/./b", NULL },
        { "PUT", "/v1.41/containers/c/archive?path=a/b", NULL },
        { "POST", "/v1.23/containers/c/copy", "{\"Resource\":\"a/./b\"}" },
        { "GET", "/v1.41/containers/c/top?ps_args=-ef", NULL },
        { "POST", "/v1.41/containers/c/exec",
          "{\"Cmd\":[\"/bin/sh\",\"--token\",\"x\"],\"Env\":[\"A=1\"],\"WorkingDir\":\"a/"
          "..\",\"User\":\"u\",\"Foo\":1}" },
        { "POST", "/v1.41/exec/e/start", "{\"Detach\":true,\"Foo\":1}" },
        { "POST", "/v1.41/containers/c/update",
          "{\"RestartPolicy\":{\"Name\":\"odd\"},\"BlkioDeviceReadBps\":[{\"Path\":\"/dev/./x\"}]}" },
        { "POST", "/v1.41/commit?container=c&repo=r&changes=ENV%20A=1%20B=2&changes=user%20x",
          "{\"Env\":[\"A=1\"],\"User\":\"u\",\"Labels\":{\"a\":\"b\"}}" },
        { "POST", "/v1.41/images/create?fromImage=r.example/a&tag=1", NULL },
        { "POST", "/v1.41/images/create?fromSrc=http://u:p@h/x&repo=r&changes=ENV%20A=1", NULL },
        { "POST", "/v1.41/images/load", NULL },
        { "POST", "/v1.41/images/r.example/a/push?tag=1", NULL },
        { "POST", "/v1.41/images/0123/tag?repo=r&tag=1", NULL },
        { "GET", "/v1.41/images/search?term=r.example/a", NULL },
        { "GET", "/v1.41/distribution/a/json", NULL },
        { "POST", "/v1.41/auth", "{\"serveraddress\":\"https://r.example/v1\"}" },
        { "POST", "/v1.41/volumes/create",
          "{\"Name\":\"v\",\"Driver\":\"local\",\"DriverOpts\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"x/"
          "..\"},\"Labels\":{\"a\":\"b\"},"
          "\"ClusterVolumeSpec\":{}}" },
        { "PUT", "/v1.42/volumes/v", "{\"Spec\":{}}" },
        { "POST",
          "/v1.41/build?t=a&t=b&remote=https://u:p@h/"
          "x.git&extrahosts=h:1&buildargs=%7B%22A%22%3A%221%22%7D&labels=%7B%22a%22%3A%22b%22%7D"
          "&ulimits=%5B%7B%22Name%22%3A%22n%22%7D%5D&cachefrom=%5B%22r.example%2Fa%2Cb%22%5D"
          "&outputs=%5B%7B%22Type%22%3A%22image%22%2C%22Attrs%22%3A%7B%22name%22%3A%22x%2Cy%22%2C%22push%22%3A%22true%"
          "22%7D%7D%5D",
          NULL },
        { "POST", "/session", NULL },
        { "POST", "/grpc", NULL },
        { "POST", "/v1.41/swarm/init",
          "{\"ListenAddr\":\"0.0.0.0:1\",\"DefaultAddrPool\":[\"10.0.0.0/8\"],\"Spec\":{" SWARM "}}" },
        { "POST", "/v1.41/swarm/join", "{\"RemoteAddrs\":[\"a\",\"b\"]}" },
        { "POST", "/v1.41/swarm/leave?force=1", NULL },
        { "POST", "/v1.41/swarm/update?rotateWorkerToken=1&rotateManagerToken=true", "{" SWARM "}" },
        { "POST", "/v1.41/swarm/unlock", "{\"UnlockKey\":\"k\",\"Foo\":1}" },
        { "DELETE", "/v1.41/nodes/n?force=1", NULL },
        { "POST", "/v1.41/nodes/n/update", "{\"Role\":\"odd\",\"Availability\":\"odd\",\"Labels\":{\"a\":\"b\"}}" },
        { "POST", "/v1.41/secrets/create",
          "{\"Name\":\"s\",\"Driver\":{\"Name\":\"d\",\"Options\":{\"a\":\"b\"}},\"Labels\":{\"a\":\"b\"}}" },
        { "POST", "/v1.41/secrets/s/update", "{\"Templating\":{\"Name\":\"t\",\"Options\":{\"a\":\"b\"}}}" },
        { "POST", "/v1.41/configs/create", "{\"Name\":\"c\",\"Data\":\"YQ\\n==\",\"Labels\":{\"a\":\"b\"}}" },
        { "POST", "/v1.41/configs/c/update", "{\"Data\":\"odd!\"}" },
        { "GET", "/v1.41/plugins/privileges?remote=r.example/p", NULL },
        { "POST", "/v1.41/plugins/pull?remote=r.example/p&name=n",
          "[{\"Name\":\"mount\",\"Value\":[\"/a/.\",\"/b\"]},{\"Name\":\"network\",\"Value\":[\"host\"]}]" },
        { "POST", "/v1.41/plugins/p/upgrade?remote=p", "[{\"Name\":\"device\",\"Value\":[\"/dev/x\"]}]" },
        { "POST", "/v1.41/plugins/p/push", NULL },
        { "POST", "/v1.41/plugins/p/enable", NULL },
        { "POST", "/v1.41/plugins/p/disable", NULL },
        { "DELETE", "/v1.41/plugins/p", NULL },
        { "POST", "/v1.41/plugins/p/set", "[\"m.source=/a/..\",\"d.path=/dev/x\",\"A=/b/.\",\"--password\",\"x\"]" },
        { "POST", "/v1.41/plugins/create?name=p", NULL },
        { "POST", "/v1.41/networks/create",
          "{\"Name\":\"n\",\"Driver\":\"d\",\"Options\":{\"parent\":\"p\"},\"IPAM\":{\"Driver\":\"i\",\"Options\":{"
          "\"a\":\"b\"},\"Config\":[{"
          "\"Subnet\":\"10.0.0.0/8\",\"IPRange\":\"10.1.0.0/"
          "16\",\"Gateway\":\"10.0.0.1\",\"AuxiliaryAddresses\":{\"a\":\"10.0.0.2\"}}]},"
          "\"Labels\":{\"a\":\"b\"}}" },
        { "POST", "/v1.41/networks/n/connect",
          "{\"Container\":\"c\",\"EndpointConfig\":{\"Aliases\":[\"a\"],\"Links\":[\"l\"],\"IPAMConfig\":{"
          "\"LinkLocalIPs\":[\"fe80::1\"]},"
          "\"DriverOpts\":{\"a\":\"b\"}}}" },
        { "POST", "/v1.41/networks/n/disconnect", "{\"Container\":\"c\"}" },
};

static void each_decoder_reads_the_whole_or_refuses(void **state) {
        bool *read = calloc(operation_table_n, sizeof(*read));

        (void)state;
        assert_non_null(read);
        for (size_t i = 0; i < ARRAY_SIZE(calls); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                size_t row;

                call_read(&c, calls[i]);
                if (flaws_any(&c.request.flaws))
                        fail_msg("%s: %s", calls[i].uri, flaw_name(c.request.flaws.notes[0].flaw).p);
                row = (size_t)(c.request.operation - operation_table);
                read[row] = true;
                read_at_each_limit(text_str(&c.text), &c.request, calls[i].uri, 1);
        }
        for (size_t i = 0; i < operation_table_n; ++i)
                if (operation_table[i].read && !read[i])
                        fail_msg("no %s among the calls", operation_table[i].id.p);
        free(read);
}

static void recorded_request(const json_t *line) {
        cleanup_(call_free) struct call c = { 0 };
        char *text = json_dumps(json_object_get(line, "envelope"), JSON_COMPACT);

        text_init(&c.text);
        text_addz(&c.text, text);
        free(text);
        if (str_search(text_str(&c.text), STR_C("\"ResponseHeaders\"")) == c.text.n &&
            call_read_text(&c) == ENVELOPE_READ && !flaws_have(&c.request.flaws, FLAW_TOO_LARGE))
                read_at_each_limit(text_str(&c.text), &c.request, json_string_value(json_object_get(line, "id")), 61);
}

static void recorded_requests_are_read_whole_or_refused(void **state) {
        (void)state;
        assert_true(corpus_each("corpus/recorded.jsonl", recorded_request) > 100);
        assert_true(corpus_each("corpus/public.jsonl", recorded_request) > 100);
}

/* What is a flaw besides stays one, though not all of it is read. */
static void a_flaw_that_is_met_before_memory_ends_is_named(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        bool fits = false, both = false;

        (void)state;
        call_read(&c,
                  (struct wire){ "POST", "/v1.41/containers/create",
                                 "{\"HostConfig\":{\"LogConfig\":{\"Type\":\"json-file\",\"Config\":{\"env\":\"\\n\","
                                 "\"a\":\"b\"}}},\"Env\":[\"A=1\"]}" });
        assert_true(flaws_have(&c.request.flaws, FLAW_LOG_CONTROL_BYTE));
        for (size_t limit = 0; !fits; ++limit) {
                struct request r;
                struct arena arena;

                arena_init(&arena, limit);
                if (request_read(&r, &arena, text_str(&c.text)) == ENVELOPE_READ) {
                        assert_true(flaws_any(&r.flaws));
                        fits = !flaws_have(&r.flaws, FLAW_TOO_LARGE);
                        both = both || (!fits && flaws_have(&r.flaws, FLAW_LOG_CONTROL_BYTE));
                        assert_int_equal(r.facts.variables.n, 0);
                }
                arena_deinit(&arena);
        }
        assert_true(both);
}

/* -- answers -- */

struct told {
        struct wire call;
        const char *answers[12]; /* in turn; NULL: there is no such thing */
};

#define IMAGE                                                                                                          \
        "{\"Id\":\"sha256:x\",\"RepoDigests\":[\"r.example/"                                                           \
        "a@sha256:y\"],\"Config\":{\"User\":\"7\",\"WorkingDir\":\"w/..\",\"Env\":[\"I=1\"],"                          \
        "\"Cmd\":[\"/c\"],\"Entrypoint\":[\"/e\"],\"Labels\":{\"a\":\"b\"},\"Volumes\":{\"/"                           \
        "v\":{}},\"ExposedPorts\":{\"1/tcp\":{}}}}"
#define CONTAINER                                                                                                      \
        "{\"Id\":\"i\",\"Name\":\"/"                                                                                   \
        "n\",\"Image\":\"sha256:x\",\"Config\":{\"Image\":\"a:1\",\"User\":\"u\"},\"HostConfig\":{\"CapAdd\":[\"sys_"  \
        "admin\"],"                                                                                                    \
        "\"NetworkMode\":\"container:k\",\"Tmpfs\":{\"/t/"                                                             \
        ".\":\"size=1\"}},\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/s/.\"},"                                        \
        "{\"Type\":\"volume\",\"Name\":\"v\",\"Driver\":\"d\"},{\"Type\":\"volume\",\"Name\":\"w\",\"Driver\":"        \
        "\"local\"},{\"Type\":\"tmpfs\","                                                                              \
        "\"Destination\":\"/t/.\"}]}"

static const struct told told[] = {
        { { "POST", "/v1.41/containers/create",
            "{\"Image\":\"a\",\"HostConfig\":{\"VolumesFrom\":[\"p:ro\"],\"PidMode\":\"container:q\",\"Binds\":[\"x:/"
            "x\"],"
            "\"LogConfig\":{\"Type\":\"lp\"}}}" },
          { CONTAINER, CONTAINER, IMAGE,
            "{\"Name\":\"x\",\"Driver\":\"local\",\"Options\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"d/..\"}}",
            "{\"PluginReference\":\"r\"}", "{\"Name\":\"w\",\"Driver\":\"odd\"}", "{\"PluginReference\":\"r\"}",
            "{\"PluginReference\":\"r\"}" } },
        { { "POST", "/v1.41/containers/c/start" },
          { CONTAINER, "{\"Name\":\"w\",\"Driver\":\"odd\"}", "{\"PluginReference\":\"r\"}", CONTAINER, IMAGE } },
        { { "POST", "/v1.41/containers/c/exec", "{\"Cmd\":[\"x\"]}" }, { CONTAINER } },
        { { "POST", "/v1.41/exec/e/start" }, { "{\"ContainerID\":\"c\"}", CONTAINER } },
        { { "POST", "/v1.41/services/create",
            "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"a@sha256:"
            "0123456789012345678901234567890123456789012345678901234567890123\"},\"Networks\":[{\"Target\":\"abc\"}]}"
            "}" },
          { IMAGE, "{\"Name\":\"n\",\"Driver\":\"overlay\"}" } },
        { { "POST", "/v1.41/volumes/create", "{\"Name\":\"v\",\"Driver\":\"d\"}" }, { "{\"PluginReference\":\"r\"}" } },
        { { "POST", "/v1.41/plugins/p/enable" }, { "{\"PluginReference\":\"r\"}" } },
};

/* All that is asked, answered in turn with @more bytes of memory. Returns how many questions there were. */
static size_t answer_all(struct call *c, const struct told *t, size_t more) {
        struct questions questions = { 0 };

        call_read(c, t->call);
        assert_false(flaws_any(&c->request.flaws));
        c->arena.limit = more < MOST ? c->arena.used + more : MOST;
        questions_of(&questions, &c->request, &c->arena);
        for (size_t i = 0; i < questions.n && i < ARRAY_SIZE(t->answers); ++i) {
                const char *json = t->answers[i];

                question_answer(&c->request, &c->arena, &questions, i, json ? ANSWER_TOLD : ANSWER_MISSING,
                                str_from(json));
                assert_false(c->arena.latching);
        }
        return questions.n;
}

static void each_answer_is_taken_whole_or_refused(void **state) {
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(told); ++i) {
                cleanup_(call_free) struct call whole = { 0 };
                bool fits = false, refused = false;

                assert_true(answer_all(&whole, &told[i], MOST) > 0);
                assert_false(flaws_any(&whole.request.flaws));
                for (size_t more = 0; !fits; more += 3) {
                        cleanup_(call_free) struct call c = { 0 };

                        answer_all(&c, &told[i], more);
                        fits = !flaws_any(&c.request.flaws);
                        if (fits) {
                                expect_same(&c.request, &whole.request, told[i].call.uri, more);
                        } else {
                                assert_true(flaws_have(&c.request.flaws, FLAW_TOO_LARGE));
                                expect_refused(&c.request, told[i].call.uri, more);
                                refused = true;
                        }
                        assert_true(more < MOST);
                }
                assert_true(refused || i > 1); /* a small one finds room in the block that there is */
        }
}

/* -- responses -- */

static size_t telling;

static void recorded_response(const json_t *line) {
        cleanup_(call_free) struct call c = { 0 };
        char *text = json_dumps(json_object_get(line, "envelope"), JSON_COMPACT);
        const char *id = json_string_value(json_object_get(line, "id"));
        bool fits = false;

        text_init(&c.text);
        text_addz(&c.text, text);
        free(text);
        arena_init(&c.arena, MOST);
        if (response_read(&c.request, &c.arena, text_str(&c.text)) != ENVELOPE_READ || !c.request.told)
                return;
        ++telling;
        for (size_t limit = 0; !fits; limit += 7) {
                struct request r;
                struct arena arena;

                arena_init(&arena, limit);
                if (response_read(&r, &arena, text_str(&c.text)) == ENVELOPE_READ) {
                        fits = !flaws_any(&r.flaws);
                        assert_int_equal(fits, r.told);
                        assert_int_equal(fits, (request_yields(&r) & GROUP_RESPONSE) != 0);
                        if (fits)
                                expect_same(&r, &c.request, id, limit);
                        else
                                assert_true(flaws_have(&r.flaws, FLAW_TOO_LARGE));
                }
                assert_false(arena.latching || arena_full(&arena));
                arena_deinit(&arena);
                assert_true(limit < MOST);
        }
}

static void a_response_tells_all_or_nothing(void **state) {
        (void)state;
        corpus_each("corpus/recorded-responses.jsonl", recorded_response);
        assert_true(telling > 0);
}

/* -- paths -- */

static void paths_are_all_listed_or_none(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        struct request_path *paths;
        bool fits = false;
        size_t n, all;

        (void)state;
        call_read(&c, calls[0]);
        assert_int_equal(request_paths(&c.request, &c.arena, &paths, &all), 0);
        assert_true(all > 4);
        for (size_t limit = 0; !fits; ++limit) {
                struct arena arena;
                int r;

                arena_init(&arena, limit);
                paths = NULL;
                r = request_paths(&c.request, &arena, &paths, &n);
                assert_true(r == 0 || (r == -ENOMEM && !paths));
                fits = r == 0;
                if (fits)
                        assert_int_equal(n, all);
                for (size_t i = 0; fits && i < n; ++i)
                        assert_true(paths[i].path.n > 0 && paths[i].path.p[0] == '/');
                assert_false(arena.latching);
                arena_deinit(&arena);
        }
}

static void where_a_path_leads_is_written_whole_or_not(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        struct request_path *paths;
        size_t n;
        int r = -ENOMEM;

        (void)state;
        call_read(&c, calls[0]);
        assert_int_equal(request_paths(&c.request, &c.arena, &paths, &n), 0);
        for (size_t limit = 0; r < 0; ++limit) {
                struct arena arena;

                arena_init(&arena, limit);
                r = request_path_resolved(&paths[0], &arena, STR_C("/a/./b"), true);
                assert_true(r == 0 || r == -ENOMEM);
                assert_int_equal(paths[0].cell->n, r == 0 ? 2 : 1);
                if (r == 0)
                        assert_str(paths[0].cell->spelling[1], "/a/b");
                arena_deinit(&arena);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_decoder_reads_the_whole_or_refuses),
                cmocka_unit_test(recorded_requests_are_read_whole_or_refused),
                cmocka_unit_test(a_flaw_that_is_met_before_memory_ends_is_named),
                cmocka_unit_test(each_answer_is_taken_whole_or_refused),
                cmocka_unit_test(a_response_tells_all_or_nothing),
                cmocka_unit_test(paths_are_all_listed_or_none),
                cmocka_unit_test(where_a_path_leads_is_written_whole_or_not),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
