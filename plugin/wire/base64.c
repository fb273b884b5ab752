/*
 * Four characters a step, by four tables that hold each value already shifted to its place; a character that is not of
 * the alphabet sets a bit beyond the 24 of the block, so that a step needs no branch and the whole run one check.
 */
#include "docksill/wire/base64.h"

#include "base64-wide.h"
#include <endian.h>
#include <errno.h>

#define BAD (UINT32_C(1) << 31)

#define SIX(c, shift)                                                                                                  \
        ((c) >= 'A' && (c) <= 'Z'   ? (uint32_t)((c) - 'A') << (shift)                                                 \
         : (c) >= 'a' && (c) <= 'z' ? (uint32_t)((c) - 'a' + 26) << (shift)                                            \
         : (c) >= '0' && (c) <= '9' ? (uint32_t)((c) - '0' + 52) << (shift)                                            \
         : (c) == '+'               ? UINT32_C(62) << (shift)                                                          \
         : (c) == '/'               ? UINT32_C(63) << (shift)                                                          \
                                    : BAD)

#define SIX_4(c, shift)  SIX(c, shift), SIX((c) + 1, shift), SIX((c) + 2, shift), SIX((c) + 3, shift)
#define SIX_16(c, shift) SIX_4(c, shift), SIX_4((c) + 4, shift), SIX_4((c) + 8, shift), SIX_4((c) + 12, shift)
#define SIX_64(c, shift) SIX_16(c, shift), SIX_16((c) + 16, shift), SIX_16((c) + 32, shift), SIX_16((c) + 48, shift)
#define SIX_256(shift)   SIX_64(0, shift), SIX_64(64, shift), SIX_64(128, shift), SIX_64(192, shift)

static const uint32_t six[4][256] = { { SIX_256(18) }, { SIX_256(12) }, { SIX_256(6) }, { SIX_256(0) } };

/* The 24 bits of four characters, or BAD among others. */
static inline uint32_t block(const unsigned char *from) {
        return six[0][from[0]] | six[1][from[1]] | six[2][from[2]] | six[3][from[3]];
}

static inline void store(char *to, uint32_t bits) {
        to[0] = (char)(bits >> 16);
        to[1] = (char)(bits >> 8);
        to[2] = (char)bits;
}

/* The last block, the only one that may be padded. The spare bits behind the last byte must be zero: Go's encoder
 * leaves them so, and its lax decoder would take four or sixteen spellings for one body. */
static int last_block(char *to, size_t *n, const unsigned char *from) {
        unsigned char full[4] = { from[0], from[1], from[2], from[3] };
        size_t bytes = 3;
        uint32_t bits;

        if (full[3] == '=') {
                full[3] = 'A';
                bytes = 2;
                if (full[2] == '=') {
                        full[2] = 'A';
                        bytes = 1;
                }
        }
        bits = block(full);
        if (bits & BAD || bits & (UINT32_C(0xffffff) >> (8 * bytes)))
                return -EINVAL;
        for (size_t i = 0; i < bytes; ++i)
                to[i] = (char)(bits >> (16 - 8 * i));
        *n += bytes;
        return 0;
}

int base64_decode(char *to, size_t *n, struct str text) {
        size_t blocks = text.n / 4, done, written;
        const unsigned char *from;
        uint32_t bad = 0;
        int r;

        if (text.n % 4 != 0)
                return -EINVAL;
        if (blocks == 0) {
                *n = 0;
                return 0;
        }
        done = base64_wide(to, text.p, text.n) / 4;
        from = (const unsigned char *)text.p + done * 4;
        /* Two blocks are stored as one word of eight bytes, of which the next step overwrites two: there must be a
         * next. */
        for (; done + 2 < blocks; done += 2, from += 8) {
                uint32_t a = block(from), b = block(from + 4);
                uint64_t word = htobe64(((uint64_t)a << 24 | b) << 16);

                bad |= a | b;
                memcpy(to + done * 3, &word, sizeof(word));
        }
        for (; done + 1 < blocks; ++done, from += 4) {
                uint32_t a = block(from);

                bad |= a;
                store(to + done * 3, a);
        }
        if (bad & BAD)
                return -EINVAL;
        written = done * 3;
        r = last_block(to + written, &written, from);
        if (r < 0)
                return r;
        *n = written;
        return 0;
}
