#include "capability.h"
#include "facts/cell.h"

/* The kernel has 41, each with and without CAP_. What asks about each of one list is answered by a walk over another,
 * so a list without an end would cost its square. */
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

struct str capability_normalise(struct arena *arena, struct str name) {
        size_t n = 0;
        char *to;

        if (is_upper(name))
                return without_prefix(name);

        to = arena_bytes(arena, name.n);
        if (!to)
                return (struct str){ 0 };
        for (size_t i = 0; i < name.n; ++i)
                to[n++] = upper_of(name, &i);
        return without_prefix((struct str){ to, n });
}

void capabilities_read(struct arena *arena, const struct go_list *names, struct fact_set *out) {
        if (names->n > NAMES_MOST)
                arena_refuse(arena);
        out->head.given = names->given;
        for (size_t i = 0; i < names->n && !arena_full(arena); ++i)
                fact_set_add(arena, out, capability_normalise(arena, string_item(names, i)));
}
