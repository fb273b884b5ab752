#pragma once
/*
 * tried: what trying a container found out.
 */
#include "copies.h"
#include "ddmin.h"
#include "explain/judge.h"
#include "original.h"

/* One copy that was tried. */
struct attempt {
        uint64_t conceded;
        struct str what; /* "as it is"; empty: what is conceded */
        bool works;
        bool refined;            /* with less memory or fewer processes than the original has */
        int64_t took;            /* microseconds */
        struct str reason, line; /* why it does not: in our words, visible; its own first line about it, foreign */
};

struct tried {
        struct original original;
        struct concession items[DDMIN_ITEMS];
        struct form form; /* the least that works; .conceded: of these items */
        bool found;       /* else it does not come up even as it is */
        bool minimal;     /* else the search ended early, and less might do */
        bool confirmed;   /* it was watched once more, for longer */
        bool elsewhere;   /* it writes where no folder can be offered */
        bool network;     /* copies had a network of their own, without a way out; else none */
        bool fresh;       /* fresh volumes stand for the host's folders that it writes to; else these are read-only */
        enum ending ending;
        struct str user;
        struct {
                struct attempt *items;
                size_t n, capacity;
        } attempts;
        size_t first; /* the attempt as it is, in the shape that works: what is before it proves nothing */
        unsigned copies;
        int64_t took;
};

/* A failed attempt that had all the concessions that are left but this one, and perhaps others; NULL: there was none.
 */
const struct attempt *tried_proof(const struct tried *t, size_t item);

/* "as it is", "the hardest form", "with capability CHOWN, write to /data". */
void tried_add_attempt(struct text *out, const struct tried *t, const struct attempt *a);

/* Whether --network none goes with it: it had no need of one, and nobody reaches it by one. */
bool tried_no_network(const struct tried *t);

/* Its flags. Returns 0 or -ENOMEM. */
must_check_ int tried_flags(struct flags *out, struct arena *arena, const struct tried *t);

/* The original, judged as it is and hardened. */
struct verdicts {
        struct explained before, after;
};

/* For people, and "docksill.try/1". Return 0 or -ENOMEM, and NULL when there is no memory. */
must_check_ int tried_text(struct text *out, struct arena *arena, const struct tried *t, const struct verdicts *v);
json_t *tried_json(struct arena *arena, const struct tried *t, const struct verdicts *v);
