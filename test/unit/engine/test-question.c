#include "asked.h"

/* -- what is asked -- */

static void a_thing_is_asked_once_and_containers_come_first(void **state) {
        static const struct {
                struct wire wire;
                const char *asked;
        } rows[] = {
                { { "POST", "/v1.41/containers/create", "{}" }, "" },
                { { "POST", "/v1.41/containers/create", "{\"Image\":\"nginx:1\"}" }, "image nginx:1" },
                { { "POST", "/v1.41/containers/create",
                    "{\"HostConfig\":{\"Binds\":[\"a:/a\",\"/etc:/e\",\"a:/b:ro\",\"/anonymous\"],"
                    "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"b\",\"Target\":\"/c\"},"
                    "{\"Type\":\"volume\",\"Target\":\"/d\"},{\"Type\":\"tmpfs\",\"Target\":\"/t\"}]}}" },
                  "volume a, volume b" },
                /* Another driver's volume is refused, or is that driver's: who that is, is asked. */
                { { "POST", "/v1.41/containers/create",
                    "{\"HostConfig\":{\"Binds\":[\"a:/a\"],\"VolumeDriver\":\"nfs\"}}" },
                  "plugin nfs" },
                { { "POST", "/v1.41/volumes/create", "{\"Name\":\"a\",\"Driver\":\"local:latest\"}" },
                  "plugin local:latest" },
                { { "POST", "/v1.41/networks/create", "{\"Name\":\"a\",\"Driver\":\"weave:latest\"}" },
                  "plugin weave" },
                { { "POST", "/v1.41/networks/create", "{\"Name\":\"a\",\"Driver\":\"bridge\"}" }, "" },
                { { "POST", "/v1.41/containers/create", "{\"HostConfig\":{\"LogConfig\":{\"Type\":\"x\"}}}" },
                  "plugin x" },
                { { "POST", "/v1.41/plugins/p/enable" }, "plugin p" },
                { { "POST", "/v1.41/containers/create",
                    "{\"HostConfig\":{\"Binds\":[\"a:/a\"],\"VolumeDriver\":\"local\"}}" },
                  "volume a" },
                { { "POST", "/v1.41/containers/create",
                    "{\"Image\":\"i\",\"HostConfig\":{\"NetworkMode\":\"container:p\",\"PidMode\":\"container:q\","
                    "\"IpcMode\":\"container:p\",\"VolumesFrom\":[\"q:ro\",\"r\"],\"Binds\":[\"a:/a\"]}}" },
                  "container p, container q, container r, image i, volume a" },
                { { "POST", "/v1.41/services/create",
                    "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"i\",\"Mounts\":[{\"Type\":\"volume\","
                    "\"Source\":\"a\",\"Target\":\"/"
                    "a\"}]},\"Networks\":[{\"Target\":\"abc\"},{\"Target\":\"app-net\"}]}}" },
                  "image i, network abc, volume a" },
                /* It is the host's already. */
                { { "POST", "/v1.41/services/x/update?version=1",
                    "{\"TaskTemplate\":{\"Networks\":[{\"Target\":\"abc\"},{\"Target\":\"host\"}]}}" },
                  "" },
                { { "POST", "/v1.41/services/create", "{\"TaskTemplate\":{\"Runtime\":\"plugin\"}}" }, "" },
                { { "POST", "/v1.41/containers/web/exec", "{\"Cmd\":[\"id\"]}" }, "container web" },
                { { "POST", "/v1.41/containers/web/start" }, "container web" },
                { { "POST", "/v1.41/containers/web/restart" }, "container web" },
                { { "POST", "/v1.41/containers/web/attach" }, "container web" },
                { { "GET", "/v1.41/containers/web/attach/ws" }, "container web" },
                { { "POST", "/v1.41/containers/web/update", "{}" }, "container web" },
                { { "PUT", "/v1.41/containers/web/archive?path=/" }, "container web" },
                { { "POST", "/v1.41/commit?container=web" }, "container web" },
                { { "POST", "/v1.41/exec/0123/start", "{}" }, "exec 0123" },
                { { "POST", "/v1.41/images/site/app/push?tag=1" }, "image site/app:1" },
                /* What is pulled is another image. */
                { { "POST", "/v1.41/images/create?fromImage=nginx&tag=1" }, "" },
                { { "POST", "/v1.41/volumes/create", "{\"Name\":\"a\"}" }, "" },
                { { "POST", "/v1.41/containers/web/stop" }, "" },
                /* Reads: these are what the questions look like when they pass by. */
                { { "GET", "/v1.41/containers/web/json" }, "" },
                { { "GET", "/v1.41/images/nginx/json" }, "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;

                ask(&a, rows[i].wire);
                if (!str_eqz(listed(&a), rows[i].asked))
                        fail_msg("row %zu: %" STR_FMT, i, STR_ARG(listed(&a)));
                done(&a);
        }
}

static void a_flawed_request_asks_nothing(void **state) {
        struct questions questions = { 0 };
        struct call c;

        (void)state;
        call_read(&c, (struct wire){ "POST", "/v1.41/containers/create", "{\"Image\":\"a\",\"image\":\"b\"}" });
        assert_true(flaws_any(&c.request.flaws));
        questions_of(&questions, &c.request, &c.arena);
        assert_int_equal(questions.n, 0);
        call_free(&c);
}

/* The engine's router gets the decoded path, without version: whatever stands in a name, it must lead to the inspect of
 * that name. */
static void no_name_leads_to_another_route(void **state) {
        static const struct {
                enum question_kind kind;
                const char *name, *target, *operation;
        } rows[] = {
                { QUESTION_IMAGE, "nginx", "/images/nginx/json", "image.inspect" },
                { QUESTION_IMAGE, "r.example:5000/a/b:1", "/images/r.example:5000/a/b:1/json", "image.inspect" },
                { QUESTION_IMAGE, "a@sha256:00", "/images/a@sha256:00/json", "image.inspect" },
                { QUESTION_IMAGE, "json", "/images/json/json", "image.inspect" },
                { QUESTION_IMAGE, "x/json", "/images/x/json/json", "image.inspect" },
                { QUESTION_IMAGE, "search", "/images/search/json", "image.inspect" },
                { QUESTION_IMAGE, "x/history", "/images/x/history/json", "image.inspect" },
                { QUESTION_IMAGE, "a?b#c%2Fd e\"", "/images/a%3Fb%23c%252Fd%20e%22/json", "image.inspect" },
                { QUESTION_IMAGE, "\xc3\xa4\xff", "/images/%C3%A4%FF/json", "image.inspect" },
                { QUESTION_HISTORY, "sha256:00", "/images/sha256:00/history", "image.history" },
                { QUESTION_ATTESTATIONS, "sha256:00", "/images/sha256:00/attestations", "image.attestations" },
                { QUESTION_VOLUME, "a_b.c-d~", "/volumes/a_b.c-d~", "volume.inspect" },
                { QUESTION_VOLUME, "prune", "/volumes/prune", "volume.inspect" },
                { QUESTION_VOLUME, "a:b@c", "/volumes/a%3Ab%40c", "volume.inspect" },
                { QUESTION_CONTAINER, "json", "/containers/json/json", "container.inspect" },
                { QUESTION_CONTAINER, "a&b=c+d", "/containers/a%26b%3Dc%2Bd/json", "container.inspect" },
                { QUESTION_EXEC, "json", "/exec/json/json", "exec.inspect" },
                { QUESTION_NETWORK, "prune", "/networks/prune", "network.inspect" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct question q = { .kind = rows[i].kind, .name = str_from(rows[i].name) };
                const struct operation *o;
                struct operation_variables variables;
                struct flaws flaws = { 0 };
                struct target target;
                struct arena arena;
                struct text t;

                arena_init(&arena, 1 << 20);
                text_init_arena(&t, &arena);
                question_target(&t, &q);
                assert_string_equal(t.p, rows[i].target);
                assert_int_equal(target_parse(&target, &arena, &flaws, text_str(&t)), 0);
                o = operation_match(STR_C("GET"), target.path, &variables);
                assert_non_null(o);
                assert_str(o->id, rows[i].operation);
                assert_str(variables.items[0], rows[i].name);
                arena_deinit(&arena);
        }
}

static void odd_names_are_not_asked_for(void **state) {
        static const char *const images[] = { "/a", "a//b", "a/",    "./a",      "a/../b", "..",
                                              ".",  "a/..", "a\\nb", "a\\u007f", "a\\\\b" };
        static const char *const peers[] = { "", "/", "/..", "..", ".", "a\\nb", "a\\\\b" };
        char body[256];
        struct asked a;
        struct facts *f;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(images); ++i) {
                snprintf(body, sizeof(body), "{\"Image\":\"%s\"}", images[i]);
                f = ask_create(&a, body);
                assert_int_equal(a.questions.n, 0);
                assert_int_equal(f->image.age.head.state, FACT_UNKNOWN);
                assert_int_equal(f->container.user_root.head.state, FACT_UNKNOWN);
                done(&a);
        }
        for (size_t i = 0; i < ARRAY_SIZE(peers); ++i) {
                snprintf(body, sizeof(body), "{\"HostConfig\":{\"PidMode\":\"container:%s\"}}", peers[i]);
                f = ask_create(&a, body);
                assert_int_equal(a.questions.n, 0);
                assert_int_equal(((const struct join_fact *)f->container.joins.items)->view.privileged.head.state,
                                 FACT_UNKNOWN);
                done(&a);
        }
        f = ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"..:/a\"]}}");
        assert_int_equal(a.questions.n, 0);
        assert_int_equal(mount_of(f, 0)->kind.head.state, FACT_UNKNOWN);
        done(&a);
}

