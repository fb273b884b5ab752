#include "try.h"
#include "containers/containers.h"
#include "docksill/base/clock.h"
#include "docksill/host/docker.h"
#include "docksill/serve/server-limits.h"
#include "experiment.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "leftovers.h"
#include "stop.h"
#include <errno.h>
#include <stdio.h>

#define TRY_MEMORY  ((size_t)64 * 1024 * 1024)
#define LOGS_MEMORY ((size_t)16 * 1024 * 1024)

#define SECONDS       5
#define SECONDS_MOST  300
#define ATTEMPTS      40
#define ATTEMPTS_MOST 200

/* What a health check may take as it is, and all of it, in seconds; --check may take so many times --seconds. */
#define GRACE_MOST    60
#define GRACE_SETTLES 12
#define TIME_MOST     (20 * 60)

#define SECOND INT64_C(1000000)

struct run {
        const struct invocation *in;
        const struct setup *setup;
        const char *socket;
        struct arena arena;
        struct owner owner;
        struct engine_api *ask, *make;
        struct tried tried;
        struct trial trial;
        int64_t settle;
        unsigned most;
        struct leftovers left;
        struct engine_answer answer;
};

/* -- the original -- */

/* Of an image: its slashes and colons are the path's own. */
static void add_name(struct text *target, struct str name) {
        for (size_t i = 0; i < name.n; ++i)
                if (name.p[i] == '/' || name.p[i] == ':' || name.p[i] == '@')
                        text_add_char(target, name.p[i]);
                else
                        engine_target_add(target, (struct str){ name.p + i, 1 });
}

/* The engine's answer, NULL where it knows none; *code is set when it could not be asked. */
static json_t *inspect(struct run *r, const char *what, const char *name, int *code) {
        cleanup_(text_deinit) struct text target;
        json_t *tree = NULL;
        int e;

        text_init(&target);
        text_addz(&target, what);
        add_name(&target, str_from(name));
        text_addz(&target, "/json");
        e = target.failed ? -ENOMEM
                          : engine_api_call(r->ask, &r->answer,
                                            &(struct engine_call){ .method = "GET", .target = text_str(&target) });
        if (e == 0 && r->answer.status == 404)
                return NULL;
        if (e == 0 && r->answer.status == 200)
                tree = json_loadb(r->answer.body.p ? r->answer.body.p : "", r->answer.body.n, 0, NULL);
        if (!tree)
                *code = engine_failed(r->in->command, r->socket, e, &r->answer);
        return tree;
}

static int read_original(struct run *r) {
        const char *name = invocation_option(r->in, "try");
        const char *const *command = r->in->n ? r->in->arguments : NULL;
        json_auto_t *container = NULL, *image = NULL;
        int code = EXIT_FINE, e;

        if (!strchr(name, '/'))
                container = inspect(r, "/containers/", name, &code);
        if (!container && code == EXIT_FINE)
                image = inspect(r, "/images/", name, &code);
        if (code != EXIT_FINE)
                return code;
        if (!container && !image) {
                fprintf(stderr,
                        "docksill suggest: the engine has no container and no image of this name, and --try pulls "
                        "none; try `docker pull` first\n");
                return EXIT_ENVIRONMENT;
        }
        r->tried.original.owner = r->owner.text;
        e = container ? original_of_container(&r->tried.original, &r->arena, container, name, command)
                      : original_of_image(&r->tried.original, &r->arena, image, name, command);
        return e < 0 ? judge_failed(r->in->command, e, name) : EXIT_FINE;
}

/* -- the verdicts -- */

static int judge_one(struct run *r, struct explained *e, struct arena *judged, json_t *tree) {
        const struct asked asked = { .command = r->in->command,
                                     .rules = r->setup->rules,
                                     .config = &r->setup->config,
                                     .mode = MODE_ENFORCE,
                                     .arena = &r->arena,
                                     .engine = r->socket };
        cleanup_(freep) char *dump = tree ? json_dumps(tree, JSON_COMPACT) : NULL;
        struct subjects subjects;
        struct str text;
        int code = dump ? arena_str(&r->arena, str_from(dump), &text) : -ENOMEM;

        json_decref(tree);
        if (code == 0)
                code = subjects_read(&r->arena, text, &subjects);
        if (code < 0 || subjects.n != 1)
                return judge_failed(r->in->command, code < 0 ? code : -EPROTO, "judging the result");
        e->rules = r->setup->rules;
        return judge(e, judged, &asked, subjects.items[0].call);
}

