#include "report.h"
#include "docksill/base/text.h"
#include <errno.h>
#include <stdlib.h>

struct str report_state_name(enum report_state state) {
        static const char *const names[] = { "fail", "unknown", "manual", "exempt", "not-applicable", "pass" };

        return str_from(names[state]);
}

void report_init(struct report *r, struct arena *arena) {
        *r = (struct report){ .arena = arena };
}

struct str report_keep(struct report *r, struct str text) {
        struct str copy = { 0 };

        if (text.n && arena_str(r->arena, text, &copy) < 0)
                arena_refuse(r->arena);
        return copy;
}

/* -- in order -- */

/* qsort(3) hands on no context, and an index says nothing without its list. */
struct placed {
        const struct report *report;
        struct report_finding finding;
};

static int by_weight(const void *a, const void *b) {
        const struct placed *p = a, *q = b;
        const struct report_finding *x = &p->finding, *y = &q->finding;
        const struct report_check *xc = &p->report->checks.items[x->check], *yc = &p->report->checks.items[y->check];
        int r;

        if (x->state != y->state)
                return x->state < y->state ? -1 : 1;
        if (x->severity != y->severity)
                return x->severity > y->severity ? -1 : 1;
        r = str_cmp(xc->id, yc->id);
        if (r == 0)
                r = str_cmp(p->report->subjects.items[x->subject].name, p->report->subjects.items[y->subject].name);
        if (r == 0)
                r = str_cmp(x->fingerprint[0] ? str_from(x->fingerprint) : x->where,
                            y->fingerprint[0] ? str_from(y->fingerprint) : y->where);
        return r;
}

static int sort(struct report *r) {
        struct placed *all;

        if (r->findings.n < 2)
                return 0;
        all = malloc(r->findings.n * sizeof(all[0]));
        if (!all)
                return -ENOMEM;
        for (size_t i = 0; i < r->findings.n; ++i)
                all[i] = (struct placed){ r, r->findings.items[i] };
        qsort(all, r->findings.n, sizeof(all[0]), by_weight);
        for (size_t i = 0; i < r->findings.n; ++i)
                r->findings.items[i] = all[i].finding;
        free(all);
        return 0;
}

/* -- counted -- */

static void count(struct report *r, const struct report_finding *f) {
        struct report_subject *subject = &r->subjects.items[f->subject];
        struct report_area *area = &r->areas.items[subject->area];

        ++r->checks.items[f->check].states[f->state];
        ++subject->states[f->state];
        if (f->state != REPORT_FAIL)
                return;
        subject->points += f->points;
        ++subject->severities[f->severity];
        ++area->severities[f->severity];
        ++r->severities[f->severity];
}

static unsigned score_of(unsigned points) {
        return points < 100 ? 100 - points : 0;
}

/* Of which no check told anything has no score that could be added to others. */
static bool is_judged(const struct report_subject *s) {
        return s->states[REPORT_FAIL] + s->states[REPORT_EXEMPT] + s->states[REPORT_PASS] > 0;
}

/* Of scores, half of what they come to is their mean, and half the worst of them: many good ones don't hide a bad one.
 */
struct mean {
        size_t sum, n;
        unsigned worst;
};

static void mean_add(struct mean *m, unsigned score) {
        m->worst = m->n == 0 || score < m->worst ? score : m->worst;
        m->sum += score;
        ++m->n;
}

static unsigned mean_score(const struct mean *m) {
        return m->n ? ((unsigned)(m->sum / m->n) + m->worst) / 2 : 100;
}

/* @points: by subject. False: nothing in there was judged. */
static bool score_area(const struct report *r, size_t area, const unsigned *points, unsigned *out) {
        struct mean mean = { 0 };

        for (size_t i = 0; i < r->subjects.n; ++i)
                if (r->subjects.items[i].area == area && is_judged(&r->subjects.items[i]))
                        mean_add(&mean, score_of(points ? points[i] : r->subjects.items[i].points));
        *out = mean_score(&mean);
        return mean.n > 0;
}

unsigned report_score_of(const struct report *r, const unsigned *points) {
        struct mean mean = { 0 };

        for (size_t i = 0; i < r->areas.n; ++i) {
                unsigned score;

                if (score_area(r, i, points, &score))
                        mean_add(&mean, score);
        }
        return mean_score(&mean);
}

static void add_up(struct report *r) {
        for (size_t i = 0; i < r->subjects.n; ++i) {
                struct report_subject *s = &r->subjects.items[i];
                struct report_area *area = &r->areas.items[s->area];

                s->score = score_of(s->points);
                ++area->subjects;
                area->points += s->points;
                r->points += s->points;
                for (unsigned state = 0; state < REPORT_STATES; ++state) {
                        area->states[state] += s->states[state];
                        r->states[state] += s->states[state];
                }
        }
        for (size_t i = 0; i < r->areas.n; ++i)
                (void)score_area(r, i, NULL, &r->areas.items[i].score);
        r->score = report_score_of(r, NULL);
        /* 100 of 100 would be said of a host of which nothing was seen. */
        r->blank = r->scored && r->states[REPORT_FAIL] + r->states[REPORT_EXEMPT] + r->states[REPORT_PASS] == 0;
        r->scored = r->scored && !r->blank;
}

int report_finish(struct report *r) {
        if (sort(r) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < r->findings.n; ++i)
                count(r, &r->findings.items[i]);
        add_up(r);
        return 0;
}
