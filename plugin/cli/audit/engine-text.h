#pragma once
/*
 * engine-text: a text in the engine's JSON.
 */
#include "docksill/base/str.h"
#include <jansson.h>

/* Empty: there is none. A view of @object's. */
static inline struct str engine_text(const json_t *object, const char *key) {
        const json_t *text = json_object_get(object, key);

        return json_is_string(text) ? (struct str){ json_string_value(text), json_string_length(text) }
                                    : (struct str){ "", 0 };
}
