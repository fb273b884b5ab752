#pragma once
/*
 * str: a view of bytes, never "a char *, probably terminated".
 *
 * A view owns nothing; it lives as long as what it points into. An empty view may have a NULL pointer.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
        const char *p;
        size_t n; /* bytes */
};

/* A view of a string literal; also usable in static initialisers. */
#define STR(literal)                                                                                                   \
        { "" literal, sizeof(literal) - 1 }
#define STR_C(literal) ((struct str)STR(literal))

/* printf("%" STR_FMT, STR_ARG(s)): not for text an attacker chose; see text_add_visible(). */
#define STR_FMT    ".*s"
#define STR_ARG(s) ((int)((s).n > INT32_MAX ? INT32_MAX : (s).n)), ((s).p ? (s).p : "")

static inline struct str str_from(const char *z) {
        return (struct str){ z, z ? strlen(z) : 0 };
}

static inline bool str_empty(struct str s) {
        return s.n == 0;
}

static inline bool str_eq(struct str a, struct str b) {
        return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_eqz(struct str a, const char *z) {
        return str_eq(a, str_from(z));
}

static inline bool str_starts(struct str s, struct str prefix) {
        return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool str_ends(struct str s, struct str suffix) {
        return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0);
}

/* The view without its first @n bytes; empty when it has no more than that. */
static inline struct str str_skip(struct str s, size_t n) {
        return n >= s.n ? (struct str){ s.p ? s.p + s.n : NULL, 0 } : (struct str){ s.p + n, s.n - n };
}

static inline struct str str_first(struct str s, size_t n) {
        return (struct str){ s.p, n < s.n ? n : s.n };
}

/* ASCII only: the locale has no say in what dockerd reads. */
static inline char ascii_lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline char ascii_upper(char c) {
        return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static inline bool ascii_digit(char c) {
        return c >= '0' && c <= '9';
}

/* Whether @s is one of @words, which NULL ends. */
bool str_is_one_of(struct str s, const char *const *words);

/* Whether @s is among @n others. */
bool str_is_among(struct str s, const struct str *items, size_t n);

/* Byte order; a prefix sorts first. */
int str_cmp(struct str a, struct str b);

/* Equal but for ASCII case. */
bool str_eq_fold(struct str a, struct str b);

/* Index of the first @c, or s.n. */
size_t str_find(struct str s, char c);

/* Index of the last @c, or s.n. */
size_t str_find_last(struct str s, char c);

/* Index of the first @needle, or s.n; an empty needle is found at 0. */
size_t str_search(struct str s, struct str needle);

/**
 * str_cut() - take the part of @rest before the first @c
 * @rest: in: the whole; out: what follows @c, or empty with p == NULL when there was no @c
 *
 * Loop: while (rest.p) { part = str_cut(&rest, ','); … }
 */
struct str str_cut(struct str *rest, char c);

/* Without leading and trailing space, tab, CR, LF. */
struct str str_trim(struct str s);

/* Copies @s with a '\0' behind it into @to, which has room for @size bytes. False when it does not fit; @to is then "".
 * A '\0' within @s is copied as it is. */
bool str_to_z(struct str s, char *to, size_t size);

/**
 * str_int() - the decimal integer that @s consists of
 * @out: written on success only
 *
 * Accepts an optional sign and digits, as Go's strconv.Atoi does. Returns 0, -EINVAL when it is no integer,
 * -ERANGE when it does not fit.
 */
int str_int(struct str s, int64_t *out);
