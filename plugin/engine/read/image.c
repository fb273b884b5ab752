#include "image.h"
#include "docksill/engine/image-ref.h"
#include "facts/cell.h"

/* One spelling for an id: dockerd takes it with and without its algorithm. */
static struct fact_str read_id(struct arena *arena, struct str id) {
        return cell_str(str_find(id, ':') < id.n ? id : arena_join(arena, STR_C("sha256:"), id));
}

static struct fact_str optional(struct str text) {
        return (struct fact_str){ .head.given = text.n > 0, .value = text };
}

static void push(struct fact_list *out, struct arena *arena, struct origin origin, struct str reference,
                 const struct image_ref *ref) {
        FACT_ADD(arena, out,
                 (struct image_fact){
                         .origin = origin,
                         .via = cell_word(WORD_IMAGE),
                         .reference = cell_str(reference),
                         .name = cell_str(ref->name),
                         .registry = cell_str(ref->registry),
                         .tag = optional(ref->tag),
                         .digest = optional(ref->digest),
                         .pinned = { .head.given = true, .value = ref->id || ref->digest.n > 0 },
                 });
}

void image_read(struct reading *in, const char *field, struct go_string reference) {
        struct facts *f = in->facts;
        struct image_ref ref;

        reference.value = image_ref_shown(reference.value);
        if (str_empty(reference.value))
                return;
        image_ref_parse(&ref, in->arena, reference.value);
        f->image.reference = cell_string(reference);
        f->image.name = cell_str(ref.name);
        f->image.registry = cell_str(ref.registry);
        f->image.tag = optional(ref.tag);
        f->image.digest = optional(ref.digest);
        f->image.pinned = (struct fact_bool){ .head.given = true, .value = ref.id || ref.digest.n > 0 };
        push(&f->images, in->arena, (struct origin){ .field = field }, reference.value, &ref);
        if (ref.id)
                f->image.id = read_id(in->arena, ref.name);
}

void image_listed(struct fact_list *out, struct arena *arena, struct origin origin, struct str reference) {
        struct image_ref ref;

        reference = image_ref_shown(reference);
        if (str_empty(reference))
                return;
        image_ref_parse(&ref, arena, reference);
        push(out, arena, origin, reference, &ref);
}

void image_mounted(struct reading *in, struct origin origin, struct str reference) {
        struct facts *f = in->facts;
        size_t n = f->images.n;

        image_listed(&f->images, in->arena, origin, reference);
        if (f->images.n > n)
                ((struct image_fact *)f->images.items + n)->via = cell_word(WORD_MOUNT);
}

void image_named(struct reading *in, struct origin origin, struct str reference, struct fact_str source) {
        struct image_ref ref;

        reference = image_ref_shown(reference);
        if (str_empty(reference))
                return;
        image_ref_parse(&ref, in->arena, reference);
        FACT_ADD(in->arena, &in->facts->image_names,
                 (struct image_name_fact){ origin, cell_str(reference), cell_str(ref.name), source });
}
