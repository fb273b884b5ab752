#pragma once
/*
 * unpack: what logrotate has compressed, read as it was before. gzip alone, by zlib, where the build has it.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"
#include <sys/types.h>

struct unpack;

/* Whether a file that begins so is gzip. */
bool unpack_knows(struct str begin);

/**
 * unpack_new() - of a file of which the first bytes were read already
 * @fd:    borrowed
 * @begin: copied
 *
 * Returns 0, -ENOMEM, or -ENOTSUP: this build can't.
 */
must_check_ int unpack_new(struct unpack **out, int fd, struct str begin);
void unpack_free(struct unpack *u);
DEFINE_CLEANUP(struct unpack *, unpack_free);

/* Returns how many bytes came, 0 at the end, -EBADMSG where it is damaged or cut off, or the errno of read(2). */
ssize_t unpack_read(struct unpack *u, char *to, size_t n);
