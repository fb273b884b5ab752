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
        int watch;              /* readable when our file may be gone, for listener_renew(); -1: nobody tells */
        bool activated;         /* systemd owns the file: it is not ours to remove */
        char path[108];         /* empty when activated */
        uint64_t device, inode; /* of the file we made: another's is never removed */
};

/* Where the socket lies that systemd is about to hand over, before anything takes it. @path: LISTENER_PATH bytes,
 * written when it is told; false: there is none, or it has no path. */
#define LISTENER_PATH 109
must_check_ bool listener_activated(char *path);

/**
 * listener_open() - take systemd's socket, or bind @path with mode 0600
 * @why: on failure: what, where and how to mend it, one line for people
 *
 * Its folder is made (0755), and the one above that (0700, as dockerd makes /run/docker), but no more. Returns 0,
 * -EADDRINUSE (another docksill lives there), -ENOENT, -EACCES, -ENAMETOOLONG, -ENOTSOCK (a file that is no socket is
 * in the way) or another errno.
 */
must_check_ int listener_open(struct listener *out, const char *path, struct text *why);

/* Whether our file is not in its place, so that listener_renew() has something to do or to say. */
must_check_ bool listener_is_gone(const struct listener *l);

/**
 * listener_renew() - make the socket file anew if it is gone
 * @why: on failure: what, where and how to mend it, one line for people
 *
 * Without it dockerd finds nobody, and refuses every call, though we are there. The descriptor's number stays; whoever
 * waited behind the old file is to be accepted before. Returns LISTENER_E_RENEWED, 0 when the file is there or is not
 * ours to make, -EADDRINUSE when another process has put its own in its place, or as listener_open(): then the
 * old socket stays as it is.
 */
#define LISTENER_E_RENEWED 1
must_check_ int listener_renew(struct listener *l, struct text *why);

/* Removes the socket file if it is still the one we made; calls that wait behind it can still be accepted. */
void listener_remove(struct listener *l);

/* Removes the socket file if it is still the one we made, then closes. */
void listener_close(struct listener *l);
