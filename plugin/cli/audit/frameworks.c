#include "frameworks.h"
#include "docksill/cli/config.h"
#include "frame/setup.h"
#include "report/report-control.h"
#include <errno.h>

/* -- which are asked for -- */

static const struct framework *find(const struct frameworks *all, struct str id) {
        for (size_t i = 0; i < all->n; ++i)
                if (str_eq(all->items[i].id, id))
                        return &all->items[i];
        return NULL;
}

static int misnamed(const struct frameworks *all, const struct command *command, struct str id) {
        struct nearest nearest;

        nearest_init(&nearest, id);
        for (size_t i = 0; i < all->n; ++i)
                nearest_offer(&nearest, all->items[i].id);
        return command_misnamed(command, "framework", "", &nearest);
}

static bool is_served(const struct framework *f, const struct rule *rule) {
        for (size_t i = 0; i < f->n_controls; ++i)
                if (control_served(f, &f->controls[i], rule))
                        return true;
        return false;
}

int frameworks_ask(struct auditing *a, const char *wanted, struct diag *diag, struct arena *arena) {
        const struct frameworks *all = &a->frameworks;
        int r = setup_outcome(frameworks_read(&a->frameworks, arena, a->config->rules, diag), diag);
        struct rule_view rules = ruleset_rules(a->rules);
        const struct framework *f;

        if (r != EXIT_FINE || !wanted)
                return r;
        f = find(all, str_from(wanted));
        if (!f)
                return misnamed(all, a->command, str_from(wanted));
        a->wanted = ARENA_ARRAY(arena, bool, rules.n + 1);
        if (!a->wanted)
                return EXIT_FAULT;
        for (size_t i = 0; i < rules.n; ++i)
                a->wanted[rules.items[i]->index] = is_served(f, rules.items[i]);
        return EXIT_FINE;
}

/* -- what is told -- */

/* Was nothing left out, and did the engine tell all of it? */
static bool is_whole(const struct auditing *a) {
        for (unsigned i = 0; i < AREAS; ++i)
                if (!a->asked[i])
                        return false;
        return a->answered && a->report->gaps.n == 0;
}

static enum report_state state_of(const struct auditing *a, const struct report_control *c, bool has_rule) {
        size_t states[REPORT_STATES] = { 0 };

        for (size_t i = 0; i < c->n_checks; ++i)
                for (unsigned s = 0; s < REPORT_STATES; ++s)
                        states[s] += a->report->checks.items[c->checks[i]].states[s];
        if (!has_rule)
                return REPORT_MANUAL;
        for (unsigned s = 0; s < REPORT_NOT_APPLICABLE; ++s)
                if (states[s])
                        return s;
        if (states[REPORT_PASS])
                return REPORT_PASS;
        return states[REPORT_NOT_APPLICABLE] || is_whole(a) ? REPORT_NOT_APPLICABLE : REPORT_UNKNOWN;
}

static void tell_places(struct report *r, struct report_control *out, const struct control *c) {
        out->places = ARENA_ARRAY(r->arena, struct str, c->n_places);
        for (size_t i = 0; out->places && i < c->n_places; ++i)
                out->places[out->n_places++] = report_keep(r, c->places[i]);
}

static struct report_control tell_control(struct auditing *a, const struct framework *f, const struct control *c) {
        struct rule_view rules = ruleset_rules(a->rules);
        struct report *r = a->report;
        struct report_control out = { .id = report_keep(r, c->id),
                                      .title = report_keep(r, c->title),
                                      .covers = control_covers_name(c->covers),
                                      .beside = report_keep(r, c->beside.n ? c->beside : c->why) };
        size_t n = 0;

        for (size_t i = 0; i < rules.n; ++i)
                n += control_served(f, c, rules.items[i]);
        out.checks = ARENA_ARRAY(r->arena, size_t, n);
        for (size_t i = 0; out.checks && i < rules.n; ++i) {
                size_t check = a->checks[rules.items[i]->index];

                if (check == 0 || !control_served(f, c, rules.items[i]))
                        continue;
                out.checks[out.n_checks++] = check - 1;
        }
        out.partly = out.n_checks < n && !is_whole(a);
        out.state = state_of(a, &out, n > 0);
        tell_places(r, &out, c);
        return out;
}

static void tell(struct auditing *a, const struct framework *f) {
        struct report *r = a->report;
        struct report_framework out = { .id = report_keep(r, f->id),
                                        .title = report_keep(r, f->title),
                                        .edition = report_keep(r, f->edition) };

        out.controls = ARENA_ARRAY(r->arena, struct report_control, f->n_controls);
        for (size_t i = 0; out.controls && i < f->n_controls; ++i) {
                out.controls[i] = tell_control(a, f, &f->controls[i]);
                ++out.n_controls;
        }
        for (size_t i = 0; i < out.n_controls; ++i) {
                struct report_control *c = &out.controls[i];

                c->state = control_state(r, &out, c, &c->fails);
                ++out.states[c->state];
        }
        ARENA_ADD(r->arena, &r->frameworks, out);
}

int frameworks_tell(struct auditing *a, const char *wanted) {
        const struct frameworks *all = &a->frameworks;

        for (size_t i = 0; i < all->n; ++i)
                if (!wanted || str_eqz(all->items[i].id, wanted))
                        tell(a, &all->items[i]);
        return arena_full(a->report->arena) ? -ENOMEM : 0;
}
