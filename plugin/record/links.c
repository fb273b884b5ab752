#include "links.h"

int links_init(struct links *l, const struct chain_head *after) {
        *l = (struct links){ .on = after != NULL, .last = after ? after->link : 0 };
        return after ? chain_init(&l->chain, after->digest) : 0;
}

void links_deinit(struct links *l) {
        chain_deinit(&l->chain);
}

bool links_add(struct links *l, struct lines *to, struct str line) {
        const struct str end = STR("}\n");
        struct str begin = str_first(line, line.n - end.n);
        char link[CHAIN_ROOM];
        size_t n;

        if (!l->on)
                return lines_add(to, line);
        if (!str_ends(line, end))
                return false;
        n = chain_write(link, l->last + 1, begin.n == 1);
        if (!lines_add_parts(to, begin, (struct str){ link, n }))
                return false;
        ++l->last;
        return true;
}

void links_seal(struct links *l, struct lines *lines) {
        if (l->on)
                chain_seal(&l->chain, lines->p, lines->n);
}
