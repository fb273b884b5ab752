#include "unknown.h"
#include "cell.h"
#include "client-keys.h"
#include "docksill/base/text.h"
#include <errno.h>

/* Each free text of a request has one, and most are short: those are spelt on the stack and take no more of the arena
 * than they need. */
int origin_text(struct arena *arena, const struct origin *origin, struct str *out) {
        char buffer[200];
        struct text t;

        text_init_fixed(&t, buffer, sizeof(buffer));
        origin_add(&t, origin);
        if (!t.failed)
                return arena_str(arena, text_str(&t), out);
        text_init_arena(&t, arena);
        origin_add(&t, origin);
        if (t.failed)
                return -ENOMEM;
        *out = text_str(&t);
        return 0;
}

int unknown_value(struct request *request, struct arena *arena, struct origin origin, struct str value) {
        struct unknown_fact *u = fact_list_push(arena, &request->facts.request.unknown, sizeof(*u));
        struct str where;
        int r;

        if (!u)
                return -ENOMEM;
        r = origin_text(arena, &origin, &where);
        if (r < 0)
                return r;
        *u = (struct unknown_fact){
                .origin = origin, .where = cell_str(where), .value = cell_str(value), .kind = cell_str(STR_C("value"))
        };
        return 0;
}

static int add_key(struct request *request, struct arena *arena, struct str key) {
        struct unknown_fact *u = fact_list_push(arena, &request->facts.request.unknown, sizeof(*u));
        struct str client = client_of_key(request->operation->id, key);

        if (!u)
                return -ENOMEM;
        *u = (struct unknown_fact){
                .origin.key = key,
                .where = cell_str(key),
                .kind = cell_str(client.p ? STR_C("client-key") : STR_C("key")),
                .client = cell_str(client),
        };
        return 0;
}

int unknown_keys(struct request *request, struct arena *arena) {
        const struct gojson_report *report = &request->report;

        for (size_t i = 0; i < report->n_unknown && i < GOJSON_UNKNOWN; ++i) {
                int r = add_key(request, arena, report->unknown[i]);

                if (r < 0)
                        return r;
        }
        return report->n_unknown > GOJSON_UNKNOWN ? add_key(request, arena, STR_C("and others")) : 0;
}
