#include "call.h"
#include "docksill/base/cleanup.h"
#include "read/image.h"
#include <errno.h>

#define HEX "b4defc7ca9c287cf157302ae65abf6900c52cbccace54d47779b7c2e389a15d8"

static void read_image(struct facts *f, struct arena *arena, const char *reference) {
        facts_init(f);
        image_read(READING(f, arena), "Image", (struct go_string){ .value = str_from(reference), .given = true });
}

static const struct image_fact *image_of(const struct facts *f, size_t i) {
        assert_true(i < f->images.n);
        return (const struct image_fact *)f->images.items + i;
}

static void a_reference_is_one_image_in_both_places(void **state) {
        static const struct {
                const char *reference, *name, *registry, *tag, *digest, *id;
                bool pinned;
        } rows[] = {
                { "nginx", "docker.io/library/nginx", "docker.io", "", "", "", false },
                { "nginx:1", "docker.io/library/nginx", "docker.io", "1", "", "", false },
                { "r.example:5000/a/b:1", "r.example:5000/a/b", "r.example:5000", "1", "", "", false },
                { "a@sha256:" HEX, "docker.io/library/a", "docker.io", "", "sha256:" HEX, "", true },
                { "a:1@sha256:" HEX, "docker.io/library/a", "docker.io", "1", "sha256:" HEX, "", true },
                /* an id names no registry, with or without its algorithm */
                { "sha256:" HEX, "sha256:" HEX, "", "", "", "sha256:" HEX, true },
                { HEX, HEX, "", "", "", "sha256:" HEX, true },
                { "b4defc", "docker.io/library/b4defc", "docker.io", "", "", "", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct image_fact *image;
                struct arena arena;
                struct facts f;

                arena_init(&arena, 1 << 16);
                assert_fits(&arena, read_image(&f, &arena, rows[i].reference));
                assert_int_equal(f.images.n, 1);
                image = image_of(&f, 0);
                assert_str(f.image.reference.value, rows[i].reference);
                assert_str(f.image.name.value, rows[i].name);
                assert_str(f.image.registry.value, rows[i].registry);
                assert_str(f.image.tag.value, rows[i].tag);
                assert_str(f.image.digest.value, rows[i].digest);
                assert_str(f.image.id.value, rows[i].id);
                assert_int_equal(f.image.pinned.value, rows[i].pinned);
                assert_int_equal(f.image.tag.head.given, *rows[i].tag != 0);
                assert_int_equal(f.image.digest.head.given, *rows[i].digest != 0);
                assert_str(image->via.value, "image");
                assert_str(image->reference.value, rows[i].reference);
                assert_str(image->name.value, rows[i].name);
                assert_str(image->registry.value, rows[i].registry);
                assert_str(image->tag.value, rows[i].tag);
                assert_str(image->digest.value, rows[i].digest);
                assert_int_equal(image->pinned.value, rows[i].pinned);
                assert_string_equal(image->origin.field, "Image");
                arena_deinit(&arena);
        }
}

/* People have put user and password before a registry. */
static void what_must_not_be_shown_is_nowhere(void **state) {
        const struct origin origin = { .field = "?t=" };
        const struct image_name_fact *name;
        struct arena arena;
        struct facts f;

        (void)state;
        arena_init(&arena, 1 << 16);
        assert_fits(&arena, read_image(&f, &arena, "user:secret@r.example/a:1"));
        assert_str(f.image.reference.value, "r.example/a:1");
        assert_str(image_of(&f, 0)->reference.value, "r.example/a:1");
        assert_fits(&arena, image_mounted(READING(&f, &arena), origin, STR_C("user:secret@r.example/b")));
        assert_str(image_of(&f, 1)->reference.value, "r.example/b");
        assert_fits(&arena,
                    image_named(READING(&f, &arena), origin, STR_C("user:secret@r.example/c"), (struct fact_str){ 0 }));
        name = f.image_names.items;
        assert_str(name->reference.value, "r.example/c");
        arena_deinit(&arena);
}

static void nothing_named_is_no_image(void **state) {
        static const char *const references[] = { "", "user:secret@" };
        struct arena none;
        struct facts f;

        (void)state;
        arena_init(&none, 1);
        for (size_t i = 0; i < ARRAY_SIZE(references); ++i) {
                const struct str reference = str_from(references[i]);

                assert_fits(&none, read_image(&f, &none, references[i]));
                assert_fits(&none, image_mounted(READING(&f, &none), (struct origin){ 0 }, reference));
                assert_fits(&none,
                            image_named(READING(&f, &none), (struct origin){ 0 }, reference, (struct fact_str){ 0 }));
                assert_int_equal(f.images.n + f.image_names.n, 0);
                assert_false(f.image.reference.head.given);
                assert_str(f.image.registry.value, "docker.io");
        }
}

/* The image that a container runs is another than those it mounts. */
static void what_is_mounted_is_not_what_runs(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_create(
                &c, "{\"Image\":\"a:1\",\"HostConfig\":{\"Mounts\":[{\"Type\":\"image\",\"Source\":\"b@sha256:" HEX
                    "\",\"Target\":"
                    "\"/b\"},{\"Type\":\"image\",\"Target\":\"/c\"},{\"Type\":\"image\",\"Source\":\"r.example/"
                    "d\",\"Target\":\"/d\"}]}}");

        (void)state;
        assert_str(f->image.name.value, "docker.io/library/a");
        assert_int_equal(f->images.n, 3);
        for (size_t i = 0; i < 3; ++i) {
                const struct image_fact *image = image_of(f, i);

                if (str_eqz(image->name.value, "docker.io/library/a")) {
                        assert_str(image->via.value, "image");
                        continue;
                }
                assert_str(image->via.value, "mount");
                assert_string_equal(image->origin.field, "HostConfig.Mounts");
                assert_int_equal(image->origin.index, str_eqz(image->name.value, "r.example/d") ? 2 : 0);
                assert_int_equal(image->pinned.value, !str_eqz(image->name.value, "r.example/d"));
        }
}

static void each_door_brings_an_image_in(void **state) {
        static const struct {
                struct wire wire;
                const char *images;
        } rows[] = {
                { { "POST", "/v1.41/containers/create", "{\"image\":\"a\"}" }, "image docker.io/library/a at Image" },
                { { "POST", "/v1.41/containers/create", "{}" }, "" },
                { { "POST", "/v1.41/services/create", "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"a\"}}}" },
                  "image docker.io/library/a at TaskTemplate.ContainerSpec.Image" },
                { { "POST", "/v1.41/services/x/update?version=1",
                    "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"a\"}}}" },
                  "image docker.io/library/a at TaskTemplate.ContainerSpec.Image" },
                { { "POST", "/v1.41/services/create",
                    "{\"TaskTemplate\":{\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"IMAGE\",\"Source\":\"b\",\"Target\":"
                    "\"/b\"}]}}}" },
                  "mount docker.io/library/b at TaskTemplate.ContainerSpec.Mounts[0]" },
                { { "POST", "/v1.41/images/create?fromImage=a&tag=2", NULL, "\"Content-Length\":\"0\"" },
                  "image docker.io/library/a at ?fromImage=" },
                { { "POST", "/v1.41/images/r.example/a/push", NULL, "\"Content-Length\":\"0\"" },
                  "image r.example/a at RequestUri" },
                { { "GET", "/v1.41/distribution/r.example/a/json", NULL, "" }, "image r.example/a at RequestUri" },
                { { "GET", "/v1.41/images/search?term=r.example/a", NULL, "" }, "image r.example/a at ?term=" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct fact_list *images = &c.request.facts.images;
                struct text t;

                call_read(&c, rows[i].wire);
                assert_false(flaws_any(&c.request.flaws));
                text_init_arena(&t, &c.arena);
                text_addz(&t, "");
                for (size_t k = 0; k < images->n; ++k) {
                        const struct image_fact *image = image_of(&c.request.facts, k);

                        text_add(&t, image->via.value);
                        text_addf(&t, " %" STR_FMT " at ", STR_ARG(image->name.value));
                        origin_add(&t, &image->origin);
                }
                assert_str(text_str(&t), rows[i].images);
        }
}

/* A name that is trusted is no less trusted once another image bears it. */
static void each_door_that_gives_a_name_is_read(void **state) {
        static const struct {
                const char *uri;
                const char *names; /* name from source, … */
        } rows[] = {
                { "/v1.41/images/a:1/tag?repo=nginx&tag=1", "docker.io/library/nginx from docker.io/library/a" },
                { "/v1.41/images/a:1/tag?repo=r.example/x:2", "r.example/x from docker.io/library/a" },
                { "/v1.41/images/a:1/tag", "" },
                { "/v1.41/images/create?fromSrc=-&repo=nginx", "docker.io/library/nginx from " },
                { "/v1.41/images/create?fromSrc=-", "" },
                { "/v1.41/images/create?fromImage=a&repo=nginx", "" }, /* is not looked at then */
                { "/v1.41/build?t=nginx&t=r.example/x:1&t=", "docker.io/library/nginx from , r.example/x from " },
                { "/v1.41/build?T=nginx", "" },
                { "/v1.41/commit?container=c&repo=nginx", "docker.io/library/nginx from " },
                { "/v1.41/commit?container=c", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct fact_list *names = &c.request.facts.image_names;
                struct text t;

                call_read(&c, (struct wire){ "POST", rows[i].uri, NULL, "\"Content-Length\":\"0\"" });
                if (flaws_any(&c.request.flaws))
                        fail_msg("%s: %s", rows[i].uri, flaw_name(c.request.flaws.notes[0].flaw).p);
                text_init_arena(&t, &c.arena);
                text_addz(&t, "");
                for (size_t k = 0; k < names->n; ++k) {
                        const struct image_name_fact *name = (const struct image_name_fact *)names->items + k;

                        text_addf(&t, "%s%" STR_FMT " from %" STR_FMT, k ? ", " : "", STR_ARG(name->name.value),
                                  STR_ARG(name->source.value));
                }
                assert_str(text_str(&t), rows[i].names);
                assert_true(!*rows[i].names || request_yields(&c.request) & GROUP_NAMES);
        }
}

static void what_there_is_no_memory_for_is_refused(void **state) {
        static const char *const references[] = { "nginx", "r.example/a:1", HEX, "a@sha256:" HEX };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(references); ++i) {
                bool fits = false;

                for (size_t limit = 0; !fits; ++limit) {
                        struct arena arena;
                        struct facts f;

                        arena_init(&arena, limit);
                        arena_latch(&arena);
                        read_image(&f, &arena, references[i]);
                        image_mounted(READING(&f, &arena), (struct origin){ 0 }, str_from(references[i]));
                        image_named(READING(&f, &arena), (struct origin){ 0 }, str_from(references[i]),
                                    (struct fact_str){ 0 });
                        fits = !arena_unlatch(&arena);
                        if (fits)
                                assert_int_equal(f.images.n + f.image_names.n, 3);
                        arena_deinit(&arena);
                        assert_true(limit < 1 << 16);
                }
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_reference_is_one_image_in_both_places),
                cmocka_unit_test(what_must_not_be_shown_is_nowhere),
                cmocka_unit_test(nothing_named_is_no_image),
                cmocka_unit_test(what_is_mounted_is_not_what_runs),
                cmocka_unit_test(each_door_brings_an_image_in),
                cmocka_unit_test(each_door_that_gives_a_name_is_read),
                cmocka_unit_test(what_there_is_no_memory_for_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
