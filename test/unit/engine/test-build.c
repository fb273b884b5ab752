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
        f = build(&c, "t=a:1&t=user:hunter2@r.example/b&networkmode=host&cgroupparent=/x&extrahosts=h:host-gateway&pull=1&"
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
        assert_true(f->build.pull.value);

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
        assert_false(f->build.pull.value);
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

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(says_where_the_sources_come_from),
                cmocka_unit_test(a_body_or_a_session_is_opaque),
                cmocka_unit_test(reads_the_whole_query),
                cmocka_unit_test(says_what_the_client_of_engine_20_10_says),
                cmocka_unit_test(json_in_the_query_has_the_flaws_of_json),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
