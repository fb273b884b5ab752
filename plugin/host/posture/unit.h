#pragma once
/*
 * unit: the command line of a systemd service, from its unit file, its drop-ins and the environment files they name.
 */
#include "host-survey.h"

struct words {
        struct str *items;
        size_t n, capacity;
};

/* Where units lie, the first first; NULL ends it. */
extern const char *const unit_folders[];

/**
 * unit_command() - the words of ExecStart=
 * @unit: "docker.service"
 * @out:  in .scratch; variables are put in as systemd would, as far as the files tell; empty: there is no such unit, or
 *        it starts nothing
 *
 * Returns 0, or what reading a file that is there returned.
 */
must_check_ int unit_command(struct survey *s, const char *unit, struct words *out);

/* Whether there is a unit of this name. */
bool unit_exists(struct survey *s, const char *unit);
