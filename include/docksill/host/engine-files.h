#pragma once
/*
 * engine-files: where the engine keeps what is its own, as the host's files tell: daemon.json, and the command lines of
 * the dockerds that run as root or as whom we run.
 *
 * A process in a container may call itself dockerd and name any folder: only those that see all processes as we do
 * count. May wait for the disk: not for the decision thread.
 */
#include "docksill/engine/engine-folder.h"

/* Where to look; tests bring their own. */
struct engine_files {
        const char *proc;     /* "/proc" */
        const char *settings; /* the daemon.json of a dockerd that names no other; "/etc/docker/daemon.json" */
};

/**
 * engine_files_look() - add what is found to @out
 * @files: NULL: the host's own
 *
 * The folders that a dockerd has unless it is told otherwise are added only where one runs, or is set up. What can't be
 * read adds nothing: dockerd itself would not start with settings that are none. The roots and what is standard come
 * first, so that they have room. A dockerd is one whose file is called so, too (its comm begins with it).
 */
void engine_files_look(struct engine_folders *out, const struct engine_files *files);
