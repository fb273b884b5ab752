/*
 * Holding a condition against facts: the only part of this room that runs for a request, many times each. Nearly all of
 * it is one test of one cell; what else there is is kept out of condition_holds(), which would save registers for it
 * and guard a stack that a test of a cell has no use for.
 */
#include "condition-priv.h"

static noinline_ bool some_element(const struct test *test, const struct fact_set *set) {
        for (size_t i = 0; i < set->n; ++i) {
                struct fact_str cell = { .head = set->head, .value = set->items[i] };

                if (test->holds(test, (struct subject){ &cell.head, 0 }))
                        return true;
        }
        return false;
}

static noinline_ bool size_holds(const struct test *test, const struct fact_head *head, size_t n) {
        struct fact_int cell = { .head = *head, .value = (int64_t)n };

        return test->holds(test, (struct subject){ &cell.head, 0 });
}

/* A path whose end on the host is unknown is known all the same as it is written. */
static bool is_told(const struct fact_head *cell, unsigned spelling) {
        return cell->state == FACT_LEXICAL && spelling < ((const struct fact_path *)cell)->n;
}

static inline enum truth test_holds(const struct condition *c, const struct scope *scope) {
        const void *base = c->element ? scope->element : scope->facts;
        const struct fact_head *cell = (const struct fact_head *)((const char *)base + c->at);
        bool holds = false;

        if (cell->state != FACT_KNOWN && !is_told(cell, scope->spelling))
                return cell->state == FACT_OFF ? TRUTH_OFF : TRUTH_UNKNOWN;
        switch (c->subject) {
        case SUBJECT_CELL: holds = c->test.holds(&c->test, (struct subject){ cell, scope->spelling }); break;
        case SUBJECT_SOME: holds = some_element(&c->test, (const struct fact_set *)cell); break;
        case SUBJECT_SET_SIZE: holds = size_holds(&c->test, cell, ((const struct fact_set *)cell)->n); break;
        case SUBJECT_LIST_SIZE: holds = size_holds(&c->test, cell, ((const struct fact_list *)cell)->n); break;
        }
        return holds ? TRUTH_YES : TRUTH_NO;
}

/* NO of one part settles it; else one that is off takes the whole with it; else it is as unknown as its parts. */
static enum truth all_hold(const struct condition *c, const struct scope *scope) {
        enum truth truth = TRUTH_YES;

        for (size_t i = 0; i < c->parts.n; ++i) {
                enum truth part = condition_holds(c->parts.items[i], scope);

                if (part == TRUTH_NO)
                        return TRUTH_NO;
                if (part == TRUTH_OFF || truth == TRUTH_YES)
                        truth = part;
        }
        return truth;
}

/* YES of one part settles it; parts that are off are not there, unless all of them are. */
static enum truth any_holds(const struct condition *c, const struct scope *scope) {
        enum truth truth = TRUTH_OFF;

        for (size_t i = 0; i < c->parts.n; ++i) {
                enum truth part = condition_holds(c->parts.items[i], scope);

                if (part == TRUTH_YES)
                        return TRUTH_YES;
                if (part == TRUTH_UNKNOWN || truth == TRUTH_OFF)
                        truth = part;
        }
        return truth;
}

static enum truth not_holds(const struct condition *c, const struct scope *scope) {
        enum truth truth = condition_holds(c->parts.items[0], scope);

        switch (truth) {
        case TRUTH_NO: return TRUTH_YES;
        case TRUTH_YES: return TRUTH_NO;
        default: return truth;
        }
}

static noinline_ enum truth parts_hold(const struct condition *c, const struct scope *scope) {
        switch (c->kind) {
        case CONDITION_ALL: return all_hold(c, scope);
        case CONDITION_ANY: return any_holds(c, scope);
        default: return not_holds(c, scope);
        }
}

/* Recursion: as deep as the rule was written, YAML_DEPTH_MOST. */
enum truth condition_holds(const struct condition *c, const struct scope *scope) {
        if (!c)
                return TRUTH_YES;
        return c->kind == CONDITION_TEST ? test_holds(c, scope) : parts_hold(c, scope);
}
