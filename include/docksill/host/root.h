#pragma once
/*
 * root: the files of a host, below the folder that stands for its /.
 *
 * An audit looks at this machine, or at a folder: a fixture, an image of another machine that is mounted there. Links
 * in it are followed as they would be there, and never lead out of it (openat2(2), RESOLVE_IN_ROOT). Nothing is
 * written or run, and nothing is opened that could make us wait: a FIFO, a device.
 */
#include "docksill/base/file.h"

struct stat;

struct host_root {
        int fd;
        bool live; /* it is the / of this machine: processes and sysctls are its own */
};

/**
 * host_root_open() - the folder that stands for /
 * @path: "/" is this machine
 *
 * Returns 0, -ENOSYS (the kernel has no openat2(2): before 5.6), or the errno of open(2).
 */
must_check_ int host_root_open(struct host_root *out, const char *path);
void host_root_close(struct host_root *r);

/**
 * host_root_read() - a whole regular file
 * @path: as on that host; absolute
 * @max:  -EFBIG beyond so many bytes
 *
 * Returns as file_read_regular().
 */
must_check_ int host_root_read(const struct host_root *r, struct arena *arena, const char *path, size_t max,
                               struct str *out);

/* What lies there, whatever it is; links are followed. Returns 0 or the negative errno of openat2(2). */
must_check_ int host_root_stat(const struct host_root *r, const char *path, struct stat *out);

/**
 * host_root_list() - the names in a folder
 * @out: in @arena, sorted by bytes; without . and ..
 * @max: -EFBIG beyond so many names
 *
 * Returns 0, -ENOMEM, -EFBIG, -ENOTDIR or another errno.
 */
must_check_ int host_root_list(const struct host_root *r, struct arena *arena, const char *folder, size_t max,
                               struct file_names *out);
