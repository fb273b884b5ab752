#include "comparison.h"
#include <errno.h>

/* -- standings -- */

enum { HARD = 8, LIFTED = 16, AUDIT = 32 };

standing standing_of(const struct decision *d, struct str rule) {
        standing counts = STANDING_SILENT, lifted = STANDING_SILENT;

        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];
                standing s = (unsigned)f->severity | (f->hard ? HARD : 0u) | (f->audit ? AUDIT : 0u);

                if (f->severity == SEVERITY_NONE || !str_eq(f->rule->id, rule))
                        continue;
                if (!f->exempted_by && s > counts)
                        counts = s;
                if (f->exempted_by && (s | LIFTED) > lifted)
                        lifted = s | LIFTED;
        }
        return counts ? counts : lifted;
}

void standing_add(struct text *t, standing s) {
        text_add(t, severity_name((enum severity)(s & 7)));
        text_addz(t, s & HARD ? ", hard" : "");
        text_addz(t, s & LIFTED ? ", lifted" : "");
        text_addz(t, s & AUDIT ? ", audit" : "");
}

/* What is lifted or only recorded is milder than what counts. */
static unsigned weight(standing s) {
        return (s & (LIFTED | AUDIT) ? 0u : 16u) * (s != STANDING_SILENT) + (s & HARD) + (s & 7);
}

int standing_cmp(standing a, standing b) {
        return weight(a) < weight(b) ? -1 : weight(a) > weight(b);
}

/* -- counting -- */

void comparison_init(struct comparison *c, struct arena *arena) {
        *c = (struct comparison){ .arena = arena };
        names_init(&c->rule_names, arena, COMPARISON_RULES);
        names_init(&c->image_names, arena, COMPARISON_IMAGES);
}

static struct outcome outcome_of(const struct decision *d) {
        return (struct outcome){ d->enforced_points, d->would, d->gate, d->limits };
}

static enum change change_of(struct outcome before, struct outcome after) {
        bool was = before.verdict == VERDICT_DENY, is = after.verdict == VERDICT_DENY;

        if (was != is)
                return is ? CHANGE_REFUSED : CHANGE_ALLOWED;
        if (before.points != after.points)
                return after.points > before.points ? CHANGE_UP : CHANGE_DOWN;
        return CHANGE_NONE;
}

static int count_transition(struct comparison *c, struct rule_changes *rule, standing from, standing to) {
        struct transition *slot;

        ++rule->calls;
        for (size_t i = 0; i < rule->n; ++i)
                if (rule->items[i].from == from && rule->items[i].to == to) {
                        ++rule->items[i].calls;
                        return 0;
                }
        slot = ARENA_PUSH(c->arena, rule);
        if (!slot)
                return -ENOMEM;
        *slot = (struct transition){ from, to, 1 };
        return 0;
}

static int count_rule(struct comparison *c, struct str rule, standing from, standing to) {
        size_t number;
        int r = names_take(&c->rule_names, rule, &number);

        if (r < 0)
                return r == -ENOSPC ? 0 : r;
        while (c->rules.n <= number) {
                struct rule_changes *slot = ARENA_PUSH(c->arena, &c->rules);

                if (!slot)
                        return -ENOMEM;
                slot->rule = c->rule_names.items[c->rules.n - 1];
        }
        return count_transition(c, &c->rules.items[number], from, to);
}

static bool is_seen(const struct decision *d, size_t n, struct str rule) {
        for (size_t i = 0; i < n; ++i)
                if (str_eq(d->findings[i].rule->id, rule))
                        return true;
        return false;
}

/* @kept: the call is one of those that are listed; NULL: it is not. */
static int add_rule(struct comparison *c, struct moved *kept, struct str rule, const struct compared *call) {
        standing from = standing_of(call->before, rule), to = standing_of(call->after, rule);
        struct moved_rule *slot;

        if (kept && (from || to)) {
                slot = ARENA_PUSH(c->arena, &kept->rules);
                if (!slot)
                        return -ENOMEM;
                *slot = (struct moved_rule){ .from = from, .to = to };
                if (arena_str(c->arena, rule, &slot->rule) < 0)
                        return -ENOMEM;
        }
        return from == to ? 0 : count_rule(c, rule, from, to);
}

