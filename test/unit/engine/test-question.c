#include "call.h"
#include "docksill/base/cleanup.h"
#include "docksill/base/date.h"
#include "docksill/base/file.h"
#include "docksill/engine/question.h"
#include "docksill/engine/request-path.h"
#include <errno.h>
#include <time.h>

/* A request and what it asks. */
struct asked {
        struct call call;
        struct questions questions;
};

static struct facts *ask(struct asked *a, struct wire w) {
        memset(&a->questions, 0, sizeof(a->questions));
        call_read(&a->call, w);
        if (flaws_any(&a->call.request.flaws))
                fail_msg("%s %s: flaw %s", w.uri, w.body ? w.body : "",
                         flaw_name(a->call.request.flaws.notes[0].flaw).p);
        questions_of(&a->questions, &a->call.request, &a->call.arena);
        return &a->call.request.facts;
}

static struct facts *ask_create(struct asked *a, const char *body) {
        return ask(a, (struct wire){ "POST", "/v1.41/containers/create", body });
}

static void done(struct asked *a) {
        call_free(&a->call);
}

/* json: NULL: nobody answers; "": there is no such thing. */
static void answer(struct asked *a, size_t i, const char *json) {
        enum answer kind = !json ? ANSWER_NONE : *json ? ANSWER_TOLD : ANSWER_MISSING;

        assert_true(i < a->questions.n);
        question_answer(&a->call.request, &a->call.arena, &a->questions, i, kind, str_from(json));
}

static const struct mount_fact *mount_of(const struct facts *f, size_t i) {
        assert_true(i < f->mounts.n);
        return (const struct mount_fact *)f->mounts.items + i;
}

/* "kind name, kind name" */
static struct str listed(struct asked *a) {
        struct text t;

        text_init_arena(&t, &a->call.arena);
        text_addz(&t, "");
        for (size_t i = 0; i < a->questions.n; ++i) {
                if (i > 0)
                        text_addz(&t, ", ");
                text_add(&t, question_kind_name(a->questions.items[i].kind));
                text_add_char(&t, ' ');
                text_add(&t, a->questions.items[i].name);
        }
        return text_str(&t);
}

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

static bool is_flawed(const struct asked *a, const char *name) {
        const struct fact_set *flaws = &a->call.request.facts.request.flaws;

        return flaws->n == 1 && str_eqz(flaws->items[0], name) &&
               request_yields(&a->call.request) == (GROUP_REQUEST | GROUP_DAEMON);
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
                done(&a);
        }
}

/* -- images -- */

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void an_image_fills_its_facts(void **state) {
        struct asked a;
        struct facts *f;

        (void)state;
        f = ask_create(&a, "{\"Image\":\"a\"}");
        assert_int_equal(f->image.user_root.head.state, FACT_OFF);
        assert_int_equal(date_parse(STR_C("2026-04-02"), &a.call.request.now), 0);
        answer(&a, 0,
               "{\"Id\":\"sha256:11\",\"RepoTags\":[\"a:latest\"],\"RepoDigests\":[\"a@sha256:22\",\"r.example/"
               "a@sha256:22\","
               "\"b@sha256:33\"],\"Created\":\"2026-04-01T12:00:00.5+02:00\",\"Size\":123,\"Config\":{\"User\":\"1000:"
               "0\","
               "\"Volumes\":{\"/v\":{}},\"ExposedPorts\":{\"22/tcp\":{},\"80/tcp\":{}},"
               "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]},\"Env\":[\"A=1\",\"B\"]},\"GraphDriver\":{\"Data\":null}}");
        assert_str(f->image.found_id.value, "sha256:11");
        assert_str(call_joined(&a.call, &f->image.found_digests), "sha256:22 sha256:33");
        assert_int_equal(f->image.age.value, INT64_C(14 * 3600) * 1000000 - 500000);
        assert_int_equal(f->image.size.value, 123);
        assert_str(f->image.user.value, "1000:0");
        assert_str(f->image.user_root.value, "no");
        assert_str(f->image.healthcheck.value, "set");
        assert_str(call_joined(&a.call, &f->image.volumes), "/v");
        assert_str(call_joined(&a.call, &f->image.exposed_ports), "22/tcp 80/tcp");
        assert_int_equal(f->image.exposed_ports.head.state, FACT_KNOWN);
        assert_int_equal(f->variables.n, 2);
        assert_str(((const struct variable_fact *)f->variables.items)->from.value, "image");
        done(&a);
}

