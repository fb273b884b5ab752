#include "image.h"
#include "cell.h"
#include "docksill/engine/image-ref.h"
#include <errno.h>

/* One spelling for an id: dockerd takes it with and without its algorithm. */
static int read_id(struct fact_str *out, struct arena *arena, struct str id) {
        static const struct str algorithm = STR("sha256:");
        char *p;

        if (str_find(id, ':') < id.n) {
                *out = cell_str(id);
                return 0;
        }
        p = arena_bytes(arena, algorithm.n + id.n);
        if (!p)
                return -ENOMEM;
        memcpy(p, algorithm.p, algorithm.n);
        memcpy(p + algorithm.n, id.p, id.n);
        *out = cell_str((struct str){ p, algorithm.n + id.n });
        return 0;
}

static struct fact_str optional(struct str text) {
        return (struct fact_str){ .head.given = text.n > 0, .value = text };
}

static int push(struct fact_list *out, struct arena *arena, struct origin origin, struct str reference,
                const struct image_ref *ref) {
        struct image_fact *i = fact_list_push(arena, out, sizeof(*i));

        if (!i)
                return -ENOMEM;
        *i = (struct image_fact){
                .origin = origin,
                .via = cell_str(STR_C("image")),
                .reference = cell_str(reference),
                .name = cell_str(ref->name),
                .registry = cell_str(ref->registry),
                .tag = optional(ref->tag),
                .digest = optional(ref->digest),
                .pinned = { .head.given = true, .value = ref->id || ref->digest.n > 0 },
        };
        return 0;
}

int image_read(struct facts *f, struct arena *arena, const char *field, struct go_string reference) {
        struct image_ref ref;
        int r;

        reference.value = image_ref_shown(reference.value);
        if (str_empty(reference.value))
                return 0;
        r = image_ref_parse(&ref, arena, reference.value);
        if (r < 0)
                return r;
        f->image.reference = cell_string(reference);
        f->image.name = cell_str(ref.name);
        f->image.registry = cell_str(ref.registry);
        f->image.tag = optional(ref.tag);
        f->image.digest = optional(ref.digest);
        f->image.pinned = (struct fact_bool){ .head.given = true, .value = ref.id || ref.digest.n > 0 };
        r = push(&f->images, arena, (struct origin){ .field = field }, reference.value, &ref);
        return r < 0 || !ref.id ? r : read_id(&f->image.id, arena, ref.name);
}

int image_listed(struct fact_list *out, struct arena *arena, struct origin origin, struct str reference) {
        struct image_ref ref;
        int r;

        reference = image_ref_shown(reference);
        if (str_empty(reference))
                return 0;
        r = image_ref_parse(&ref, arena, reference);
        return r < 0 ? r : push(out, arena, origin, reference, &ref);
}

int image_mounted(struct facts *f, struct arena *arena, struct origin origin, struct str reference) {
        size_t n = f->images.n;
        int r = image_listed(&f->images, arena, origin, reference);

        if (r == 0 && f->images.n > n)
                ((struct image_fact *)f->images.items + n)->via.value = STR_C("mount");
        return r;
}

int image_named(struct facts *f, struct arena *arena, struct origin origin, struct str reference,
                struct fact_str source) {
        struct image_name_fact *n;
        struct image_ref ref;
        int r;

        reference = image_ref_shown(reference);
        if (str_empty(reference))
                return 0;
        r = image_ref_parse(&ref, arena, reference);
        if (r < 0)
                return r;
        n = fact_list_push(arena, &f->image_names, sizeof(*n));
        if (!n)
                return -ENOMEM;
        *n = (struct image_name_fact){ origin, cell_str(reference), cell_str(ref.name), source };
        return 0;
}