/* A create with "Binds" of @n volumes, of which the first one's name has @length bytes. */
static void ask_volumes(struct asked *a, size_t n, size_t length) {
        struct text body;

        text_init(&body);
        text_addz(&body, "{\"HostConfig\":{\"Binds\":[\"v");
        for (size_t i = 1; i < length; ++i)
                text_add_char(&body, 'a');
        text_addz(&body, ":/d\"");
        for (size_t i = 1; i < n; ++i)
                text_addf(&body, ",\"v%zu:/d\"", i);
        text_addz(&body, "]}}");
        ask_create(a, text_str(&body).p);
        text_deinit(&body);
}

static void a_peer_is_asked_of_without_the_slash_before_its_name(void **state) {
        static const struct question q = { .kind = QUESTION_CONTAINER, .name = STR("/web") };
        struct asked a;
        struct facts *f;
        struct text t;

        (void)state;
        text_init(&t);
        question_target(&t, &q);
        assert_string_equal(t.p, "/containers/web/json");
        text_deinit(&t);

        f = ask_create(&a, "{\"HostConfig\":{\"PidMode\":\"container:/web\",\"VolumesFrom\":[\"/web:ro\"]}}");
        assert_str(listed(&a), "container /web");
        answer(&a, 0, "{\"HostConfig\":{\"Privileged\":true},\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/\"}]}");
        assert_true(((const struct join_fact *)f->container.joins.items)->view.privileged.value);
        assert_str(mount_of(f, 0)->requested.value, "/");
        done(&a);
}

