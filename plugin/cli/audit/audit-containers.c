/*
 * Containers, whatever their state, each judged as its create would be today: inspect is turned back into the call that
 * makes such a one, and that takes the road of any call.
 *
 * One at a time, and nothing is kept but what the report has of it.
 */
#include "containers/own-call.h"
#include "docksill/base/file.h"
#include "docksill/wire/gojson.h"
#include "docksill/wire/json.h"
#include "engine-text.h"
#include "recreated.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* What one container may take: its inspect, the call and what the engine is asked beside. */
#define MEMORY ((size_t)256 * 1024 * 1024)

/* -- what the image brought -- */

/* Config of an image, inspected once; NULL: nobody knows. Borrowed. */
static const json_t *image_of(struct auditing *a, struct str id) {
        json_t *kept, *image;
        struct text target;
        char path[160];

        if (!a->bodies || id.n == 0 || id.n > 100)
                return NULL;
        kept = json_object_getn(a->bodies, id.p, id.n);
        if (kept)
                return json_is_null(kept) ? NULL : kept;
        text_init_fixed(&target, path, sizeof(path));
        text_addz(&target, "/images/");
        engine_target_add(&target, id);
        text_addz(&target, "/json");
        image = target.failed ? NULL : auditing_get_json(a, path, NULL);
        kept = image ? json_pack("{s:O?}", "Config", json_object_get(image, "Config")) : NULL;
        json_decref(image);
        json_object_setn_new(a->bodies, id.p, id.n, kept ? kept : json_null());
        return kept;
}

/* -- one -- */

static struct str detail_of(const struct container *c, struct arena *arena) {
        struct str state = engine_text(json_object_get(c->inspect, "State"), "Status");
        struct text detail;

        text_init_arena(&detail, arena);
        text_add(&detail, c->image);
        if (state.n)
                text_addf(&detail, "%s%" STR_FMT, detail.n ? ", " : "", STR_ARG(state));
        return text_str(&detail);
}

/* Returns 0, or -ENOMEM: of the report. */
static int judge(struct auditing *a, const struct container *c, struct arena *arena) {
        struct recreated r = { .area = AREA_CONTAINERS,
                               .subject = { .kind = STR("container"),
                                            .name = c->name.n ? c->name : c->id,
                                            .id = c->id,
                                            .detail = detail_of(c, arena) },
                               .container = c };

        /* Without memory for it there is none for anything else: it is noted there. */
        if (own_call(&r.call, arena, c, image_of(a, c->image_id), a->told.info) < 0)
                r.call = c->call;
        return recreated_judge(a, &r, arena, NULL);
}

/* Of one that was asked for by @id, it alone. */
static bool is_of(const struct containers *told, struct str id) {
        return id.n == 0 || (told->n == 1 && str_eq(told->items[0].id, id));
}

static void note_unseen(struct auditing *a, struct str name, struct str id, int error) {
        struct str why = error == -EINVAL ? STR_C("this is not what engines write of a container")
                                          : STR_C("it needs more memory than one container may have");

        auditing_gap(a, name, why);
        auditing_subject(a, AREA_CONTAINERS,
                         (struct report_subject){ .kind = STR_C("container"), .name = name, .id = id, .unseen = why });
}

/* @id: of the one that an engine was asked for; empty: a file tells. */
static int judge_text(struct auditing *a, struct str text, struct str name, struct str id) {
        cleanup_(arena_deinit) struct arena arena;
        struct containers containers = { 0 };
        struct str kept;
        int r, judged = 0;

        arena_init(&arena, MEMORY);
        r = arena_str(&arena, text, &kept);
        if (r == 0)
                r = containers_take(&containers, &arena, kept);
        if (r == 0 && !is_of(&containers, id))
                r = -EINVAL;
        if (r == -EINVAL && !a->engine)
                r = audit_inspected_image(a, kept);
        if (r < 0)
                note_unseen(a, name, id, r);
        for (size_t i = 0; r == 0 && judged == 0 && i < containers.n; ++i)
                judged = judge(a, &containers.items[i], &arena);
        containers_deinit(&containers);
        return judged;
}

/* -- an engine's -- */

/* A container that others link to (--link) has a name below theirs, too: "/web/db". */
static struct str listed_name(const json_t *one) {
        const json_t *names = json_object_get(one, "Names"), *name;
        size_t i;

        json_array_foreach(names, i, name) {
                const char *p = json_string_value(name);

                if (p && !strchr(p + (*p == '/'), '/'))
                        return str_from(p + (*p == '/'));
        }
        return engine_text(one, "Id");
}

