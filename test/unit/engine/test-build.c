#include "call.h"

#define NO_BODY "\"Content-Type\":\"application/x-tar\",\"Content-Length\":\"0\""
#define COMMIT  "b4defc7ca9c287cf157302ae65abf6900c52cbcc"

static struct facts *build(struct call *c, const char *query) {
        char uri[1024];

        snprintf(uri, sizeof(uri), "/v1.41/build?%s", query);
        call_read(c, (struct wire){ "POST", uri, NULL, NO_BODY });
        return &c->request.facts;
}

static void says_where_the_sources_come_from(void **state) {
        static const struct {
                const char *remote, *kind, *host;
                bool pinned;
        } rows[] = {
                { "", "none", "", false },
                { "client-session", "session", "", false },
                { "http://192.0.2.9:80/c.tar", "http", "192.0.2.9:80", false },
                { "https://u:secret@h.example/c.tar", "https", "h.example", false },
                { "https://h.example", "https", "h.example", false },
                { "https://h.example/a.git", "git", "h.example", false },
                { "https://h.example/a.git%23main:dir", "git", "h.example", false },
                { "https://h.example/a.git%23" COMMIT, "git", "h.example", true },
                { "http://h.example/a.git%23" COMMIT ":dir", "git", "h.example", true },
                { "https://h.example/a.git%23" COMMIT "0", "git", "h.example", false },
                { "https://h.example/a%23x.git", "git", "h.example", false },
                { "https://h.example/a.git%23", "https", "h.example", false },
                { "github.com/example/app", "git", "github.com", false },
                { "git@h.example:a/b%23" COMMIT, "git", "h.example", true },
                { "git://u@h.example/a", "git", "h.example", false },
                { "git@h.example:a@code.example/b", "git", "h.example", false },
                { "http://h.example?@code.example/b.git", "git", "h.example", false },
                { "http://h.example%23@code.example/b.tar", "http", "h.example", false },
                { "ftp://h.example/a", "unknown", "h.example", false },
                { "HTTP://h.example/a", "unknown", "h.example", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f;
                char query[256];

                snprintf(query, sizeof(query), "remote=%s", rows[i].remote);
                f = build(&c, query);
                assert_false(flaws_any(&c.request.flaws));
                assert_str(f->build.remote_kind.value, rows[i].kind);
                assert_str(f->build.remote_host.value, rows[i].host);
                assert_int_equal(f->build.remote_pinned.value, rows[i].pinned);
        }
}

/* Whatever may hold a form, a tar or a stream can't be judged. */
static void a_body_or_a_session_is_opaque(void **state) {
        static const struct {
                const char *uri, *headers;
                bool opaque;
        } rows[] = {
                { "/v1.41/build?remote=https://h/a.git", NO_BODY, true },
                { "/v1.41/build?version=1", NO_BODY, false },
                { "/v1.41/build?version=2", NO_BODY, true },
                { "/v1.41/build?session=x", NO_BODY, true },
                { "/v1.41/build?remote=client-session", NO_BODY, true },
                { "/v1.41/build", "\"Content-Type\":\"application/x-tar\"", true },
                { "/v1.41/build", "\"Content-Length\":\"10240\"", true },
                { "/session", NO_BODY, true },
                { "/v1.41/grpc", NO_BODY, true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ "POST", rows[i].uri, NULL, rows[i].headers });
                assert_false(flaws_any(&c.request.flaws));
                if (c.request.facts.build.opaque.value != rows[i].opaque)
                        fail_msg("%s %s", rows[i].uri, rows[i].headers);
        }
}

static void reads_the_whole_query(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct variable_fact *v;
        const struct text_fact *texts;
        const struct facts *f;

        (void)state;
        f = build(&c, "t=a:1&t=user:hunter2@r.example/b&networkmode=host&cgroupparent=/x&extrahosts=h:host-gateway&pull=1&squash=1&"
                      "buildargs=%7B%22NPM_TOKEN%22:%22x%22,%22B%22:null%7D&labels=%7B%22k%22:%22v%22%7D&"
                      "outputs=%5B%7B%22Type%22:%22local%22,%22Attrs%22:%7B%22dest%22:%22/%22%7D%7D%5D&remote=");
        assert_false(flaws_any(&c.request.flaws));
        assert_int_equal(request_yields(&c.request),
                         GROUP_REQUEST | GROUP_DAEMON | GROUP_BUILD | GROUP_NAMES | GROUP_FETCHES | GROUP_SANDBOX | GROUP_VARIABLES | GROUP_TEXTS);
        assert_str(call_joined(&c, &f->build.names), "a:1 r.example/b");
        assert_str(f->build.network.value, "host");
        assert_str(f->container.cgroup_parent.value, "/x");
        assert_str(call_joined(&c, &f->container.extra_hosts), "h:host-gateway");
        assert_str(call_joined(&c, &f->build.outputs), "local");
        assert_true(f->build.pull.value && f->build.squash.value);

        assert_int_equal(f->variables.n, 2);
        v = f->variables.items;
        assert_str(v[0].name.value, "NPM_TOKEN");
        assert_str(v[0].value.value, "x");
        assert_str(v[0].from.value, "build-arg");
        assert_str(v[1].name.value, "B");
        assert_false(v[1].value.head.given);

        assert_int_equal(f->texts.n, 3);
        texts = f->texts.items;
        assert_str(texts[0].where.value, "buildargs.NPM_TOKEN");
        assert_str(texts[2].where.value, "labels.k");
}

