#pragma once
/*
 * terminal: text to a person or to a pipe.
 */
#include "docksill/base/diag.h"
#include "docksill/base/text.h"
#include <stdbool.h>

/* Whether @fd wants colour: a terminal, TERM not "dumb", NO_COLOR unset or empty (no-color.org). */
bool terminal_colour(int fd);

/* Writes all of @t to @fd. Returns 0, -ENOMEM when the text had failed, or the errno of write(2). */
must_check_ int terminal_write(int fd, const struct text *t);

/* Every diagnostic, on stderr. */
void terminal_diag(const struct diag *diag);
