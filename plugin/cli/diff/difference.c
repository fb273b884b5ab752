#include "difference.h"
#include <errno.h>

#define NAME_SHOWN 300

int passed_over_add(struct passed_over *p, struct arena *arena, struct str what, const char *why) {
        struct text t;

        if (p->n++ >= DIFFERENCE_NAMED)
                return 0;
        text_init_arena(&t, arena);
        text_add_visible(&t, what, NAME_SHOWN);
        text_addz(&t, ": ");
        text_addz(&t, why);
        p->named[p->n - 1] = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

const char *difference_noun(const struct difference *d, uint64_t n) {
        static const char *const nouns[][2] = {
                [DIFFERENCE_NOTHING] = { "call", "calls" },
                [DIFFERENCE_CALLS] = { "call", "calls" },
                [DIFFERENCE_CAPTURED] = { "captured call", "captured calls" },
                [DIFFERENCE_CONTAINERS] = { "container", "containers" },
                [DIFFERENCE_RECORDS] = { "recorded decision", "recorded decisions" },
        };

        return nouns[d->source][n != 1];
}
