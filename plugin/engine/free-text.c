#include "free-text.h"
#include "cell.h"
#include "unknown.h"
#include <errno.h>

static int add(struct facts *f, struct arena *arena, struct origin origin, struct str text) {
        struct text_fact *t = fact_list_push(arena, &f->texts, sizeof(*t));
        struct str where;
        int r;

        if (!t)
                return -ENOMEM;
        r = origin_text(arena, &origin, &where);
        if (r < 0)
                return r;
        *t = (struct text_fact){ .origin = origin, .where = cell_str(where), .text = cell_str(text) };
        return 0;
}

int texts_read(struct facts *f, struct arena *arena, const char *field, const struct go_list *strings) {
        for (size_t i = 0; i < strings->n; ++i) {
                struct origin origin = { .field = field, .index = (uint32_t)i, .indexed = true };
                int r = add(f, arena, origin, string_item(strings, i));

                if (r < 0)
                        return r;
        }
        return 0;
}

int texts_read_map(struct facts *f, struct arena *arena, const char *field, const struct go_list *map) {
        for (size_t i = 0; i < map->n; ++i) {
                const struct go_pair *pair = pair_item(map, i);
                int r = add(f, arena, (struct origin){ .field = field, .key = pair->key }, pair->value.value);

                if (r < 0)
                        return r;
        }
        return 0;
}
