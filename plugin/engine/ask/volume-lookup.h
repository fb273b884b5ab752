#pragma once
/*
 * volume-lookup: what a volume that exists under a name really is.
 *
 * A volume keeps the driver and options that it was made with. dockerd takes the one that is there whatever options the
 * request brings along, and refuses another driver (moby daemon/volume/service/store.go): so options of the request are
 * judged beside those of the volume, as nobody knows which will be there by then.
 */
#include "read/reading.h"

/* Can a volume that is there already change what @m is? */
bool volume_lookup_open(const struct mount_fact *m);

/**
 * volume_lookup_fill() - write what the engine says of volume @name into the mounts of the request
 * @driver: written on success: the driver that it turns out to be of
 *
 * False: nothing was written, as inspected_read() has it.
 */
must_check_ bool volume_lookup_fill(struct reading *in, struct str name, struct str json, struct str *driver);

/* Nobody could tell: of all mounts of that name, or of one. */
void volume_lookup_mark_unknown(struct facts *f, struct str name);
void volume_lookup_mark_mount_unknown(struct mount_fact *m);
