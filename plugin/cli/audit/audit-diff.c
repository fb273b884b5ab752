#include "audit-diff.h"
#include "earlier.h"
#include "frame/output.h"
#include <errno.h>
#include <stdio.h>

#define MEMORY    ((size_t)1024 * 1024 * 1024) /* of both */
#define TEXT_MOST 200

/* @before or @after: NULL: it is new, or gone. */
struct pair {
        const struct earlier_finding *before, *after;
};

struct pairs {
        struct pair *items;
        size_t n, capacity;
};

struct audit_difference {
        struct arena arena;
        struct earlier before, after;
        struct pairs new, gone, changed;
        size_t same, unseen; /* unseen: in an area that was not looked at again */
};

/* -- compared -- */

/* Does it stand in a report as something that is not right? */
static bool counts(const struct earlier_finding *f) {
        return f->state <= REPORT_EXEMPT;
}

static bool is_same(const struct earlier_finding *a, const struct earlier_finding *b) {
        return a->state == b->state && a->severity == b->severity && a->instances == b->instances;
}

static bool is_worse(const struct pair *p) {
        const struct earlier_finding *before = p->before, *after = p->after;

        return after->state == REPORT_FAIL &&
               (!before || before->state != REPORT_FAIL || after->severity > before->severity ||
                after->instances > before->instances);
}

static bool was_asked(const struct earlier *e, struct str area) {
        return str_is_among(area, e->areas.items, e->areas.n);
}

/* Of a rule and a subject; p == NULL without memory. */
static struct str about(struct arena *arena, const struct earlier_finding *f) {
        struct text t;

        text_init_arena(&t, arena);
        text_add(&t, f->rule);
        text_add_char(&t, '\0');
        text_add(&t, f->area);
        text_add_char(&t, '\0');
        text_add(&t, f->subject);
        return t.failed ? (struct str){ 0 } : text_str(&t);
}

static void add(struct audit_difference *d, struct pairs *to, const struct earlier_finding *before,
                const struct earlier_finding *after) {
        ARENA_ADD(&d->arena, to, (struct pair){ before, after });
}

/* What has a counterpart by its fingerprint. */
static void compare(struct audit_difference *d) {
        for (size_t i = 0; i < d->after.findings.n; ++i) {
                const struct earlier_finding *after = &d->after.findings.items[i];
                const struct earlier_finding *before = earlier_find(&d->before, after->fingerprint);

                if (!counts(after) && !(before && counts(before)))
                        continue;
                if (!before || !counts(before))
                        add(d, &d->new, NULL, after);
                else if (is_same(before, after))
                        ++d->same;
                else
                        add(d, &d->changed, before, after);
        }
}

/* What has none: new where nothing was found of the rule in the subject before. Returns 0 or -ENOMEM. */
static int compare_rest(struct audit_difference *d) {
        struct names names;
        struct pairs new = d->new;
        bool *taken = ARENA_ARRAY(&d->arena, bool, new.n + 1);
        size_t *first = ARENA_ARRAY(&d->arena, size_t, new.n + 1), at;

        if (!taken || !first)
                return -ENOMEM;
        names_init(&names, &d->arena, new.n);
        for (size_t i = 0; i < new.n; ++i) {
                size_t n = names.n;

                if (names_take(&names, about(&d->arena, new.items[i].after), &at) < 0)
                        return -ENOMEM;
                if (at == n)
                        first[at] = i;
        }
        for (size_t i = 0; i < d->before.findings.n; ++i) {
                const struct earlier_finding *before = &d->before.findings.items[i];

                if (!counts(before) || earlier_find(&d->after, before->fingerprint))
                        continue;
                if (!was_asked(&d->after, before->area)) {
                        ++d->unseen;
                } else if (names_find(&names, about(&d->arena, before), &at) && !taken[first[at]]) {
                        taken[first[at]] = true;
                        add(d, &d->changed, before, new.items[first[at]].after);
                } else {
                        add(d, &d->gone, before, NULL);
                }
        }
        d->new.n = 0;
        for (size_t i = 0; i < new.n; ++i)
                if (!taken[i])
                        d->new.items[d->new.n++] = new.items[i];
        return 0;
}

/* -- told -- */

static void add_one(struct text *out, const char *mark, const struct earlier_finding *f) {
        text_addf(out, "%s %-8" STR_FMT " ", mark,
                  STR_ARG(f->state == REPORT_FAIL ? severity_name(f->severity) : report_state_name(f->state)));
        text_add_visible(out, f->rule, TEXT_MOST);
        text_addz(out, "  ");
        text_add_visible(out, f->area, TEXT_MOST);
        text_addz(out, ": ");
        text_add_visible(out, f->subject, TEXT_MOST);
        if (f->message.n)
                text_addz(out, ": ");
        text_add_visible(out, f->message, TEXT_MOST);
        text_add_char(out, '\n');
}

