#pragma once
/*
 * envelope: AuthZReq calls as dockerd writes them.
 */
#include "docksill/base/text.h"

static inline void envelope_add_base64(struct text *t, struct str s) {
        static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

        for (size_t i = 0; i < s.n; i += 3) {
                uint32_t bits = 0;

                for (size_t j = 0; j < 3; ++j)
                        bits = bits << 8 | (i + j < s.n ? (unsigned char)s.p[i + j] : 0);
                for (size_t j = 0; j < 4; ++j)
                        text_add_char(t, i + j > s.n ? '=' : alphabet[bits >> (18 - 6 * j) & 63]);
        }
}

struct sent {
        struct str method, uri;
        struct str body;     /* p == NULL: RequestBody is left out */
        const char *headers; /* members of the object; NULL: JSON, with the body's length */
        const char *user;    /* by a client certificate; NULL: on the Unix socket */
};

static inline void envelope_add(struct text *t, struct sent s) {
        text_addz(t, "{\"RequestMethod\":");
        text_add_json(t, s.method);
        text_addz(t, ",\"RequestUri\":");
        text_add_json(t, s.uri);
        if (s.user)
                text_addf(t, ",\"User\":\"%s\",\"UserAuthNMethod\":\"TLS\"", s.user);
        if (s.body.p) {
                text_addz(t, ",\"RequestBody\":\"");
                envelope_add_base64(t, s.body);
                text_add_char(t, '"');
        }
        text_addz(t, ",\"RequestHeaders\":{");
        if (s.headers)
                text_addz(t, s.headers);
        else
                text_addf(t, "\"Content-Type\":\"application/json\",\"Content-Length\":\"%zu\"", s.body.n);
        text_addz(t, "}}");
}
