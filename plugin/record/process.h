#pragma once
/*
 * process: what Prometheus's client libraries tell of any process, under their names.
 */
#include "docksill/base/text.h"

/* @started: clock_wall(). What can't be told is left out. */
void process_add(struct text *out, int64_t started);
