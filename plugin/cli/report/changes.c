#include "changes.h"
#include "docksill/base/text.h"
#include <errno.h>
#include <stdlib.h>

#define FIXES_MEMORY ((size_t)256 * 1024 * 1024)

/* A finding, and its fix with NAME in place of its subject's name. */
struct mendable {
        const struct report *report;
        struct str fix;
        size_t finding;
};

/* Mendables that lie beside each other. */
struct group {
        const struct mendable *items;
        size_t n, subjects;
        unsigned points, after;
};

/* -- the same fix -- */

static bool is_of_word(char c) {
        return ascii_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' || c == '-';
}

/* Does a word that is @name stand at @at? */
static bool names(struct str text, size_t at, struct str name) {
        struct str behind = str_skip(text, at + name.n);

        return str_starts(str_skip(text, at), name) && (at == 0 || !is_of_word(text.p[at - 1])) &&
               (behind.n == 0 || !is_of_word(behind.p[0]));
}

struct str change_general(struct arena *arena, struct str fix, struct str name) {
        struct text out;
        size_t from = 0;

        if (name.n == 0 || str_search(fix, name) == fix.n)
                return fix;
        text_init_arena(&out, arena);
        for (size_t i = 0; i < fix.n;) {
                if (!names(fix, i, name)) {
                        ++i;
                        continue;
                }
                text_add(&out, (struct str){ fix.p + from, i - from });
                text_addz(&out, "NAME");
                i += name.n;
                from = i;
        }
        text_add(&out, str_skip(fix, from));
        return out.failed ? (struct str){ 0 } : text_str(&out);
}

static const struct report_finding *finding_of(const struct mendable *m) {
        return &m->report->findings.items[m->finding];
}

static int by_change(const void *a, const void *b) {
        const struct mendable *x = a, *y = b;
        size_t xc = finding_of(x)->check, yc = finding_of(y)->check;
        int r;

        if (xc != yc)
                return xc < yc ? -1 : 1;
        r = str_cmp(x->fix, y->fix);
        if (r)
                return r;
        if (finding_of(x)->subject != finding_of(y)->subject)
                return finding_of(x)->subject < finding_of(y)->subject ? -1 : 1;
        return x->finding < y->finding ? -1 : x->finding > y->finding;
}

/* Those that fail and can be mended for points. Returns how many, or SIZE_MAX without memory. */
static size_t gather(const struct report *r, struct mendable *out, struct arena *arena) {
        size_t n = 0;

        for (size_t i = 0; i < r->findings.n; ++i) {
                const struct report_finding *f = &r->findings.items[i];
                struct str fix = f->fix.n ? f->fix : r->checks.items[f->check].title;

                if (f->state != REPORT_FAIL || f->points == 0)
                        continue;
                fix = change_general(arena, fix, r->subjects.items[f->subject].name);
                if (!fix.p)
                        return SIZE_MAX;
                out[n++] = (struct mendable){ r, fix, i };
        }
        if (n > 1)
                qsort(out, n, sizeof(out[0]), by_change);
        return n;
}

/* -- what they gain -- */

static struct group group_of(const struct mendable *items, size_t n) {
        struct group g = { .items = items };

        for (; g.n < n; ++g.n) {
                const struct mendable *m = &items[g.n];

                if (finding_of(m)->check != finding_of(items)->check || !str_eq(m->fix, items->fix))
                        break;
                g.points += finding_of(m)->points;
                g.subjects += g.n == 0 || finding_of(m)->subject != finding_of(m - 1)->subject;
        }
        return g;
}

/* @points: of all subjects, as they are; are so again afterwards. */
static unsigned score_without(const struct report *r, const struct group *g, unsigned *points) {
        unsigned score;

        for (size_t i = 0; i < g->n; ++i)
                points[finding_of(&g->items[i])->subject] -= finding_of(&g->items[i])->points;
        score = report_score_of(r, points);
        for (size_t i = 0; i < g->n; ++i)
                points[finding_of(&g->items[i])->subject] += finding_of(&g->items[i])->points;
        return score;
}

static bool is_better(const struct report *r, const struct group *a, const struct group *b) {
        int order;

        if (a->points != b->points)
                return a->points > b->points;
        if (a->after != b->after)
                return a->after > b->after;
        order = str_cmp(r->checks.items[finding_of(a->items)->check].id,
                        r->checks.items[finding_of(b->items)->check].id);
        return order ? order < 0 : str_cmp(a->items->fix, b->items->fix) < 0;
}

/* Into its place among the best. */
static void place(const struct report *r, struct group *best, size_t *n, struct group g) {
        size_t at = *n;

        while (at > 0 && is_better(r, &g, &best[at - 1]))
                --at;
        if (at == CHANGES_MOST)
                return;
        if (*n < CHANGES_MOST)
                ++*n;
        memmove(&best[at + 1], &best[at], (*n - at - 1) * sizeof(best[0]));
        best[at] = g;
}

static int choose(struct report *r, const struct mendable *items, size_t n, unsigned *points) {
        struct group best[CHANGES_MOST];
        size_t n_best = 0;

        for (size_t i = 0; i < n;) {
                struct group g = group_of(&items[i], n - i);

                i += g.n;
                /* What it leaves is worked out for those alone that may be among the best. */
                if (n_best == CHANGES_MOST && g.points < best[CHANGES_MOST - 1].points)
                        continue;
                g.after = score_without(r, &g, points);
                place(r, best, &n_best, g);
        }
        for (size_t i = 0; i < n_best; ++i) {
                const struct report_finding *f = finding_of(best[i].items);
                struct report_change *change = ARENA_PUSH(r->arena, &r->changes);

                if (!change)
                        return -ENOMEM;
                *change = (struct report_change){ .what = best[i].subjects == 1 && f->fix.n
                                                                  ? f->fix
                                                                  : report_keep(r, best[i].items->fix),
                                                  .check = f->check,
                                                  .subjects = best[i].subjects,
                                                  .points = best[i].points,
                                                  .score_before = r->score,
                                                  .score_after = best[i].after };
        }
        return 0;
}

int report_changes(struct report *r) {
        cleanup_(freep) struct mendable *items = calloc(r->findings.n + 1, sizeof(*items));
        cleanup_(freep) unsigned *points = calloc(r->subjects.n + 1, sizeof(*points));
        struct arena arena;
        size_t n;
        int result = -ENOMEM;

        if (!items || !points)
                return -ENOMEM;
        for (size_t i = 0; i < r->subjects.n; ++i)
                points[i] = r->subjects.items[i].points;
        arena_init(&arena, FIXES_MEMORY);
        n = gather(r, items, &arena);
        if (n != SIZE_MAX)
                result = choose(r, items, n, points);
        arena_deinit(&arena);
        return result;
}
