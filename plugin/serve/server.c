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
#include "docksill/host/machine.h"
#include "docksill/serve/notify.h"
#include "docksill/serve/route.h"
#include "holding.h"
#include "intake.h"
#include "reload.h"
#include "response.h"
#include "say.h"
#include "waiting.h"
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>

/* libmicrohttpd's memory for a connection; half of it is the read buffer that bodies pass through. */
#define CONNECTION_MEMORY (32 * 1024)

#define DRAIN_PERIOD (5 * INT64_C(1000000))

/* While stopping: how long no idle connection may have been seen. */
#define SETTLE_PERIOD (50 * INT64_C(1000))

/* Milliseconds until the server starts without knowing what a look at the host's files would tell. */
#define LOOK_MOST 1000

/* While libmicrohttpd has work at hand there is nothing to wait for; signals are looked for every so many steps. */
#define SIGNALS_LATE 64

/* Connections that are taken before calls are served again. */
#define TAKEN_AT_ONCE 10

/* Places that calls which wait for a lookup leave to others: an eighth, and at least one. */
#define LEFT_FREE(most) ((most) / 8 + 1)

struct server {
        struct route_context context;
        struct listener *listener; /* borrowed */
        struct intake intake;
        struct MHD_Daemon *daemon;
        struct responses responses;
        struct call_pool calls;
        struct work_pool works;
        struct waiting waiting;
        struct holding holding;
        struct reload *reload; /* NULL: there is nothing to read anew */
        bool looked;           /* at the host's files, once at least */
        struct text answer;
        struct peer *peers; /* connections */
        char host[HOST_NAME_MAX + 1];
        int signals, epoll;
        struct record_last last;
        unsigned unheard; /* steps since signals were last looked for */
        bool stop;
        char plugin[sizeof(((struct sockaddr_un *)NULL)->sun_path)]; /* our name to dockerd */
};

/* dockerd calls a plugin by the name of its socket's file, whoever opened it (moby pkg/plugins/discovery.go). */
static struct str plugin_name(struct server *s) {
        struct sockaddr_un address = { 0 };
        socklen_t size = sizeof(address);
        struct str path, name;

