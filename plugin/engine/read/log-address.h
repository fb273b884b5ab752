#pragma once
/*
 * log-address: where a log driver connects, read so that every engine goes there.
 *
 * Engines part addresses differently (20.10 by text, later ones as URLs): what is not written plainly is "unreadable"
 * (address.h).
 */
#include "facts/word.h"

struct log_address {
        /* socket: of this host | loopback | link-local: the cloud's metadata among them | elsewhere | standard: where
         * the driver goes by itself | unreadable */
        enum word reach;
        struct str host;   /* in lower case; empty: none, or unreadable */
        struct str server; /* host:port, or host where no port is named; unix://PATH of a socket */
};

/* @option: its name, by which schemes differ. */
void log_address_read(struct log_address *out, struct arena *arena, struct str option, struct str value);
