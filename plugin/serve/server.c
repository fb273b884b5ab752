/*
 * One thread: libmicrohttpd without a thread of its own, driven from a loop that also hears signals through a signalfd,
 * so that no handler ever interrupts a decision.
 *
 * Stopping must not lose a call (DESIGN 1.5), and dockerd resends an unanswered one with an empty body (PROTOCOL 1.4),
 * which can only be refused. So before a connection is closed our side of it is shut for reading: what has arrived is
 * still read and answered, while dockerd's next write fails with nothing sent, which its HTTP client resends whole on a
 * new connection by itself (Go net/http transport: nothingWrittenError with a body it can rewind).
 */
#include "docksill/serve/server.h"
#include "call.h"
#include "docksill/base/clock.h"
#include "docksill/serve/notify.h"
#include "docksill/serve/route.h"
#include "say.h"
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#define CONNECTIONS_MAX 4096

/* libmicrohttpd's memory for a connection; half of it is the read buffer that bodies pass through. */
#define CONNECTION_MEMORY (32 * 1024)

#define DRAIN_PERIOD (5 * INT64_C(1000000))

/* While stopping: how long a new connection may be without its call, and how long no idle one may have been seen. */
#define FRESH_PERIOD  (200 * INT64_C(1000))
#define SETTLE_PERIOD (50 * INT64_C(1000))

/* While libmicrohttpd has work at hand there is nothing to wait for; signals are looked for every so many steps. */
#define SIGNALS_LATE 64

#define CONTENT_TYPE "application/vnd.docker.plugins.v1.2+json"

/* One connection of dockerd. */
struct peer {
        struct peer *previous, *next;
        int fd;         /* libmicrohttpd's */
        bool calling;   /* a call is being received or answered */
        bool shut;      /* for reading, by us */
        bool served;    /* has had a call */
        int64_t opened; /* clock_monotonic() */
};

struct server {
        struct route_context context;
        struct listener *listener; /* borrowed */
        struct MHD_Daemon *daemon;
        struct MHD_Response *allows, *activates, *fault;
        struct call_pool calls;
        struct arena arena; /* of the request at hand */
        struct text answer;
        struct peer *peers;
        char host[HOST_NAME_MAX + 1];
        int signals, epoll;
        unsigned unheard; /* steps since signals were last looked for */
        bool quiesced, stop;
};

static struct MHD_Response *response_new(struct str body, enum MHD_ResponseMemoryMode memory) {
        struct MHD_Response *response = MHD_create_response_from_buffer(body.n, (void *)body.p, memory);

        if (response && MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, CONTENT_TYPE) != MHD_YES) {
                MHD_destroy_response(response);
                return NULL;
        }
        return response;
}

static void response_free(struct MHD_Response *response) {
        if (response)
                MHD_destroy_response(response);
}

/* The answers made beforehand are told by their text, so that route need not know of them. */
static struct MHD_Response *response_shared(const struct server *s, struct str answer) {
        if (str_eq(answer, STR_C(ROUTE_ALLOWS)))
                return s->allows;
        if (str_eq(answer, STR_C(ROUTE_ACTIVATES)))
                return s->activates;
        return NULL;
}

static enum MHD_Result respond(struct MHD_Connection *connection, unsigned status, struct str answer,
                               const char *header, const char *value) {
        struct MHD_Response *response = response_new(answer, MHD_RESPMEM_MUST_COPY);
        enum MHD_Result r;

        if (!response)
                return MHD_NO;
        if (header && MHD_add_response_header(response, header, value) != MHD_YES) {
                MHD_destroy_response(response);
                return MHD_NO;
        }
        r = MHD_queue_response(connection, status, response);
        MHD_destroy_response(response);
        return r;
}

static enum MHD_Result answer(struct server *s, struct MHD_Connection *connection, const struct call *call) {
        struct MHD_Response *shared;

        text_reset(&s->answer);
        route_answer(&s->answer, &s->context, call->route, call_body(call), &s->arena);
        arena_reset(&s->arena);
        if (s->answer.failed)
                return MHD_queue_response(connection, MHD_HTTP_OK, s->fault);

