#include "body.h"
#include <assert.h>

#define BODY STR_C("RequestBody")

void json_read(struct reading *in, void *out, const struct gojson_type *type, struct str text, struct str top) {
        if (arena_full(in->arena) || gojson_decode(out, type, in->arena, &in->report, text, top) == 0)
                return;
        arena_refuse(in->arena);
        memset(out, 0, type->size);
}

void json_read_apart(struct arena *arena, struct flaws *flaws, void *out, const struct gojson_type *type,
                     struct str text) {
        struct reading in = { .arena = arena, .flaws = flaws, .report.flaws = flaws };

        json_read(&in, out, type, text, STR_C(""));
}

bool body_read(struct reading *in, void *out, const struct gojson_type *type) {
        json_read(in, out, type, in->body, STR_C(""));
        return !arena_full(in->arena) && !flaws_any(in->flaws);
}

bool body_decode(struct reading *in, void *out, const struct gojson_type *type) {
        assert(type->kind == GOJSON_STRUCT);
        json_read(in, out, type, in->body, STR_C(""));
        if (!arena_full(in->arena) && !*(const bool *)out)
                flaws_add(in->flaws, FLAW_MALFORMED_JSON, BODY);
        return !arena_full(in->arena) && !flaws_any(in->flaws);
}

void body_check_absent(struct reading *in) {
        if (in->body_may_hide)
                flaws_add(in->flaws, FLAW_BODY_MISSING, BODY);
}
