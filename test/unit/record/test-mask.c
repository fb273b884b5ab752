#include "docksill/record/mask.h"
#include "docksill/rules/ruleset.h"
#include "mask-text.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

struct fixture {
        struct masker *masker;
        struct mask_searches searches;
        struct arena arena;
};

static int setup(void **state) {
        const struct ruleset_options options = { .rules = "../rules", .environment = "production" };
        struct fixture *f = calloc(1, sizeof(*f));
        struct ruleset *rules;
        struct diag diag;

        diag_init(&diag);
        arena_init(&f->arena, MASK_MEMORY);
        if (ruleset_load(&rules, &options, &diag) < 0 || masker_new(&f->masker, rules) < 0 ||
            search_new(&f->searches.name, rules, STR_C("secret-name")) < 0 ||
            search_new(&f->searches.data_name, rules, STR_C("secret-data-name")) < 0 ||
            search_new(&f->searches.credential, rules, STR_C("credential")) < 0)
                return -1;
        ruleset_unref(rules);
        diag_deinit(&diag);
        *state = f;
        return 0;
}

static int teardown(void **state) {
        struct fixture *f = *state;

        search_free(f->searches.name);
        search_free(f->searches.data_name);
        search_free(f->searches.credential);
        masker_free(f->masker);
        arena_deinit(&f->arena);
        free(f);
        return 0;
}

static void assert_text(struct str got, const char *expected) {
        if (!str_eqz(got, expected))
                fail_msg("got      %.*s\nexpected %s", (int)got.n, got.p, expected);
}

static void masks_what_is_named_a_secret(void **state) {
        static const struct {
                const char *name, *value, *masked;
        } rows[] = {
                { "DB_PASSWORD", "hunter2", "masked" },
                { "DB_PASSWORD", "true", "masked" },
                { "app_api_key", "1", "masked" },
                { "DB_PASSWORD", "", "" },
                { "DB_PASSWORD", "${PW}", "${PW}" },
                { "DB_PASSWORD", "$PW", "$PW" },
                { "DB_PASSWORD", "${PW:-hunter2}", "${PW}" },
                { "DB_PASSWORD", "a${PW:-hunter2}b", "masked${PW}masked" },
                { "DB_PASSWORD", "{{.Secret}}", "{{.Secret}}" },
                { "DB_PASSWORD_FILE", "/run/secrets/pw", "/run/secrets/pw" },
                { "PWD", "/app", "/app" },
                { "COMPASSION", "yes please", "yes please" },
                { "DBPASS", "hunter2", "masked" },
                { "dbpwd", "hunter2", "masked" },
                { "GITHUB_PAT", "hunter2", "masked" },
                { "KEYBOARD", "qwerty", "qwerty" },
                { "COOKIE_SALT", "pepper", "masked" },
                { "AUTH", "off", "off" },
                { "MAX_KEYS", "100", "100" },
                { "NODE_TLS_REJECT_UNAUTHORIZED", "0", "0" },
                { "DB_PASSWORD", "postgres://u:hunter2@db/x", "masked://masked:masked@masked/masked" },
                { "DSN", "postgres://u:hunter2@db/x", "postgres://masked:masked@db/x" },
                { "API_TOKEN", "ghp_0123456789abcdefghijABCDEFGHIJ", "ghp_0000000000xxxxxxxxxxXXXXXXXXXX" },
        };
        struct fixture *f = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct masking k = { .searches = &f->searches, .arena = &f->arena };

                assert_text(mask_text(&k, str_from(rows[i].value),
                                      (struct mask_place){ .name = str_from(rows[i].name), .free = true }),
                            rows[i].masked);
                assert_false(k.failed);
        }
}

