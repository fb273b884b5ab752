#pragma once
/*
 * peer: one connection of dockerd, as far as stopping needs to know it.
 */
#include "docksill/base/cleanup.h"
#include <stdbool.h>
#include <stdint.h>

struct peer {
        struct peer *previous, *next;
        int fd;         /* libmicrohttpd's */
        bool calling;   /* a call is being received, is waiting, or is answered */
        bool shut;      /* for reading, by us */
        bool served;    /* has had a call */
        int64_t opened; /* clock_monotonic() */
};

/* Puts it first in the list. NULL: no memory. */
must_check_ struct peer *peer_add(struct peer **list, int fd);

/* Out of the list, and freed; the descriptor is left alone. */
void peer_remove(struct peer **list, struct peer *peer);

/* Shuts the idle ones for reading. One with bytes waiting gets them served first; one that had no call yet is waited
 * for: dockerd's HTTP client resends nothing that was for a connection it never used before. Returns whether there was
 * an idle one. */
bool peers_shut_idle(struct peer *list);
