#pragma once
/*
 * named-volume: what a volume that exists under a name really is.
 *
 * A volume keeps the driver and options that it was made with. dockerd takes the one that is there whatever options the
 * request brings along, and refuses another driver (moby daemon/volume/service/store.go): so options of the request are
 * judged beside those of the volume, as nobody knows which will be there by then.
 */
#include "read/reading.h"

/* Can a volume that is there already change what @m is? */
bool named_volume_open(const struct mount_fact *m);

/**
 * named_volume_told() - write what the engine says of volume @name into the mounts of the request
 * @driver: written on success: the driver that it turns out to be of
 *
 * False: nothing was written, as inspected_read() has it.
 */
must_check_ bool named_volume_told(struct reading *in, struct str name, struct str json, struct str *driver);

/* Nobody could tell: of all mounts of that name, or of one. */
void named_volume_untold(struct facts *f, struct str name);
void named_volume_untold_mount(struct mount_fact *m);
