#include "defaults.h"

#include "compiler.h"
#include "docksill/engine/operation.h"
#include "docksill/rules/schema.h"
#include "printable.h"
#include "rule-operations.h"

enum { TESTS_OPERATION, TESTS_KEYS };

static const struct schema_key tests_keys[TESTS_KEYS + 1] = {
        [TESTS_OPERATION] = { "operation", SHAPE_TEXT, .doc = "of every test that names none" },
};
const struct schema tests_schema = { "\"tests\" of a file", tests_keys };

int defaults_new(struct compiler *c, const struct yaml_node *references, const struct yaml_node *tests,
                 struct defaults *out) {
        static const struct references none = { 0 };
        const struct yaml_node *values[TESTS_KEYS] = { NULL };
        int r = references_new(c, references, &none, &out->references);

        if (tests)
                r = worse(r, schema_read(&tests_schema, tests, values, c->yaml.diag));
        out->operation = values[TESTS_OPERATION];
        if (out->operation && !operation_find(out->operation->text))
                r = worse(r, operation_unknown(c->yaml.diag, out->operation));
        return r;
}
