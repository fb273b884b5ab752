#pragma once
/*
 * printable: a word from a person's file, made fit to stand in a diagnostic.
 */
#include "docksill/base/diag.h"
#include <errno.h>

#define PRINTABLE_MOST 60 /* bytes of the word; each may become a longer escape */

struct printable {
        char p[PRINTABLE_MOST * 9 + 8];
};

static inline const char *printable_into(struct printable *s, struct str word) {
        struct text t;

        text_init_fixed(&t, s->p, sizeof(s->p));
        text_add_visible(&t, word, PRINTABLE_MOST);
        return s->p;
}

/* "; did you mean "x"?", or nothing when no known name is close. */
static inline const char *suggestion_into(struct printable *s, const struct nearest *n) {
        struct str name = nearest_name(n);
        struct text t;

        text_init_fixed(&t, s->p, sizeof(s->p));
        if (name.n) {
                text_addz(&t, "; did you mean \"");
                text_add_visible(&t, name, PRINTABLE_MOST);
                text_addz(&t, "\"?");
        }
        return s->p;
}

/* Both live until the end of the enclosing block. */
#define PRINTABLE(word)     printable_into(&(struct printable){ .p = "" }, (word))
#define SUGGESTION(nearest) suggestion_into(&(struct printable){ .p = "" }, (nearest))

/* Carry on after a reported problem, so that all of them are reported; want of memory outweighs it. */
static inline int worse(int before, int now) {
        return before == -ENOMEM || now == 0 ? before : now;
}
