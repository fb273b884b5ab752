#pragma once
/*
 * probe: what a look from outside has found, as metrics for node_exporter's textfile collector, beside what docksill
 * says of itself. `status` and `doctor` write the same names here.
 */
#include "asked.h"
#include "registration.h"

struct probe {
        const struct registration *r; /* whose docksill, and which command */
        const char *control;          /* its control socket; NULL: it has none */
        enum asked asked;
        const size_t *findings; /* of doctor; NULL: nothing was looked for */
};

/* Writes the file whole or not at all: the collector may read at any time. Says what failed. Returns EXIT_FINE or
 * EXIT_ENVIRONMENT. */
must_check_ int probe_write(const char *path, const struct probe *p);
