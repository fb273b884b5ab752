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

/* Room for @n texts and as many again of the fields that follow, so that a hundred thousand variables are not copied
 * for the sake of one more word. What stays unused is never touched. */
static int reserve(struct facts *f, struct arena *arena, size_t n) {
        return n <= f->texts.capacity - f->texts.n
                       ? 0
                       : fact_list_reserve(arena, &f->texts, n < SIZE_MAX / 2 ? 2 * n : n, sizeof(struct text_fact));
}

int texts_read(struct facts *f, struct arena *arena, const char *field, const struct go_list *strings) {
        if (reserve(f, arena, strings->n) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < strings->n; ++i) {
                struct origin origin = { .field = field, .index = (uint32_t)i, .indexed = true };
                int r = add(f, arena, origin, string_item(strings, i));

                if (r < 0)
                        return r;
        }
        return 0;
}

int texts_read_map(struct facts *f, struct arena *arena, const char *field, const struct go_list *map) {
        if (reserve(f, arena, map->n) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < map->n; ++i) {
                const struct go_pair *pair = pair_item(map, i);
                int r = add(f, arena, (struct origin){ .field = field, .key = pair->key }, pair->value.value);

                if (r < 0)
                        return r;
        }
        return 0;
}

int text_read(struct facts *f, struct arena *arena, const char *field, struct str text) {
        return str_empty(text) ? 0 : add(f, arena, (struct origin){ .field = field }, text);
}
