#pragma once
/*
 * document: what a YAML file is, told before it is read in earnest.
 */
#include "docksill/base/arena.h"

/* "environment", "configuration", "rules" …: its `kind:`; empty when it has none or can't be read, of which nothing is
 * said: whoever reads it then complains. In @arena. */
struct str document_kind(struct arena *arena, const char *path);
