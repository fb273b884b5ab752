#pragma once
/*
 * outlet: where records go: a file, a pipe, or standard output.
 *
 * No call here waits for a disk that is slow, nor for a reader, but for outlet_sync_now().
 */
#include "docksill/base/cleanup.h"
#include "syncer.h"

struct outlet {
        char *path; /* "-": standard output */
        int fd;
        bool regular; /* a file, and not a pipe or a device */
        struct syncer syncer;
};

/**
 * outlet_open() - open @path for appending
 * @path: made as 0640 where it is missing; "-" is standard output, which is not ours to close or to make non-blocking
 *
 * A FIFO needs its reader first (-ENXIO); a link is not followed (-ELOOP): whoever may write to the folder could turn
 * it to any file of the host. A line that a crash left torn is ended. Returns 0, -ENOMEM or the errno of open(2).
 */
must_check_ int outlet_open(struct outlet *out, const char *path);

/* Zeroed memory will do. */
void outlet_close(struct outlet *o);

/* The same path anew, which is not standard output; the old file is synced. Returns 0, or the errno of open(2): then
 * the old one stays. */
must_check_ int outlet_reopen(struct outlet *o);

bool outlet_is_stdout(const struct outlet *o);

/* Deleted, that is, and not renamed: whoever rotates tells us when the new file is to be begun. */
bool outlet_is_deleted(const struct outlet *o);

/* Its file system was unmounted, or another was mounted over it: what we write would be found by nobody. */
bool outlet_is_unmounted(const struct outlet *o);

/* A file is to be on its disk soon, as far as it is written; as syncer_ask(). */
int outlet_sync(struct outlet *o);

/* The same, here and now: it waits for the disk. Returns 0 or the errno of fdatasync(2). */
int outlet_sync_now(const struct outlet *o);

/* For people. */
const char *outlet_name(const struct outlet *o);
