#include "steps-priv.h"

#include "docksill/base/date.h"
#include "docksill/rules/schema.h"
#include "entry-schemas.h"
#include "printable.h"

enum { STEP_FROM, STEP_ENFORCE, STEP_DENY, STEP_KEYS };

static const char *const enforced[] = { "hard", "all", NULL };

static const struct schema deny_schema;

static const struct schema_key step_keys[STEP_KEYS + 1] = {
        [STEP_FROM] = { "from", SHAPE_TEXT, .required = true, .doc = "the first day it holds, YYYY-MM-DD" },
        [STEP_ENFORCE] = { "enforce", SHAPE_CHOICE, .choices = enforced,
                           .doc = "hard: what is hard alone; all: the environment's own deny" },
        [STEP_DENY] = { "deny", SHAPE_MAP, .of = &deny_schema, .doc = "from which severity and points on is refused" },
};
const struct schema step_schema = { "a step", step_keys };

enum { DENY_SEVERITY, DENY_POINTS, DENY_KEYS };

static const char *const deny_severities[] = { "info", "low", "medium", "high", "critical", NULL };

static const struct schema_key deny_keys[DENY_KEYS + 1] = {
        [DENY_SEVERITY] = { "severity", SHAPE_CHOICE, .required = true, .choices = deny_severities,
                            .doc = "of the worst finding" },
        [DENY_POINTS] = { "points", SHAPE_NUMBER, .required = true, .doc = "of all findings together" },
};
static const struct schema deny_schema = { "a step's deny", deny_keys };

struct steps_reading {
        struct diag *diag;
        const struct limits *own; /* the environment's */
        struct step *steps;
        size_t n;
};

/* -- one step -- */

static int read_deny(const struct steps_reading *g, const struct yaml_node *node, struct limits *out) {
        const struct yaml_node *values[DENY_KEYS];
        int r = schema_read(&deny_schema, node, values, g->diag);

        if (r < 0)
                return r;
        severity_parse(values[DENY_SEVERITY]->text, &out->deny_severity);
        out->deny_points = schema_number(values[DENY_POINTS]);
        return 0;
}

static int read_limits(const struct steps_reading *g, const struct yaml_node *const *values, struct limits *out) {
        *out = *g->own;
        if (values[STEP_DENY])
                return read_deny(g, values[STEP_DENY], out);
        if (str_eqz(values[STEP_ENFORCE]->text, "hard"))
                limits_set_hard(out);
        return 0;
}

static int read_day(const struct steps_reading *g, const struct yaml_node *node, struct step *out) {
        const struct step *before = &g->steps[g->n - 1];

        out->day = node->text;
        if (date_parse(node->text, &out->from) < 0)
                return diag_error(g->diag, node->at, DIAG_STEP_DAY, "\"%s\" is no day; write it like 2027-03-01",
                                  PRINTABLE(node->text));
        if (out->from <= before->from)
                return diag_error(g->diag, node->at, DIAG_STEP_DAY, "%s is not after %s, the day of the step before",
                                  PRINTABLE(out->day), PRINTABLE(before->day));
        return 0;
}

static const char *deny_of(struct text *t, const struct limits *l) {
        limits_add_deny(t, l);
        return t->p;
}

/* Never milder than the step before, never stricter than the environment itself. */
static int check_between(const struct steps_reading *g, const struct step *step, struct position at) {
        const struct limits *l = &step->limits, *before = &g->steps[g->n - 1].limits;
        char said[60], other[60];
        struct text t, o;

        text_init_fixed(&t, said, sizeof(said));
        text_init_fixed(&o, other, sizeof(other));
        if (l->deny_severity > before->deny_severity || l->deny_points > before->deny_points)
                return diag_error(g->diag, at, DIAG_STEP_ORDER, "%s is milder than %s, the step before", deny_of(&t, l),
                                  deny_of(&o, before));
        if (l->deny_severity < g->own->deny_severity || l->deny_points < g->own->deny_points)
                return diag_error(g->diag, at, DIAG_STEP_ORDER, "%s is stricter than %s, the environment's own deny",
                                  deny_of(&t, l), deny_of(&o, g->own));
        return 0;
}

static int add_step(struct steps_reading *g, const struct yaml_node *node) {
        const struct yaml_node *values[STEP_KEYS];
        struct step step = { .at = node->at };
        int r = schema_read(&step_schema, node, values, g->diag);

        if (node->kind == NODE_MAP && !yaml_get(node, "enforce") == !yaml_get(node, "deny"))
                r = diag_error(g->diag, node->at, DIAG_MISSING_KEY,
                               "a step needs either \"enforce\" or \"deny\", and not both");
        if (r < 0)
                return r;
        r = read_day(g, values[STEP_FROM], &step);
        if (read_limits(g, values, &step.limits) < 0)
                return -EINVAL;
        if (check_between(g, &step, (values[STEP_DENY] ? values[STEP_DENY] : values[STEP_ENFORCE])->at) < 0 || r < 0)
                return -EINVAL;
        g->steps[g->n++] = step;
        return 0;
}

/* -- all of them -- */

int steps_read(struct loader *l, const struct environment *e, struct step_view *out) {
        struct steps_reading g = { .diag = l->compiler.yaml.diag, .own = &e->limits, .n = 1 };
        size_t n = e->steps ? e->steps->n : 0;
        int r = 0;

        *out = (struct step_view){ 0 };
        if (n == 0)
                return 0;
        g.steps = ARENA_ARRAY(l->compiler.yaml.keep, struct step, n + 1);
        if (!g.steps)
                return -ENOMEM;
        g.steps[0] = (struct step){ .from = INT64_MIN, .limits = e->limits, .at = e->steps->at };
        limits_set_hard(&g.steps[0].limits);
        for (size_t i = 0; i < n; ++i)
                r = worse(r, add_step(&g, e->steps->items[i]));
        if (r == 0 && !limits_deny_alike(&g.steps[g.n - 1].limits, &e->limits))
                r = diag_error(g.diag, g.steps[g.n - 1].at, DIAG_STEP_LAST,
                               "the last step is not the environment's own deny; add {from: DAY, enforce: all}");
        *out = (struct step_view){ g.steps, g.n };
        return r;
}

/* -- in words -- */

void steps_add(struct text *t, struct step_view steps, int64_t at) {
        const struct step *step = steps_at(steps, at);
        bool now = true;

        for (; step; step = steps_next(steps, step), now = false) {
                text_addz(t, now ? "" : "; ");
                limits_add_deny(t, &step->limits);
                if (step->day.n)
                        text_addf(t, now ? " since %" STR_FMT : " from %" STR_FMT, STR_ARG(step->day));
        }
}
