/*
 * Whether a socket file is alive can only be told by connecting to it: refused means that nobody listens. Looking,
 * removing and binding are three steps, so two instances that start at once could each take the other's fresh file for
 * a stale one; a lock on the folder makes the three steps one, and leaves nothing behind.
 */
#include "docksill/serve/listen.h"
#include "docksill/base/cleanup.h"
#include "docksill/serve/notify.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

/* Calls that wait while a restart is under way or a burst comes in; the kernel cuts it to net.core.somaxconn. */
#define BACKLOG 4096

#define FIRST_PASSED 3 /* systemd's first descriptor: SD_LISTEN_FDS_START */

static int explain(struct text *why, int error, const char *path, const char *sentence) {
        text_addz(why, "socket ");
        text_add_visible(why, str_from(path), 200);
        text_addz(why, ": ");
        text_addz(why, sentence);
        return error;
}

static int explain_errno(struct text *why, int error, const char *path, const char *what) {
        char sentence[160];
        struct text t;

        text_init_fixed(&t, sentence, sizeof(sentence));
        text_addf(&t, "%s: %s", what, strerror(-error));
        if (error == -EACCES || error == -EPERM || error == -EROFS)
                text_addz(&t, "; run as root, or choose another place with --socket");
        return explain(why, error, path, t.p ? t.p : what);
}

/* systemd's word is taken for which file it is, not for what: a misdirected LISTEN_FDS must not be served. */
static int listener_take(struct listener *out, int fd, struct text *why) {
        int domain = 0, listening = 0, flags;
        socklen_t size = sizeof(int);

        if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0 || domain != AF_UNIX ||
            getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) < 0 || !listening)
                return explain(why, -ENOTSOCK, "(from systemd)",
                               "the descriptor passed is not a listening Unix stream socket; see ListenStream= in the "
                               "socket unit");
        flags = fcntl(fd, F_GETFL);
        if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
                return explain_errno(why, -errno, "(from systemd)", "can't be made non-blocking");

        *out = (struct listener){ .fd = fd, .watch = -1, .activated = true };
        return 0;
}

/* Makes @folder, and the one above it: /run is empty after a boot, and we come before dockerd, which would make
 * /run/docker. That one gets dockerd's mode. Deeper gaps are likelier a slip of the pen. */
