#pragma once
/*
 * server-priv: the server's state, which its loop (server.c) and what libmicrohttpd calls (daemon.c) share.
 */
#include "call.h"
#include "canary.h"
#include "control.h"
#include "docksill/serve/listen.h"
#include "holding.h"
#include "host-watch.h"
#include "intake.h"
#include "reload.h"
#include "response-call.h"
#include "route.h"
#include <limits.h>
#include <microhttpd.h>
#include <sys/un.h>

struct server {
        struct route_context context;
        struct listener *listener; /* borrowed */
        struct intake intake;
        struct MHD_Daemon *daemon;
        struct responses responses;
        struct call_pool calls;
        struct pending_pool works;
        struct lookup_queue lookups;
        struct holding holding;
        struct reload *reload; /* NULL: there is nothing to read anew */
        struct host_watch host_watch;
        bool looked; /* at the host's files, once at least */
        struct text answer;
        struct list peers; /* connections */
        char host[HOST_NAME_MAX + 1];
        int signals, epoll;
        struct record_last last;
        unsigned unheard; /* steps since signals were last looked for */
        bool stop;
        int64_t alive_period,
                alive_at;        /* of notify_alive(): microseconds, 0: nobody watches; clock_monotonic() of the next */
        struct canary canary;    /* judged before systemd hears that we live, and when control asks */
        struct vital vital;      /* zeroed without .control */
        struct control *control; /* NULL: there is none */
        char plugin[sizeof(((struct sockaddr_un *)NULL)->sun_path)]; /* our name to dockerd */
};

/* Troubles that are told of once, and when they are over, not for every request. */
void server_tell_news(struct server *s, int64_t now);
void server_tell_of_places(struct server *s, int64_t now);

/* For who watches: what is in force now, and how it stands. */
void server_use_tally(struct server *s);
void server_publish(struct server *s);

/* Begins to serve those who watch; else says why not. */
void server_control(struct server *s, const struct listener *listener);

/* Beside judging by it: what the generation in force says of the engine, of capturing and of the journal. */
void in_force_use(struct server *s);

/* libmicrohttpd, on the listener's descriptor. Returns 0 or -EIO. */
must_check_ int daemon_start(struct server *s);

/* It accepts no more: the listening descriptor is the caller's again, else libmicrohttpd would close it. */
void daemon_quiesce(struct server *s);

/* Resumes the calls whose lookups are there or late at @now, and those whose records are. */
void daemon_wake(struct server *s, int64_t now);
void daemon_wake_held(struct server *s, int64_t now);

/* Answers what is suspended, and ends. */
void daemon_stop(struct server *s);
