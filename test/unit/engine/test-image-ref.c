#include "call.h"
#include "docksill/engine/image-ref.h"

static void splits_references_as_dockerd_does(void **state) {
        static const struct {
                const char *text, *registry, *name, *tag, *digest;
                bool id;
        } rows[] = {
                { "nginx", "docker.io", "docker.io/library/nginx", "", "" },
                { "nginx:1.27", "docker.io", "docker.io/library/nginx", "1.27", "" },
                { "library/nginx", "docker.io", "docker.io/library/nginx", "", "" },
                { "me/app:x", "docker.io", "docker.io/me/app", "x", "" },
                { "docker.io/nginx", "docker.io", "docker.io/library/nginx", "", "" },
                { "index.docker.io/me/app", "docker.io", "docker.io/me/app", "", "" },
                { "docker.io/me/app", "docker.io", "docker.io/me/app", "", "" },
                { "r.example/app", "r.example", "r.example/app", "", "" },
                { "r.example:5000/app", "r.example:5000", "r.example:5000/app", "", "" },
                { "r.example:5000/a/b:2@sha256:ab", "r.example:5000", "r.example:5000/a/b", "2", "sha256:ab" },
                { "localhost/app", "localhost", "localhost/app", "", "" },
                { "localhosts/app", "docker.io", "docker.io/localhosts/app", "", "" },
                { "Registry/app", "Registry", "Registry/app", "", "" },
                { "app@sha256:ab", "docker.io", "docker.io/library/app", "", "sha256:ab" },
                { "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "",
                  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "", "", true },
                /* A short id may be somebody's tag. */
                { "0123456789ab", "docker.io", "docker.io/library/0123456789ab", "", "" },
                { "0123456789aB", "docker.io", "docker.io/library/0123456789aB", "", "" },
                { "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "",
                  "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "", "", true },
                { "sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                  "",
                  "sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                  "", "", true },
                { "sha256:0123456789abcdef", "docker.io", "docker.io/library/sha256", "0123456789abcdef", "" },
                { "", "docker.io", "docker.io/library/", "", "" },
                { ":", "docker.io", "docker.io/library/", "", "" },
                { "@", "docker.io", "docker.io/library/", "", "" },
                { "/", "docker.io", "docker.io//", "", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct image_ref ref;
                struct arena a;

                arena_init(&a, 4096 * 4);
                assert_fits(&a, image_ref_parse(&ref, &a, str_from(rows[i].text)));
                assert_str(ref.registry, rows[i].registry);
                assert_str(ref.name, rows[i].name);
                assert_str(ref.tag, rows[i].tag);
                assert_str(ref.digest, rows[i].digest);
                assert_int_equal(ref.id, rows[i].id);
                arena_deinit(&a);
        }
}

static void what_is_no_digest_hides_what_stands_before_it(void **state) {
        static const struct {
                const char *text, *shown;
        } rows[] = {
                { "nginx:1", "nginx:1" },
                { "user:hunter2@r.example/app:1", "r.example/app:1" },
                { "user:hunter2@r.example:5000/app", "r.example:5000/app" },
                { "user:hunter2@localhost:5000", "localhost:5000" },
                { "a@b:c@r.example/app", "r.example/app" },
                { "app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                  "app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
                { "user:hunter2@r.example/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                  "r.example/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
                { "@", "" },
                { "", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                assert_true(str_eqz(image_ref_shown(str_from(rows[i].text)), rows[i].shown));
}

static void a_path_is_shown_without_what_stands_before_the_registry(void **state) {
#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        static const struct {
                const char *path, *shown;
        } rows[] = {
                { "/images/nginx/json", "/images/nginx/json" },
                { "/images/user:hunter2@r.example/app/push", "/images/r.example/app/push" },
                { "/images/app@" DIGEST "/json", "/images/app@" DIGEST "/json" },
                { "/images/u:hunter2@r.example/app@" DIGEST "/json", "/images/r.example/app@" DIGEST "/json" },
                { "/images/u:hunter/2@r.example/app", "/images/r.example/app" },
                { "/distribution/u:hunter2@r.example/app/json", "/distribution/r.example/app/json" },
                { "//images/u:hunter2@r.example/app/push", "//r.example/app/push" },
                { "/u:hunter2@r.example/app", "/r.example/app" },
                { "/u:hunter2@r.example", "/r.example" },
                { "/images/@", "/images/" },
                { "", "" },
        };
        static char full[64];
        struct arena a;

        (void)state;
        arena_init(&a, 1 << 16);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                assert_str(image_path_shown(&a, str_from(rows[i].path)), rows[i].shown);
        arena_deinit(&a);

        /* Where there is no room for a copy, the secret still stays away. */
        arena_init(&a, 0);
        memcpy(full, "/images/u:hunter2@r.example/app", 31);
        assert_str(image_path_shown(&a, (struct str){ full, 31 }), "r.example/app");
        arena_deinit(&a);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(splits_references_as_dockerd_does),
                cmocka_unit_test(what_is_no_digest_hides_what_stands_before_it),
                cmocka_unit_test(a_path_is_shown_without_what_stands_before_the_registry),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
