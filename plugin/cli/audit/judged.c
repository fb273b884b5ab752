#include "judged.h"
#include "docksill/rules/rule-facts.h"
#include "mended.h"
#include "report/identity.h"
#include "rule-check.h"

/* -- a check -- */

static enum severity worst_of(const struct rule *rule) {
        enum severity worst = SEVERITY_NONE;

        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].severity > worst)
                        worst = rule->cases[i].severity;
        return worst;
}

size_t judged_check(struct auditing *a, const struct rule *rule) {
        struct report *r = a->report;
        struct report_check *check;

        if (a->checks[rule->index])
                return a->checks[rule->index] - 1;
        check = ARENA_PUSH(r->arena, &r->checks);
        if (!check)
                return 0;
        check->id = report_keep(r, rule->id);
        check->severity = worst_of(rule);
        rule_check_tell(r, check, rule);
        a->checks[rule->index] = r->checks.n;
        return r->checks.n - 1;
}

/* -- why -- */

static bool is_switched_off(const struct rule *rule) {
        return worst_of(rule) == SEVERITY_NONE;
}

/* Of the facts that the rule looks at: what is said of those that have no value. */
static void add_gaps(struct text *why, const struct host_gaps *gaps, const struct rule *rule, bool off) {
        for (size_t i = 0; gaps && i < gaps->n; ++i) {
                const struct host_gap *gap = &gaps->items[i];

                if (gap->off != off || !rule_reads(rule, gap->fact) || str_search(text_str(why), gap->why) < why->n)
                        continue;
                text_addz(why, why->n ? "; " : "");
                text_add(why, gap->why);
        }
}

static void add_unknown_facts(struct text *why, const struct rule *rule, const struct facts *facts) {
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact *fact = &fact_table[i];

                if (fact_cell(fact, facts)->state != FACT_UNKNOWN || !rule_reads(rule, fact))
                        continue;
                text_addf(why, "%s%" STR_FMT, why->n ? ", " : "could not be told: ", STR_ARG(fact->name));
        }
}

static struct str why_of(struct auditing *a, const struct judgement *j, const struct rule *rule, bool off) {
        struct text why;

        text_init_arena(&why, a->report->arena);
        add_gaps(&why, j->gaps, rule, off);
        if (!why.n && !off)
                add_unknown_facts(&why, rule, &j->request->facts);
        return why.n ? text_str(&why) : off ? STR_C("what it is about is not there") : STR_C("it could not be told");
}

static struct str exemption_of(struct auditing *a, const struct exemption *e) {
        struct text why;

        text_init_arena(&why, a->report->arena);
        text_addf(&why, "%" STR_FMT " until %" STR_FMT " by %" STR_FMT ": %" STR_FMT, STR_ARG(e->id),
                  STR_ARG(e->expires), STR_ARG(e->owner), STR_ARG(e->reason));
        return text_str(&why);
}

/* -- a finding -- */

/* Of what stays the same when the same is found again: a list's index is a place, and a message has values in it. */
static void add_fingerprint(struct report *r, struct report_finding *f, const struct exemption *lifted) {
        const struct report_subject *s = &r->subjects.items[f->subject];
        const struct str parts[] = { r->checks.items[f->check].id, s->kind, s->name.n ? s->name : s->id, f->where,
                                     lifted ? lifted->id : STR_C("") };

        report_fingerprint(f->fingerprint, parts, ARRAY_SIZE(parts));
}

static void add(struct report *r, struct report_finding f, const struct exemption *lifted) {
        if (arena_full(r->arena))
                return;
        add_fingerprint(r, &f, lifted);
        ARENA_ADD(r->arena, &r->findings, f);
}

static void add_evidence(struct report *r, struct report_finding *out, const struct finding *f) {
        out->instances = f->instances;
        if (f->n_evidence == 0)
                return;
        out->where = report_keep(r, f->evidence[0].where);
        out->message = report_keep(r, f->evidence[0].message);
        out->more = ARENA_ARRAY(r->arena, struct str, f->n_evidence);
        for (size_t i = 1; out->more && i < f->n_evidence; ++i)
                out->more[out->n_more++] = report_keep(r, f->evidence[i].message);
}

