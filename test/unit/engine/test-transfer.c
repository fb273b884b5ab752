#include "call.h"

#define HEX     "b4defc7ca9c287cf157302ae65abf6900c52cbccace54d47779b7c2e389a15d8"
#define NO_BODY "\"Content-Type\":\"text/plain\",\"Content-Length\":\"0\""

static void post(struct call *c, const char *uri) {
        call_read(c, (struct wire){ "POST", uri, NULL, NO_BODY });
}

static void a_pull_is_of_what_dockerd_will_fetch(void **state) {
        static const struct {
                const char *uri;
                const char *reference, *name, *tag, *digest;
                bool pinned;
        } rows[] = {
                { "/v1.41/images/create?fromImage=nginx", "nginx", "docker.io/library/nginx", "", "", false },
                { "/v1.41/images/create?fromImage=nginx&tag=1", "nginx:1", "docker.io/library/nginx", "1", "", false },
                { "/v1.41/images/create?fromImage=nginx%3A1&tag=2", "nginx:2", "docker.io/library/nginx", "2", "",
                  false },
                { "/v1.41/images/create?fromImage=nginx:", "nginx", "docker.io/library/nginx", "", "", false },
                { "/v1.41/images/create?fromImage=r.example:5000%2fapp&tag=1", "r.example:5000/app:1",
                  "r.example:5000/app", "1", "", false },
                { "/v1.41/images/create?fromImage=app&tag=sha256:" HEX, "app@sha256:" HEX, "docker.io/library/app", "",
                  "sha256:" HEX, true },
                { "/v1.41/images/create?fromImage=app@sha256:" HEX "&tag=1", "app:1@sha256:" HEX,
                  "docker.io/library/app", "1", "sha256:" HEX, true },
                /* The first of a repeated key counts; keys do not fold. */
                { "/v1.41/images/create?fromImage=a&fromImage=b&FromImage=c&tag=1", "a:1", "docker.io/library/a", "1",
                  "", false },
                { "/v1.41/images/create?fromSrc=-&fromImage=a&tag=1", "a:1", "docker.io/library/a", "1", "", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;

                post(&c, rows[i].uri);
                assert_false(flaws_any(&c.request.flaws));
                assert_str(f->image.reference.value, rows[i].reference);
                assert_str(f->image.name.value, rows[i].name);
                assert_str(f->image.tag.value, rows[i].tag);
                assert_str(f->image.digest.value, rows[i].digest);
                assert_int_equal(f->image.pinned.value, rows[i].pinned);
                assert_false(f->image.imported.value);
        }
}

static void what_names_no_image_is_an_import(void **state) {
        static const char *const uris[] = {
                "/v1.41/images/create?fromSrc=-&repo=app",
                "/v1.41/images/create?fromSrc=http%3A%2F%2F192.0.2.9%2Fx.tar",
                "/v1.41/images/create?fromImage=&repo=app",
                "/v1.41/images/create",
                "/v1.41/images/load?quiet=1",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(uris); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                post(&c, uris[i]);
                assert_false(flaws_any(&c.request.flaws));
                assert_true(c.request.facts.image.imported.value);
                assert_str(c.request.facts.image.name.value, "");
        }
}

static void texts_of_an_import_are_looked_at(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct text_fact *texts;

        (void)state;
        post(&c, "/v1.41/images/create?fromSrc=http://u:p@192.0.2.9/x&changes=USER%20root&changes=ENV%20A=b");
        assert_int_equal(c.request.facts.texts.n, 3);
        texts = c.request.facts.texts.items;
        assert_str(texts[0].where.value, "fromSrc");
        assert_str(texts[0].text.value, "http://u:p@192.0.2.9/x");
        assert_str(texts[2].text.value, "ENV A=b");
}

/* A form in the body is read before the query, and its content type may not be the one that is shown. */
static void only_the_tar_of_an_import_may_follow(void **state) {
        static const struct {
                const char *uri, *headers;
                bool flawed;
        } rows[] = {
                { "/v1.41/images/create?fromImage=a", NO_BODY, false },
                { "/v1.41/images/create?fromImage=a", "\"Content-Type\":\"text/plain\"", true },
                { "/v1.41/images/create?fromImage=a", "", false },
                { "/v1.41/images/create?fromImage=a", "\"Content-Length\":\"40\"", false },
                { "/v1.41/images/create?fromImage=a", "\"Content-Type\":\"\"", true },
                { "/v1.41/images/create?fromSrc=http://h/x", "\"Content-Type\":\"a/b\",\"Content-Length\":\"40\"", true },
                { "/v1.41/images/create?fromSrc=http://h/x", "\"Content-Length\":\"40\"", false },
                { "/v1.41/images/create?fromSrc=-&repo=a", "\"Content-Type\":\"text/plain\"", false },
                { "/v1.41/images/create?fromSrc=-&repo=a", "\"Content-Length\":\"10240\"", false },
                { "/v1.41/images/load", "\"Content-Type\":\"application/x-tar\"", false },
                { "/v1.41/images/a/push", "\"Content-Length\":\"40\"", false },
                { "/v1.41/images/a/push", "\"Content-Type\":\"application/json\"", true },
                { "/v1.41/images/a/tag?repo=b", "\"Content-Type\":\"text/plain\"", true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ "POST", rows[i].uri, NULL, rows[i].headers });
                if (flaws_have(&c.request.flaws, FLAW_BODY_MISSING) != rows[i].flawed)
                        fail_msg("%s %s", rows[i].uri, rows[i].headers);
        }
}

