#include "response-call.h"
#include "route.h"
#include <errno.h>

#define CONTENT_TYPE "application/vnd.docker.plugins.v1.2+json"

static struct MHD_Response *response_new(struct str body, enum MHD_ResponseMemoryMode memory) {
        struct MHD_Response *response = MHD_create_response_from_buffer(body.n, (void *)body.p, memory);

        if (response && MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, CONTENT_TYPE) != MHD_YES) {
                MHD_destroy_response(response);
                return NULL;
        }
        return response;
}

int responses_init(struct responses *r) {
        r->allows = response_new(STR_C(ROUTE_ALLOWS), MHD_RESPMEM_PERSISTENT);
        r->activates = response_new(STR_C(ROUTE_ACTIVATES), MHD_RESPMEM_PERSISTENT);
        r->fault = response_new(STR_C("{\"Allow\":false,\"Msg\":\"docksill: refused: out of memory\"}"),
                                MHD_RESPMEM_PERSISTENT);
        return r->allows && r->activates && r->fault ? 0 : -ENOMEM;
}

static void response_free(struct MHD_Response *response) {
        if (response)
                MHD_destroy_response(response);
}

void responses_deinit(struct responses *r) {
        response_free(r->allows);
        response_free(r->activates);
        response_free(r->fault);
}

/* The answers made beforehand are told by their text, so that route need not know of them. */
static struct MHD_Response *response_shared(const struct responses *r, struct str answer) {
        if (str_eq(answer, STR_C(ROUTE_ALLOWS)))
                return r->allows;
        if (str_eq(answer, STR_C(ROUTE_ACTIVATES)))
                return r->activates;
        return NULL;
}

enum MHD_Result response_send_as(struct MHD_Connection *connection, unsigned status, struct str body,
                                 const char *header, const char *value) {
        struct MHD_Response *response = response_new(body, MHD_RESPMEM_MUST_COPY);
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

enum MHD_Result response_send(const struct responses *r, struct MHD_Connection *connection, const struct text *answer) {
        struct MHD_Response *shared;

        if (answer->failed)
                return response_send_fault(r, connection);
        shared = response_shared(r, text_str(answer));
        return shared ? MHD_queue_response(connection, MHD_HTTP_OK, shared)
                      : response_send_as(connection, MHD_HTTP_OK, text_str(answer), NULL, NULL);
}

enum MHD_Result response_send_last(const struct responses *r, struct MHD_Connection *connection,
                                   const struct text *answer) {
        if (answer->failed)
                return response_send_fault(r, connection);
        return response_send_as(connection, MHD_HTTP_OK, text_str(answer), MHD_HTTP_HEADER_CONNECTION, "close");
}

enum MHD_Result response_send_fault(const struct responses *r, struct MHD_Connection *connection) {
        return MHD_queue_response(connection, MHD_HTTP_OK, r->fault);
}
