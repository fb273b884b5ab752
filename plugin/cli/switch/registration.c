#include "registration.h"
#include "asked.h"
#include "docksill/base/clock.h"
#include "docksill/base/file.h"
#include "docksill/host/docker.h"
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MEMORY        (64u * 1024 * 1024)
#define SETTINGS_MOST ((size_t)4 * 1024 * 1024)

/* One try of a proof: a dockerd whose plugin is dead answers nothing for 15 s. */
#define TRY_SECONDS 3

static int failed(const struct registration *r, const char *what, const char *why) {
        fprintf(stderr, "docksill %s: %s: %s\n", r->command->name, what, why);
        return EXIT_ENVIRONMENT;
}

static const char *option_or(const struct invocation *in, const char *name, const char *otherwise) {
        const char *given = invocation_option(in, name);

        return given ? given : otherwise;
}

/* Whatever is wrong with them: without settings docksill's own defaults hold. */
static void read_config(struct registration *r, const struct invocation *in) {
        const struct config_flags flags = { .config = invocation_option(in, "config") };
        struct diag unheard;

        diag_init(&unheard);
        r->config_read = config_read(&r->config, &flags, &unheard) == 0;
        diag_deinit(&unheard);
        r->socket = r->config_read ? r->config.socket : CONFIG_SOCKET;
        r->control = r->config_read ? r->config.control : CONFIG_CONTROL;
        r->state = r->config_read ? r->config.state : CONFIG_STATE;
}

/* "docksill" of "/run/docker/plugins/docksill.sock". */
static struct str name_of(const char *socket) {
        struct str path = str_from(socket), name;
        size_t slash = str_find_last(path, '/');

        name = slash < path.n ? str_skip(path, slash + 1) : path;
        return str_ends(name, STR_C(".sock")) ? str_first(name, name.n - strlen(".sock")) : name;
}

static int path_in(struct registration *r, const char *path, char *out, size_t size) {
        return snprintf(out, size, "%s%s", r->root, path) >= (int)size ? -ENAMETOOLONG : 0;
}

static int read_settings(struct registration *r) {
        char path[PATH_MAX];
        int e = path_in(r, r->settings, path, sizeof(path));

        if (e == 0)
                e = file_read_regular(&r->arena, path, SETTINGS_MOST, &r->text);
        if (e == FILE_E_NOT_REGULAR)
                return failed(r, r->settings, "it is no regular file");
        if (e < 0 && e != -ENOENT)
                return failed(r, r->settings, strerror(-e));
        r->exists = e == 0 && stat(path, &r->like) == 0;
        if (daemon_json_read(&r->file, &r->arena, r->text) < 0)
                return failed(r, r->settings, strerror(ENOMEM));
        e = dockerd_find(&r->dockerd, &r->arena, r->root, r->settings, &r->file);
        return e < 0 ? failed(r, "/proc", strerror(-e)) : EXIT_FINE;
}

/* The first that is a path: others are for elsewhere. */
static const char *socket_among(struct registration *r, struct str address, const char *otherwise) {
        static const struct str scheme = STR("unix://");
        struct str path;

        if (!str_starts(address, scheme) || address.n == scheme.n ||
            arena_str(&r->arena, str_skip(address, scheme.n), &path) < 0)
                return otherwise;
        return path.p;
}

static const char *engine_socket(struct registration *r) {
        const char *found = NULL;

        for (size_t i = 0; !found && i < r->dockerd.hosts.n; ++i)
                found = socket_among(r, r->dockerd.hosts.items[i], NULL);
        for (size_t i = 0; !found && i < r->file.hosts.n; ++i)
                found = socket_among(r, r->file.hosts.items[i].name, NULL);
        return found ? found : DOCKER_SOCKET;
}

