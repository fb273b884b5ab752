/*
 * A walk over the tokens and the type tables at once. It recurses only as deep as the tables nest; what no table
 * describes is passed over by json_skip(), which does not recurse. Places are linked on the stack and spelt only when a
 * flaw or an unknown key has to be named.
 *
 * Functions return 0 to go on (a flaw may have been noted), -EINVAL when the rest can't be read (a flaw says why), and
 * -ENOMEM.
 */
#include "docksill/wire/gojson.h"

#include "docksill/base/text.h"
#include <assert.h>
#include <errno.h>

#define FIELDS_MOST 256
#define PLACE_MOST  200 /* bytes of a place; keys in it are attacker's text */
#define KEY_MOST    64
#define FEW         16         /* keys of a map that are compared each with each */
#define LIST_BYTES  (2u << 20) /* of one list, decoded */
#define ZERO_DEPTH  4          /* objects in objects: the settings of a host have no more */
#define AHEAD       8          /* names that the next key is compared with before it is read */

const struct gojson_type gojson_bool = { .kind = GOJSON_BOOL, .size = sizeof(struct go_bool) };
const struct gojson_type gojson_int64 = { .kind = GOJSON_INT, .bits = 64, .size = sizeof(struct go_int) };
const struct gojson_type gojson_uint64 = { .kind = GOJSON_UINT, .bits = 64, .size = sizeof(struct go_int) };
const struct gojson_type gojson_uint32 = { .kind = GOJSON_UINT, .bits = 32, .size = sizeof(struct go_int) };
const struct gojson_type gojson_uint16 = { .kind = GOJSON_UINT, .bits = 16, .size = sizeof(struct go_int) };
const struct gojson_type gojson_string = { .kind = GOJSON_STRING, .size = sizeof(struct go_string) };
const struct gojson_type gojson_any = { .kind = GOJSON_ANY, .size = sizeof(struct go_any) };
const struct gojson_type gojson_strings = { .kind = GOJSON_LIST,
                                            .size = sizeof(struct go_list),
                                            .element = &gojson_string };
const struct gojson_type gojson_strslice = { .kind = GOJSON_STRSLICE,
                                             .size = sizeof(struct go_list),
                                             .element = &gojson_string };
const struct gojson_type gojson_string_map = { .kind = GOJSON_MAP,
                                               .size = sizeof(struct go_list),
                                               .element = &gojson_string };

_Static_assert(offsetof(struct go_pair, value) == sizeof(struct str), "an entry is a key, then its value");

/* Where we are; from the innermost outwards. */
struct place {
        const struct place *up;
        struct str key; /* of a struct or map; of the outermost: the name of the whole */
        size_t index;
        enum { PLACE_TOP, PLACE_FIELD, PLACE_ENTRY, PLACE_ELEMENT } kind;
};

struct decoder {
        struct json json;
        struct arena *arena;
        struct gojson_report *report;
};

/* A cut never falls inside a UTF-8 sequence. */
static struct str shortened(struct str s, size_t most) {
        size_t n = most;

        if (s.n <= most)
                return s;
        while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
                --n;
        return str_first(s, n);
}

static void spell_key(struct text *t, struct str key) {
        struct str shown = shortened(key, KEY_MOST);

        text_add(t, shown);
        if (shown.n < key.n)
                text_addz(t, "…");
}

static void spell(struct text *t, const struct place *place) {
        if (place->up)
                spell(t, place->up);
        switch (place->kind) {
        case PLACE_TOP: spell_key(t, place->key); break;
        case PLACE_FIELD:
                if (t->n > 0)
                        text_add_char(t, '.');
                spell_key(t, place->key);
                break;
        case PLACE_ENTRY:
                text_add_char(t, '[');
                spell_key(t, place->key);
                text_add_char(t, ']');
                break;
        case PLACE_ELEMENT: text_addf(t, "[%zu]", place->index); break;
        }
}

/* "HostConfig.PortBindings[80/tcp][0].HostPort" in the arena. Without memory it is empty: the flaw counts, not its
 * place. */
static struct str place_name(struct decoder *d, const struct place *place) {
        char buffer[PLACE_MOST + 1];
        struct text t;
        char *name;

        text_init_fixed(&t, buffer, sizeof(buffer));
        spell(&t, place);
        name = arena_try(d->arena, t.n + 1);
        return name ? (struct str){ memcpy(name, buffer, t.n + 1), t.n } : STR_C("");
}

static void note(struct decoder *d, enum flaw flaw, const struct place *place) {
        if (!flaws_have(d->report->flaws, flaw))
                flaws_add(d->report->flaws, flaw, place_name(d, place));
}

