#pragma once
/*
 * bytes: the end of a run of plain bytes, found sixteen at a time.
 *
 * Reading and writing JSON is mostly this: most of what strings hold stands for itself. With GCC's vectors, which
 * become SSE2, NEON or plain words.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BYTES_STEP 16

/* Signed: what is below 0x20 then are the control bytes and all that are not ASCII. */
typedef signed char bytes_vector __attribute__((__vector_size__(BYTES_STEP)));

#define BYTES_ALL(c) ((bytes_vector){ c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c })

/* BYTES_STEP bytes from @p on. */
static inline bytes_vector bytes_load(const char *p) {
        bytes_vector v;

        memcpy(&v, p, sizeof(v));
        return v;
}

static inline bool bytes_any(bytes_vector v) {
        uint64_t words[2];

        memcpy(words, &v, sizeof(v));
        return (words[0] | words[1]) != 0;
}

/* Index of the first byte that is not zero in memory of a word that has one. */
static inline size_t bytes_first_of(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return (size_t)__builtin_ctzll(word) / 8;
#else
        return (size_t)__builtin_clzll(word) / 8;
#endif
}

/* Index of the first byte that is not zero, or BYTES_STEP. */
static inline size_t bytes_first(bytes_vector v) {
        uint64_t words[2];

        memcpy(words, &v, sizeof(v));
        if (words[0])
                return bytes_first_of(words[0]);
        return words[1] ? 8 + bytes_first_of(words[1]) : BYTES_STEP;
}

/* The @n bytes from @p on, 4 <= n < BYTES_STEP, all of them and some twice: enough to tell whether any is special,
 * without a look at what stands behind them. */
static inline bytes_vector bytes_load_short(const char *p, size_t n) {
        uint64_t words[2];
        bytes_vector v;

        if (n >= 8) {
                memcpy(&words[0], p, 8);
                memcpy(&words[1], p + n - 8, 8);
        } else {
                uint32_t first, last;

                memcpy(&first, p, 4);
                memcpy(&last, p + n - 4, 4);
                words[0] = words[1] = (uint64_t)first << 32 | last;
        }
        memcpy(&v, words, sizeof(v));
        return v;
}
