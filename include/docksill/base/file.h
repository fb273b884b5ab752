#pragma once
/*
 * file: whole small files and sorted folders.
 */
#include "docksill/base/arena.h"
#include "docksill/base/str.h"

/**
 * file_read() - a whole file
 * @out: in @arena, NUL-terminated behind n; written on success only
 * @max: -EFBIG beyond this many bytes
 *
 * "-" is not special here. Returns 0, -ENOMEM, -EFBIG, -EISDIR or the errno of open(2)/read(2).
 */
must_check_ int file_read(struct arena *arena, const char *path, size_t max, struct str *out);

/* The same from an open descriptor (borrowed), to its end. */
must_check_ int file_read_fd(struct arena *arena, int fd, size_t max, struct str *out);

struct file_names {
        struct str *items; /* full paths, NUL-terminated, sorted by bytes */
        size_t n, capacity;
};

/**
 * file_list() - the regular files below a folder whose names end in @suffix
 * @out: in @arena; appended to
 *
 * Names that begin with '.' or end in '~' are skipped. Recurses into sub-folders (8 deep at most, -ELOOP beyond).
 * Returns 0, -ENOMEM, -ENOTDIR or the errno of opendir(3)/readdir(3)/stat(2).
 */
must_check_ int file_list(struct arena *arena, const char *folder, const char *suffix, struct file_names *out);
