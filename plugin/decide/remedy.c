#include "docksill/decide/remedy.h"

#include "docksill/decide/explain-flags.h"
#include "docksill/decide/gate.h"
#include <errno.h>
#include <limits.h>

#define FLAGS_MOST 64 /* bits of a mask */
#define TRIED_MOST 12 /* findings of which the best set is found: of 4096 at most */

/* A finding that counts towards the refusal. */
struct weight {
        const struct finding *finding;
        uint64_t flags; /* those that lift it; 0: none does */
        bool by_hand;
};

struct search {
        const struct ruleset *rules;
        const struct limits *limits;
        struct arena *arena;
        struct flags flags; /* all of them; a bit each */
        unsigned disturbs[FLAGS_MOST];
        uint64_t users, unprivileged, stepping,
                other; /* flags that set a user, no new privileges; that add capabilities */
        bool unprivileged_already;
        struct weight *items;
        size_t n, capacity;
};

/* Whether its flags are sure to lift every instance. */
static bool is_liftable(const struct finding *f, const struct request *request) {
        if (f->instances != f->n_evidence)
                return false;
        for (size_t i = 0; i < f->n_evidence; ++i)
                if (!explain_flags_serve(&f->evidence[i], request))
                        return false;
        return f->n_evidence > 0;
}

static void note_flag(struct search *s, struct str flag, uint64_t bit) {
        if (str_eqz(flag_name(flag), "--user"))
                s->users |= bit;
        else if (str_eqz(flag, "--security-opt no-new-privileges:true"))
                s->unprivileged |= bit;
        else if (flag_steps_down(flag))
                s->stepping |= bit;
        else if (str_eqz(flag_name(flag), "--cap-add") && !str_eqz(flag_value(flag), "NET_BIND_SERVICE"))
                s->other |= bit;
}

/* The bit of a flag; 0 when there are too many, or it should not be pasted. */
static uint64_t flag_bit(struct search *s, struct str flag) {
        struct str *slot;

        if (flag_is_by_hand(flag))
                return 0;
        for (size_t i = 0; i < s->flags.n; ++i)
                if (str_eq(s->flags.items[i], flag))
                        return UINT64_C(1) << i;
        if (s->flags.n == FLAGS_MOST)
                return 0;
        slot = ARENA_PUSH(s->arena, &s->flags);
        if (!slot)
                return 0;
        *slot = flag;
        s->disturbs[s->flags.n - 1] = flag_disturbs(flag);
        note_flag(s, flag, UINT64_C(1) << (s->flags.n - 1));
        return UINT64_C(1) << (s->flags.n - 1);
}

/* Of some of its flags alone it is not lifted. */
static int flags_of(struct search *s, const struct finding *f, const struct request *request, uint64_t *out) {
        const struct decision only = { .rules = s->rules, .findings = (struct finding *)f, .n_findings = 1 };
        struct flags flags;

        *out = 0;
        if (!is_liftable(f, request))
                return 0;
        if (explain_flags(&flags, &only, NULL, request, s->arena) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < flags.n; ++i) {
                uint64_t bit = flag_bit(s, flags.items[i]);

                *out = bit ? *out | bit : 0;
                if (!bit)
                        break;
        }
        return 0;
}

/* Flags that are enough alone come first where they are shown, before sets of several. */
static int note_single_flags(struct search *s, const struct decision *d, const struct request *request) {
        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct decision only = { .rules = s->rules, .findings = &d->findings[i], .n_findings = 1 };
                struct flags flags;

                if (!gate_counts(d, &d->findings[i]) || !is_liftable(&d->findings[i], request))
                        continue;
                if (explain_flags(&flags, &only, NULL, request, s->arena) < 0)
                        return -ENOMEM;
                if (flags.n == 1)
                        (void)flag_bit(s, flags.items[0]);
        }
        return 0;
}

