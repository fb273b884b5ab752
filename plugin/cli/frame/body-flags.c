#include "body-flags.h"
#include <errno.h>

/* dockerd folds keys. */
json_t *body_member(json_t *object, struct str name) {
        const char *key;
        json_t *value;

        json_object_foreach(object, key, value) {
                if (str_eq_fold(str_from(key), name))
                        return value;
        }
        return NULL;
}

int body_set_member(json_t *object, struct str name, json_t *value) {
        const char *key;
        json_t *old;

        json_object_foreach(object, key, old) {
                if (str_eq_fold(str_from(key), name))
                        return json_object_set_new(object, key, value) < 0 ? -ENOMEM : 0;
        }
        return json_object_setn_new(object, name.p, name.n, value) < 0 ? -ENOMEM : 0;
}

/* A list or a map gets more, all else is replaced. Takes over @value. */
static int merge(json_t *object, struct str name, json_t *value) {
        json_t *old = body_member(object, name);
        int r;

        if (!old || json_is_null(old) || (!json_is_array(value) && !json_is_object(value)))
                return body_set_member(object, name, value);
        if (json_typeof(old) != json_typeof(value))
                r = -EINVAL;
        else
                r = (json_is_array(old) ? json_array_extend(old, value) : json_object_update(old, value)) < 0 ? -ENOMEM
                                                                                                              : 0;
        json_decref(value);
        return r;
}

/* "HostConfig.Memory: 536870912" */
static int apply(json_t *body, struct str member) {
        size_t colon = str_search(member, STR_C(": "));
        struct str path = str_first(member, colon);
        json_t *value, *object = body;

        value = colon < member.n ? json_loadb(member.p + colon + 2, member.n - colon - 2, JSON_DECODE_ANY, NULL) : NULL;
        if (!value)
                return -EINVAL;
        while (str_find(path, '.') < path.n) {
                struct str name = str_cut(&path, '.');
                json_t *inner = body_member(object, name);

                if (!inner || json_is_null(inner)) {
                        inner = json_object();
                        if (body_set_member(object, name, inner) < 0) {
                                json_decref(value);
                                return -ENOMEM;
                        }
                }
                object = inner;
        }
        if (!json_is_object(object)) {
                json_decref(value);
                return -EINVAL;
        }
        return merge(object, path, value);
}

/* One by one, as a client reads them. */
int body_add_flags(json_t *body, const struct flags *flags, struct arena *arena) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < flags->n; ++i) {
                const struct flags one = { .items = &flags->items[i], .n = 1 };
                struct text t;

                text_init_arena(&t, arena);
                if (!flags_add_words(&t, &one, FLAG_API, "; "))
                        return t.failed ? -ENOMEM : -EINVAL;
                r = apply(body, text_str(&t));
        }
        return r;
}
