#include "leftovers.h"
#include <errno.h>
#include <jansson.h>

#define REMOVE_SECONDS 20

struct kind {
        const char *list;      /* GET, without the filter */
        const char *member;    /* of the answer, where the list is; NULL: it is the list */
        const char *id;        /* member of one */
        const char *one, *how; /* DELETE: before the id, behind it */
};

static const struct kind kinds[] = {
        { "/containers/json?all=1&filters=", NULL, "Id", "/containers/", "?force=1&v=1" },
        { "/networks?filters=", NULL, "Id", "/networks/", "" },
        { "/volumes?filters=", "Volumes", "Name", "/volumes/", "" },
};

struct removing {
        struct engine_api *api;
        struct engine_answer *answer;
        const struct owner *own;
        struct leftovers *out;
};

static int call(const struct removing *r, const char *method, const struct text *target) {
        if (target->failed)
                return -ENOMEM;
        return engine_api_call(
                r->api, r->answer,
                &(struct engine_call){ .method = method, .target = text_str(target), .seconds = REMOVE_SECONDS });
}

static bool is_meant(const struct removing *r, const json_t *one) {
        const char *label = json_string_value(json_object_get(json_object_get(one, "Labels"), OWNER_LABEL));

        if (!label)
                return false;
        return r->own ? strcmp(label, r->own->text) == 0 : owner_of(str_from(label)) == OWNER_GONE;
}

/* One that is gone already is removed as well. */
static int remove_one(const struct removing *r, const struct kind *kind, const char *id, unsigned *removed) {
        cleanup_(text_deinit) struct text target;
        int e;

        text_init(&target);
        text_addz(&target, kind->one);
        engine_target_add(&target, str_from(id));
        text_addz(&target, kind->how);
        e = call(r, "DELETE", &target);
        if (e < 0)
                return e;
        if (r->answer->status / 100 == 2)
                ++*removed;
        else if (r->answer->status != 404)
                ++r->out->stuck;
        return 0;
}

static int remove_kind(const struct removing *r, const struct kind *kind, unsigned *removed) {
        cleanup_(text_deinit) struct text target;
        json_auto_t *tree = NULL;
        json_t *list, *one;
        size_t i;
        int e;

        text_init(&target);
        text_addz(&target, kind->list);
        engine_target_add(&target, STR_C("{\"label\":[\"" OWNER_LABEL "\"]}"));
        e = call(r, "GET", &target);
        if (e < 0)
                return e;
        if (r->answer->status != 200)
                return -EPERM;
        tree = json_loadb(r->answer->body.p ? r->answer->body.p : "", r->answer->body.n, 0, NULL);
        list = kind->member ? json_object_get(tree, kind->member) : tree;
        if (!tree || (list && !json_is_array(list) && !json_is_null(list)))
                return -EPROTO;
        json_array_foreach(list, i, one) {
                const char *id = json_string_value(json_object_get(one, kind->id));

                if (e == 0 && id && is_meant(r, one))
                        e = remove_one(r, kind, id, removed);
        }
        return e;
}

int leftovers_remove(struct leftovers *out, struct engine_api *api, struct engine_answer *answer,
                     const struct owner *own) {
        const struct removing r = { api, answer, own, out };
        unsigned *const removed[] = { &out->containers, &out->networks, &out->volumes };
        int e = 0;

        *out = (struct leftovers){ 0 };
        for (size_t i = 0; e == 0 && i < ARRAY_SIZE(kinds); ++i)
                e = remove_kind(&r, &kinds[i], removed[i]);
        return e;
}
