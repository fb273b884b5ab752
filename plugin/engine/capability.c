#include "capability.h"
#include "cell.h"
#include <errno.h>

/* The kernel has 41, each with and without CAP_. What asks about each of one list is answered by a walk over another, so
 * a list without an end would cost its square. */
#define NAMES_MOST 256

/*
 * Go's strings.ToUpper makes ASCII letters of two others: U+017F (long s) becomes S, U+0131 (dotless i) becomes I.
 * Whoever only knew ASCII would take "\u017fys_admin" for an unknown name, while dockerd grants SYS_ADMIN.
 */
static char upper_of(struct str s, size_t *i) {
        if (s.n - *i >= 2 && s.p[*i] == '\xc5' && s.p[*i + 1] == '\xbf') {
                ++*i;
                return 'S';
        }
        if (s.n - *i >= 2 && s.p[*i] == '\xc4' && s.p[*i + 1] == '\xb1') {
                ++*i;
                return 'I';
        }
        return ascii_upper(s.p[*i]);
}

static bool is_upper(struct str s) {
        for (size_t i = 0; i < s.n; ++i)
                if (ascii_upper(s.p[i]) != s.p[i] || s.p[i] == '\xc5' || s.p[i] == '\xc4')
                        return false;
        return true;
}

static struct str without_prefix(struct str name) {
        struct str prefix = STR("CAP_");

        return str_starts(name, prefix) ? str_skip(name, prefix.n) : name;
}

int capability_normalise(struct arena *arena, struct str name, struct str *out) {
        size_t n = 0;
        char *to;

        if (is_upper(name)) {
                *out = without_prefix(name);
                return 0;
        }

        to = arena_bytes(arena, name.n);
        if (!to)
                return -ENOMEM;
        for (size_t i = 0; i < name.n; ++i)
                to[n++] = upper_of(name, &i);

        *out = without_prefix((struct str){ to, n });
        return 0;
}

int capabilities_read(struct arena *arena, const struct go_list *names, struct fact_set *out) {
        if (names->n > NAMES_MOST)
                return -ENOMEM;
        out->head.given = names->given;
        for (size_t i = 0; i < names->n; ++i) {
                struct str name;
                int r = capability_normalise(arena, string_item(names, i), &name);

                if (r < 0)
                        return r;
                r = fact_set_add(arena, out, name);
                if (r < 0)
                        return r;
        }
        return 0;
}
