#include "shuffle.h"

static void shuffle(size_t *order, size_t n, struct chance *chance) {
        for (size_t i = 0; i < n; ++i)
                order[i] = i;
        for (size_t i = n; i > 1; --i) {
                size_t j = chance_below(chance, (unsigned)i), swap = order[i - 1];

                order[i - 1] = order[j];
                order[j] = swap;
        }
}

static json_t *object_shuffled(json_t *object, struct chance *chance);

/* Up to its separator, as dockerd cuts it; the last option of a key is the one that counts. */
static size_t option_key(const json_t *option) {
        const char *text = json_string_value(option);
        size_t n = strcspn(text, "=");

        return text[n] ? n : strcspn(text, ":");
}

static bool same_option(const json_t *a, const json_t *b) {
        size_t n = option_key(a);

        return n == option_key(b) && strncmp(json_string_value(a), json_string_value(b), n) == 0;
}

/* Options of one key keep their order among themselves: their places are shuffled, then filled in turn. */
static void keep_options_in_turn(const json_t *options, size_t *order, size_t n) {
        for (size_t i = 0; i < n; ++i)
                for (size_t j = i + 1; j < n; ++j)
                        if (order[j] < order[i] &&
                            same_option(json_array_get(options, order[i]), json_array_get(options, order[j]))) {
                                size_t swap = order[i];

                                order[i] = order[j];
                                order[j] = swap;
                        }
}

/* Lists whose entries are words of a command keep their order, others have none. */
static json_t *array_shuffled(const char *name, json_t *array, struct chance *chance) {
        static const char *const ordered[] = { "Cmd", "Entrypoint", "Test", "Shell", "ConsoleSize", "Capabilities" };
        size_t n = json_array_size(array), order[64];
        json_t *out = json_array();

        assert_true(n <= ARRAY_SIZE(order));
        shuffle(order, n, chance);
        for (size_t i = 0; i < ARRAY_SIZE(ordered); ++i)
                for (size_t j = 0; strcmp(name, ordered[i]) == 0 && j < n; ++j)
                        order[j] = j;
        if (strcmp(name, "SecurityOpt") == 0)
                keep_options_in_turn(array, order, n);
        for (size_t i = 0; i < n; ++i) {
                json_t *item = json_array_get(array, order[i]);

                if (json_typeof(item) == JSON_OBJECT)
                        json_array_append_new(out, object_shuffled(item, chance));
                else
                        json_array_append_new(out, json_deep_copy(item));
        }
        return out;
}

static json_t *object_shuffled(json_t *object, struct chance *chance) {
        size_t n = 0, order[128];
        const char *keys[128], *key;
        json_t *out = json_object(), *value;

        json_object_foreach(object, key, value) {
                assert_true(n < ARRAY_SIZE(keys));
                keys[n++] = key;
        }
        shuffle(order, n, chance);
        for (size_t i = 0; i < n; ++i) {
                key = keys[order[i]];
                value = json_object_get(object, key);
                if (json_typeof(value) == JSON_OBJECT)
                        value = object_shuffled(value, chance);
                else if (json_typeof(value) == JSON_ARRAY)
                        value = array_shuffled(key, value, chance);
                else
                        value = json_deep_copy(value);
                json_object_set_new(out, key, value);
        }
        return out;
}

json_t *json_shuffled(const json_t *body, struct chance *chance) {
        return object_shuffled((json_t *)(uintptr_t)body, chance);
}