/* Each rule that fires before or after, once. */
static int add_rules(struct comparison *c, struct moved *kept, const struct compared *call) {
        const struct decision *b = call->before, *a = call->after;
        int r = 0;

        for (size_t i = 0; i < b->n_findings && r == 0; ++i)
                if (!is_seen(b, i, b->findings[i].rule->id))
                        r = add_rule(c, kept, b->findings[i].rule->id, call);
        for (size_t i = 0; i < a->n_findings && r == 0; ++i)
                if (!is_seen(a, i, a->findings[i].rule->id) && !is_seen(b, b->n_findings, a->findings[i].rule->id))
                        r = add_rule(c, kept, a->findings[i].rule->id, call);
        return r;
}

static int count_image(struct comparison *c, struct str image, enum change change) {
        size_t number;
        int r = names_take(&c->image_names, image, &number);

        if (r == -ENOSPC) {
                ++c->other.calls[change];
                return 0;
        }
        if (r < 0)
                return r;
        if (c->images.n <= number) {
                struct image_changes *slot = ARENA_PUSH(c->arena, &c->images);

                if (!slot)
                        return -ENOMEM;
                slot->image = c->image_names.items[number];
        }
        ++c->images.items[number].calls[change];
        return 0;
}

/* -- the calls that change sides -- */

static int by_change(const void *x, const void *y) {
        const struct moved_rule *a = x, *b = y;
        bool a_same = a->from == a->to, b_same = b->from == b->to;
        int worse = standing_cmp(b->to > b->from ? b->to : b->from, a->to > a->from ? a->to : a->from);

        if (a_same != b_same)
                return a_same ? 1 : -1;
        return worse ? worse : str_cmp(a->rule, b->rule);
}

/* *out is NULL where it is not to be kept. */
static int keep(struct comparison *c, const struct compared *call, enum change change, struct moved **out) {
        struct moves *list = change == CHANGE_REFUSED ? &c->refused : change == CHANGE_ALLOWED ? &c->allowed : NULL;
        struct moved *m;

        *out = NULL;
        if (!list || list->n == COMPARISON_LISTED)
                return 0;
        m = ARENA_PUSH(c->arena, list);
        if (!m || arena_str(c->arena, call->what, &m->what) < 0 || arena_str(c->arena, call->image, &m->image) < 0 ||
            arena_str(c->arena, call->operation, &m->operation) < 0)
                return -ENOMEM;
        m->before = outcome_of(call->before);
        m->after = outcome_of(call->after);
        *out = m;
        return 0;
}

int comparison_add(struct comparison *c, const struct compared *call) {
        struct outcome before = outcome_of(call->before), after = outcome_of(call->after);
        enum change change = change_of(before, after);
        struct moved *kept;
        int r = keep(c, call, change, &kept);

        ++c->calls;
        ++c->changes[change];
        ++c->before[before.verdict];
        ++c->after[after.verdict];
        if (r == 0)
                r = add_rules(c, kept, call);
        if (r == 0)
                r = count_image(c, call->image, change);
        if (r == 0 && kept && kept->rules.n > 1)
                qsort(kept->rules.items, kept->rules.n, sizeof(kept->rules.items[0]), by_change);
        return r;
}

/* -- order -- */

static int more(uint64_t a, uint64_t b) {
        return a < b ? 1 : a > b ? -1 : 0;
}

static int by_transition(const void *x, const void *y) {
        const struct transition *a = x, *b = y;
        int r = more(a->calls, b->calls);

        return r ? r : a->from != b->from ? (a->from < b->from ? -1 : 1) : a->to < b->to ? -1 : a->to > b->to;
}

static int by_rule(const void *x, const void *y) {
        const struct rule_changes *a = x, *b = y;
        int r = more(a->calls, b->calls);

        return r ? r : str_cmp(a->rule, b->rule);
}

static int by_image(const void *x, const void *y) {
        const struct image_changes *a = x, *b = y;

        for (size_t i = 0; i < CHANGES; ++i)
                if (a->calls[i] != b->calls[i])
                        return more(a->calls[i], b->calls[i]);
        return str_cmp(a->image, b->image);
}

void comparison_sort(struct comparison *c) {
        for (size_t i = 0; i < c->rules.n; ++i)
                if (c->rules.items[i].n > 1)
                        qsort(c->rules.items[i].items, c->rules.items[i].n, sizeof(struct transition), by_transition);
        if (c->rules.n > 1)
                qsort(c->rules.items, c->rules.n, sizeof(c->rules.items[0]), by_rule);
        if (c->images.n > 1)
                qsort(c->images.items, c->images.n, sizeof(c->images.items[0]), by_image);
}