static void says_what_the_client_of_engine_20_10_says(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f;

        (void)state;
        f = build(&c, "buildargs=%7B%7D&cachefrom=%5B%5D&cgroupparent=&cpuperiod=0&dockerfile=Dockerfile&labels=%7B%7D&"
                      "memory=0&networkmode=default&rm=1&shmsize=0&t=rbuild%3A1&target=&ulimits=null&version=1");
        assert_false(flaws_any(&c.request.flaws));
        assert_str(f->build.network.value, "default");
        assert_str(f->container.cgroup_parent.value, "");
        assert_int_equal(f->variables.n + f->texts.n, 0);
        assert_str(f->build.remote_kind.value, "none");
        assert_false(f->build.pull.value || f->build.squash.value);
}

static void json_in_the_query_has_the_flaws_of_json(void **state) {
        static const struct {
                const char *query;
                enum flaw flaw;
        } rows[] = {
                { "buildargs=%7B%22A%22:1%7D", FLAW_WRONG_TYPE },
                { "buildargs=%7B%22A%22:%22%22", FLAW_MALFORMED_JSON },
                { "buildargs=%7B%22A%22:%22%22,%22A%22:%22x%22%7D", FLAW_DUPLICATE_KEY },
                { "labels=%5B%5D", FLAW_WRONG_TYPE },
                { "labels=%7B%7D%7B%7D", FLAW_TRAILING_DATA },
                { "outputs=%5B%7B%22type%22:%22a%22,%22Type%22:%22b%22%7D%5D", FLAW_DUPLICATE_KEY },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                build(&c, rows[i].query);
                if (!flaws_have(&c.request.flaws, rows[i].flaw))
                        fail_msg("%s", rows[i].query);
        }
}

/* What dockerd does without ?t=: moby builder-next/builder.go; names with commas between them, as BuildKit reads them. */
static void outputs_name_the_image_too(void **state) {
        static const struct {
                const char *query, *names, *from;
                bool pushes;
        } rows[] = {
                { "outputs=%5B%5D", "", "", false },
                { "outputs=%5B%7B%22Type%22:%22moby%22,%22Attrs%22:%7B%22name%22:%22a:1,r.example/b%22%7D%7D%5D",
                  "a:1 r.example/b", "?outputs= ?outputs=", false },
                { "t=c&outputs=%5B%7B%22Attrs%22:%7B%22name%22:%22a%22,%22push%22:%22true%22%7D%7D%5D", "a c",
                  "?outputs= ?t=[0]", true },
                { "outputs=%5B%7B%22Attrs%22:%7B%22push%22:%22false%22%7D%7D%5D", "", "", false },
                { "outputs=%5B%7B%22Attrs%22:%7B%22push%22:%22maybe%22%7D%7D%5D", "", "",
                  true }, /* refused: never harmless */
                { "outputs=%5B%7B%22Attrs%22:%7B%22push%22:%22true%22%7D%7D,%7B%22Attrs%22:%7B%22push%22:%22false%22%"
                  "7D%7D%5D",
                  "", "", true },
                { "outputs=%5B%7B%22Attrs%22:%7B%22NAME%22:%22a%22%7D%7D%5D", "", "", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = build(&c, rows[i].query);
                struct text t;

                assert_false(flaws_any(&c.request.flaws));
                assert_str(call_joined(&c, &f->build.names), rows[i].names);
                assert_int_equal(f->build.pushes.value, rows[i].pushes);
                text_init_arena(&t, &c.arena);
                text_addz(&t, "");
                for (size_t k = 0; k < f->image_names.n; ++k) {
                        text_addz(&t, k ? " " : "");
                        origin_add(&t, &((const struct image_name_fact *)f->image_names.items)[k].origin);
                }
                assert_str(text_str(&t), rows[i].from);
        }
}

static void caches_are_images(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = build(&c, "cachefrom=%5B%22nginx%22,%22evil.example/a:1,169.254.169.254/b%22,%22%22%5D");
        const struct image_fact *images = f->build.caches.items;

        (void)state;
        assert_false(flaws_any(&c.request.flaws));
        assert_int_equal(f->build.caches.n, 3);
        assert_str(images[0].name.value, "docker.io/library/nginx");
        assert_str(images[1].name.value, "evil.example/a");
        assert_str(images[2].registry.value, "169.254.169.254");
        assert_int_equal(f->fetches.n, 3);
        assert_str(((const struct fetch_fact *)f->fetches.items)[2].reach.value, "link-local");
}

static void shared_memory_has_a_size(void **state) {
        static const struct {
                const char *text;
                int64_t size;
        } rows[] = {
                { "", 0 },
                { "0", 0 },
                { "67108864", 67108864 },
                { "9223372036854775807", INT64_MAX },
                { "9223372036854775808", 0 },
                { "1x", 0 },
                { "-1", 0 },
                { "%2B9223372036854775807", INT64_MAX },
                { "%2B", 0 },
                { "+5", 0 },
                { "007", 7 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char query[64];

                snprintf(query, sizeof(query), "shmsize=%s", rows[i].text);
                assert_int_equal(build(&c, query)->container.shm_size.value, rows[i].size);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(outputs_name_the_image_too),
                cmocka_unit_test(caches_are_images),
                cmocka_unit_test(shared_memory_has_a_size),
                cmocka_unit_test(says_where_the_sources_come_from),
                cmocka_unit_test(a_body_or_a_session_is_opaque),
                cmocka_unit_test(reads_the_whole_query),
                cmocka_unit_test(says_what_the_client_of_engine_20_10_says),
                cmocka_unit_test(json_in_the_query_has_the_flaws_of_json),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
