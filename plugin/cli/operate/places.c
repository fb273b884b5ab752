#include "places.h"
#include "docksill/base/cleanup.h"
#include "docksill/base/file.h"
#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define PLUGINS     "/run/docker/plugins"
#define SPECS_MOST  (256u * 1024)
#define FOLDERS_NEW 2 /* that serve makes above a socket; one above the records */

static bool is_given(const struct setting_origin *origin) {
        return origin->flag || origin->at.source;
}

/* What is not ours to look at says nothing of what serve, which is root, may do. */
static bool is_denied(int error) {
        return error == EACCES && geteuid() != 0;
}

/* "/run" of "/run/docker"; false: there is nothing above. */
static bool go_up(char *folder) {
        char *slash = strrchr(folder, '/');

        if (!slash || strcmp(folder, "/") == 0)
                return false;
        slash[slash == folder] = '\0';
        return true;
}

static bool folder_of(const char *path, char *out, size_t size) {
        struct str s = str_from(path);
        size_t slash = str_find_last(s, '/');

        if (slash == s.n)
                return str_to_z(STR_C("."), out, size);
        return str_to_z(str_first(s, slash ? slash : 1), out, size);
}

/* The folder that @path lies in is there and can be written to, or is made by serve with @makes folders at most. */
static int try_folder(const char *path, unsigned makes, struct position at, const char *key, struct diag *diag) {
        char folder[4096], missing[4096];
        struct stat st;

        if (!folder_of(path, folder, sizeof(folder)))
                return diag_error(diag, at, DIAG_PLACE_UNUSABLE, "%s: the path is too long", key);
        memcpy(missing, folder, sizeof(folder));
        for (unsigned made = 0; stat(folder, &st) < 0; ++made) {
                if (errno != ENOENT || made == makes || !go_up(folder))
                        return is_denied(errno) ? 0
                                                : diag_error(diag, at, DIAG_PLACE_UNUSABLE, "%s: folder %s: %s", key,
                                                             missing, strerror(errno));
        }
        if (!S_ISDIR(st.st_mode))
                return diag_error(diag, at, DIAG_PLACE_UNUSABLE, "%s: %s is not a folder", key, folder);
        if (access(folder, W_OK | X_OK) < 0 && !is_denied(errno))
                return diag_error(diag, at, DIAG_PLACE_UNUSABLE, "%s: folder %s can't be written to: %s", key, folder,
                                  strerror(errno));
        return 0;
}

static int try_records(const struct config *c, struct diag *diag) {
        struct position at = c->origins.records.at;
        struct stat st;

        if (!is_given(&c->origins.records) || strcmp(c->records, "-") == 0)
                return 0;
        if (stat(c->records, &st) < 0)
                return is_denied(errno) ? 0 : try_folder(c->records, 1, at, "records", diag);
        if (S_ISDIR(st.st_mode))
                return diag_error(diag, at, DIAG_PLACE_UNUSABLE, "records: %s is a folder; name a file in it",
                                  c->records);
        if (access(c->records, W_OK) < 0 && !is_denied(errno))
                return diag_error(diag, at, DIAG_PLACE_UNUSABLE, "records: %s can't be written to: %s", c->records,
                                  strerror(errno));
        return 0;
}

/* 0: somebody answers there; else the errno of who does not. */
static int knock(const char *path) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd, r;

        if (!str_to_z(str_from(path), address.sun_path, sizeof(address.sun_path)))
                return ENAMETOOLONG;
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return errno;
        r = connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ? errno : 0;
        close(fd);
        return r == EAGAIN ? 0 : r; /* its queue is full: somebody is there */
}

/* A file with the one line unix://PATH, or JSON that holds the address. */
static bool is_named_in(const char *folder, const char *socket) {
        struct file_names names = { 0 };
        struct arena arena;
        bool named = false;

        arena_init(&arena, SPECS_MOST);
        if (file_list(&arena, folder, "", &names) == 0)
                for (size_t i = 0; !named && i < names.n; ++i) {
                        struct str text, address = STR("unix://");

                        if (file_read(&arena, names.items[i].p, SPECS_MOST / 4, &text) < 0)
                                continue;
                        for (size_t from = str_search(text, address); !named && from < text.n;
                             text = str_skip(text, from + address.n), from = str_search(text, address))
                                named = str_starts(str_skip(text, from + address.n), str_from(socket));
                }
        arena_deinit(&arena);
        return named;
}

