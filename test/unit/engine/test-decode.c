/*
 * What dockerd's own decoder made of 64 create bodies (20.10.24), held against ours: each body is either read as
 * dockerd read it, to the last member, or it is a flaw.
 */
#include "call.h"
#include "read/create.h"

static json_t *dump(const struct gojson_type *type, const void *value);

static json_t *dump_struct(const struct gojson_type *type, const void *value) {
        json_t *out = json_object();

        for (size_t i = 0; i < type->n_fields; ++i) {
                const struct gojson_field *field = &type->fields[i];
                json_t *member = field->flaw ? NULL : dump(field->type, (const char *)value + field->at);

                if (member)
                        assert_int_equal(json_object_set_new(out, field->name.p, member), 0);
        }
        return out;
}

static json_t *dump_string(struct str s) {
        json_t *out = json_stringn(s.p ? s.p : "", s.n);

        assert_non_null(out);
        return out;
}

/* An item stays whatever it is: a null in a list of strings is "". */
static json_t *dump_item(const struct gojson_type *type, const void *item) {
        if (type->kind == GOJSON_STRING)
                return dump_string(((const struct go_string *)item)->value);
        if (type->kind == GOJSON_STRUCT)
                return dump_struct(type, item);
        return dump(type, item);
}

static json_t *dump_list(const struct gojson_type *type, const struct go_list *list) {
        json_t *out = json_array();

        for (size_t i = 0; i < list->n; ++i)
                json_array_append_new(out, dump_item(type->element, gojson_item(list, i, type->element->size)));
        return out;
}

static json_t *dump_map(const struct gojson_type *type, const struct go_list *list) {
        size_t size = (sizeof(struct str) + type->element->size + 7) / 8 * 8;
        json_t *out = json_object();

        for (size_t i = 0; i < list->n; ++i) {
                const char *entry = gojson_item(list, i, size);
                const struct str *key = (const void *)entry;
                char name[64];

                assert_true(key->n < sizeof(name));
                memcpy(name, key->p, key->n);
                name[key->n] = '\0';
                json_object_set_new(out, name, dump_item(type->element, entry + sizeof(struct str)));
        }
        return out;
}

/* NULL for Go's zero value, which the cases leave out; [] is not zero, a map or struct without anything is. */
static json_t *dump(const struct gojson_type *type, const void *value) {
        const struct go_list *list = value;
        json_t *out;

        switch (type->kind) {
        case GOJSON_BOOL: return ((const struct go_bool *)value)->value ? json_true() : NULL;
        case GOJSON_INT:
        case GOJSON_UINT:
                return ((const struct go_int *)value)->value ? json_integer(((const struct go_int *)value)->value)
                                                             : NULL;
        case GOJSON_STRING: {
                struct str s = ((const struct go_string *)value)->value;

                return s.n > 0 ? dump_string(s) : NULL;
        }
        case GOJSON_LIST:
        case GOJSON_STRSLICE: return list->given ? dump_list(type, list) : NULL;
        case GOJSON_MAP: return list->n > 0 ? dump_map(type, list) : NULL;
        case GOJSON_ANY: return NULL;
        case GOJSON_STRUCT: break;
        }
        out = dump_struct(type, value);
        if (json_object_size(out) > 0)
                return out;
        json_decref(out);
        return NULL;
}

static size_t read_alike;

static void compare(const json_t *line, const struct create_body *body) {
        json_t *config = dump_struct(&create_body_type, body), *host = json_null();
        char *is, *wanted;

        if (body->host_config.given) {
                host = dump_struct(&host_config_type, &body->host_config);
                if (!json_object_get(host, "NetworkMode"))
                        json_object_set_new(host, "NetworkMode", json_string("default"));
        }
        json_object_del(config, "HostConfig");
        json_object_del(config, "NetworkingConfig");

        is = json_dumps(config, JSON_SORT_KEYS | JSON_ENCODE_ANY);
        wanted = json_dumps(json_object_get(line, "config"), JSON_SORT_KEYS | JSON_ENCODE_ANY);
        assert_string_equal(is, wanted);
        free(is);
        free(wanted);
        is = json_dumps(host, JSON_SORT_KEYS | JSON_ENCODE_ANY);
        wanted = json_dumps(json_object_get(line, "hostconfig"), JSON_SORT_KEYS | JSON_ENCODE_ANY);
        assert_string_equal(is, wanted);
        free(is);
        free(wanted);
        json_decref(config);
        json_decref(host);
        ++read_alike;
}

static void check(const json_t *line) {
        const char *base64 = json_string_value(json_object_get(line, "body"));
        struct envelope e = { .body = { { base64, strlen(base64) }, true } };
        struct create_body body = { 0 };
        struct flaws flaws = { 0 };
        struct gojson_report report = { .flaws = &flaws };
        struct arena arena;
        struct str text;

        arena_init(&arena, 1 << 20);
        assert_int_equal(envelope_body(&e, &arena, &flaws, &text), 0);
        assert_int_equal(gojson_decode(&body, &create_body_type, &arena, &report, text, STR_C("")), 0);
        if (!flaws_any(&flaws)) {
                /* What dockerd can't read must be a flaw. */
                if (json_string_value(json_object_get(line, "error")))
                        fail_msg("%s: dockerd refuses it", json_string_value(json_object_get(line, "title")));
                compare(line, &body);
        }
        arena_deinit(&arena);
}

static void reads_bodies_as_dockerd_does_or_not_at_all(void **state) {
        (void)state;
        assert_int_equal(corpus_each("corpus/decode.jsonl", check), 64);
        /* Not by calling everything a flaw. */
        assert_int_equal(read_alike, 19);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(reads_bodies_as_dockerd_does_or_not_at_all),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
