#pragma once
/*
 * capture-folder-priv: files of captured calls, of which the oldest make room for new ones.
 *
 * Named by time and decision: "20260131T120000.000000Z-7f3a000000000001.json". Other files there are let alone.
 */
#include "docksill/record/capture-folder.h"

#define CAPTURE_NAME 48 /* bytes, with the NUL; the names have 45 */

struct captured_file {
        char name[CAPTURE_NAME];
        uint64_t size;
};

struct capture_folder {
        int fd;                      /* -1: not open */
        uint64_t keep, max, size;    /* size: bytes of all files */
        struct captured_file *files; /* a ring of .keep, the oldest at .first */
        size_t first, n;
};

/**
 * capture_folder_open() - look what is there, and remove what is too much
 * @why: as for capture_folder_check()
 *
 * Returns 0 or a negative errno; then nothing is open.
 */
must_check_ int capture_folder_open(struct capture_folder *out, const struct capture_place *place, struct text *why);

/* Zeroed memory with .fd -1 will do. */
void capture_folder_close(struct capture_folder *f);

/* One more, whole or not at all. Returns 0, -EFBIG (larger than all may be) or the errno of what failed. */
must_check_ int capture_folder_add(struct capture_folder *f, uint64_t id, int64_t wall, struct str call);
