#include "plan.h"
#include "docksill/decide/gate.h"
#include <errno.h>

/* -- lists -- */

static int add_items(struct plan *p, const struct explain_list *from) {
        struct explain_list *list = NULL;

        for (size_t i = 0; i < p->lists.n && !list; ++i)
                if (str_eq(p->lists.items[i].name, from->name))
                        list = &p->lists.items[i];
        if (!list) {
                list = ARENA_PUSH(p->arena, &p->lists);
                if (!list || arena_str(p->arena, from->name, &list->name) < 0)
                        return -ENOMEM;
        }
        for (size_t i = 0; i < from->n; ++i) {
                struct str *slot;

                if (str_is_among(from->items[i], list->items, list->n))
                        continue;
                slot = ARENA_PUSH(p->arena, list);
                if (!slot || arena_str(p->arena, from->items[i], slot) < 0)
                        return -ENOMEM;
        }
        return 0;
}

/* As if the finding were about this instance alone: what another rule bars as well is no matter for a list. */
static int list_instance(struct plan *p, const struct weighed *w, size_t finding, size_t instance) {
        cleanup_(arena_deinit) struct arena arena;
        struct decision d = w->decision;
        struct explain_lists lists;
        struct finding *findings;
        int r = 0;

        arena_init(&arena, (size_t)4 << 20);
        findings = ARENA_ARRAY(&arena, struct finding, d.n_findings);
        if (!findings)
                return -ENOMEM;
        memcpy(findings, d.findings, d.n_findings * sizeof(*findings));
        d.findings = findings;
        findings[finding].evidence += instance;
        findings[finding].n_evidence = 1;
        if (explain_lists(&lists, &d, &findings[finding], &w->request, w->decision.limits, &arena) < 0)
                return -ENOMEM;
        for (size_t i = 0; r == 0 && lists.exempt.n == 0 && i < lists.n; ++i)
                r = add_items(p, &lists.items[i]);
        return r;
}

int plan_list(struct plan *p, const struct weighed *w) {
        int r = 0;

        for (size_t i = 0; i < w->decision.n_findings; ++i) {
                const struct finding *f = &w->decision.findings[i];

                for (size_t k = 0; r == 0 && !f->exempted_by && k < f->n_evidence; ++k)
                        if (f->evidence[k].cause->fix->list)
                                r = list_instance(p, w, i, k);
        }
        return r;
}

/* -- entries -- */

/* "name@sha256:…". */
static struct str digest_of(struct str reference) {
        size_t at = str_find(reference, '@');

        return at < reference.n ? str_skip(reference, at + 1) : (struct str){ 0 };
}

static struct plan_image *image_of(struct plan *p, const struct container *c) {
        struct plan_image *slot = NULL;

        for (size_t i = 0; i < p->images.n && !slot; ++i)
                if (str_eq(p->images.items[i].id, c->image_id))
                        slot = &p->images.items[i];
        if (!slot && (slot = ARENA_PUSH(p->arena, &p->images)))
                slot->id = c->image_id;
        if (slot && slot->digest.n == 0)
                slot->digest = digest_of(c->image);
        return slot;
}

static struct plan_entry *entry_of(struct plan *p, const struct plan_entry *wanted) {
        struct plan_entry *slot;

        for (size_t i = 0; i < p->entries.n; ++i) {
                struct plan_entry *e = &p->entries.items[i];

                if (e->hard == wanted->hard && str_eq(e->image, wanted->image) && str_eq(e->rule, wanted->rule) &&
                    str_eq(e->container, wanted->container))
                        return e;
        }
        slot = ARENA_PUSH(p->arena, &p->entries);
        if (!slot)
                return NULL;
        *slot = *wanted;
        return arena_str(p->arena, wanted->rule, &slot->rule) < 0 ? NULL : slot;
}

/* What else a thing may be called when it is asked for again: the engine shows a container that is joined by its id,
 * and the default network by one of its two names. */
static struct str other_name(const struct plan *p, struct str value) {
        static const struct str names[] = { STR("default"), STR("bridge") };
        bool joined = str_starts(value, STR_C("container:"));
        struct str id = joined ? str_skip(value, sizeof("container:") - 1) : value;

