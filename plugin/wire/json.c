#include "docksill/wire/json.h"

#include "docksill/base/bytes.h"
#include "docksill/base/utf8.h"
#include <assert.h>
#include <errno.h>

#define DEPTH_MOST 10000 /* Go's maxNestingDepth */

#define REPLACEMENT UINT32_C(0xfffd)

/*
 * Finding the end of a string is most of the work (a body in base64 is one string of up to 5.6 MiB), so it is done
 * sixteen and sixty-four bytes at a time.
 */

/* Non-zero in each byte that isn't a character standing for itself. */
static inline bytes_vector special(const char *p) {
        bytes_vector v = bytes_load(p);

        return (v == BYTES_ALL('"')) | (v == BYTES_ALL('\\')) | (v < BYTES_ALL(0x20));
}

static inline bool is_plain(char c) {
        return (signed char)c >= 0x20 && c != '"' && c != '\\';
}

static inline bool is_high(char c) {
        return (unsigned char)c >= 0x80;
}

/* The first byte from @p on that ends a run of plain ASCII, or @end. Only strings that have shown to be long come
 * here. */
static const char *long_plain_end(const char *p, const char *end) {
        while (end - p >= 64 && !bytes_any(special(p) | special(p + 16) | special(p + 32) | special(p + 48)))
                p += 64;
        for (; end - p >= BYTES_STEP; p += BYTES_STEP) {
                size_t n = bytes_first(special(p));

                if (n < BYTES_STEP)
                        return p + n;
        }
        while (p < end && is_plain(*p))
                ++p;
        return p;
}

static inline const char *plain_end(const char *p, const char *end) {
        for (int steps = 0; end - p >= BYTES_STEP && steps < 2; ++steps, p += BYTES_STEP) {
                size_t n = bytes_first(special(p));

                if (n < BYTES_STEP)
                        return p + n;
        }
        return long_plain_end(p, end);
}

#define NEAR 8 /* bytes */

/* The same where escapes are about: often there is another after a letter or two. */
static inline const char *near_plain_end(const char *p, const char *end) {
        const char *near = end - p < NEAR ? end : p + NEAR;

        while (p < near && is_plain(*p))
                ++p;
        return p == near && p < end ? plain_end(p, end) : p;
}

