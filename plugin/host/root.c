#include "docksill/host/root.h"
#include "docksill/base/cleanup.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

DEFINE_CLEANUP(DIR *, closedir);

/* Below the root: its links are followed as if it were /, and those that are processes' own (/proc/PID/root) are not.
 */
static int open_in(const struct host_root *r, const char *path, int flags) {
        struct open_how how = {
                .flags = (unsigned)(flags | O_CLOEXEC),
                .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
        };
        long fd = syscall(SYS_openat2, r->fd, path, &how, sizeof(how));

        return fd < 0 ? -errno : (int)fd;
}

int host_root_open(struct host_root *out, const char *path) {
        struct host_root root = { .fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) };
        struct stat own, other;
        int fd;

        if (root.fd < 0)
                return -errno;
        fd = open_in(&root, ".", O_PATH);
        if (fd < 0) {
                close(root.fd);
                return fd;
        }
        close(fd);
        root.live = stat("/", &own) == 0 && fstat(root.fd, &other) == 0 && own.st_dev == other.st_dev &&
                    own.st_ino == other.st_ino;
        *out = root;
        return 0;
}

void host_root_close(struct host_root *r) {
        if (r->fd >= 0)
                close(r->fd);
        r->fd = -1;
}

int host_root_stat(const struct host_root *r, const char *path, struct stat *out) {
        cleanup_(closep) int fd = open_in(r, path, O_PATH);

        if (fd < 0)
                return fd;
        return fstat(fd, out) < 0 ? -errno : 0;
}

int host_root_read(const struct host_root *r, struct arena *arena, const char *path, size_t max, struct str *out) {
        cleanup_(closep) int fd = -1;
        struct stat st;
        int e = host_root_stat(r, path, &st);

        if (e < 0)
                return e;
        if (!S_ISREG(st.st_mode))
                return FILE_E_NOT_REGULAR;
        fd = open_in(r, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
        if (fd < 0)
                return fd;
        /* It may have been exchanged in between. */
        if (fstat(fd, &st) < 0)
                return -errno;
        return S_ISREG(st.st_mode) ? file_read_fd(arena, fd, max, out) : FILE_E_NOT_REGULAR;
}

static int by_bytes(const void *a, const void *b) {
        return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

int host_root_list(const struct host_root *r, struct arena *arena, const char *folder, size_t max,
                   struct file_names *out) {
        cleanup_(closedirp) DIR *dir = NULL;
        struct dirent *entry;
        int fd = open_in(r, folder, O_RDONLY | O_DIRECTORY | O_NONBLOCK);

        if (fd < 0)
                return fd;
        dir = fdopendir(fd);
        if (!dir) {
                close(fd);
                return -ENOMEM;
        }
        while ((errno = 0, entry = readdir(dir))) {
                struct str *slot;

                if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
                        continue;
                if (out->n == max)
                        return -EFBIG;
                slot = ARENA_PUSH(arena, out);
                if (!slot || arena_str(arena, str_from(entry->d_name), slot) < 0)
                        return -ENOMEM;
        }
        if (errno)
                return -errno;
        if (out->n > 1)
                qsort(out->items, out->n, sizeof(out->items[0]), by_bytes);
        return 0;
}
