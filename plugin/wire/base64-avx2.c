/*
 * Thirty-two characters a step. Written down in rows of sixteen, ASCII has the alphabet in the rows 2 to 7, and each
 * row holds a run of it: so a byte's upper half says what to add for its six bits ('/' alone is off by three in its
 * row), and whether it is of the alphabet is told by two small tables, one per half: what rows there are, and which of
 * them have the alphabet in this column. Row 6 has it where row 4 has, and row 7 where row 5 has.
 */
#include "base64-wide.h"

#include <immintrin.h>
#include <stdbool.h>

#define CHARACTERS 32
#define BYTES      24
#define ROOM       44 /* characters that must be left: 32 bytes are stored, the last eight of them to be overwritten */

#define ROW_2    1
#define ROW_3    2
#define ROWS_4_6 4
#define ROWS_5_7 8

/* A table for each half of a register, as shuffles see it. */
#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

__attribute__((__target__("avx2"))) static size_t decode(char *to, const char *from, size_t n) {
        const __m256i rows = TWICE(0, 0, ROW_2, ROW_3, ROWS_4_6, ROWS_5_7, ROWS_4_6, ROWS_5_7, 0, 0, 0, 0, 0, 0, 0, 0);
        /* 0: "0Pp"; 1 to 9: a digit and four letters; 10: "JZjz"; 11: "+Kk"; 12 to 14: "Ll", "Mm", "Nn"; 15: "/Oo". */
        const __m256i columns = TWICE(10, 14, 14, 14, 14, 14, 14, 14, 14, 14, 12, 5, 4, 4, 4, 5);
        /* By row; '/' finds its own in row 1, where there is no character. */
        const __m256i steps =
                TWICE(0, 63 - '/', 62 - '+', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0);
        const __m256i order = TWICE(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
        const __m256i together = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
        const __m256i half = _mm256_set1_epi8(0x0f);
        size_t done = 0;

        for (; n - done >= ROOM; done += CHARACTERS, to += BYTES) {
                __m256i text = _mm256_loadu_si256((const __m256i_u *)(from + done));
                __m256i row = _mm256_and_si256(_mm256_srli_epi16(text, 4), half);
                __m256i column = _mm256_and_si256(text, half);
                __m256i fits = _mm256_and_si256(_mm256_shuffle_epi8(rows, row), _mm256_shuffle_epi8(columns, column));
                __m256i slash = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('/'));
                __m256i bits;

                if (_mm256_movemask_epi8(_mm256_cmpeq_epi8(fits, _mm256_setzero_si256())))
                        break;
                bits = _mm256_add_epi8(text, _mm256_shuffle_epi8(steps, _mm256_add_epi8(row, slash)));
                /* Six and six bits make twelve, twelve and twelve make twenty-four. */
                bits = _mm256_maddubs_epi16(bits, _mm256_set1_epi16(1 << 8 | 64));
                bits = _mm256_madd_epi16(bits, _mm256_set1_epi32(1 << 16 | 4096));
                bits = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(bits, order), together);
                _mm256_storeu_si256((__m256i_u *)to, bits);
        }
        return done;
}

size_t base64_wide(char *to, const char *from, size_t n) {
        return n >= ROOM && __builtin_cpu_supports("avx2") ? decode(to, from, n) : 0;
}