/* The value of each hexadecimal digit, plus one; 0: none. */
static const uint8_t digit_values[256] = {
        ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
        ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
        ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

/* The value of the XXXX of a \uXXXX at @p, or UINT32_MAX. */
static inline uint32_t hex4(const char *p, const char *end) {
        uint32_t a, b, c, d;

        if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
                return UINT32_MAX;
        a = digit_values[(unsigned char)p[2]];
        b = digit_values[(unsigned char)p[3]];
        c = digit_values[(unsigned char)p[4]];
        d = digit_values[(unsigned char)p[5]];
        if (!a || !b || !c || !d)
                return UINT32_MAX;
        return (a - 1) << 12 | (b - 1) << 8 | (c - 1) << 4 | (d - 1);
}

/* What a letter behind a backslash stands for; 0: nothing. */
static const char letters[256] = {
        ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t'
};

/* The letters of such escapes in a row are passed over two bytes at a time. Returns what follows them. */
static inline const char *skip_letters(const char *p, const char *end) {
        while (end - p >= 2 && p[0] == '\\' && letters[(unsigned char)p[1]])
                p += 2;
        return p;
}

/*
 * One escape at @p, a backslash. Returns its length, 0 when there is no such escape. Half a surrogate pair is U+FFFD
 * and takes only its own six bytes, as in Go's unquote: what follows it stands for itself.
 */
static inline size_t escape(const char *p, const char *end, uint32_t *c, bool *bad) {
        uint32_t low;

        *bad = false;
        if (end - p < 2)
                return 0;
        if (p[1] != 'u') {
                *c = (unsigned char)letters[(unsigned char)p[1]];
                return *c ? 2 : 0;
        }

        *c = hex4(p, end);
        if (*c == UINT32_MAX)
                return 0;
        if (*c < 0xd800 || *c > 0xdfff)
                return 6;
        low = *c < 0xdc00 ? hex4(p + 6, end) : UINT32_MAX;
        if (low >= 0xdc00 && low <= 0xdfff) {
                *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
                return 12;
        }
        *c = REPLACEMENT;
        *bad = true;
        return 6;
}

/* What has to be known before a string is decoded. */
struct string {
        const char *from, *to; /* between the quotes */
        bool changed;          /* decoding yields other bytes */
        size_t bad;            /* places that become U+FFFD */
};

/* Checks the escapes that stand in a row from @p on. Returns what follows them, or NULL at one that is none: j->at is
 * there. */
static const char *scan_escapes(struct json *j, struct string *s, const char *p) {
        s->changed = true;
        p = skip_letters(p, j->end);
        while (p < j->end && *p == '\\') {
                uint32_t c;
                bool bad;
                size_t n = escape(p, j->end, &c, &bad);

                if (n == 0) {
                        j->at = p;
                        return NULL;
                }
                s->bad += bad;
                j->nul = j->nul || c == 0;
                p = skip_letters(p + n, j->end);
        }
        return p;
}

/* The same for bytes beyond ASCII. */
static const char *scan_high(struct json *j, struct string *s, const char *p) {
        do {
                size_t n = utf8_length(p, j->end);

                s->bad += n == 0;
                p += n ? n : 1;
        } while (p < j->end && is_high(*p));
        return p;
}

/* Finds the end of the string whose opening quote is at j->at and checks all of it. */
static bool scan_string(struct json *j, struct string *s) {
        const char *p = j->at + 1;

        *s = (struct string){ .from = p };
        for (;;) {
                p = near_plain_end(p, j->end);
                if (p < j->end && *p == '"')
                        break;
                if (p == j->end || (unsigned char)*p < 0x20) {
                        j->at = p;
                        return false;
                }
                p = *p == '\\' ? scan_escapes(j, s, p) : scan_high(j, s, p);
                if (!p)
                        return false;
        }
        s->changed = s->changed || s->bad > 0;
        j->bad_utf8 = j->bad_utf8 || s->bad > 0;
        s->to = p;
        j->at = p + 1;
        return true;
}

/* A few bytes are not worth a call. */
static inline char *decode_plain(char *to, const char **from, const char *end) {
        const char *p = *from, *near = end - p < NEAR ? end : p + NEAR;

        while (p < near && is_plain(*p))
                *to++ = *p++;
        *from = p;
        if (p == near && p < end) {
                *from = plain_end(p, end);
                memcpy(to, p, (size_t)(*from - p));
                to += *from - p;
        }
        return to;
}

static char *decode_escapes(char *to, const char **from, const char *end) {
        const char *p = *from;

        while (p < end && *p == '\\') {
                uint32_t c = REPLACEMENT;
                size_t n;
                bool bad;

                if (letters[(unsigned char)p[1]]) {
                        *to++ = letters[(unsigned char)p[1]];
                        p += 2;
                        continue;
                }
                n = escape(p, end, &c, &bad);
                assert(n > 0); /* scan_string() has seen it */
                to += utf8_write(to, c);
                p += n;
        }
        *from = p;
        return to;
}

static char *decode_high(char *to, const char **from, const char *end) {
        const char *p = *from;

        do {
                size_t n = utf8_length(p, end);

                if (n == 0) {
                        to += utf8_write(to, REPLACEMENT);
                        ++p;
                        continue;
                }
                memcpy(to, p, n);
                to += n;
                p += n;
        } while (p < end && is_high(*p));
        *from = p;
        return to;
}

/* Writes the checked string decoded to the arena. An escape is longer than what it stands for; only a byte that is not
 * UTF-8 grows, by two. */
static bool decode_string(struct json *j, const struct string *s) {
        size_t size = (size_t)(s->to - s->from);
        char *begin = s->bad <= (SIZE_MAX - size) / 2 ? arena_bytes(j->arena, size + 2 * s->bad) : NULL, *to = begin;

        if (!to)
                return false;
        for (const char *p = s->from; p < s->to;) {
                to = decode_plain(to, &p, s->to);
                if (p < s->to)
                        to = *p == '\\' ? decode_escapes(to, &p, s->to) : decode_high(to, &p, s->to);
        }
        j->text = (struct str){ begin, (size_t)(to - begin) };
        return true;
}

/* What holds an escape, a byte beyond ASCII or an error. Kept out of next(), as number() is: it would save registers
 * for their sake at each comma. */
static noinline_ enum json_token odd_string(struct json *j, bool decode) {
        struct string s;

        if (!scan_string(j, &s))
                return TOKEN_ERROR;
        j->text = (struct str){ s.from, (size_t)(s.to - s.from) };
        if (decode && s.changed && !decode_string(j, &s)) {
                j->no_memory = true;
                return TOKEN_ERROR;
        }
        return TOKEN_STRING;
}

static inline enum json_token string(struct json *j, bool decode) {
        const char *from = j->at + 1, *to = plain_end(from, j->end);

        if (to == j->end || *to != '"')
                return odd_string(j, decode);
        j->text = (struct str){ from, (size_t)(to - from) };
        j->at = to + 1;
        return TOKEN_STRING;
}

static const char *digits(const char *p, const char *end) {
        while (p < end && ascii_digit(*p))
                ++p;
        return p;
}

static noinline_ enum json_token number(struct json *j) {
        const char *p = j->at, *end = j->end, *part;

        if (*p == '-')
                ++p;
        part = p;
        p = p < end && *p == '0' ? p + 1 : digits(p, end);
        if (p == part)
                goto wrong;
        if (p < end && *p == '.') {
                part = ++p;
                p = digits(p, end);
                if (p == part)
                        goto wrong;
        }
        if (p < end && (*p == 'e' || *p == 'E')) {
                ++p;
                if (p < end && (*p == '+' || *p == '-'))
                        ++p;
                part = p;
                p = digits(p, end);
                if (p == part)
                        goto wrong;
        }
        j->text = (struct str){ j->at, (size_t)(p - j->at) };
        j->at = p;
        return TOKEN_NUMBER;

wrong:
        j->at = p;
        return TOKEN_ERROR;
}

static inline enum json_token literal(struct json *j, struct str word, enum json_token token) {
        if (!str_starts((struct str){ j->at, (size_t)(j->end - j->at) }, word))
                return TOKEN_ERROR;
        j->at += word.n;
        return token;
}

static inline enum json_token single(struct json *j, enum json_token token) {
        ++j->at;
        return token;
}

static inline bool is_white(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static inline enum json_token next(struct json *j, bool decode) {
        while (j->at < j->end && is_white(*j->at))
                ++j->at;
        j->start = j->at;
        if (j->at == j->end)
                return TOKEN_END;

        switch (*j->at) {
        case '"': return string(j, decode);
        case ':': return single(j, TOKEN_COLON);
        case ',': return single(j, TOKEN_COMMA);
        case '{': return single(j, TOKEN_OBJECT);
        case '}': return single(j, TOKEN_OBJECT_END);
        case '[': return single(j, TOKEN_ARRAY);
        case ']': return single(j, TOKEN_ARRAY_END);
        case 't': return literal(j, STR_C("true"), TOKEN_TRUE);
        case 'f': return literal(j, STR_C("false"), TOKEN_FALSE);
        case 'n': return literal(j, STR_C("null"), TOKEN_NULL);
        case '-':
        case '0':
        case '1':
        case '2':
        case '3':
        case '4':
        case '5':
        case '6':
        case '7':
        case '8':
        case '9': return number(j);
        default: return TOKEN_ERROR;
        }
}

void json_init(struct json *j, struct arena *arena, struct str text) {
        const char *p = text.p ? text.p : "";

        *j = (struct json){ .at = p, .start = p, .end = p + text.n, .arena = arena, .most = SIZE_MAX };
}

enum json_token json_next(struct json *j) {
        j->bad_utf8 = j->nul = false;
        return next(j, true);
}

/* What is open around the value being skipped: a bit each, set for an object. */
struct nest {
        unsigned char objects[DEPTH_MOST / 8];
        unsigned open;
};

static void nest_push(struct nest *n, bool object) {
        unsigned bit = 1u << n->open % 8;

        if (object)
                n->objects[n->open / 8] |= (unsigned char)bit;
        else
                n->objects[n->open / 8] &= (unsigned char)~bit;
        ++n->open;
}

static bool nest_in_object(const struct nest *n) {
        return n->objects[(n->open - 1) / 8] >> (n->open - 1) % 8 & 1;
}

/* A key, given as @token, and its colon. Returns the first token of the value, or TOKEN_ERROR. */
static enum json_token skip_key(struct json *j, enum json_token token) {
        if (token != TOKEN_STRING || next(j, false) != TOKEN_COLON)
                return TOKEN_ERROR;
        return next(j, false);
}

/* Behind a value: closes what closes. Returns the first token of the next value, TOKEN_END when nothing is open any
 * more, or TOKEN_ERROR. */
static enum json_token skip_behind(struct json *j, struct nest *nest) {
        while (nest->open > 0) {
                bool object = nest_in_object(nest);
                enum json_token token = next(j, false);

                if (token == TOKEN_COMMA)
                        return object ? skip_key(j, next(j, false)) : next(j, false);
                if (token != (object ? TOKEN_OBJECT_END : TOKEN_ARRAY_END))
                        return TOKEN_ERROR;
                --nest->open;
        }
        return TOKEN_END;
}

int json_skip(struct json *j, enum json_token token, unsigned depth, unsigned max) {
        struct nest nest;

        assert(max <= DEPTH_MOST);
        nest.open = 0;
        do {
                if (++j->values > j->most)
                        return -E2BIG;
                switch (token) {
                case TOKEN_OBJECT:
                case TOKEN_ARRAY:
                        if (depth + nest.open >= max)
                                return -ELOOP;
                        nest_push(&nest, token == TOKEN_OBJECT);
                        token = next(j, false);
                        if (token == TOKEN_OBJECT_END || token == TOKEN_ARRAY_END) {
                                if ((token == TOKEN_OBJECT_END) != nest_in_object(&nest))
                                        return -EINVAL;
                                --nest.open;
                                token = skip_behind(j, &nest);
                        } else if (nest_in_object(&nest)) {
                                token = skip_key(j, token);
                        }
                        break;
                case TOKEN_STRING:
                case TOKEN_NUMBER:
                case TOKEN_TRUE:
                case TOKEN_FALSE:
                case TOKEN_NULL: token = skip_behind(j, &nest); break;
                default: return -EINVAL;
                }
        } while (token != TOKEN_END || nest.open > 0);
        return 0;
}
