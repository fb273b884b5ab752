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
#include "docksill/base/clock.h"
#include "docksill/host/machine.h"
#include "docksill/serve/notify.h"
#include "log-line.h"
#include "server-priv.h"
#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

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
        metrics_init(&s->context.metrics);
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
        r = lookup_queue_init(&s->lookups, s->intake.most - LEFT_FREE(s->intake.most));
        if (r < 0)
                return r;
        s->context.engine_client = &s->lookups.engine_client;
        s->lookups.counts = s->context.metrics.lookups;
        s->holding.most = s->intake.most - LEFT_FREE(s->intake.most);
        if (s->context.writer)
                s->context.holding = &s->holding;
        host_watch_init(&s->host_watch);
        r = capture_new(&s->context.capture);
        if (r < 0)
                return r;
        in_force_use(s);
        r = signals_open(&s->signals);
        if (r < 0)
                return r;
        r = responses_init(&s->responses);
        if (r < 0)
                return r;
        r = daemon_start(s);
        if (r < 0)
                return r;
        server_use_tally(s);
        if (options->control)
                server_control(s, options->control);

        *out = TAKE(s);
        return 0;
}

static void look_up(struct server *s, int64_t now) {
        engine_client_run(&s->lookups.engine_client, now);
        daemon_wake(s, now);
        server_tell_news(s, now);
}

