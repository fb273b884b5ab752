#include "docksill/base/text.h"

#include "docksill/base/bytes.h"
#include "docksill/base/utf8.h"
#include <stdio.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

void text_init(struct text *t) {
        *t = (struct text){ .cap = SIZE_MAX };
}

void text_init_arena(struct text *t, struct arena *arena) {
        *t = (struct text){ .cap = SIZE_MAX, .arena = arena };
}

void text_init_fixed(struct text *t, char *buffer, size_t size) {
        *t = (struct text){ .p = size ? buffer : NULL, .size = size, .cap = size ? size - 1 : 0, .fixed = true };
        if (size)
                buffer[0] = '\0';
}

void text_deinit(struct text *t) {
        if (!t->arena && !t->fixed)
                free(t->p);
        *t = (struct text){ .cap = t->cap, .arena = t->arena, .fixed = t->fixed };
}

void text_reset(struct text *t) {
        t->n = 0;
        t->failed = false;
        if (t->p)
                t->p[0] = '\0';
}

/* Moves the text to @size bytes, more than it has. */
static bool resize(struct text *t, size_t size) {
        char *p;

        if (t->fixed || (t->arena && arena_full(t->arena)))
                return false;
        if (t->arena) {
                if (arena_extend(t->arena, t->p, t->size, size)) {
                        t->size = size;
                        return true;
                }
                p = arena_try(t->arena, size);
                if (p && t->n)
                        memcpy(p, t->p, t->n);
        } else {
                p = realloc(t->p, size);
        }
        if (!p)
                return false;
        t->p = p;
        t->size = size;
        return true;
}

/* In a latched arena that is kept, so that nobody takes the half for the whole. */
static bool fail(struct text *t) {
        t->failed = true;
        if (t->arena)
                arena_refuse(t->arena);
        return false;
}

bool text_reserve(struct text *t, size_t n) {
        size_t need, size;

        if (t->failed)
                return false;
        if (n > t->cap || t->n > t->cap - n || __builtin_add_overflow(t->n + n, (size_t)1, &need))
                return fail(t);
        if (need <= t->size)
                return true;
        size = t->size < 64 ? 64 : t->size;
        while (size < need)
                size = size > SIZE_MAX / 2 ? need : size * 2;
        /* Near a limit the doubled size may fail where the bare need fits. */
        return resize(t, size) || resize(t, need) || fail(t);
}

void text_add_int(struct text *t, int64_t v) {
        char digits[20], *p = digits + sizeof(digits);
        uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;

        do {
                *--p = (char)('0' + rest % 10);
                rest /= 10;
        } while (rest);
        if (v < 0)
                *--p = '-';
        text_add(t, (struct str){ p, (size_t)(digits + sizeof(digits) - p) });
}

void text_addf(struct text *t, const char *fmt, ...) {
        va_list args;

        va_start(args, fmt);
        text_addv(t, fmt, args);
        va_end(args);
}

void text_addv(struct text *t, const char *fmt, va_list args) {
        va_list again;
        int n;

        if (t->failed)
                return;
        va_copy(again, args);
        n = vsnprintf(t->p ? t->p + t->n : NULL, t->p ? t->size - t->n : 0, fmt, args);
        if (n < 0) {
                fail(t);
        } else if (t->p && (size_t)n < t->size - t->n && (size_t)n <= t->cap - t->n) {
                t->n += (size_t)n;
        } else if (text_reserve(t, (size_t)n)) {
                vsnprintf(t->p + t->n, (size_t)n + 1, fmt, again);
                t->n += (size_t)n;
        }
        va_end(again);
        if (t->p)
                t->p[t->n] = '\0';
}

void text_cut(struct text *t, size_t n) {
        if (n >= t->n)
                return;
        t->n = n;
        t->p[n] = '\0';
}