static void an_image_without_a_day_has_no_age(void **state) {
        static const struct {
                const char *created;
                enum fact_state state;
        } rows[] = {
                { "2026-03-31T23:59:59Z", FACT_KNOWN },
                { "1980-01-03T00:00:00Z", FACT_KNOWN },
                { "1980-01-02T23:59:59.9Z", FACT_UNKNOWN },
                { "1980-01-01T00:00:00Z", FACT_UNKNOWN },
                { "1970-01-01T00:00:00Z", FACT_UNKNOWN },
                { "0001-01-01T00:00:00Z", FACT_UNKNOWN },
                { "2026-04-01T00:00:01Z", FACT_UNKNOWN },
                { "2026-04-01T00:00:00Z", FACT_KNOWN },
                { "", FACT_UNKNOWN },
                { "yesterday", FACT_UNKNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char json[128];
                struct asked a;
                struct facts *f = ask_create(&a, "{\"Image\":\"a\"}");

                assert_int_equal(date_parse(STR_C("2026-04-01"), &a.call.request.now), 0);
                snprintf(json, sizeof(json), "{\"Created\":\"%s\"}", rows[i].created);
                answer(&a, 0, json);
                if (f->image.age.head.state != rows[i].state)
                        fail_msg("%s: %d", rows[i].created, f->image.age.head.state);
                done(&a);
        }
}

/* moby daemon/commit.go, merge; the user measured with 20.10: of ":5" the runtime makes user 0, whatever the image
 * says. */
static void what_a_create_leaves_out_is_the_image_s(void **state) {
        static const struct {
                const char *create, *config, *user, *health, *programs;
                enum fact_state state; /* of user_root */
                bool group;
        } rows[] = {
                { "", "", "yes", "unset", "", FACT_KNOWN, false },
                { "", "\"User\":\"7\"", "no", "unset", "", FACT_KNOWN, false },
                { "", "\"User\":\"7:0\"", "no", "unset", "", FACT_KNOWN, true },
                { "", "\"User\":\"0:0\"", "yes", "unset", "", FACT_KNOWN, false },
                { "", "\"User\":\":7\"", "yes", "unset", "", FACT_KNOWN, false },
                { "", "\"User\":\"app\"", "unknown", "unset", "", FACT_UNKNOWN, false },
                { ",\"User\":\"\"", "\"User\":\"7\"", "no", "unset", "", FACT_KNOWN, false },
                { ",\"User\":\"8\"", "\"User\":\"0\"", "no", "unset", "", FACT_KNOWN, false },
                { ",\"User\":\":5\"", "\"User\":\"7\"", "yes", "unset", "", FACT_KNOWN, false },
                { ",\"User\":\" \"", "\"User\":\"7\"", "yes", "unset", "", FACT_KNOWN, false },

                { "", "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}", "yes", "set", "", FACT_KNOWN, false },
                { "", "\"Healthcheck\":{\"Test\":[\"NONE\"]}", "yes", "none", "", FACT_KNOWN, false },
                { "", "\"Healthcheck\":{\"Test\":[]}", "yes", "unset", "", FACT_KNOWN, false },
                { ",\"Healthcheck\":{\"Interval\":1}", "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}", "yes", "set", "",
                  FACT_KNOWN, false },
                { ",\"Healthcheck\":{\"Test\":[\"NONE\"]}", "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}", "yes", "none",
                  "", FACT_KNOWN, false },

                { "", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "e c", FACT_KNOWN, false },
                { ",\"Cmd\":[]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "e c", FACT_KNOWN, false },
                { ",\"Cmd\":[\"x\"]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "x e", FACT_KNOWN,
                  false },
                { ",\"Entrypoint\":[\"x\"]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "x", FACT_KNOWN,
                  false },
                { ",\"Entrypoint\":[\"\"]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "", FACT_KNOWN,
                  false },
                { ",\"Entrypoint\":[]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "c", FACT_KNOWN,
                  false },
                { ",\"Shell\":[\"/s\"]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "e c", FACT_KNOWN,
                  false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char create[256], json[256];
                struct asked a;
                struct facts *f;

                snprintf(create, sizeof(create), "{\"Image\":\"a\"%s}", rows[i].create);
                snprintf(json, sizeof(json), "{\"Config\":{%s}}", rows[i].config);
                f = ask_create(&a, create);
                answer(&a, 0, json);
                if (!str_eqz(f->container.user_root.value, rows[i].user) ||
                    f->container.user_root.head.state != rows[i].state ||
                    !str_eqz(f->container.healthcheck.value, rows[i].health) ||
                    !str_eqz(call_joined(&a.call, &f->container.programs), rows[i].programs) ||
                    f->container.group_root.value != rows[i].group)
                        fail_msg("row %zu: %" STR_FMT " %" STR_FMT " %" STR_FMT, i,
                                 STR_ARG(f->container.user_root.value), STR_ARG(f->container.healthcheck.value),
                                 STR_ARG(call_joined(&a.call, &f->container.programs)));
                done(&a);
        }
}

static void variables_of_the_request_replace_the_image_s(void **state) {
        struct asked a;
        struct facts *f;
        const struct variable_fact *v;
        struct text t;

        (void)state;
        f = ask_create(&a, "{\"Image\":\"a\",\"Env\":[\"A=1\",\"B\"]}");
        answer(&a, 0, "{\"Config\":{\"Env\":[\"A=2\",\"B=2\",\"AB=3\",\"C\"]}}");
        assert_int_equal(f->variables.n, 4);
        v = f->variables.items;
        assert_str(v[2].name.value, "AB");
        assert_str(v[2].value.value, "3");
        assert_str(v[2].from.value, "image");
        text_init(&t);
        origin_add(&t, &v[2].origin);
        assert_string_equal(t.p, "image Config.Env[2]");
        assert_str(v[3].name.value, "C");
        done(&a);
        text_deinit(&t);
}

/* dockerd answers 404, the client pulls and asks again: until then nothing is charged for what the image would say. */
static void of_an_image_that_is_not_there_nothing_counts(void **state) {
        struct asked a;
        struct facts *f;

        (void)state;
        f = ask_create(&a, "{\"Image\":\"a\"}");
        answer(&a, 0, "");
        assert_int_equal(f->image.age.head.state, FACT_OFF);
        assert_int_equal(f->container.user_root.head.state, FACT_OFF);
        assert_int_equal(f->container.healthcheck.head.state, FACT_OFF);
        assert_int_equal(f->variables.head.state, FACT_KNOWN);
        done(&a);

        f = ask_create(&a, "{\"Image\":\"a\",\"User\":\"0\",\"Healthcheck\":{\"Test\":[\"NONE\"]}}");
        answer(&a, 0, "");
        assert_int_equal(f->container.user_root.head.state, FACT_KNOWN);
        assert_int_equal(f->container.healthcheck.head.state, FACT_KNOWN);
        done(&a);

        /* A service's is pulled by the node that runs it. */
        f = ask(&a, (struct wire){ "POST", "/v1.41/services/create",
                                   "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"a@" DIGEST "\"}}}" });
        answer(&a, 0, "");
        assert_str(f->container.user_root.value, "yes");
        assert_int_equal(f->container.user_root.head.state, FACT_KNOWN);
        done(&a);
}

static void an_image_that_nobody_tells_of_is_unknown(void **state) {
        static const char *const rows[] = { NULL,
                                            "null",
                                            "[]",
                                            "{",
                                            "{\"Config\":1}",
                                            "{\"Config\":{\"User\":\"1\",\"User\":\"0\"}}",
                                            "{\"Config\":{\"User\":\"1\",\"user\":\"0\"}}",
                                            "{\"Size\":1e99}" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask_create(&a, "{\"Image\":\"a\"}");

                answer(&a, 0, rows[i]);
                assert_int_equal(f->image.age.head.state, FACT_UNKNOWN);
                assert_int_equal(f->image.user_root.head.state, FACT_UNKNOWN);
                assert_int_equal(f->image.found_digests.head.state, FACT_UNKNOWN);
                assert_int_equal(f->container.user_root.head.state, FACT_UNKNOWN);
                assert_int_equal(f->container.healthcheck.head.state, FACT_UNKNOWN);
                assert_int_equal(f->variables.head.state, FACT_UNKNOWN);
                assert_int_equal(f->variables.n, 0);
                done(&a);
        }
}

/* An engine that keeps several platforms under one name tells of its own. */
static void another_platform_of_the_image_is_unknown(void **state) {
        static const struct {
                const char *platform, *image;
                enum fact_state state;
        } rows[] = {
                { "linux/amd64", "\"Os\":\"linux\",\"Architecture\":\"amd64\"", FACT_KNOWN },
                { "linux/arm64", "\"Os\":\"linux\",\"Architecture\":\"amd64\"", FACT_UNKNOWN },
                { "linux/arm64", "\"Os\":\"linux\",\"Architecture\":\"arm64\",\"Variant\":\"v8\"", FACT_KNOWN },
                { "linux/arm/v6", "\"Os\":\"linux\",\"Architecture\":\"arm\",\"Variant\":\"v7\"", FACT_UNKNOWN },
                { "linux/arm/v7", "\"Os\":\"linux\",\"Architecture\":\"arm\",\"Variant\":\"v7\"", FACT_KNOWN },
                { "windows/amd64", "\"Os\":\"linux\",\"Architecture\":\"amd64\"", FACT_UNKNOWN },
                { "", "\"Os\":\"linux\",\"Architecture\":\"amd64\"", FACT_KNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char uri[128], json[256];
                struct asked a;
                struct facts *f;

                snprintf(uri, sizeof(uri), "/v1.41/containers/create?platform=%s", rows[i].platform);
                snprintf(json, sizeof(json), "{%s,\"Config\":{\"User\":\"1\"}}", rows[i].image);
                f = ask(&a, (struct wire){ "POST", uri, "{\"Image\":\"a\"}" });
                answer(&a, 0, json);
                if (f->container.user_root.head.state != rows[i].state)
                        fail_msg("row %zu", i);
                done(&a);
        }
}

/* Which image a name leads to is for each node to say, unless it is pinned. */
static void a_service_inherits_of_a_pinned_image_alone(void **state) {
        static const struct {
                const char *image, *root;
        } rows[] = { { "a", "yes" }, { "a:1", "yes" }, { "a@" DIGEST, "no" }, { "a:1@" DIGEST, "no" } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char body[256];
                struct asked a;
                struct facts *f;

                snprintf(body, sizeof(body), "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"%s\"}}}",
                         rows[i].image);
                f = ask(&a, (struct wire){ "POST", "/v1.41/services/create", body });
                answer(&a, 0, "{\"Config\":{\"User\":\"1\"}}");
                assert_str(f->image.user_root.value, "no");
                assert_str(f->container.user_root.value, rows[i].root);
                done(&a);
        }
}

/* -- volumes -- */

static void a_volume_is_what_it_was_made_as(void **state) {
        static const struct {
                const char *volume, *kind, *via, *driver, *source, *requested;
        } rows[] = {
                { "{\"Name\":\"v\",\"Driver\":\"local\",\"Options\":null}", "volume", "bind", "local", NULL, "v" },
                { "{\"Name\":\"v\",\"Driver\":\"local\",\"Options\":{}}", "volume", "bind", "local", NULL, "v" },
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/var/run/x/../"
                  "y\"}}",
                  "host", "named-volume", "local", "/run/y", "/var/run/x/../y" },
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"ext4\",\"device\":\"/dev/sda1\"}}", "block-device",
                  "named-volume", "local", "/dev/sda1", "/dev/sda1" },
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"tmpfs\",\"device\":\"tmpfs\"}}", "tmpfs",
                  "named-volume", "local", NULL, "v" },
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"nfs\",\"device\":\":/x\",\"o\":\"addr=192.0.2.1\"}}",
                  "other-filesystem", "named-volume", "local", NULL, "v" },
                { "{\"Driver\":\"site/nfs:latest\",\"Options\":{\"o\":\"bind\",\"device\":\"/\"}}", "volume", "bind",
                  "site/nfs", NULL, "v" },
                { "", "volume", "bind", "", NULL, "v" }, /* dockerd makes a plain one */
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"v:/a:ro\",\"/srv:/b\",\"v:/c\"]}}");

                answer(&a, 0, rows[i].volume);
                assert_int_equal(f->mounts.n, 3);
                for (size_t k = 0; k < 3; k += 2) {
                        const struct mount_fact *m = mount_of(f, k);

                        assert_str(m->kind.value, rows[i].kind);
                        assert_str(m->via.value, rows[i].via);
                        assert_str(m->driver.value, rows[i].driver);
                        assert_str(m->requested.value, rows[i].requested);
                        assert_str(m->volume.value, "v");
                        assert_int_equal(m->read_only.value, k == 0);
                        assert_int_equal(m->source.n, rows[i].source != NULL);
                        if (rows[i].source)
                                assert_str(m->source.spelling[0], rows[i].source);
                }
                assert_str(mount_of(f, 1)->requested.value, "/srv");
                done(&a);
        }
}

