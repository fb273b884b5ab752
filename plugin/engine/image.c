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

int image_read(struct facts *f, struct arena *arena, struct go_string reference) {
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
        f->image.tag = (struct fact_str){ .head.given = ref.tag.n > 0, .value = ref.tag };
        f->image.digest = (struct fact_str){ .head.given = ref.digest.n > 0, .value = ref.digest };
        f->image.pinned = (struct fact_bool){ .head.given = true, .value = ref.id || ref.digest.n > 0 };
        return ref.id ? read_id(&f->image.id, arena, ref.name) : 0;
}
