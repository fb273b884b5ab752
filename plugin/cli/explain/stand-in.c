#include "stand-in.h"
#include "authz-call.h"
#include "docksill/base/clock.h"
#include "stand-in-answer.h"
#include <errno.h>
#include <microhttpd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

/* Compose's own mark on what it creates. */
#define SERVICE_LABEL "com.docker.compose.service"

/* Who watches what happens, and asks nothing for so long (milliseconds), has nothing more to ask. */
#define QUIET 2000

struct stand_in {
        struct arena *arena;
        struct MHD_Daemon *daemon;
        int fd; /* listening */
        struct sockaddr_un address;
        struct stand_in_state state;
        struct sent_calls calls;
        struct taken *taken;
        struct stream *streams;
        int64_t asked_at; /* the last request */
        bool failed, ending;
};

/* A connection that its client took over; it has been told that nothing comes. */
struct taken {
        struct MHD_UpgradeResponseHandle *handle;
        struct taken *next;
};

/* An answer that goes on: what happens, and here nothing does. */
struct stream {
        struct stand_in *stand_in;
        struct MHD_Connection *connection;
        bool suspended;
        struct stream *next;
};

/* A request under way. */
struct exchange {
        struct str target;
        struct text body; /* beginning of it; the whole when .size says so */
        size_t size;
        bool begun;
};

/* -- keeping -- */

struct keep_header {
        struct arena *arena;
        struct authz_headers headers;
        bool failed;
};

static enum MHD_Result add_header(void *closure, enum MHD_ValueKind kind unused_, const char *name, const char *value) {
        struct keep_header *to = closure;
        struct authz_header *slot = ARENA_PUSH(to->arena, &to->headers);

        to->failed = !slot || arena_str(to->arena, str_from(name), &slot->name) < 0 ||
                     arena_str(to->arena, str_from(value), &slot->value) < 0;
        return to->failed ? MHD_NO : MHD_YES;
}

static bool is_kept(const struct sent_calls *calls, struct str call) {
        for (size_t i = 0; i < calls->n; ++i)
                if (str_eq(calls->items[i].call, call))
                        return true;
        return false;
}

/* The service that it is for: a swarm's has a name of its own. */
static struct str service_of(const struct operation *operation, struct arena *arena, struct str body) {
        bool container = operation && str_eqz(operation->id, "container.create");
        bool service = operation && str_eqz(operation->id, "service.create");
        json_auto_t *tree = container || service ? json_loadb(body.p ? body.p : "", body.n, 0, NULL) : NULL;
        const json_t *name = container ? json_object_get(json_object_get(tree, "Labels"), SERVICE_LABEL)
                                       : json_object_get(tree, "Name");
        struct str out;

        return arena_str(arena, str_from(json_string_value(name)), &out) == 0 ? out : (struct str){ 0 };
}

/* Returns 0 or -ENOMEM. */
static int keep(struct stand_in *s, struct MHD_Connection *connection, const char *method, const struct exchange *e,
                const struct stand_in_question *q) {
        struct authz_request request = { 0 };
        struct keep_header to = { .arena = s->arena };
        struct sent_call sent = { .operation = q->operation }, *slot;

        if (arena_str(s->arena, str_from(method), &request.method) < 0 ||
            arena_str(s->arena, e->target, &sent.target) < 0)
                return -ENOMEM;
        request.target = sent.target;
        sent.method = request.method;
        MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &to);
        if (to.failed)
                return -ENOMEM;
        request.headers = to.headers;
        if (authz_shows_body(&request, q->target->path, e->size))
                request.body = text_str(&e->body);
        if (authz_call(&sent.call, s->arena, &request) < 0)
                return -ENOMEM;
        if (q->operation && q->operation->flags & OPERATION_READ && is_kept(&s->calls, sent.call))
                return 0;
        sent.service = service_of(q->operation, s->arena, request.body);
        slot = ARENA_PUSH(s->arena, &s->calls);
        if (!slot)
                return -ENOMEM;
        *slot = sent;
        return 0;
}

/* -- answering -- */

static enum MHD_Result send_response(struct MHD_Connection *connection, unsigned status,
                                     struct MHD_Response *response) {
        enum MHD_Result r;

        if (!response)
                return MHD_NO;
        r = MHD_queue_response(connection, status, response);
        MHD_destroy_response(response);
        return r;
}