static int collect(struct search *s, const struct decision *d, const struct request *request) {
        if (note_single_flags(s, d, request) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < d->n_findings; ++i) {
                struct weight *slot;

                if (!gate_counts(d, &d->findings[i]))
                        continue;
                slot = ARENA_PUSH(s->arena, s);
                if (!slot)
                        return -ENOMEM;
                slot->finding = &d->findings[i];
                if (flags_of(s, slot->finding, request, &slot->flags) < 0)
                        return -ENOMEM;
        }
        return 0;
}

static bool lifted(const struct weight *w, uint64_t chosen) {
        return w->by_hand || (w->flags && !(w->flags & ~chosen));
}

/* A capability that is added back costs a little (capability-add-default), unless it is for stepping down, without new
 * privileges; and a user steps down no more. */
static unsigned points_brought(const struct search *s, uint64_t chosen) {
        bool stepping = (chosen & s->stepping) && !(chosen & s->users) && !(chosen & s->unprivileged) &&
                        !s->unprivileged_already;

        return stepping || (chosen & s->other) ? severity_points(SEVERITY_LOW) : 0;
}

static unsigned points_left(const struct search *s, uint64_t chosen) {
        unsigned points = points_brought(s, chosen);

        for (size_t i = 0; i < s->n; ++i)
                if (!lifted(&s->items[i], chosen))
                        points += s->items[i].finding->points;
        return points;
}

static bool passes(const struct search *s, uint64_t chosen) {
        return points_left(s, chosen) < s->limits->deny_points;
}

/* What must go whatever else does, since no sum of points lets it through: its flags, and what no flag lifts. */
static uint64_t take_barred(struct search *s) {
        uint64_t chosen = 0;

        for (size_t i = 0; i < s->n; ++i) {
                struct weight *w = &s->items[i];

                if (!w->finding->access && !gate_bars(w->finding, s->limits))
                        continue;
                chosen |= w->flags;
                w->by_hand = !w->flags;
        }
        return chosen;
}

/* Of two sets that pass the better one: it disturbs less, else is smaller, else leaves fewer points. */
struct rank {
        unsigned disturbs, flags, points;
};

static unsigned disturbs_of(const struct search *s, uint64_t flags) {
        unsigned disturbs = 0;

        for (; flags; flags &= flags - 1)
                disturbs += s->disturbs[__builtin_ctzll(flags)];
        return disturbs;
}

static struct rank rank_of(const struct search *s, uint64_t chosen) {
        return (struct rank){ .disturbs = disturbs_of(s, chosen),
                              .flags = (unsigned)__builtin_popcountll(chosen),
                              .points = points_left(s, chosen) };
}

static bool is_better(struct rank a, struct rank b) {
        if (a.disturbs != b.disturbs)
                return a.disturbs < b.disturbs;
        return a.flags != b.flags ? a.flags < b.flags : a.points < b.points;
}

/* What may be chosen beside: the flags of one finding; and those of all from here on. */
struct choice {
        uint64_t flags, from_here;
        unsigned disturbs;
};

struct trial {
        const struct search *s;
        struct choice choices[TRIED_MOST + 1];
        size_t n;
        struct rank best;
        uint64_t found;
        bool any;
};

/* The least that any choice from @i on would disturb beside @chosen. */
static unsigned least_from(const struct trial *t, size_t i, uint64_t chosen) {
        unsigned least = UINT_MAX;

        for (; i < t->n; ++i) {
                unsigned disturbs = disturbs_of(t->s, t->choices[i].flags & ~chosen);

                least = disturbs < least ? disturbs : least;
        }
        return least;
}

/* Adds each of the choices from @i on to @chosen, which does not pass and disturbs so much. Who disturbs more than the
 * best, or could not pass with all that is left, is not looked at. */
static void try_from(struct trial *t, size_t i, uint64_t chosen, unsigned disturbs) {
        for (; i < t->n; ++i) {
                uint64_t with = chosen | t->choices[i].flags;
                struct rank rank;

                if ((t->any && disturbs + least_from(t, i, chosen) > t->best.disturbs) ||
                    !passes(t->s, chosen | t->choices[i].from_here))
                        return;
                rank = rank_of(t->s, with);
                if (t->any && !is_better(rank, t->best))
                        continue;
                if (rank.points >= t->s->limits->deny_points) {
                        try_from(t, i + 1, with, rank.disturbs);
                        continue;
                }
                t->best = rank;
                t->found = with;
                t->any = true;
        }
}

