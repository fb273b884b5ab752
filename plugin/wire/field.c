#include "field.h"

#define AHEAD 8 /* names that the next key is compared with before it is read */

/* Go's folding as far as it can reach an ASCII name: both cases of a letter, and two letters that fold to one of ASCII
 * though they are none (encoding/json fold.go): U+017F to s and U+212A, the Kelvin sign, to k. */
static bool folds_to(struct str key, struct str name) {
        size_t i = 0;

        for (size_t j = 0; j < name.n; ++j) {
                char c = ascii_lower(name.p[j]);
                struct str rest = str_skip(key, i);

                if (rest.n == 0)
                        return false;
                if (ascii_lower(rest.p[0]) == c)
                        i += 1;
                else if (c == 's' && str_starts(rest, STR_C("\xc5\xbf")))
                        i += 2;
                else if (c == 'k' && str_starts(rest, STR_C("\xe2\x84\xaa")))
                        i += 3;
                else
                        return false;
        }
        return i == key.n;
}

static bool is_ascii(struct str s) {
        unsigned char bits = 0;

        for (size_t i = 0; i < s.n; ++i)
                bits |= (unsigned char)s.p[i];
        return bits < 0x80;
}

size_t gojson_field_find(const struct gojson_type *type, struct str key) {
        bool ascii = is_ascii(key);

        for (size_t i = 0; i < type->n_fields; ++i)
                if (str_eq(key, type->fields[i].name))
                        return i;
        for (size_t i = 0; i < type->n_fields; ++i) {
                struct str name = type->fields[i].name;

                if ((ascii ? key.n == name.n : key.n > name.n) && folds_to(key, name))
                        return i;
        }
        return type->n_fields;
}

static inline uint64_t load_8(const char *p) {
        uint64_t word;

        memcpy(&word, p, sizeof(word));
        return word;
}

static inline uint32_t load_4(const char *p) {
        uint32_t word;

        memcpy(&word, p, sizeof(word));
        return word;
}

/* memcmp() for names, without a call: by words that may overlap. */
static inline bool same(const char *a, const char *b, size_t n) {
        if (n < 4 || n > 32)
                return memcmp(a, b, n) == 0;
        if (n < 8)
                return load_4(a) == load_4(b) && load_4(a + n - 4) == load_4(b + n - 4);
        if (load_8(a) != load_8(b) || load_8(a + n - 8) != load_8(b + n - 8))
                return false;
        return n <= 16 || (load_8(a + 8) == load_8(b + 8) && load_8(a + n - 16) == load_8(b + n - 16));
}

size_t gojson_field_expected(struct json *j, const struct gojson_type *type, size_t from, bool first) {
        const char *p = j->at;
        size_t left = (size_t)(j->end - p), head = first ? 1 : 2;

        if (left < head || (!first && p[0] != ',') || p[head - 1] != '"')
                return type->n_fields;
        p += head;
        left -= head;
        for (size_t i = from; i < type->n_fields && i < from + AHEAD; ++i) {
                struct str name = type->fields[i].name;

                if (left < name.n + 2 || p[name.n] != '"' || p[name.n + 1] != ':' || !same(p, name.p, name.n))
                        continue;
                j->at = p + name.n + 2;
                return i;
        }
        return type->n_fields;
}
