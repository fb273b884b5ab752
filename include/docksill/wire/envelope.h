#pragma once
/*
 * envelope: the JSON object that dockerd sends with each AuthZReq and AuthZRes.
 *
 * moby pkg/authorization/api.go; PROTOCOL 2.2. Bodies stay base64 until asked for: a response body is mostly not
 * needed.
 */
#include "docksill/wire/gojson.h"

struct envelope {
        bool given;
        struct go_string user, authn, method, uri, body; /* body: base64, as sent; given = a body was shown */
        struct go_list headers;                          /* of struct go_pair; canonical names */
        struct go_list certificates;                     /* of struct go_string, base64 of PEM */
        struct go_int status;                            /* AuthZRes alone, as the next two */
        struct go_string response_body;
        struct go_list response_headers;
};

/* Why a call is no AuthZ request at all: refused in both modes, nothing recorded (DESIGN 1.4). */
enum envelope_refusal {
        ENVELOPE_READ,      /* it is one */
        ENVELOPE_EMPTY,     /* no bytes: dockerd's retry after a broken connection (PROTOCOL 1.4) */
        ENVELOPE_NOT_JSON,  /* no JSON object */
        ENVELOPE_NO_METHOD, /* RequestMethod is missing or no string */
        ENVELOPE_NO_URI,    /* RequestUri is missing or no string */
        ENVELOPE_TOO_LARGE, /* over the arena's limit */
};

/**
 * envelope_parse() - read one call
 * @out:   views of @text and of @arena
 * @flaws: FLAW_ENVELOPE and friends are added
 *
 * Never fails: what can't be read is the value returned.
 */
must_check_ enum envelope_refusal envelope_parse(struct envelope *out, struct arena *arena, struct flaws *flaws,
                                                 struct str text);

/* What to tell the caller, a sentence without an end. */
const char *envelope_refusal_text(enum envelope_refusal refusal);

/* The value of header @name (any case), p == NULL when there is none. */
struct str envelope_header(const struct envelope *e, struct str name);

/**
 * envelope_body() - the request body's bytes
 * @out: in @arena; p == NULL when no body was shown or it is flawed
 *
 * Adds FLAW_BAD_BASE64. Returns 0 or -ENOMEM.
 */
must_check_ int envelope_body(const struct envelope *e, struct arena *arena, struct flaws *flaws, struct str *out);
