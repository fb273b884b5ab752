#include "docksill/engine/response.h"
#include "cell.h"
#include "docksill/wire/base64.h"
#include "engine-info.h"
#include <errno.h>

struct row {
        const char *operation;
        int (*read)(struct request *request, struct arena *arena, struct gojson_report *report);
};

static const struct row rows[] = {
        { "system.info", engine_info_read },
        { "system.version", engine_version_read },
        { "network.inspect", engine_network_read },
        { "network.list", engine_networks_read },
};

/* A quote within a string is written with a backslash, so these can't be a user's name or a path. */
bool response_tells(struct str prefix) {
        static const char *const paths[] = { "/info", "/version", "/networks", "/networks/bridge" };
        static const struct str before = STR("\"RequestMethod\":\"GET\",\"RequestUri\":\"");
        struct str uri = str_skip(prefix, str_search(prefix, before));
        size_t n;

        if (uri.n < before.n)
                return false;
        uri = str_skip(uri, before.n);
        for (n = 0; n < uri.n && uri.p[n] != '"' && uri.p[n] != '?'; ++n)
                ;
        uri = str_first(uri, n);
        if (str_starts(uri, STR_C("/v1.")))
                uri = str_skip(uri, 1 + str_find(str_skip(uri, 1), '/'));
        for (size_t i = 0; i < ARRAY_SIZE(paths); ++i)
                if (str_eqz(uri, paths[i]))
                        return true;
        return false;
}

/* The answer's bytes, as the body of @request. Nothing but a success tells something. */
static int take_body(struct request *request, struct arena *arena) {
        const struct envelope *e = &request->envelope;
        struct str text = e->response_body.value;
        size_t n;
        char *to;

        if (e->status.value != 200 || text.n == 0)
                return 0;
        to = arena_bytes(arena, base64_size(text.n));
        if (!to)
                return -ENOMEM;
        if (base64_decode(to, &n, text) < 0)
                flaws_add(&request->flaws, FLAW_BAD_BASE64, STR_C("ResponseBody"));
        else
                request->body = (struct str){ to, n };
        return 0;
}

static int read_answer(struct request *request, struct arena *arena) {
        int r = target_parse(&request->target, arena, &request->flaws, request->envelope.uri.value);

        if (r < 0 || flaws_any(&request->flaws))
                return r;
        request->operation = operation_match(request->envelope.method.value, request->target.path, &request->variables);
        if (!request->operation)
                return 0;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                if (!str_eqz(request->operation->id, rows[i].operation))
                        continue;
                r = take_body(request, arena);
                if (r == 0 && request->body.n > 0)
                        r = rows[i].read(request, arena, &request->report);
                if (r > 0)
                        request->told = !flaws_any(&request->flaws);
                return r < 0 ? r : 0;
        }
        return 0;
}

enum envelope_refusal response_read(struct request *request, struct arena *arena, struct str text) {
        enum envelope_refusal refusal;

        memset(request, 0, offsetof(struct request, facts));
        facts_init(&request->facts);
        request->report.flaws = &request->flaws;

        refusal = envelope_parse(&request->envelope, arena, &request->flaws, text);
        if (refusal != ENVELOPE_READ)
                return refusal;
        if (read_answer(request, arena) < 0)
                flaws_add(&request->flaws, FLAW_TOO_LARGE, STR_C("ResponseBody"));

        request->facts.request.method = cell_string(request->envelope.method);
        request->facts.request.user = cell_string(request->envelope.user);
        if (!str_empty(request->target.path))
                request->facts.request.path = cell_str(request->target.path);
        if (request->operation)
                request->facts.request.operation = cell_str(request->operation->id);
        return ENVELOPE_READ;
}