/* Writes what stands for @c between JSON quotes when it can't stand there itself. */
static bool json_escape(struct text *t, uint32_t c) {
        static const char plain[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: the character, its letter */

        for (const char *p = plain; *p; p += 2)
                if (c == (uint32_t)(unsigned char)p[0]) {
                        text_add(t, (struct str){ (char[]){ '\\', p[1] }, 2 });
                        return true;
                }
        if (c >= 0x20 && (c < 0x7f || c > 0x9f) && c != 0x2028 && c != 0x2029)
                return false;
        text_addf(t, "\\u%04x", (unsigned)c);
        return true;
}

/* The first byte from @p on that is @odd, or @end. Where none is, as mostly, the last bytes are looked at together. */
static inline const char *run_end(const char *p, const char *end, bytes_vector (*odd)(bytes_vector)) {
        const size_t n = (size_t)(end - p);
        bytes_vector last;

        for (; end - p >= BYTES_STEP; p += BYTES_STEP) {
                size_t first = bytes_first(odd(bytes_load(p)));

                if (first < BYTES_STEP)
                        return p + first;
        }
        if (p == end)
                return end;
        if (n >= 4) {
                last = n >= BYTES_STEP ? bytes_load(end - BYTES_STEP) : bytes_load_short(p, n);
                if (!bytes_any(odd(last)))
                        return end;
        }
        while (p < end && !bytes_any(odd(BYTES_ALL(*p))))
                ++p;
        return p;
}

/* Non-zero in each byte that can't stand for itself between JSON quotes. */
static inline bytes_vector json_special(bytes_vector v) {
        return (v == BYTES_ALL('"')) | (v == BYTES_ALL('\\')) | (v == BYTES_ALL(0x7f)) | (v < BYTES_ALL(0x20));
}

static const char *json_plain_end(const char *p, const char *end) {
        return run_end(p, end, json_special);
}

/* What can't stand as it is. */
static void add_json_rest(struct text *t, const char *p, const char *end) {
        while (p < end) {
                size_t n = utf8_length(p, end);
                const char *run;

                if (n == 0)
                        text_add(t, STR_C(REPLACEMENT));
                else if (!json_escape(t, utf8_point(p, n)))
                        text_add(t, (struct str){ p, n });
                run = p + (n ? n : 1);
                p = json_plain_end(run, end);
                text_add(t, (struct str){ run, (size_t)(p - run) });
        }
}

void text_add_json(struct text *t, struct str s) {
        const char *end = s.n ? s.p + s.n : s.p, *p = json_plain_end(s.p, end);

        if (p == end) {
                text_add_quoted(t, s);
                return;
        }
        text_add_char(t, '"');
        text_add(t, (struct str){ s.p, (size_t)(p - s.p) });
        add_json_rest(t, p, end);
        text_add_char(t, '"');
}

/* Characters that reorder, break or hide what stands around them, or show as nothing or as a blank (what an attacker
 * wrote is data). */
static bool deceives(uint32_t c) {
        static const struct {
                uint32_t first, last;
        } ranges[] = {
                { 0xa0, 0xa0 },     { 0xad, 0xad },     { 0x34f, 0x34f },   { 0x61c, 0x61c },   { 0x115f, 0x1160 },
                { 0x1680, 0x1680 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x2000, 0x200f }, { 0x2028, 0x202f },
                { 0x205f, 0x206f }, { 0x2800, 0x2800 }, { 0x3000, 0x3000 }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },
                { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff }, { 0xe0000, 0xe0fff },
        };

        for (size_t i = 0; i < ARRAY_SIZE(ranges) && c >= ranges[i].first; ++i)
                if (c <= ranges[i].last)
                        return true;
        return false;
}

/* Non-zero in each byte that is not printable ASCII. */
static inline bytes_vector not_printable(bytes_vector v) {
        return (v == BYTES_ALL(0x7f)) | (v < BYTES_ALL(0x20));
}

static const char *printable_end(const char *p, const char *end) {
        return run_end(p, end, not_printable);
}

void text_add_visible(struct text *t, struct str s, size_t max) {
        const char *p = s.p, *end = s.n ? s.p + s.n : s.p, *most = s.n > max ? s.p + max : end;

        while (p < end) {
                const char *run = p;
                uint32_t c;
                size_t n;

                p = printable_end(p, most);
                text_add(t, (struct str){ run, (size_t)(p - run) });
                if (p == end)
                        return;
                n = utf8_length(p, end);
                if ((n ? n : 1) > (size_t)(most - p)) {
                        text_addz(t, "…");
                        return;
                }
                c = n ? utf8_point(p, n) : 0;
                if (n == 0)
                        n = 1;
                if (c < 0x20 || (c >= 0x7f && c <= 0x9f))
                        for (size_t i = 0; i < n; ++i)
                                text_addf(t, "\\x%02x", (unsigned)(unsigned char)p[i]);
                else if (deceives(c))
                        text_addf(t, "\\u{%04x}", (unsigned)c);
                else
                        text_add(t, (struct str){ p, n });
                p += n;
        }
}

/* What a YAML reader refuses between quotes, or a terminal shows as something else. */
static bool yaml_escaped(uint32_t c) {
        return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xfffe || c == 0xffff || deceives(c);
}

static void add_yaml_point(struct text *t, const char *p, size_t n) {
        uint32_t c = utf8_point(p, n);

        if (yaml_escaped(c)) {
                text_addf(t, c > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)c);
                return;
        }
        if (c == '"' || c == '\\')
                text_add_char(t, '\\');
        text_add(t, (struct str){ p, n });
}

void text_add_yaml(struct text *t, struct str s) {
        const char *end = s.n ? s.p + s.n : s.p;

        text_add_char(t, '"');
        for (const char *p = s.p; p < end;) {
                size_t n = utf8_length(p, end);

                if (n)
                        add_yaml_point(t, p, n);
                else
                        text_add(t, STR_C(REPLACEMENT));
                p += n ? n : 1;
        }
        text_add_char(t, '"');
}
