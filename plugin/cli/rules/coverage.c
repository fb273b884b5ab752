#include "coverage.h"
#include "docksill/base/clock.h"
#include "docksill/engine/fact.h"
#include "docksill/rules/inactivity.h"
#include <errno.h>

const char coverage_note[] = "This maps rules to controls. It is evidence of what is judged here, not of compliance: "
                             "whether a control is met "
                             "is for an assessor to say, and what stands under \"none\" needs other proof.";

struct str rule_state_name(enum rule_state state) {
        static const char *const names[] = { "enforced",   "exempted", "audit only", "observed",
                                             "host audit", "asleep",   "none" };

        return str_from(names[state]);
}

/* Of all exemptions in force that name the rule; NULL: none does. */
static const struct exemption *longest_exemption(const struct rule *rule, int64_t now) {
        const struct exemption *longest = NULL;

        for (size_t i = 0; i < rule->n_exemptions; ++i) {
                const struct exemption *e = rule->exemptions[i].exemption;

                if (e->until > now && (!longest || e->until > longest->until))
                        longest = e;
        }
        return longest;
}

static struct covering_rule state_of(const struct coverage *c, const struct rule *rule) {
        const struct exemption *exemption = longest_exemption(rule, clock_wall());
        struct covering_rule out = { .rule = rule, .state = RULE_ENFORCED };

        if (rule_inactivity(rule, c->off).rule)
                out.state = RULE_ASLEEP;
        else if (rule->uses & GROUP_HOST)
                out.state = RULE_OF_HOST;
        else if (rule->uses & GROUP_RESPONSE)
                out.state = RULE_OBSERVED;
        else if (rule->audit || c->mode == MODE_AUDIT)
                out.state = RULE_AUDITED;
        else if (exemption)
                out.state = RULE_EXEMPTED;
        if (out.state == RULE_EXEMPTED)
                out.until = exemption->expires;
        return out;
}

static int cover(const struct coverage *c, struct arena *arena, const struct framework *framework,
                 struct covered_control *out) {
        struct rule_view view = ruleset_rules(c->rules);

        out->state = RULE_STATES;
        for (size_t i = 0; i < view.n; ++i) {
                struct covering_rule *slot;

                if (!control_served(framework, out->control, view.items[i]))
                        continue;
                slot = ARENA_PUSH(arena, &out->rules);
                if (!slot)
                        return -ENOMEM;
                *slot = state_of(c, view.items[i]);
                if (slot->state < out->state)
                        out->state = slot->state;
        }
        return 0;
}

int coverage_add(struct coverage *out, struct arena *arena, const struct framework *framework) {
        struct covered_framework f = { .framework = framework };
        struct covered_framework *slot;

        f.controls = ARENA_ARRAY(arena, struct covered_control, framework->n_controls);
        if (!f.controls)
                return -ENOMEM;
        for (size_t i = 0; i < framework->n_controls; ++i) {
                f.controls[i].control = &framework->controls[i];
                if (cover(out, arena, framework, &f.controls[i]) < 0)
                        return -ENOMEM;
                ++f.covers[framework->controls[i].covers];
                ++f.states[f.controls[i].state];
        }
        slot = ARENA_PUSH(arena, out);
        if (!slot)
                return -ENOMEM;
        *slot = f;
        return 0;
}
