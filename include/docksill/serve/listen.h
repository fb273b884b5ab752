#pragma once
/*
 * listen: the Unix socket that dockerd finds us by.
 *
 * PROTOCOL 1.1: /run/docker/plugins/NAME.sock. Passed by systemd (one socket), or made here: a stale file of a dead
 * instance is replaced, a living one is never pushed aside.
 */
#include "docksill/base/text.h"

struct listener {
        int fd;                 /* non-blocking, listening, close-on-exec */
        bool activated;         /* systemd owns the file: it is not ours to remove */
        char path[108];         /* empty when activated */
        uint64_t device, inode; /* of the file we made: another's is never removed */
};

/**
 * listener_open() - take systemd's socket, or bind @path with mode 0600
 * @why: on failure: what, where and how to mend it, one line for people
 *
 * Its folder is made (0755), and the one above that (0700, as dockerd makes /run/docker), but no more. Returns 0,
 * -EADDRINUSE (another docksill lives there), -ENOENT, -EACCES, -ENAMETOOLONG, -ENOTSOCK (a file that is no socket is in
 * the way) or another errno.
 */
must_check_ int listener_open(struct listener *out, const char *path, struct text *why);

/* Removes the socket file if it is still the one we made; calls that wait behind it can still be accepted. */
void listener_remove(struct listener *l);

/* Removes the socket file if it is still the one we made, then closes. */
void listener_close(struct listener *l);