static double processor_seconds(void) {
        return (double)clock() / CLOCKS_PER_SEC;
}

/* 900 volumes of a plugin beside 100 whose driver is told one by one: each answer looks at what it changed, and not at
 * all the others again. With sanitizers that took a whole second when it did. */
static void what_an_answer_costs_does_not_grow_with_the_rest(void **state) {
        struct text body;
        struct asked a;
        struct facts *f;
        double began;

        (void)state;
        text_init(&body);
        text_addz(&body, "{\"HostConfig\":{\"Mounts\":[");
        for (int i = 0; i < 1000; ++i)
                text_addf(&body, "%s{\"Type\":\"volume\",\"Source\":\"v%d\",\"Target\":\"/%d\"%s}", i ? "," : "", i, i,
                          i < 100 ? "" : ",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"site/nfs\"}}");
        text_addz(&body, "]}}");
        f = ask_create(&a, text_str(&body).p);
        text_deinit(&body);
        assert_int_equal(a.questions.n, 101);
        answer(&a, 100, "{\"Name\":\"site/nfs:latest\",\"PluginReference\":\"r.example/site/nfs:1\"}");
        began = processor_seconds();
        for (size_t i = 0; i < 100; ++i)
                answer(&a, i, i % 2 ? "{\"Driver\":\"site/nfs:latest\"}" : "{\"Driver\":\"site/other:latest\"}");
        assert_true(processor_seconds() - began < 0.25);
        assert_int_equal(a.questions.n, 102);
        answer(&a, 101, NULL);
        for (size_t i = 0; i < 1000; ++i)
                if (i < 100 && i % 2 == 0)
                        assert_int_equal(mount_of(f, i)->plugin.head.state, FACT_UNKNOWN);
                else
                        assert_str(mount_of(f, i)->plugin.value, "r.example/site/nfs:1");
        done(&a);
}

