#pragma once
/*
 * record-files: which files hold the records, from the oldest to the newest: those that are named, or the configured
 * one and what logrotate has made of it beside it.
 */
#include "docksill/base/arena.h"
#include "docksill/cli/invocation.h"
#include "record-file.h"

struct record_place {
        const char *path;
        char begins[RECORD_TIME]; /* the time of its first line */
        uint64_t link;            /* and its number */
};

struct record_files {
        struct record_place *items;
        size_t n;
};

/**
 * record_files_find() - those that @in names, else those of the configuration
 * @out: in @arena
 *
 * Says on stderr what is wrong. Returns an enum exit_code.
 */
must_check_ int record_files_find(struct record_files *out, struct arena *arena, const struct invocation *in);

/* Says on stderr that one of them can't be read. Always returns EXIT_ENVIRONMENT. */
int record_files_failed(const struct command *command, const char *path, int error);
