#pragma once
/*
 * place: where in a JSON text something stands: linked on the stack while it is read, spelt only when it has to be
 * named.
 */
#include "docksill/base/arena.h"

struct place {
        const struct place *up;
        struct str key; /* of a struct or map; of the outermost: the name of the whole */
        size_t index;
        enum { PLACE_TOP, PLACE_FIELD, PLACE_ENTRY, PLACE_ELEMENT } kind;
};

/* "HostConfig.PortBindings[80/tcp][0].HostPort". Without memory it is empty: the flaw counts, not its place. */
struct str place_name(const struct place *place, struct arena *arena);
