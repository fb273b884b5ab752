#pragma once
/*
 * list: a doubly linked list whose links stand in what it holds.
 *
 *         struct peer { struct list_link link; … };
 *         LIST_FOREACH (link, &peers)
 *                 shut(LIST_ENTRY(link, struct peer, link));
 *
 * It allocates nothing and owns nothing. Zeroed: empty. What is in one list by a link may be in another by a second
 * link, and may not move.
 */
#include <stdbool.h>
#include <stddef.h>

struct list_link {
        struct list_link *previous, *next;
};

struct list {
        struct list_link *first, *last;
};

/* What @link, which is not NULL, stands in. */
#define LIST_ENTRY(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* From the first; the one at hand may not be removed. */
#define LIST_FOREACH(at, list) for (struct list_link *at = (list)->first; at; at = at->next)

static inline bool list_empty(const struct list *l) {
        return !l->first;
}

/* Before @next; NULL: at the end. @link is in no list by now. */
static inline void list_insert(struct list *l, struct list_link *link, struct list_link *next) {
        link->next = next;
        link->previous = next ? next->previous : l->last;
        *(link->previous ? &link->previous->next : &l->first) = link;
        *(next ? &next->previous : &l->last) = link;
}

static inline void list_append(struct list *l, struct list_link *link) {
        list_insert(l, link, NULL);
}

static inline void list_prepend(struct list *l, struct list_link *link) {
        list_insert(l, link, l->first);
}

/* @link is in @l. */
static inline void list_remove(struct list *l, struct list_link *link) {
        *(link->previous ? &link->previous->next : &l->first) = link->next;
        *(link->next ? &link->next->previous : &l->last) = link->previous;
        *link = (struct list_link){ NULL, NULL };
}
