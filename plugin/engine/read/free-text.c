#include "free-text.h"
#include "docksill/base/text.h"
#include "facts/cell.h"
#include "unknown.h"

static void add(struct reading *in, struct origin origin, struct str text) {
        if (arena_full(in->arena))
                return;
        FACT_ADD(in->arena, &in->facts->texts,
                 (struct text_fact){ .origin = origin,
                                     .where = cell_str(origin_text(in->arena, &origin)),
                                     .text = cell_str(text) });
}

/* Room for @n texts and as many again of the fields that follow, so that a hundred thousand variables are not copied
 * for the sake of one more word. What stays unused is never touched. */
static void reserve(struct reading *in, size_t n) {
        struct facts *f = in->facts;

        if (n > f->texts.capacity - f->texts.n)
                fact_list_reserve(in->arena, &f->texts, n < SIZE_MAX / 2 ? 2 * n : n, sizeof(struct text_fact));
}

/*
 * "--password" and the like, whole and at the end of an option's name: what follows "--password-file" is no password. A
 * command line has it in one element and the password in the next, and neither shows anything alone.
 */
static bool is_secret_option(struct str text) {
        static const struct str ends[] = { STR("password"), STR("token"), STR("api-key"), STR("requirepass"),
                                           STR("masterauth") };

        if (!str_starts(text, STR_C("--")))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(ends); ++i)
                if (str_ends(text, ends[i]))
                        return true;
        return false;
}

static void add_pair(struct reading *in, struct origin origin, struct str option, struct str value) {
        struct text t;

        text_init_arena(&t, in->arena);
        text_add(&t, option);
        text_add_char(&t, ' ');
        text_add(&t, value);
        add(in, origin, text_str(&t));
}

void texts_read(struct reading *in, const char *field, const struct go_list *strings) {
        reserve(in, strings->n);
        for (size_t i = 0; i < strings->n && !arena_full(in->arena); ++i) {
                struct origin origin = { .field = field, .index = (uint32_t)i, .indexed = true };

                add(in, origin, string_item(strings, i));
                if (i > 0 && is_secret_option(string_item(strings, i - 1)))
                        add_pair(in, origin, string_item(strings, i - 1), string_item(strings, i));
        }
}

void texts_read_map(struct reading *in, const char *field, const struct go_list *map) {
        reserve(in, map->n);
        for (size_t i = 0; i < map->n; ++i) {
                const struct go_pair *pair = pair_item(map, i);

                add(in, (struct origin){ .field = field, .key = pair->key }, pair->value.value);
        }
}

void text_read(struct reading *in, const char *field, struct str text) {
        if (!str_empty(text))
                add(in, (struct origin){ .field = field }, text);
}
