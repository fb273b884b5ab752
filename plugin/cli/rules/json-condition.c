/*
 * What `when:` may hold: facts by their names, each with the operators that fit its type. What for_each calls an
 * element is anybody's choice, so of such a name the members are not known here; the first parts of facts' names it
 * can't have.
 */
#include "docksill/engine/facts.h"
#include "docksill/rules/operator.h"
#include "json-schema.h"
#include <string.h>

#define ELEMENT     "element-test" /* of a name that for_each gives */
#define ANY_TYPE    FACT_TYPES
#define NUMBER_TEST FACT_INT

/* "test-image-reference" of "image reference". */
static void name_of(enum fact_type type, char *out, size_t size) {
        struct text t;

        if (type == ANY_TYPE) {
                memcpy(out, ELEMENT, sizeof(ELEMENT));
                return;
        }
        text_init_fixed(&t, out, size);
        text_addf(&t, "test-%s", fact_type_name(type));
        for (char *c = out; *c; ++c)
                if (*c == ' ')
                        *c = '-';
}

/* The number of a set is a number, or asked for as one. */
static json_t *size_operand(void) {
        char name[64];

        name_of(NUMBER_TEST, name, sizeof(name));
        return json_pack("{s:[{s:o}]}", "allOf", "$ref", json_schema_reference(name));
}

static json_t *operand(enum operator_takes takes) {
        switch (takes) {
        case TAKES_ONE: return json_schema_scalar();
        case TAKES_MANY:
        case TAKES_GLOB:
        case TAKES_REGEX: return json_schema_scalars();
        case TAKES_TWO:
                return json_pack("{s:s, s:o, s:i, s:i}", "type", "array", "items", json_schema_scalar(), "minItems", 2,
                                 "maxItems", 2);
        case TAKES_FLAG: return json_pack("{s:s}", "type", "boolean");
        case TAKES_SIZE: return size_operand();
        }
        return NULL;
}

/* {operator: operand} of those that fit. */
static json_t *operators(enum fact_type type) {
        json_auto_t *properties = json_object();
        struct operator_view o;

        for (size_t i = 0; operator_at(i, &o); ++i) {
                json_t *one;

                if (type != ANY_TYPE && !operator_fits(i, type))
                        continue;
                one = operand(o.takes);
                if (json_object_set_new(properties, o.name.p, one) < 0 ||
                    json_object_set_new(one, "description", json_string(o.doc)) < 0)
                        return NULL;
        }
        return json_pack("{s:s, s:O, s:b, s:i}", "type", "object", "properties", properties, "additionalProperties", 0,
                         "minProperties", 1);
}

/* What stands for eq. Of a set some element is asked for; a list has none that could be written. */
static json_t *literal(enum fact_type type) {
        switch (type) {
        case FACT_BOOL:
                return json_pack("{s:[{s:s},{s:s,s:s}]}", "anyOf", "type", "boolean", "type", "string", "pattern",
                                 "^(true|false|\\$.+)$");
        case FACT_LIST: return NULL;
        default: return json_schema_scalar();
        }
}

static int define_test(json_t *definitions, enum fact_type type) {
        char name[64];
        json_t *eq = literal(type);

        name_of(type, name, sizeof(name));
        return json_object_set_new(definitions, name,
                                   eq ? json_pack("{s:[o,o]}", "anyOf", eq, operators(type)) : operators(type));
}

static int add_fact(json_t *properties, json_t *names, const struct fact *f) {
        char name[64];

        name_of(f->type, name, sizeof(name));
        return json_object_set_new(properties, f->name.p,
                                   json_pack("{s:s, s:[{s:o}]}", "description", f->doc, "allOf", "$ref",
                                             json_schema_reference(name))) < 0 ||
                               json_array_append_new(names, json_string(f->name.p)) < 0
                       ? -1
                       : 0;
}

static int add_joint(json_t *properties, json_t *names, const char *name, json_t *of) {
        return json_object_set_new(properties, name, of) < 0 || json_array_append_new(names, json_string(name)) < 0 ? -1
                                                                                                                    : 0;
}

static json_t *conditions(void) {
        return json_pack("{s:s, s:{s:o}}", "type", "array", "items", "$ref", json_schema_reference("condition"));
}

/* "^(?!(container|daemon|…)[.])…$": no fact is called so, so it must be an element's. */
static json_t *element_names(void) {
        cleanup_(text_deinit) struct text t;
        struct str last = { 0 };

        text_init(&t);
        text_addz(&t, "^(?!(");
        for (size_t i = 0; i < fact_table_n; ++i) {
                struct str first = str_first(fact_table[i].name, str_find(fact_table[i].name, '.'));

                if (str_eq(first, last))
                        continue;
                text_addf(&t, "%s%" STR_FMT, last.n ? "|" : "", STR_ARG(first));
                last = first;
        }
        text_addz(&t, ")([.]|$))[a-z][a-z0-9_]*([.][a-z0-9_]+)*$");
        return t.failed ? NULL : json_pack("{s:s}", "pattern", t.p);
}

int json_condition_define(json_t *definitions) {
        json_auto_t *properties = json_object(), *names = json_array();

        if (add_joint(properties, names, "all", conditions()) < 0 ||
            add_joint(properties, names, "any", conditions()) < 0 ||
            add_joint(properties, names, "not",
                      json_pack("{s:[{s:o}]}", "allOf", "$ref", json_schema_reference("condition"))) < 0)
                return -1;
        for (size_t i = 0; i < fact_table_n; ++i)
                if (add_fact(properties, names, &fact_table[i]) < 0)
                        return -1;
        if (json_object_set_new(definitions, "condition",
                                json_pack("{s:s, s:O, s:{s:o}, s:{s:[{s:O},o]}}", "type", "object", "properties",
                                          properties, "additionalProperties", "$ref", json_schema_reference(ELEMENT),
                                          "propertyNames", "anyOf", "enum", names, element_names())) < 0)
                return -1;
        for (enum fact_type type = 0; type <= ANY_TYPE; ++type)
                if (define_test(definitions, type) < 0)
                        return -1;
        return 0;
}