        /* While stopping: dockerd is not to keep the connection for a next call. */
        if (s->stop)
                return respond(connection, MHD_HTTP_OK, text_str(&s->answer), MHD_HTTP_HEADER_CONNECTION, "close");
        shared = response_shared(s, text_str(&s->answer));
        return shared ? MHD_queue_response(connection, MHD_HTTP_OK, shared)
                      : respond(connection, MHD_HTTP_OK, text_str(&s->answer), NULL, NULL);
}

static size_t content_length(struct MHD_Connection *connection) {
        const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
        int64_t length;

        if (!value || str_int(str_from(value), &length) < 0 || length < 0)
                return 0;
        return (size_t)length;
}

static struct peer *peer_of(struct MHD_Connection *connection) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

        return info ? info->socket_context : NULL;
}

/* The headers are there: dockerd's three calls are POSTs, anything else is turned away without reading its body. */
static enum MHD_Result call_begin(struct server *s, struct MHD_Connection *connection, const char *path,
                                  const char *method, void **state) {
        enum route route = route_find(str_from(path));
        struct call *call;
        struct peer *peer;

        if (route == ROUTE_OTHER) {
                text_reset(&s->answer);
                route_answer(&s->answer, &s->context, route, (struct str){ "", 0 }, &s->arena);
                return respond(connection, MHD_HTTP_NOT_FOUND, text_str(&s->answer), NULL, NULL);
        }
        if (strcmp(method, MHD_HTTP_METHOD_POST) != 0)
                return respond(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                               STR_C("{\"Err\":\"docksill: plugin calls are POST requests\"}"), MHD_HTTP_HEADER_ALLOW,
                               MHD_HTTP_METHOD_POST);

        call = call_new(&s->calls, route, content_length(connection));
        if (!call)
                return MHD_NO;
        peer = peer_of(connection);
        if (peer)
                peer->calling = true;
        call->peer = peer;
        *state = call;
        return MHD_YES;
}

static enum MHD_Result on_call(void *closure, struct MHD_Connection *connection, const char *path, const char *method,
                               const char *version unused_, const char *piece, size_t *piece_n, void **state) {
        struct server *s = closure;
        struct call *call = *state;

        if (!call)
                return call_begin(s, connection, path, method, state);
        if (*piece_n) {
                if (call_append(call, (struct str){ piece, *piece_n }) < 0)
                        return MHD_NO; /* hangs up */
                *piece_n = 0;
                return MHD_YES;
        }
        return answer(s, connection, call);
}

static void on_completed(void *closure, struct MHD_Connection *connection unused_, void **state,
                         enum MHD_RequestTerminationCode how unused_) {
        struct server *s = closure;
        struct call *call = *state;
        struct peer *peer = call ? call->peer : NULL;

        if (peer) {
                peer->calling = false;
                peer->served = true;
        }
        call_free(&s->calls, call);
        *state = NULL;
}

static void peer_remove(struct server *s, struct peer *peer) {
        if (peer->previous)
                peer->previous->next = peer->next;
        else
                s->peers = peer->next;
        if (peer->next)
                peer->next->previous = peer->previous;
        free(peer);
}

static void on_connection(void *closure, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what) {
        const union MHD_ConnectionInfo *info;
        struct server *s = closure;
        struct peer *peer;

        if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
                if (*state)
                        peer_remove(s, *state);
                *state = NULL;
                return;
        }
        info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        peer = calloc(1, sizeof(*peer));
        if (!info || !peer) { /* served all the same, only not waited for */
                free(peer);
                return;
        }
        peer->fd = info->connect_fd;
        peer->opened = clock_monotonic();
        peer->next = s->peers;
        if (s->peers)
                s->peers->previous = peer;
        s->peers = peer;
        *state = peer;
}

