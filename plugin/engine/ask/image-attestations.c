#include "image-attestations.h"
#include "facts/cell.h"
#include "read/body.h"
#include "read/go-type.h"

/* Kinds of statements: a builder writes two, provenance and a list of packages. */
#define KINDS_MOST 64

struct statement {
        bool given;
        struct go_string predicate_type;
};
static const struct gojson_field statement_fields[] = { GO_FIELD(statement, "PredicateType", predicate_type,
                                                                 gojson_string) };
static const struct gojson_type statement_type = GO_STRUCT(statement);
static const struct gojson_type statements_type = GO_LIST(statement_type);

bool image_attestations_fill(struct reading *in, struct str json) {
        struct fact_set *out = &in->facts->image.attestations;
        struct go_list statements = { 0 };
        struct flaws flaws = { 0 };

        json_read_apart(in->arena, &flaws, &statements, &statements_type, json);
        if (arena_full(in->arena) || flaws_any(&flaws) || !statements.given)
                return false;
        *out = (struct fact_set){ .head.given = true };
        for (size_t i = 0; i < statements.n && out->n < KINDS_MOST && !arena_full(in->arena); ++i) {
                const struct statement *s = gojson_item(&statements, i, sizeof(*s));

                fact_set_add(in->arena, out, s->predicate_type.value);
        }
        return true;
}
