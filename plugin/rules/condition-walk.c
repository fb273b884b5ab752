#include "condition-walk.h"

/* Recursion: as deep as the rule was written, YAML_DEPTH_MOST. */
bool condition_has(const struct condition *c, condition_says *says, const void *context) {
        if (!c || c->kind == CONDITION_TEST)
                return c && says(c, context);
        for (size_t i = 0; i < c->parts.n; ++i)
                if (condition_has(c->parts.items[i], says, context))
                        return true;
        return false;
}

struct cell {
        bool element;
        size_t at;
};

static bool test_reads(const struct condition *test, const void *context) {
        const struct cell *cell = context;

        return test->element == cell->element && test->at == cell->at;
}

bool condition_reads(const struct condition *c, bool element, size_t at) {
        return condition_has(c, test_reads, &(struct cell){ element, at });
}

static bool same_operand(enum operand_kind kind, const struct operand *a, const struct operand *b) {
        switch (kind) {
        case OPERAND_TEXT: return str_eq(a->text, b->text);
        case OPERAND_NUMBER: return a->number == b->number;
        case OPERAND_FLAG: return a->flag == b->flag;
        case OPERAND_PORT: return a->port.lo == b->port.lo && a->port.hi == b->port.hi;
        case OPERAND_REGEX: return a->regex == b->regex;
        }
        return false;
}

static bool same_test(const struct condition *a, const struct condition *b) {
        enum operand_kind kind = a->test.terms->operands_are;

        if (a->subject != b->subject || a->element != b->element || a->at != b->at || a->test.holds != b->test.holds ||
            kind != b->test.terms->operands_are || a->test.n != b->test.n)
                return false;
        for (size_t i = 0; i < a->test.n; ++i)
                if (!same_operand(kind, &a->test.operands[i], &b->test.operands[i]))
                        return false;
        return true;
}

/* Recursion: as above. */
bool condition_same(const struct condition *a, const struct condition *b) {
        if (a == b)
                return true;
        if (!a || !b || a->kind != b->kind)
                return false;
        if (a->kind == CONDITION_TEST)
                return same_test(a, b);
        if (a->parts.n != b->parts.n)
                return false;
        for (size_t i = 0; i < a->parts.n; ++i)
                if (!condition_same(a->parts.items[i], b->parts.items[i]))
                        return false;
        return true;
}
