#include "free-text.h"
#include "cell.h"
#include "docksill/base/text.h"
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

/*
 * "--password" and the like, whole and at the end of an option's name: what follows "--password-file" is no password. A
 * command line has it in one element and the password in the next, and neither shows anything alone.
 */
static bool is_secret_option(struct str text) {
        static const struct str ends[] = { STR("password"), STR("token"), STR("api-key") };

        if (!str_starts(text, STR_C("--")))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(ends); ++i)
                if (str_ends(text, ends[i]))
                        return true;
        return false;
}

static int add_pair(struct facts *f, struct arena *arena, struct origin origin, struct str option, struct str value) {
        struct text t;

        text_init_arena(&t, arena);
        text_add(&t, option);
        text_add_char(&t, ' ');
        text_add(&t, value);
        return t.failed ? -ENOMEM : add(f, arena, origin, text_str(&t));
}

int texts_read(struct facts *f, struct arena *arena, const char *field, const struct go_list *strings) {
        if (reserve(f, arena, strings->n) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < strings->n; ++i) {
                struct origin origin = { .field = field, .index = (uint32_t)i, .indexed = true };
                int r = add(f, arena, origin, string_item(strings, i));

                if (r == 0 && i > 0 && is_secret_option(string_item(strings, i - 1)))
                        r = add_pair(f, arena, origin, string_item(strings, i - 1), string_item(strings, i));
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
