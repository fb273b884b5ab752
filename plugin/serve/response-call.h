#pragma once
/*
 * response-call: an answer as HTTP carries it.
 *
 * Most answers are one of two texts; these responses are made once and shared by all connections.
 */
#include "docksill/base/text.h"
#include <microhttpd.h>

struct responses {
        struct MHD_Response *allows, *activates, *fault;
};

/* Returns 0 or -ENOMEM; in either case responses_deinit() it. */
must_check_ int responses_init(struct responses *r);
void responses_deinit(struct responses *r);

/* Queues @answer, a JSON object, with status 200; a text that failed is a refusal for want of memory. */
must_check_ enum MHD_Result response_send(const struct responses *r, struct MHD_Connection *connection,
                                          const struct text *answer);

/* The same, and the connection ends with it. */
must_check_ enum MHD_Result response_send_last(const struct responses *r, struct MHD_Connection *connection,
                                               const struct text *answer);

/* Refuses: there is no memory. */
must_check_ enum MHD_Result response_send_fault(const struct responses *r, struct MHD_Connection *connection);

/* With any status and one header more. @header: NULL for none. */
must_check_ enum MHD_Result response_send_as(struct MHD_Connection *connection, unsigned status, struct str body,
                                             const char *header, const char *value);