bool place_is_found(const char *socket) {
        char folder[4096], real[PATH_MAX];

        if (!folder_of(socket, folder, sizeof(folder)))
                return false;
        /* /var/run is a link to /run. */
        if (strcmp(realpath(folder, real) ? real : folder, PLUGINS) == 0)
                return true;
        return is_named_in("/etc/docker/plugins", socket) || is_named_in("/usr/lib/docker/plugins", socket);
}

static int try_socket(const struct config *c, struct diag *diag) {
        struct position at = c->origins.socket.at;
        struct stat st;
        int r;

        if (!is_given(&c->origins.socket))
                return 0;
        if (strlen(c->socket) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
                return diag_error(diag, at, DIAG_PLACE_UNUSABLE,
                                  "socket: the path is longer than a socket's may be (%zu)",
                                  sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1);
        r = try_folder(c->socket, FOLDERS_NEW, at, "socket", diag);
        if (r < 0)
                return r;
        if (!place_is_found(c->socket))
                diag_warning(diag, at, DIAG_PLACE_UNSEEN,
                             "socket: dockerd looks for plugins only in " PLUGINS
                             ", unless /etc/docker/plugins/NAME.spec "
                             "says unix://%s",
                             c->socket);
        if (lstat(c->socket, &st) < 0)
                return 0;
        if (!S_ISSOCK(st.st_mode))
                return diag_error(diag, at, DIAG_PLACE_UNUSABLE, "socket: %s exists, and is not a socket", c->socket);
        if (knock(c->socket) == 0)
                diag_warning(diag, at, DIAG_PLACE_UNSEEN,
                             "socket: %s is served already; a second `serve` would not start; send SIGHUP to the "
                             "running one",
                             c->socket);
        return 0;
}

/* An engine that is down may come up; what is no socket never becomes one. */
static int try_engine(const struct config *c, struct diag *diag) {
        struct position at = c->origins.lookup_docker.at;
        struct stat st;
        int error;

        if (!c->lookup_docker)
                return 0;
        if (stat(c->lookup_docker, &st) == 0 && !S_ISSOCK(st.st_mode))
                return diag_error(diag, at, DIAG_PLACE_UNUSABLE, "lookups.docker: %s is not a socket",
                                  c->lookup_docker);
        error = knock(c->lookup_docker);
        if (error && !is_denied(error))
                diag_warning(diag, at, DIAG_PLACE_UNSEEN, "lookups.docker: no engine answers at %s: %s",
                             c->lookup_docker, strerror(error));
        return 0;
}

/* It may be made, and filled, later. */
static void try_scans(const struct config *c, struct diag *diag) {
        struct stat st;

        if (c->scans_folder && (stat(c->scans_folder, &st) < 0 || !S_ISDIR(st.st_mode)))
                diag_warning(diag, c->origins.scans_folder.at, DIAG_PLACE_UNSEEN, "scans.folder: %s is no folder: %s",
                             c->scans_folder, "every image counts as not scanned");
}

static int try_capture(const struct config *c, struct diag *diag) {
        struct position at = c->origins.capture_folder.at;
        cleanup_(text_deinit) struct text why;
        int r;

        text_init(&why);
        if (!c->capture)
                return 0;
        r = capture_folder_check(str_from(c->capture), false, &why);
        if (r == 0)
                return try_folder(c->capture, 1, at, "capture", diag);
        return is_denied(-r) ? 0
                             : diag_error(diag, at, DIAG_PLACE_UNUSABLE, "capture: %s", why.p ? why.p : "no memory");
}

int places_check(const struct config *config, struct diag *diag) {
        int records = try_records(config, diag), socket = try_socket(config, diag), engine = try_engine(config, diag);
        int captured = try_capture(config, diag);

        try_scans(config, diag);
        return records < 0 || socket < 0 || engine < 0 || captured < 0 ? -EINVAL : 0;
}