static void masks_what_stands_in_a_text(void **state) {
        static const struct {
                const char *text, *masked;
        } rows[] = {
                { "nothing here", "nothing here" },
                { "postgres://app:hunter2@db:5432/x?sslmode=off", "postgres://masked:masked@db:5432/x?sslmode=off" },
                { "redis://:hunter2@cache:6379", "redis://:masked@cache:6379" },
                { "postgres://app:hun@ter2@db/x", "postgres://masked:masked@masked@db/x" },
                { "https://example.com:8443/a@b", "https://example.com:8443/a@b" },
                { "postgres://u:${PW}@db/x", "postgres://u:${PW}@db/x" },
                { "key AKIAABCDEFGHIJKLMNOP.", "key AKIAXXXXXXXXXXXXXXXX." },
                { "glpat-abcdefghijklmnopqrst", "glpat-xxxxxxxxxxxxxxxxxxxx" },
                { "eyJhbGciOiJIUzI.eyJzdWIiOiIx.c2lnbmF0", "eyJxxXxxXxXXXxX.xxXxxXXxXxXx.x0xxxxX0" },
                { "tool --password=hunter2 --user app", "tool --password=masked --user app" },
                { "tool --db-password 'hunter2'", "tool --db-password 'masked'" },
                { "tool --password=\"$PW\"", "tool --password=\"$PW\"" },
                { "tool --password=${PW:-hunter2}", "tool --password=${PW}" },
                { "tool --password-file /run/secrets/p", "tool --password-file /run/secrets/p" },
                { "tool --token 0123456789abcdef0", "tool --token 0000000000xxxxxx0" },
                { "tool --no-password app", "tool --no-password app" },
                { "username=web,password=hunter2,uid=1", "username=web,password=masked,uid=1" },
                { "PGPASSWORD='hunter2' pg_isready -U postgres", "PGPASSWORD='masked' pg_isready -U postgres" },
                { "{\"password\": \"hunter2\", \"user\": \"app\"}", "{\"password\": \"masked\", \"user\": \"app\"}" },
                { "curl -H 'Authorization: Bearer abcdef.ghijk'", "curl -H 'Authorization: Bearer masked'" },
                { "build 8aff725d2e16ef31fbc42 of today", "build 0xxx000x0x00xx00xxx00 of today" },
                { "app@sha256:b4defc7ca9c287cf157302ae65abf6900c52cbccace54d47779b7c2e389a15d8",
                  "app@sha256:b4defc7ca9c287cf157302ae65abf6900c52cbccace54d47779b7c2e389a15d8" },
                { "{\\\"password\\\":\\\"hunter2\\\"}", "{\\\"password\\\":\\\"masked\\\"}" },
                { "X-API-Key:hunter2", "X-API-Key:masked" },
                { "Server=db;User Id=sa;Pwd=hunter2;Encrypt=no", "Server=db;User Id=sa;Pwd=masked;Encrypt=no" },
                { "Endpoint=sb://x/;SharedAccessKey=aGk=", "Endpoint=sb://x/;SharedAccessKey=masked" },
                { "sa:hunter2@tcp(db:3306)/x", "sa:masked@tcp(db:3306)/x" },
                { "port 6379\nrequirepass hunter2\n", "port 6379\nrequirepass masked\n" },
                { "pw = \"hunter2\"", "pw = \"masked\"" },
                { "mysql -uroot -phunter2 -e x", "mysql -uroot -pmasked -e x" },
                { "mysqladmin ping -p'hunter 2'", "mysqladmin ping -p'masked'" },
                { "cd /x && /usr/bin/mysqldump -p hunter2 >y", "cd /x && /usr/bin/mysqldump -p hunter2 >y" }, /* asks */
                { "mkdir -p web; redis-cli -a hunter2 ping", "mkdir -p web; redis-cli -a masked ping" },
                { "curl -fsu app:hunter2 x; curl --user app:hunter2 x",
                  "curl -fsu app:masked x; curl --user app:masked x" },
                { "docker login -u app -p hunter2 r.io", "docker login -u app -p masked r.io" },
                { "docker run -p 80:80 app", "docker run -p 80:80 app" },
                { "sshpass -p hunter2 ssh -p 22 x; redis-server --requirepass hunter2",
                  "sshpass -p masked ssh -p 22 x; redis-server --requirepass masked" },
                { "-----BEGIN EC PRIVATE KEY-----\nMIIEpAIBAAKC\nAQEA0Z3\n-----END EC PRIVATE KEY-----\nrest",
                  "-----BEGIN XX PRIVATE KEY-----\nmasked\nmasked\n-----END EC PRIVATE KEY-----\nrest" },
        };
        struct fixture *f = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct masking k = { .searches = &f->searches, .arena = &f->arena };

                assert_text(mask_text(&k, str_from(rows[i].text), (struct mask_place){ .free = true }), rows[i].masked);
                assert_false(k.failed);
        }
}

