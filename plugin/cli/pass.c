#include "pass.h"
#include <errno.h>

#define FLAGS_MOST 64 /* bits of a mask */
#define TRIED_MOST 14 /* findings whose subsets are all tried: 16384 */

/* A finding that counts towards the refusal. */
struct weight {
        const struct finding *finding;
        uint64_t flags; /* those that lift it; 0: none does */
        bool by_hand;
};

struct search {
        const struct limits *limits;
        struct explain_flags flags; /* all of them; a bit each */
        struct weight *items;
        size_t n, capacity;
};

/* Refused by the enforced findings, only they have to go; what is exempted is gone. */
static bool counts(const struct finding *f, const struct decision *d) {
        if (f->exempted_by)
                return false;
        return d->would != VERDICT_DENY || !f->audit;
}

static bool template_serves(const struct fix *fix, const struct evidence *e) {
        for (size_t i = 0; i < fix->n_flags; ++i)
                if (!e->element && template_of_element(fix->flags[i]))
                        return false;
        return fix->n_flags > 0;
}

/* Whether its flags are sure to lift every instance. */
static bool is_liftable(const struct finding *f) {
        if (f->instances != f->n_evidence)
                return false;
        for (size_t i = 0; i < f->n_evidence; ++i)
                if (!template_serves(f->evidence[i].cause->fix, &f->evidence[i]))
                        return false;
        return f->n_evidence > 0;
}

/* The bit of a flag; 0 when there are too many. */
static int flag_bit(struct search *s, struct arena *arena, struct str flag, uint64_t *out) {
        struct str *slot;

        *out = 0;
        for (size_t i = 0; i < s->flags.n; ++i)
                if (str_eq(s->flags.items[i], flag)) {
                        *out = UINT64_C(1) << i;
                        return 0;
                }
        if (s->flags.n == FLAGS_MOST)
                return 0;
        slot = ARENA_PUSH(arena, &s->flags);
        if (!slot)
                return -ENOMEM;
        *slot = flag;
        *out = UINT64_C(1) << (s->flags.n - 1);
        return 0;
}

static int flags_of(struct search *s, const struct finding *f, const struct request *request, struct arena *arena,
                    uint64_t *out) {
        const struct decision only = { .findings = (struct finding *)f, .n_findings = 1 };
        struct explain_flags flags;

        *out = 0;
        if (!is_liftable(f))
                return 0;
        if (explain_flags(&flags, &only, NULL, request, arena) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < flags.n; ++i) {
                uint64_t bit;

                if (flag_bit(s, arena, flags.items[i], &bit) < 0)
                        return -ENOMEM;
                if (!bit) { /* half of what it needs is no remedy */
                        *out = 0;
                        return 0;
                }
                *out |= bit;
        }
        return 0;
}

static int collect(struct search *s, const struct decision *d, const struct request *request, struct arena *arena) {
        for (size_t i = 0; i < d->n_findings; ++i) {
                struct weight *slot;

                if (!counts(&d->findings[i], d))
                        continue;
                slot = ARENA_PUSH(arena, s);
                if (!slot)
                        return -ENOMEM;
                slot->finding = &d->findings[i];
                if (flags_of(s, slot->finding, request, arena, &slot->flags) < 0)
                        return -ENOMEM;
        }
        return 0;
}

static bool lifted(const struct weight *w, uint64_t chosen) {
        return w->by_hand || (w->flags && !(w->flags & ~chosen));
}

static unsigned points_left(const struct search *s, uint64_t chosen) {
        unsigned points = 0;

        for (size_t i = 0; i < s->n; ++i)
                if (!lifted(&s->items[i], chosen))
                        points += s->items[i].finding->points;
        return points;
}

static bool passes(const struct search *s, uint64_t chosen) {
        return points_left(s, chosen) < s->limits->deny_points;
}

/* No sum of points lets these through. */
static bool is_barred(const struct search *s, const struct finding *f) {
        return f->hard || f->access || (f->severity != SEVERITY_NONE && f->severity >= s->limits->deny_severity);
}

