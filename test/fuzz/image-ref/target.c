/*
 * The input is an image reference.
 */
#include "docksill/base/text.h"
#include "docksill/engine/image-ref.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(const struct image_ref *ref) {
        assert(str_starts(ref->name, ref->registry));
        assert(ref->name.n > ref->registry.n && ref->name.p[ref->registry.n] == '/');
        assert(str_find(ref->registry, '/') == ref->registry.n);
}

/* A reference that is spelt in full means what it was made of. */
static void check_again(struct arena *arena, const struct image_ref *ref) {
        struct image_ref again;
        struct text t;

        text_init_arena(&t, arena);
        text_add(&t, ref->name);
        if (ref->tag.p) {
                text_add_char(&t, ':');
                text_add(&t, ref->tag);
        }
        if (ref->digest.p) {
                text_add_char(&t, '@');
                text_add(&t, ref->digest);
        }
        arena_latch(arena);
        image_ref_parse(&again, arena, text_str(&t));
        if (arena_unlatch(arena) || t.failed)
                return;
        assert(!again.id);
        assert(str_eq(again.name, ref->name) && str_eq(again.registry, ref->registry));
        assert(str_eq(again.tag, ref->tag) && str_eq(again.digest, ref->digest));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct str text = { (const char *)data, size };
        struct image_ref ref;
        struct arena arena;

        arena_init(&arena, (size_t)4 << 20);
        arena_latch(&arena);
        image_ref_parse(&ref, &arena, text);
        if (!arena_unlatch(&arena)) {
                if (ref.id) {
                        assert(str_eq(ref.name, text) && str_empty(ref.registry) && str_empty(ref.tag));
                } else {
                        check_name(&ref);
                        check_again(&arena, &ref);
                }
        }
        arena_deinit(&arena);
        return 0;
}