/* The kernel gets the device as it stands, and follows links before "..". */
static void the_device_behind_a_volume_is_followed_as_it_stands(void **state) {
        struct request_path *paths;
        struct asked a;
        size_t n;

        (void)state;
        ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"v:/a\"]}}");
        answer(&a, 0, "{\"Driver\":\"local\",\"Options\":{\"o\":\"bind\",\"device\":\"/srv/link/../x\"}}");
        assert_int_equal(request_paths(&a.call.request, &a.call.arena, &paths, &n), 0);
        assert_int_equal(n, 1);
        assert_str(paths[0].path, "/srv/link/../x");
        done(&a);
}

#define INLINE(options)                                                                                                \
        "{\"HostConfig\":{\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/a\",\"ReadOnly\":true,"      \
        "\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"local\",\"Options\":{" options "}}}}]}}"

/* dockerd takes the volume that is there, and its options, whatever the request brings (measured with 20.10). */
static void options_of_the_request_are_judged_beside_the_volume_s(void **state) {
        static const struct {
                const char *volume, *kind, *via, *source; /* of the second mount; NULL: there is none */
        } rows[] = {
                { "", NULL, NULL, NULL },
                { "{\"Driver\":\"local\"}", "volume", "mount", NULL },
                { "{\"Driver\":\"nfs\"}", "volume", "mount", NULL },
                { "{\"Driver\":\"local\",\"Options\":{\"o\":\"bind\",\"device\":\"/srv\"}}", NULL, NULL, NULL },
                { "{\"Driver\":\"local\",\"Options\":{\"o\":\"bind\",\"device\":\"/etc\"}}", "host", "named-volume",
                  "/etc" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask_create(&a, INLINE("\"o\":\"bind\",\"device\":\"/srv\""));

                answer(&a, 0, rows[i].volume);
                assert_str(mount_of(f, 0)->kind.value, "host");
                assert_str(mount_of(f, 0)->via.value, "volume-options");
                assert_str(mount_of(f, 0)->source.spelling[0], "/srv");
                assert_int_equal(f->mounts.n, rows[i].kind ? 2 : 1);
                if (rows[i].kind) {
                        const struct mount_fact *m = mount_of(f, 1);

                        assert_str(m->kind.value, rows[i].kind);
                        assert_str(m->via.value, rows[i].via);
                        assert_str(m->target.value, "/a");
                        assert_true(m->read_only.value);
                        assert_int_equal(m->source.n, rows[i].source != NULL);
                        if (rows[i].source)
                                assert_str(m->source.spelling[0], rows[i].source);
                }
                done(&a);
        }
}

/* Nothing but the server differs. */
static void the_server_of_the_volume_that_is_there_counts(void **state) {
        static const struct {
                const char *volume, *reach; /* reach NULL: the same */
        } rows[] = {
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"nfs\",\"device\":\":/x\",\"o\":\"addr=192.0.2.9\"}}",
                  NULL },
                { "{\"Driver\":\"local\",\"Options\":{\"type\":\"nfs\",\"device\":\":/"
                  "x\",\"o\":\"addr=169.254.169.254\"}}",
                  "link-local" },
                { "{\"Driver\":\"local\"}", "none" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f =
                        ask_create(&a, INLINE("\"type\":\"nfs\",\"device\":\":/x\",\"o\":\"addr=192.0.2.1\""));

                answer(&a, 0, rows[i].volume);
                assert_str(mount_of(f, 0)->reach.value, "elsewhere");
                assert_int_equal(f->mounts.n, rows[i].reach ? 2 : 1);
                if (rows[i].reach)
                        assert_str(mount_of(f, 1)->reach.value, rows[i].reach);
                done(&a);
        }
}

static void a_volume_that_nobody_tells_of_may_be_anything(void **state) {
        static const char *const rows[] = { NULL, "[]", "{\"Options\":{\"o\":1}}", "{\"Options\":[]}" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"v:/a\",\"w:/b\"]}}");

                answer(&a, 0, rows[i]);
                assert_int_equal(mount_of(f, 0)->kind.head.state, FACT_UNKNOWN);
                assert_int_equal(mount_of(f, 0)->source.head.state, FACT_UNKNOWN);
                assert_int_equal(mount_of(f, 0)->driver.head.state, FACT_UNKNOWN);
                assert_int_equal(mount_of(f, 1)->kind.head.state, FACT_KNOWN);
                done(&a);

                /* A path that is written down stays as bad as it is. */
                f = ask_create(&a, INLINE("\"o\":\"bind\",\"device\":\"/etc\""));
                answer(&a, 0, rows[i]);
                assert_int_equal(mount_of(f, 0)->kind.head.state, FACT_KNOWN);
                assert_int_equal(mount_of(f, 0)->source.head.state, FACT_LEXICAL);
                assert_str(mount_of(f, 0)->source.spelling[0], "/etc");
                done(&a);

                f = ask_create(&a, INLINE("\"type\":\"tmpfs\",\"device\":\"tmpfs\""));
                answer(&a, 0, rows[i]);
                assert_int_equal(mount_of(f, 0)->kind.head.state, FACT_UNKNOWN);
                done(&a);
        }
}