int registration_open(struct registration *out, const struct invocation *in) {
        int r;

        *out = (struct registration){ .command = in->command, .dockerd = { .handle = -1 } };
        arena_init(&out->arena, MEMORY);
        read_config(out, in);
        out->root = option_or(in, "root", "");
        out->settings = option_or(in, "daemon-json", DAEMON_JSON);
        if (invocation_option(in, "plugin"))
                out->plugin = str_from(invocation_option(in, "plugin"));
        else
                out->plugin = name_of(out->socket);
        if (str_empty(out->plugin))
                return command_misused(in->command, "--plugin is a name, such as docksill");
        r = read_settings(out);
        out->engine = option_or(in, "engine", engine_socket(out));
        if (str_starts(str_from(out->engine), STR_C("unix://")))
                out->engine += strlen("unix://");
        return r;
}

void registration_close(struct registration *r) {
        dockerd_close(&r->dockerd);
        if (r->config_read)
                config_deinit(&r->config);
        arena_deinit(&r->arena);
}

int registration_check(const struct registration *r) {
        if (!r->file.wrong)
                return EXIT_FINE;
        fprintf(stderr, "docksill %s: %s:%u: %s; mend it first: dockerd would not take it\n", r->command->name,
                r->settings, r->file.line, r->file.wrong);
        return EXIT_INVALID;
}

/* The folder above, where it is missing: a fresh Docker has none. */
static void make_folder(const char *path) {
        char folder[PATH_MAX];
        size_t slash = str_find_last(str_from(path), '/');

        if (str_to_z(str_first(str_from(path), slash), folder, sizeof(folder)))
                (void)mkdir(folder, 0755);
}

int registration_write(const struct registration *r, struct str text) {
        const struct stat fresh = { .st_uid = geteuid(), .st_gid = getegid(), .st_mode = 0644 };
        char real[PATH_MAX];
        const char *path = realpath(r->settings, real) ? real : r->settings;
        int e;

        if (!text.p)
                e = unlink(path) < 0 ? -errno : 0;
        else {
                make_folder(path);
                e = file_replace(path, text, r->exists ? &r->like : &fresh);
        }
        return e < 0 ? failed(r, path, strerror(-e)) : EXIT_FINE;
}

int registration_reload(const struct registration *r) {
        int e;

        if (r->dockerd.pid == 0)
                return EXIT_FINE;
        e = dockerd_reload(&r->dockerd);
        if (e == 0)
                return EXIT_FINE;
        fprintf(stderr, "docksill %s: dockerd (process %ld) can't be told to read %s anew: %s\n", r->command->name,
                (long)r->dockerd.pid, r->settings, strerror(-e));
        return EXIT_ENVIRONMENT;
}

/* A plugin that is gone holds a call for 15 s, which then fails: the try is given up before, and made again. */
bool registration_proves(const struct registration *r, bool asked, unsigned seconds) {
        const int64_t until = clock_monotonic() + seconds * INT64_C(1000000);
        struct asked_answer answer = { 0 };
        bool proven;

        do {
                asked_deinit(&answer);
                asked_engine(&answer, r->engine, TRY_SECONDS);
                proven = asked ? answer.asked == ASKED_YES && str_eqz(r->plugin, answer.plugin)
                               : answer.asked == ASKED_NO;
                if (!proven)
                        (void)poll(NULL, 0, 200);
        } while (!proven && clock_monotonic() < until && dockerd_lives(&r->dockerd));
        if (!proven)
                fprintf(stderr, "docksill %s: %s: %s\n", r->command->name, r->engine,
                        !dockerd_lives(&r->dockerd)    ? "dockerd has ended"
                        : answer.asked == ASKED_SILENT ? answer.why
                        : answer.asked == ASKED_NO     ? "it answers without asking docksill"
                        : !asked                       ? "it still asks docksill"
                                                       : "it asks docksill by another name");
        asked_deinit(&answer);
        return proven;
}

size_t registration_position(const struct registration *r) {
        for (size_t i = 0; i < r->file.plugins.n; ++i)
                if (str_eq(r->file.plugins.items[i].name, r->plugin))
                        return i + 1;
        return 0;
}

bool registration_by_flag(const struct registration *r) {
        for (size_t i = 0; i < r->dockerd.n; ++i)
                if (str_eq(r->dockerd.plugins[i], r->plugin))
                        return true;
        return false;
}
