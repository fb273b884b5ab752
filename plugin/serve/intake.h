#pragma once
/*
 * intake: new connections, while there are places for them.
 *
 * libmicrohttpd accepts them; but when its places are taken it takes the listening socket out of its epoll set, and
 * puts it back only at the MHD_run() after the one that closed a connection. A loop that sleeps until something comes
 * never makes that call, since what would wake it is the socket (0.9.75, daemon.c: MHD_epoll(),
 * MHD_cleanup_connections()). So the socket is waited for here too, and who knocks and is not let in is known: room can
 * be made for him.
 *
 * A socket that is made anew under way (listener_renew()) is unknown to libmicrohttpd. Then we accept, and hand it what
 * comes. Not always: for such connections 0.9.75 tries to set options of TCP at each answer, in vain, and a create
 * takes an eighth longer by that.
 */
#include "docksill/base/complaint.h"
#include "peer.h"

/* Descriptors that are not for connections: files of a reload, questions to the engine, folders that helpers follow,
 * who watches (control.h). */
#define INTAKE_SPARED 88

struct intake {
        int fd;           /* listening, non-blocking; borrowed; -1: nobody is taken any more */
        unsigned most, n; /* connections */
        uint64_t opened, closed;
        bool ours;    /* libmicrohttpd does not accept: we do */
        bool knocks;  /* somebody waits outside, and there is no place: not looked for again before one is free */
        bool starved; /* that is because the kernel had no descriptor for one more */
        int64_t knocked_at;
        bool leaving; /* one was shut for it, and is not closed yet */
        int64_t left_at;
        struct complaint complaint; /* of being full */
        uint64_t waited;            /* how often somebody found no place free, and waited for one */
        uint64_t shut;              /* connections that were closed for one that waited */
};

/* @most: places; 0: as many as our descriptors allow, whose limit is raised for it, INTAKE_MOST at most. */
#define INTAKE_MOST 4096
void intake_init(struct intake *in, int fd, unsigned most);

/* The descriptor to poll for new connections; -1: it would only wake us for what can't be taken. */
int intake_fd(const struct intake *in);

/* Where libmicrohttpd accepts: somebody was waiting before an MHD_run() that opened and closed none. */
void intake_knock(struct intake *in);

/* Where we do: the next connection, the caller's; -1: there is none, or no place. Never waits. */
must_check_ int intake_next(struct intake *in);

/* A connection takes a place, and leaves it. */
void intake_opened(struct intake *in);
void intake_closed(struct intake *in);

/* While somebody waits outside: shuts the connection that can best be missed, if there is one. */
void intake_make_room(struct intake *in, const struct list *peers, int64_t now);

/* Milliseconds until intake_make_room() may have more luck; -1: whenever something happens. */
int intake_timeout(const struct intake *in);

/* What is to be told by @now: that all places are taken, and that there are some again. */
enum complaint_news intake_news(struct intake *in, int64_t now);
