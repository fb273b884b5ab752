#include "docksill/rules/condition-leaf.h"

#include "condition-priv.h"

struct condition_leaf condition_leaf(const struct condition *test) {
        const struct terms *terms = test->test.terms;

        return (struct condition_leaf){
                .fact = test->element && fact_item_type(terms->fact->type) != FACT_TYPES ? (struct str){ 0 }
                                                                                         : terms->fact->name,
                .operator= terms->predicate->name,
                .element = test->element,
                .empty = test->test.n == 0,
                .at = terms->at,
        };
}

/* Recursion: as deep as the rule was written, YAML_DEPTH_MOST. */
bool condition_may_hold(const struct condition *c) {
        bool any = false;

        if (!c || c->kind == CONDITION_NOT)
                return true;
        if (c->kind == CONDITION_TEST)
                return c->test.n > 0;
        for (size_t i = 0; i < c->parts.n; ++i) {
                bool may = condition_may_hold(c->parts.items[i]);

                if (c->kind == CONDITION_ALL && !may)
                        return false;
                any = any || may;
        }
        return c->kind == CONDITION_ALL || any;
}

/* Recursion: as deep as the rule was written, YAML_DEPTH_MOST. */
void condition_leaves(const struct condition *c, const struct scope *scope, condition_sees *sees, void *context) {
        if (!c)
                return;
        if (c->kind == CONDITION_TEST) {
                sees(c, scope ? condition_holds(c, scope) : TRUTH_OFF, context);
                return;
        }
        for (size_t i = 0; i < c->parts.n; ++i)
                condition_leaves(c->parts.items[i], scope, sees, context);
}
