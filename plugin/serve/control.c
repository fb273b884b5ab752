#include "control.h"
#include "control-status.h"
#include "docksill/record/exposition.h"
#include "readiness.h"
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>

#define CONNECTIONS       16           /* at once; those who come beside wait in the socket */
#define CONNECTION_MEMORY (8 * 1024)   /* bytes: of a request, and of an answer's headers */
#define IDLE_SECONDS      5            /* before one that says nothing is closed */
#define STACK             (128 * 1024) /* bytes */

#define TEXT_TYPE "text/plain; charset=utf-8"

struct control {
        struct MHD_Daemon *daemon;
        struct control_view view;
};

static unsigned add_metrics(struct text *out, const struct control_view *view) {
        struct writer_counts records = { 0 };

        if (view->writer)
                records = writer_counts(view->writer);
        metrics_add(out, view->metrics, view->writer ? &records : NULL);
        return MHD_HTTP_OK;
}

static unsigned add_health(struct text *out, const struct control_view *view unused_) {
        text_addz(out, "ok\n");
        return MHD_HTTP_OK;
}

static unsigned add_readiness(struct text *out, const struct control_view *view) {
        bool ready;

        text_addz(out, "not ready: ");
        ready = readiness_look(view, out);
        if (ready) {
                text_reset(out);
                text_addz(out, "ready");
        }
        text_add_char(out, '\n');
        return ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
}

static unsigned add_status(struct text *out, const struct control_view *view) {
        cleanup_(text_deinit) struct text why;

        text_init(&why);
        if (readiness_look(view, &why))
                text_reset(&why);
        control_status_add(out, view, text_str(&why));
        return MHD_HTTP_OK;
}

static const struct page {
        const char *path, *type;
        unsigned (*add)(struct text *out, const struct control_view *view); /* returns the status */
} pages[] = {
        { "/metrics", EXPOSITION_CONTENT_TYPE, add_metrics },
        { "/healthz", TEXT_TYPE, add_health },
        { "/readyz", TEXT_TYPE, add_readiness },
        { "/status", "application/json", add_status },
};

static const struct page *page_find(const char *path) {
        for (size_t i = 0; i < ARRAY_SIZE(pages); ++i)
                if (strcmp(path, pages[i].path) == 0)
                        return &pages[i];
        return NULL;
}

/* Takes what is in @body, and closes: nobody keeps one of the few connections. */
static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type, struct text *body) {
        struct MHD_Response *response;
        enum MHD_Result r = MHD_NO;

        if (body->failed || !body->p)
                return MHD_NO;
        response = MHD_create_response_from_buffer(body->n, body->p, MHD_RESPMEM_MUST_FREE);
        if (!response)
                return MHD_NO;
        text_init(body);
        if (MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES &&
            MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES &&
            (status != MHD_HTTP_METHOD_NOT_ALLOWED ||
             MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD") == MHD_YES))
                r = MHD_queue_response(connection, status, response);
        MHD_destroy_response(response);
        return r;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *sentence) {
        cleanup_(text_deinit) struct text body;

        text_init(&body);
        text_addf(&body, "docksill: %s\n", sentence);
        return answer(connection, status, TEXT_TYPE, &body);
}

static enum MHD_Result tell(struct MHD_Connection *connection, const struct page *page,
                            const struct control_view *view) {
        cleanup_(text_deinit) struct text body;
        unsigned status;

        text_init(&body);
        status = page->add(&body, view);
        return answer(connection, status, page->type, &body);
}

static bool only_reads(const char *method) {
        return strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
}

/* At the headers, then again when all is there; a body is read and forgotten. */
static enum MHD_Result on_call(void *closure, struct MHD_Connection *connection, const char *path, const char *method,
                               const char *version unused_, const char *piece unused_, size_t *piece_n, void **state) {
        const struct page *page = page_find(path);
        const struct control *c = closure;

        if (!page)
                return refuse(connection, MHD_HTTP_NOT_FOUND,
                              "there is no such page; there are /metrics, /healthz, /readyz and /status");
        if (!only_reads(method))
                return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                              "only GET and HEAD: nothing can be changed here");
        if (!*state || *piece_n) {
                *state = closure;
                *piece_n = 0;
                return MHD_YES;
        }
        return tell(connection, page, &c->view);
}

/* By poll(2), whose set is made anew each time round: with epoll 0.9.75 may not come back to the listening socket once
 * all connections were taken (intake.h). */
int control_new(struct control **out, const struct listener *listener, const struct control_view *view) {
        const unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
        struct control *c = calloc(1, sizeof(*c));

        if (!c)
                return -ENOMEM;
        c->view = *view;
        c->daemon =
                MHD_start_daemon(flags, 0, NULL, NULL, on_call, c, MHD_OPTION_LISTEN_SOCKET, listener->fd,
                                 MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                 (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
                                 MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK, MHD_OPTION_END);
        if (!c->daemon) {
                free(c);
                return -EIO;
        }
        *out = c;
        return 0;
}

/* The listening descriptor stays the caller's. */
void control_free(struct control *c) {
        if (!c)
                return;
        (void)MHD_quiesce_daemon(c->daemon);
        MHD_stop_daemon(c->daemon);
        free(c);
}
