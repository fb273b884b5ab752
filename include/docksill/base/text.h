#pragma once
/*
 * text: a buffer that text is written to, and the escaping that makes foreign text harmless in it.
 *
 * An error (no memory, arena limit, over the cap) sticks: further writes do nothing, text.failed tells at the end, so
 * that a message is built without a check at each word.
 */
#include "docksill/base/arena.h"
#include "docksill/base/str.h"
#include <stdarg.h>

struct text {
        char *p;             /* NUL-terminated behind n whenever p is set */
        size_t n, size;      /* bytes written; room */
        size_t cap;          /* text.failed beyond this many bytes; SIZE_MAX: no cap */
        struct arena *arena; /* where growth comes from; NULL: malloc() */
        bool fixed;          /* the caller's buffer: never grows, never freed */
        bool failed;
};

/* Growth by malloc(); text_deinit() frees. */
void text_init(struct text *t);

/* Growth in @arena (borrowed); text_deinit() does nothing. */
void text_init_arena(struct text *t, struct arena *arena);

/* Writes into the caller's @buffer only; a text that does not fit fails. text_deinit() does nothing. */
void text_init_fixed(struct text *t, char *buffer, size_t size);

void text_deinit(struct text *t);

/* Empty again; keeps the memory, clears failed. */
void text_reset(struct text *t);

static inline struct str text_str(const struct text *t) {
        return (struct str){ t->p, t->n };
}

/* Room for @n more bytes and the NUL, made if need be; false: the text has failed. */
bool text_reserve(struct text *t, size_t n);

/* As text_reserve(), in line: mostly the room is there. */
static inline bool text_has_room(struct text *t, size_t n) {
        return (!t->failed && n < t->size - t->n && n <= t->cap - t->n) || text_reserve(t, n);
}

static inline void text_add(struct text *t, struct str s) {
        if (!text_has_room(t, s.n))
                return;
        if (s.n)
                memcpy(t->p + t->n, s.p, s.n);
        t->n += s.n;
        t->p[t->n] = '\0';
}

/* @s between double quotes as it is: for words of our own, which need no escape. */
static inline void text_add_quoted(struct text *t, struct str s) {
        char *to;

        if (s.n > SIZE_MAX - 2 || !text_has_room(t, s.n + 2))
                return;
        to = t->p + t->n;
        *to = '"';
        if (s.n)
                memcpy(to + 1, s.p, s.n);
        to[s.n + 1] = '"';
        to[s.n + 2] = '\0';
        t->n += s.n + 2;
}

static inline void text_addz(struct text *t, const char *z) {
        text_add(t, str_from(z));
}

static inline void text_add_char(struct text *t, char c) {
        if (!text_has_room(t, 1))
                return;
        t->p[t->n++] = c;
        t->p[t->n] = '\0';
}

void text_add_int(struct text *t, int64_t v);
printf_(2, 3) void text_addf(struct text *t, const char *fmt, ...);
void text_addv(struct text *t, const char *fmt, va_list args);

/* Cuts back to @n bytes (no-op when shorter). */
void text_cut(struct text *t, size_t n);

/* A JSON string with its quotes: control characters (C1 and DEL too), quotes, backslash escaped; bytes that are not
 * UTF-8 become U+FFFD; U+2028 and U+2029 escaped. */
void text_add_json(struct text *t, struct str s);

/* For terminals and one-line messages: control bytes, DEL, C1 and bytes that are not UTF-8 appear as \xNN,
 * bidirectional controls, line separators and invisible characters as \u{NNNN} (lower-case digits); at most @max bytes
 * of @s are shown, then "…". */
void text_add_visible(struct text *t, struct str s, size_t max);

/* A double-quoted YAML scalar that is read as exactly @s and shows as itself: whatever ends it, hides or reorders is
 * escaped. Bytes that are not UTF-8 become U+FFFD: YAML can't say them. */
void text_add_yaml(struct text *t, struct str s);
