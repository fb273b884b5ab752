#include "docksill/engine/response.h"
#include "docksill/engine/image-ref.h"
#include "docksill/wire/base64.h"
#include "engine-info.h"
#include "facts/cell.h"

/* True: something was told. */
static bool (*const readers[])(struct reading *in) = {
        [TELLS_INFO] = engine_info_read,
        [TELLS_VERSION] = engine_version_read,
        [TELLS_NETWORK] = engine_network_read,
        [TELLS_NETWORKS] = engine_networks_read,
};

/* What stands behind @key, up to a quote or to @end; empty when the look does not reach so far. A quote within a string
 * is written with a backslash, so the key can't be a user's name or a path. */
static struct str look_at(struct str prefix, struct str key, char end) {
        struct str value = str_skip(prefix, str_search(prefix, key));
        size_t n;

        value = value.n < key.n ? (struct str){ NULL, 0 } : str_skip(value, key.n);
        for (n = 0; n < value.n && value.p[n] != '"' && value.p[n] != end; ++n)
                ;
        return n < value.n ? str_first(value, n) : (struct str){ NULL, 0 };
}

static struct str without_version(struct str uri) {
        if (str_starts(uri, STR_C("/v1.")))
                uri = str_skip(uri, 1 + str_find(str_skip(uri, 1), '/'));
        return uri;
}

bool response_tells(struct str prefix) {
        static const char *const paths[] = { "/info", "/version", "/networks", "/networks/bridge", NULL };
        static const struct str before = STR("\"RequestMethod\":\"GET\",\"RequestUri\":\"");
        struct str uri = without_version(look_at(prefix, before, '?'));

        return str_is_one_of(uri, paths);
}

unsigned response_changes(struct str prefix) {
        struct operation_variables variables;
        const struct operation *operation;
        struct str method = look_at(prefix, STR_C("\"RequestMethod\":\""), '"'), uri;

        if (str_eqz(method, "GET") || str_eqz(method, "HEAD"))
                return 0;
        uri = without_version(look_at(prefix, STR_C("\"RequestUri\":\""), '?'));
        /* What is escaped may be another path than it looks. */
        if (str_find(uri, '%') < uri.n || str_find(uri, '\\') < uri.n)
                return OPERATION_CHANGES;
        operation = operation_match(method, uri, &variables);
        return operation_changes(operation);
}

/* The answer's bytes, as the body of @request. Nothing but a success tells something. */
static void take_body(struct request *request, struct arena *arena) {
        const struct envelope *e = &request->envelope;
        struct str text = e->response_body.value;
        size_t n;
        char *to;

        if (e->status.value != 200 || text.n == 0)
                return;
        to = arena_bytes(arena, base64_size(text.n));
        if (!to)
                return;
        if (base64_decode(to, &n, text) < 0)
                flaws_add(&request->flaws, FLAW_BAD_BASE64, STR_C("ResponseBody"));
        else
                request->body = (struct str){ to, n };
}

static void read_answer(struct request *request, struct arena *arena) {
        struct reading in;

        if (target_parse(&request->target, arena, &request->flaws, request->envelope.uri.value) < 0)
                arena_refuse(arena);
        if (arena_full(arena) || flaws_any(&request->flaws))
                return;
        request->operation = operation_match(request->envelope.method.value, request->target.path, &request->variables);
        if (!request->operation || request->operation->tells == TELLS_NOTHING)
                return;
        take_body(request, arena);
        request_reading(&in, request, arena);
        if (in.body.n > 0 && readers[request->operation->tells](&in))
                request->told = !arena_full(arena) && !flaws_any(&request->flaws);
}

enum envelope_refusal response_read(struct request *request, struct arena *arena, struct str text) {
        enum envelope_refusal refusal = request_open(request, arena, text);

        if (refusal != ENVELOPE_READ)
                return refusal;
        arena_latch(arena);
        read_answer(request, arena);
        if (arena_unlatch(arena))
                flaws_add(&request->flaws, FLAW_TOO_LARGE, STR_C("ResponseBody"));

        if (!str_empty(request->target.path))
                request->facts.request.path = cell_str(image_path_shown(arena, request->target.path));
        if (request->operation)
                request->facts.request.operation = cell_str(request->operation->id);
        return ENVELOPE_READ;
}

void response_plugin_is_us(struct request *response, struct str name) {
        struct fact_set *plugins = &response->facts.daemon.authorization_plugins;

        for (size_t i = 0; i < plugins->n && name.n; ++i)
                if (str_eq(plugins->items[i], name))
                        plugins->items[i] = STR_C("docksill");
}
