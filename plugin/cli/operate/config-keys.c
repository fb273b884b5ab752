/*
 * Printed from the schemas of the configuration alone: a key that is not shown here is not taken.
 */
#include "config-keys.h"
#include "docksill/cli/config.h"
#include "docksill/cli/invocation.h"
#include "docksill/rules/schema.h"
#include "frame/output.h"
#include "frame/table.h"

#define KEYS_MEMORY (1u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_FORMAT,
        { NULL },
};

static const char *shape_name(enum schema_shape shape) {
        switch (shape) {
        case SHAPE_ANY: return "any";
        case SHAPE_TEXT: return "text";
        case SHAPE_NAME: return "name";
        case SHAPE_FLAG: return "true | false";
        case SHAPE_NUMBER: return "number";
        case SHAPE_CHOICE: return "choice";
        case SHAPE_TEXTS: return "texts";
        case SHAPE_SEQUENCE: return "list";
        case SHAPE_MAP: return "map";
        }
        return "";
}

/* Ends when @add says so, with what it said. */
static int each_key(int (*add)(const char *prefix, const struct schema_key *key, void *to), void *to) {
        for (const struct config_section *s = config_sections; s->prefix; ++s) {
                for (const struct schema_key *key = s->schema->keys; key->name; ++key) {
                        int r = add(s->prefix, key, to);

                        if (r < 0)
                                return r;
                }
        }
        return 0;
}

static int add_row(const char *prefix, const struct schema_key *key, void *to) {
        struct table *t = to;
        struct text values;

        text_init_arena(&values, t->arena);
        if (key->shape != SHAPE_CHOICE)
                text_addz(&values, shape_name(key->shape));
        for (size_t i = 0; key->shape == SHAPE_CHOICE && key->choices[i]; ++i)
                text_addf(&values, "%s%s", i ? " | " : "", key->choices[i]);
        table_addf(t, "%s%s", prefix, key->name);
        table_add(t, text_str(&values));
        table_add(t, str_from(key->doc));
        return 0;
}

static int print_text(const struct command *command) {
        static const char *const titles[] = { "KEY", "VALUE", "MEANING" };
        cleanup_(text_deinit) struct text out;
        cleanup_(arena_deinit) struct arena arena;
        struct table t;

        arena_init(&arena, KEYS_MEMORY);
        table_init(&t, &arena, titles, ARRAY_SIZE(titles));
        (void)each_key(add_row, &t);
        text_init(&out);
        table_render(&t, &out);
        return output_text(command, &out);
}

static int add_json(const char *prefix, const struct schema_key *key, void *to) {
        json_auto_t *choices = json_array();
        json_t *row;

        for (size_t i = 0; choices && key->choices && key->choices[i]; ++i)
                if (json_array_append_new(choices, json_string(key->choices[i])) < 0)
                        return -1;
        row = json_pack("{s:s++, s:s, s:O, s:b, s:s?}", "name", prefix, key->name, "", "type", shape_name(key->shape),
                        "choices", choices, "required", key->required, "doc", key->doc);
        return json_array_append_new(to, row);
}

static json_t *keys_json(void) {
        json_auto_t *list = json_array();

        if (!list || each_key(add_json, list) < 0)
                return NULL;
        return json_pack("{s:s, s:O}", "schema", "docksill.settings-keys/1", "keys", list);
}

static int run(const struct invocation *in) {
        return in->json ? output_json(in->command, keys_json()) : print_text(in->command);
}

const struct command command_config_keys = {
        .name = "config keys",
        .doc = "List the keys that the configuration file knows.",
        .options = options,
        .run = run,
};
