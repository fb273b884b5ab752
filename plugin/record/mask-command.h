#pragma once
/*
 * mask-command: secrets in command lines that only their program tells: "mysql -pSECRET", "redis-cli -a SECRET",
 * "curl -u name:SECRET"; and those before a host without a scheme: "name:SECRET@tcp(db)".
 */
#include "docksill/base/str.h"

struct command_program; /* what is known of one */

/* By its name or path; NULL: none is known. */
const struct command_program *command_program(struct str word);

/* How many bytes of an argument stand before a secret, which goes to its end; @word.n: it has none.
 * @program: NULL: none; @before: the argument before it. */
size_t command_secret(const struct command_program *program, struct str before, struct str word);

/* A walk over a text that may be a shell's: zero but for @text. */
struct command_walk {
        struct str text;
        size_t at;
        const struct command_program *program;
        struct str before;
};

/* The next secret in it; false: there is no other. Each byte is looked at a few times. */
bool command_walk_next(struct command_walk *w, size_t *start, size_t *end);
