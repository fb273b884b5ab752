/*
 * Containers, whatever their state, each judged as its create would be today: inspect is turned back into the call that
 * makes such a one, and that takes the road of any call.
 *
 * One at a time, and nothing is kept but what the report has of it.
 */
#include "containers/own-call.h"
#include "containers/weigh.h"
#include "docksill/base/file.h"
#include "docksill/decide/decide.h"
#include "docksill/wire/gojson.h"
#include "docksill/wire/json.h"
#include "judged.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* What one container may take: its inspect, the call and what the engine is asked beside. */
#define MEMORY ((size_t)256 * 1024 * 1024)

static const char *text_of(const json_t *object, const char *key) {
        const char *text = json_string_value(json_object_get(object, key));

        return text ? text : "";
}

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
        const char *state = text_of(json_object_get(c->inspect, "State"), "Status");
        struct text detail;

        text_init_arena(&detail, arena);
        text_add(&detail, c->image);
        if (*state)
                text_addf(&detail, "%s%s", detail.n ? ", " : "", state);
        return text_str(&detail);
}

static size_t add_subject(struct auditing *a, const struct container *c, struct arena *arena, const char *unseen) {
        return auditing_subject(a, AREA_CONTAINERS,
                                (struct report_subject){ .kind = STR_C("container"),
                                                         .name = c->name.n ? c->name : c->id,
                                                         .id = c->id,
                                                         .detail = detail_of(c, arena),
                                                         .unseen = str_from(unseen) });
}

static void note_flaw(struct auditing *a, const struct container *c, const struct request *request) {
        if (flaws_any(&request->flaws))
                auditing_gap(a, c->name,
                             STR_C("what it was made with can't be read exactly: its other rules were not "
                                   "asked"));
}

/* Returns 0, or -ENOMEM: of the report. */
static int judge(struct auditing *a, const struct container *c, struct arena *arena) {
        const struct scales scales = { .command = a->command,
                                       .config = a->config,
                                       .engine = a->engine && !a->silent.n ? a->socket : NULL,
                                       .told = a->engine ? &a->told : NULL,
                                       .paths = a->files.live && a->engine,
                                       .at = a->at };
        struct judgement j;
        struct decision findings, answer;
        struct request request;
        struct str call;

        if (own_call(&call, arena, c, image_of(a, c->image_id), a->told.info) < 0 ||
            weigh_read(&request, arena, &scales, call, c) != EXIT_FINE ||
            decide_findings(&findings, a->rules, &request, a->at, arena) < 0) {
                add_subject(a, c, arena, "it needs more memory than one container may have");
                auditing_gap(a, c->name, STR_C("it needs more memory than one container may have"));
                return 0;
        }
        weigh_decide(&answer, arena, a->rules, &request, a->at);
        j = (struct judgement){ .subject = add_subject(a, c, arena, ""), .decision = &findings, .request = &request };
        if (arena_full(a->report->arena))
                return -ENOMEM;
        a->report->subjects.items[j.subject].verdict = verdict_name(answer.would);
        note_flaw(a, c, &request);
        judged_all(a, &j, NULL);
        return arena_full(a->report->arena) ? -ENOMEM : 0;
}

static int judge_text(struct auditing *a, struct str text, struct str name) {
        cleanup_(arena_deinit) struct arena arena;
        struct containers containers = { 0 };
        struct str kept;
        int r;

        arena_init(&arena, MEMORY);
        r = arena_str(&arena, text, &kept);
        if (r == 0)
                r = containers_take(&containers, &arena, kept);
        if (r < 0) {
                const char *why = r == -EINVAL ? "this is not what engines write of a container"
                                               : "it needs more memory than one container may have";

                auditing_gap(a, name, str_from(why));
                auditing_subject(
                        a, AREA_CONTAINERS,
                        (struct report_subject){ .kind = STR_C("container"), .name = name, .unseen = str_from(why) });
                r = 0;
        }
        for (size_t i = 0; r == 0 && i < containers.n; ++i)
                r = judge(a, &containers.items[i], &arena);
        containers_deinit(&containers);
        return r;
}

/* -- an engine's -- */

static struct str listed_name(const json_t *one) {
        const char *name = json_string_value(json_array_get(json_object_get(one, "Names"), 0));

        return str_from(name && *name == '/' ? name + 1 : name ? name : text_of(one, "Id"));
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
                r = judge_text(a, text_str(&answer.body), name);
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

int audit_containers(struct auditing *a) {
        size_t i, n = json_array_size(a->containers), found = 0;
        const json_t *one;
        int r = 0;

        json_array_foreach(a->containers, i, one) {
                struct str id = str_from(text_of(one, "Id")), name = listed_name(one);

                if (r < 0 || id.n == 0 || !is_wanted(a, id, name))
                        continue;
                auditing_progress(a, "containers", i + 1, n);
                ++found;
                r = inspect(a, id, name);
        }
        auditing_progress(a, "containers", 0, 0);
        if (a->container && !found && a->containers)
                auditing_gap(a, str_from(a->container), STR_C("the engine has no such container"));
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
                return judge_text(a, text, str_from(path));
        if (token != TOKEN_ARRAY) {
                auditing_gap(a, str_from(path), STR_C("this is not what `docker inspect` prints"));
                return 0;
        }
        for (token = json_next(&j); r == 0 && token != TOKEN_ARRAY_END; token = json_next(&j)) {
                const char *from = j.start;

                if (token != TOKEN_OBJECT || json_skip(&j, token, 1, GOJSON_DEPTH) < 0)
                        break;
                r = judge_text(a, (struct str){ from, (size_t)(j.at - from) }, str_from(path));
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