/* -- containers -- */

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

/* -- plugins -- */

#define NFS "{\"PluginReference\":\"docker.io/example/nfs:1\"}"

static const struct driver_fact *driver_of(const struct facts *f, size_t i) {
        assert_true(i < f->drivers.n);
        return (const struct driver_fact *)f->drivers.items + i;
}

/* However many drivers bear its name, and whatever they are for. */
static void a_plugin_is_asked_once_for_all_that_bear_its_name(void **state) {
        static const struct {
                const char *json; /* as for answer() */
                enum fact_state state;
                const char *plugin;
        } rows[] = {
                { NFS, FACT_KNOWN, "docker.io/example/nfs:1" },
                { "{}", FACT_KNOWN, "" },
                { "", FACT_KNOWN, "" }, /* there is none that the engine manages */
                { NULL, FACT_UNKNOWN, "" },
                { "{\"PluginReference\":5}", FACT_UNKNOWN, "" },
                { "[]", FACT_UNKNOWN, "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask_create(
                        &a, "{\"HostConfig\":{\"VolumeDriver\":\"nfs:latest\",\"Binds\":[\"a:/a\",\"b:/b\",\"/c:/c\"],"
                            "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"d\",\"Target\":\"/d\",\"VolumeOptions\":{"
                            "\"DriverConfig\":{\"Name\":\"nfs\"}}}],\"LogConfig\":{\"Type\":\"nfs\"}}}");

                assert_str(listed(&a), "plugin nfs");
                for (size_t k = 0; k < 4; ++k)
                        assert_int_equal(mount_of(f, k)->plugin.head.state, FACT_OFF);
                answer(&a, 0, rows[i].json);
                for (size_t k = 0; k < 4; ++k) {
                        bool host = k == 2;

                        assert_int_equal(mount_of(f, k)->plugin.head.state, host ? FACT_OFF : rows[i].state);
                        assert_str(mount_of(f, k)->plugin.value, host ? "" : rows[i].plugin);
                }
                assert_int_equal(driver_of(f, 0)->plugin.head.state, rows[i].state);
                assert_str(driver_of(f, 0)->plugin.value, rows[i].plugin);
                assert_int_equal(a.questions.n, 1);
                done(&a);
        }
}

