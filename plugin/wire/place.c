#include "place.h"

#include "docksill/base/text.h"

#define PLACE_MOST 200 /* bytes of a place; keys in it are attacker's text */
#define KEY_MOST   64

/* A cut never falls inside a UTF-8 sequence. */
static struct str shortened(struct str s, size_t most) {
        size_t n = most;

        if (s.n <= most)
                return s;
        while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
                --n;
        return str_first(s, n);
}

static void spell_key(struct text *t, struct str key) {
        struct str shown = shortened(key, KEY_MOST);

        text_add(t, shown);
        if (shown.n < key.n)
                text_addz(t, "…");
}

static void spell(struct text *t, const struct place *place) {
        if (place->up)
                spell(t, place->up);
        switch (place->kind) {
        case PLACE_TOP: spell_key(t, place->key); break;
        case PLACE_FIELD:
                if (t->n > 0)
                        text_add_char(t, '.');
                spell_key(t, place->key);
                break;
        case PLACE_ENTRY:
                text_add_char(t, '[');
                spell_key(t, place->key);
                text_add_char(t, ']');
                break;
        case PLACE_ELEMENT: text_addf(t, "[%zu]", place->index); break;
        }
}

struct str place_name(const struct place *place, struct arena *arena) {
        char buffer[PLACE_MOST + 1];
        struct text t;
        char *name;

        text_init_fixed(&t, buffer, sizeof(buffer));
        spell(&t, place);
        name = arena_try(arena, t.n + 1);
        return name ? (struct str){ memcpy(name, buffer, t.n + 1), t.n } : STR_C("");
}