static int inspect(struct auditing *a, struct str id, struct str name) {
        cleanup_(text_deinit) struct text target, what;
        struct engine_answer answer = { 0 };
        int r;

        text_init(&target);
        text_init(&what);
        text_addz(&target, "/containers/");
        engine_target_add(&target, id);
        text_addz(&target, "/json");
        text_addz(&what, "container ");
        text_add(&what, name);
        if (target.failed || what.failed)
                return -ENOMEM;
        r = auditing_get(a, &answer, target.p, what.p);
        if (r == 0) {
                r = judge_text(a, text_str(&answer.body), name, id);
        } else {
                if (r == -ENOENT)
                        auditing_gap(a, text_str(&what), STR_C("it was removed while it was asked for"));
                else
                        auditing_subject(a, AREA_CONTAINERS,
                                         (struct report_subject){ .kind = STR_C("container"),
                                                                  .name = name,
                                                                  .id = id,
                                                                  .unseen = STR_C("the engine did not tell") });
                r = 0;
        }
        engine_answer_deinit(&answer);
        return r;
}

static bool is_wanted(const struct auditing *a, struct str id, struct str name) {
        return !a->container || str_eqz(name, a->container) ||
               (strlen(a->container) >= 4 && str_starts(id, str_from(a->container)));
}

/* Nobody has the name that was asked for; one that is like it may have been meant. */
static void note_missing(struct auditing *a) {
        struct nearest nearest;
        struct text why;
        const json_t *one;
        size_t i;

        nearest_init(&nearest, str_from(a->container));
        json_array_foreach(a->containers, i, one) nearest_offer(&nearest, listed_name(one));
        text_init_arena(&why, a->report->arena);
        text_addz(&why, "the engine has no such container");
        if (nearest_name(&nearest).n)
                text_addf(&why, "; did you mean %" STR_FMT "?", STR_ARG(nearest_name(&nearest)));
        auditing_gap(a, str_from(a->container), text_str(&why));
}

int audit_containers(struct auditing *a) {
        size_t i, n = json_array_size(a->containers), found = 0, nameless = 0;
        const json_t *one;
        int r = 0;

        json_array_foreach(a->containers, i, one) {
                struct str id = engine_text(one, "Id"), name = listed_name(one);

                nameless += id.n == 0;
                if (r < 0 || id.n == 0 || !is_wanted(a, id, name))
                        continue;
                auditing_progress(a, "containers", i + 1, n);
                ++found;
                r = inspect(a, id, name);
        }
        auditing_progress(a, "containers", 0, 0);
        if (nameless && !a->container)
                auditing_gap(a, STR_C("the list of containers"), STR_C("some of it is not what engines write"));
        if (a->container && !found && a->containers)
                note_missing(a);
        return r;
}

/* -- of files -- */

#define FILE_MOST ((size_t)512 * 1024 * 1024)

/* Element by element, so that a large file needs no more memory than it has bytes. */
static int judge_list(struct auditing *a, struct str text, const char *path) {
        cleanup_(arena_deinit) struct arena arena;
        enum json_token token;
        struct json j;
        int r = 0;

        arena_init(&arena, MEMORY);
        json_init(&j, &arena, text);
        token = json_next(&j);
        if (token == TOKEN_OBJECT)
                return judge_text(a, text, str_from(path), (struct str){ 0 });
        if (token != TOKEN_ARRAY) {
                auditing_gap(a, str_from(path), STR_C("this is not what `docker inspect` prints"));
                return 0;
        }
        for (token = json_next(&j); r == 0 && token != TOKEN_ARRAY_END; token = json_next(&j)) {
                const char *from = j.start;

                if (token != TOKEN_OBJECT || json_skip(&j, token, 1, GOJSON_DEPTH) < 0)
                        break;
                r = judge_text(a, (struct str){ from, (size_t)(j.at - from) }, str_from(path), (struct str){ 0 });
                token = json_next(&j);
                if (token != TOKEN_COMMA)
                        break;
        }
        if (r == 0 && token != TOKEN_ARRAY_END)
                auditing_gap(a, str_from(path), STR_C("it ends in the middle: what came before was judged"));
        return r;
}

int audit_inspected(struct auditing *a, const char *path) {
        cleanup_(arena_deinit) struct arena arena;
        struct str text;
        int r;

        arena_init(&arena, FILE_MOST);
        r = strcmp(path, "-") == 0 ? file_read_fd(&arena, STDIN_FILENO, FILE_MOST, &text)
                                   : file_read(&arena, path, FILE_MOST, &text);
        if (r == 0)
                return judge_list(a, text, path);
        auditing_gap(a, str_from(path), str_from(strerror(-r)));
        return 0;
}
