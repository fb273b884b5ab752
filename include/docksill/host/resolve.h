#pragma once
/*
 * resolve: where a host path really leads, once every link on the way is followed.
 *
 * dockerd resolves bind sources when a container starts, in the kernel; a rule that looked at the text alone could be
 * walked around with a link to /etc (PROTOCOL 6.1). May block for ever on a dead network mount: call it from the pool
 * only.
 */
#include "docksill/base/text.h"

/* As the kernel: more links than this is -ELOOP. */
#define RESOLVE_LINKS 40

/**
 * resolve_path() - follow @path
 * @out:  the absolute path that it leads to, cleaned; /var/run is not folded here
 * @root: an open folder that stands for /, so that tests can bring their own; -1: the real one
 * @path: absolute; ".." is followed as the kernel follows it, after the links before it
 * @socket: out: what lies there is a socket; written on success only
 *
 * A missing tail is kept as it is: dockerd makes missing folders, and what is made there lies there. Returns 0, -EINVAL
 * (not absolute), -ELOOP, -ENAMETOOLONG, -EACCES, -EBUSY (others are stuck where it leads through) or another errno:
 * then nobody can tell where it leads.
 */
must_check_ int resolve_path(struct text *out, int root, struct str path, bool *socket);