/* After a string, or after a value passed over. */
static inline void note_strings(struct decoder *d, const struct place *place) {
        if (d->json.bad_utf8)
                note(d, FLAW_BAD_UTF8, place);
        if (d->json.nul)
                note(d, FLAW_NUL, place);
}

static int malformed(struct decoder *d, const struct place *place) {
        if (d->json.no_memory)
                return -ENOMEM;
        note(d, FLAW_MALFORMED_JSON, place);
        return -EINVAL;
}

static int too_many(struct decoder *d, const struct place *place) {
        note(d, FLAW_TOO_LARGE, place);
        return -EINVAL;
}

static int skip(struct decoder *d, const struct place *place, enum json_token token, unsigned depth) {
        int r = json_skip(&d->json, token, depth, GOJSON_DEPTH);

        note_strings(d, place);
        if (r == -E2BIG)
                return too_many(d, place);
        if (r == -ELOOP) {
                note(d, FLAW_TOO_DEEP, place);
                return -EINVAL;
        }
        return r < 0 ? malformed(d, place) : 0;
}

/* Syntax first: what is no value at all is malformed, whatever was wanted. */
static int mismatch(struct decoder *d, const struct place *place, enum json_token token, unsigned depth) {
        int r = skip(d, place, token, depth);

        if (r == 0)
                note(d, FLAW_WRONG_TYPE, place);
        return r;
}

static int value(struct decoder *d, const struct gojson_type *type, void *out, const struct place *place,
                 enum json_token token, unsigned depth);

static void decode_int(struct decoder *d, const struct gojson_type *type, struct go_int *out,
                       const struct place *place) {
        struct str s = d->json.text;
        int64_t v, most;

        assert(type->bits >= 1 && type->bits <= 64);
        most = type->bits == 64 ? INT64_MAX : (INT64_C(1) << (type->bits - (type->kind == GOJSON_INT))) - 1;
        /* Go's ParseUint refuses any sign, that of -0 too. */
        if (str_int(s, &v) < 0 || v > most || (type->kind == GOJSON_INT ? v < -most - 1 : s.p[0] == '-')) {
                note(d, FLAW_NUMBER_RANGE, place);
                return;
        }
        *out = (struct go_int){ v, true };
}

/* NULL, too, where a few bytes of text for each would fill megabytes that the kernel has to hand out first. */
static void *push(struct decoder *d, struct go_list *list, size_t size) {
        void *items =
                list->n < LIST_BYTES / size ? arena_grow(d->arena, list->items, list->n, &list->capacity, size) : NULL;

        if (!items)
                return NULL;
        list->items = items;
        return (char *)items + list->n++ * size;
}

static int decode_list(struct decoder *d, const struct gojson_type *type, struct go_list *list,
                       const struct place *place, unsigned depth) {
        struct place here = { .up = place, .kind = PLACE_ELEMENT };
        enum json_token token = json_next(&d->json);

        list->given = true;
        if (token == TOKEN_ARRAY_END)
                return 0;
        for (;;) {
                void *item = push(d, list, type->element->size);
                int r = item ? value(d, type->element, item, &here, token, depth + 1) : -ENOMEM;

                if (r < 0)
                        return r;
                if (++d->json.values > GOJSON_VALUES)
                        return too_many(d, &here);
                token = json_next(&d->json);
                if (token == TOKEN_ARRAY_END)
                        return 0;
                if (token != TOKEN_COMMA)
                        return malformed(d, &here);
                token = json_next(&d->json);
                ++here.index;
        }
}

/* Engines up to 28 take "CapAdd": "ALL" for a list of one (moby api/types/strslice). */
static int decode_bare_string(struct decoder *d, struct go_list *list, const struct place *place) {
        struct go_string *item = push(d, list, sizeof(*item));

        note(d, FLAW_BARE_STRING, place);
        if (!item)
                return -ENOMEM;
        *item = (struct go_string){ d->json.text, true };
        list->given = true;
        return 0;
}

/*
 * The key of an object's next member, and the colon. @first: nothing of the object has been read. Returns 1, or 0 at
 * the object's end, or an error. @here gets the key, for places.
 */
static int member(struct decoder *d, struct place *here, bool first) {
        enum json_token token = json_next(&d->json);

        if (token == TOKEN_OBJECT_END)
                return 0;
        if (!first) {
                if (token != TOKEN_COMMA)
                        return malformed(d, here);
                token = json_next(&d->json);
        }
        if (token != TOKEN_STRING)
                return malformed(d, here->up);
        here->key = d->json.text;
        note_strings(d, here);
        if (json_next(&d->json) != TOKEN_COLON)
                return malformed(d, here);
        return 1;
}

