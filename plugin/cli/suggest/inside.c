#include "inside.h"
#include "docksill/base/cleanup.h"
#include "docksill/base/text.h"
#include "docksill/host/resolve.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define DEPTH_MOST 32

DEFINE_CLEANUP(DIR *, closedir);

/* @path leads through no link any more; one that was put there since ends it. */
static int open_below(int root, struct str path, int flags) {
        cleanup_(closep) int at = dup(root);

        while (at >= 0) {
                char name[NAME_MAX + 1];
                struct str component;
                int fd;

                while (str_starts(path, STR_C("/")))
                        path = str_skip(path, 1);
                component = str_cut(&path, '/');
                if (!str_to_z(component.n ? component : STR_C("."), name, sizeof(name)))
                        return -ENAMETOOLONG;
                fd = openat(at, name, (path.n ? O_PATH | O_DIRECTORY : flags) | O_NOFOLLOW | O_CLOEXEC);
                if (fd < 0 || !path.n)
                        return fd < 0 ? -errno : fd;
                close(at);
                at = fd;
        }
        return -errno;
}

static int inside_open(const char *proc, int64_t pid, struct str path, int flags) {
        cleanup_(text_deinit) struct text leads;
        cleanup_(closep) int root = -1;
        char name[4096];
        bool socket;
        int r;

        text_init(&leads);
        if ((size_t)snprintf(name, sizeof(name), "%s/%" PRId64 "/root", proc, pid) >= sizeof(name))
                return -ENAMETOOLONG;
        root = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (root < 0)
                return -errno;
        r = resolve_path(&leads, root, path, &socket);
        if (r == 0 && leads.failed)
                r = -ENOMEM;
        return r < 0 ? r : open_below(root, text_str(&leads), flags);
}

int inside_status(const char *proc, int64_t pid, struct str path, struct inside_status *out) {
        cleanup_(closep) int fd = inside_open(proc, pid, path, O_PATH);
        struct stat st;

        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (S_ISLNK(st.st_mode))
                return -ELOOP;
        *out = (struct inside_status){ .mode = st.st_mode, .user = st.st_uid, .group = st.st_gid };
        return 0;
}

static bool is_dot(const char *name) {
        return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

int inside_names(const char *proc, int64_t pid, struct str path, int (*each)(void *data, struct str name), void *data) {
        int fd = inside_open(proc, pid, path, O_RDONLY | O_DIRECTORY);
        cleanup_(closedirp) DIR *folder = fd < 0 ? NULL : fdopendir(fd);
        struct dirent *entry;
        int r = 0;

        if (fd < 0)
                return fd;
        if (!folder) {
                r = -errno;
                close(fd);
                return r;
        }
        while (r == 0 && (errno = 0, entry = readdir(folder)))
                if (!is_dot(entry->d_name))
                        r = each(data, str_from(entry->d_name));
        return r ? r : -errno;
}

/* -- newer than -- */

struct search {
        dev_t device;
        int64_t since;
        size_t looked;
        int64_t bytes;
        bool changed, cut;
};

/* Those that wait for nobody. */
static bool is_local(int fd) {
        static const unsigned long local[] = { EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC,       BTRFS_SUPER_MAGIC, TMPFS_MAGIC,
                                               F2FS_SUPER_MAGIC, OVERLAYFS_SUPER_MAGIC, 0x2fc12fc1 /* ZFS */ };
        struct statfs fs;

        if (fstatfs(fd, &fs) < 0)
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(local); ++i)
                if ((unsigned long)fs.f_type == local[i])
                        return true;
        return false;
}

static bool is_newer(const struct stat *st, int64_t since) {
        return (int64_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000 > since;
}

/* Owns @fd. */
static void look(struct search *s, int fd, unsigned depth) {
        cleanup_(closedirp) DIR *folder = fdopendir(fd);
        struct dirent *entry;

        if (!folder) {
                close(fd);
                s->cut = true;
                return;
        }
        while (!s->cut && (entry = readdir(folder))) {
                struct stat st;
                int inner;

                if (is_dot(entry->d_name) || fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
                        continue;
                if (st.st_dev != s->device)
                        continue;
                if (++s->looked > INSIDE_LOOKED_MOST || depth == DEPTH_MOST) {
                        s->cut = true;
                        return;
                }
                s->changed = s->changed || is_newer(&st, s->since);
                s->bytes += S_ISREG(st.st_mode) ? st.st_size : 0;
                if (!S_ISDIR(st.st_mode))
                        continue;
                inner = openat(dirfd(folder), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
                if (inner >= 0)
                        look(s, inner, depth + 1);
                else
                        s->cut = true;
        }
}

int inside_look(const char *proc, int64_t pid, struct str path, int64_t since, bool *changed, int64_t *bytes,
                bool *all) {
        struct search s = { .since = since };
        struct stat st;
        int fd = inside_open(proc, pid, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0 || !is_local(fd) || (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))) {
                close(fd);
                return -ENOTSUP;
        }
        s.device = st.st_dev;
        s.changed = is_newer(&st, since);
        s.bytes = S_ISREG(st.st_mode) ? st.st_size : 0;
        if (S_ISDIR(st.st_mode))
                look(&s, fd, 0);
        else
                close(fd);
        *changed = s.changed;
        *bytes = s.bytes;
        *all = !s.cut;
        return 0;
}
