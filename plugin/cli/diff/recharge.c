#include "recharge.h"
#include "docksill/decide/gate.h"
#include "explain/recorded.h"
#include <errno.h>

/* The findings that are of no rule file (decide/access-gate.c, decide/own-finding.c). */
static const struct fix no_fix;
static const struct rule_case own_case = { .severity = SEVERITY_CRITICAL, .hard = true, .fix = &no_fix };
static const struct rule access_rule = { .id = STR(ACCESS_RULE), .cases = &own_case, .n_cases = 1 };
static const struct rule costly_rule = { .id = STR("request-too-costly"), .cases = &own_case, .n_cases = 1 };

/* One finding of the record. */
struct recorded_finding {
        struct str rule, exempted_by;
        enum severity severity;
        bool hard, unknown, audit;
};

static bool read_finding(struct recorded_finding *out, const json_t *f) {
        *out = (struct recorded_finding){ .rule = recorded_text(f, "rule"),
                                          .exempted_by = recorded_text(f, "exempted_by"),
                                          .hard = json_is_true(json_object_get(f, "hard")),
                                          .unknown = json_is_true(json_object_get(f, "unknown")),
                                          .audit = json_is_true(json_object_get(f, "audit")) };
        return out->rule.n && severity_parse(recorded_text(f, "severity"), &out->severity);
}

static bool could_be(const struct rule_case *c, const struct recorded_finding *f, bool with_hard) {
        return c->severity == f->severity && (!with_hard || c->hard == f->hard);
}

/* Which case of the rule it was is not recorded; what it cost is. */
static void take_case(struct finding *out, const struct recorded_finding *f, const struct rule *made,
                      struct recharge_doubts *doubts) {
        const struct rule *rule = out->rule;
        const struct rule_case *worst = NULL;
        bool differ = false, with_hard = false;

        for (size_t i = 0; i < made->n_cases; ++i)
                with_hard = with_hard || could_be(&made->cases[i], f, true);
        for (size_t i = 0; i < made->n_cases && made->n_cases == rule->n_cases; ++i) {
                const struct rule_case *c = &rule->cases[i];

                if (!could_be(&made->cases[i], f, with_hard))
                        continue;
                differ = differ || (worst && (worst->severity != c->severity || worst->hard != c->hard));
                if (!worst || c->severity > worst->severity || (c->severity == worst->severity && c->hard))
                        worst = c;
        }
        doubts->cases += !worst || differ;
        out->severity = worst ? worst->severity : f->severity;
        out->hard = worst ? worst->hard : f->hard;
}

/* What could not be told then is charged as the environment has it now. False: it costs nothing. */
static bool take_unknown(struct finding *out, const struct ruleset *rules) {
        enum unknown_policy policy = ruleset_limits(rules)->unknown;

        out->unknown = out->any_unknown = true;
        out->severity = policy == UNKNOWN_FAIL ? out->rule->unknown : SEVERITY_NONE;
        return policy != UNKNOWN_SKIP && out->rule->unknown != SEVERITY_NONE;
}

static const struct exemption *exemption_of(const struct recharge *r, const struct recorded_finding *f) {
        struct exemption_view all = ruleset_exemptions(r->rules);

        for (size_t i = 0; i < all.n; ++i)
                if (str_eq(all.items[i]->id, f->exempted_by) && r->at < all.items[i]->until &&
                    str_is_among(f->rule, all.items[i]->rules, all.items[i]->n_rules))
                        return all.items[i];
        return NULL;
}

static bool take_own(struct recharge *r, struct finding *out, const struct recorded_finding *f) {
        bool access = str_eq(f->rule, access_rule.id);

        if (access && ruleset_access(r->rules).n == 0)
                return false;
        r->doubts.access += access && r->made != r->rules;
        *out = (struct finding){ .rule = access ? &access_rule : &costly_rule,
                                 .severity = SEVERITY_CRITICAL,
                                 .points = severity_points(SEVERITY_CRITICAL),
                                 .hard = !access,
                                 .access = access };
        return true;
}

/* False: it falls away. */
static bool charge(struct recharge *r, struct finding *out, const struct recorded_finding *f) {
        const struct rule *rule = ruleset_rule(r->rules, f->rule), *made = ruleset_rule(r->made, f->rule);

        if (str_eq(f->rule, access_rule.id) || (!rule && str_eq(f->rule, costly_rule.id)))
                return take_own(r, out, f);
        if (!rule)
                return false;
        *out = (struct finding){ .rule = rule,
                                 .cause = rule->cases,
                                 .severity = f->severity,
                                 .hard = f->hard,
                                 .unknown = f->unknown,
                                 .any_unknown = f->unknown,
                                 .audit = rule->audit };
        if (r->made != r->rules && f->unknown && !f->hard) {
                if (!take_unknown(out, r->rules))
                        return false;
        } else if (r->made != r->rules) {
                take_case(out, f, made ? made : rule, &r->doubts);
        }
        if (f->exempted_by.n) {
                out->exempted_by = exemption_of(r, f);
                r->doubts.exemptions += !out->exempted_by && r->made != r->rules;
        }
        out->points = out->exempted_by ? 0 : severity_points(out->severity);
        return out->severity != SEVERITY_NONE || out->any_unknown;
}

int recharge(struct recharge *r, struct decision *out, const json_t *record, struct arena *arena) {
        const json_t *findings = json_object_get(record, "findings");
        size_t n = json_array_size(findings);
        struct decision d = { .mode = r->mode,
                              .at = r->at,
                              .incomplete = json_is_true(json_object_get(record, "incomplete")) };

        if (!str_eqz(recorded_text(record, "schema"), "docksill.record/1") || (findings && !json_is_array(findings)))
                return -EINVAL;
        d.findings = ARENA_ARRAY(arena, struct finding, n);
        if (!d.findings)
                return -ENOMEM;
        for (size_t i = 0; i < n; ++i) {
                struct recorded_finding f;

                if (!read_finding(&f, json_array_get(findings, i)))
                        return -EINVAL;
                d.n_findings += charge(r, &d.findings[d.n_findings], &f);
        }
        if (r->mode == MODE_ENFORCE_HARD)
                gate_enforce_hard(&d);
        if (recorded_text(record, "phase").n > 0) { /* a response, the host: no call that could be refused */
                gate_apply(&d, ruleset_limits(r->rules));
                gate_observe(&d);
        } else {
                gate_apply_steps(&d, ruleset_steps(r->rules), ruleset_limits(r->rules));
        }
        *out = d;
        return 0;
}
