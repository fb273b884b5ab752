#include "containers.h"
#include "docksill/base/file.h"
#include <errno.h>
#include <stdio.h>

/* Of a file that `docker inspect` printed. */
#define FILE_MOST ((size_t)256 * 1024 * 1024)

/* -- what went wrong -- */

static void add_message(struct text *t, const struct engine_answer *answer) {
        json_t *tree = json_loadb(answer->body.p ? answer->body.p : "", answer->body.n, 0, NULL);
        const char *message = json_string_value(json_object_get(tree, "message"));

        if (message)
                text_add_visible(t, str_trim(str_from(message)), 500);
        else
                text_addf(t, "HTTP status %ld", answer->status);
        json_decref(tree);
}

void engine_reason_add(struct text *t, int error, const struct engine_answer *answer) {
        const char *why = answer && answer->why ? answer->why : error < 0 ? strerror(-error) : NULL;

        if (error == -EIO)
                text_addf(t, "does not answer: %s; is it running, and may you use its socket?", why);
        else if (error == 0 && answer)
                add_message(t, answer);
        else
                text_addf(t, "can't be asked: %s", why ? why : "");
}

int engine_failed(const struct command *command, const char *socket, int error, const struct engine_answer *answer) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        if (error == -ENOTSUP) {
                text_addz(&t, "this docksill was built without libcurl and can't ask an engine; give it a file that "
                              "`docker inspect` printed");
        } else {
                text_addz(&t, "the engine at ");
                text_add_visible(&t, str_from(socket), 200);
                text_addz(&t, error == 0 ? " says: " : " ");
                engine_reason_add(&t, error, answer);
        }
        fprintf(stderr, "docksill %s: %s\n", command->name, t.p && !t.failed ? t.p : "no memory");
        return EXIT_ENVIRONMENT;
}

static int failed(const struct command *command, const char *what, int error) {
        fprintf(stderr, "docksill %s: %s: %s\n", command->name, what, strerror(-error));
        return EXIT_ENVIRONMENT;
}

/* -- one -- */

static int take_text(struct arena *arena, const char *text, struct str *out) {
        *out = STR_C("");
        return text ? arena_str(arena, str_from(text), out) : 0;
}

static int container_fill(struct container *c, struct arena *arena, const struct subject *s) {
        json_t *config = json_object_get(c->inspect, "Config"), *state = json_object_get(c->inspect, "State");
        int r;

        c->name = s->name;
        c->call = s->call;
        c->note = s->note;
        c->running = json_is_true(json_object_get(state, "Running"));
        c->pid = c->running ? json_integer_value(json_object_get(state, "Pid")) : 0;
        r = take_text(arena, json_string_value(json_object_get(c->inspect, "Id")), &c->id);
        if (r == 0)
                r = take_text(arena, json_string_value(json_object_get(config, "Image")), &c->image);
        if (r == 0)
                r = take_text(arena, json_string_value(json_object_get(c->inspect, "Image")), &c->image_id);
        return r;
}

int containers_take(struct containers *out, struct arena *arena, struct str text) {
        struct subjects subjects;
        json_t *tree;
        int r = subjects_read(arena, text, &subjects);

        if (r < 0)
                return r == -ENOMSG ? -EINVAL : r;
        tree = json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL);
        if (!tree || !subjects.inspected || (json_is_array(tree) && json_array_size(tree) != subjects.n))
                r = -EINVAL;
        for (size_t i = 0; r == 0 && i < subjects.n; ++i) {
                struct container *slot = out->n < CONTAINERS_MOST ? ARENA_PUSH(arena, out) : NULL;

                if (!slot) {
                        r = out->n < CONTAINERS_MOST ? -ENOMEM : -E2BIG;
                        break;
                }
                slot->inspect = json_incref(json_is_array(tree) ? json_array_get(tree, i) : tree);
                r = container_fill(slot, arena, &subjects.items[i]);
        }
        json_decref(tree);
        return r;
}

