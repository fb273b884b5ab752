#pragma once
/*
 * arena: memory that is freed all at once, with a limit.
 *
 * One arena per request, one per rule set. Nothing in it is freed alone. The limit bounds what an attacker can make us
 * allocate; at the limit every allocation fails (NULL) until the arena is reset.
 *
 * Between arena_latch() and arena_unlatch() the first refusal is kept, and all that follows is refused too: whoever
 * reads much can leave the look to the end. What was read until then is not whole, and must not be used.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

struct arena_block;

struct arena {
        struct arena_block *blocks; /* the newest first */
        char *at, *end;             /* the free part of the newest block */
        size_t used, limit;         /* bytes taken from malloc(), and how many may be */
        bool latching, full;
};

/* Allocates nothing yet. @limit is in bytes. */
void arena_init(struct arena *a, size_t limit);

/* Frees everything; the arena can be used again. */
void arena_deinit(struct arena *a);

/* As new, but keeps one small block for the next user, so that a busy server does not go to malloc() for it. */
void arena_reset(struct arena *a);

/* From now on one refusal refuses all that follows. */
void arena_latch(struct arena *a);

/* No longer. Was anything refused? */
must_check_ bool arena_unlatch(struct arena *a);

/* Has anything been refused since arena_latch()? For a loop over what an attacker sent, which need not go on then. */
static inline bool arena_full(const struct arena *a) {
        return a->full;
}

/* Refuses what is too much for us, as if there were no memory for it. Without arena_latch() it does nothing. */
static inline void arena_refuse(struct arena *a) {
        a->full = a->latching;
}

/**
 * arena_alloc() - @size zeroed bytes, aligned for any type
 *
 * Returns NULL at the limit or when the machine has no memory; a @size of 0 yields a valid pointer.
 */
must_check_ void *arena_alloc(struct arena *a, size_t size);

/* Zeroed array; NULL also when count * size overflows. */
must_check_ void *arena_array(struct arena *a, size_t count, size_t size);

/* Unaligned, not zeroed: for text. */
must_check_ char *arena_bytes(struct arena *a, size_t size);

/* As arena_bytes(), for who can do without: a refusal is not kept, and one that was kept does not matter. */
must_check_ char *arena_try(struct arena *a, size_t size);

/* Makes what was allocated last, @old bytes at @p, @size bytes long where it stands (the new part is not zeroed). False
 * when it was not the last or there is no room: it is left as it was. */
must_check_ bool arena_extend(struct arena *a, const void *p, size_t old, size_t size);

/**
 * arena_grow() - room for one more in an array that grows
 * @items:    the array, in this arena; NULL when @count is 0
 * @count:    how many it holds
 * @capacity: how many it has room for; updated
 * @size:     bytes of one
 *
 * Returns the array (moved, perhaps) with room for at least @count + 1, the new part zeroed, or NULL as arena_alloc().
 */
must_check_ void *arena_grow(struct arena *a, void *items, size_t count, size_t *capacity, size_t size);

/* As arena_grow(), for @more items at once, and the new part is not zeroed. */
must_check_ void *arena_reserve(struct arena *a, void *items, size_t count, size_t *capacity, size_t more, size_t size);

/* A copy of @s; out->p is NUL-terminated behind out->n. Returns 0 or -ENOMEM. */
must_check_ int arena_str(struct arena *a, struct str s, struct str *out);

/* @first and @second in one, not terminated; p == NULL without memory. */
must_check_ struct str arena_join(struct arena *a, struct str first, struct str second);

#define ARENA_NEW(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_array((a), (count), sizeof(type)))

/* One item appended to a growing array member triple: items, n, capacity. NULL at the limit. */
#define ARENA_PUSH(a, list)                                                                                            \
        __extension__({                                                                                                \
                __typeof__(&(list)->items[0]) grown_ =                                                                 \
                        arena_grow((a), (list)->items, (list)->n, &(list)->capacity, sizeof((list)->items[0]));        \
                __typeof__(grown_) slot_ = NULL;                                                                       \
                if (grown_) {                                                                                          \
                        (list)->items = grown_;                                                                        \
                        slot_ = &grown_[(list)->n++];                                                                  \
                }                                                                                                      \
                slot_;                                                                                                 \
        })

/* The same for an item as it stands. Without room it is left out, as arena_latch() remembers. */
#define ARENA_ADD(a, list, ...)                                                                                        \
        do {                                                                                                           \
                __typeof__(&(list)->items[0]) added_ = ARENA_PUSH(a, list);                                            \
                if (added_)                                                                                            \
                        *added_ = (__VA_ARGS__);                                                                       \
        } while (false)
