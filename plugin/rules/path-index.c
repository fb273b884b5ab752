#include "path-index.h"
#include "operand.h"
#include <errno.h>

#define ACTIVE_MOST 32  /* places that one path can stand at */
#define REMEMBERED  128 /* paths */
#define PATH_LONG   240 /* bytes of one that is remembered */

struct sets {
        uint64_t bits[PATH_SETS / 64];
};

struct node {
        struct str name;         /* component; with a star: a pattern */
        struct sets ends, under; /* lists that have a pattern ending here; here or below */
        struct {
                struct node **items;
                size_t n, capacity;
        } names, stars; /* names: sorted */
};

/* What a walk found, by enum path_relation. */
struct hits {
        struct sets by[PATH_COVERS + 1];
};

struct path_index {
        struct node root;
        struct {
                const struct operand *patterns;
                size_t n;
        } lists[PATH_SETS];
        unsigned n_lists;
        struct {
                struct hits hits;
                uint16_t n; /* 0: none */
                bool told;
                char path[PATH_LONG];
        } remembered[REMEMBERED];
};

static void set_bit(struct sets *s, unsigned set) {
        s->bits[set / 64] |= UINT64_C(1) << set % 64;
}

static void join(struct sets *to, const struct sets *from) {
        for (size_t i = 0; i < ARRAY_SIZE(to->bits); ++i)
                to->bits[i] |= from->bits[i];
}

int path_index_new(struct path_index **out, struct arena *arena) {
        *out = ARENA_NEW(arena, struct path_index);
        return *out ? 0 : -ENOMEM;
}

/* -- the tree -- */