static int print(struct run *r, const struct verdicts *v) {
        cleanup_(text_deinit) struct text text;
        int e;

        text_init(&text);
        if (r->in->json)
                return output_json(r->in->command, tried_json(&r->arena, &r->tried, v));
        e = tried_text(&text, &r->arena, &r->tried, v);
        return e < 0 ? judge_failed(r->in->command, e, "printing") : output_text(r->in->command, &text);
}

static int report(struct run *r) {
        cleanup_(arena_deinit) struct arena before, after;
        struct verdicts v = { 0 };
        int code;

        arena_init(&before, SERVER_REQUEST_MEMORY);
        arena_init(&after, SERVER_REQUEST_MEMORY);
        code = judge_one(r, &v.before, &before, json_incref(r->tried.original.inspect));
        if (code == EXIT_FINE && r->tried.found)
                code = judge_one(r, &v.after, &after,
                                 original_hardened(&r->tried.original, &r->tried.form, tried_no_network(&r->tried)));
        if (code == EXIT_FINE)
                code = print(r, &v);
        if (code != EXIT_FINE)
                return code;
        return r->tried.found && v.after.decision.verdict != VERDICT_DENY ? EXIT_FINE : EXIT_FINDINGS;
}

/* -- the search -- */

static int64_t nanoseconds(const json_t *health, const char *key, int64_t otherwise) {
        int64_t n = json_integer_value(json_object_get(health, key));

        return n > 0 ? n : otherwise;
}

/* How long the original may take to become healthy, or --check to succeed, in microseconds. */
static int64_t grace(const struct run *r) {
        json_t *health = json_object_get(r->tried.original.config, "Healthcheck");
        int64_t each = nanoseconds(health, "Interval", 30 * SECOND * 1000) / 1000;
        int64_t tries = nanoseconds(health, "Retries", 3);
        int64_t all = nanoseconds(health, "StartPeriod", 1) / 1000;

        if (!r->tried.original.healthcheck)
                return GRACE_SETTLES * r->settle;
        if (each > GRACE_MOST * SECOND || tries > GRACE_MOST || all > GRACE_MOST * SECOND)
                return GRACE_MOST * SECOND;
        all += each * tries;
        return all > GRACE_MOST * SECOND ? GRACE_MOST * SECOND : all < r->settle ? r->settle : all;
}

static int refused(const struct run *r) {
        const struct attempt *last = &r->tried.attempts.items[r->tried.attempts.n - 1];

        fprintf(stderr,
                "docksill suggest: a plugin of the engine does not let a copy be made: %" STR_FMT "\n"
                "A try begins with a copy as it is: it needs an engine that lets it run, such as one in audit mode\n",
                STR_ARG(last->reason));
        return EXIT_ENVIRONMENT;
}

static int search(struct run *r) {
        struct trial *t = &r->trial;
        int e;

        t->arena = &r->arena;
        t->out = &r->tried;
        t->most = r->most;
        t->deadline = clock_monotonic() + TIME_MOST * SECOND;
        t->copies = (struct copies){ .ask = r->ask,
                                     .make = r->make,
                                     .stop = &stop_signal,
                                     .owner = &r->owner,
                                     .arena = &r->arena,
                                     .check = invocation_option(r->in, "check"),
                                     .settle = r->settle,
                                     .patience = grace(r),
                                     .health = r->tried.original.healthcheck,
                                     .terminal = r->tried.original.terminal };
        arena_init(&t->logs, LOGS_MEMORY);
        t->copies.logs = &t->logs;
        progress_init(&t->progress, r->most);
        e = experiment_run(t);
        progress_end(&t->progress);
        r->tried.copies = t->copies.made;
        if (e == TRIAL_REFUSED)
                return refused(r);
        if (e == -EINTR)
                return EXIT_ENVIRONMENT;
        if (e < 0) {
                fprintf(stderr, "docksill suggest: %s failed\n", t->copies.what);
                return engine_failed(r->in->command, r->socket, e, &t->copies.answer);
        }
        return EXIT_FINE;
}

