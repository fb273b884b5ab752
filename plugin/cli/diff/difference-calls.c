#include "containers/containers.h"
#include "difference.h"
#include "docksill/base/file.h"
#include "docksill/decide/decide.h"
#include "docksill/host/machine.h"
#include "docksill/serve/server-limits.h"
#include "explain/explain-lookup.h"
#include "explain/subject.h"
#include <errno.h>
#include <stdio.h>

/* The files of one folder, by name alone. */
#define NAMES_MEMORY ((size_t)256 * 1024 * 1024)

/* All containers of an engine. */
#define CONTAINERS_MEMORY ((size_t)1024 * 1024 * 1024)

static int failed(const struct diff_lookups *l, const char *what, int error) {
        fprintf(stderr, "docksill %s: %s: %s\n", l->command->name, what, strerror(-error));
        return EXIT_ENVIRONMENT;
}

/* -- one call -- */

struct call {
        struct str text;  /* AuthZReq */
        struct str what;  /* for people */
        struct str image; /* empty: as the call says */
};

static int look_up(struct request *request, struct arena *arena, const struct diff_lookups *l) {
        if (l->engine && lookup_engine(request, arena, l->engine, l->command) != EXIT_FINE)
                return EXIT_ENVIRONMENT;
        if (l->engine || l->resolve)
                lookup_scans(request, arena, l->config, l->command);
        if (l->resolve) {
                struct host_size size;

                lookup_paths(request, arena);
                machine_size(&size);
                host_size_tell(&size, request);
        }
        return EXIT_FINE;
}

static struct str image_of(const struct request *request) {
        return request_yields(request) & GROUP_IMAGE ? request->facts.image.reference.value : STR_C("");
}

/* Read once, looked up once, judged by both; what is no call is passed over. */
static int add_call(struct difference *d, const struct diff_lookups *l, const struct call *call) {
        cleanup_(arena_deinit) struct arena arena;
        enum envelope_refusal refusal;
        struct decision before, after;
        struct request request;
        int r;

        arena_init(&arena, SERVER_REQUEST_MEMORY);
        refusal = request_read(&request, &arena, call->text);
        if (refusal != ENVELOPE_READ) {
                r = passed_over_add(&d->passed, d->arena, call->what, envelope_refusal_text(refusal));
                return r < 0 ? failed(l, "the list of what was passed over", r) : EXIT_FINE;
        }
        r = look_up(&request, &arena, l);
        if (r != EXIT_FINE)
                return r;
        decide_at(&before, d->before->setup.rules, &request, side_mode(d->before), d->at, &arena);
        decide_at(&after, d->after->setup.rules, &request, side_mode(d->after), d->at, &arena);
        r = comparison_add(
                &d->comparison,
                &(struct compared){ .what = call->what,
                                    .image = call->image.n ? call->image : image_of(&request),
                                    .operation = request.operation ? request.operation->id : STR_C("unknown"),
                                    .before = &before,
                                    .after = &after });
        return r < 0 ? failed(l, "adding up", r) : EXIT_FINE;
}

/* -- files -- */

static int add_text(struct difference *d, const struct diff_lookups *l, struct arena *arena, const char *path,
                    struct str text) {
        struct subjects subjects;
        int r = subjects_read(arena, text, &subjects);

        if (r == -ENOMSG || r == -EINVAL) {
                fprintf(stderr,
                        "docksill %s: %s: neither a call nor containers. It takes an AuthZ call, the body of a create, "
                        "or what `docker inspect` prints\n",
                        l->command->name, path);
                return EXIT_ENVIRONMENT;
        }
        if (r < 0)
                return failed(l, path, r);
        for (size_t i = 0; i < subjects.n; ++i) {
                const struct subject *s = &subjects.items[i];

                r = add_call(d, l, &(struct call){ .text = s->call, .what = s->name.n ? s->name : str_from(path) });
                if (r != EXIT_FINE)
                        return r;
        }
        return EXIT_FINE;
}