static void add_finding(struct auditing *a, const struct judgement *j, const struct finding *f) {
        struct report_finding out = { .check = judged_check(a, f->rule), .subject = j->subject, .count = 1 };

        out.state = f->exempted_by ? REPORT_EXEMPT : f->unknown ? REPORT_UNKNOWN : REPORT_FAIL;
        if (f->exempted_by)
                out.why = exemption_of(a, f->exempted_by);
        else if (f->unknown)
                out.why = why_of(a, j, f->rule, false);
        if (out.state != REPORT_UNKNOWN)
                add_evidence(a->report, &out, f);
        if (out.state == REPORT_FAIL) {
                out.severity = f->severity;
                out.points = f->points;
                mended_add(a, &out, j, f);
        }
        add(a->report, out, f->exempted_by);
}

static bool is_wanted(const struct auditing *a, const struct rule *rule) {
        return !a->wanted || a->wanted[rule->index];
}

void judged_not(struct auditing *a, size_t subject, const struct rule *rule, enum report_state state, struct str why) {
        if (!is_wanted(a, rule))
                return;
        add(a->report,
            (struct report_finding){ .check = judged_check(a, rule),
                                     .subject = subject,
                                     .state = state,
                                     .why = report_keep(a->report, why),
                                     .count = 1 },
            NULL);
}

/* -- rules -- */

static void count(struct auditing *a, size_t subject, const struct rule *rule, enum report_state state) {
        size_t check = judged_check(a, rule);

        if (arena_full(a->report->arena))
                return;
        ++a->report->checks.items[check].states[state];
        ++a->report->subjects.items[subject].states[state];
}

void judged_rule(struct auditing *a, const struct judgement *j, const struct rule *rule) {
        const struct decision *d = j->decision;
        bool found = false;

        if (!is_wanted(a, rule))
                return;
        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].rule == rule) {
                        add_finding(a, j, &d->findings[i]);
                        found = true;
                }
        if (found)
                return;
        if (is_switched_off(rule))
                judged_not(a, j->subject, rule, REPORT_NOT_APPLICABLE, STR_C("an override switches it off"));
        else if (!rule_is_off(rule, &j->request->facts))
                count(a, j->subject, rule, REPORT_PASS);
        else if (j->gaps)
                judged_not(a, j->subject, rule, REPORT_NOT_APPLICABLE, why_of(a, j, rule, true));
        else
                count(a, j->subject, rule, REPORT_NOT_APPLICABLE);
}

static bool is_found(const struct decision *d, const struct rule *rule) {
        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].rule == rule)
                        return true;
        return false;
}

static bool is_of(const struct auditing *a, const struct operation *operation, const struct rule *rule) {
        struct rule_view rules = ruleset_for(a->rules, operation_index(operation));

        for (size_t i = 0; i < rules.n; ++i)
                if (rules.items[i] == rule)
                        return true;
        return false;
}

/* Is it about the thing, and that alone? What looks at the call alone is not: this one nobody made. */
static bool is_about(const struct auditing *a, const struct judgement *j, const struct rule *rule) {
        const uint64_t call = GROUP_REQUEST | GROUP_DAEMON;

        if (!(rule->uses & ~call))
                return false;
        if (j->about && (!(rule->uses & j->about) || rule->uses & ~(j->about | call)))
                return false;
        return !(j->beside && is_of(a, j->beside, rule)) && !(j->removal && is_found(j->removal, rule));
}

void judged_all(struct auditing *a, const struct judgement *j) {
        struct rule_view rules = ruleset_for(a->rules, operation_index(j->request->operation));
        bool flawed = flaws_any(&j->request->flaws); /* beside a flaw nothing else was read */

        for (size_t i = 0; i < rules.n; ++i) {
                const struct rule *rule = rules.items[i];

                if (flawed ? is_found(j->decision, rule)
                           : is_about(a, j, rule) && !(rule->uses & ~request_yields(j->request)))
                        judged_rule(a, j, rule);
        }
}

void judged_untold(struct auditing *a, const struct judgement *j, const struct operation *operation,
                   enum report_state state, struct str why) {
        struct rule_view rules = ruleset_for(a->rules, operation_index(operation));

        for (size_t i = 0; i < rules.n; ++i)
                if (is_about(a, j, rules.items[i]))
                        judged_not(a, j->subject, rules.items[i], state, why);
}
