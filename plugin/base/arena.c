/*
 * Blocks from malloc() in a list, the newest first, with the free part of one of them at hand. Blocks double in size up
 * to a bound, so that a small request touches one block and a large one few. An allocation too large for an ordinary
 * block gets one of its own, behind the current one, whose free part stays in use.
 */
#include "docksill/base/arena.h"

#include <assert.h>
#include <errno.h>

#define BLOCK_FIRST ((size_t)8 << 10)
#define BLOCK_MOST  ((size_t)256 << 10)
#define BLOCK_KEPT  ((size_t)64 << 10) /* what an idle connection may hold on to */
#define ALIGNMENT   _Alignof(max_align_t)

struct arena_block {
        struct arena_block *next;
        size_t size; /* of the whole, with this head */
        max_align_t data[];
};

void arena_init(struct arena *a, size_t limit) {
        *a = (struct arena){ .limit = limit };
}

void arena_deinit(struct arena *a) {
        struct arena_block *next;

        for (struct arena_block *b = a->blocks; b; b = next) {
                next = b->next;
                free(b);
        }
        arena_init(a, a->limit);
}

static void use_block(struct arena *a, struct arena_block *b) {
        b->next = a->blocks;
        a->blocks = b;
        a->at = (char *)b->data;
        a->end = (char *)b + b->size;
}

void arena_reset(struct arena *a) {
        struct arena_block *kept = NULL, **link = &a->blocks;

        for (struct arena_block *b = *link; b; link = &b->next, b = *link)
                if (b->size <= BLOCK_KEPT) {
                        kept = b;
                        *link = b->next;
                        break;
                }
        arena_deinit(a);
        if (kept) {
                use_block(a, kept);
                a->used = kept->size;
        }
}

void arena_latch(struct arena *a) {
        a->latching = true;
        a->full = false;
}

bool arena_unlatch(struct arena *a) {
        bool full = a->full;

        a->latching = a->full = false;
        return full;
}

/* A new block with room for @need bytes; NULL at the limit. An ordinary block shrinks to what the limit leaves. */
static struct arena_block *new_block(struct arena *a, size_t need) {
        size_t head = sizeof(struct arena_block), left = a->limit - a->used, size = BLOCK_FIRST;
        struct arena_block *b;

        if (need > SIZE_MAX / 2 || left < head || left - head < need)
                return NULL;
        if (a->blocks && a->blocks->size < BLOCK_MOST)
                size = a->blocks->size * 2;
        else if (a->blocks)
                size = BLOCK_MOST;
        if (size > left)
                size = left;
        if (size < head + need)
                size = head + need;

        b = malloc(size);
        if (!b)
                return NULL;
        b->next = NULL;
        b->size = size;
        a->used += size;
        return b;
}

static void *find_room(struct arena *a, size_t size, size_t alignment) {
        size_t pad = a->at ? -(uintptr_t)a->at & (alignment - 1) : 0;
        struct arena_block *b;
        char *p;

        assert(a->used <= a->limit);
        if (a->at && (size_t)(a->end - a->at) >= pad && (size_t)(a->end - a->at) - pad >= size) {
                p = a->at + pad;
                a->at = p + size;
                return p;
        }

        b = new_block(a, size);
        if (!b)
                return NULL;
        if (a->blocks && size > BLOCK_MOST / 4) {
                b->next = a->blocks->next;
                a->blocks->next = b;
                return b->data;
        }
        use_block(a, b);
        a->at += size;
        return b->data;
}

static void *take(struct arena *a, size_t size, size_t alignment) {
        void *p = a->full ? NULL : find_room(a, size, alignment);

        if (!p)
                arena_refuse(a);
        return p;
}

void *arena_alloc(struct arena *a, size_t size) {
        void *p = take(a, size, ALIGNMENT);

        return p ? memset(p, 0, size) : NULL;
}

void *arena_array(struct arena *a, size_t count, size_t size) {
        size_t total;

        if (__builtin_mul_overflow(count, size, &total))
                total = SIZE_MAX;
        return arena_alloc(a, total);
}

char *arena_bytes(struct arena *a, size_t size) {
        return take(a, size, 1);
}

char *arena_try(struct arena *a, size_t size) {
        return find_room(a, size, 1);
}

bool arena_extend(struct arena *a, const void *p, size_t old, size_t size) {
        if (!p || a->full || (const char *)p + old != a->at || size < old || size - old > (size_t)(a->end - a->at))
                return false;
        a->at += size - old;
        return true;
}

void *arena_reserve(struct arena *a, void *items, size_t count, size_t *capacity, size_t more, size_t size) {
        size_t wanted, total;
        char *grown;

        assert(count <= *capacity);
        if (more <= *capacity - count)
                return items;
        if (__builtin_add_overflow(count, more, &wanted) || __builtin_mul_overflow(wanted, size, &total))
                total = SIZE_MAX;

        if (arena_extend(a, items, *capacity * size, total)) {
                grown = items;
        } else {
                grown = take(a, total, ALIGNMENT);
                if (!grown)
                        return NULL;
                if (count)
                        memcpy(grown, items, count * size);
        }
        *capacity = wanted;
        return grown;
}

void *arena_grow(struct arena *a, void *items, size_t count, size_t *capacity, size_t size) {
        char *grown;

        assert(count <= *capacity);
        if (count < *capacity)
                return items;
        grown = arena_reserve(a, items, count, capacity, count ? count : 4, size);
        if (grown)
                memset(grown + count * size, 0, (*capacity - count) * size);
        return grown;
}

int arena_str(struct arena *a, struct str s, struct str *out) {
        char *p;

        p = arena_bytes(a, s.n < SIZE_MAX ? s.n + 1 : SIZE_MAX);
        if (!p)
                return -ENOMEM;
        if (s.n)
                memcpy(p, s.p, s.n);
        p[s.n] = '\0';
        *out = (struct str){ p, s.n };
        return 0;
}

struct str arena_join(struct arena *a, struct str first, struct str second) {
        size_t n = first.n <= SIZE_MAX - second.n ? first.n + second.n : SIZE_MAX;
        char *p = arena_bytes(a, n);

        if (!p)
                return (struct str){ 0 };
        if (first.n)
                memcpy(p, first.p, first.n);
        if (second.n)
                memcpy(p + first.n, second.p, second.n);
        return (struct str){ p, n };
}