/* moby daemon/links.go: a link makes "/web/db" a name of another container, and VolumesFrom finds it by that. */
static void what_a_link_names_is_a_flaw(void **state) {
        static const char *const rows[] = {
                "{\"HostConfig\":{\"VolumesFrom\":[\"a\",\"web/db\",\"b\"]}}",
                "{\"HostConfig\":{\"VolumesFrom\":[\"/web/db:ro\"]}}",
                "{\"HostConfig\":{\"NetworkMode\":\"container:web/db\",\"Binds\":[\"v:/v\"]}}",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;

                ask_create(&a, rows[i]);
                assert_true(is_flawed(&a, "name-slash"));
                assert_int_equal(a.questions.n, 0);
                done(&a);
        }
}

/* A container may be called by another's id: "/ID" is that one to dockerd, and a path with the id leads to the other.
 */
static void a_slash_before_a_whole_id_is_a_flaw(void **state) {
#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        static const struct {
                const char *body;
                bool flawed;
        } rows[] = {
                { "{\"HostConfig\":{\"VolumesFrom\":[\"/" ID ":ro\"]}}", true },
                { "{\"HostConfig\":{\"PidMode\":\"container:/" ID "\"}}", true },
                { "{\"HostConfig\":{\"PidMode\":\"container:" ID "\"}}", false },
                { "{\"HostConfig\":{\"PidMode\":\"container:/" ID "0\"}}", false },
                { "{\"HostConfig\":{\"PidMode\":\"container:/0123456789ab\"}}", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;

                ask_create(&a, rows[i].body);
                assert_int_equal(is_flawed(&a, "name-slash"), rows[i].flawed);
                assert_int_equal(a.questions.n, !rows[i].flawed);
                done(&a);
        }
#undef ID
}

