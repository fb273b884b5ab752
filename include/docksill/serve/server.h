#pragma once
/*
 * server: dockerd's calls over HTTP, answered.
 *
 * libmicrohttpd, driven by our own loop beside a signalfd; one thread decides everything. PROTOCOL 1.2 to 1.4;
 * DESIGN 1.4, 2.
 */
#include "docksill/record/record.h"
#include "docksill/record/writer.h"
#include "docksill/serve/generation.h"
#include "docksill/serve/listen.h"

/* 4 MiB of body (the most that dockerd ≥ 29.3.1 shows) is 5.6 MiB in base64, beside up to 1 MiB of headers and the
 * rest. */
#define SERVER_CALL_MAX (8u * 1024 * 1024)

/* What reading and judging one request may take: 4 MiB of body decoded, the lists and strings it makes, and its
 * findings. Who judges elsewhere keeps to it too, or a request that is too large here would pass there. */
#define SERVER_REQUEST_MEMORY (64u * 1024 * 1024)

struct server;

/* What SIGHUP does: reads configuration and rules anew, in a thread of its own. A thread may be stuck in it after the
 * server is gone, so the context is freed by whoever needs it last. */
struct server_reload {
        /* Writes @out and returns 0; or has said on stderr what is wrong, returns a negative errno, and nothing
         * changes. */
        int (*read)(void *context, struct generation **out);
        void (*free)(void *context);
        void *context;
};

struct server_options {
        struct listener *listener;     /* borrowed; closed by the caller after server_free() */
        struct generation *generation; /* to begin with; the server takes its own reference */
        struct writer *writer;         /* borrowed; NULL: no records */
        struct record_last last;       /* what its file ended with */
        struct server_reload reload;   /* zeroed: none; its context is the server's, even if server_new() fails */
        unsigned connections;          /* at once; 0: as many as our descriptors allow */
};

struct server_counts {
        uint64_t requests, allowed, warned, denied, would_deny; /* AuthZReq */
        uint64_t responses, refused_calls, unread_responses;
        uint64_t unrecorded, refused_unrecorded; /* passed, and refused, since there was no room for the record */
        uint64_t full;                           /* how often all places for connections were taken and one more came */
        uint64_t made_room;                      /* idle connections that were closed for new ones then */
};

/* Returns 0, -ENOMEM, or the errno of signalfd(2), getrandom(2); -EIO when libmicrohttpd can't start. */
must_check_ int server_new(struct server **out, const struct server_options *options);
void server_free(struct server *s);
DEFINE_CLEANUP(struct server *, server_free);

/* Serves until SIGTERM or SIGINT, then finishes what is in flight (5 s at most). SIGHUP reloads, SIGUSR1 reopens the
 * records. Returns 0 or an errno. The caller has blocked SIGTERM, SIGINT, SIGHUP and SIGUSR1 in all threads. */
must_check_ int server_run(struct server *s);