static int by_disturbance(const void *a, const void *b) {
        const struct choice *first = a, *second = b;

        if (first->disturbs != second->disturbs)
                return first->disturbs < second->disturbs ? -1 : 1;
        /* Whatever qsort() does with equals, the same is offered. */
        return (first->flags > second->flags) - (first->flags < second->flags);
}

/* The best set beside @chosen that passes. False when not even all of them together do. */
static bool try_choices(const struct search *s, const uint64_t *flags, size_t n, uint64_t *chosen) {
        struct trial t = { .s = s, .n = n };

        for (size_t i = 0; i < n; ++i)
                t.choices[i] = (struct choice){ .flags = flags[i], .disturbs = disturbs_of(s, flags[i]) };
        qsort(t.choices, n, sizeof(t.choices[0]), by_disturbance);
        for (size_t i = n; i-- > 0;)
                t.choices[i].from_here = t.choices[i + 1].from_here | t.choices[i].flags;
        if (passes(s, *chosen))
                return true;
        try_from(&t, 0, *chosen, disturbs_of(s, *chosen));
        if (t.any)
                *chosen = t.found;
        return t.any;
}

static bool has(const uint64_t *flags, size_t n, uint64_t wanted) {
        while (n > 0)
                if (flags[--n] == wanted)
                        return true;
        return false;
}

/* Worst first, as findings are. Beyond TRIED_MOST of them the worst are taken unseen. */
static uint64_t take_optional(const struct search *s, uint64_t chosen) {
        uint64_t flags[TRIED_MOST] = { 0 };
        size_t n = 0;

        for (size_t i = 0; i < s->n; ++i) {
                const struct weight *w = &s->items[i];

                if (lifted(w, chosen) || !w->flags || w->finding->points == 0 || has(flags, n, w->flags))
                        continue;
                flags[n++] = w->flags;
                if (n < TRIED_MOST)
                        continue;
                if (try_choices(s, flags, n, &chosen))
                        return chosen;
                while (n > 0)
                        chosen |= flags[--n];
        }
        if (!try_choices(s, flags, n, &chosen))
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

static int report(struct remedy *out, const struct search *s, uint64_t chosen) {
        struct remedy remedy = { .found = passes(s, chosen), .points = points_left(s, chosen) };

        remedy.by_hand = ARENA_ARRAY(s->arena, const struct finding *, s->n);
        remedy.flags.items = ARENA_ARRAY(s->arena, struct str, s->flags.n);
        if (!remedy.by_hand || !remedy.flags.items)
                return -ENOMEM;
        for (size_t i = 0; i < s->n; ++i)
                if (s->items[i].by_hand)
                        remedy.by_hand[remedy.n_by_hand++] = s->items[i].finding;
        for (size_t i = 0; i < s->flags.n; ++i)
                if (chosen >> i & 1)
                        remedy.flags.items[remedy.flags.n++] = s->flags.items[i];
        flags_drop_needless(&remedy.flags);
        *out = remedy;
        return 0;
}

int remedy_find(struct remedy *out, const struct decision *d, const struct request *request,
                const struct limits *limits, struct arena *arena) {
        struct search s = { .rules = d->rules, .limits = limits, .arena = arena };
        uint64_t barred, chosen;

        s.unprivileged_already = str_eqz(request->facts.container.no_new_privileges.value, "on");
        *out = (struct remedy){ 0 };
        if (d->incomplete)
                return 0;
        if (collect(&s, d, request) < 0)
                return -ENOMEM;
        barred = take_barred(&s);
        chosen = take_optional(&s, barred);
        if (!passes(&s, chosen)) {
                take_by_hand(&s, chosen);
                chosen = take_optional(&s, barred); /* with those gone perhaps fewer do */
        }
        return report(out, &s, chosen);
}
