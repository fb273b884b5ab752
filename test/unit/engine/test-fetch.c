#include "call.h"
#include "docksill/base/cleanup.h"
#include "read/fetch.h"
#include <errno.h>

static void where_dockerd_goes_is_told_in_every_form(void **state) {
        static const struct {
                const char *url, *host, *reach;
        } rows[] = {
                { "http://builds.example/x.tar", "builds.example", "elsewhere" },
                { "https://builds.example:8443/x.tar", "builds.example", "elsewhere" },
                { "HTTPS://Builds.Example", "builds.example", "elsewhere" },
                { "http://u:p@builds.example/x", "builds.example", "elsewhere" },
                { "http://127.0.0.1@builds.example/x", "builds.example", "elsewhere" },
                { "http://builds.example@127.0.0.1:2375/x", "127.0.0.1", "loopback" },
                { "http://a@b@169.254.169.254/", "169.254.169.254", "link-local" },
                { "http://builds.example?@127.0.0.1/", "builds.example", "elsewhere" },
                { "http://builds.example#@127.0.0.1/", "builds.example", "elsewhere" },
                { "http:///x", "", "loopback" },
                { "http://:80/x", "", "loopback" },
                { "http://[::1]:80/x", "::1", "loopback" },
                { "http://[fd00:ec2::254]/", "fd00:ec2::254", "link-local" },
                { "http://0x7f000001/", "0x7f000001", "unreadable" },
                { "http://h:x/", "", "unreadable" },
                { "http://%31/", "%31", "unreadable" },
                { "git://code.example/a.git#main", "code.example", "elsewhere" },
                { "ssh://git@code.example:22/a.git", "code.example", "elsewhere" },
                { "ssh://git@[::1]:22/a.git", "::1", "loopback" },
                /* scp's spelling: what follows the colon is a path, whatever it looks like */
                { "git@code.example:a/b.git", "code.example", "elsewhere" },
                { "git@code.example:22", "code.example", "elsewhere" },
                /* of two @ git takes the first, a URL the last */
                { "git@localhost:a@code.example", "", "unreadable" },
                { "git@127.0.0.1:2@code.example/b.git", "", "unreadable" },
                { "@:@code.example", "", "unreadable" },
                { "a@b@127.0.0.1", "a@b@127.0.0.1", "unreadable" },
                { "git@169.254.169.254", "169.254.169.254", "link-local" },
                { "git@127.0.0.1:a", "127.0.0.1", "loopback" },
                /* dockerd puts http:// before it */
                { "builds.example/x.tar", "builds.example", "elsewhere" },
                { "169.254.169.254/latest/meta-data", "169.254.169.254", "link-local" },
                { "localhost:8080/x", "localhost", "loopback" },
                { "github.com/a/b", "github.com", "elsewhere" },
                { "x", "x", "elsewhere" },
                { "-", "-", "elsewhere" },
                { " ", " ", "unreadable" },
                { "\xc3\xa4", "\xc3\xa4", "unreadable" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct fetch_fact *fetch;
                struct facts f;
                struct arena arena;

                arena_init(&arena, 1 << 16);
                facts_init(&f);
                assert_fits(&arena, fetch_read(READING(&f, &arena), "?remote=", WORD_CONTEXT, str_from(rows[i].url)));
                assert_int_equal(f.fetches.n, 1);
                fetch = f.fetches.items;
                if (!str_eqz(fetch->host.value, rows[i].host) || !str_eqz(fetch->reach.value, rows[i].reach))
                        fail_msg("%s: %" STR_FMT " of %" STR_FMT, rows[i].url, STR_ARG(fetch->reach.value),
                                 STR_ARG(fetch->host.value));
                assert_str(fetch->what.value, "context");
                assert_string_equal(fetch->origin.field, "?remote=");
                arena_deinit(&arena);
        }
}

static void no_address_is_no_fetch(void **state) {
        struct facts f;
        struct arena none;

        (void)state;
        arena_init(&none, 1);
        facts_init(&f);
        assert_fits(&none, fetch_read(READING(&f, &none), "?remote=", WORD_CONTEXT, STR_C("")));
        assert_fits(&none, fetch_read(READING(&f, &none), "?remote=", WORD_CONTEXT, (struct str){ 0 }));
        assert_int_equal(f.fetches.n, 0);
}

static void what_there_is_no_memory_for_is_refused(void **state) {
        static const struct str unreadable = STR("http://h:x/");
        struct facts f;
        struct arena none;

        (void)state;
        arena_init(&none, 1);
        facts_init(&f);
        assert_refused(&none, fetch_read(READING(&f, &none), "?remote=", WORD_CONTEXT, STR_C("http://h/")));
        assert_refused(&none,
                       fetch_read(READING(&f, &none), "?remote=", WORD_CONTEXT, unreadable)); /* the list has none */
        assert_int_equal(f.fetches.n, 0);
}

/* Which requests make dockerd go somewhere by itself. */
static void each_door_that_fetches_is_read(void **state) {
        static const struct {
                const char *uri;
                const char *field, *what, *reach; /* NULL: fetches nothing */
        } rows[] = {
                { "/v1.41/build?remote=http://169.254.169.254/D", "?remote=", "context", "link-local" },
                { "/v1.41/build?remote=git@code.example:a.git", "?remote=", "context", "elsewhere" },
                { "/v1.41/build?remote=localhost/D", "?remote=", "context", "loopback" },
                { "/v1.41/build?remote=http://127.1/D", "?remote=", "context", "unreadable" },
                { "/v1.41/build?remote=client-session", NULL, NULL, NULL },
                { "/v1.41/build?remote=", NULL, NULL, NULL },
                { "/v1.41/build", NULL, NULL, NULL },
                { "/v1.41/build?REMOTE=http://h/", NULL, NULL, NULL },
                { "/v1.41/images/create?fromSrc=http://127.0.0.1:2375/x", "?fromSrc=", "image", "loopback" },
                { "/v1.41/images/create?fromSrc=%68ttp://metadata/x", "?fromSrc=", "image", "link-local" },
                { "/v1.41/images/create?fromSrc=builds.example/x", "?fromSrc=", "image", "elsewhere" },
                { "/v1.41/images/create?fromSrc=-", NULL, NULL, NULL },
                { "/v1.41/images/create?fromSrc=", NULL, NULL, NULL },
                { "/v1.41/images/create", NULL, NULL, NULL },
                { "/v1.41/images/create?fromImage=a&fromSrc=http://127.0.0.1/", "?fromImage=", "registry",
                  "elsewhere" },
                { "/v1.41/images/create?fromImage=169.254.169.254/a", "?fromImage=", "registry", "link-local" },
                { "/v1.41/images/localhost:5000/a/push", "RequestUri", "registry", "loopback" },
                { "/v1.41/plugins/100.100.100.200/a/push", "RequestUri", "registry", "link-local" },
                { "/v1.41/plugins/169.254.169.254/a:1/push", "RequestUri", "registry", "link-local" },
                { "/v1.41/images/create?fromImage=&fromSrc=http://127.0.0.1/", "?fromSrc=", "image", "loopback" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct fact_list *fetches = &c.request.facts.fetches;
                const struct fetch_fact *fetch;

                call_read(&c, (struct wire){ "POST", rows[i].uri, NULL, "\"Content-Length\":\"0\"" });
                assert_false(flaws_any(&c.request.flaws));
                if (fetches->n != (rows[i].field ? 1 : 0))
                        fail_msg("%s: %zu fetches", rows[i].uri, fetches->n);
                if (!rows[i].field)
                        continue;
                fetch = fetches->items;
                assert_string_equal(fetch->origin.field, rows[i].field);
                assert_str(fetch->what.value, rows[i].what);
                assert_str(fetch->reach.value, rows[i].reach);
                assert_true(request_yields(&c.request) & GROUP_FETCHES);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(where_dockerd_goes_is_told_in_every_form),
                cmocka_unit_test(no_address_is_no_fetch),
                cmocka_unit_test(what_there_is_no_memory_for_is_refused),
                cmocka_unit_test(each_door_that_fetches_is_read),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