        if (getsockname(s->listener->fd, (struct sockaddr *)&address, &size) < 0)
                return (struct str){ 0 };
        path = (struct str){ address.sun_path, strnlen(address.sun_path, sizeof(address.sun_path)) };
        name = str_find_last(path, '/') < path.n ? str_skip(path, str_find_last(path, '/') + 1) : path;
        if (!str_ends(name, STR_C(".sock")) ||
            !str_to_z(str_first(name, name.n - strlen(".sock")), s->plugin, sizeof(s->plugin)))
                return (struct str){ 0 };
        return str_from(s->plugin);
}

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

        if (!work)
                return response_send_fault(&s->responses, connection);
        if (call->peer)
                call->peer->whole = true;
        work->cut = call->seen > call->n;
        text_reset(&s->answer);
        step = route_begin(&s->answer, &s->context, call->route, call_body(call), work);
        if (step == ROUTE_OPEN && waiting_add(&s->waiting, work, call->size))
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
static int daemon_start(struct server *s) {
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

static void memory_tune(void) {
#ifdef __GLIBC__
        /* glibc raises both by itself when a large block is freed, and then keeps megabytes after one large call. */
        (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024);
        (void)mallopt(M_TRIM_THRESHOLD, 256 * 1024);
#endif
}

/* The engine that the generation in force says. */
static void use_engine(struct server *s) {
        struct str socket = s->context.generation->lookups.engine;
        int r = asker_use(&s->waiting.asker, socket);

        if (r < 0)
                (void)say("the engine at %" STR_FMT " can't be asked: %s; its facts are unknown", STR_ARG(socket),
                          strerror(-r));
}

/* Once, and not for every request. */
static void tell_news(struct server *s, int64_t now) {
        const struct asker *asker = &s->waiting.asker;
        unsigned stuck;

        switch (asker_news(&s->waiting.asker, now)) {
        case ASKER_NO_NEWS: break;
        case ASKER_LOST:
                (void)say("the engine at %s does not answer: %s; its facts are unknown until it does", asker->socket,
                          asker->trouble);
                break;
        case ASKER_BACK: (void)say("the engine at %s answers again", asker->socket); break;
        }
        switch (waiting_news(&s->waiting, now, &stuck)) {
        case WAITING_NO_NEWS: break;
        case WAITING_STUCK:
                (void)say("%u of %u helpers that follow host paths %s stuck, one at %s: a mount does not answer; host "
                          "paths there are "
                          "refused until it does",
                          stuck, WAITING_THREADS, stuck == 1 ? "is" : "are", s->waiting.stuck);
                break;
        case WAITING_BACK: (void)say("no helper that follows host paths is stuck any more"); break;
        }
}

static void tell_of_places(struct server *s, int64_t now) {
        switch (intake_news(&s->intake, now)) {
        case INTAKE_NO_NEWS: break;
        case INTAKE_FULL:
                (void)say(
                        "all %u places for connections are taken%s; an idle one is closed for each new one, and while "
                        "none is idle new ones wait",
                        s->intake.n,
                        s->intake.starved ? ", since no more descriptors are to be had (LimitNOFILE=)" : "");
                break;
        case INTAKE_ROOM: (void)say("there are places for connections again"); break;
        }
}

int server_new(struct server **out, const struct server_options *options) {
        cleanup_(server_freep) struct server *s = NULL;
        cleanup_(reload_freep) struct reload *reload = NULL;
        int r = 0;

        if (options->reload.read)
                r = reload_new(&reload, &options->reload);
        if (r < 0)
                return r;
        s = calloc(1, sizeof(*s));
        if (!s)
                return -ENOMEM;
        s->reload = TAKE(reload);
        s->signals = -1;
        s->listener = options->listener;
        text_init(&s->answer);
        text_init(&s->context.line);
        if (gethostname(s->host, sizeof(s->host) - 1) < 0)
                s->host[0] = '\0';
        s->context.host = str_from(s->host);
        s->context.plugin = plugin_name(s);
        s->context.generation = generation_ref(options->generation);
        s->context.writer = options->writer;
        s->last = options->last;

        memory_tune();
        r = decision_ids_init(&s->context.ids);
        if (r < 0)
                return r;
        intake_init(&s->intake, s->listener->fd, options->connections);
        r = waiting_init(&s->waiting, s->intake.most - LEFT_FREE(s->intake.most));
        if (r < 0)
                return r;
        s->context.asker = &s->waiting.asker;
        s->holding.most = s->intake.most - LEFT_FREE(s->intake.most);
        if (s->context.writer)
                s->context.holding = &s->holding;
        use_engine(s);
        r = signals_open(&s->signals);
        if (r < 0)
                return r;
        r = responses_init(&s->responses);
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
        if (s->daemon && !s->intake.ours)
                (void)MHD_quiesce_daemon(s->daemon);
        s->intake.ours = true;
}

/* Those who wait can go on: their connections are served again with the next MHD_run(). */
static void wake(struct server *s, int64_t now) {
        struct work *work;

        while ((work = waiting_next(&s->waiting, now)))
                MHD_resume_connection(work->connection);
}

static void wake_held(struct server *s, int64_t now) {
        struct work *work;
        uint64_t news;

        if (s->context.writer && read(writer_fd(s->context.writer), &news, sizeof(news)) < 0 && errno != EAGAIN)
                return;
        while ((work = holding_next(&s->holding, s->context.writer, now)))
                MHD_resume_connection(work->connection);
}

static void look_up(struct server *s, int64_t now) {
        asker_run(&s->waiting.asker, now);
        wake(s, now);
        tell_news(s, now);
}

/* libmicrohttpd can't be stopped while a connection is suspended, and what has arrived by now may suspend another; each
 * has one more answer at most, since none is kept any more. */
static void daemon_stop(struct server *s) {
        if (!s->daemon)
                return;
        s->stop = true;
        daemon_quiesce(s);
        while (s->waiting.first || s->holding.first) {
                wake(s, INT64_MAX);
                wake_held(s, INT64_MAX);
                if (MHD_run(s->daemon) != MHD_YES)
                        break;
        }
        MHD_stop_daemon(s->daemon);
}

void server_free(struct server *s) {
        if (!s)
                return;
        daemon_stop(s);
        while (s->peers)
                peer_remove(&s->peers, s->peers);
        responses_deinit(&s->responses);
        call_pool_deinit(&s->calls);
        work_pool_deinit(&s->works);
        waiting_deinit(&s->waiting);
        reload_free(s->reload);
        text_deinit(&s->answer);
        route_deinit(&s->context);
        generation_unref(s->context.generation);
        if (s->signals >= 0)
                close(s->signals);
        free(s);
}

/* Where docksill does not see the host's files, those that it sees say nothing of dockerd. Before the first look is
 * back nobody knows which folders are the engine's. */
static void look_at_host(struct server *s) {
        s->context.size = (struct host_size){ 0 };
        if (!s->reload || !s->context.generation->lookups.paths)
                return;
        machine_size(&s->context.size);
        if (!s->looked)
                s->context.folders.partial = true;
        reload_look(s->reload);
}

static void take_look(struct server *s) {
        if (reload_looked(s->reload, &s->context.folders))
                s->looked = true;
}

/* libmicrohttpd closes what it can't take. */
static void take_connections(struct server *s, unsigned most) {
        int fd;

        for (unsigned i = 0; i < most && (fd = intake_next(&s->intake)) >= 0; ++i) {
                const struct sockaddr address = { .sa_family = AF_UNIX };

                (void)MHD_add_connection(s->daemon, fd, &address, sizeof(address));
        }
}

/* dockerd finds us by the file alone. */
static void renew_socket(struct server *s) {
        cleanup_(text_deinit) struct text why;
        int r;

        text_init(&why);
        if (!listener_is_gone(s->listener))
                return;
        daemon_quiesce(s);
        take_connections(s, s->intake.most); /* who waits behind the old one */
        r = listener_renew(s->listener, &why);
        if (r == LISTENER_E_RENEWED)
                (void)say("the socket %s was gone; it is made anew", s->listener->path);
        else if (r < 0)
                (void)say("%s", why.p ? why.p : "the socket is gone and can't be made anew");
}

static void on_signal(struct server *s, int number) {
        switch (number) {
        case SIGTERM:
        case SIGINT: s->stop = true; break;
        case SIGHUP:
                renew_socket(s);
                look_at_host(s);
                if (s->reload)
                        reload_ask(s->reload);
                else
                        (void)say("SIGHUP: there is nothing to reload");
                break;
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

/* Between two requests: those in flight keep the generation that they began under. */
static void swap_generation(struct server *s) {
        struct generation *made = reload_take(s->reload);
        struct generation *old = s->context.generation;

        if (!made)
                return;
        s->context.generation = made;
        use_engine(s);
        if (!s->looked)
                look_at_host(s); /* paths may be looked up from now on */
        route_record_start(&s->context, STR_C("reload"), NULL);
        reload_settle(s->reload, old, made);
}

/* The earlier of two timeouts in milliseconds; -1 is never. */
static int earlier(int a, int b) {
        return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int step_timeout(struct server *s, int timeout) {
        MHD_UNSIGNED_LONG_LONG due;

        if (MHD_get_timeout(s->daemon, &due) == MHD_YES)
                timeout = earlier(timeout, due > INT_MAX ? INT_MAX : (int)due);
        if (timeout != 0 && s->waiting.first)
                timeout = earlier(timeout, waiting_timeout(&s->waiting, clock_monotonic()));
        if (timeout != 0 && s->holding.first)
                timeout = earlier(timeout, holding_timeout(&s->holding, clock_monotonic()));
        if (timeout != 0 && s->reload && reload_reads(s->reload))
                timeout = earlier(timeout, reload_timeout(s->reload, clock_monotonic()));
        return earlier(timeout, intake_timeout(&s->intake));
}

static void make_room(struct server *s) {
        if (!s->intake.knocks && !s->intake.told)
                return;
        intake_make_room(&s->intake, s->peers, clock_monotonic());
        tell_of_places(s, clock_monotonic());
}

/* @knocked: somebody waits to be let in. */
static int serve_calls(struct server *s, bool knocked) {
        uint64_t opened = s->intake.opened, closed = s->intake.closed;

        if (knocked && s->intake.ours)
                take_connections(s, TAKEN_AT_ONCE);
        if (MHD_run(s->daemon) != MHD_YES)
                return -EIO;
        if (knocked && !s->intake.ours && s->intake.opened == opened && s->intake.closed == closed) {
                intake_knock(&s->intake);
                make_room(s);
        }
        return 0;
}

/* Waits for a signal, a connection, a byte, a helper or the engine, at most @timeout ms (-1: for ever), then does what
 * is due. */
static int step(struct server *s, int timeout) {
        enum { CALLS, CONNECTIONS, SIGNALS, HELPERS, ENGINE, RELOAD, LOOK, RECORDS, SOCKET };
        struct pollfd fds[] = {
                [CALLS] = { .fd = s->epoll, .events = POLLIN },
                [CONNECTIONS] = { .fd = -1, .events = POLLIN },
                [SIGNALS] = { .fd = s->signals, .events = POLLIN },
                [HELPERS] = { .fd = waiting_fd(&s->waiting), .events = POLLIN },
                [ENGINE] = { .fd = s->waiting.first ? asker_fd(&s->waiting.asker) : -1, .events = POLLIN },
                [RELOAD] = { .fd = s->reload ? reload_fd(s->reload) : -1, .events = POLLIN },
                [RECORDS] = { .fd = s->holding.first ? writer_fd(s->context.writer) : -1, .events = POLLIN },
                [SOCKET] = { .fd = s->listener->watch, .events = POLLIN },
                [LOOK] = { .fd = s->reload ? reload_look_fd(s->reload) : -1, .events = POLLIN },
        };

        timeout = step_timeout(s, timeout);
        if (timeout == 0 && !s->waiting.first && !s->holding.first && ++s->unheard < SIGNALS_LATE)
                return serve_calls(s, false);
        s->unheard = 0;
        if (s->context.activated) {
                s->context.activated = false;
                look_at_host(s);
        }
        fds[CONNECTIONS].fd = intake_fd(&s->intake);
        if (poll(fds, ARRAY_SIZE(fds), timeout) < 0 && errno != EINTR)
                return -errno;
        if (fds[SIGNALS].revents)
                signals_read(s);
        if (fds[SOCKET].revents)
                renew_socket(s);
        if (fds[RELOAD].revents)
                swap_generation(s);
        if (s->reload && reload_reads(s->reload))
                reload_tell(s->reload, clock_monotonic());
        if (fds[LOOK].revents)
                take_look(s);
        if (fds[HELPERS].revents || s->waiting.first)
                look_up(s, clock_monotonic());
        if (s->holding.first)
                wake_held(s, clock_monotonic());
        make_room(s);
        return serve_calls(s, fds[CONNECTIONS].revents != 0);
}

static bool is_readable(int fd) {
        struct pollfd p = { .fd = fd, .events = POLLIN };

        return poll(&p, 1, 0) == 1;
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
                if (peers_shut_idle(s->peers))
                        idle = clock_monotonic();
                r = step(s, 5);
        }
        if (!s->listener->activated) {
                listener_remove(s->listener);
                while (r == 0 && is_readable(s->listener->fd) && clock_monotonic() < until)
                        r = step(s, 0);
        }
        daemon_quiesce(s);
        s->intake.fd = -1;
        while (r == 0 && s->peers && clock_monotonic() < until) {
                r = step(s, 10);
                (void)peers_shut_idle(s->peers);
        }
        return r;
}

/* A look takes milliseconds, and calls can wait for it in the socket; one that hangs does not keep the server from
 * starting. */
static void first_look(struct server *s) {
        struct pollfd look = { .events = POLLIN };

        look_at_host(s);
        if (!s->context.folders.partial)
                return;
        look.fd = reload_look_fd(s->reload);
        if (poll(&look, 1, LOOK_MOST) == 1)
                take_look(s);
}

int server_run(struct server *s) {
        int r = 0;

        if (s->last.known && !s->last.orderly)
                (void)say("records: the docksill before this one did not end in order; its last record is seq %llu, "
                          "and what it "
                          "decided in its last moment may have none",
                          (unsigned long long)s->last.seq);
        route_record_start(&s->context, STR_C("start"), &s->last);
        first_look(s);
        while (r == 0 && !s->stop)
                r = step(s, -1);
        if (r == 0)
                r = drain(s);
        s->context.counts.full = s->intake.waited;
        s->context.counts.made_room = s->intake.shut;
        route_record_stop(&s->context);
        route_sum_up(&s->context);
        return r;
}