static void too_much_to_ask_is_a_flaw(void **state) {
        static const struct {
                size_t n, length;
                bool flawed;
        } rows[] = {
                { QUESTIONS_MOST, 1, false },
                { QUESTIONS_MOST + 1, 1, true },
                { 1, QUESTION_NAME_MOST, false },
                { 1, QUESTION_NAME_MOST + 1, true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;

                ask_volumes(&a, rows[i].n, rows[i].length);
                assert_int_equal(is_flawed(&a, "too-large"), rows[i].flawed);
                assert_int_equal(a.questions.n, rows[i].flawed ? 0 : rows[i].n);
                done(&a);
        }
}

/* A peer with one volume more. */
static void too_much_that_an_answer_raises_is_a_flaw(void **state) {
        struct text t;
        struct asked a;

        (void)state;
        text_init(&t);
        text_addz(&t, "{\"HostConfig\":{\"VolumesFrom\":[\"p\"],\"Binds\":[");
        for (int i = 1; i < QUESTIONS_MOST; ++i)
                text_addf(&t, "%s\"v%d:/m%d\"", i > 1 ? "," : "", i, i);
        text_addz(&t, "]}}");
        ask_create(&a, t.p);
        assert_int_equal(a.questions.n, QUESTIONS_MOST);
        answer(&a, 0, "{\"Mounts\":[{\"Type\":\"volume\",\"Name\":\"w\",\"Destination\":\"/w\",\"RW\":true}]}");
        assert_true(is_flawed(&a, "too-large"));
        done(&a);
        text_deinit(&t);
}

/* Labels and commands made ready make an answer as large as one likes; but an engine that is silent is no flaw. */
static void an_answer_too_large_is_a_flaw_and_none_is_not(void **state) {
        static const struct {
                enum answer answer;
                const char *json;
                bool flawed, unknown;
        } rows[] = {
                { ANSWER_LARGE, "", true, false },
                { ANSWER_NONE, "", false, true },
                { ANSWER_MISSING, "", false, false },
                { ANSWER_TOLD, "{\"Id\":\"a\",\"Id\":\"b\"}", false, true },
                { ANSWER_TOLD, "[]", false, true },
                { ANSWER_TOLD, "null", false, true },
                { ANSWER_TOLD, "{\"Id\":\"a\"", false, true },
                { ANSWER_TOLD, "{\"Id\":\"a\"}{}", false, true },
                { ANSWER_TOLD, "{\"Id\":\"a\"}", false, false },
                /* A health check may print anything. */
                { ANSWER_TOLD, "{\"Id\":\"a\",\"State\":{\"Health\":{\"Log\":[{\"Output\":\"\\u0000\"}]}}}", false,
                  false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;

                ask(&a, (struct wire){ "POST", "/v1.41/containers/a/start" });
                question_answer(&a.call.request, &a.call.arena, &a.questions, 0, rows[i].answer,
                                str_from(rows[i].json));
                assert_int_equal(is_flawed(&a, "too-large"), rows[i].flawed);
                if (!rows[i].flawed)
                        assert_int_equal(a.call.request.facts.target.view.privileged.head.state == FACT_UNKNOWN,
                                         rows[i].unknown);
                assert_int_equal(a.questions.items[0].unreadable, rows[i].unknown && rows[i].answer == ANSWER_TOLD);
                done(&a);
        }
}

/* -- networks -- */

static void a_service_s_network_is_known_by_its_id(void **state) {
        static const struct {
                const char *first, *second, *network;
                enum fact_state state;
        } rows[] = {
                { "{\"Name\":\"app\",\"Driver\":\"overlay\"}", "{\"Name\":\"db\",\"Driver\":\"overlay\"}", "def",
                  FACT_KNOWN },
                { "{\"Name\":\"host\",\"Driver\":\"host\"}", NULL, "host", FACT_KNOWN },
                { NULL, "{\"Name\":\"host\",\"Driver\":\"host\"}", "host", FACT_KNOWN },
                { "{\"Name\":\"app\",\"Driver\":\"overlay\"}", NULL, "def", FACT_UNKNOWN },
                { "{\"Name\":\"app\",\"Driver\":\"overlay\"}", "", "def", FACT_UNKNOWN },
                { "", "{\"Name\":\"app\",\"Driver\":\"overlay\"}", "def", FACT_UNKNOWN },
                { "[]", "{\"Name\":\"app\",\"Driver\":\"overlay\"}", "def", FACT_UNKNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask(&a, (struct wire){ "POST", "/v1.41/services/create",
                                                         "{\"TaskTemplate\":{\"Networks\":[{\"Target\":\"abc\"},"
                                                         "{\"Target\":\"app-net\"},{\"Target\":\"def\"}]}}" });

                assert_str(listed(&a), "network abc, network def");
                answer(&a, 0, rows[i].first);
                answer(&a, 1, rows[i].second);
                assert_str(f->container.network.value, rows[i].network);
                assert_int_equal(f->container.network.head.state, rows[i].state);
                done(&a);
        }
}

/* -- silence -- */

static void silence_takes_no_memory(void **state) {
        const struct join_fact *join;
        struct asked a;
        struct facts *f;
        size_t used;

        (void)state;
        f = ask_create(&a, "{\"Image\":\"i\",\"HostConfig\":{\"PidMode\":\"container:p\",\"VolumesFrom\":[\"q\"],"
                           "\"Binds\":[\"v:/v\"]}}");
        answer(&a, 0, "{\"Id\":\"0123\",\"Name\":\"/p\",\"HostConfig\":{\"Privileged\":true}}");
        used = a.call.arena.used;
        a.call.arena.limit = used;
        questions_mark_unknown(&a.call.request, &a.questions, 1);
        assert_int_equal(a.call.arena.used, used);
        join = f->container.joins.items;
        assert_int_equal(join->view.privileged.head.state, FACT_KNOWN);
        assert_int_equal(f->mounts.head.state, FACT_UNKNOWN);
        assert_int_equal(f->image.age.head.state, FACT_UNKNOWN);
        assert_int_equal(mount_of(f, 0)->kind.head.state, FACT_UNKNOWN);
        done(&a);
}

/* Or a request that fills the memory to the brim would not be looked into. */
static void what_there_is_no_memory_to_ask_is_a_flaw(void **state) {
        struct asked a = { 0 };
        struct arena none;

        (void)state;
        arena_init(&none, 1);
        call_create(&a.call, "{\"Image\":\"i\",\"HostConfig\":{\"VolumesFrom\":[\"q\"],\"Binds\":[\"v:/v\"]}}");
        questions_of(&a.questions, &a.call.request, &none);
        assert_int_equal(a.questions.n, 0);
        assert_true(is_flawed(&a, "too-large"));
        done(&a);
}

/* Whatever was written before the memory ran out, nothing of it passes for known. */
static void an_answer_without_room_is_a_flaw(void **state) {
        struct text t;
        struct asked a;
        struct facts *f;

        (void)state;
        text_init(&t);
        text_addz(&t, "{\"HostConfig\":{\"Privileged\":true},\"Mounts\":[");
        for (int i = 0; i < 1000; ++i)
                text_addf(&t, "%s{\"Type\":\"bind\",\"Source\":\"/s%d\",\"RW\":true}", i ? "," : "", i);
        text_addz(&t, "]}");
        for (size_t more = 1000; more < 1000000; more += more / 4) {
                bool flawed;

                f = ask(&a, (struct wire){ "POST", "/v1.41/containers/p/start" });
                a.call.arena.limit = a.call.arena.used + more;
                answer(&a, 0, text_str(&t).p);
                flawed = is_flawed(&a, "too-large");
                assert_true(flawed || more >= 100000);
                assert_int_equal(f->mounts.n, flawed ? 0 : 1000);
                assert_int_equal(f->target.view.privileged.value, !flawed);
                done(&a);
        }
        text_deinit(&t);
}

/* Lines as both builders write them, the last one first. */
static void a_history_is_told_as_the_dockerfile_had_it(void **state unused_) {
        static const struct {
                const char *written, *line, *instruction;
        } rows[] = {
                { "/bin/sh -c #(nop)  CMD [\\\"sh\\\"]", "CMD [\"sh\"]", "CMD" },
                { "/bin/sh -c apt-get update", "RUN apt-get update", "RUN" },
                { "|1 TOKEN=x /bin/sh -c make", "RUN make", "RUN" },
                { "RUN |1 TOKEN=x /bin/sh -c make # buildkit", "RUN make", "RUN" },
                { "COPY app /app # buildkit", "COPY app /app", "COPY" },
                { "RUN [\\\"app\\\"] # buildkit", "RUN [\"app\"]", "RUN" },
                { "bazel build", "bazel build", "" },
                { "", "", "" },
        };
        struct asked a;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct history_fact *line;
                char json[256];

                snprintf(json, sizeof(json), "[{\"CreatedBy\":\"ENV A=1\"},{\"CreatedBy\":\"%s\"}]", rows[i].written);
                ask_create(&a, "{\"Image\":\"a\"}");
                a.call.request.history = true;
                answer(&a, 0, "{\"Id\":\"sha256:1\"}");
                assert_int_equal(a.questions.n, 2);
                answer(&a, 1, json);
                assert_int_equal(a.call.request.facts.image.history.n, 2);
                line = a.call.request.facts.image.history.items;
                assert_true(str_eqz(line->line.value, rows[i].line));
                assert_true(str_eqz(line->instruction.value, rows[i].instruction));
                assert_int_equal(line->step.value, 1);
                done(&a);
        }
}

/* Engines before API 1.55 have no such answer, and then nothing is told; who can't be reached leaves it unknown. */
static void what_a_builder_attests_is_told(void **state unused_) {
        static const struct {
                const char *json;
                enum fact_state state;
                size_t n;
        } rows[] = {
                { "[]", FACT_KNOWN, 0 },
                { "[{\"PredicateType\":\"https://slsa.dev/provenance/v1\"},{\"PredicateType\":\"https://spdx.dev/"
                  "Document\"},"
                  "{\"PredicateType\":\"https://slsa.dev/provenance/v1\"}]",
                  FACT_KNOWN, 2 },
                { "{\"message\":\"x\"}", FACT_UNKNOWN, 0 },
                { "", FACT_OFF, 0 },
                { NULL, FACT_UNKNOWN, 0 },
        };
        struct asked a;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                ask_create(&a, "{\"Image\":\"a\"}");
                assert_int_equal(a.questions.n, 1);
                a.call.request.attested = true;
                answer(&a, 0, "{\"Id\":\"sha256:1\"}");
                assert_int_equal(a.questions.n, 2);
                answer(&a, 1, rows[i].json);
                assert_int_equal(a.call.request.facts.image.attestations.head.state, rows[i].state);
                assert_int_equal(a.call.request.facts.image.attestations.n, rows[i].n);
                done(&a);
        }
}

/* Searching a long past must not cost a call its steps. */
static void of_a_long_history_the_latest_is_told(void **state unused_) {
        static char json[32 * 1024];
        const struct history_fact *lines;
        struct asked a;
        size_t n = 0;

        for (int i = 0; i < 3; ++i)
                n += (size_t)snprintf(json + n, sizeof(json) - n, "%c{\"CreatedBy\":\"%010000d\"}", i ? ',' : '[', i);
        snprintf(json + n, sizeof(json) - n, "]");
        ask_create(&a, "{\"Image\":\"a\"}");
        a.call.request.history = true;
        answer(&a, 0, "{\"Id\":\"sha256:1\"}");
        answer(&a, 1, json);
        assert_int_equal(a.call.request.facts.image.history.n, 2);
        lines = a.call.request.facts.image.history.items;
        assert_int_equal(lines[0].step.value, 2);
        assert_int_equal(lines[0].line.value.n, 16 * 1024 - 10000);
        assert_int_equal(lines[1].step.value, 3);
        assert_int_equal(lines[1].line.value.n, 10000);
        done(&a);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_history_is_told_as_the_dockerfile_had_it),
                cmocka_unit_test(what_a_builder_attests_is_told),
                cmocka_unit_test(of_a_long_history_the_latest_is_told),
                cmocka_unit_test(a_thing_is_asked_once_and_containers_come_first),
                cmocka_unit_test(a_flawed_request_asks_nothing),
                cmocka_unit_test(no_name_leads_to_another_route),
                cmocka_unit_test(odd_names_are_not_asked_for),
                cmocka_unit_test(a_peer_is_asked_of_without_the_slash_before_its_name),
                cmocka_unit_test(what_a_link_names_is_a_flaw),
                cmocka_unit_test(a_slash_before_a_whole_id_is_a_flaw),
                cmocka_unit_test(too_much_to_ask_is_a_flaw),
                cmocka_unit_test(too_much_that_an_answer_raises_is_a_flaw),
                cmocka_unit_test(an_answer_too_large_is_a_flaw_and_none_is_not),
                cmocka_unit_test(a_service_s_network_is_known_by_its_id),
                cmocka_unit_test(silence_takes_no_memory),
                cmocka_unit_test(what_there_is_no_memory_to_ask_is_a_flaw),
                cmocka_unit_test(an_answer_without_room_is_a_flaw),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
