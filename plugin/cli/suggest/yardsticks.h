#pragma once
/*
 * yardsticks: the shipped environments, and the one in force where that is another, each with its rules loaded, to hold
 * a call against all of them.
 */
#include "explain/judge.h"
#include "frame/setup.h"

#define YARDSTICKS_MOST 5

struct yardstick {
        struct str name;
        struct ruleset *rules;
};

struct yardsticks {
        struct yardstick items[YARDSTICKS_MOST];
        size_t n, chosen; /* chosen: that of the settings */
};

/**
 * yardsticks_load() - load them
 * @setup: with its rules loaded; borrowed, as long as @out lives
 *
 * Says on stderr what is wrong. Returns EXIT_FINE or EXIT_INVALID; yardsticks_deinit() it, also after a failure.
 */
must_check_ int yardsticks_load(struct yardsticks *out, const struct setup *setup);
void yardsticks_deinit(struct yardsticks *y);
