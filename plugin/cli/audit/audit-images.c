/*
 * Images, used and unused: each name of one is judged by the rules that look at nothing but the image, as a create of a
 * container of it would be, and beside those as its push would be.
 */
#include "engine-text.h"
#include "recreated.h"
#include <errno.h>

#define MEMORY ((size_t)64 * 1024 * 1024)

static json_int_t users_of(const struct auditing *a, struct str id) {
        return json_integer_value(json_object_get(a->users, id.p));
}

static int detail_of(struct auditing *a, struct text *out, struct str id) {
        json_int_t n = users_of(a, id);

        if (!a->containers)
                return 0;
        if (n)
                text_addf(out, "used by %" JSON_INTEGER_FORMAT " container%s", n, n == 1 ? "" : "s");
        else
                text_addz(out, "unused");
        return out->failed ? -ENOMEM : 0;
}

/* "registry:5000/web:1.2": the tag behind the last colon, unless that is a port's. */
static struct str cut_tag(struct str *name) {
        for (size_t i = name->n; i-- > 0 && name->p[i] != '/';)
                if (name->p[i] == ':') {
                        struct str tag = str_skip(*name, i + 1);

                        *name = str_first(*name, i);
                        return tag;
                }
        return (struct str){ "", 0 };
}

/* A part of the path for each part of the name: what is no image's name is none of another call's either. */
static void add_name(struct text *target, struct str name) {
        while (name.p) {
                engine_target_add(target, str_cut(&name, '/'));
                if (name.p)
                        text_add_char(target, '/');
        }
}

static int judge_push(struct auditing *a, struct recreated r, struct arena *arena, size_t *index) {
        struct str name = r.subject.name, tag = cut_tag(&name);
        struct text target;

        text_init_arena(&target, arena);
        text_addz(&target, "/v1.41/images/");
        add_name(&target, name);
        text_addz(&target, "/push?tag=");
        engine_target_add(&target, tag);
        text_add_char(&target, '\0');
        if (target.failed)
                return -ENOMEM;
        r.target = target.p;
        r.body = NULL;
        r.beside = "container.create";
        return recreated_judge(a, &r, arena, index);
}

/* As registries know it, "web@sha256:…": then its rules speak of the image, and not of how somebody asks for it.
 * Locally built ones have no such name. */
static struct str pinned(const json_t *digests, struct str name) {
        struct str tag = cut_tag(&name), one;
        const json_t *digest;
        size_t i;

        json_array_foreach(digests, i, digest) {
                one = json_is_string(digest) ? str_from(json_string_value(digest)) : (struct str){ "", 0 };
                if (one.n > name.n && one.p[name.n] == '@' && str_starts(one, name))
                        return one;
        }
        return tag.n ? (struct str){ name.p, name.n + 1 + tag.n } : name;
}

/* @told: what a file says of it; empty: the engine is asked. */
static int judge(struct auditing *a, const json_t *image, struct str name, bool named, struct str told) {
        cleanup_(arena_deinit) struct arena arena;
        struct str asked = named ? pinned(json_object_get(image, "RepoDigests"), name) : name;
        json_t *body = json_pack("{s:s%}", "Image", asked.p, asked.n);
        struct recreated r = { .area = AREA_IMAGES,
                               .subject = { .kind = STR("image"), .name = name, .id = engine_text(image, "Id") },
                               .target = "/v1.41/containers/create",
                               .body = body,
                               .image = told,
                               .about = GROUP_IMAGE | GROUP_HISTORY | GROUP_ATTESTED };
        size_t index = SIZE_MAX;
        struct text detail;
        int error;

        arena_init(&arena, MEMORY);
        text_init_arena(&detail, &arena);
        error = body ? detail_of(a, &detail, r.subject.id) : -ENOMEM;
        r.subject.detail = text_str(&detail);
        if (error == 0)
                error = recreated_judge(a, &r, &arena, &index);
        if (error == 0 && named && index != SIZE_MAX)
                error = judge_push(a, r, &arena, &index);
        json_decref(body);
        return error;
}

/* By each of its tags, for each is another thing to ask for; else by its digest, else by its id. */
static int judge_names(struct auditing *a, const json_t *one, struct str told) {
        const json_t *names = json_object_get(one, "RepoTags"), *name;
        bool any = false;
        size_t i;
        int r = 0;

        json_array_foreach(names, i, name) {
                const char *text = json_string_value(name);

                if (r < 0 || !text || strcmp(text, "<none>:<none>") == 0)
                        continue;
                any = true;
                r = judge(a, one, str_from(text), true, told);
        }
        name = json_array_get(json_object_get(one, "RepoDigests"), 0);
        if (any || r < 0)
                return r;
        if (json_is_string(name) && !str_starts(str_from(json_string_value(name)), STR_C("<none>")))
                return judge(a, one, str_from(json_string_value(name)), false, told);
        return judge(a, one, engine_text(one, "Id"), false, told);
}

int audit_images(struct auditing *a) {
        size_t i, n = json_array_size(a->images);
        const json_t *one;
        int r = 0;

        json_array_foreach(a->images, i, one) {
                auditing_progress(a, "images", i + 1, n);
                if (r == 0)
                        r = judge_names(a, one, (struct str){ "", 0 });
        }
        auditing_progress(a, "", 0, 0);
        return r;
}

int audit_inspected_image(struct auditing *a, struct str text) {
        json_t *image = json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL);
        int r = -EINVAL;

        if (json_is_array(json_object_get(image, "RepoTags")) && engine_text(image, "Id").n &&
            !json_object_get(image, "HostConfig"))
                r = judge_names(a, image, text);
        json_decref(image);
        return r;
}
