#pragma once
/*
 * minimise: the least that has to be conceded, once a container is known to work as it is.
 */
#include "trial.h"

/**
 * minimise() - find it
 * @t: with its concessions, and the attempts as it is and in the hardest form
 *
 * Writes the form, .minimal and .confirmed of t->out. Returns 0, TRIAL_REFUSED, or as copies_run().
 */
must_check_ int minimise(struct trial *t);