static void on_taken(void *closure, struct MHD_Connection *connection unused_, void *state unused_,
                     const char *extra unused_, size_t extra_n unused_, MHD_socket fd,
                     struct MHD_UpgradeResponseHandle *handle) {
        struct stand_in *s = closure;
        struct taken *taken = calloc(1, sizeof(*taken));

        /* Closed at once it would break what the client still writes. */
        (void)shutdown(fd, SHUT_WR);
        if (!taken) {
                MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
                return;
        }
        *taken = (struct taken){ handle, s->taken };
        s->taken = taken;
}

/* "Upgrade: tcp", of attach and exec, or "h2c", of BuildKit. */
static enum MHD_Result hand_over(struct stand_in *s, struct MHD_Connection *connection, const char *protocol) {
        struct MHD_Response *response = MHD_create_response_for_upgrade(on_taken, s);

        if (response)
                MHD_add_response_header(response, MHD_HTTP_HEADER_UPGRADE, protocol);
        return send_response(connection, MHD_HTTP_SWITCHING_PROTOCOLS, response);
}

/* The headers are sent, which the client waits for; nothing follows until all ends. */
static ssize_t read_stream(void *closure, uint64_t at unused_, char *to unused_, size_t n unused_) {
        struct stream *stream = closure;

        stream->suspended = !stream->stand_in->ending;
        if (!stream->suspended)
                return MHD_CONTENT_READER_END_OF_STREAM;
        MHD_suspend_connection(stream->connection);
        return 0;
}

static struct MHD_Response *stream_new(struct stand_in *s, struct MHD_Connection *connection) {
        struct stream *stream = calloc(1, sizeof(*stream));

        if (!stream)
                return NULL;
        *stream = (struct stream){ s, connection, false, s->streams };
        s->streams = stream;
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_stream, stream, NULL);
}

static enum MHD_Result send_answer(struct stand_in *s, struct MHD_Connection *connection,
                                   const struct stand_in_answer *answer) {
        struct MHD_Response *response =
                answer->goes_on
                        ? stream_new(s, connection)
                        : MHD_create_response_from_buffer(answer->body.n, answer->body.p, MHD_RESPMEM_MUST_COPY);

        if (!response)
                return MHD_NO;
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
        MHD_add_response_header(response, "Api-Version", STAND_IN_API);
        MHD_add_response_header(response, "Builder-Version", "2");
        MHD_add_response_header(response, "Docker-Experimental", "true");
        MHD_add_response_header(response, "Ostype", "linux");
        MHD_add_response_header(response, "Swarm", "active/manager");
        if (answer->header.name)
                MHD_add_response_header(response, answer->header.name, answer->header.value);
        return send_response(connection, answer->status, response);
}

static enum MHD_Result answer(struct stand_in *s, struct MHD_Connection *connection, const char *method,
                              const struct exchange *e) {
        const char *protocol = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_UPGRADE);
        cleanup_(arena_deinit) struct arena arena;
        struct stand_in_question q = { .body = text_str(&e->body) };
        struct stand_in_answer answer = { 0 };
        struct flaws flaws = { 0 };
        struct target target;
        enum MHD_Result r;

        s->asked_at = clock_monotonic();
        arena_init(&arena, 4 * TARGET_BYTES);
        if (target_parse(&target, &arena, &flaws, e->target) < 0)
                return MHD_NO;
        q.target = &target;
        q.operation = operation_match(str_from(method), target.path, &q.variables);
        if (keep(s, connection, method, e, &q) < 0) {
                s->failed = true;
                return MHD_NO;
        }
        text_init(&answer.body);
        stand_in_answer(&answer, &s->state, &q);
        if (answer.body.failed)
                r = MHD_NO;
        else if (protocol && answer.status < 300)
                r = hand_over(s, connection, protocol);
        else
                r = send_answer(s, connection, &answer);
        text_deinit(&answer.body);
        return r;
}

/* -- what libmicrohttpd calls -- */

/* The target as it was sent; later libmicrohttpd has the decoded path alone. What is returned is the call's state. */
static void *on_target(void *closure, const char *target, struct MHD_Connection *connection unused_) {
        struct stand_in *s = closure;
        struct exchange *e = calloc(1, sizeof(*e));

        if (!e || arena_str(s->arena, str_from(target), &e->target) < 0) {
                free(e);
                s->failed = true;
                return NULL;
        }
        text_init(&e->body);
        e->body.cap = AUTHZ_BODY_MAX;
        return e;
}

