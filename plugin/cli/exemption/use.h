#pragma once
/*
 * use: what records of decisions tell of exemptions and of what lists let in.
 *
 * A lifted finding is recorded with the exemption that lifted it. What a list lets in is no finding, but other rules
 * may tell of the same thing: its path stands in their evidence.
 */
#include "docksill/cli/command.h"
#include <jansson.h>
#include <stdio.h>

struct use {
        json_t *lifted;          /* {ID: {RULE: how often}} */
        json_t *last;            /* {ID: the time of the last one} */
        json_t *values;          /* {VALUE: true}: what evidence pins, by its text */
        char first[40], end[40]; /* times of the first and the last record; empty: there was none */
        size_t decisions;
};

/* Returns 0 or -ENOMEM; use_deinit() it, also after a failure. */
must_check_ int use_init(struct use *u);
void use_deinit(struct use *u);

/**
 * use_read() - take in a file of records; any number of them, in any order
 *
 * Lines that are no decisions are passed over. Returns 0, -ENOMEM, -ENOTSUP (compressed), or the errno of reading.
 */
must_check_ int use_read(struct use *u, FILE *records);

/* The same of the file at @path, "-": standard input. Says on stderr what failed, and what to do. Returns EXIT_FINE or
 * EXIT_ENVIRONMENT. */
must_check_ int use_read_file(struct use *u, const char *path, const struct command *command);

/* How often an exemption has lifted something of a rule; @rule empty: of any. */
size_t use_count(const struct use *u, struct str id, struct str rule);

/* When it did last; empty: never. */
struct str use_last(const struct use *u, struct str id);

/* Whether evidence tells of a thing called so, or of a path at or below it. */
bool use_has_value(const struct use *u, struct str value);
