#include "rule-check.h"

static void add_references(struct report *r, struct report_check *check, const struct rule *rule) {
        size_t n = 0;

        for (size_t i = 0; i < rule->n_references; ++i)
                n += rule->references[i].n;
        check->references = ARENA_ARRAY(r->arena, struct report_reference, n);
        for (size_t i = 0; check->references && i < rule->n_references; ++i)
                for (size_t k = 0; k < rule->references[i].n; ++k)
                        check->references[check->n_references++] = (struct report_reference){
                                report_keep(r, rule->references[i].framework),
                                report_keep(r, rule->references[i].items[k]),
                        };
}

void rule_check_tell(struct report *r, struct report_check *check, const struct rule *rule) {
        check->title = report_keep(r, rule->title);
        check->why = report_keep(r, rule->why);
        add_references(r, check, rule);
}