static enum MHD_Result on_call(void *closure, struct MHD_Connection *connection, const char *path unused_,
                               const char *method, const char *version unused_, const char *piece, size_t *piece_n,
                               void **state) {
        struct exchange *e = *state;

        if (!e)
                return MHD_NO;
        if (!e->begun) {
                e->begun = true;
                return MHD_YES;
        }
        if (*piece_n) {
                /* A tar may be endless; what is beyond the cap no plugin is shown. */
                text_add(&e->body, (struct str){ piece, *piece_n });
                e->size += *piece_n;
                *piece_n = 0;
                return MHD_YES;
        }
        return answer(closure, connection, method, e);
}

static void on_completed(void *closure unused_, struct MHD_Connection *connection unused_, void **state,
                         enum MHD_RequestTerminationCode how unused_) {
        struct exchange *e = *state;

        if (e)
                text_deinit(&e->body);
        free(e);
        *state = NULL;
}

static int listen_at(struct stand_in *s, const char *path) {
        s->address.sun_family = AF_UNIX;
        if (!str_to_z(str_from(path), s->address.sun_path, sizeof(s->address.sun_path)))
                return -ENAMETOOLONG;
        s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&s->address, sizeof(s->address)) < 0 ||
            listen(s->fd, SOMAXCONN) < 0)
                return -errno;
        return 0;
}

static int daemon_start(struct stand_in *s) {
        const unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_UPGRADE | MHD_ALLOW_SUSPEND_RESUME;

        s->daemon =
                MHD_start_daemon(flags, 0, NULL, NULL, on_call, s, MHD_OPTION_LISTEN_SOCKET, s->fd,
                                 MHD_OPTION_URI_LOG_CALLBACK, on_target, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
                                 s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(256 * 1024), MHD_OPTION_END);
        return s->daemon ? 0 : -EIO;
}

int stand_in_new(struct stand_in **out, const char *path, json_t *there, struct arena *arena) {
        cleanup_(stand_in_freep) struct stand_in *s = calloc(1, sizeof(*s));
        int r;

        if (!s)
                return -ENOMEM;
        s->arena = arena;
        s->fd = -1;
        r = stand_in_state_init(&s->state, there);
        if (r == 0)
                r = listen_at(s, path);
        if (r == 0)
                r = daemon_start(s);
        if (r == 0)
                *out = TAKE(s);
        return r;
}

/* libmicrohttpd can't be stopped while a connection is suspended. */
static void streams_end(struct stand_in *s) {
        s->ending = true;
        for (struct stream *stream = s->streams; stream; stream = stream->next)
                if (stream->suspended)
                        MHD_resume_connection(stream->connection);
        (void)MHD_run(s->daemon);
}

void stand_in_free(struct stand_in *s) {
        if (!s)
                return;
        while (s->taken) {
                struct taken *next = s->taken->next;

                MHD_upgrade_action(s->taken->handle, MHD_UPGRADE_ACTION_CLOSE);
                free(s->taken);
                s->taken = next;
        }
        if (s->daemon) {
                streams_end(s);
                MHD_stop_daemon(s->daemon); /* closes the descriptor that it listens at */
        } else if (s->fd >= 0)
                close(s->fd);
        if (s->fd >= 0)
                (void)unlink(s->address.sun_path);
        while (s->streams) {
                struct stream *next = s->streams->next;

                free(s->streams);
                s->streams = next;
        }
        stand_in_state_deinit(&s->state);
        free(s);
}

int stand_in_fd(const struct stand_in *s) {
        return MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int stand_in_timeout(const struct stand_in *s) {
        const int most = s->streams ? QUIET / 10 : -1;
        MHD_UNSIGNED_LONG_LONG milliseconds;

        if (MHD_get_timeout(s->daemon, &milliseconds) != MHD_YES || (most >= 0 && milliseconds > (unsigned)most))
                return most;
        return milliseconds > INT32_MAX ? INT32_MAX : (int)milliseconds;
}

int stand_in_run(struct stand_in *s) {
        (void)MHD_run(s->daemon);
        return s->failed ? -ENOMEM : 0;
}

const struct sent_calls *stand_in_calls(const struct stand_in *s) {
        return &s->calls;
}

json_t *stand_in_missing(const struct stand_in *s) {
        return stand_in_state_missing(&s->state);
}

bool stand_in_is_watched(const struct stand_in *s) {
        for (const struct stream *stream = s->streams; stream; stream = stream->next)
                if (stream->suspended)
                        return clock_monotonic() - s->asked_at > QUIET * INT64_C(1000);
        return false;
}
