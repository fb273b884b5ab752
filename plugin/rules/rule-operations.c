#include "rule-operations.h"

#include "compiler.h"
#include "docksill/engine/operation.h"
#include "printable.h"

/* A family is told of a family, an operation of an operation. */
int operation_unknown(struct diag *diag, const struct yaml_node *name) {
        bool family = str_ends(name->text, STR_C(".*"));
        struct nearest nearest;

        nearest_init(&nearest, family ? str_first(name->text, name->text.n - 2) : name->text);
        for (size_t i = 0; i < operation_table_n; ++i) {
                struct str id = operation_table[i].id;

                nearest_offer(&nearest, family ? str_first(id, str_find(id, '.')) : id);
        }
        if (!family || nearest_name(&nearest).n == 0)
                return diag_error(diag, name->at, DIAG_UNKNOWN_OPERATION, "no operation \"%s\"%s",
                                  PRINTABLE(name->text), family ? "" : SUGGESTION(&nearest));
        return diag_error(diag, name->at, DIAG_UNKNOWN_OPERATION, "no operation \"%s\"; did you mean \"%s.*\"?",
                          PRINTABLE(name->text), PRINTABLE(nearest_name(&nearest)));
}

bool rule_can_judge(uint64_t uses, const struct operation *operation) {
        uint64_t yields = GROUP_REQUEST | GROUP_DAEMON | (operation ? operation->yields : 0);

        /* Nobody calls there: what a rule says of all calls is not about it. */
        if (operation && operation->flags & OPERATION_OURS && !(uses & operation->yields))
                return false;
        return (uses & ~yields) == 0;
}

bool rule_names_operation(struct str pattern, struct str id) {
        if (str_ends(pattern, STR_C(".*")))
                return str_starts(id, str_first(pattern, pattern.n - 1));
        return str_eq(pattern, id);
}

static int add_operations(struct compiler *c, const struct yaml_node *node, uint8_t *operations) {
        bool known = false, judged = false;

        for (size_t i = 0; i < operation_table_n; ++i) {
                if (!rule_names_operation(node->text, operation_table[i].id))
                        continue;
                known = true;
                if (!rule_can_judge(c->uses, &operation_table[i]))
                        continue;
                judged = true;
                operations[i] = true;
        }
        if (!known)
                return operation_unknown(c->yaml.diag, node);
        if (!judged)
                return diag_error(c->yaml.diag, node->at, DIAG_NO_OPERATION,
                                  "\"%s\" does not yield all facts that the rule uses", PRINTABLE(node->text));
        return 0;
}

int rule_operations(struct compiler *c, const struct yaml_node *on, struct position at, uint8_t *operations) {
        size_t n = !on ? 0 : on->kind == NODE_SEQUENCE ? on->n : 1;
        bool judged = rule_can_judge(c->uses, NULL);
        int r = 0;

        for (size_t i = 0; i < n; ++i)
                r = worse(r, add_operations(c, on->kind == NODE_SEQUENCE ? on->items[i] : on, operations));
        if (on)
                return r;
        operations[operation_table_n] = judged;
        for (size_t i = 0; i < operation_table_n; ++i) {
                operations[i] = rule_can_judge(c->uses, &operation_table[i]);
                judged = judged || operations[i];
        }
        return judged ? 0
                      : diag_error(c->yaml.diag, at, DIAG_NO_OPERATION,
                                   "no operation yields all facts that the rule uses");
}