static void masks_arguments_by_their_option(void **state) {
        static const struct {
                const char *option, *value, *masked, *program;
        } rows[] = {
                { "-uroot", "-phunter2", "-pmasked", "/usr/bin/mysql" },
                { "-p", "hunter2", "hunter2", "mysql" },
                { "-p", "hunter2", "hunter2", "mkdir" },
                { "-a", "hunter2", "masked", "redis-cli" },
                { "-a", "$PW", "$PW", "redis-cli" },
                { "http://x", "-uapp:hunter2", "-uapp:masked", "curl" },
                { "http://x", "--user=app:hunter2", "--user=app:masked", "curl" },
                { "-U", "app%hunter2", "app%masked", "smbclient" },
                { "--password", "hunter2", "masked" },
                { "--password", "$PW", "$PW" },
                { "--password", "--user", "--user" },
                { "--token", "abcdef.0123456789abcdef", "xxxxxx.0000000000xxxxxx" },
                { "--token", "/run/secrets/t", "/run/secrets/t" },
                { "--token", "short", "masked" },
                { "-u", "app:hunter2", "app:masked" },
                { "--user", "1000:1000", "1000:1000" },
                { "--name", "hunter2", "hunter2" },
                { "", "hunter2", "hunter2" },
        };
        struct fixture *f = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct masking k = { .searches = &f->searches, .arena = &f->arena };

                assert_text(mask_argument(&k, command_program(str_from(rows[i].program)), str_from(rows[i].option),
                                          str_from(rows[i].value)),
                            rows[i].masked);
                assert_false(k.failed);
        }
}

