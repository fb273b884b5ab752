#include "copies.h"
#include "docksill/base/clock.h"
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#define SECOND (INT64_C(1000000))

/* How often each is looked at, in milliseconds. */
#define PAUSE 100

/* Until a check that did not succeed is made again. */
#define CHECK_PAUSE (SECOND / 2)

/* What creating or starting a container takes at most, with a busy engine, in seconds. */
#define MAKE_SECONDS 60

/* Of a log, and of a folder of which only the first files are looked at. */
#define LOG_MOST     ((size_t)256 * 1024)
#define ARCHIVE_MOST ((size_t)64 * 1024)

/* -- calls -- */

/* Returns 0 or a negative errno; the status is in c->answer. */
static int call(struct copies *c, struct engine_api *api, const char *method, const struct text *target, json_t *body,
                size_t most) {
        cleanup_(freep) char *dump = body ? json_dumps(body, JSON_COMPACT) : NULL;

        if (target->failed || (body && !dump))
                return -ENOMEM;
        return engine_api_call(api, &c->answer,
                               &(struct engine_call){ .method = method,
                                                      .target = text_str(target),
                                                      .body = str_from(dump),
                                                      .seconds = MAKE_SECONDS,
                                                      .most = most });
}

printf_(2, 3) static void target_init(struct text *target, const char *fmt, ...) {
        va_list args;

        text_init(target);
        va_start(args, fmt);
        text_addv(target, fmt, args);
        va_end(args);
}

static json_t *answer_json(const struct copies *c) {
        return json_loadb(c->answer.body.p ? c->answer.body.p : "", c->answer.body.n, 0, NULL);
}

/* "Id" of the answer. False: it has none that is one. */
static bool take_id(const struct copies *c, char *out, size_t size) {
        json_auto_t *tree = answer_json(c);
        struct str id = str_from(json_string_value(json_object_get(tree, "Id")));

        for (size_t i = 0; i < id.n; ++i)
                if (!ascii_digit(id.p[i]) && !(id.p[i] >= 'a' && id.p[i] <= 'f'))
                        return false;
        return id.n >= 12 && str_to_z(id, out, size);
}

/* -- endings -- */

printf_(3, 4) static void end_with(struct copies *c, struct copy *copy, const char *fmt, ...) {
        struct text t;
        va_list args;

        text_init_arena(&t, c->arena);
        va_start(args, fmt);
        text_addv(&t, fmt, args);
        va_end(args);
        copy->ending = ENDING_FAILED;
        copy->took = clock_monotonic() - copy->began;
        copy->reason = text_str(&t);
}

static void end_well(struct copy *copy, enum ending ending) {
        copy->ending = ending;
        copy->took = copy->content ? copy->took : clock_monotonic() - copy->began;
}

/* The engine says no: to a plugin's word no other copy has a better chance. */
static void end_by_engine(struct copies *c, struct copy *copy) {
        json_auto_t *tree = answer_json(c);
        const char *message = json_string_value(json_object_get(tree, "message"));
        struct text t;

        text_init_arena(&t, c->arena);
        text_add_visible(&t, str_trim(str_from(message)), 600);
        if (!message)
                text_addf(&t, "HTTP status %ld", c->answer.status);
        copy->reason = text_str(&t);
        copy->ending = c->answer.status == 403 ? ENDING_REFUSED : ENDING_FAILED;
}

/* -- making -- */

int copy_make(struct copies *c, struct copy *copy) {
        cleanup_(text_deinit) struct text target;
        int r;

        target_init(&target, "/containers/create?name=docksill-try-%s-%u", c->owner->nonce, ++c->made);
        c->what = "creating a copy";
        r = call(c, c->make, "POST", &target, copy->body, 0);
        if (r < 0)
                return r;
        if (c->answer.status != 201)
                end_by_engine(c, copy);
        else if (!take_id(c, copy->id, sizeof(copy->id)))
                return -EPROTO;
        return 0;
}

int copies_network(struct copies *c, const char **name) {
        cleanup_(text_deinit) struct text target;
        json_auto_t *body = NULL;
        struct text t;
        int r;

        text_init_arena(&t, c->arena);
        text_addf(&t, "docksill-try-%s", c->owner->nonce);
        body = json_pack("{s:s, s:b, s:b, s:{s:s}}", "Name", t.failed ? "" : t.p, "Internal", 1, "CheckDuplicate", 1,
                         "Labels", OWNER_LABEL, c->owner->text);
        target_init(&target, "/networks/create");
        if (t.failed || !body)
                return -ENOMEM;
        c->what = "making a network";
        r = call(c, c->make, "POST", &target, body, 0);
        *name = t.p;
        return r < 0 ? r : c->answer.status == 201 ? 0 : COPIES_NO_NETWORK;
}

