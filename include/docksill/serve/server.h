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

struct server;

struct server_options {
        struct listener *listener;       /* borrowed; closed by the caller after server_free() */
        struct listener *control;        /* likewise, of those who watch; NULL: nobody can */
        struct generation *generation;   /* to begin with; the server takes its own reference */
        struct writer *writer;           /* borrowed; NULL: no records */
        struct record_last last;         /* what its file ended with */
        struct generation_source reload; /* zeroed: none; its context is the server's, even if server_new() fails */
        unsigned connections;            /* at once; 0: as many as our descriptors allow */
};

/* Returns 0, -ENOMEM, or the errno of signalfd(2), getrandom(2); -EIO when libmicrohttpd can't start. */
must_check_ int server_new(struct server **out, const struct server_options *options);
void server_free(struct server *s);
DEFINE_CLEANUP(struct server *, server_free);

/* Serves until SIGTERM or SIGINT, then finishes what is in flight (5 s at most). SIGHUP reloads, SIGUSR1 reopens the
 * records. Returns 0 or an errno. The caller has blocked SIGTERM, SIGINT, SIGHUP and SIGUSR1 in all threads. */
must_check_ int server_run(struct server *s);