/* -- whole calls -- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void add_base64(struct text *t, struct str s) {
        for (size_t i = 0; i < s.n; i += 3) {
                size_t n = s.n - i < 3 ? s.n - i : 3;
                const unsigned char *p = (const unsigned char *)s.p + i;
                unsigned bits = (unsigned)p[0] << 16 | (n > 1 ? (unsigned)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);

                text_add_char(t, digits[bits >> 18]);
                text_add_char(t, digits[bits >> 12 & 63]);
                text_add_char(t, n > 1 ? digits[bits >> 6 & 63] : '=');
                text_add_char(t, n > 2 ? digits[bits & 63] : '=');
        }
}

static void add_call(struct text *t, const char *target, const char *body, const char *headers) {
        text_addf(t, "{\"User\":\"alice\",\"UserAuthNMethod\":\"TLS\",\"RequestMethod\":\"POST\",\"RequestUri\":\"%s\"",
                  target);
        if (*body) {
                text_addz(t, ",\"RequestBody\":\"");
                add_base64(t, str_from(body));
                text_add_char(t, '"');
        }
        text_addf(t, ",\"RequestHeaders\":{\"Content-Length\":\"%zu\",\"Content-Type\":\"application/json\"%s}}",
                  strlen(body), headers);
}

#define CREATE "/v1.41/containers/create"

static void masks_calls(void **state) {
        static const struct {
                const char *target, *body, *masked_target, *masked_body;
        } rows[] = {
                /* What is kept is kept byte for byte. */
                { CREATE, " {\"Image\" : \"a\",\n\"Env\":[\"A=b\",\"DB_PASSWORD=hunter2\"] }\n", NULL,
                  " {\"Image\" : \"a\",\n\"Env\":[\"A=b\",\"DB_PASSWORD=masked\"] }\n" },
                { CREATE, "{\"env\":[\"TOKEN=a b c\"]}", NULL, "{\"env\":[\"TOKEN=masked\"]}" },
                { CREATE, "{\"Labels\":{\"db.password\":\"hunter2\",\"team\":\"web\"}}", NULL,
                  "{\"Labels\":{\"db.password\":\"masked\",\"team\":\"web\"}}" },
                { CREATE, "{\"Cmd\":[\"tool\",\"--password\",\"hunter2\",\"--password\"]}", NULL,
                  "{\"Cmd\":[\"tool\",\"--password\",\"masked\",\"--password\"]}" },
                { CREATE, "{\"Healthcheck\":{\"Test\":[\"CMD\",\"mysqladmin\",\"ping\",\"-phunter2\"]}}", NULL,
                  "{\"Healthcheck\":{\"Test\":[\"CMD\",\"mysqladmin\",\"ping\",\"-pmasked\"]}}" },
                /* Wherever else it stands, but not in a path. */
                { CREATE, "{\"Env\":[\"PW=hunter2hunter\"],\"Cmd\":[\"x\",\"-Phunter2hunter\"]}", NULL,
                  "{\"Env\":[\"PW=masked\"],\"Cmd\":[\"x\",\"-Pmasked\"]}" },
                { CREATE, "{\"HostConfig\":{\"Binds\":[\"/srv/hunter2hunter:/x\"]},\"Env\":[\"PW=hunter2hunter\"]}",
                  NULL, "{\"HostConfig\":{\"Binds\":[\"/srv/hunter2hunter:/x\"]},\"Env\":[\"PW=masked\"]}" },
                { CREATE "?name=web&x=postgres://u:hunter2@db/x", "{\"Image\":\"a\"}",
                  CREATE "?name=web&x=postgres%3A%2F%2Fmasked%3Amasked%40db%2Fx", "{\"Image\":\"a\"}" },
                { "/v1.41/build?buildargs=%7B%22NPM_TOKEN%22%3A%22abc%22%7D&t=a", "",
                  "/v1.41/build?buildargs=%7B%22NPM_TOKEN%22%3A%22masked%22%7D&t=a", "" },
                { "/v1.41/images/create?fromImage=alice:hunter2@registry/app&tag=1", "",
                  "/v1.41/images/create?fromImage=masked%3Amasked%40registry%2Fapp&tag=1", "" },
                { "/v1.41/secrets/create", "{\"Name\":\"pw\",\"Data\":\"aHVudGVyMg==\"}", NULL,
                  "{\"Name\":\"pw\",\"Data\":\"bWFza2Vk\"}" },
                { "/v1.41/configs/create", "{\"Name\":\"c\",\"Data\":\"cGFzc3dvcmQ9aHVudGVyMg==\"}", NULL,
                  "{\"Name\":\"c\",\"Data\":\"cGFzc3dvcmQ9bWFza2Vk\"}" },
                { "/v1.41/swarm/join", "{\"JoinToken\":\"SWMTKN-1-abc\"}", NULL, "{\"JoinToken\":\"masked\"}" },
        };
        struct fixture *f = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text call, expected;
                struct str masked;

                arena_reset(&f->arena);
                text_init(&call);
                text_init(&expected);
                add_call(&call, rows[i].target, rows[i].body, "");
                add_call(&expected, rows[i].masked_target ? rows[i].masked_target : rows[i].target, rows[i].masked_body,
                         "");
                assert_int_equal(mask_call(f->masker, &masked, &f->arena, text_str(&call)), 0);
                assert_text(masked, expected.p);
                text_deinit(&call);
                text_deinit(&expected);
        }
}

static void leaves_out_what_only_the_caller_has(void **state) {
        struct fixture *f = *state;
        struct text call;
        struct str masked;

        text_init(&call);
        add_call(&call, CREATE, "{\"Image\":\"a\"}", ",\"X-Meta\":\"alice-s-key\",\"User-Agent\":\"Docker-Client/28\"");
        text_cut(&call, call.n - 1);
        text_addz(&call, ",\"RequestPeerCertificates\":[\"LS0tLS1CRUdJTg==\"]}");
        assert_int_equal(mask_call(f->masker, &masked, &f->arena, text_str(&call)), 0);
        assert_int_equal(str_search(masked, STR_C("alice-s-key")), masked.n);
        assert_int_equal(str_search(masked, STR_C("Certificates")), masked.n);
        assert_true(str_search(masked, STR_C("\"X-Meta\":\"masked\"")) < masked.n);
        assert_true(str_search(masked, STR_C("Docker-Client/28")) < masked.n);
        text_deinit(&call);
}

static void refuses_what_dockerd_does_not_write(void **state) {
        static const char *const calls[] = {
                "",
                "{}",
                "[]",
                "{\"RequestMethod\":\"GET\"",
                "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/info\",\"RequestUri\":\"/_ping\"}",
                "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/info\"} {}",
        };
        struct fixture *f = *state;

        for (size_t i = 0; i < ARRAY_SIZE(calls); ++i) {
                struct str masked;

                assert_int_equal(mask_call(f->masker, &masked, &f->arena, str_from(calls[i])), -EINVAL);
        }
}