void server_free(struct server *s) {
        if (!s)
                return;
        vital_end(&s->vital);
        control_free(s->control);
        vital_deinit(&s->vital);
        daemon_stop(s);
        while (!list_empty(&s->peers))
                peer_remove(&s->peers, LIST_ENTRY(s->peers.first, struct peer, link));
        responses_deinit(&s->responses);
        call_pool_deinit(&s->calls);
        pending_pool_deinit(&s->works);
        lookup_queue_deinit(&s->lookups);
        host_watch_deinit(&s->host_watch);
        reload_free(s->reload);
        capture_free(s->context.capture);
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

static void take_audit(struct server *s) {
        struct host_look *look = host_watch_take(&s->host_watch);

        if (look && look->failed < 0)
                (void)log_warning("host-audit: how the host is set up can't be looked at: %s",
                                  look->failed == -ENOSYS ? "openat2(2) is refused; in systemd's unit the drop-in "
                                                            "host-audit.conf lets it in"
                                                          : strerror(-look->failed));
        if (look && look->whole)
                route_observe_host(&s->context, &look->request, &look->arena);
        host_look_free(look);
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
                (void)log_line("the socket %s was gone; it is made anew", s->listener->path);
        else if (r < 0)
                (void)log_error("%s", why.p ? why.p : "the socket is gone and can't be made anew");
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
                        (void)log_line("SIGHUP: there is nothing to reload");
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

        counter_set(&s->context.metrics.reloads.failed, reload_failures(s->reload));
        counter_set(&s->context.metrics.reloads.last_failed, reload_last_failed(s->reload));
        if (reload_failed(s->reload))
                route_record_start(&s->context, STR_C("reload-failed"), NULL);
        if (!made)
                return;
        s->context.generation = made;
        counter_add(&s->context.metrics.reloads.done, 1);
        server_use_tally(s);
        canary_begin(&s->canary, made);
        in_force_use(s);
        if (!s->looked)
                look_at_host(s); /* paths may be looked up from now on */
        route_record_start(&s->context, STR_C("reload"), NULL);
        reload_settle(s->reload, old, made);
}

/* The earlier of two timeouts in milliseconds; -1 is never. */
static int earlier(int a, int b) {
        return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Half of what systemd waits for, since the loop may be late. */
static void watch_begin(struct server *s) {
        uint64_t period = notify_watchdog() / 2;

        s->alive_period = period > INT64_MAX / 2 ? 0 : (int64_t)period;
        canary_begin(&s->canary, s->context.generation);
}

static int watch_timeout(const struct server *s, int64_t now) {
        int64_t left = s->alive_at - now;

        return left <= 0 ? 0 : left / 1000 >= INT_MAX ? INT_MAX : (int)((left + 999) / 1000);
}

static void tell_alive(struct server *s, int64_t now) {
        if (now < s->alive_at)
                return;
        s->alive_at = now + s->alive_period;
        if (canary_sings(&s->canary, s->context.generation))
                notify_alive();
        else if (!s->canary.told)
                (void)log_error(
                        "a request of docksill's own is not judged as it was before: systemd no longer hears that "
                        "docksill is well, and will start it anew");
        s->canary.told = s->canary.wrong;
}

static int step_timeout(struct server *s, int timeout) {
        MHD_UNSIGNED_LONG_LONG due;

        if (MHD_get_timeout(s->daemon, &due) == MHD_YES)
                timeout = earlier(timeout, due > INT_MAX ? INT_MAX : (int)due);
        if (timeout != 0 && s->lookups.n)
                timeout = earlier(timeout, lookup_queue_timeout(&s->lookups, clock_monotonic()));
        if (timeout != 0 && s->holding.n)
                timeout = earlier(timeout, holding_timeout(&s->holding, clock_monotonic()));
        if (timeout != 0 && s->reload && reload_reads(s->reload))
                timeout = earlier(timeout, reload_timeout(s->reload, clock_monotonic()));
        if (timeout != 0 && s->alive_period)
                timeout = earlier(timeout, watch_timeout(s, clock_monotonic()));
        if (timeout != 0)
                timeout = earlier(timeout, host_watch_timeout(&s->host_watch, clock_monotonic()));
        return earlier(timeout, intake_timeout(&s->intake));
}

static void make_room(struct server *s) {
        if (!s->intake.knocks && !s->intake.complaint.told)
                return;
        intake_make_room(&s->intake, &s->peers, clock_monotonic());
        server_tell_of_places(s, clock_monotonic());
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
        enum { CALLS, CONNECTIONS, SIGNALS, HELPERS, ENGINE, RELOAD, LOOK, RECORDS, SOCKET, VITAL, AUDIT };
        struct pollfd fds[] = {
                [CALLS] = { .fd = s->epoll, .events = POLLIN },
                [CONNECTIONS] = { .fd = -1, .events = POLLIN },
                [SIGNALS] = { .fd = s->signals, .events = POLLIN },
                [HELPERS] = { .fd = lookup_queue_fd(&s->lookups), .events = POLLIN },
                [ENGINE] = { .fd = s->lookups.n ? engine_client_fd(&s->lookups.engine_client) : -1, .events = POLLIN },
                [RELOAD] = { .fd = s->reload ? reload_fd(s->reload) : -1, .events = POLLIN },
                [RECORDS] = { .fd = s->holding.n ? writer_fd(s->context.writer) : -1, .events = POLLIN },
                [SOCKET] = { .fd = s->listener->watch, .events = POLLIN },
                [LOOK] = { .fd = s->reload ? reload_look_fd(s->reload) : -1, .events = POLLIN },
                [AUDIT] = { .fd = -1, .events = POLLIN },
                [VITAL] = { .fd = s->control ? vital_fd(&s->vital) : -1, .events = POLLIN },
        };

        timeout = step_timeout(s, timeout);
        if (timeout == 0 && !s->lookups.n && !s->holding.n && ++s->unheard < SIGNALS_LATE)
                return serve_calls(s, false);
        s->unheard = 0;
        if (s->alive_period)
                tell_alive(s, clock_monotonic());
        if (s->context.activated) {
                s->context.activated = false;
                look_at_host(s);
                host_watch_use(&s->host_watch, s->host_watch.on, clock_monotonic());
        }
        host_watch_run(&s->host_watch, clock_monotonic());
        fds[AUDIT].fd = host_watch_fd(&s->host_watch);
        fds[CONNECTIONS].fd = intake_fd(&s->intake);
        server_publish(s);
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
        if (fds[AUDIT].revents)
                take_audit(s);
        if (fds[VITAL].revents)
                vital_answer(&s->vital, canary_sings(&s->canary, s->context.generation));
        if (fds[HELPERS].revents || s->lookups.n)
                look_up(s, clock_monotonic());
        if (s->holding.n)
                daemon_wake_held(s, clock_monotonic());
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
                if (peers_shut_idle(&s->peers))
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
        while (r == 0 && !list_empty(&s->peers) && clock_monotonic() < until) {
                r = step(s, 10);
                (void)peers_shut_idle(&s->peers);
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

/* Before all else: the line stands behind the torn one. */
static void tell_mended(struct server *s) {
        if (s->last.head.torn == 0)
                return;
        (void)log_warning(
                "records: the last line was torn: %zu bytes without an end; they stay, on a line of their own",
                s->last.head.torn);
        route_record_mend(&s->context, &s->last.head);
}

int server_run(struct server *s) {
        int r = 0;

        if (s->last.known && !s->last.orderly)
                (void)log_warning(
                        "records: the docksill before this one did not end in order; its last record is seq %llu, "
                        "and what it "
                        "decided in its last moment may have none",
                        (unsigned long long)s->last.seq);
        tell_mended(s);
        route_record_start(&s->context, STR_C("start"), &s->last);
        first_look(s);
        watch_begin(s);
        while (r == 0 && !s->stop)
                r = step(s, -1);
        if (r == 0)
                r = drain(s);
        route_record_stop(&s->context);
        route_sum_up(&s->context);
        if (s->intake.waited)
                (void)log_line(
                        "%llu times all places for connections were taken; %llu idle ones were closed for new ones",
                        (unsigned long long)s->intake.waited, (unsigned long long)s->intake.shut);
        return r;
}