static int folder_make(char *folder) {
        char *slash = strrchr(folder, '/');
        int r;

        if (mkdir(folder, 0755) == 0 || errno == EEXIST)
                return 0;
        if (errno != ENOENT || !slash || slash == folder)
                return -errno;
        *slash = '\0';
        r = mkdir(folder, 0700) < 0 && errno != EEXIST ? -errno : 0;
        *slash = '/';
        if (r < 0)
                return r;
        return mkdir(folder, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

/* The folder that @path lies in. @out: as long as a socket's path may be. */
static void folder_of(const char *path, char *out) {
        size_t slash = str_find_last(str_from(path), '/');

        if (slash == strlen(path)) {
                memcpy(out, ".", 2);
                return;
        }
        memcpy(out, path, slash + 1);
        out[slash ? slash : 1] = '\0';
}

/* Opens and locks the folder that @path lies in; made when no more than its last two parts are missing. */
static int folder_lock(int *out, const char *path, struct text *why) {
        cleanup_(closep) int fd = -1;
        char folder[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
        int error;

        folder_of(path, folder);
        error = folder_make(folder);
        if (error < 0)
                return explain_errno(why, error, path,
                                     error == -ENOENT
                                             ? "the folders above it are missing; make them, or choose another "
                                               "place with --socket"
                                             : "its folder can't be made");
        fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return explain_errno(why, -errno, path, "its folder can't be opened");
        if (flock(fd, LOCK_EX | LOCK_NB) < 0)
                return explain(why, -EADDRINUSE, path, "another docksill is starting there at this moment");

        *out = fd;
        fd = -1;
        return 0;
}

/* Does somebody accept connections there? A full backlog (EAGAIN) means that somebody does. */
static bool is_alive(const struct sockaddr_un *address) {
        cleanup_(closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        if (fd < 0)
                return true; /* can't tell: then it is not ours to push aside */
        return connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
               (errno != ECONNREFUSED && errno != ENOENT);
}

/* Makes room at @address: removes a dead instance's file, refuses anything else. */
static int clear_way(const struct sockaddr_un *address, struct text *why) {
        const char *path = address->sun_path;
        struct stat st;

        if (lstat(path, &st) < 0)
                return errno == ENOENT ? 0 : explain_errno(why, -errno, path, "can't be looked at");
        if (!S_ISSOCK(st.st_mode))
                return explain(why, -ENOTSOCK, path,
                               "a file that is not a socket is in the way; move it away, or choose another place with "
                               "--socket");
        if (is_alive(address))
                return explain(
                        why, -EADDRINUSE, path,
                        "another process serves it; `ss -xlp` names it, `systemctl stop docksill` ends the service");
        if (unlink(path) < 0 && errno != ENOENT)
                return explain_errno(why, -errno, path, "a stale socket can't be removed");
        return 0;
}

/* The mode is 0600 from the first moment: between bind(2) and a chmod(2) anybody could connect, and stay connected. */
static int bind_private(int fd, const struct sockaddr_un *address) {
        mode_t before = umask(0177);
        int r = bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? -errno : 0;

        umask(before);
        return r;
}

static int listener_bind(struct listener *out, const char *path, struct text *why) {
        cleanup_(closep) int fd = -1, folder = -1;
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        struct stat st;
        int r;

        if (*path == '\0')
                return explain(why, -ENOENT, path, "its name is empty");
        if (strlen(path) >= sizeof(address.sun_path))
                return explain(why, -ENAMETOOLONG, path,
                               "its path is longer than the 107 bytes that a Unix socket may have");
        memcpy(address.sun_path, path, strlen(path) + 1);

        r = folder_lock(&folder, path, why);
        if (r < 0)
                return r;
        r = clear_way(&address, why);
        if (r < 0)
                return r;

        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return explain_errno(why, -errno, path, "can't make a socket");
        r = bind_private(fd, &address);
        if (r < 0)
                return explain_errno(why, r, path, "can't be bound");
        if (lstat(path, &st) < 0 || listen(fd, BACKLOG) < 0) {
                r = -errno;
                (void)unlink(path);
                return explain_errno(why, r, path, "can't be listened on");
        }

        *out = (struct listener){ .watch = -1, .device = st.st_dev, .inode = st.st_ino };
        memcpy(out->path, path, strlen(path) + 1);
        out->fd = fd;
        fd = -1;
        return 0;
}

/* Anew for each file, since the folder may be another one too. Where nobody can tell, SIGHUP still looks. */
static void watch(struct listener *l) {
        char folder[sizeof(l->path)];

        if (l->watch < 0)
                l->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        if (l->watch < 0)
                return;
        folder_of(l->path, folder);
        (void)inotify_add_watch(l->watch, folder,
                                IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
}

static void forget_events(const struct listener *l) {
        char events[4096];

        while (l->watch >= 0 && read(l->watch, events, sizeof(events)) > 0)
                ;
}

static bool is_ours(const struct listener *l, const struct stat *st) {
        return S_ISSOCK(st->st_mode) && st->st_dev == l->device && st->st_ino == l->inode;
}

bool listener_is_gone(const struct listener *l) {
        struct stat st;

        forget_events(l);
        return l->path[0] && (lstat(l->path, &st) < 0 || !is_ours(l, &st));
}

int listener_renew(struct listener *l, struct text *why) {
        struct listener fresh;
        struct stat st;
        int r;

        forget_events(l);
        if (l->path[0] == '\0')
                return 0;
        if (lstat(l->path, &st) == 0)
                return is_ours(l, &st)
                               ? 0
                               : explain(why, -EADDRINUSE, l->path,
                                         "another file is in the place of ours, which dockerd finds instead; move it "
                                         "away and send SIGHUP, or restart docksill");
        r = listener_bind(&fresh, l->path, why);
        if (r < 0)
                return r;
        r = dup3(fresh.fd, l->fd, O_CLOEXEC) < 0 ? -errno : 0;
        close(fresh.fd);
        if (r < 0)
                return explain_errno(why, r, l->path, "can't be listened on");
        l->device = fresh.device;
        l->inode = fresh.inode;
        watch(l);
        return LISTENER_E_RENEWED;
}

bool listener_activated(char *path) {
        const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
        struct sockaddr_un address = { 0 };
        socklen_t size = sizeof(address);

        if (!pid || !n || strtol(n, NULL, 10) < 1 || strtol(pid, NULL, 10) != getpid() ||
            getsockname(FIRST_PASSED, (struct sockaddr *)&address, &size) < 0 || address.sun_family != AF_UNIX)
                return false;
        memcpy(path, address.sun_path, sizeof(address.sun_path));
        path[sizeof(address.sun_path)] = '\0';
        return path[0] == '/';
}

int listener_open(struct listener *out, const char *path, struct text *why) {
        int fd = notify_listen_fd(), r;

        if (fd >= 0)
                return listener_take(out, fd, why);
        if (fd != -1)
                return explain(why, fd, "(from systemd)",
                               fd == -E2BIG ? "more than one was passed; the socket unit wants one ListenStream= line"
                                            : "LISTEN_FDS and LISTEN_PID don't make sense");
        r = listener_bind(out, path, why);
        if (r == 0)
                watch(out);
        return r;
}

void listener_remove(struct listener *l) {
        struct stat st;

        if (l->path[0] == '\0')
                return;
        if (lstat(l->path, &st) == 0 && is_ours(l, &st))
                (void)unlink(l->path);
        l->path[0] = '\0';
}

void listener_close(struct listener *l) {
        listener_remove(l);
        if (l->fd >= 0)
                close(l->fd);
        if (l->watch >= 0)
                close(l->watch);
        l->fd = l->watch = -1;
}
