#include "json-schema.h"

#include <string.h>

#define NAME_PATTERN "^[a-z][a-z0-9-]{0,62}$"
#define NUMBER_MOST  1000000

json_t *json_schema_scalar(void) {
        return json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean");
}

json_t *json_schema_scalars(void) {
        return json_pack("{s:[o,{s:s,s:o}]}", "anyOf", json_schema_scalar(), "type", "array", "items",
                         json_schema_scalar());
}

json_t *json_schema_reference(const char *name) {
        return json_sprintf("#/definitions/%s", name);
}

static json_t *of_schema(const struct schema *schema);

static json_t *of_choices(const char *const *choices) {
        json_auto_t *words = json_array();

        for (size_t i = 0; choices[i]; ++i)
                if (json_array_append_new(words, json_string(choices[i])) < 0)
                        return NULL;
        return json_pack("{s:O}", "enum", words);
}

static json_t *of_map(const struct schema_key *key) {
        if (key->of)
                return of_schema(key->of);
        switch (key->holds) {
        case HOLDS_TEXT: return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", json_schema_scalar());
        case HOLDS_TEXTS:
                return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", json_schema_scalars());
        case HOLDS_CONDITION: return json_pack("{s:[{s:o}]}", "allOf", "$ref", json_schema_reference("condition"));
        case HOLDS_ANYTHING: break;
        }
        return json_pack("{s:s}", "type", "object");
}

static json_t *of_shape(const struct schema_key *key) {
        switch (key->shape) {
        case SHAPE_ANY: return json_object();
        case SHAPE_TEXT: return json_schema_scalar();
        case SHAPE_NAME: return json_pack("{s:s, s:s}", "type", "string", "pattern", NAME_PATTERN);
        case SHAPE_FLAG: return json_pack("{s:s}", "type", "boolean");
        case SHAPE_NUMBER: return json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", 0, "maximum", NUMBER_MOST);
        case SHAPE_CHOICE: return of_choices(key->choices);
        case SHAPE_TEXTS: return json_schema_scalars();
        case SHAPE_SEQUENCE:
                return json_pack("{s:s, s:o}", "type", "array", "items", key->of ? of_schema(key->of) : json_object());
        case SHAPE_MAP: return of_map(key);
        }
        return NULL;
}

static json_t *of_key(const struct schema_key *key) {
        json_t *out = of_shape(key);

        if (out && key->doc && json_object_set_new(out, "description", json_string(key->doc)) < 0) {
                json_decref(out);
                return NULL;
        }
        return out;
}

static json_t *of_schema(const struct schema *schema) {
        json_auto_t *properties = json_object(), *required = json_array();

        for (const struct schema_key *key = schema->keys; key->name; ++key) {
                if (json_object_set_new(properties, key->name, of_key(key)) < 0)
                        return NULL;
                if (key->required && json_array_append_new(required, json_string(key->name)) < 0)
                        return NULL;
        }
        if (json_array_size(required) == 0)
                return json_pack("{s:s, s:O, s:b}", "type", "object", "properties", properties, "additionalProperties",
                                 0);
        return json_pack("{s:s, s:O, s:O, s:b}", "type", "object", "properties", properties, "required", required,
                         "additionalProperties", 0);
}

/* The words that every file of this kind begins with. */
static int fix_head(json_t *properties, const struct schema *file) {
        for (const struct schema_key *key = file->keys; key->name; ++key)
                if ((strcmp(key->name, "docksill") == 0 || strcmp(key->name, "kind") == 0) &&
                    json_object_set_new(properties, key->name, json_pack("{s:s}", "const", key->doc)) < 0)
                        return -1;
        return 0;
}

static bool has_conditions(const struct schema *schema) {
        for (const struct schema_key *key = schema->keys; key->name; ++key)
                if (key->holds == HOLDS_CONDITION || (key->of && has_conditions(key->of)))
                        return true;
        return false;
}

json_t *json_schema(const struct schema *file) {
        json_auto_t *out =
                json_pack("{s:s, s:s}", "$schema", "http://json-schema.org/draft-07/schema#", "title", file->what);
        json_auto_t *body = of_schema(file), *definitions = json_object();

        if (!out || !body || !definitions || fix_head(json_object_get(body, "properties"), file) < 0 ||
            json_object_update(out, body) < 0)
                return NULL;
        if (has_conditions(file) &&
            (json_condition_define(definitions) < 0 || json_object_set(out, "definitions", definitions) < 0))
                return NULL;
        return json_incref(out);
}