/* Where @name stands among @n sorted children, or would. */
static size_t place_of(struct node *const *items, size_t n, struct str name) {
        size_t low = 0, high = n;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (str_cmp(items[middle]->name, name) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static struct node *name_of(const struct node *node, struct str name) {
        size_t at = place_of(node->names.items, node->names.n, name);

        return at < node->names.n && str_eq(node->names.items[at]->name, name) ? node->names.items[at] : NULL;
}

static struct node *star_of(const struct node *node, struct str name) {
        for (size_t i = 0; i < node->stars.n; ++i)
                if (str_eq(node->stars.items[i]->name, name))
                        return node->stars.items[i];
        return NULL;
}

static struct node *add_child(struct node *node, struct arena *arena, struct str name, bool star) {
        struct node *child = ARENA_NEW(arena, struct node);
        size_t at = star ? 0 : place_of(node->names.items, node->names.n, name);
        struct node **slot;

        if (!child)
                return NULL;
        child->name = name;
        slot = star ? ARENA_PUSH(arena, &node->stars) : ARENA_PUSH(arena, &node->names);
        if (!slot)
                return NULL;
        if (star) {
                *slot = child;
                return child;
        }
        memmove(&node->names.items[at + 1], &node->names.items[at], (node->names.n - 1 - at) * sizeof(child));
        node->names.items[at] = child;
        return child;
}

static int add_pattern(struct path_index *index, struct arena *arena, unsigned set, struct str pattern) {
        struct str rest = str_skip(pattern, 1);
        struct node *node = &index->root;

        set_bit(&node->under, set);
        while (rest.n > 0) {
                struct str name = str_cut(&rest, '/');
                bool star = str_find(name, '*') < name.n;
                struct node *child = star ? star_of(node, name) : name_of(node, name);

                node = child ? child : add_child(node, arena, name, star);
                if (!node)
                        return -ENOMEM;
                set_bit(&node->under, set);
        }
        set_bit(&node->ends, set);
        return 0;
}

static bool is_list(const struct path_index *index, unsigned set, const struct operand *patterns, size_t n) {
        if (index->lists[set].n != n)
                return false;
        for (size_t i = 0; i < n; ++i)
                if (!str_eq(index->lists[set].patterns[i].text, patterns[i].text))
                        return false;
        return true;
}

int path_index_add(struct path_index *index, struct arena *arena, const struct operand *patterns, size_t n,
                   unsigned *set) {
        for (*set = 0; *set < index->n_lists; ++*set)
                if (is_list(index, *set, patterns, n))
                        return 0;
        if (index->n_lists == PATH_SETS)
                return -ENOSPC;
        for (size_t i = 0; i < n; ++i) {
                int r = add_pattern(index, arena, *set, patterns[i].text);

                if (r < 0)
                        return r;
        }
        index->lists[*set].patterns = patterns;
        index->lists[*set].n = n;
        ++index->n_lists;
        return 0;
}

/* -- the walk -- */

/* The places that come after @from when the next component is @name. Returns how many, or SIZE_MAX: too many. */
static size_t step(const struct node *const *from, size_t n, struct str name, const struct node **to) {
        size_t found = 0;

        for (size_t i = 0; i < n; ++i) {
                const struct node *child = name_of(from[i], name);

                if (child && found < ACTIVE_MOST)
                        to[found] = child;
                found += child != NULL;
                for (size_t k = 0; k < from[i]->stars.n; ++k) {
                        const struct node *star = from[i]->stars.items[k];

                        if (!component_matches(name, star->name))
                                continue;
                        if (found < ACTIVE_MOST)
                                to[found] = star;
                        ++found;
                }
        }
        return found <= ACTIVE_MOST ? found : SIZE_MAX;
}

static bool walk(const struct path_index *index, struct str path, struct hits *hits) {
        const struct node *active[2][ACTIVE_MOST] = { { &index->root } };
        struct str rest = str_skip(path, 1);
        unsigned now = 0;
        size_t n = 1;

        *hits = (struct hits){ 0 };
        if (path.p[0] != '/' || !path_is_clean(path))
                return false;
        while (rest.n > 0 && n > 0) {
                for (size_t i = 0; i < n; ++i)
                        join(&hits->by[PATH_BELOW], &active[now][i]->ends);
                n = step(active[now], n, str_cut(&rest, '/'), active[!now]);
                if (n == SIZE_MAX)
                        return false;
                now = !now;
        }
        for (size_t i = 0; i < n; ++i) {
                join(&hits->by[PATH_EQUAL], &active[now][i]->ends);
                join(&hits->by[PATH_COVERS], &active[now][i]->under);
        }
        hits->by[PATH_WITHIN] = hits->by[PATH_BELOW];
        join(&hits->by[PATH_WITHIN], &hits->by[PATH_EQUAL]);
        return true;
}

/* By length and end, where paths of one request differ. @path is not empty. */
static size_t slot_of(struct str path) {
        uint64_t end = 0;

        memcpy(&end, path.p + (path.n > 8 ? path.n - 8 : 0), path.n > 8 ? 8 : path.n);
        return (end * UINT64_C(0x9e3779b97f4a7c15) >> 32 ^ path.n) % REMEMBERED;
}

bool path_index_holds(struct path_index *index, unsigned set, struct str path, enum path_relation relation,
                      bool *holds) {
        const struct sets *found;
        struct hits hits;
        size_t slot;

        if (str_empty(path))
                return false;
        slot = slot_of(path);
        if (path.n > PATH_LONG) {
                if (!walk(index, path, &hits))
                        return false;
                found = &hits.by[relation];
        } else {
                if (index->remembered[slot].n != path.n || memcmp(index->remembered[slot].path, path.p, path.n) != 0) {
                        index->remembered[slot].told = walk(index, path, &index->remembered[slot].hits);
                        index->remembered[slot].n = (uint16_t)path.n;
                        memcpy(index->remembered[slot].path, path.p, path.n);
                }
                if (!index->remembered[slot].told)
                        return false;
                found = &index->remembered[slot].hits.by[relation];
        }
        *holds = found->bits[set / 64] >> set % 64 & 1;
        return true;
}
