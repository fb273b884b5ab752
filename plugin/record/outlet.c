#include "outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* A crash of the machine may have left a begun line at the end; our first record must not be glued to it. Done as well
 * as can be: where it can't, one line is spoilt. */
static void end_torn_line(int fd, const char *path) {
        cleanup_(closep) int reading = -1;
        struct stat st, other;
        char last = '\n';

        if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
                return;
        reading = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (reading < 0 || fstat(reading, &other) < 0 || other.st_dev != st.st_dev || other.st_ino != st.st_ino)
                return;
        if (pread(reading, &last, 1, st.st_size - 1) == 1 && last != '\n' && write(fd, "\n", 1) < 0)
                return;
}

/* Opening a FIFO without O_NONBLOCK would wait for a reader, and later each write would. */
static int open_path(const char *path) {
        int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW, 0640);

        if (fd < 0)
                return -errno;
        end_torn_line(fd, path);
        return fd;
}

bool outlet_is_stdout(const struct outlet *o) {
        return strcmp(o->path, "-") == 0;
}

static void take(struct outlet *o, int fd) {
        struct stat st;

        o->fd = fd;
        o->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

int outlet_open(struct outlet *out, const char *path) {
        struct outlet o = { .path = strdup(path) };
        int fd;

        if (!o.path)
                return -ENOMEM;
        fd = outlet_is_stdout(&o) ? STDOUT_FILENO : open_path(path);
        if (fd < 0) {
                free(o.path);
                return fd;
        }
        take(&o, fd);
        *out = o;
        return 0;
}

void outlet_close(struct outlet *o) {
        syncer_deinit(&o->syncer);
        if (o->path && !outlet_is_stdout(o))
                close(o->fd);
        free(TAKE(o->path));
}

int outlet_reopen(struct outlet *o) {
        int fd = open_path(o->path);

        if (fd < 0)
                return fd;
        /* A sync of its own, whatever one that is under way is at. */
        syncer_deinit(&o->syncer);
        (void)outlet_sync(o);
        syncer_deinit(&o->syncer);
        close(o->fd);
        take(o, fd);
        return 0;
}

int outlet_sync(struct outlet *o) {
        return o->regular ? syncer_ask(&o->syncer, o->fd) : 0;
}

int outlet_sync_now(const struct outlet *o) {
        return o->regular && fdatasync(o->fd) < 0 ? -errno : 0;
}

bool outlet_is_deleted(const struct outlet *o) {
        struct stat st;

        return o->regular && fstat(o->fd, &st) == 0 && st.st_nlink == 0;
}

/* A file that was renamed lies on the file system of its folder still; one that a folder was mounted over, or that was
 * unmounted while we have it open, does not. */
bool outlet_is_unmounted(const struct outlet *o) {
        struct stat ours, there;
        const char *slash = strrchr(o->path, '/');
        char folder[PATH_MAX] = ".";

        if (!o->regular || outlet_is_stdout(o) || fstat(o->fd, &ours) < 0)
                return false;
        if (lstat(o->path, &there) == 0 && there.st_dev == ours.st_dev && there.st_ino == ours.st_ino)
                return false;
        if (slash && (size_t)(slash - o->path) + 1 < sizeof(folder)) {
                /* With the slash, which is all of the root. */
                memcpy(folder, o->path, (size_t)(slash - o->path) + 1);
                folder[slash - o->path + 1] = '\0';
        }
        return stat(folder, &there) == 0 && there.st_dev != ours.st_dev;
}

const char *outlet_name(const struct outlet *o) {
        return outlet_is_stdout(o) ? "standard output" : o->path;
}
