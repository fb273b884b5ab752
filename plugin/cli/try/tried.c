#include "tried.h"
#include <errno.h>

const struct attempt *tried_proof(const struct tried *t, size_t item) {
        const uint64_t one = UINT64_C(1) << item, others = t->form.conceded & ~one;
        const struct attempt *best = NULL;

        for (size_t i = t->first + 1; i < t->attempts.n; ++i) {
                const struct attempt *a = &t->attempts.items[i];

                if (a->works || a->refined || a->conceded & one || (a->conceded & others) != others)
                        continue;
                if (!best || __builtin_popcountll(a->conceded) < __builtin_popcountll(best->conceded))
                        best = a;
        }
        return best;
}

/* As many are told by name. */
#define NAMED 4

static void add_names(struct text *out, const struct tried *t, uint64_t set) {
        bool first = true;

        for (size_t i = 0; i < t->form.n; ++i) {
                if (!(set & UINT64_C(1) << i))
                        continue;
                text_addz(out, first ? "" : ", ");
                concession_add(out, &t->items[i]);
                first = false;
        }
}

void tried_add_attempt(struct text *out, const struct tried *t, const struct attempt *a) {
        const uint64_t others = ddmin_first(t->form.n) & ~a->conceded;
        int n = __builtin_popcountll(a->conceded), without = __builtin_popcountll(others);

        if (a->what.n) {
                text_add(out, a->what);
        } else if (n == 0) {
                text_addz(out, "the hardest form");
        } else if (n <= NAMED) {
                text_addz(out, "with ");
                add_names(out, t, a->conceded);
        } else if (without == 0) {
                text_addz(out, "everything conceded");
        } else if (without <= NAMED) {
                text_addz(out, "all but ");
                add_names(out, t, others);
        } else {
                text_addf(out, "%d of %zu concessions", n, t->form.n);
        }
}

bool tried_no_network(const struct tried *t) {
        if (!t->original.network || t->original.reached)
                return false;
        for (size_t i = 0; i < t->form.n; ++i)
                if (t->items[i].kind == CONCEDE_NETWORK)
                        return !(t->form.conceded & UINT64_C(1) << i);
        return !t->network;
}

int tried_flags(struct flags *out, struct arena *arena, const struct tried *t) {
        struct str *slot;
        int r = form_flags(out, arena, &t->form);

        if (r < 0 || !tried_no_network(t))
                return r;
        slot = ARENA_PUSH(arena, out);
        if (!slot)
                return -ENOMEM;
        *slot = STR_C("--network none");
        return 0;
}