/* -- what is left behind -- */

/* Of runs whose process is gone. */
static int remove_old(struct run *r) {
        int e = leftovers_remove(&r->left, r->ask, &r->answer, NULL);

        if (e < 0)
                return engine_failed(r->in->command, r->socket, e == -EPERM ? 0 : e, &r->answer);
        if (r->left.containers + r->left.networks + r->left.volumes)
                fprintf(stderr,
                        "docksill suggest: removed what an earlier run left: %u containers, %u networks, %u volumes\n",
                        r->left.containers, r->left.networks, r->left.volumes);
        return EXIT_FINE;
}

static void remove_own(struct run *r) {
        int e = leftovers_remove(&r->left, r->make, &r->answer, &r->owner);

        if (e < 0 || r->left.stuck)
                fprintf(stderr,
                        "docksill suggest: some copies could not be removed; the next --try does it, or: docker ps -aq "
                        "--filter label=" OWNER_LABEL " | xargs -r docker rm -fv\n");
        else if (stop_signal)
                fprintf(stderr, "docksill suggest: interrupted; all copies are removed\n");
}

/* -- the command -- */

static int with_engine(struct run *r) {
        int code = remove_old(r);

        if (code == EXIT_FINE)
                code = read_original(r);
        if (code != EXIT_FINE)
                return code;
        code = search(r);
        if (r->trial.copies.made)
                remove_own(r);
        return code;
}

static int run(struct run *r) {
        struct stop stop;
        int64_t began = clock_monotonic();
        int e = owner_init(&r->owner), code;

        if (e < 0)
                return judge_failed(r->in->command, e, "this process in /proc");
        stop_begin(&stop);
        e = engine_api_new(&r->ask, r->socket, &stop_signal);
        if (e == 0)
                e = engine_api_new(&r->make, r->socket, NULL);
        code = e < 0 ? engine_failed(r->in->command, r->socket, e, NULL) : with_engine(r);
        r->tried.took = clock_monotonic() - began;
        stop_end(&stop);
        return code == EXIT_FINE ? report(r) : code;
}

static void deinit(struct run *r) {
        copies_deinit(&r->trial.copies);
        arena_deinit(&r->trial.logs);
        original_deinit(&r->tried.original);
        engine_answer_deinit(&r->answer);
        engine_api_free(r->ask);
        engine_api_free(r->make);
        arena_deinit(&r->arena);
}

/* 0: it is none between 1 and @most. */
static unsigned number(const struct invocation *in, const char *option, unsigned otherwise, unsigned most) {
        const char *text = invocation_option(in, option);
        int64_t n = 0;

        if (!text)
                return otherwise;
        return str_int(str_from(text), &n) == 0 && n >= 1 && n <= most ? (unsigned)n : 0;
}

/* The option, or the configuration's, or the usual one. */
static const char *socket_of(const struct invocation *in, const struct config *config) {
        const char *host = invocation_option(in, "host");

        if (host && strncmp(host, "unix://", 7) == 0)
                host += 7;
        return host ? host : config->lookup_docker ? config->lookup_docker : DOCKER_SOCKET;
}

int suggest_try(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        unsigned seconds = number(in, "seconds", SECONDS, SECONDS_MOST);
        struct run r = { .in = in, .setup = &setup };
        int code;

        r.most = number(in, "attempts", ATTEMPTS, ATTEMPTS_MOST);
        if (seconds == 0)
                return command_misused(in->command, "--seconds is 1 to %d", SECONDS_MOST);
        if (r.most == 0)
                return command_misused(in->command, "--attempts is 1 to %d", ATTEMPTS_MOST);
        if (invocation_option(in, "all"))
                return command_misused(in->command, "--try takes one container or image, not --all");
        if (in->n && !in->dashes)
                return command_misused(in->command, "--try takes one name; a command stands behind --");
        code = setup_load(&setup, in);
        if (code != EXIT_FINE)
                return code;
        r.settle = seconds * SECOND;
        r.socket = socket_of(in, &setup.config);
        arena_init(&r.arena, TRY_MEMORY);
        code = run(&r);
        deinit(&r);
        return code;
}