static void a_push_goes_where_the_name_says(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        post(&c, "/v1.41/images/r.example/a/b/push?tag=1");
        assert_false(flaws_any(&c.request.flaws));
        assert_str(c.request.facts.image.name.value, "r.example/a/b");
        assert_str(c.request.facts.image.tag.value, "1");
}

static void a_tag_has_a_name_and_a_source(void **state) {
        static const struct {
                const char *uri, *name, *tag, *source;
                enum fact_state state;
        } rows[] = {
                { "/v1.41/images/evil.example/a:1/tag?repo=nginx&tag=1", "docker.io/library/nginx", "1",
                  "evil.example/a", FACT_KNOWN },
                { "/v1.41/images/app:1/tag?repo=r.example:5000/x", "r.example:5000/x", "", "docker.io/library/app",
                  FACT_KNOWN },
                { "/v1.41/images/sha256:" HEX "/tag?repo=b", "docker.io/library/b", "", "sha256:" HEX, FACT_UNKNOWN },
                { "/v1.41/images/b4defc/tag?repo=b", "docker.io/library/b", "", "docker.io/library/b4defc",
                  FACT_UNKNOWN },
                { "/v1.41/images/cafe:1/tag?repo=b", "docker.io/library/b", "", "docker.io/library/cafe", FACT_KNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;
                const struct image_name_fact *named;

                post(&c, rows[i].uri);
                assert_str(f->image.name.value, rows[i].name);
                assert_str(f->image.tag.value, rows[i].tag);
                named = f->image_names.items;
                assert_int_equal(f->image_names.n, 1);
                assert_str(named->name.value, rows[i].name);
                assert_str(named->source.value, rows[i].source);
                assert_int_equal(named->source.head.state, rows[i].state);
        }
}

static void questions_name_the_registry_that_is_asked(void **state) {
        static const struct {
                const char *uri, *name;
        } rows[] = {
                { "/v1.41/distribution/r.example/a/json", "r.example/a" },
                { "/v1.41/distribution/nginx/json", "docker.io/library/nginx" },
                { "/v1.41/images/search?term=r.example/a", "r.example/a" },
                { "/v1.41/images/search?term=localhost/a", "localhost/a" },
                { "/v1.41/images/search?term=somebody/a", "" },
                { "/v1.41/images/search?term=nginx&limit=25", "" },
                { "/v1.41/images/search", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ "GET", rows[i].uri, NULL, "" });
                assert_false(flaws_any(&c.request.flaws));
                assert_str(c.request.facts.image.name.value, rows[i].name);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_pull_is_of_what_dockerd_will_fetch),
                cmocka_unit_test(what_names_no_image_is_an_import),
                cmocka_unit_test(texts_of_an_import_are_looked_at),
                cmocka_unit_test(only_the_tar_of_an_import_may_follow),
                cmocka_unit_test(a_push_goes_where_the_name_says),
                cmocka_unit_test(a_tag_has_a_name_and_a_source),
                cmocka_unit_test(questions_name_the_registry_that_is_asked),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
