#pragma once
/*
 * opening: what a configuration opens that the rules keep shut.
 */
#include "docksill/base/diag.h"

/* Something that the rules keep shut and this configuration opens: a hard rule lowered, audited or switched off, a list
 * that lost items. A warning when it is loaded, and shown wherever people look at what is in force. */
struct opening {
        struct str name; /* "rules.privileged-container", "lists.runtime-sockets" */
        struct str what; /* "severity none, where it refuses everywhere" */
        struct position at;
};

struct opening_view {
        const struct opening *items;
        size_t n;
};