static int start(struct copies *c, struct copy *copy) {
        cleanup_(text_deinit) struct text target;
        int r;

        target_init(&target, "/containers/%s/start", copy->id);
        c->what = "starting a copy";
        r = call(c, c->make, "POST", &target, NULL, 0);
        copy->began = clock_monotonic();
        if (r == 0 && c->answer.status != 204)
                end_by_engine(c, copy);
        return r;
}

void copy_remove(struct copies *c, struct copy *copy) {
        cleanup_(text_deinit) struct text target;

        target_init(&target, "/containers/%s?force=1&v=1", copy->id);
        if (!copy->id[0])
                return;
        (void)!call(c, c->make, "DELETE", &target, NULL, 0);
        copy->id[0] = '\0';
}

json_t *copies_get(struct copies *c, const struct copy *copy, const char *path) {
        cleanup_(text_deinit) struct text target;

        target_init(&target, "/containers/%s%s", copy->id, path);
        return call(c, c->ask, "GET", &target, NULL, 0) == 0 && c->answer.status == 200 ? answer_json(c) : NULL;
}

/* -- the check -- */

static int check_begin(struct copies *c, struct copy *copy) {
        cleanup_(text_deinit) struct text target;
        json_auto_t *body = json_pack("{s:[s, s, s]}", "Cmd", "/bin/sh", "-c", c->check);
        json_auto_t *detached = json_pack("{s:b}", "Detach", 1);
        int r;

        target_init(&target, "/containers/%s/exec", copy->id);
        if (!body || !detached)
                return -ENOMEM;
        c->what = "running the check";
        r = call(c, c->ask, "POST", &target, body, 0);
        if (r < 0)
                return r;
        if (c->answer.status == 403) {
                end_by_engine(c, copy);
                return 0;
        }
        /* One that has ended meanwhile has no room for it: the next look tells. */
        if (c->answer.status != 201 || !take_id(c, copy->exec, sizeof(copy->exec)))
                return 0;
        text_reset(&target);
        text_addf(&target, "/exec/%s/start", copy->exec);
        r = call(c, c->ask, "POST", &target, detached, 0);
        if (r == 0 && c->answer.status == 403)
                end_by_engine(c, copy);
        return r;
}

static int check_look(struct copies *c, struct copy *copy) {
        cleanup_(text_deinit) struct text target;
        json_auto_t *tree = NULL;
        int r;

        target_init(&target, "/exec/%s/json", copy->exec);
        r = call(c, c->ask, "GET", &target, NULL, 0);
        if (r < 0)
                return r;
        tree = answer_json(c);
        if (json_is_true(json_object_get(tree, "Running")))
                return 0;
        copy->exec[0] = '\0';
        copy->next = clock_monotonic() + CHECK_PAUSE;
        copy->content = json_is_integer(json_object_get(tree, "ExitCode")) &&
                        json_integer_value(json_object_get(tree, "ExitCode")) == 0;
        copy->took = clock_monotonic() - copy->began;
        return 0;
}

static int check(struct copies *c, struct copy *copy) {
        if (copy->exec[0])
                return check_look(c, copy);
        return clock_monotonic() >= copy->next ? check_begin(c, copy) : 0;
}

/* -- watching -- */

static bool is_watched(const struct copies *c) {
        return c->check || c->health;
}

/* A last word of the health check, where the program itself said nothing. */
static void end_unhealthy(struct copies *c, struct copy *copy, const json_t *health) {
        json_t *log = json_object_get(health, "Log");
        json_t *last = json_array_get(log, json_array_size(log) ? json_array_size(log) - 1 : 0);
        struct str said = str_trim(str_from(json_string_value(json_object_get(last, "Output"))));
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_add_visible(&t, str_first(said, str_find(said, '\n')), 160);
        end_with(c, copy, "its health check fails%s%s", t.n ? ": " : "", t.n && !t.failed ? t.p : "");
}

static void look_stopped(struct copies *c, struct copy *copy, const json_t *state) {
        int64_t code = json_integer_value(json_object_get(state, "ExitCode"));

        if (json_is_true(json_object_get(state, "OOMKilled")))
                end_with(c, copy, "it needs more memory (killed)");
        else if (code != 0)
                end_with(c, copy, "ended with exit code %" PRId64, code);
        else if (c->wanted == ENDING_UP || c->check)
                end_with(c, copy, "ended, with exit code 0");
        else
                end_well(copy, ENDING_DONE);
}

