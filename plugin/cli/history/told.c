#include "told.h"
#include "audit/rule-check.h"
#include "docksill/base/text.h"
#include "report/identity.h"

struct str told_caller(const struct history *h, size_t caller) {
        struct str name = h->callers.items[caller];

        return str_eq(name, HISTORY_OTHERS) ? STR_C("other callers") : name.n ? name : STR_C("nobody");
}

/* -- checks -- */

static void add_check(struct report *r, const struct history *h, size_t at, const struct ruleset *rules) {
        struct str id = h->rules.items[at];
        const struct rule *rule = ruleset_rule(rules, id);
        struct report_check check = { .id = report_keep(r, id), .severity = h->rule_sums.items[at].worst };

        if (rule)
                rule_check_tell(r, &check, rule);
        else
                check.title = STR_C("a rule that is not among those of today");
        ARENA_ADD(r->arena, &r->checks, check);
}

/* -- subjects -- */

static void add_subject(struct report *r, const struct history *h, size_t at) {
        struct str key = h->subjects.items[at], name = str_skip(key, 1);
        struct report_subject s = { .area = 0, .name = report_keep(r, name) };

        switch (key.p[0]) {
        case 'i': s.kind = STR_C("image"); break;
        case 'n': s.kind = STR_C("container"); break;
        case 'c':
                s.kind = STR_C("caller");
                s.name = name.n ? s.name : STR_C("nobody");
                break;
        default: s.kind = STR_C("others"); s.name = STR_C("all others");
        }
        ARENA_ADD(r->arena, &r->subjects, s);
}

/* Index in the report, of each number; those alone that have findings. Returns NULL without memory. */
static size_t *add_subjects(struct report *r, const struct history *h) {
        size_t *index = ARENA_ARRAY(r->arena, size_t, h->subjects.n);

        for (size_t i = 0; index && i < h->found_sums.n; ++i) {
                size_t at = h->found_sums.items[i].subject;

                if (index[at])
                        continue;
                add_subject(r, h, at);
                index[at] = r->subjects.n; /* and one more: 0 is none */
        }
        return index;
}

/* -- findings -- */

/* Of rule and subject: the same in the next report. */
static void add_fingerprint(const struct report *r, struct report_finding *f, const struct found_sum *from) {
        const struct report_subject *s = &r->subjects.items[f->subject];
        const struct str parts[] = { r->kind, r->checks.items[f->check].id, s->kind, s->name, from->by };

        report_fingerprint(f->fingerprint, parts, ARRAY_SIZE(parts));
}

/* "refused 3 times, would be refused 2 times, let in 5 times" */
static struct str outcome_of(struct report *r, const struct sum *sum) {
        size_t passed = sum->found - sum->refused - sum->would;
        struct text t;

        text_init_arena(&t, r->arena);
        if (sum->refused)
                text_addf(&t, "refused %zu time%s", sum->refused, sum->refused == 1 ? "" : "s");
        if (sum->would)
                text_addf(&t, "%s%zu time%s allowed that mode enforce would have refused", t.n ? ", " : "", sum->would,
                          sum->would == 1 ? "" : "s");
        if (passed)
                text_addf(&t, "%slet in %zu time%s", t.n ? ", " : "", passed, passed == 1 ? "" : "s");
        return text_str(&t);
}

static struct str message_of(struct report *r, const struct found_sum *from) {
        struct text t;

        text_init_arena(&t, r->arena);
        text_add(&t, from->message);
        text_addz(&t, from->message.n ? "; " : "");
        text_add(&t, outcome_of(r, &from->sum));
        return text_str(&t);
}

static void add_finding(struct report *r, const struct found_sum *from, const size_t *subjects) {
        struct report_finding f = { .check = from->rule,
                                    .subject = subjects[from->subject] - 1,
                                    .state = from->exempt ? REPORT_EXEMPT : REPORT_FAIL,
                                    .count = from->sum.found };
        struct text why;

        text_init_arena(&why, r->arena);
        if (from->exempt) {
                text_addz(&why, "lifted by the exemption ");
                text_add(&why, from->by);
                f.why = text_str(&why);
        } else {
                f.severity = from->severity;
                f.points = from->points;
        }
        f.message = message_of(r, from);
        f.where = report_keep(r, from->where);
        f.instances = from->instances ? from->instances : 1;
        f.since = report_keep(r, str_from(from->sum.span.first));
        f.last = report_keep(r, str_from(from->sum.span.last));
        add_fingerprint(r, &f, from);
        ARENA_ADD(r->arena, &r->findings, f);
}

void told_findings(struct report *r, const struct history *h, const struct ruleset *rules) {
        size_t *subjects;

        ARENA_ADD(r->arena, &r->areas,
                  (struct report_area){ .name = STR_C("records"), .title = STR_C("Records of decisions") });
        for (size_t i = 0; i < h->rule_sums.n; ++i)
                add_check(r, h, i, rules);
        subjects = add_subjects(r, h);
        for (size_t i = 0; subjects && !arena_full(r->arena) && i < h->found_sums.n; ++i)
                add_finding(r, &h->found_sums.items[i], subjects);
}

/* -- the headline -- */

static size_t worst_caller(const struct history *h) {
        size_t best = 0;

        for (size_t i = 0; i < h->caller_sums.n; ++i)
                if (h->caller_sums.items[i].refused > h->caller_sums.items[best].refused)
                        best = i;
        return best;
}

static size_t worst_rule(const struct history *h, bool would) {
        size_t best = 0;

        for (size_t i = 0; i < h->rule_sums.n; ++i) {
                const struct sum *one = &h->rule_sums.items[i].sum, *other = &h->rule_sums.items[best].sum;

                if (would ? one->would > other->would : one->refused > other->refused)
                        best = i;
        }
        return best;
}

void told_headline(struct report *r, const struct history *h) {
        const struct day_sum *all = &h->all;
        struct text line;

        text_init_arena(&line, r->arena);
        text_addf(&line, "%zu decision%s, %zu refused", all->decisions, all->decisions == 1 ? "" : "s", all->refused);
        if (all->refused) {
                text_addz(&line, ", most by ");
                text_add(&line, h->rule_sums.n ? h->rules.items[worst_rule(h, false)] : STR_C("no rule"));
                text_addz(&line, " and most often to ");
                text_add(&line, told_caller(h, worst_caller(h)));
        }
        if (all->would) {
                text_addf(&line, "; %zu allowed that mode enforce would have refused, most by ", all->would);
                text_add(&line, h->rule_sums.n ? h->rules.items[worst_rule(h, true)] : STR_C("no rule"));
        }
        text_add_char(&line, '.');
        r->headline = text_str(&line);
}
