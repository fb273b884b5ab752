#include "suggest-subjects.h"
#include "docksill/base/file.h"
#include "docksill/engine/operation.h"
#include "docksill/serve/server-limits.h"
#include "explain/client-calls.h"
#include "explain/compose-client.h"
#include "explain/explain-client.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool suggest_is_file(const char *argument) {
        struct stat st;

        return strcmp(argument, "-") == 0 || strchr(argument, '/') ||
               (stat(argument, &st) == 0 && !S_ISDIR(st.st_mode));
}

static int failed(const char *what, int error) {
        fprintf(stderr, "docksill suggest: %s: %s\n", what, strerror(-error));
        return EXIT_ENVIRONMENT;
}

static int add(struct suggest_subjects *out, struct suggest_subject subject) {
        struct suggest_subject *slot = ARENA_PUSH(out->arena, out);

        if (!slot)
                return failed("what is looked at", -ENOMEM);
        *slot = subject;
        return EXIT_FINE;
}

int suggest_subjects_ask(struct suggest_subjects *out, struct engine_api *engine, const char *const *names) {
        int r = containers_ask(&out->containers, out->arena, engine, names, &command_suggest);

        for (size_t i = 0; r == EXIT_FINE && i < out->containers.n; ++i) {
                const struct container *c = &out->containers.items[i];

                r = add(out, (struct suggest_subject){ .name = c->name,
                                                       .image = c->image,
                                                       .image_id = c->image_id,
                                                       .id = c->id,
                                                       .call = c->call,
                                                       .note = c->note,
                                                       .inspect = c->inspect,
                                                       .running = c->running,
                                                       .pid = c->pid });
        }
        return r;
}

/* -- files -- */

static bool creates(const struct operation *operation) {
        return operation && strcmp(operation->id.p, "container.create") == 0;
}

static int read_compose(struct suggest_subjects *out, const char *path) {
        struct client_calls calls;
        char **argv;
        int r = compose_client(&argv, out->arena, path);

        if (r == -ENOENT) {
                fprintf(stderr,
                        "docksill suggest: %s: a compose file, and no client to read it: neither `docker compose` (a "
                        "plugin of docker) nor docker-compose is installed\n",
                        path);
                return EXIT_ENVIRONMENT;
        }
        if (r < 0)
                return failed(path, r);
        r = client_calls(&calls, out->arena, &(struct client_command){ argv, EXPLAIN_TIMEOUT, true });
        if (r == EXIT_FINE && (calls.exit_code || calls.timed_out)) {
                cleanup_(text_deinit) struct text said;

                text_init(&said);
                text_add_visible(&said, calls.said, 1000);
                fprintf(stderr, "docksill suggest: %s: the compose client failed: %s\n", path, said.p ? said.p : "");
                r = EXIT_ENVIRONMENT;
        }
        for (size_t i = 0; r == EXIT_FINE && i < calls.sent.n; ++i)
                if (creates(calls.sent.items[i].operation))
                        r = add(out, (struct suggest_subject){ .name = calls.sent.items[i].service,
                                                               .service = calls.sent.items[i].service,
                                                               .call = calls.sent.items[i].call });
        return r;
}

static int read_json(struct suggest_subjects *out, const char *path, struct str text) {
        struct subjects subjects;
        int r = subjects_read(out->arena, text, &subjects);

        if (r == -ENOMSG)
                return command_misused(&command_suggest,
                                       "%s: neither JSON nor a compose file. A file is the body of a create, an AuthZ "
                                       "call, what `docker inspect` prints, or a .yaml file with services:",
                                       strcmp(path, "-") == 0 ? "standard input" : path);
        if (r == -EINVAL) {
                fprintf(stderr, "docksill suggest: %s: a list, but not of containers as `docker inspect` prints them\n",
                        path);
                return EXIT_ENVIRONMENT;
        }
        if (r < 0)
                return failed(path, r);
        for (size_t i = 0; r == EXIT_FINE && i < subjects.n; ++i)
                r = add(out, (struct suggest_subject){ .name = subjects.items[i].name,
                                                       .id = subjects.items[i].id,
                                                       .call = subjects.items[i].call,
                                                       .note = subjects.items[i].note });
        return r;
}

int suggest_subjects_read(struct suggest_subjects *out, const char *path) {
        struct str text;
        int r = strcmp(path, "-") == 0 ? file_read_fd(out->arena, STDIN_FILENO, SERVER_CALL_MAX, &text)
                                       : file_read(out->arena, path, SERVER_CALL_MAX, &text);

        if (r < 0)
                return failed(path, r);
        return compose_file_is(path, text) ? read_compose(out, path) : read_json(out, path, text);
}

void suggest_subjects_deinit(struct suggest_subjects *s) {
        containers_deinit(&s->containers);
}
