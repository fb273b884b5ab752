#include "engine-view.h"
#include "docksill/base/cleanup.h"
#include <errno.h>

#define CHANGES_MOST 100000

static struct str text_of(struct arena *arena, const json_t *value) {
        struct str s = { json_string_value(value), json_string_length(value) };

        return s.n && arena_str(arena, s, &s) == 0 ? s : (struct str){ 0 };
}

/* -- top -- */

static size_t column_of(const json_t *titles, const char *name) {
        size_t n = json_array_size(titles);

        for (size_t i = 0; i < n; ++i) {
                const char *title = json_string_value(json_array_get(titles, i));

                if (title && strcmp(title, name) == 0)
                        return i;
        }
        return n;
}

void engine_take_top(struct observed *o, const json_t *answer) {
        const json_t *titles = json_object_get(answer, "Titles"), *rows = json_object_get(answer, "Processes"), *row;
        size_t pid = column_of(titles, "PID"), i;

        json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
                int64_t number;

                if (str_int(text_of(o->arena, json_array_get(row, pid)), &number) == 0 && number > 0)
                        ARENA_ADD(o->arena, &o->pids_told, number);
        }
}

/* -- changes -- */

void engine_take_changes(struct observed *o, const json_t *answer) {
        const json_t *one;
        size_t i;

        /* Of a container that changed nothing it is null. */
        o->changes_told = json_is_array(answer) || json_is_null(answer);
        json_array_foreach((json_t *)(uintptr_t)answer, i, one) {
                json_int_t kind = json_integer_value(json_object_get(one, "Kind"));
                struct observed_change c = { .path = text_of(o->arena, json_object_get(one, "Path")) };

                if (!str_starts(c.path, STR_C("/")) || kind < CHANGE_MODIFIED || kind > CHANGE_DELETED)
                        continue;
                if (o->changes.n == CHANGES_MOST) {
                        observed_unseen(o, "what it wrote: more than %d files; the first were looked at", CHANGES_MOST);
                        return;
                }
                c.kind = (enum change)kind;
                ARENA_ADD(o->arena, &o->changes, c);
        }
}

/* -- stats -- */

static int64_t number_of(const json_t *map, const char *key) {
        const json_t *value = json_object_get(map, key);

        return json_is_integer(value) && json_integer_value(value) >= 0 ? json_integer_value(value) : UNTOLD;
}

static int64_t first_of(int64_t a, int64_t b) {
        return a != UNTOLD ? a : b;
}

void engine_take_stats(struct observed *o, const json_t *answer) {
        const json_t *memory = json_object_get(answer, "memory_stats"), *detail = json_object_get(memory, "stats"),
                     *cpu = json_object_get(answer, "cpu_stats"), *throttling = json_object_get(cpu, "throttling_data");
        int64_t nanoseconds = number_of(json_object_get(cpu, "cpu_usage"), "total_usage");

        o->memory = first_of(o->memory, number_of(memory, "usage"));
        o->memory_peak = first_of(o->memory_peak, number_of(memory, "max_usage")); /* cgroup v1 alone */
        o->cache = first_of(o->cache, first_of(number_of(detail, "total_cache"), number_of(detail, "file")));
        o->memory_hits = first_of(o->memory_hits, number_of(memory, "failcnt"));
        o->pids = first_of(o->pids, number_of(json_object_get(answer, "pids_stats"), "current"));
        o->cpu = first_of(o->cpu, nanoseconds == UNTOLD ? UNTOLD : nanoseconds / 1000);
        o->throttled = first_of(o->throttled, number_of(throttling, "throttled_periods"));
        o->processors = first_of(o->processors, number_of(cpu, "online_cpus"));
}

/* -- image -- */

void engine_take_image(struct observed *o, const json_t *answer) {
        const json_t *config = json_object_get(answer, "Config");
        const char *key;
        json_t *value;

        json_object_foreach(json_object_get(config, "Volumes"), key, value) {
                struct str path;

                if (arena_str(o->arena, str_from(key), &path) == 0)
                        ARENA_ADD(o->arena, &o->image_volumes, path);
        }
}

/* -- asking -- */

struct question {
        const char *what;           /* "which processes it has" */
        const char *before, *after; /* of its id, in the target */
        void (*take)(struct observed *o, const json_t *answer);
};

static const struct question questions[] = {
        { "which processes it has", "/containers/", "/top", engine_take_top },
        { "what it wrote", "/containers/", "/changes", engine_take_changes },
};

static const struct question of_image = { "what its image says", "/images/", "/json", engine_take_image };

static void say_why(struct observed *o, const struct question *q, const struct engine_answer *answer) {
        json_t *tree = json_loadb(answer->body.p ? answer->body.p : "", answer->body.n, 0, NULL);
        const char *message = json_string_value(json_object_get(tree, "message"));

        if (message)
                observed_unseen(o, "%s: the engine says: %.500s", q->what, message);
        else
                observed_unseen(o, "%s: the engine answers with status %ld", q->what, answer->status);
        json_decref(tree);
}

static void take(struct observed *o, const struct question *q, const struct engine_answer *answer) {
        json_t *tree;

        if (answer->status != 200) {
                say_why(o, q, answer);
                return;
        }
        tree = json_loadb(answer->body.p ? answer->body.p : "", answer->body.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        if (!tree)
                observed_unseen(o, "%s: the engine's answer is no JSON", q->what);
        else
                q->take(o, tree);
        json_decref(tree);
}

static int ask(struct observed *o, struct engine_api *engine, const struct question *q, struct str id) {
        struct engine_answer answer = { 0 };
        cleanup_(text_deinit) struct text target;
        int r = -ENOMEM;

        text_init(&target);
        text_addz(&target, q->before);
        engine_target_add(&target, id);
        text_addz(&target, q->after);
        if (!target.failed)
                r = engine_api_call(engine, &answer,
                                    &(struct engine_call){ .method = "GET", .target = text_str(&target) });
        if (r == -EFBIG) {
                observed_unseen(o, "%s: the engine's answer is too large", q->what);
                r = 0;
        } else if (r == 0) {
                take(o, q, &answer);
        }
        engine_answer_deinit(&answer);
        return r;
}

static void take_state(struct observed *o, const json_t *answer) {
        o->gone = !json_is_true(json_object_get(json_object_get(answer, "State"), "Running"));
}

int engine_view(struct observed *o, struct engine_api *engine, struct str image) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(questions); ++i)
                r = ask(o, engine, &questions[i], o->id);
        return r == 0 && image.n ? ask(o, engine, &of_image, image) : r;
}

int engine_view_end(struct observed *o, struct engine_api *engine) {
        static const struct question state = { "whether it still runs", "/containers/", "/json", take_state },
                                     stats = { "what it uses", "/containers/", "/stats?stream=false&one-shot=true",
                                               engine_take_stats };
        bool counted = o->memory != UNTOLD && o->pids != UNTOLD && o->cpu != UNTOLD;
        int r = counted ? 0 : ask(o, engine, &stats, o->id);

        o->gone = true; /* unless it says otherwise */
        return r == 0 ? ask(o, engine, &state, o->id) : r;
}
