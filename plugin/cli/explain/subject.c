#include "subject.h"
#include "authz-call.h"
#include "docksill/base/text.h"
#include "docksill/host/engine-api.h"
#include "docksill/wire/gojson.h"
#include "docksill/wire/json.h"
#include "inspect.h"
#include <errno.h>

/* An AuthZ call is told from a create body by a key that no create body has. */
static bool is_envelope(struct arena *arena, struct str text) {
        enum json_token token;
        struct json j;

        json_init(&j, arena, text);
        if (json_next(&j) != TOKEN_OBJECT)
                return false;
        while ((token = json_next(&j)) == TOKEN_STRING) {
                if (str_eq_fold(j.text, STR_C("RequestMethod")))
                        return true;
                if (json_next(&j) != TOKEN_COLON || json_skip(&j, json_next(&j), 1, GOJSON_DEPTH) < 0 ||
                    json_next(&j) != TOKEN_COMMA)
                        return false;
        }
        return false;
}

/* The call that dockerd would make of it: docker's own client, the oldest API version whose engine is supported. */
static int wrap_body(struct arena *arena, struct str body, struct str name, struct str *out) {
        struct authz_header headers[] = { { STR("Content-Length"), { 0 } },
                                          { STR("Content-Type"), STR("application/json") } };
        struct text target, length;
        char digits[24];

        text_init_fixed(&length, digits, sizeof(digits));
        text_addf(&length, "%zu", body.n);
        headers[0].value = text_str(&length);
        text_init_arena(&target, arena);
        text_addz(&target, "/v1.41/containers/create");
        if (name.n) {
                text_addz(&target, "?name=");
                engine_target_add(&target, name);
        }
        if (target.failed)
                return -ENOMEM;
        return authz_call(out, arena,
                          &(struct authz_request){ .method = STR("POST"),
                                                   .target = text_str(&target),
                                                   .body = body,
                                                   .headers = { .items = headers, .n = ARRAY_SIZE(headers) } });
}

static int add_inspected(struct arena *arena, const struct inspected *c, struct subjects *out) {
        struct subject *slot = ARENA_PUSH(arena, out);

        if (!slot)
                return -ENOMEM;
        slot->name = c->name;
        slot->id = c->id;
        if (c->cgroupns_host)
                slot->note = STR_C("HostConfig.CgroupnsMode \"host\" is ignored: on cgroup v1 docker inspect "
                                   "prints it for every container");
        return wrap_body(arena, c->body, c->name, &slot->call);
}

static int read_inspected(struct arena *arena, struct str text, struct subjects *out) {
        struct inspected_list list;
        int r = inspect_read(arena, text, &list);

        out->inspected = true;
        for (size_t i = 0; r == 0 && i < list.n; ++i)
                r = add_inspected(arena, &list.items[i], out);
        return r == 0 && list.n == 0 ? -EINVAL : r;
}

/* What begins otherwise nobody would send: a compose file, a word, nothing. Broken JSON somebody may. */
static bool may_be_json(struct str text) {
        text = str_trim(text);
        return text.n > 0 && (text.p[0] == '{' || text.p[0] == '[' || str_eqz(text, "null"));
}

int subjects_read(struct arena *arena, struct str text, struct subjects *out) {
        struct subjects s = { 0 };
        struct subject *one;
        int r = 0;

        if (!may_be_json(text))
                return -ENOMSG;

        if (!is_envelope(arena, text) && inspect_is(arena, text)) {
                r = read_inspected(arena, text, &s);
        } else {
                one = ARENA_PUSH(arena, &s);
                if (!one)
                        return -ENOMEM;
                one->call = text;
                if (!is_envelope(arena, text))
                        r = wrap_body(arena, text, STR_C(""), &one->call);
        }
        if (r == 0)
                *out = s;
        return r;
}