/* As many descriptors as we may have: a call that can't be accepted stalls a Docker request. */
static unsigned connections_max(void) {
        struct rlimit limit;

        if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
                return 512;
        if (limit.rlim_cur < CONNECTIONS_MAX + 64 && limit.rlim_cur < limit.rlim_max) {
                limit.rlim_cur = limit.rlim_max < CONNECTIONS_MAX + 64 ? limit.rlim_max : CONNECTIONS_MAX + 64;
                if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || getrlimit(RLIMIT_NOFILE, &limit) < 0)
                        return 512;
        }
        if (limit.rlim_cur >= CONNECTIONS_MAX + 64)
                return CONNECTIONS_MAX;
        return limit.rlim_cur > 128 ? (unsigned)limit.rlim_cur - 64 : 64;
}

/* No idle timeout: a keep-alive connection that we close under dockerd's pen costs a call (PROTOCOL 1.4). */
static int daemon_start(struct server *s) {
        const unsigned flags = MHD_USE_EPOLL | MHD_USE_ITC | MHD_USE_SUPPRESS_DATE_NO_CLOCK;

        s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_call, s, MHD_OPTION_LISTEN_SOCKET, s->listener->fd,
                                     MHD_OPTION_CONNECTION_LIMIT, connections_max(), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                     (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, 0u,
                                     MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
                                     on_connection, s, MHD_OPTION_END);
        if (!s->daemon)
                return -EIO;
        s->epoll = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
        return 0;
}

static int signals_open(int *out) {
        sigset_t set;
        int fd;

        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGHUP);
        sigaddset(&set, SIGUSR1);
        fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        if (fd < 0)
                return -errno;
        *out = fd;
        return 0;
}

static int responses_make(struct server *s) {
        s->allows = response_new(STR_C(ROUTE_ALLOWS), MHD_RESPMEM_PERSISTENT);
        s->activates = response_new(STR_C(ROUTE_ACTIVATES), MHD_RESPMEM_PERSISTENT);
        s->fault = response_new(STR_C("{\"Allow\":false,\"Msg\":\"docksill: refused: out of memory\"}"),
                                MHD_RESPMEM_PERSISTENT);
        return s->allows && s->activates && s->fault ? 0 : -ENOMEM;
}

static void memory_tune(void) {
#ifdef __GLIBC__
        /* glibc raises both by itself when a large block is freed, and then keeps megabytes after one large call. */
        (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024);
        (void)mallopt(M_TRIM_THRESHOLD, 256 * 1024);
#endif
}

int server_new(struct server **out, const struct server_options *options) {
        cleanup_(server_freep) struct server *s = calloc(1, sizeof(*s));
        int r;

        if (!s)
                return -ENOMEM;
        s->signals = -1;
        s->listener = options->listener;
        arena_init(&s->arena, SERVER_REQUEST_MEMORY);
        text_init(&s->answer);
        text_init(&s->context.line);
        if (gethostname(s->host, sizeof(s->host) - 1) < 0)
                s->host[0] = '\0';
        s->context.rules = ruleset_ref(options->rules);
        s->context.mode = options->mode;
        s->context.writer = options->writer;
        s->context.record_reads = options->record_reads;
        s->context.record =
                (struct record_context){ .host = str_from(s->host), .config_digest = options->config_digest };

        memory_tune();
        r = decision_ids_init(&s->context.ids);
        if (r < 0)
                return r;
        r = signals_open(&s->signals);
        if (r < 0)
                return r;
        r = responses_make(s);
        if (r < 0)
                return r;
        r = daemon_start(s);
        if (r < 0)
                return r;

        *out = TAKE(s);
        return 0;
}

/* The listening descriptor stays the caller's: libmicrohttpd closes it unless it is quiesced first. */
static void daemon_quiesce(struct server *s) {
        if (s->daemon && !s->quiesced)
                (void)MHD_quiesce_daemon(s->daemon);
        s->quiesced = true;
}

void server_free(struct server *s) {
        if (!s)
                return;
        daemon_quiesce(s);
        if (s->daemon)
                MHD_stop_daemon(s->daemon);
        while (s->peers)
                peer_remove(s, s->peers);
        response_free(s->allows);
        response_free(s->activates);
        response_free(s->fault);
        call_pool_deinit(&s->calls);
        arena_deinit(&s->arena);
        text_deinit(&s->answer);
        route_deinit(&s->context);
        ruleset_unref(s->context.rules);
        if (s->signals >= 0)
                close(s->signals);
        free(s);
}