        for (size_t i = 0; i < ARRAY_SIZE(names); ++i)
                if (str_eq(value, names[i]))
                        return names[1 - i];
        for (size_t i = 0; i < p->containers->n; ++i)
                if (str_eq(id, p->containers->items[i].id))
                        return joined ? arena_join(p->arena, STR_C("container:"), p->containers->items[i].name)
                                      : p->containers->items[i].name;
        return (struct str){ 0 };
}

static void add_only(struct plan *p, struct plan_entry *e, const struct rule *rule, const struct pins *pins) {
        static const char *const lists[] = { "networks", "container.joins", "target.joins", "container.volumes_from" };
        struct pins other = *pins;

        draft_only_add(&e->only, p->arena, pins);
        for (size_t i = 0; rule->each && i < ARRAY_SIZE(lists); ++i) {
                struct pin *last = &other.items[other.n - 1];
                struct fact_str name;

                if (!str_eqz(rule->each->name, lists[i]))
                        continue;
                name = (struct fact_str){ .value = other_name(p, ((const struct fact_str *)last->cell)->value) };
                last->cell = &name;
                if (name.value.n)
                        draft_only_add(&e->only, p->arena, &other);
        }
}

/* Whether it was not there before. @pins: NULL: nothing of it can be named. */
static bool entry_add(struct plan *p, struct plan_entry *e, enum phase phase, const struct evidence *ev,
                      const struct rule *rule, const struct pins *pins) {
        size_t before = e->only.n;
        bool more = ev->severity > e->up_to;

        if (e->dead)
                return false;
        if (more)
                e->up_to = ev->severity;
        if (phase == PHASE_CREATE && !e->made)
                e->made = more = true;
        if (pins)
                add_only(p, e, rule, pins);
        else if (!e->whole)
                e->whole = more = true;
        return more || e->only.n > before;
}

/* Returns whether something new was planned; no memory shows in the latched arena. */
static bool exempt_instance(struct plan *p, const struct container *c, enum phase phase, const struct weighed *w,
                            const struct finding *f, const struct evidence *ev) {
        struct plan_entry wanted = { .image = c->image_id, .rule = f->rule->id, .hard = f->hard && ev->cause->hard };
        struct plan_entry *e;
        struct pins pins;
        enum pinned r = pins_of(&pins, f->rule, ev->element, &w->request.facts, wanted.hard);

        /* Without a name it would be any of its kind. */
        if (r == PINNED_NEVER || (r == PINNED_NOT && wanted.hard))
                return false;
        e = entry_of(p, &wanted);
        if (e && entry_add(p, e, phase, ev, f->rule, r == PINNED ? &pins : NULL))
                return true;
        if (!wanted.hard || phase != PHASE_START)
                return false;
        wanted.container = c->id;
        e = entry_of(p, &wanted);
        return e && entry_add(p, e, phase, ev, f->rule, &pins);
}

int plan_exempt(struct plan *p, const struct container *c, enum phase phase, const struct weighed *w, bool *more) {
        const struct decision *d = &w->decision;

        arena_latch(p->arena);
        if (!image_of(p, c))
                arena_refuse(p->arena);
        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (f->rule->fixed || f->access || f->audit || !gate_tells(d, f, d->limits))
                        continue;
                for (size_t k = 0; k < f->n_evidence; ++k)
                        *more = exempt_instance(p, c, phase, w, f, &f->evidence[k]) || *more;
        }
        return arena_unlatch(p->arena) ? -ENOMEM : 0;
}

/* -- what is of use -- */

static void mark(struct plan *p, const struct finding *f) {
        for (size_t i = 0; i < p->entries.n; ++i)
                if (str_eq(p->entries.items[i].id, f->exempted_by->id) && str_eq(p->entries.items[i].rule, f->rule->id))
                        p->entries.items[i].works = true;
}

void plan_settle(struct plan *p, const struct container *c, const struct weighed *w) {
        const struct decision *d = &w->decision;

        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].exempted_by)
                        mark(p, &d->findings[i]);
        for (size_t i = 0; i < p->images.n; ++i)
                if (str_eq(p->images.items[i].id, c->image_id) && d->enforced_points > p->images.items[i].remaining)
                        p->images.items[i].remaining = d->enforced_points;
}

void plan_prune(struct plan *p) {
        for (size_t i = 0; i < p->entries.n; ++i)
                if (!p->entries.items[i].works)
                        p->entries.items[i].dead = true;
}
