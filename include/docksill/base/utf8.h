#pragma once
/*
 * utf8: one sequence at a time, strictly (Unicode table 3-7): no overlong forms, no surrogates, nothing past U+10FFFF.
 *
 * The same bytes that Go's unicode/utf8 takes for valid, so that we and dockerd see U+FFFD in the same places.
 */
#include "docksill/base/str.h"

/* Bytes (1 to 4) of the sequence that begins at @p, which lies before @end; 0 when the bytes there are not UTF-8. */
static inline size_t utf8_length(const char *p, const char *end) {
        const unsigned char *s = (const unsigned char *)p;
        size_t left = (size_t)(end - p);
        unsigned char low = 0x80, high = 0xbf;
        size_t n;

        if (s[0] < 0x80)
                return 1;
        if (s[0] < 0xc2 || s[0] > 0xf4)
                return 0;
        n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
        if (left < n)
                return 0;
        /* The second byte carries what would make the sequence overlong, a surrogate or too large. */
        if (s[0] == 0xe0)
                low = 0xa0;
        else if (s[0] == 0xed)
                high = 0x9f;
        else if (s[0] == 0xf0)
                low = 0x90;
        else if (s[0] == 0xf4)
                high = 0x8f;
        if (s[1] < low || s[1] > high)
                return 0;
        for (size_t i = 2; i < n; ++i)
                if ((s[i] & 0xc0) != 0x80)
                        return 0;
        return n;
}

/* The code point of a sequence of @n bytes, which utf8_length() found valid. */
static inline uint32_t utf8_point(const char *p, size_t n) {
        const unsigned char *s = (const unsigned char *)p;

        switch (n) {
        case 1: return s[0];
        case 2: return (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3f);
        case 3: return (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f);
        default:
                return (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3f) << 12 | (uint32_t)(s[2] & 0x3f) << 6 |
                       (s[3] & 0x3f);
        }
}

/* Writes @c, a code point that is no surrogate, to @to, which has room for 4 bytes. Returns how many were written. */
static inline size_t utf8_write(char *to, uint32_t c) {
        if (c < 0x80) {
                to[0] = (char)c;
                return 1;
        }
        if (c < 0x800) {
                to[0] = (char)(0xc0 | c >> 6);
                to[1] = (char)(0x80 | (c & 0x3f));
                return 2;
        }
        if (c < 0x10000) {
                to[0] = (char)(0xe0 | c >> 12);
                to[1] = (char)(0x80 | (c >> 6 & 0x3f));
                to[2] = (char)(0x80 | (c & 0x3f));
                return 3;
        }
        to[0] = (char)(0xf0 | c >> 18);
        to[1] = (char)(0x80 | (c >> 12 & 0x3f));
        to[2] = (char)(0x80 | (c >> 6 & 0x3f));
        to[3] = (char)(0x80 | (c & 0x3f));
        return 4;
}
