#pragma once
/*
 * container-id: the id of a container, which dockerd looks for before it looks for a name.
 */
#include "docksill/base/str.h"

/* Is @name all 64 digits of one, as dockerd spells them? */
bool container_id_is_whole(struct str name);