static int by_name(const void *a, const void *b) {
        const struct container *x = a, *y = b;
        int r = str_cmp(x->name, y->name);

        return r ? r : str_cmp(x->id, y->id);
}

static void sort(struct containers *c) {
        if (c->n)
                qsort(c->items, c->n, sizeof(c->items[0]), by_name);
}

/* -- an engine's -- */

struct inquiry {
        struct containers *out;
        struct arena *arena;
        struct engine_api *engine;
        const struct command *command;
        struct engine_answer answer;
};

static int get(struct inquiry *q, const struct text *target) {
        if (target->failed)
                return -ENOMEM;
        return engine_api_call(q->engine, &q->answer,
                               &(struct engine_call){ .method = "GET", .target = text_str(target) });
}

/* @listed: it was there a moment ago. */
static int inspect(struct inquiry *q, const char *name, bool listed) {
        cleanup_(text_deinit) struct text target;
        struct str text;
        int r;

        text_init(&target);
        text_addz(&target, "/containers/");
        engine_target_add(&target, str_from(name));
        text_addz(&target, "/json");
        r = get(q, &target);
        if (r == 0 && q->answer.status == 404 && listed) {
                ++q->out->gone;
                return EXIT_FINE;
        }
        if (r < 0 || q->answer.status != 200)
                return engine_failed(q->command, engine_api_socket(q->engine), r, &q->answer);
        r = arena_str(q->arena, text_str(&q->answer.body), &text);
        if (r == 0)
                r = containers_take(q->out, q->arena, text);
        return r < 0 ? failed(q->command, name, r) : EXIT_FINE;
}

static int inspect_all(struct inquiry *q) {
        cleanup_(text_deinit) struct text target;
        json_t *list, *one;
        size_t i;
        int r;

        text_init(&target);
        text_addz(&target, "/containers/json?all=1");
        r = get(q, &target);
        if (r < 0 || q->answer.status != 200)
                return engine_failed(q->command, engine_api_socket(q->engine), r, &q->answer);
        list = json_loadb(q->answer.body.p, q->answer.body.n, JSON_ALLOW_NUL, NULL);
        if (!json_is_array(list)) {
                json_decref(list);
                return failed(q->command, "the engine's list of containers", -EPROTO);
        }
        r = EXIT_FINE;
        json_array_foreach(list, i, one) {
                const char *id = json_string_value(json_object_get(one, "Id"));

                if (r == EXIT_FINE && id)
                        r = inspect(q, id, true);
        }
        json_decref(list);
        return r;
}

int containers_ask(struct containers *out, struct arena *arena, struct engine_api *engine, const char *const *names,
                   const struct command *command) {
        struct inquiry q = { .out = out, .arena = arena, .engine = engine, .command = command };
        int r = EXIT_FINE;

        if (!names)
                r = inspect_all(&q);
        for (size_t i = 0; r == EXIT_FINE && names && names[i]; ++i)
                r = inspect(&q, names[i], false);
        engine_answer_deinit(&q.answer);
        sort(out);
        return r;
}

int containers_read(struct containers *out, struct arena *arena, const char *path, const struct command *command) {
        struct str text;
        int r = strcmp(path, "-") == 0 ? file_read_fd(arena, STDIN_FILENO, FILE_MOST, &text)
                                       : file_read(arena, path, FILE_MOST, &text);

        if (r == 0)
                r = containers_take(out, arena, text);
        if (r == -EINVAL) {
                fprintf(stderr, "docksill %s: %s: not what `docker inspect` prints of containers\n", command->name,
                        strcmp(path, "-") == 0 ? "standard input" : path);
                return EXIT_ENVIRONMENT;
        }
        if (r < 0)
                return failed(command, path, r);
        sort(out);
        return EXIT_FINE;
}

void containers_deinit(struct containers *c) {
        for (size_t i = 0; i < c->n; ++i)
                json_decref(c->items[i].inspect);
        *c = (struct containers){ 0 };
}
