#include "dockerd.h"
#include "docksill/base/file.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROC_MOST (512u * 1024) /* of a file of /proc */
#define PID_FILE  "/run/docker.pid"

DEFINE_CLEANUP(DIR *, closedir);

/* What is looked for, and where. */
struct search {
        struct arena *arena;
        const char *root, *settings;
        const struct daemon_json *file;
};

/* One process. */
struct candidate {
        struct dockerd d;
        struct str settings, pid_file;
};

static int read_of(const struct search *s, const char *pid, const char *name, struct str *out) {
        char path[PATH_MAX];

        if (snprintf(path, sizeof(path), "%s/proc/%s/%s", s->root, pid, name) >= (int)sizeof(path))
                return -ENAMETOOLONG;
        return file_read(s->arena, path, PROC_MOST, out);
}

static struct str last_part(struct str path) {
        size_t slash = str_find_last(path, '/');

        return slash < path.n ? str_skip(path, slash + 1) : path;
}

/* One number: it is seen by nobody's other view of the processes. */
static bool is_of_host(const struct search *s, const char *pid) {
        struct str status;

        if (read_of(s, pid, "status", &status) < 0)
                return false;
        while (status.p) {
                struct str line = str_cut(&status, '\n');

                if (str_starts(line, STR_C("NSpid:"))) {
                        line = str_trim(str_skip(line, strlen("NSpid:")));
                        return line.n > 0 && str_find(line, '\t') == line.n;
                }
        }
        return false;
}

static int push(struct arena *arena, struct str **items, size_t *n, size_t *capacity, struct str value) {
        struct str *grown = arena_grow(arena, *items, *n, capacity, sizeof(**items));

        if (!grown)
                return -ENOMEM;
        *items = grown;
        grown[(*n)++] = value;
        return 0;
}

/* "--name=value", or "--name" and the next word is the value. p == NULL: another flag. */
static struct str flag_value(struct str word, const char *name, struct str next) {
        struct str value = word, given = str_cut(&value, '=');

        if (!str_starts(given, STR_C("--")) || !str_eqz(str_skip(given, 2), name))
                return (struct str){ 0 };
        return value.p ? value : next;
}

static int take_word(const struct search *s, struct candidate *c, struct str word, struct str next) {
        struct str value;

        value = flag_value(word, "authorization-plugin", next);
        if (value.p)
                return push(s->arena, &c->d.plugins, &c->d.n, &c->d.capacity, value);
        value = flag_value(word, "host", next);
        if (!value.p && str_starts(word, STR_C("-H")))
                value = word.n > 2 ? str_skip(word, 2 + (word.p[2] == '=')) : next;
        if (value.p)
                return push(s->arena, &c->d.hosts.items, &c->d.hosts.n, &c->d.hosts.capacity, value);
        value = flag_value(word, "config-file", next);
        if (value.p)
                c->settings = value;
        value = flag_value(word, "pidfile", next);
        if (!value.p && str_starts(word, STR_C("-p")))
                value = word.n > 2 ? str_skip(word, 2 + (word.p[2] == '=')) : next;
        if (value.p)
                c->pid_file = value;
        c->d.tls_verify = c->d.tls_verify || str_eqz(word, "--tlsverify") || str_eqz(word, "--tlsverify=true");
        return 0;
}

static int read_line(const struct search *s, struct candidate *c, struct str line) {
        struct str rest = line, word = str_cut(&rest, '\0');
        int r = 0;

        while (r == 0 && rest.p && rest.n > 0) {
                struct str ahead, next;

                word = str_cut(&rest, '\0');
                ahead = rest;
                next = ahead.p && ahead.n ? str_cut(&ahead, '\0') : (struct str){ 0 };
                r = take_word(s, c, word, next);
        }
        return r;
}

static bool is_same_file(const struct search *s, struct str other) {
        char path[PATH_MAX], ours[PATH_MAX];
        struct stat a, b;

        if (str_eqz(other, s->settings))
                return true;
        if (snprintf(path, sizeof(path), "%s%" STR_FMT, s->root, STR_ARG(other)) >= (int)sizeof(path) ||
            snprintf(ours, sizeof(ours), "%s%s", s->root, s->settings) >= (int)sizeof(ours))
                return false;
        return stat(path, &a) == 0 && stat(ours, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* What its file says, where there is one. */
static bool is_named_by_pid_file(const struct search *s, const struct candidate *c, const char *pid) {
        struct str name = c->pid_file.p                   ? c->pid_file
                          : !str_empty(s->file->pid_file) ? s->file->pid_file
                                                          : STR_C(PID_FILE);
        char path[PATH_MAX];
        struct str text;

        if (snprintf(path, sizeof(path), "%s%" STR_FMT, s->root, STR_ARG(name)) >= (int)sizeof(path) ||
            file_read_regular(s->arena, path, 64, &text) != 0)
                return true;
        return str_eqz(str_trim(text), pid);
}

/* 1: it is one; 0: it is none. */
static int read_process(const struct search *s, const char *pid, struct candidate *out) {
        struct str comm, line;
        int r;

        *out = (struct candidate){ .settings = STR(DAEMON_JSON) };
        if (read_of(s, pid, "comm", &comm) < 0 || !str_starts(comm, STR_C("dockerd")) || !is_of_host(s, pid) ||
            read_of(s, pid, "cmdline", &line) < 0 ||
            !str_eqz(last_part(str_first(line, str_find(line, '\0'))), "dockerd"))
                return 0;
        r = read_line(s, out, line);
        if (r < 0)
                return r;
        return is_same_file(s, out->settings) && is_named_by_pid_file(s, out, pid);
}

/* Its process, held before it is looked at, so that what was seen is what is held. */
static int take_process(const struct search *s, const char *name, struct dockerd *out) {
        int64_t pid;
        struct candidate c;
        int handle = -1, r;

        if (str_int(str_from(name), &pid) < 0 || pid <= 0 || pid > INT_MAX)
                return 0;
        if (!*s->root)
                handle = pidfd_open((pid_t)pid, 0);
        r = read_process(s, name, &c);
        if (r == 1 && out->pid == 0) {
                c.d.pid = (pid_t)pid;
                c.d.handle = handle;
                c.d.more = out->more;
                *out = c.d;
                return 0;
        }
        if (handle >= 0)
                close(handle);
        out->more += r == 1;
        return r < 0 ? r : 0;
}

int dockerd_find(struct dockerd *out, struct arena *arena, const char *root, const char *settings,
                 const struct daemon_json *file) {
        const struct search s = { arena, root, settings, file };
        cleanup_(closedirp) DIR *proc = NULL;
        char path[PATH_MAX];
        struct dirent *entry;
        int r = 0;

        *out = (struct dockerd){ .handle = -1 };
        if (snprintf(path, sizeof(path), "%s/proc", root) >= (int)sizeof(path))
                return -ENAMETOOLONG;
        proc = opendir(path);
        if (!proc)
                return -errno;
        while (r == 0 && (entry = readdir(proc)))
                if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
                        r = take_process(&s, entry->d_name, out);
        return r;
}

void dockerd_close(struct dockerd *d) {
        if (d->handle >= 0)
                close(d->handle);
        d->handle = -1;
}

int dockerd_reload(const struct dockerd *d) {
        if (d->handle < 0)
                return -ESRCH;
        return pidfd_send_signal(d->handle, SIGHUP, NULL, 0) < 0 ? -errno : 0;
}

bool dockerd_lives(const struct dockerd *d) {
        struct pollfd p = { .fd = d->handle, .events = POLLIN };

        return d->handle >= 0 && poll(&p, 1, 0) == 0;
}
