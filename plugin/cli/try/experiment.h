#pragma once
/*
 * experiment: the least that has to be conceded to a container, found by trying copies of it.
 *
 * First one as it is, then one in the hardest form, then ever fewer concessions by delta debugging (ddmin.h).
 */
#include "trial.h"

/**
 * experiment_run() - try
 * @t: with t->out->original
 *
 * What it made may be there still when it fails: leftovers_remove(). Returns 0, whatever was found; TRIAL_REFUSED (the
 * last attempt has the plugin's words), or as copies_run().
 */
must_check_ int experiment_run(struct trial *t);
