#pragma once
/*
 * baseline-files: where a baseline is written: whole or not at all, and over nothing that is there.
 */
#include "docksill/cli/command.h"

struct baseline_files {
        const char *folder, *environment, *exemptions; /* FOLDER, and the files in it */
        bool force;
};

/**
 * baseline_files_init() - @folder: NULL: where we are; @force: NULL: nothing is replaced
 *
 * Says on stderr which file is there already. Returns EXIT_FINE or EXIT_ENVIRONMENT.
 */
must_check_ int baseline_files_init(struct baseline_files *out, struct arena *arena, const char *folder,
                                    const char *force);

/* Is that the environment's file? */
bool baseline_files_have(const struct baseline_files *p, const char *path);

/* Both, each at once; empty @exemptions: the environment alone, and what is there of exemptions is removed with force.
 * Says on stderr what failed. Returns EXIT_FINE or EXIT_ENVIRONMENT. */
must_check_ int baseline_files_write(const struct baseline_files *p, struct str environment, struct str exemptions);

/**
 * baseline_file_write() - a file of this name with this text, at once
 * @force: replace one that is there
 *
 * Returns 0, -EEXIST, or another negative errno; then what was there still is.
 */
must_check_ int baseline_file_write(const char *path, struct str text, unsigned mode, bool force);
