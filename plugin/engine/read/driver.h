#pragma once
/*
 * driver: by its name dockerd calls a program that somebody but Docker may have written, and does as root what that
 * says.
 *
 * Of networks, addresses, logs and secrets; a volume's driver stands with its mount (struct mount_fact).
 */
#include "reading.h"

/* Adds to facts.drivers; an empty name is the engine's own choice and adds nothing. @kind: as in driver_facts. */
void driver_read(struct reading *in, enum word kind, const char *field, struct str name);

/* What the engine says of the plugin called @name: where it was installed from; empty: there is no managed one. Written
 * to all drivers and volumes of that name. */
void driver_told(struct facts *f, struct str name, struct str reference);

/* Nobody could tell. */
void driver_untold(struct facts *f, struct str name);

/* What came of it before is written to those of the name that came in since; nothing where it was not told, nor untold.
 */
void driver_share(struct facts *f, struct str name);

/* The name without ":latest", which dockerd adds to a plugin's name that has no tag (moby plugin/store.go); but never
 * one of Docker's own. */
struct str driver_name(struct str name);