static void on_signal(struct server *s, int number) {
        switch (number) {
        case SIGTERM:
        case SIGINT: s->stop = true; break;
        case SIGHUP: (void)say("SIGHUP: reload is not built in yet; restart to read the rules again"); break;
        case SIGUSR1:
                if (s->context.writer)
                        writer_reopen(s->context.writer);
                break;
        }
}

static void signals_read(struct server *s) {
        struct signalfd_siginfo info;

        while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
                on_signal(s, (int)info.ssi_signo);
}

/* Waits for a signal, a connection or a byte, at most @timeout ms (-1: for ever), then lets libmicrohttpd do what is
 * due. */
static int step(struct server *s, int timeout) {
        struct pollfd fds[] = {
                { .fd = s->epoll, .events = POLLIN },
                { .fd = s->signals, .events = POLLIN },
        };
        MHD_UNSIGNED_LONG_LONG due;

        if (MHD_get_timeout(s->daemon, &due) == MHD_YES && (timeout < 0 || due < (unsigned)timeout))
                timeout = due > INT_MAX ? INT_MAX : (int)due;
        if (timeout == 0 && ++s->unheard < SIGNALS_LATE)
                return MHD_run(s->daemon) == MHD_YES ? 0 : -EIO;
        s->unheard = 0;
        if (poll(fds, ARRAY_SIZE(fds), timeout) < 0 && errno != EINTR)
                return -errno;
        if (fds[1].revents)
                signals_read(s);
        return MHD_run(s->daemon) == MHD_YES ? 0 : -EIO;
}

static bool is_readable(int fd) {
        struct pollfd p = { .fd = fd, .events = POLLIN };

        return poll(&p, 1, 0) == 1;
}

/* Shuts the idle connections for reading, as the essay above has it. One with bytes waiting gets them served first; one
 * that had no call yet is waited for: dockerd's HTTP client resends nothing that was for a connection it never used
 * before. Returns whether there was an idle one. */
static bool shut_idle(struct server *s) {
        const int64_t now = clock_monotonic();
        bool any = false;

        for (struct peer *peer = s->peers; peer; peer = peer->next) {
                int waiting = 0;

                if (peer->calling || (!peer->served && now - peer->opened < FRESH_PERIOD))
                        continue;
                any = true;
                if (peer->shut || ioctl(peer->fd, FIONREAD, &waiting) < 0 || waiting > 0)
                        continue;
                (void)shutdown(peer->fd, SHUT_RD);
                peer->shut = true;
        }
        return any;
}

/* systemd keeps its socket and what waits there for our successor; behind ours nobody comes, so what waits is taken
 * before the listener goes. */
static int drain(struct server *s) {
        const int64_t until = clock_monotonic() + DRAIN_PERIOD;
        int64_t idle = clock_monotonic();
        int r = 0;

        notify_stopping();
        /* What dockerd resends comes on a new connection: we listen until it keeps no old one. */
        while (r == 0 && clock_monotonic() < until && clock_monotonic() - idle < SETTLE_PERIOD) {
                if (shut_idle(s))
                        idle = clock_monotonic();
                r = step(s, 5);
        }
        if (!s->listener->activated) {
                listener_remove(s->listener);
                while (r == 0 && is_readable(s->listener->fd) && clock_monotonic() < until)
                        r = step(s, 0);
        }
        daemon_quiesce(s);
        while (r == 0 && s->peers && clock_monotonic() < until) {
                r = step(s, 10);
                shut_idle(s);
        }
        return r;
}

int server_run(struct server *s) {
        int r = 0;

        while (r == 0 && !s->stop)
                r = step(s, -1);
        return r < 0 ? r : drain(s);
}

struct server_counts server_counts(const struct server *s) {
        return s->context.counts;
}
