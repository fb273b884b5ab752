#pragma once
/*
 * peer: one connection of dockerd, as far as stopping and making room need to know it.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/list.h"
#include <stdbool.h>
#include <stdint.h>

struct peer {
        struct list_link link;
        int fd;        /* libmicrohttpd's */
        bool calling;  /* a call is being received, is waiting, or is answered */
        bool shut;     /* for reading, by us */
        bool whole;    /* that call is there to its end */
        bool served;   /* has had a call */
        int64_t since; /* clock_monotonic() when it was opened, or when its last call began or ended */
};

/* Puts it first. NULL: no memory. */
must_check_ struct peer *peer_add(struct list *peers, int fd);

/* Takes it out, and frees it; the descriptor is left alone. */
void peer_remove(struct list *peers, struct peer *peer);

/* Shuts the idle ones for reading. One with bytes waiting gets them served first; one that had no call yet is waited
 * for: dockerd's HTTP client resends nothing that was for a connection it never used before. Returns whether there was
 * an idle one. */
bool peers_shut_idle(const struct list *peers);

/**
 * peers_shut_one() - shut for reading the one that can best be missed, to make room for another
 *
 * That is the one that has been idle for longest, by the same signs as above: its end costs dockerd nothing. Where none
 * is idle, the call that has been coming in for longest and beyond PEER_CALL_PERIOD microseconds: dockerd has all of a
 * call before it sends any of it. Returns whether there was one that was not shut already.
 */
#define PEER_CALL_PERIOD (10 * INT64_C(1000000))
bool peers_shut_one(const struct list *peers, int64_t now);
