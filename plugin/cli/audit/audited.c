#include "audited.h"
#include "docksill/rules/exemption.h"
#include "docksill/rules/rule-facts.h"
#include <errno.h>
#include <stdlib.h>

struct str audit_state_name(enum audit_state state) {
        static const char *const names[] = { "fail", "unknown", "manual", "exempt", "not-applicable", "pass" };

        return str_from(names[state]);
}

struct str audit_area_name(enum audit_area area) {
        static const char *const names[] = { "host", "daemon" };

        return str_from(names[area]);
}

/* One that counts wins over what an exemption lifts of the same rule. */
static const struct finding *finding_of(const struct decision *d, const struct rule *rule) {
        const struct finding *found = NULL;

        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].rule == rule && (!found || found->exempted_by))
                        found = &d->findings[i];
        return found;
}

static bool is_switched_off(const struct rule *rule) {
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].severity != SEVERITY_NONE)
                        return false;
        return true;
}

/* Of the facts that the rule looks at: what is said of those that have no value. */
static struct str gaps_of(const struct audited *a, const struct rule *rule, bool off, struct arena *arena) {
        const struct host_gap *gaps = a->posture.gaps.items;
        struct text why;

        text_init_arena(&why, arena);
        for (size_t i = 0; i < a->posture.gaps.n; ++i) {
                if (gaps[i].off != off || !rule_reads(rule, gaps[i].fact))
                        continue;
                if (str_search(text_str(&why), gaps[i].why) < why.n)
                        continue;
                text_addz(&why, why.n ? "; " : "");
                text_add(&why, gaps[i].why);
        }
        return why.n ? text_str(&why) : off ? STR_C("what it is about is not there") : STR_C("it could not be told");
}

static struct str exemption_of(const struct finding *f, struct arena *arena) {
        struct text why;

        text_init_arena(&why, arena);
        text_add_visible(&why, f->exempted_by->id, 200);
        text_addz(&why, " until ");
        text_add_visible(&why, f->exempted_by->expires, 20);
        text_addz(&why, ": ");
        text_add_visible(&why, f->exempted_by->reason, 300);
        return text_str(&why);
}

int audited_add(struct audited *out, const struct rule *rule, enum audit_area area, const struct decision *d,
                const struct request *request, struct arena *arena) {
        const struct finding *f = finding_of(d, rule);
        struct audit_result one = { .rule = rule,
                                    .area = area,
                                    .state = AUDIT_PASS,
                                    .finding = f,
                                    .facts = &request->facts },
                            *slot;

        if (f && f->exempted_by) {
                one.state = AUDIT_EXEMPT;
                one.why = exemption_of(f, arena);
        } else if (f && f->unknown) {
                one.state = AUDIT_UNKNOWN;
                one.why = gaps_of(out, rule, false, arena);
        } else if (f) {
                one.state = AUDIT_FAIL;
        } else if (is_switched_off(rule)) {
                one.state = AUDIT_NOT_APPLICABLE;
                one.why = STR_C("an override switches it off");
        } else if (rule_is_off(rule, &request->facts)) {
                one.state = AUDIT_NOT_APPLICABLE;
                one.why = gaps_of(out, rule, true, arena);
        }
        slot = ARENA_PUSH(arena, out);
        if (!slot)
                return -ENOMEM;
        *slot = one;
        return 0;
}

static enum audit_area area_of(const struct rule *rule) {
        return rule->about && str_starts(rule->about->name, STR_C("daemon.")) ? AREA_DAEMON : AREA_HOST;
}

int audited_host(struct audited *out, const struct request *request, int64_t at, struct arena *arena) {
        struct rule_view rules = ruleset_for(out->rules, operation_index(request->operation));
        struct decision d;

        if (decide_findings(&d, out->rules, request, at, arena) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < rules.n; ++i) {
                enum audit_area area = area_of(rules.items[i]);

                if (out->areas[area] && audited_add(out, rules.items[i], area, &d, request, arena) < 0)
                        return -ENOMEM;
        }
        return 0;
}

static int by_weight(const void *a, const void *b) {
        const struct audit_result *x = a, *y = b;
        enum severity xs = x->finding ? x->finding->severity : SEVERITY_NONE;
        enum severity ys = y->finding ? y->finding->severity : SEVERITY_NONE;

        if (x->state != y->state)
                return x->state < y->state ? -1 : 1;
        if (x->state == AUDIT_UNKNOWN && !str_eq(x->why, y->why))
                return str_cmp(x->why, y->why);
        if (x->state != AUDIT_UNKNOWN && xs != ys)
                return xs > ys ? -1 : 1;
        return str_cmp(x->rule->id, y->rule->id);
}

void audited_finish(struct audited *out) {
        if (out->n > 1)
                qsort(out->items, out->n, sizeof(out->items[0]), by_weight);
        for (size_t i = 0; i < out->n; ++i) {
                const struct audit_result *r = &out->items[i];

                ++out->states[r->state];
                if (r->state == AUDIT_FAIL)
                        out->points[r->area] += r->finding->points;
        }
}

unsigned audit_score(const struct audited *a, enum audit_area area) {
        return a->points[area] < 100 ? 100 - a->points[area] : 0;
}