int difference_add_file(struct difference *d, const struct diff_lookups *l, const char *path) {
        cleanup_(arena_deinit) struct arena arena;
        bool in = strcmp(path, "-") == 0;
        struct str text;
        int r;

        arena_init(&arena, (size_t)16 * SERVER_CALL_MAX);
        r = in ? file_read_fd(&arena, STDIN_FILENO, SERVER_CALL_MAX, &text)
               : file_read(&arena, path, SERVER_CALL_MAX, &text);
        return r < 0 ? failed(l, path, r) : add_text(d, l, &arena, in ? "standard input" : path, text);
}

/* One that a power cut left in half is no reason to leave out the others. */
static int add_captured(struct difference *d, const struct diff_lookups *l, struct str path) {
        cleanup_(arena_deinit) struct arena arena;
        struct str text, name = str_skip(path, str_find_last(path, '/') + 1);
        int r;

        arena_init(&arena, (size_t)4 * SERVER_CALL_MAX);
        r = file_read_regular(&arena, path.p, SERVER_CALL_MAX, &text);
        if (r == 0)
                return add_call(d, l, &(struct call){ .text = text, .what = name });
        if (r == -ENOENT)
                return EXIT_FINE; /* rotated away meanwhile */
        r = passed_over_add(&d->passed, d->arena, name, r == FILE_E_NOT_REGULAR ? "not a file" : strerror(-r));
        return r < 0 ? failed(l, path.p, r) : EXIT_FINE;
}

int difference_add_captured(struct difference *d, const struct diff_lookups *l, const char *folder) {
        cleanup_(arena_deinit) struct arena arena;
        struct file_names names = { 0 };
        int r;

        arena_init(&arena, NAMES_MEMORY);
        r = file_list(&arena, folder, ".json", &names);
        if (r < 0)
                return failed(l, folder, r);
        for (size_t i = 0; i < names.n; ++i) {
                r = add_captured(d, l, names.items[i]);
                if (r != EXIT_FINE)
                        return r;
        }
        if (d->comparison.calls == 0) {
                fprintf(stderr,
                        "docksill %s: %s: no captured calls in it (capture: in the configuration writes them)\n",
                        l->command->name, folder);
                return EXIT_ENVIRONMENT;
        }
        return EXIT_FINE;
}

/* -- containers -- */

static int add_containers(struct difference *d, const struct diff_lookups *l, const struct containers *all) {
        int r = EXIT_FINE;

        d->gone += all->gone;
        for (size_t i = 0; i < all->n && r == EXIT_FINE; ++i)
                r = add_call(d, l,
                             &(struct call){ .text = all->items[i].call,
                                             .what = all->items[i].name,
                                             .image = all->items[i].image });
        return r;
}

int difference_add_inspected(struct difference *d, const struct diff_lookups *l, const char *path) {
        cleanup_(arena_deinit) struct arena arena;
        cleanup_(containers_deinit) struct containers all = { 0 }; /* before the arena is freed */
        int r;

        arena_init(&arena, CONTAINERS_MEMORY);
        r = containers_read(&all, &arena, path, l->command);
        return r == EXIT_FINE ? add_containers(d, l, &all) : r;
}

int difference_add_engine(struct difference *d, const struct diff_lookups *l, const char *socket) {
        cleanup_(arena_deinit) struct arena arena;
        cleanup_(containers_deinit) struct containers all = { 0 }; /* before the arena is freed */
        struct engine_api *engine;
        int r;

        arena_init(&arena, CONTAINERS_MEMORY);
        r = engine_api_new(&engine, socket, NULL);
        if (r < 0)
                return engine_failed(l->command, socket, r, NULL);
        r = containers_ask(&all, &arena, engine, NULL, l->command);
        engine_api_free(engine);
        return r == EXIT_FINE ? add_containers(d, l, &all) : r;
}
