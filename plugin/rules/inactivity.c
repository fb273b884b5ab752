#include "docksill/rules/inactivity.h"
#include "condition-priv.h"

/* What a condition may come to without lookups, as a set of bits: see condition_holds(). UNKNOWN goes with YES and NO:
 * no fact of another source comes to one alone. */
enum {
        MAY_NO = 1 << TRUTH_NO,
        MAY_YES = 1 << TRUTH_YES,
        MAY_OFF = 1 << TRUTH_OFF,
};

static unsigned may(const struct condition *c, unsigned off);

/* NO of one part settles it; else one that is off takes the whole with it. */
static unsigned all_may(const struct condition *c, unsigned off) {
        unsigned any = 0, each = MAY_YES, none_no = MAY_OFF;

        for (size_t i = 0; i < c->parts.n; ++i) {
                unsigned part = may(c->parts.items[i], off);

                any |= part;
                each &= part;
                if (!(part & (MAY_YES | MAY_OFF)))
                        none_no = 0;
        }
        return (any & MAY_NO) | each | (any & none_no);
}

/* YES of one part settles it; parts that are off are not there, unless all of them are. */
static unsigned any_may(const struct condition *c, unsigned off) {
        unsigned any = 0, each = MAY_OFF, none_yes = MAY_NO;

        for (size_t i = 0; i < c->parts.n; ++i) {
                unsigned part = may(c->parts.items[i], off);

                any |= part;
                each &= part;
                if (!(part & (MAY_NO | MAY_OFF)))
                        none_yes = 0;
        }
        return (any & MAY_YES) | each | (any & none_yes);
}

static unsigned not_may(const struct condition *c, unsigned off) {
        unsigned part = may(c->parts.items[0], off);

        return (part & MAY_OFF) | (part & MAY_NO ? MAY_YES : 0u) | (part & MAY_YES ? MAY_NO : 0u);
}

/* What is left of a test when one of the enum's values can't be there: its outcome with each of the others. */
static unsigned enum_may(const struct condition *c, const struct fact *row) {
        unsigned may_be = 0;

        for (size_t i = 0; row->values[i]; ++i) {
                const struct fact_str cell = { { .given = true }, str_from(row->values[i]) };

                if (!str_eq(cell.value, row->looked_up_value))
                        may_be |= c->test.holds(&c->test, (struct subject){ &cell.head, 0 }) ? MAY_YES : MAY_NO;
        }
        return may_be;
}

static bool is_off(const struct fact *row, unsigned off) {
        return (row->looked_up && off & SOURCE_ENGINE) || (row->scanned && off & SOURCE_SCANS);
}

static unsigned test_may(const struct condition *c, unsigned off) {
        const struct fact *row = c->test.terms->fact;

        if (is_off(row, off))
                return MAY_OFF;
        return str_empty(row->looked_up_value) || !(off & SOURCE_ENGINE) ? MAY_NO | MAY_YES : enum_may(c, row);
}

/* Recursion: as deep as the rule was written, YAML_DEPTH_MOST. */
static unsigned may(const struct condition *c, unsigned off) {
        if (!c)
                return MAY_YES;
        switch (c->kind) {
        case CONDITION_TEST: return test_may(c, off);
        case CONDITION_ALL: return all_may(c, off);
        case CONDITION_ANY: return any_may(c, off);
        default: return not_may(c, off);
        }
}

struct inactivity rule_inactivity(const struct rule *rule, unsigned off) {
        bool asleep = (rule->each && is_off(rule->each, off)) || !(may(rule->when, off) & MAY_YES);
        struct inactivity d = { 0 };
        size_t firing = 0;

        for (size_t i = 0; i < rule->n_cases; ++i) {
                if (rule->cases[i].severity == SEVERITY_NONE)
                        continue;
                ++firing;
                d.cases += asleep || !(may(rule->cases[i].when, off) & MAY_YES);
        }
        d.rule = firing > 0 && d.cases == firing;
        return d;
}
