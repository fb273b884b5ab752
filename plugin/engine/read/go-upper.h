#pragma once
/*
 * go-upper: words that dockerd compares in upper case, as Go's strings.ToUpper makes it.
 *
 * For a swarm's values ("BIND", "MANAGER") it does so, for a container's it does not (moby daemon/cluster/convert).
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

/* Is @s @word, a lower-case ASCII one, once both are in upper case? Two letters beyond ASCII become ASCII there: a
 * dotless i and a long s. */
must_check_ static inline bool go_upper_eq(struct str s, const char *word) {
        static const struct str dotless_i = STR("\xc4\xb1"), long_s = STR("\xc5\xbf");

        for (; *word; ++word) {
                if (s.n > 0 && ascii_lower(s.p[0]) == *word)
                        s = str_skip(s, 1);
                else if ((*word == 'i' && str_starts(s, dotless_i)) || (*word == 's' && str_starts(s, long_s)))
                        s = str_skip(s, 2);
                else
                        return false;
        }
        return s.n == 0;
}

/* The one of @words, which ends with NULL, that @s is; or @s itself. */
must_check_ static inline struct str go_upper_word(struct str s, const char *const *words) {
        for (; *words; ++words)
                if (go_upper_eq(s, *words))
                        return str_from(*words);
        return s;
}