/* A body that is no JSON stays none, and its secrets do not stay. */
static void masks_broken_bodies(void **state) {
        static const char *const bodies[] = {
                "{\"Env\":[\"DB_PASSWORD=hunter2hunter\"",
                "{\"Env\":[\"DB_PASSWORD=hunter2hunter",
                "password=hunter2hunter",
                "{\"Env\":[\"DB_PASSWORD=hunter2hunter\"]} {\"password\":\"hunter2hunter\"}",
                "{\"Env\":[\"DB_PASSWORD=hunter2hunter\xff\"]}",
                "{\"Env\":[\"DB_PASSWORD=hunter2hunter\\u0000\"],\"Env\":null}",
        };
        struct fixture *f = *state;

        for (size_t i = 0; i < ARRAY_SIZE(bodies); ++i) {
                struct text call, secret;
                struct str masked;

                text_init(&call);
                text_init(&secret);
                add_call(&call, CREATE, bodies[i], "");
                assert_int_equal(mask_call(f->masker, &masked, &f->arena, text_str(&call)), 0);
                for (size_t shift = 0; shift < 3; ++shift) {
                        text_reset(&secret);
                        add_base64(&secret, str_skip(STR_C("hunter2hunter"), shift));
                        assert_int_equal(str_search(masked, str_first(text_str(&secret), 12)), masked.n);
                }
                text_deinit(&secret);
                text_deinit(&call);
        }
}

/* Microseconds of this thread that a call takes whose command repeats a text up to half a megabyte. */
static int64_t time_of(struct fixture *f, const char *repeated) {
        enum { SIZE = 500000 };
        struct timespec before, after;
        struct text body, call;
        struct str masked;
        int r;

        arena_reset(&f->arena);
        text_init(&body);
        text_init(&call);
        text_addz(&body, "{\"Cmd\":[\"");
        while (body.n < SIZE)
                text_addz(&body, repeated);
        text_addz(&body, "\"]}");
        add_call(&call, CREATE, body.p, "");
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
        r = mask_call(f->masker, &masked, &f->arena, text_str(&call));
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
        assert_true(r == 0 || r == -ENOTRECOVERABLE);
        text_deinit(&body);
        text_deinit(&call);
        return (after.tv_sec - before.tv_sec) * INT64_C(1000000) + (after.tv_nsec - before.tv_nsec) / 1000;
}

/* Who sends calls chooses the texts: none may keep the thread for long, whatever it repeats. As multiples of what as
 * much plain text takes. */
static void takes_its_time_for_nothing(void **state) {
        static const char *const repeated[] = { "a=",
                                                "pw=",
                                                "pw=/",
                                                "pw={",
                                                "pw=$",
                                                "pw=${",
                                                "${",
                                                "://a:b@",
                                                "://a:b@ ",
                                                "://",
                                                "-password=",
                                                "--token aaaaaaaa ",
                                                "eyJaaaaaaaaaa.",
                                                "ghp_",
                                                "AKIAABCDEFGHIJKLMNOP ",
                                                "-----BEGIN PRIVATE KEY",
                                                "\\\"",
                                                "a1b2c3d4e5f6g7h8 ",
                                                "Authorization: Bearer " };
        struct fixture *f = *state;
        int64_t plain = time_of(f, "plain words ");

        for (size_t i = 0; i < ARRAY_SIZE(repeated); ++i) {
                int64_t took = time_of(f, repeated[i]);

                if (took > 15 * plain)
                        fail_msg("%s: %d ms, plain text %d ms", repeated[i], (int)(took / 1000), (int)(plain / 1000));
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(masks_what_is_named_a_secret),
                cmocka_unit_test(masks_what_stands_in_a_text),
                cmocka_unit_test(masks_arguments_by_their_option),
                cmocka_unit_test(masks_calls),
                cmocka_unit_test(leaves_out_what_only_the_caller_has),
                cmocka_unit_test(refuses_what_dockerd_does_not_write),
                cmocka_unit_test(masks_broken_bodies),
                cmocka_unit_test(takes_its_time_for_nothing),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
