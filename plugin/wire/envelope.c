#include "docksill/wire/envelope.h"

#include "docksill/wire/base64.h"
#include <assert.h>
#include <errno.h>

/* The keys of moby's authorization.Request and Response, in the order its encoder writes them. */
static const struct gojson_field fields[] = {
        { STR("User"), &gojson_string, offsetof(struct envelope, user) },
        { STR("UserAuthNMethod"), &gojson_string, offsetof(struct envelope, authn) },
        { STR("RequestMethod"), &gojson_string, offsetof(struct envelope, method) },
        { STR("RequestUri"), &gojson_string, offsetof(struct envelope, uri) },
        { STR("RequestBody"), &gojson_string, offsetof(struct envelope, body) },
        { STR("RequestHeaders"), &gojson_string_map, offsetof(struct envelope, headers) },
        { STR("RequestPeerCertificates"), &gojson_strings, offsetof(struct envelope, certificates) },
        { STR("ResponseStatusCode"), &gojson_int64, offsetof(struct envelope, status) },
        { STR("ResponseBody"), &gojson_string, offsetof(struct envelope, response_body) },
        { STR("ResponseHeaders"), &gojson_string_map, offsetof(struct envelope, response_headers) },
};

static const struct gojson_type type = {
        .kind = GOJSON_STRUCT,
        .size = sizeof(struct envelope),
        .fields = fields,
        .n_fields = ARRAY_SIZE(fields),
};

static const char *const refusals[] = {
        [ENVELOPE_READ] = "it is an authorization call",
        [ENVELOPE_EMPTY] = "the call has no body; dockerd sends such a one after a broken connection",
        [ENVELOPE_NOT_JSON] = "the body is not one JSON object",
        [ENVELOPE_NO_METHOD] = "RequestMethod is missing or not a string",
        [ENVELOPE_NO_URI] = "RequestUri is missing or not a string",
        [ENVELOPE_TOO_LARGE] = "the call is larger than docksill's memory for one request",
};

/* What is wrong with the envelope is one flaw, wherever it is: dockerd's encoder writes none of it, so it is the caller
 * that is odd, not the user's request. */
static void add_flaws(struct flaws *flaws, const struct flaws *found) {
        if (flaws_any(found))
                flaws_add(flaws, FLAW_ENVELOPE, found->n > 0 ? found->notes[0].where : STR_C(""));
}

enum envelope_refusal envelope_parse(struct envelope *out, struct arena *arena, struct flaws *flaws, struct str text) {
        struct envelope e = { 0 };
        struct flaws found = { 0 };
        struct gojson_report report = { .flaws = &found };

        if (text.n == 0)
                return ENVELOPE_EMPTY;
        if (gojson_decode(&e, &type, arena, &report, text, (struct str){ 0 }) < 0)
                return ENVELOPE_TOO_LARGE;
        if (!e.given || flaws_have(&found, FLAW_MALFORMED_JSON))
                return ENVELOPE_NOT_JSON;
        if (!e.method.given)
                return ENVELOPE_NO_METHOD;
        if (!e.uri.given)
                return ENVELOPE_NO_URI;
        add_flaws(flaws, &found);
        *out = e;
        return ENVELOPE_READ;
}

const char *envelope_refusal_text(enum envelope_refusal refusal) {
        assert(refusal < ARRAY_SIZE(refusals));
        return refusals[refusal];
}

struct str envelope_header(const struct envelope *e, struct str name) {
        for (size_t i = 0; i < e->headers.n; ++i) {
                const struct go_pair *pair = gojson_item(&e->headers, i, sizeof(*pair));

                if (pair->value.given && str_eq_fold(pair->key, name))
                        return pair->value.value;
        }
        return (struct str){ 0 };
}

int envelope_body(const struct envelope *e, struct arena *arena, struct flaws *flaws, struct str *out) {
        struct str text = e->body.value;
        size_t n;
        char *to;

        *out = (struct str){ 0 };
        if (!e->body.given)
                return 0;
        to = arena_bytes(arena, base64_size(text.n));
        if (!to)
                return -ENOMEM;
        if (base64_decode(to, &n, text) < 0)
                flaws_add(flaws, FLAW_BAD_BASE64, STR_C("RequestBody"));
        else
                *out = (struct str){ to, n };
        return 0;
}
