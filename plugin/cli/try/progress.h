#pragma once
/*
 * progress: what is being tried, on stderr: a line that is written over on a terminal, a line for each result else.
 */
#include "tried.h"

struct progress {
        bool terminal;
        unsigned most;
};

void progress_init(struct progress *p, unsigned most);

/* @n copies begin. @t: how many there were before. */
void progress_begin(const struct progress *p, const struct tried *t, size_t n);

/* The last attempt of @t. */
void progress_result(const struct progress *p, const struct tried *t, const struct attempt *a);

/* The terminal's line is free again. */
void progress_end(const struct progress *p);