static size_t entry_size(const struct gojson_type *element) {
        return (sizeof(struct str) + element->size + 7) / 8 * 8;
}

static int by_bytes(const void *a, const void *b) {
        return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* A few keys are compared each with each; many are sorted, so that four megabytes of keys are no attack. Sorting,
 * unlike a hash table, has no bad keys. Returns 1 when a key stands twice, which then is in @twice. */
static int find_twice(struct decoder *d, const struct go_list *list, size_t size, struct str *twice) {
        struct str *keys;

        if (list->n < 2)
                return 0;
        keys = arena_array(d->arena, list->n, sizeof(*keys));
        if (!keys)
                return -ENOMEM;
        for (size_t i = 0; i < list->n; ++i)
                keys[i] = *(const struct str *)gojson_item(list, i, size);
        if (list->n > FEW)
                qsort(keys, list->n, sizeof(*keys), by_bytes);

        for (size_t i = 1; i < list->n; ++i)
                for (size_t j = list->n > FEW ? i - 1 : 0; j < i; ++j)
                        if (str_eq(keys[i], keys[j])) {
                                *twice = keys[i];
                                return 1;
                        }
        return 0;
}

static int decode_map(struct decoder *d, const struct gojson_type *type, struct go_list *list,
                      const struct place *place, unsigned depth) {
        struct place here = { .up = place, .kind = PLACE_ENTRY };
        size_t size = entry_size(type->element);
        int r;

        list->given = true;
        while ((r = member(d, &here, list->n == 0)) > 0) {
                char *entry = push(d, list, size);

                if (!entry)
                        return -ENOMEM;
                memcpy(entry, &here.key, sizeof(here.key));
                r = value(d, type->element, entry + sizeof(struct str), &here, json_next(&d->json), depth + 1);
                if (r < 0)
                        return r;
                if (++d->json.values > GOJSON_VALUES)
                        return too_many(d, &here);
        }
        if (r < 0)
                return r;
        r = find_twice(d, list, size, &here.key);
        if (r > 0)
                note(d, FLAW_DUPLICATE_KEY, &here);
        return r < 0 ? r : 0;
}

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

/* The field that Go would decode @key into, or n_fields: the one of that very name if there is one, else the first that
 * folds to it. */
static size_t find_field(const struct gojson_type *type, struct str key) {
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

/*
 * Clients send the keys in the order of the struct and leave some out, and most of them write no white space: then the
 * next key is told by comparing it with the names that may come, without reading it as a string first. Passes over the
 * key and its colon. Returns the field, or n_fields: nothing was passed over, and the key has to be read.
 */
static inline size_t expected_field(struct decoder *d, const struct gojson_type *type, size_t from, bool first) {
        const char *p = d->json.at;
        size_t left = (size_t)(d->json.end - p), head = first ? 1 : 2;

        if (left < head || (!first && p[0] != ',') || p[head - 1] != '"')
                return type->n_fields;
        p += head;
        left -= head;
        for (size_t i = from; i < type->n_fields && i < from + AHEAD; ++i) {
                struct str name = type->fields[i].name;

                if (left < name.n + 2 || p[name.n] != '"' || p[name.n + 1] != ':' || !same(p, name.p, name.n))
                        continue;
                d->json.at = p + name.n + 2;
                return i;
        }
        return type->n_fields;
}

/* One that is null says no more than one that is not there, whatever some engine may read by its name. */
static int unknown_key(struct decoder *d, const struct place *here, unsigned depth) {
        struct gojson_report *report = d->report;
        enum json_token token = json_next(&d->json);

        if (token == TOKEN_NULL)
                return skip(d, here, token, depth);
        if (report->n_unknown < GOJSON_UNKNOWN)
                report->unknown[report->n_unknown] = place_name(d, here);
        ++report->n_unknown;
        return skip(d, here, token, depth);
}

/* The fields of one struct that have been met. */
struct seen {
        uint64_t bits[FIELDS_MOST / 64];
};

static bool seen_before(struct seen *seen, size_t i) {
        uint64_t bit = UINT64_C(1) << i % 64, *word = &seen->bits[i / 64];
        bool before = (*word & bit) != 0;

        *word |= bit;
        return before;
}

static inline bool pass_word(struct json *j, struct str word) {
        if (!str_starts((struct str){ j->at, (size_t)(j->end - j->at) }, word))
                return false;
        j->at += word.n;
        return true;
}

static inline bool short_bool(struct json *j, struct go_bool *out) {
        bool yes = pass_word(j, STR_C("true"));

        if (!yes && !pass_word(j, STR_C("false")))
                return false;
        *out = (struct go_bool){ yes, true };
        return true;
}

/* One digit, with nothing behind it that could belong to the number. */
static inline bool short_int(struct json *j, struct go_int *out) {
        const char *p = j->at;

        if (j->end - p < 2 || !ascii_digit(p[0]) || (p[1] != ',' && p[1] != '}'))
                return false;
        ++j->at;
        *out = (struct go_int){ p[0] - '0', true };
        return true;
}

static inline bool short_string(struct json *j, struct go_string *out) {
        const char *p = j->at;

        if (!pass_word(j, STR_C("\"\"")))
                return false;
        *out = (struct go_string){ { p + 1, 0 }, true };
        return true;
}

static inline bool short_list(struct json *j, struct str word, struct go_list *out) {
        if (!pass_word(j, word))
                return false;
        out->given = true;
        return true;
}

/* The values that most members have: null, false, true, 0, "", [], {}. Passes over one of these, and stores it. */
static inline bool short_value(struct json *j, const struct gojson_type *type, void *out) {
        if (pass_word(j, STR_C("null")))
                return true;
        switch (type->kind) {
        case GOJSON_BOOL: return short_bool(j, out);
        case GOJSON_INT:
        case GOJSON_UINT: return type->bits >= 8 && short_int(j, out);
        case GOJSON_STRING: return short_string(j, out);
        case GOJSON_LIST:
        case GOJSON_STRSLICE: return short_list(j, STR_C("[]"), out);
        case GOJSON_MAP: return short_list(j, STR_C("{}"), out);
        default: return false;
        }
}

static bool is_zero(struct json *j, enum json_token token, const struct gojson_type *type, bool empty_counts);

static bool is_zero_struct(struct json *j, const struct gojson_type *type, bool empty_counts) {
        enum json_token token;

        for (token = json_next(j); token == TOKEN_STRING; token = json_next(j)) {
                size_t i = find_field(type, j->text);

                if (i == type->n_fields || json_next(j) != TOKEN_COLON ||
                    !is_zero(j, json_next(j), type->fields[i].type, empty_counts))
                        return false;
                token = json_next(j);
                if (token != TOKEN_COMMA)
                        break;
        }
        return token == TOKEN_OBJECT_END;
}

/* What leaves a field of this type as it was: null, false, 0, "", an empty list or map, and structs of nothing else. */
static bool is_zero(struct json *j, enum json_token token, const struct gojson_type *type, bool empty_counts) {
        if (token == TOKEN_NULL)
                return true;
        switch (type->kind) {
        case GOJSON_BOOL: return token == TOKEN_FALSE;
        case GOJSON_INT:
        case GOJSON_UINT: return token == TOKEN_NUMBER && str_eqz(j->text, "0");
        case GOJSON_STRING: return token == TOKEN_STRING && str_empty(j->text);
        case GOJSON_LIST:
        case GOJSON_STRSLICE: return token == TOKEN_ARRAY && !empty_counts && json_next(j) == TOKEN_ARRAY_END;
        case GOJSON_MAP: return token == TOKEN_OBJECT && json_next(j) == TOKEN_OBJECT_END;
        case GOJSON_STRUCT: return token == TOKEN_OBJECT && is_zero_struct(j, type, empty_counts);
        case GOJSON_ANY: break;
        }
        return false;
}

static void note_unless_zero(struct decoder *d, const struct gojson_field *field, struct str text,
                             const struct place *here) {
        size_t i = find_field(field->zero_in, field->name);
        const struct gojson_type *type = i < field->zero_in->n_fields ? field->zero_in->fields[i].type : &gojson_string;
        struct json j;

        json_init(&j, d->arena, text);
        if (!is_zero(&j, json_next(&j), type, field->empty_counts))
                note(d, (enum flaw)(field->flaw - 1), here);
}

/* The value of a member whose key and colon have been read. */
static int decode_field(struct decoder *d, const struct gojson_field *field, void *out, const struct place *here,
                        unsigned depth, bool again) {
        enum json_token token;
        int r;

        if (!again && short_value(&d->json, field->type, (char *)out + field->at))
                return 0;
        token = json_next(&d->json);
        if (!again) {
                r = value(d, field->type, (char *)out + field->at, here, token, depth);
                if (r == 0 && field->flaw && token != TOKEN_NULL)
                        note_unless_zero(d, field, ((struct go_any *)(void *)((char *)out + field->at))->raw, here);
                return r;
        }
        /* Go would merge the two. The flaw decides, so the second is only looked through. */
        note(d, FLAW_DUPLICATE_KEY, here);
        return skip(d, here, token, depth);
}

static int decode_struct(struct decoder *d, const struct gojson_type *type, void *out, const struct place *place,
                         unsigned depth) {
        struct place here = { .up = place, .kind = PLACE_FIELD };
        struct seen seen = { 0 };
        size_t next = 0;
        int r = 1;

        assert(type->n_fields <= FIELDS_MOST);
        *(bool *)out = true;
        for (bool first = true; r > 0; first = false) {
                size_t i = expected_field(d, type, next, first);

                if (i == type->n_fields) {
                        r = member(d, &here, first);
                        if (r <= 0)
                                return r;
                        i = find_field(type, here.key);
                }
                if (i == type->n_fields) {
                        r = unknown_key(d, &here, depth + 1);
                } else {
                        next = i + 1;
                        here.key = type->fields[i].name;
                        r = decode_field(d, &type->fields[i], out, &here, depth + 1, seen_before(&seen, i));
                }
                r = r < 0 ? r : 1;
        }
        return r;
}

static int decode_any(struct decoder *d, struct go_any *out, const struct place *place, enum json_token token,
                      unsigned depth) {
        const char *from = d->json.start;
        int r = skip(d, place, token, depth);

        if (r < 0)
                return r;
        *out = (struct go_any){ { from, (size_t)(d->json.at - from) }, true };
        return 0;
}

static int container(struct decoder *d, const struct gojson_type *type, void *out, const struct place *place,
                     enum json_token token, unsigned depth) {
        bool object = type->kind == GOJSON_STRUCT || type->kind == GOJSON_MAP;

        if (token != (object ? TOKEN_OBJECT : TOKEN_ARRAY))
                return mismatch(d, place, token, depth);
        if (depth >= GOJSON_DEPTH) {
                note(d, FLAW_TOO_DEEP, place);
                return -EINVAL;
        }
        switch (type->kind) {
        case GOJSON_STRUCT: return decode_struct(d, type, out, place, depth);
        case GOJSON_MAP: return decode_map(d, type, out, place, depth);
        default: return decode_list(d, type, out, place, depth);
        }
}

/* The value whose first token is @token, @depth deep (0: the whole), into @out. null leaves everything as it is: zero.
 */
static int value(struct decoder *d, const struct gojson_type *type, void *out, const struct place *place,
                 enum json_token token, unsigned depth) {
        if (token == TOKEN_NULL)
                return 0;
        switch (type->kind) {
        case GOJSON_BOOL:
                if (token != TOKEN_TRUE && token != TOKEN_FALSE)
                        break;
                *(struct go_bool *)out = (struct go_bool){ token == TOKEN_TRUE, true };
                return 0;
        case GOJSON_INT:
        case GOJSON_UINT:
                if (token != TOKEN_NUMBER)
                        break;
                decode_int(d, type, out, place);
                return 0;
        case GOJSON_STRING:
                if (token != TOKEN_STRING)
                        break;
                note_strings(d, place);
                *(struct go_string *)out = (struct go_string){ d->json.text, true };
                return 0;
        case GOJSON_STRSLICE:
                if (token != TOKEN_STRING)
                        return container(d, type, out, place, token, depth);
                note_strings(d, place);
                return decode_bare_string(d, out, place);
        case GOJSON_STRUCT:
        case GOJSON_LIST:
        case GOJSON_MAP: return container(d, type, out, place, token, depth);
        case GOJSON_ANY: return decode_any(d, out, place, token, depth);
        }
        return mismatch(d, place, token, depth);
}

int gojson_decode(void *out, const struct gojson_type *type, struct arena *arena, struct gojson_report *report,
                  struct str text, struct str top) {
        struct decoder d = { .arena = arena, .report = report };
        struct place here = { .key = top, .kind = PLACE_TOP };
        int r;

        json_init(&d.json, arena, text);
        d.json.most = GOJSON_VALUES;
        r = value(&d, type, out, &here, json_next(&d.json), 0);
        if (r == 0 && json_next(&d.json) != TOKEN_END)
                note(&d, FLAW_TRAILING_DATA, &here);
        if (r == -ENOMEM) {
                note(&d, FLAW_TOO_LARGE, &here);
                return -ENOMEM;
        }
        return 0;
}