/* What must go whatever else does: its flags, and what no flag lifts. */
static uint64_t take_barred(struct search *s) {
        uint64_t chosen = 0;

        for (size_t i = 0; i < s->n; ++i) {
                struct weight *w = &s->items[i];

                if (!is_barred(s, w->finding))
                        continue;
                chosen |= w->flags;
                w->by_hand = !w->flags;
        }
        return chosen;
}

static unsigned count(uint64_t flags) {
        return (unsigned)__builtin_popcountll(flags);
}

/* The fewest flags beside @chosen that pass, by trying all subsets of the findings at hand; of equals what leaves the
 * fewest points. False when not even all of them together do. */
static bool try_subsets(const struct search *s, const uint64_t *flags, size_t n, uint64_t *chosen) {
        uint64_t best = 0;
        bool found = false;

        for (uint32_t subset = 0; subset < UINT32_C(1) << n; ++subset) {
                uint64_t all = *chosen;

                for (size_t i = 0; i < n; ++i)
                        all |= subset >> i & 1 ? flags[i] : 0;
                if (found && (count(all) > count(best) ||
                              (count(all) == count(best) && points_left(s, all) >= points_left(s, best))))
                        continue;
                if (!passes(s, all))
                        continue;
                best = all;
                found = true;
        }
        if (found)
                *chosen = best;
        return found;
}

/* Worst first, as findings are. Beyond TRIED_MOST of them the worst are taken unseen. */
static uint64_t take_optional(const struct search *s, uint64_t chosen) {
        uint64_t flags[TRIED_MOST] = { 0 };
        size_t n = 0;

        for (size_t i = 0; i < s->n; ++i) {
                const struct weight *w = &s->items[i];

                if (lifted(w, chosen) || !w->flags || w->finding->points == 0)
                        continue;
                flags[n++] = w->flags;
                if (n < TRIED_MOST)
                        continue;
                if (try_subsets(s, flags, n, &chosen))
                        return chosen;
                while (n > 0)
                        chosen |= flags[--n];
        }
        if (!try_subsets(s, flags, n, &chosen))
                while (n > 0)
                        chosen |= flags[--n];
        return chosen;
}

/* What flags alone can't bring below the limit must be mended otherwise, the worst first. */
static void take_by_hand(struct search *s, uint64_t chosen) {
        for (size_t i = 0; i < s->n && !passes(s, chosen); ++i)
                if (!lifted(&s->items[i], chosen) && s->items[i].finding->points > 0)
                        s->items[i].by_hand = true;
}

static int report(struct pass *out, const struct search *s, uint64_t chosen, struct arena *arena) {
        struct pass pass = { .found = passes(s, chosen), .points = points_left(s, chosen) };

        pass.by_hand = ARENA_ARRAY(arena, const struct finding *, s->n);
        pass.flags.items = ARENA_ARRAY(arena, struct str, s->flags.n);
        if (!pass.by_hand || !pass.flags.items)
                return -ENOMEM;
        for (size_t i = 0; i < s->n; ++i)
                if (s->items[i].by_hand)
                        pass.by_hand[pass.n_by_hand++] = s->items[i].finding;
        for (size_t i = 0; i < s->flags.n; ++i)
                if (chosen >> i & 1)
                        pass.flags.items[pass.flags.n++] = s->flags.items[i];
        *out = pass;
        return 0;
}

int pass_find(struct pass *out, const struct decision *d, const struct request *request, const struct limits *limits,
              struct arena *arena) {
        struct search s = { .limits = limits };
        uint64_t barred, chosen;

        *out = (struct pass){ 0 };
        if (d->incomplete)
                return 0;
        if (collect(&s, d, request, arena) < 0)
                return -ENOMEM;
        barred = take_barred(&s);
        chosen = take_optional(&s, barred);
        if (!passes(&s, chosen)) {
                take_by_hand(&s, chosen);
                chosen = take_optional(&s, barred); /* with those gone perhaps fewer do */
        }
        return report(out, &s, chosen, arena);
}
