#include "create-body.h"
#include "docksill/base/text.h"
#include "docksill/engine/request.h"
#include <errno.h>
#include <openssl/evp.h>

int create_body(json_t **out, struct arena *arena, struct str call) {
        struct request request;
        json_t *body;

        if (request_read(&request, arena, call) != ENVELOPE_READ || !request.body.p)
                return -EINVAL;
        body = json_loadb(request.body.p, request.body.n, JSON_ALLOW_NUL, NULL);
        if (!json_is_object(body)) {
                json_decref(body);
                return -EINVAL;
        }
        *out = body;
        return 0;
}

/* Headers keep the spelling of Go. */
static int set_length(json_t *tree, size_t n) {
        json_t *headers = json_object_get(tree, "RequestHeaders");
        char digits[24];

        if (!json_is_object(headers))
                return 0;
        snprintf(digits, sizeof(digits), "%zu", n);
        return json_object_set_new(headers, "Content-Length", json_string(digits));
}

static int set_body(json_t *tree, struct arena *arena, const char *text) {
        size_t n = strlen(text);
        unsigned char *encoded = n < INT32_MAX / 2 ? arena_alloc(arena, (n + 2) / 3 * 4 + 1) : NULL;

        if (!encoded)
                return -ENOMEM;
        EVP_EncodeBlock(encoded, (const unsigned char *)text, (int)n);
        if (json_object_set_new(tree, "RequestBody", json_string((const char *)encoded)) < 0 || set_length(tree, n) < 0)
                return -ENOMEM;
        return 0;
}

int create_with_body(struct str *out, struct arena *arena, struct str call, const json_t *body) {
        json_auto_t *tree = json_loadb(call.p, call.n, JSON_ALLOW_NUL, NULL);
        cleanup_(freep) char *text = json_dumps(body, JSON_COMPACT), *dump = NULL;
        int r;

        if (!json_is_object(tree))
                return -EINVAL;
        r = text ? set_body(tree, arena, text) : -ENOMEM;
        if (r < 0)
                return r;
        dump = json_dumps(tree, JSON_COMPACT);
        return dump ? arena_str(arena, str_from(dump), out) : -ENOMEM;
}
