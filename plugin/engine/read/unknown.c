#include "unknown.h"
#include "client-keys.h"
#include "docksill/base/text.h"
#include "facts/cell.h"

/* Each free text of a request has one, and most are short: those are spelt on the stack and take no more of the arena
 * than they need. */
struct str origin_text(struct arena *arena, const struct origin *origin) {
        char buffer[200];
        struct str copy;
        struct text t;

        text_init_fixed(&t, buffer, sizeof(buffer));
        origin_add(&t, origin);
        if (!t.failed)
                return arena_str(arena, text_str(&t), &copy) < 0 ? (struct str){ 0 } : copy;
        text_init_arena(&t, arena);
        origin_add(&t, origin);
        return text_str(&t);
}

void unknown_value(struct reading *in, struct origin origin, struct str value) {
        if (arena_full(in->arena))
                return;
        FACT_ADD(in->arena, &in->facts->request.unknown,
                 (struct unknown_fact){ .origin = origin,
                                        .where = cell_str(origin_text(in->arena, &origin)),
                                        .value = cell_str(value),
                                        .kind = cell_word(WORD_VALUE) });
}

static void add_key(struct reading *in, struct str key) {
        struct str client = client_of_key(in->operation, key);

        FACT_ADD(in->arena, &in->facts->request.unknown,
                 (struct unknown_fact){
                         .origin.key = key,
                         .where = cell_str(key),
                         .kind = cell_word(client.p ? WORD_CLIENT_KEY : WORD_KEY),
                         .client = cell_str(client),
                 });
}

void unknown_keys(struct reading *in) {
        const struct gojson_report *report = &in->report;

        for (size_t i = 0; i < report->n_unknown && i < GOJSON_UNKNOWN; ++i)
                add_key(in, report->unknown[i]);
        if (report->n_unknown > GOJSON_UNKNOWN)
                add_key(in, STR_C("and others"));
}
