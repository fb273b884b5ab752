#include "canonical.h"
#include "docksill/base/cleanup.h"
#include <stdio.h>
#include <stdlib.h>

/* Keys of engines later than 20.10, with the API that brought them: the decoders of earlier ones pass over them. */
static bool is_later(const struct gojson_field *field, unsigned api) {
        static const struct {
                const char *name;
                unsigned since;
        } later[] = {
                { "CreateMountpoint", 42 },
                { "ClusterOptions", 42 },
                { "Annotations", 43 },
                { "StartInterval", 44 },
                { "ReadOnlyNonRecursive", 44 },
                { "ReadOnlyForceRecursive", 44 },
                { "DNSNames", 44 },
                { "Subpath", 45 },
                { "ImageOptions", 48 },
                { "GwPriority", 48 },
        };

        for (size_t i = 0; i < ARRAY_SIZE(later); ++i)
                if (str_eqz(field->name, later[i].name))
                        return api < later[i].since;
        /* Options are a map for all but a tmpfs. */
        return str_eqz(field->name, "Options") && field->type->kind == GOJSON_LIST && api < 46;
}

/* Pointers in Go: 0 and false are told from nothing. */
static bool is_pointer(struct str name) {
        static const char *const names[] = { "Init", "MemorySwappiness", "OomKillDisable", "PidsLimit", "StopTimeout" };

        for (size_t i = 0; i < ARRAY_SIZE(names); ++i)
                if (str_eqz(name, names[i]))
                        return true;
        return false;
}

void canonical_string(struct text *t, struct str s) {
        text_add_char(t, '"');
        for (size_t i = 0; i < s.n; ++i) {
                unsigned char c = (unsigned char)s.p[i];

                if (c < 0x20) {
                        text_addf(t, "\\u00%02x", c);
                        continue;
                }
                if (c == '"' || c == '\\')
                        text_add_char(t, '\\');
                text_add_char(t, s.p[i]);
        }
        text_add_char(t, '"');
}

static bool write_value(struct text *t, unsigned api, const struct gojson_type *type, const void *value);

/* What stands in a list or map and can't be left out. */
static void write_item(struct text *t, unsigned api, const struct gojson_type *type, const void *item) {
        if (type->kind == GOJSON_STRUCT) {
                canonical_struct(t, api, type, item);
                return;
        }
        if (write_value(t, api, type, item))
                return;
        switch (type->kind) {
        case GOJSON_STRING: text_addz(t, "\"\""); return;
        case GOJSON_BOOL: text_addz(t, "false"); return;
        case GOJSON_INT:
        case GOJSON_UINT: text_addz(t, "0"); return;
        default: text_addz(t, "null"); return;
        }
}

static void write_list(struct text *t, unsigned api, const struct gojson_type *type, const struct go_list *list) {
        text_add_char(t, '[');
        for (size_t i = 0; i < list->n; ++i) {
                if (i > 0)
                        text_add_char(t, ',');
                write_item(t, api, type->element, gojson_item(list, i, type->element->size));
        }
        text_add_char(t, ']');
}

static int by_key(const void *a, const void *b) {
        return str_cmp(**(const struct str *const *)a, **(const struct str *const *)b);
}

static void write_map(struct text *t, unsigned api, const struct gojson_type *type, const struct go_list *list) {
        size_t size = (sizeof(struct str) + type->element->size + 7) / 8 * 8;
        cleanup_(freep) const struct str **keys = calloc(list->n + 1, sizeof(struct str *));

        if (!keys)
                abort();
        for (size_t i = 0; i < list->n; ++i)
                keys[i] = gojson_item(list, i, size);
        qsort(keys, list->n, sizeof(*keys), by_key);

        text_add_char(t, '{');
        for (size_t i = 0; i < list->n; ++i) {
                if (i > 0)
                        text_add_char(t, ',');
                canonical_string(t, *keys[i]);
                text_add_char(t, ':');
                write_item(t, api, type->element, keys[i] + 1);
        }
        text_add_char(t, '}');
}

static bool write_bool(struct text *t, const struct go_bool *b, bool pointer) {
        if (pointer ? !b->given : !b->value)
                return false;
        text_addz(t, b->value ? "true" : "false");
        return true;
}

static bool write_int(struct text *t, const struct go_int *i, bool pointer) {
        if (pointer ? !i->given : i->value == 0)
                return false;
        text_add_int(t, i->value);
        return true;
}

/* False, and nothing written: it is Go's zero value. */
static bool write_value(struct text *t, unsigned api, const struct gojson_type *type, const void *value) {
        const struct go_list *list = value;
        size_t before = t->n;

        switch (type->kind) {
        case GOJSON_BOOL: return write_bool(t, value, false);
        case GOJSON_INT:
        case GOJSON_UINT: return write_int(t, value, false);
        case GOJSON_STRING:
                if (((const struct go_string *)value)->value.n == 0)
                        return false;
                canonical_string(t, ((const struct go_string *)value)->value);
                return true;
        case GOJSON_LIST:
        case GOJSON_STRSLICE:
                if (!list->given)
                        return false;
                write_list(t, api, type, list);
                return true;
        case GOJSON_MAP:
                if (!list->given)
                        return false;
                write_map(t, api, type, list);
                return true;
        case GOJSON_ANY: return false;
        case GOJSON_STRUCT: break;
        }
        canonical_struct(t, api, type, value);
        if (t->n - before > 2)
                return true;
        text_cut(t, before);
        return false;
}

/* Go has [2]uint: what is missing is 0, what is too much is dropped. */
static bool write_console_size(struct text *t, const struct go_list *list) {
        int64_t size[2] = { 0 };

        for (size_t i = 0; i < list->n && i < 2; ++i)
                size[i] = ((const struct go_int *)gojson_item(list, i, sizeof(struct go_int)))->value;
        if (size[0] == 0 && size[1] == 0)
                return false;
        text_addf(t, "[%lld,%lld]", (long long)size[0], (long long)size[1]);
        return true;
}

static bool write_member(struct text *t, unsigned api, const struct gojson_field *field, const void *value) {
        if (str_eqz(field->name, "ConsoleSize"))
                return write_console_size(t, value);
        if (is_pointer(field->name))
                return field->type->kind == GOJSON_BOOL ? write_bool(t, value, true) : write_int(t, value, true);
        /* Go's decoder of a create makes an empty map of none. */
        if (str_eqz(field->name, "Volumes") && ((const struct go_list *)value)->n == 0)
                return false;
        return write_value(t, api, field->type, value);
}

static int by_name(const void *a, const void *b) {
        return str_cmp((*(const struct gojson_field *const *)a)->name, (*(const struct gojson_field *const *)b)->name);
}

void canonical_struct(struct text *t, unsigned api, const struct gojson_type *type, const void *value) {
        cleanup_(freep) const struct gojson_field **fields = calloc(type->n_fields + 1, sizeof(struct gojson_field *));
        size_t n = 0, before;

        if (!fields)
                abort();
        for (size_t i = 0; i < type->n_fields; ++i)
                if (!type->fields[i].flaw && !is_later(&type->fields[i], api))
                        fields[n++] = &type->fields[i];
        qsort(fields, n, sizeof(*fields), by_name);

        text_add_char(t, '{');
        before = t->n;
        for (size_t i = 0; i < n; ++i) {
                size_t start = t->n;

                if (t->n > before)
                        text_add_char(t, ',');
                canonical_string(t, fields[i]->name);
                text_add_char(t, ':');
                if (!write_member(t, api, fields[i], (const char *)value + fields[i]->at))
                        text_cut(t, start);
        }
        text_add_char(t, '}');
}