/* An answer about a container may bring one more volume of the plugin that was told of already. */
static void whoever_comes_in_later_is_told_the_same(void **state) {
        static const struct {
                const char *plugin; /* as for answer() */
                enum fact_state state;
                const char *reference;
        } rows[] = {
                { NFS, FACT_KNOWN, "docker.io/example/nfs:1" },
                { "", FACT_KNOWN, "" },
                { NULL, FACT_UNKNOWN, "" },
        };
        static const char peer[] =
                "{\"HostConfig\":{},\"Mounts\":[{\"Type\":\"volume\",\"Name\":\"n\",\"Source\":\"/x\","
                "\"Destination\":\"/n\",\"Driver\":\"nfs:latest\",\"RW\":true}]}";

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                for (int late = 0; late < 2; ++late) {
                        struct asked a;
                        struct facts *f = ask_create(
                                &a, "{\"HostConfig\":{\"LogConfig\":{\"Type\":\"nfs\"},\"VolumesFrom\":[\"p\"]}}");

                        assert_str(listed(&a), "container p, plugin nfs");
                        answer(&a, late ? 1 : 0, late ? rows[i].plugin : peer);
                        answer(&a, late ? 0 : 1, late ? peer : rows[i].plugin);
                        assert_int_equal(a.questions.n, 2);
                        assert_int_equal(f->mounts.n, 1);
                        assert_str(mount_of(f, 0)->driver.value, "nfs");
                        assert_int_equal(mount_of(f, 0)->plugin.head.state, rows[i].state);
                        assert_str(mount_of(f, 0)->plugin.value, rows[i].reference);
                        done(&a);
                }
}

