#pragma once
/*
 * authz-call: the AuthZReq call that dockerd makes of a request.
 *
 * As its authorization middleware writes it (moby pkg/authorization/authz.go; PROTOCOL 2.2), so that nothing but
 * request_read() has to read a request, wherever it came from.
 */
#include "docksill/base/arena.h"

struct authz_header {
        struct str name, value;
};

struct authz_headers {
        struct authz_header *items; /* in the order in which they were sent */
        size_t n, capacity;
};

struct authz_request {
        struct str method, target; /* as sent */
        struct str body;           /* as shown; empty: none */
        struct authz_headers headers;
};

/* Whether dockerd shows a plugin a body of @size bytes: JSON below 1 MiB alone, and never a login (PROTOCOL 2.3).
 * @path: without the version. */
bool authz_shows_body(const struct authz_request *r, struct str path, size_t size);
#define AUTHZ_BODY_MAX ((size_t)1 << 20)

/**
 * authz_call() - write it
 * @out: in @arena; on success only
 *
 * Headers get Go's spelling; of repeated ones the last counts; those that dockerd keeps to itself (credentials, what
 * belongs to the connection) are left out. Returns 0, -EFBIG when the body is larger than any arena, or -ENOMEM.
 */
must_check_ int authz_call(struct str *out, struct arena *arena, const struct authz_request *r);