static void add_was(struct text *out, const struct earlier_finding *f) {
        text_addf(out, "    was %" STR_FMT " %" STR_FMT ", %zu of it\n", STR_ARG(report_state_name(f->state)),
                  STR_ARG(f->state == REPORT_FAIL ? severity_name(f->severity) : STR_C("")), f->instances);
}

static void add_text(struct text *out, const struct audit_difference *d) {
        for (size_t i = 0; i < d->new.n; ++i)
                add_one(out, "new    ", d->new.items[i].after);
        for (size_t i = 0; i < d->changed.n; ++i) {
                add_one(out, "changed", d->changed.items[i].after);
                add_was(out, d->changed.items[i].before);
        }
        for (size_t i = 0; i < d->gone.n; ++i)
                add_one(out, "gone   ", d->gone.items[i].before);
        text_addf(out, "%zu new, %zu changed, %zu gone, %zu as before", d->new.n, d->changed.n, d->gone.n, d->same);
        if (d->unseen)
                text_addf(out, "; %zu in areas that were not looked at again", d->unseen);
        if (d->before.score >= 0 && d->after.score >= 0)
                text_addf(out, "; hardening score %d to %d", (int)d->before.score, (int)d->after.score);
        text_addz(out, ".\n");
}

static json_t *finding_json(const struct earlier_finding *f) {
        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "fingerprint", printable_json(f->fingerprint),
                         "rule", printable_json(f->rule), "area", printable_json(f->area), "subject",
                         printable_json(f->subject), "state", printable_json(report_state_name(f->state)), "severity",
                         printable_json(severity_name(f->severity)), "message", printable_json(f->message), "instances",
                         (json_int_t)f->instances);
}

static json_t *list_json(const struct pairs *pairs) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < pairs->n; ++i) {
                const struct pair *p = &pairs->items[i];
                json_t *one = finding_json(p->after ? p->after : p->before);

                if (one && p->before && p->after && json_object_set_new(one, "before", finding_json(p->before)) < 0) {
                        json_decref(one);
                        return NULL;
                }
                if (json_array_append_new(list, one) < 0)
                        return NULL;
        }
        return TAKE(list);
}

static json_t *score_json(int64_t score) {
        return score < 0 ? json_null() : json_integer(score);
}

static json_t *difference_json(const struct audit_difference *d) {
        return json_pack("{s:s, s:o, s:o, s:o, s:I, s:I, s:{s:o, s:o}}", "schema", "docksill.audit-diff/1", "new",
                         list_json(&d->new), "changed", list_json(&d->changed), "gone", list_json(&d->gone), "same",
                         (json_int_t)d->same, "not_looked_at", (json_int_t)d->unseen, "score", "before",
                         score_json(d->before.score), "after", score_json(d->after.score));
}

static bool fails(const struct pairs *pairs, enum severity on) {
        for (size_t i = 0; i < pairs->n; ++i)
                if (is_worse(&pairs->items[i]) && pairs->items[i].after->severity >= on)
                        return true;
        return false;
}

static int tell(const struct audit_difference *d, const struct invocation *in, enum severity fail_on) {
        cleanup_(text_deinit) struct text out;
        int r;

        text_init(&out);
        if (in->json) {
                r = output_json(in->command, difference_json(d));
        } else {
                add_text(&out, d);
                r = output_text(in->command, &out);
        }
        if (r != EXIT_FINE)
                return r;
        return fails(&d->new, fail_on) || fails(&d->changed, fail_on) ? EXIT_FINDINGS : EXIT_FINE;
}

int audit_diff(const struct invocation *in, const char *old_path, const char *new_path, enum severity fail_on) {
        struct audit_difference d = { 0 };
        bool whole;
        int r;

        arena_init(&d.arena, MEMORY);
        arena_latch(&d.arena);
        r = earlier_read(&d.before, &d.arena, in->command, old_path);
        if (r == EXIT_FINE)
                r = earlier_read(&d.after, &d.arena, in->command, new_path);
        if (r == EXIT_FINE) {
                compare(&d);
                whole = compare_rest(&d) == 0;
                if (arena_unlatch(&d.arena) || !whole) {
                        fprintf(stderr, "docksill %s: not enough memory\n", in->command->name);
                        r = EXIT_FAULT;
                } else {
                        r = tell(&d, in, fail_on);
                }
        }
        arena_deinit(&d.arena);
        return r;
}
