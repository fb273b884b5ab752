#include "auditing.h"
#include "engine-text.h"
#include <errno.h>
#include <stdio.h>

/* Until it told something; then it may take the time that reads take. */
#define FIRST_SECONDS 10

static const struct {
        const char *name, *title;
} areas[] = {
        [AREA_HOST] = { "host", "Host" },
        [AREA_DAEMON] = { "daemon", "Daemon" },
        [AREA_CONTAINERS] = { "containers", "Containers" },
        [AREA_IMAGES] = { "images", "Images" },
        [AREA_VOLUMES] = { "volumes", "Volumes" },
        [AREA_NETWORKS] = { "networks", "Networks" },
        [AREA_SERVICES] = { "services", "Services" },
        [AREA_SECRETS] = { "secrets", "Secrets" },
        [AREA_CONFIGS] = { "configs", "Configs" },
        [AREA_PLUGINS] = { "plugins", "Plugins" },
        [AREA_SWARM] = { "swarm", "Swarm" },
};

struct str audit_area_name(enum audit_area area) {
        return str_from(areas[area].name);
}

int auditing_begin(struct auditing *a, struct arena *arena) {
        a->checks = ARENA_ARRAY(arena, size_t, ruleset_rules(a->rules).n + 1);
        if (!a->checks)
                return -ENOMEM;
        for (unsigned i = 0; i < AREAS; ++i) {
                if (!a->asked[i])
                        continue;
                a->areas[i] = a->report->areas.n;
                ARENA_ADD(a->report->arena, &a->report->areas,
                          (struct report_area){ .name = str_from(areas[i].name), .title = str_from(areas[i].title) });
        }
        return arena_full(a->report->arena) ? -ENOMEM : 0;
}

void auditing_gap(struct auditing *a, struct str what, struct str why) {
        struct report *r = a->report;

        ARENA_ADD(r->arena, &r->gaps, (struct report_gap){ report_keep(r, what), report_keep(r, why) });
}

size_t auditing_subject(struct auditing *a, enum audit_area area, struct report_subject subject) {
        struct report *r = a->report;

        subject.area = a->areas[area];
        subject.kind = report_keep(r, subject.kind);
        subject.name = report_keep(r, subject.name);
        subject.id = report_keep(r, subject.id);
        subject.detail = report_keep(r, subject.detail);
        subject.unseen = report_keep(r, subject.unseen);
        ARENA_ADD(r->arena, &r->subjects, subject);
        return r->subjects.n ? r->subjects.n - 1 : 0;
}

size_t auditing_only(struct auditing *a, enum audit_area area) {
        const struct report *r = a->report;

        for (size_t i = 0; i < r->subjects.n; ++i)
                if (r->subjects.items[i].area == a->areas[area])
                        return i;
        if (area == AREA_HOST)
                return auditing_subject(a, area, (struct report_subject){ .kind = STR_C("host"), .name = r->host });
        return auditing_subject(a, area,
                                (struct report_subject){ .kind = STR_C("daemon"),
                                                         .name = STR_C("dockerd"),
                                                         .detail = str_from(a->socket) });
}

/* -- asking -- */

/* Who did not answer once would make each further call wait. */
static void fall_silent(struct auditing *a, int error, const struct engine_answer *answer) {
        struct text why;

        text_init_arena(&why, a->report->arena);
        text_addz(&why, "the engine at ");
        text_add_visible(&why, str_from(a->socket), 200);
        text_add_char(&why, ' ');
        engine_reason_add(&why, error, answer);
        a->silent = text_str(&why);
        auditing_gap(a, STR_C("the engine"), a->silent);
}

static void note(struct auditing *a, const char *what, int error, const struct engine_answer *answer) {
        struct text why;

        text_init_arena(&why, a->report->arena);
        text_addz(&why, error == 0 ? "the engine says: " : "the engine ");
        engine_reason_add(&why, error, answer);
        auditing_gap(a, str_from(what), text_str(&why));
}

int auditing_get(struct auditing *a, struct engine_answer *answer, const char *target, const char *what) {
        int r;

        if (!a->engine || a->silent.n)
                return -EIO;
        r = engine_api_call(a->engine, answer,
                            &(struct engine_call){ .method = "GET",
                                                   .target = str_from(target),
                                                   .seconds = a->answered ? 0 : FIRST_SECONDS });
        if (r == 0 && answer->status / 100 == 2) {
                a->answered = true;
                a->seen = a->seen || what;
                return 0;
        }
        if (r == 0 && answer->status == 404)
                return -ENOENT;
        if (r == -EIO || r == -ETIMEDOUT)
                fall_silent(a, r, answer);
        else if (what)
                note(a, what, r, answer);
        return r < 0 ? r : -EACCES;
}

json_t *auditing_get_json(struct auditing *a, const char *target, const char *what) {
        struct engine_answer answer = { 0 };
        bool seen = a->seen;
        json_t *tree = NULL;

        if (auditing_get(a, &answer, target, what) == 0) {
                tree = json_loadb(answer.body.p ? answer.body.p : "", answer.body.n, JSON_ALLOW_NUL, NULL);
                if (!tree && what) {
                        a->seen = seen;
                        auditing_gap(a, str_from(what), STR_C("the engine's answer is no JSON"));
                }
        }
        engine_answer_deinit(&answer);
        return tree;
}

static int count_user(json_t *users, const json_t *container) {
        const char *id = engine_text(container, "ImageID").p;

        return json_object_set_new(users, id, json_integer(json_integer_value(json_object_get(users, id)) + 1));
}

static int take_tags(json_t *tags, const json_t *image) {
        const json_t *tag;
        size_t i;
        int r = 0;

        json_array_foreach(json_object_get(image, "RepoTags"), i, tag) {
                const char *name = json_string_value(tag);

                if (name && !json_object_get(tags, name))
                        r |= json_object_set_new(tags, name, json_string(engine_text(image, "Id").p));
        }
        return r;
}

int auditing_index(struct auditing *a) {
        const json_t *one;
        size_t i;
        int r = 0;

        a->users = json_object();
        a->tags = json_object();
        if (!a->users || !a->tags)
                return -ENOMEM;
        json_array_foreach(a->containers, i, one) r |= count_user(a->users, one);
        json_array_foreach(a->images, i, one) r |= take_tags(a->tags, one);
        return r ? -ENOMEM : 0;
}

void auditing_progress(const struct auditing *a, const char *what, size_t i, size_t n) {
        if (!a->terminal)
                return;
        if (n == 0)
                fprintf(stderr, "\r\033[K");
        else if (i % 10 == 0 || i == n)
                fprintf(stderr, "\r%s: %zu of %zu\033[K", what, i, n);
        fflush(stderr);
}