static void a_volume_s_driver_that_an_answer_names_is_asked_in_turn(void **state) {
        struct asked a;
        struct facts *f;

        (void)state;
        f = ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"a:/a\",\"b:/b\",\"c:/c\"]}}");
        assert_str(listed(&a), "volume a, volume b, volume c");
        answer(&a, 0, "{\"Driver\":\"local\"}");
        assert_str(listed(&a), "volume a, volume b, volume c");
        answer(&a, 1, "{\"Driver\":\"nfs:latest\"}");
        assert_str(listed(&a), "volume a, volume b, volume c, plugin nfs");
        answer(&a, 3, NFS);
        answer(&a, 2, "{\"Driver\":\"nfs\"}");
        assert_int_equal(a.questions.n, 4);
        assert_int_equal(mount_of(f, 0)->plugin.head.state, FACT_OFF);
        assert_str(mount_of(f, 1)->plugin.value, "docker.io/example/nfs:1");
        assert_str(mount_of(f, 2)->plugin.value, "docker.io/example/nfs:1");
        done(&a);
}

static void a_plugin_that_is_enabled_tells_where_it_came_from(void **state) {
        static const struct {
                const char *uri, *json, *installed;
                enum fact_state state;
        } rows[] = {
                { "/v1.41/plugins/p/enable?timeout=0", NFS, "docker.io/example/nfs:1", FACT_KNOWN },
                { "/v1.41/plugins/p/enable?timeout=0", "", "", FACT_KNOWN },
                { "/v1.41/plugins/p/enable?timeout=0", NULL, "", FACT_UNKNOWN },
                { "/v1.41/plugins/p/set", NFS, "docker.io/example/nfs:1", FACT_KNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f =
                        ask(&a, (struct wire){ "POST", rows[i].uri, strstr(rows[i].uri, "set") ? "[]" : NULL });

                assert_str(listed(&a), "plugin p");
                assert_int_equal(f->plugin.installed.head.state, FACT_OFF);
                answer(&a, 0, rows[i].json);
                assert_int_equal(f->plugin.installed.head.state, rows[i].state);
                assert_str(f->plugin.installed.value, rows[i].installed);
                done(&a);
        }
}

static void odd_names_of_plugins_are_not_asked_for(void **state) {
        static const char *const names[] = { "..", "../x", "a/../b", "a//b", "/a", "a/", "./a", "a\\nb", "a\\\\b" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(names); ++i) {
                char body[128];
                struct asked a;
                struct facts *f;

                snprintf(body, sizeof(body), "{\"Name\":\"n\",\"Driver\":\"%s\"}", names[i]);
                f = ask(&a, (struct wire){ "POST", "/v1.41/networks/create", body });
                assert_int_equal(a.questions.n, 0);
                assert_int_equal(driver_of(f, 0)->plugin.head.state, FACT_UNKNOWN);
                done(&a);
        }
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

/* -- silence -- */

static void silence_takes_no_memory(void **state) {
        const struct join_fact *join;
        struct asked a;
        struct facts *f;
        size_t used;

        (void)state;
        f = ask_create(&a, "{\"Image\":\"i\",\"HostConfig\":{\"PidMode\":\"container:p\",\"VolumesFrom\":[\"q\"],"
                           "\"Binds\":[\"v:/v\"]}}");
        answer(&a, 0, PEER);
        used = a.call.arena.used;
        a.call.arena.limit = used;
        questions_untold(&a.call.request, &a.questions, 1);
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

int main(void) {
        static const struct CMUnitTest tests[] = {
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
                cmocka_unit_test(an_image_fills_its_facts),
                cmocka_unit_test(an_image_without_a_day_has_no_age),
                cmocka_unit_test(what_a_create_leaves_out_is_the_image_s),
                cmocka_unit_test(variables_of_the_request_replace_the_image_s),
                cmocka_unit_test(of_an_image_that_is_not_there_nothing_counts),
                cmocka_unit_test(an_image_that_nobody_tells_of_is_unknown),
                cmocka_unit_test(another_platform_of_the_image_is_unknown),
                cmocka_unit_test(a_service_inherits_of_a_pinned_image_alone),
                cmocka_unit_test(a_volume_is_what_it_was_made_as),
                cmocka_unit_test(what_an_answer_costs_does_not_grow_with_the_rest),
                cmocka_unit_test(the_device_behind_a_volume_is_followed_as_it_stands),
                cmocka_unit_test(options_of_the_request_are_judged_beside_the_volume_s),
                cmocka_unit_test(the_server_of_the_volume_that_is_there_counts),
                cmocka_unit_test(a_volume_that_nobody_tells_of_may_be_anything),
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
                cmocka_unit_test(a_real_engine_s_answers_are_read),
                cmocka_unit_test(a_service_s_network_is_known_by_its_id),
                cmocka_unit_test(a_plugin_is_asked_once_for_all_that_bear_its_name),
                cmocka_unit_test(whoever_comes_in_later_is_told_the_same),
                cmocka_unit_test(a_volume_s_driver_that_an_answer_names_is_asked_in_turn),
                cmocka_unit_test(a_plugin_that_is_enabled_tells_where_it_came_from),
                cmocka_unit_test(odd_names_of_plugins_are_not_asked_for),
                cmocka_unit_test(mounts_of_others_are_unknown_until_they_are_asked_for),
                cmocka_unit_test(one_silent_container_of_two_leaves_the_mounts_unknown),
                cmocka_unit_test(silence_takes_no_memory),
                cmocka_unit_test(what_there_is_no_memory_to_ask_is_a_flaw),
                cmocka_unit_test(an_answer_without_room_is_a_flaw),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
