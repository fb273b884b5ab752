#include "inventory.h"
#include "engine-text.h"
#include <errno.h>

#define INSPECTED_MOST 1000 /* containers whose image's name the list no longer tells */

struct inventory {
        struct auditing *audit;
        struct facts *facts;
        struct host_gaps *gaps;
        struct arena *arena;
        const json_t *images, *containers;
};

static const char *text_of(const json_t *object, const char *key) {
        const char *text = json_string_value(json_object_get(object, key));

        return text ? text : "";
}

static bool is_used(const struct inventory *in, const char *id) {
        return json_object_get(in->audit->users, id);
}

static void count(struct inventory *in) {
        struct facts *f = in->facts;
        const json_t *one;
        size_t i;

        f->host.images.value = (int64_t)json_array_size(in->images);
        json_array_foreach(in->images, i, one) f->host.images_unused.value += !is_used(in, text_of(one, "Id"));
        json_array_foreach(in->containers, i, one) f->host.containers_stopped.value +=
                strcmp(text_of(one, "State"), "running") != 0;
}

/* The image that the tag stands for; NULL: none has it. */
static const char *image_of_tag(const struct inventory *in, const char *tag) {
        return json_string_value(json_object_get(in->audit->tags, tag));
}

static struct str kept(const struct inventory *in, const char *text) {
        struct str copy = { 0 };

        if (arena_str(in->arena, str_from(text), &copy) < 0)
                arena_refuse(in->arena);
        return copy;
}

/* "web" is web:latest; what has a digest stands for one image for ever. */
static void judge(struct inventory *in, const json_t *inspect) {
        const char *name = text_of(json_object_get(inspect, "Config"), "Image"), *now;
        const char *colon = strrchr(name, ':'), *slash = strrchr(name, '/');
        struct stale_container_fact one = { .origin = { 0 } };
        struct text tag;

        text_init_arena(&tag, in->arena);
        text_addf(&tag, "%s%s", name, colon && (!slash || colon > slash) ? "" : ":latest");
        if (tag.failed || strchr(name, '@') || strncmp(name, "sha256:", 7) == 0)
                return;
        now = image_of_tag(in, tag.p);
        if (!now || strcmp(now, text_of(inspect, "Image")) == 0)
                return;
        one.name.value = kept(in, text_of(inspect, "Name") + (text_of(inspect, "Name")[0] == '/'));
        one.image.value = kept(in, name);
        one.origin.key = one.name.value;
        FACT_ADD(in->arena, &in->facts->host.stale_containers, one);
}

/* Returns 0, -ENOENT (it was removed) or another errno: nobody knows. */
static int inspect_container(struct inventory *in, struct str id, json_t **out) {
        struct engine_answer answer = { 0 };
        struct text target;
        int r;

        text_init_arena(&target, in->arena);
        text_addz(&target, "/containers/");
        engine_target_add(&target, id);
        text_addz(&target, "/json");
        if (target.failed || id.n != 64)
                return -EINVAL;
        r = auditing_get(in->audit, &answer, target.p, NULL);
        *out = r == 0 ? json_loadb(answer.body.p ? answer.body.p : "", answer.body.n, JSON_ALLOW_NUL, NULL) : NULL;
        engine_answer_deinit(&answer);
        return r == 0 && !*out ? -EPROTO : r;
}

/* Why it could not be told; NULL: it could. The list has an image's name as long as it stands for the container's own
 * image; else its id (moby daemon/list.go).
 */
static const char *find_stale(struct inventory *in) {
        size_t i, inspected = 0;
        const json_t *one;

        json_array_foreach(in->containers, i, one) {
                json_t *inspect;
                int r;

                if (image_of_tag(in, text_of(one, "Image")) || strchr(text_of(one, "Image"), '@'))
                        continue;
                if (++inspected > INSPECTED_MOST)
                        return "too many containers no longer have the name of their image";
                r = inspect_container(in, engine_text(one, "Id"), &inspect);
                if (r == -ENOENT) /* it is gone */
                        continue;
                if (r < 0)
                        return "the engine did not tell of all containers which image they have";
                judge(in, inspect);
                json_decref(inspect);
        }
        return NULL;
}

/* moby api/types/image/manifest.go, of engine 27 on (API 1.47): what lies behind a name, attestations of its build
 * among them. Only where containerd keeps the images: an image of the engine's older stores has no such list. */
static bool is_attested(const json_t *image) {
        const json_t *manifest;
        size_t i;

        json_array_foreach(json_object_get(image, "Manifests"), i,
                           manifest) if (strcmp(text_of(manifest, "Kind"), "attestation") == 0) return true;
        return false;
}

static bool tells_manifests(const struct inventory *in) {
        const json_t *image;
        size_t i;

        json_array_foreach(in->images, i, image) if (json_is_array(json_object_get(image, "Manifests"))) return true;
        return false;
}

static void find_unattested(struct inventory *in) {
        struct fact_set *set = &in->facts->host.images_unattested;
        const json_t *image;
        size_t i;

        json_array_foreach(in->images, i, image) {
                const json_t *tag = json_array_get(json_object_get(image, "RepoTags"), 0);
                const char *name = json_is_string(tag) ? json_string_value(tag) : text_of(image, "Id");

                if (!is_attested(image))
                        fact_set_add(in->arena, set, kept(in, name));
        }
        set->head.state = FACT_KNOWN;
        set->head.given = true;
}

static void set(struct inventory *in, struct fact_head *cell, bool known, struct str why) {
        size_t at = (size_t)((char *)cell - (char *)in->facts);

        cell->state = known ? FACT_KNOWN : FACT_UNKNOWN;
        cell->given = known;
        for (size_t i = 0; !known && i < fact_table_n; ++i)
                if (fact_table[i].at == at)
                        ARENA_ADD(in->arena, in->gaps, (struct host_gap){ &fact_table[i], why, false });
}

static void tell(struct inventory *in) {
        struct fact_head *counts[] = { &in->facts->host.images.head, &in->facts->host.images_unused.head,
                                       &in->facts->host.containers_stopped.head };
        bool told = json_is_array(in->images) && json_is_array(in->containers);
        const char *untold;
        struct str why =
                in->audit->silent.n ? in->audit->silent : STR_C("the engine did not list its images and containers");

        if (told)
                count(in);
        if (told && tells_manifests(in))
                find_unattested(in);
        if (!told)
                set(in, &in->facts->host.images_unattested.head, false, why);
        for (size_t i = 0; i < ARRAY_SIZE(counts); ++i)
                set(in, counts[i], told, why);
        untold = told ? find_stale(in) : why.p;
        set(in, &in->facts->host.stale_containers.head, !untold, str_from(untold));
}

int inventory_tell(struct auditing *a, struct request *request, struct host_gaps *gaps, struct arena *arena) {
        struct inventory in = { .audit = a,
                                .facts = &request->facts,
                                .gaps = gaps,
                                .arena = arena,
                                .images = a->images,
                                .containers = a->containers };

        arena_latch(arena);
        tell(&in);
        return arena_unlatch(arena) ? -ENOMEM : 0;
}
