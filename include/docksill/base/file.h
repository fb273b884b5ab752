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

/**
 * file_read_regular() - the same, of a regular file alone
 *
 * Never waits for a writer, and never takes what merely has the file's name. Returns as file_read(), or
 * FILE_E_NOT_REGULAR: a folder, a FIFO, a socket or a device.
 */
#define FILE_E_NOT_REGULAR 1
must_check_ int file_read_regular(struct arena *arena, const char *path, size_t max, struct str *out);

struct stat;

/**
 * file_replace() - put @text in the place of the file, all of it or nothing
 * @like: whose owner, group and mode the new file gets, where we may; NULL: ours, 0600
 *
 * Written beside it (@path.new, a link is not followed), synced, renamed. Returns 0, -ENAMETOOLONG or the errno of
 * open(2), write(2), fsync(2), rename(2); then the old one stands.
 */
must_check_ int file_replace(const char *path, struct str text, const struct stat *like);

struct file_names {
        struct str *items; /* full paths, NUL-terminated, sorted by bytes */
        size_t n, capacity;
};

/**
 * file_list() - what lies below a folder and has a name that ends in @suffix
 * @out: in @arena; appended to
 *
 * Whatever has such a name is listed, a folder or a FIFO too: who reads it finds out, rather than that it is passed
 * over. Names that begin with '.' or end in '~' are skipped. Recurses into other sub-folders (8 deep at most, -ELOOP
 * beyond). Returns 0, -ENOMEM, -ENOTDIR or the errno of opendir(3)/readdir(3)/stat(2).
 */
must_check_ int file_list(struct arena *arena, const char *folder, const char *suffix, struct file_names *out);
