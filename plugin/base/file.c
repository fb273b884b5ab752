#include "docksill/base/file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#define CHUNK      ((size_t)16 << 10)
#define DEPTH_MOST 8

DEFINE_CLEANUP(DIR *, closedir);

/* Reads until the end or until @size bytes are there. */
static int read_all(int fd, char *to, size_t size, size_t *n) {
        while (*n < size) {
                ssize_t got = read(fd, to + *n, size - *n);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return -errno;
                if (got == 0)
                        break;
                *n += (size_t)got;
        }
        return 0;
}

int file_read_fd(struct arena *arena, int fd, size_t max, struct str *out) {
        size_t n = 0, size = CHUNK;
        struct stat st;
        char *p;

        if (fstat(fd, &st) < 0)
                return -errno;
        if (S_ISDIR(st.st_mode))
                return -EISDIR;
        if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max)
                return -EFBIG;
        /* The size is a hint: files of /proc say 0, others grow. One byte more than expected tells the end from
         * more. */
        if (S_ISREG(st.st_mode) && st.st_size > 0)
                size = (size_t)st.st_size + 1;

        p = arena_bytes(arena, size);
        for (;;) {
                char *larger;
                int r;

                if (!p)
                        return -ENOMEM;
                r = read_all(fd, p, size, &n);
                if (r < 0)
                        return r;
                if (n > max)
                        return -EFBIG;
                if (n < size)
                        break;
                if (size > SIZE_MAX / 2)
                        return -ENOMEM;
                larger = arena_extend(arena, p, size, size * 2) ? p : arena_bytes(arena, size * 2);
                if (larger && larger != p)
                        memcpy(larger, p, n);
                p = larger;
                size *= 2;
        }
        p[n] = '\0';
        *out = (struct str){ p, n };
        return 0;
}

int file_read(struct arena *arena, const char *path, size_t max, struct str *out) {
        cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

        if (fd < 0)
                return -errno;
        return file_read_fd(arena, fd, max, out);
}

/* Without O_NONBLOCK a FIFO that nobody writes to would hold us for good. */
int file_read_regular(struct arena *arena, const char *path, size_t max, struct str *out) {
        cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        struct stat st;

        if (fd < 0)
                return errno == ENXIO ? FILE_E_NOT_REGULAR : -errno;
        if (fstat(fd, &st) < 0)
                return -errno;
        return S_ISREG(st.st_mode) ? file_read_fd(arena, fd, max, out) : FILE_E_NOT_REGULAR;
}

static int write_all(int fd, struct str text) {
        while (text.n > 0) {
                ssize_t n = write(fd, text.p, text.n);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                text = str_skip(text, (size_t)n);
        }
        return 0;
}

/* The owner before the mode: to change it takes bits of the mode away. */
static int write_like(int fd, struct str text, const struct stat *like) {
        int r = write_all(fd, text);

        if (r == 0 && like && (like->st_uid != geteuid() || like->st_gid != getegid()) &&
            fchown(fd, like->st_uid, like->st_gid) < 0 && errno != EPERM)
                r = -errno;
        if (r == 0 && fchmod(fd, like ? like->st_mode & 07777 : 0600) < 0)
                r = -errno;
        if (r == 0 && fsync(fd) < 0)
                r = -errno;
        return r;
}

int file_replace(const char *path, struct str text, const struct stat *like) {
        cleanup_(closep) int fd = -1;
        char beside[PATH_MAX];
        int r;

        if (snprintf(beside, sizeof(beside), "%s.new", path) >= (int)sizeof(beside))
                return -ENAMETOOLONG;
        (void)unlink(beside); /* of one that was killed here, with whatever mode */
        fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
                return -errno;
        r = write_like(fd, text, like);
        if (r == 0 && rename(beside, path) < 0)
                r = -errno;
        if (r < 0)
                (void)unlink(beside);
        return r;
}

static bool is_wanted(struct str name) {
        return name.n > 0 && name.p[0] != '.' && name.p[name.n - 1] != '~';
}

static int join(struct arena *arena, const char *folder, const char *name, struct str *out) {
        struct str head = str_from(folder), tail = str_from(name);
        bool slash = head.n > 0 && head.p[head.n - 1] != '/';
        char *p = arena_bytes(arena, head.n + tail.n + 2);

        if (!p)
                return -ENOMEM;
        memcpy(p, head.p, head.n);
        if (slash)
                p[head.n] = '/';
        memcpy(p + head.n + slash, tail.p, tail.n + 1);
        *out = (struct str){ p, head.n + slash + tail.n };
        return 0;
}

static int add_name(struct arena *arena, struct str path, struct file_names *out) {
        struct str *slot = ARENA_PUSH(arena, out);

        if (!slot)
                return -ENOMEM;
        *slot = path;
        return 0;
}

static int list_folder(struct arena *arena, const char *folder, struct str suffix, unsigned depth,
                       struct file_names *out);

static int list_entry(struct arena *arena, const char *folder, const char *name, struct str suffix, unsigned depth,
                      struct file_names *out) {
        bool named = str_ends(str_from(name), suffix);
        struct str path;
        struct stat st;
        int r = join(arena, folder, name, &path);

        if (r < 0)
                return r;
        if (stat(path.p, &st) < 0)
                return !named && (errno == ENOENT || errno == ELOOP) ? 0 : -errno; /* a dangling link of another name */
        if (S_ISDIR(st.st_mode) && !named)
                return list_folder(arena, path.p, suffix, depth + 1, out);
        return named ? add_name(arena, path, out) : 0;
}

/* Recursion: DEPTH_MOST deep, which also ends circles of links. */
static int list_folder(struct arena *arena, const char *folder, struct str suffix, unsigned depth,
                       struct file_names *out) {
        cleanup_(closedirp) DIR *dir = NULL;

        if (depth > DEPTH_MOST)
                return -ELOOP;
        dir = opendir(folder);
        if (!dir)
                return -errno;
        for (;;) {
                struct dirent *entry;
                int r;

                errno = 0;
                entry = readdir(dir);
                if (!entry)
                        return -errno;
                if (!is_wanted(str_from(entry->d_name)))
                        continue;
                r = list_entry(arena, folder, entry->d_name, suffix, depth, out);
                if (r < 0)
                        return r;
        }
}

static int by_bytes(const void *a, const void *b) {
        return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

int file_list(struct arena *arena, const char *folder, const char *suffix, struct file_names *out) {
        size_t before = out->n;
        int r = list_folder(arena, folder, str_from(suffix), 0, out);

        if (r < 0)
                return r;
        if (out->n > before)
                qsort(out->items + before, out->n - before, sizeof(*out->items), by_bytes);
        return 0;
}
