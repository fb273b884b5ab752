#include "names.h"
#include <errno.h>

/* FNV-1a. Who chooses the names can make this slow, but not slower than names.most comparisons. */
static uint64_t hash(struct str s) {
        uint64_t h = 0xcbf29ce484222325;

        for (size_t i = 0; i < s.n; ++i)
                h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3;
        return h;
}

void names_init(struct names *names, struct arena *arena, size_t most) {
        *names = (struct names){ .arena = arena, .most = most };
}

/* Where @name stands, or the free slot where it is to stand. There is always one. */
static uint32_t *slot_of(const struct names *names, struct str name) {
        size_t mask = names->n_slots - 1, at = hash(name) & mask;

        while (names->slots[at] && !str_eq(names->items[names->slots[at] - 1], name))
                at = (at + 1) & mask;
        return &names->slots[at];
}

/* Half of the slots are free. */
static int make_room(struct names *names) {
        size_t n = names->n_slots ? 2 * names->n_slots : 64;
        uint32_t *slots;

        if (2 * (names->n + 1) <= names->n_slots)
                return 0;
        slots = ARENA_ARRAY(names->arena, uint32_t, n);
        if (!slots)
                return -ENOMEM;
        names->slots = slots;
        names->n_slots = n;
        for (size_t i = 0; i < names->n; ++i)
                *slot_of(names, names->items[i]) = (uint32_t)(i + 1);
        return 0;
}

int names_take(struct names *names, struct str name, size_t *out) {
        uint32_t *slot;
        struct str *item;
        int r = make_room(names);

        if (r < 0)
                return r;
        slot = slot_of(names, name);
        if (*slot) {
                *out = *slot - 1;
                return 0;
        }
        if (names->n == names->most)
                return -ENOSPC;
        item = ARENA_PUSH(names->arena, names);
        if (!item || arena_str(names->arena, name, item) < 0)
                return -ENOMEM;
        *out = names->n - 1;
        *slot = (uint32_t)names->n;
        return 0;
}

bool names_find(const struct names *names, struct str name, size_t *out) {
        uint32_t slot = names->n_slots ? *slot_of(names, name) : 0;

        if (slot)
                *out = slot - 1;
        return slot;
}
