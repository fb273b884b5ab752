/*
 * What libmicrohttpd calls: connections that come and go, and calls from their first byte to their answer. One that
 * must wait suspends its connection; libmicrohttpd comes back for it once it is resumed.
 */
#include "docksill/base/clock.h"
#include "server-priv.h"
#include <errno.h>
#include <unistd.h>

/* libmicrohttpd's memory for a connection; half of it is the read buffer that bodies pass through. */
#define CONNECTION_MEMORY (32 * 1024)

static void work_end(struct server *s, struct call *call) {
        work_free(&s->works, call->work);
        call->work = NULL;
}

static enum MHD_Result send_answer(struct server *s, struct MHD_Connection *connection) {
        /* While stopping: dockerd is not to keep the connection for a next call. */
        return s->stop ? response_send_last(&s->responses, connection, &s->answer)
                       : response_send(&s->responses, connection, &s->answer);
}

static enum MHD_Result suspend(struct MHD_Connection *connection, struct work *work) {
        work->connection = connection;
        MHD_suspend_connection(connection);
        return MHD_YES;
}

static enum MHD_Result end_call(struct server *s, struct MHD_Connection *connection, struct call *call) {
        enum MHD_Result r = send_answer(s, connection);

        work_end(s, call);
        return r;
}

/* The call is there. One that must wait suspends its connection; libmicrohttpd comes back for it once it is resumed. */
static enum MHD_Result answer(struct server *s, struct MHD_Connection *connection, struct call *call) {
        struct work *work = call->work = work_new(&s->works);
        enum route_step step;

        if (!work || (call->no_memory && call->route == ROUTE_REQUEST))
                return response_send_fault(&s->responses, connection);
        if (call->peer)
                call->peer->whole = true;
        work->cut = call->seen > call->n;
        text_reset(&s->answer);
        step = route_begin(&s->answer, &s->context, call->route, call_body(call), work);
        if (step == ROUTE_OPEN && lookup_begin(&work->lookup, &s->lookups, call->size))
                return suspend(connection, work);
        if (step == ROUTE_OPEN)
                step = route_finish(&s->answer, &s->context, work);
        return step == ROUTE_HELD ? suspend(connection, work) : end_call(s, connection, call);
}

/* It has waited, and its connection was resumed. */
static enum MHD_Result answer_late(struct server *s, struct MHD_Connection *connection, struct call *call) {
        text_reset(&s->answer);
        if (route_finish(&s->answer, &s->context, call->work) == ROUTE_HELD)
                return suspend(connection, call->work);
        return end_call(s, connection, call);
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
                (void)route_begin(&s->answer, &s->context, route, (struct str){ "", 0 }, NULL);
                return response_send_as(connection, MHD_HTTP_NOT_FOUND, text_str(&s->answer), NULL, NULL);
        }
        if (strcmp(method, MHD_HTTP_METHOD_POST) != 0)
                return response_send_as(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                                        STR_C("{\"Err\":\"docksill: plugin calls are POST requests\"}"),
                                        MHD_HTTP_HEADER_ALLOW, MHD_HTTP_METHOD_POST);

        call = call_new(&s->calls, route, content_length(connection));
        if (!call)
                return MHD_NO;
        if (route == ROUTE_RESPONSE && call->announced <= ROUTE_RESPONSE_MAX && route_curious(&s->context))
                call->keeps = ROUTE_RESPONSE_MAX;
        peer = peer_of(connection);
        if (peer) {
                peer->calling = true;
                peer->whole = false;
                peer->since = clock_monotonic();
        }
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
        return call->work ? answer_late(s, connection, call) : answer(s, connection, call);
}

static void on_completed(void *closure, struct MHD_Connection *connection unused_, void **state,
                         enum MHD_RequestTerminationCode how unused_) {
        struct server *s = closure;
        struct call *call = *state;
        struct peer *peer = call ? call->peer : NULL;

        if (peer) {
                peer->calling = false;
                peer->served = true;
                peer->since = clock_monotonic();
        }
        if (call)
                work_end(s, call);
        call_free(&s->calls, call);
        *state = NULL;
}

static void on_connection(void *closure, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what) {
        const union MHD_ConnectionInfo *info;
        struct server *s = closure;

        if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
                if (*state)
                        peer_remove(&s->peers, *state);
                *state = NULL;
                intake_closed(&s->intake);
                return;
        }
        intake_opened(&s->intake);
        info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        /* Without memory it is served all the same, only not waited for. */
        *state = info ? peer_add(&s->peers, info->connect_fd) : NULL;
}

/* No idle timeout: a keep-alive connection that we close under dockerd's pen costs a call (PROTOCOL 1.4). */
int daemon_start(struct server *s) {
        const unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK;

        s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_call, s, MHD_OPTION_LISTEN_SOCKET, s->listener->fd,
                                     MHD_OPTION_CONNECTION_LIMIT, s->intake.most, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                     (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, 0u,
                                     MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
                                     on_connection, s, MHD_OPTION_END);
        if (!s->daemon)
                return -EIO;
        s->epoll = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
        return 0;
}

/* The listening descriptor stays the caller's: libmicrohttpd closes it unless it is quiesced first. */
void daemon_quiesce(struct server *s) {
        if (s->daemon && !s->intake.ours)
                (void)MHD_quiesce_daemon(s->daemon);
        s->intake.ours = true;
}

/* Those who wait can go on: their connections are served again with the next MHD_run(). */
void daemon_wake(struct server *s, int64_t now) {
        struct lookup *lookup;

        while ((lookup = lookup_next(&s->lookups, now)))
                MHD_resume_connection(((struct work *)lookup->giver)->connection);
}

void daemon_wake_held(struct server *s, int64_t now) {
        struct work *work;
        uint64_t news;

        if (s->context.writer && read(writer_fd(s->context.writer), &news, sizeof(news)) < 0 && errno != EAGAIN)
                return;
        while ((work = holding_next(&s->holding, s->context.writer, now)))
                MHD_resume_connection(work->connection);
}

/* libmicrohttpd can't be stopped while a connection is suspended, and what has arrived by now may suspend another; each
 * has one more answer at most, since none is kept any more. */
void daemon_stop(struct server *s) {
        if (!s->daemon)
                return;
        s->stop = true;
        daemon_quiesce(s);
        while (s->lookups.n || s->holding.n) {
                daemon_wake(s, INT64_MAX);
                daemon_wake_held(s, INT64_MAX);
                if (MHD_run(s->daemon) != MHD_YES)
                        break;
        }
        MHD_stop_daemon(s->daemon);
}