static int look_running(struct copies *c, struct copy *copy, const json_t *state) {
        json_t *health = json_object_get(state, "Health");
        struct str status = str_from(json_string_value(json_object_get(health, "Status")));
        int64_t now = clock_monotonic() - copy->began;
        int r = 0;

        if (json_is_true(json_object_get(state, "OOMKilled"))) {
                end_with(c, copy, "it needs more memory (a process of it was killed)");
                return 0;
        }
        if (c->check && !copy->content) {
                r = check(c, copy);
        } else if (c->health && !c->check) {
                if (!copy->content)
                        copy->took = now;
                copy->content = str_eqz(status, "healthy");
        }
        if (r < 0 || copy->ending != ENDING_NONE)
                return r;
        if (c->health && str_eqz(status, "unhealthy"))
                end_unhealthy(c, copy, health);
        else if (is_watched(c) && copy->content && now >= c->settle)
                end_well(copy, ENDING_UP);
        else if (is_watched(c) && !copy->content && now >= c->patience)
                end_with(c, copy, "%s had not succeeded after %" PRId64 " s",
                         c->check ? "the check" : "its health check", now / SECOND);
        else if (!is_watched(c) && c->wanted == ENDING_DONE && now >= c->patience)
                end_with(c, copy, "had not ended after %" PRId64 " s", now / SECOND);
        else if (!is_watched(c) && c->wanted != ENDING_DONE && now >= c->settle)
                end_well(copy, ENDING_UP);
        return 0;
}

static int look(struct copies *c, struct copy *copy) {
        cleanup_(text_deinit) struct text target;
        json_auto_t *tree = NULL;
        json_t *state;
        int r;

        target_init(&target, "/containers/%s/json", copy->id);
        c->what = "looking at a copy";
        r = call(c, c->ask, "GET", &target, NULL, 0);
        if (r < 0)
                return r;
        if (c->answer.status != 200) {
                end_by_engine(c, copy);
                return 0;
        }
        tree = answer_json(c);
        state = json_object_get(tree, "State");
        if (json_is_true(json_object_get(state, "Running")))
                return look_running(c, copy, state);
        look_stopped(c, copy, state);
        return 0;
}

/* What it wrote: for who asks why. A log that can't be read says nothing. */
static int read_log(struct copies *c, struct copy *copy) {
        cleanup_(text_deinit) struct text target;
        struct str stream;
        int r;

        target_init(&target, "/containers/%s/logs?stdout=1&stderr=1", copy->id);
        if (!copy->id[0])
                return 0;
        c->what = "reading a copy's log";
        r = call(c, c->ask, "GET", &target, NULL, LOG_MOST);
        if (r == -EINTR)
                return r;
        if ((r < 0 && r != -EFBIG) || (r == 0 && c->answer.status != 200))
                return 0;
        r = arena_str(c->logs, text_str(&c->answer.body), &stream);
        return r == 0 ? log_stream_read(&copy->lines, c->logs, stream, c->terminal) : r;
}

static bool all_ended(const struct copy *copies, size_t n) {
        for (size_t i = 0; i < n; ++i)
                if (copies[i].ending == ENDING_NONE)
                        return false;
        return true;
}

static int watch(struct copies *c, struct copy *copies, size_t n) {
        while (!all_ended(copies, n)) {
                if (*c->stop)
                        return -EINTR;
                (void)poll(NULL, 0, PAUSE);
                for (size_t i = 0; i < n; ++i) {
                        int r = copies[i].ending == ENDING_NONE ? look(c, &copies[i]) : 0;

                        if (r < 0)
                                return r;
                }
        }
        return 0;
}

int copies_run(struct copies *c, struct copy *copies, size_t n) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < n; ++i) {
                r = *c->stop ? -EINTR : copy_make(c, &copies[i]);
                if (r == 0 && copies[i].ending == ENDING_NONE)
                        r = start(c, &copies[i]);
        }
        if (r == 0)
                r = watch(c, copies, n);
        for (size_t i = 0; r == 0 && i < n; ++i)
                r = read_log(c, &copies[i]);
        return r;
}

/* -- folders -- */

#define TAR_BLOCK 512

/* A tar's head has the type at 156, the size in octal at 124 (POSIX ustar). */
bool copies_folder(struct copies *c, const struct copy *copy, struct str path, bool *more) {
        cleanup_(text_deinit) struct text target;
        struct str tar;
        int r;

        *more = false;
        target_init(&target, "/containers/%s/archive?path=", copy->id);
        engine_target_add(&target, path);
        r = call(c, c->ask, "GET", &target, NULL, ARCHIVE_MOST);
        tar = text_str(&c->answer.body);
        if ((r < 0 && r != -EFBIG) || (r == 0 && c->answer.status != 200) || tar.n < TAR_BLOCK || tar.p[156] != '5')
                return false;
        *more = r == -EFBIG || (tar.n > TAR_BLOCK && tar.p[TAR_BLOCK] != '\0');
        return true;
}

void copies_deinit(struct copies *c) {
        engine_answer_deinit(&c->answer);
}
