#include "docksill/base/str.h"

#include <errno.h>

bool str_is_one_of(struct str s, const char *const *words) {
        while (*words && !str_eqz(s, *words))
                ++words;
        return *words;
}

bool str_is_among(struct str s, const struct str *items, size_t n) {
        for (size_t i = 0; i < n; ++i)
                if (str_eq(s, items[i]))
                        return true;
        return false;
}

int str_cmp(struct str a, struct str b) {
        size_t n = a.n < b.n ? a.n : b.n;
        int order = n ? memcmp(a.p, b.p, n) : 0;

        if (order != 0)
                return order;
        return (a.n > b.n) - (a.n < b.n);
}

bool str_eq_fold(struct str a, struct str b) {
        if (a.n != b.n)
                return false;
        for (size_t i = 0; i < a.n; ++i)
                if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
                        return false;
        return true;
}

size_t str_find(struct str s, char c) {
        const char *found = s.n ? memchr(s.p, c, s.n) : NULL;

        return found ? (size_t)(found - s.p) : s.n;
}

size_t str_find_last(struct str s, char c) {
        const char *found = s.n ? memrchr(s.p, c, s.n) : NULL;

        return found ? (size_t)(found - s.p) : s.n;
}

size_t str_search(struct str s, struct str needle) {
        const char *found;

        if (needle.n == 0)
                return 0;
        found = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
        return found ? (size_t)(found - s.p) : s.n;
}

struct str str_cut(struct str *rest, char c) {
        size_t at = str_find(*rest, c);
        struct str part = str_first(*rest, at);

        *rest = at < rest->n ? str_skip(*rest, at + 1) : (struct str){ 0 };
        return part;
}

static bool is_space(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s) {
        while (s.n > 0 && is_space(s.p[0]))
                s = str_skip(s, 1);
        while (s.n > 0 && is_space(s.p[s.n - 1]))
                --s.n;
        return s;
}

bool str_to_z(struct str s, char *to, size_t size) {
        bool fits = s.n < size;
        size_t n = fits ? s.n : 0;

        if (n > 0)
                memcpy(to, s.p, n);
        to[n] = '\0';
        return fits;
}

int str_int(struct str s, int64_t *out) {
        bool negative = s.n > 0 && s.p[0] == '-', overflow = false;
        int64_t v = 0;

        if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
                s = str_skip(s, 1);
        if (s.n == 0)
                return -EINVAL;

        /* Counted towards the sign, so that INT64_MIN needs no case of its own. All bytes are looked at even after an
         * overflow: "99999999999999999999x" is no integer rather than one too large. */
        for (size_t i = 0; i < s.n; ++i) {
                int digit = s.p[i] - '0';

                if (!ascii_digit(s.p[i]))
                        return -EINVAL;
                overflow = overflow || __builtin_mul_overflow(v, (int64_t)10, &v) ||
                           __builtin_add_overflow(v, (int64_t)(negative ? -digit : digit), &v);
        }
        if (overflow)
                return -ERANGE;
        *out = v;
        return 0;
}
