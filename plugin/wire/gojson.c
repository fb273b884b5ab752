/*
 * A walk over the tokens and the type tables at once. It recurses only as deep as the tables nest; what no table
 * describes is passed over by json_skip(), which does not recurse. Places are linked on the stack and spelt only when a
 * flaw or an unknown key has to be named.
 *
 * Functions return 0 to go on (a flaw may have been noted), -EINVAL when the rest can't be read (a flaw says why), and
 * -ENOMEM.
 */
#include "docksill/wire/gojson.h"

#include "docksill/wire/json.h"
#include "field.h"
#include "place.h"
#include "zero.h"
#include <assert.h>
#include <errno.h>

#define FIELDS_MOST 256
#define FEW         16         /* keys of a map that are compared each with each */
#define LIST_BYTES  (2u << 20) /* of one list, decoded */

struct decoder {
        struct json json;
        struct arena *arena;
        struct gojson_report *report;
};

static void note(struct decoder *d, enum flaw flaw, const struct place *place) {
        if (!flaws_have(d->report->flaws, flaw))
                flaws_add(d->report->flaws, flaw, place_name(place, d->arena));
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

/* One that is null says no more than one that is not there, whatever some engine may read by its name. */
static int unknown_key(struct decoder *d, const struct place *here, unsigned depth) {
        struct gojson_report *report = d->report;
        enum json_token token = json_next(&d->json);

        if (token == TOKEN_NULL)
                return skip(d, here, token, depth);
        if (report->n_unknown < GOJSON_UNKNOWN)
                report->unknown[report->n_unknown] = place_name(here, d->arena);
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

static void note_unless_zero(struct decoder *d, const struct gojson_field *field, struct str text,
                             const struct place *here) {
        size_t i = gojson_field_find(field->zero_in, field->name);
        const struct gojson_type *type = i < field->zero_in->n_fields ? field->zero_in->fields[i].type : &gojson_string;
        struct json j;

        json_init(&j, d->arena, text);
        if (!gojson_is_zero(&j, json_next(&j), type, field->empty_counts))
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
                size_t i = gojson_field_expected(&d->json, type, next, first);

                if (i == type->n_fields) {
                        r = member(d, &here, first);
                        if (r <= 0)
                                return r;
                        i = gojson_field_find(type, here.key);
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

/* The value whose first token is @token, @depth deep (0: the whole), into @out. null leaves everything as it is:
 * zero. */
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
