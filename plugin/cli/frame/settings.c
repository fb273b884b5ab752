#include "settings.h"
#include "docksill/base/clock.h"
#include "docksill/engine/operation.h"
#include "docksill/rules/provenance.h"
#include <errno.h>

static int add(struct settings *s, struct str name, struct str value, struct str origin) {
        struct setting *slot = ARENA_PUSH(s->arena, s);

        if (!slot || arena_str(s->arena, name, &slot->name) < 0 || arena_str(s->arena, value, &slot->value) < 0 ||
            arena_str(s->arena, origin, &slot->origin) < 0)
                return -ENOMEM;
        return 0;
}

static int add_at(struct settings *s, struct str name, struct str value, struct position at) {
        struct text origin;

        text_init_arena(&origin, s->arena);
        position_add(&origin, at);
        return origin.failed ? -ENOMEM : add(s, name, value, text_str(&origin));
}

static int add_given(struct settings *s, const char *name, struct str value, const struct setting_origin *origin) {
        struct text flag;

        if (!origin->flag)
                return add_at(s, str_from(name), value, origin->at);
        text_init_arena(&flag, s->arena);
        text_addf(&flag, "flag %s", origin->flag);
        return flag.failed ? -ENOMEM : add(s, str_from(name), value, text_str(&flag));
}

static int add_number(struct settings *s, const char *name, unsigned value, struct position at) {
        struct text t;

        text_init_arena(&t, s->arena);
        text_add_int(&t, value);
        return t.failed ? -ENOMEM : add_at(s, str_from(name), text_str(&t), at);
}

/* Whole milliseconds, as the configuration takes them. */
static int add_time(struct settings *s, const char *name, int64_t microseconds, const struct setting_origin *origin) {
        struct text t;

        text_init_arena(&t, s->arena);
        text_addf(&t, "%dms", (int)(microseconds / 1000));
        return t.failed ? -ENOMEM : add_given(s, name, text_str(&t), origin);
}

static int add_records(struct settings *s, const struct config *c) {
        const struct config_origins *o = &c->origins;
        int r = add_given(s, "records.file", str_from(c->records), &o->records);

        if (r == 0)
                r = add_given(s, "records.reads", str_from(config_reads[c->record_reads]), &o->record_reads);
        if (r == 0)
                r = add_given(s, "records.full", str_from(config_full[c->recording.full]), &o->record_full);
        if (r == 0)
                r = add_time(s, "records.wait", c->recording.wait, &o->record_wait);
        if (r == 0)
                r = add_given(s, "records.before-answer", str_from(config_first[c->recording.first]), &o->record_first);
        if (r == 0)
                r = add_given(s, "records.journal", str_from(config_journal[c->recording.journal]), &o->record_journal);
        if (r == 0)
                r = add_given(s, "records.fsync", str_from(config_sync[c->recording.sync]), &o->record_sync);
        return r;
}

static int add_config(struct settings *s, const struct config *c) {
        const struct config_origins *o = &c->origins;
        int r = add_given(s, "environment", str_from(c->environment), &o->environment);

        if (r == 0)
                r = add_given(s, "rules", str_from(c->rules), &o->rules);
        if (r == 0 && c->exemptions)
                r = add_given(s, "exemptions", str_from(c->exemptions), &o->exemptions);
        if (r == 0)
                r = add_given(s, "socket", str_from(c->socket), &o->socket);
        if (r == 0)
                r = add_given(s, "control", c->control ? str_from(c->control) : STR_C("off"), &o->control);
        if (r == 0)
                r = add_given(s, "state", str_from(c->state), &o->state);
        return r < 0 ? r : add_records(s, c);
}

static int add_lookups(struct settings *s, const struct config *c) {
        const struct config_origins *o = &c->origins;
        struct text docker;
        int r = add_given(s, "lookups.paths", c->lookup_paths ? STR_C("on") : STR_C("off"), &o->lookup_paths);

        text_init_arena(&docker, s->arena);
        text_addf(&docker, "%s%s", c->lookup_docker ? "unix://" : "off", c->lookup_docker ? c->lookup_docker : "");
        if (docker.failed)
                return -ENOMEM;
        if (r == 0)
                r = add_given(s, "lookups.docker", text_str(&docker), &o->lookup_docker);
        return r < 0 ? r : add_time(s, "lookups.deadline", c->lookup_deadline, &o->lookup_deadline);
}

static int add_count(struct settings *s, const char *name, uint64_t value, const struct setting_origin *origin) {
        struct text t;

        text_init_arena(&t, s->arena);
        text_addf(&t, "%llu", (unsigned long long)value);
        return t.failed ? -ENOMEM : add_given(s, name, text_str(&t), origin);
}

static int add_capture(struct settings *s, const struct config *c) {
        const struct config_origins *o = &c->origins;
        int r = add_given(s, "capture.folder", c->capture ? str_from(c->capture) : STR_C("off"), &o->capture_folder);

        if (r < 0 || !c->capture)
                return r;
        r = add_count(s, "capture.keep", c->capture_keep, &o->capture_keep);
        if (r == 0)
                r = add_count(s, "capture.max", c->capture_max, &o->capture_max);
        return r < 0 ? r : add_given(s, "capture.reads", str_from(config_reads[c->capture_reads]), &o->capture_reads);
}

static int add_scans(struct settings *s, const struct config *c) {
        const struct config_origins *o = &c->origins;
        int r = add_given(s, "scans.folder", c->scans_folder ? str_from(c->scans_folder) : STR_C("off"),
                          &o->scans_folder);

        return r == 0 && c->scans_ignore ? add_given(s, "scans.ignore", str_from(c->scans_ignore), &o->scans_ignore)
                                         : r;
}

static int add_refusals(struct settings *s, const struct config *c) {
        int r = add_given(s, "host-audit", str_from(config_host_audits[c->host_audit]), &c->origins.host_audit);

        if (r == 0)
                r = add_given(s, "refusal", str_from(config_refusal[c->refusal]), &c->origins.refusal);

        return r == 0 && c->contact ? add_given(s, "contact", str_from(c->contact), &c->origins.contact) : r;
}

/* The configuration's, or the environment's where it says nothing. */
static int add_mode(struct settings *s, const struct setup *setup, const struct provenance *p) {
        if (setup->config.mode_given)
                return add_given(s, "mode", mode_name(setup->config.mode), &setup->config.origins.mode);
        return add_at(s, STR_C("mode"), mode_name(ruleset_mode(setup->rules)), p->limits.mode);
}

static int add_limits(struct settings *s, const struct limits *l, const struct limit_places *at) {
        static const struct str policies[] = {
                [UNKNOWN_SKIP] = STR("skip"), [UNKNOWN_WARN] = STR("warn"), [UNKNOWN_FAIL] = STR("fail")
        };
        int r = add_at(s, STR_C("deny.severity"), severity_name(l->deny_severity), at->deny_severity);

        if (r == 0)
                r = add_number(s, "deny.points", l->deny_points, at->deny_points);
        if (r == 0)
                r = add_at(s, STR_C("warn.severity"), severity_name(l->warn_severity), at->warn_severity);
        if (r == 0)
                r = add_number(s, "warn.points", l->warn_points, at->warn_points);
        return r < 0 ? r : add_at(s, STR_C("unknown"), policies[l->unknown], at->unknown);
}

/* "high or 120 points, from 2027-03-01" */
static int add_step(struct settings *s, const char *name, const char *when, const struct step *step) {
        struct text t;

        text_init_arena(&t, s->arena);
        limits_add_deny(&t, &step->limits);
        if (step->day.n)
                text_addf(&t, ", %s %" STR_FMT, when, STR_ARG(step->day));
        return t.failed ? -ENOMEM : add_at(s, str_from(name), text_str(&t), step->at);
}

/* What is denied today and next, where that is less than the environment's own deny; and all steps. */
static int add_steps(struct settings *s, struct step_view steps) {
        const struct step *now = steps_at(steps, clock_wall()), *next = steps_next(steps, now);
        int r = now ? add_step(s, "deny.today", "since", now) : 0;

        if (r == 0 && next)
                r = add_step(s, "deny.next", "from", next);
        for (size_t i = 1; i < steps.n && r == 0; ++i)
                r = add_step(s, "steps", "from", &steps.items[i]);
        return r;
}

static int add_rules(struct settings *s, const struct provenance *p) {
        int r = 0;

        for (size_t i = 0; i < p->n_rules && r == 0; ++i)
                r = add_at(s, STR_C("environment.rules"), p->rules[i].path, p->rules[i].named);
        return r;
}

/* "lists.system-paths". */
static int prefixed(struct settings *s, const char *prefix, struct str name, struct str *out) {
        struct text t;

        text_init_arena(&t, s->arena);
        text_addz(&t, prefix);
        text_add(&t, name);
        *out = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

static int add_definition(struct settings *s, const struct definition_place *d) {
        struct str name;
        int r = prefixed(s, d->list ? "lists." : "values.", d->name, &name);

        if (r == 0 && d->n == 0)
                r = add_at(s, name, STR_C(""), d->at);
        for (size_t i = 0; i < d->n && r == 0; ++i)
                r = add_at(s, name, d->items[i].text, d->items[i].at);
        return r;
}

static int add_override(struct settings *s, const struct override_place *o) {
        static const char *const prefixes[] = { [OVERRIDE_OF_RULE] = "override.rules.",
                                                [OVERRIDE_OF_LIST] = "override.lists.",
                                                [OVERRIDE_OF_VALUE] = "override.values." };
        struct str name;
        struct text t;

        text_init_arena(&t, s->arena);
        text_addz(&t, o->set ? "set" : o->append ? "append" : "");
        if (o->severity.n)
                text_addf(&t, "severity %" STR_FMT, STR_ARG(o->severity));
        if (o->at_least.n)
                text_addf(&t, "%sat least %" STR_FMT, t.n ? ", " : "", STR_ARG(o->at_least));
        if (o->hard)
                text_addf(&t, "%shard", t.n ? ", " : "");
        if (o->mode.n)
                text_addf(&t, "%smode %" STR_FMT, t.n ? ", " : "", STR_ARG(o->mode));
        if (o->reason.n)
                text_addf(&t, ": %" STR_FMT, STR_ARG(o->reason));
        if (t.failed || prefixed(s, prefixes[o->kind], o->name, &name) < 0)
                return -ENOMEM;
        return add_at(s, name, text_str(&t), o->at);
}

/* "deny, 6 operations": which ones the line says. */
static int add_access(struct settings *s, const struct access_entry *a) {
        size_t n = 0;
        struct text t;

        for (size_t i = 0; i < operation_table_n; ++i)
                n += a->operations[i];
        text_init_arena(&t, s->arena);
        text_addf(&t, "%s, %zu operations", a->allow ? "allow" : "deny", n);
        return t.failed ? -ENOMEM : add_at(s, STR_C("access"), text_str(&t), a->at);
}

/* "user-root, host-pid until 2026-12-31: platform team" */
static int add_exemption(struct settings *s, const struct exemption *e) {
        struct str name;
        struct text t;

        text_init_arena(&t, s->arena);
        for (size_t i = 0; i < e->n_rules; ++i) {
                text_addz(&t, i ? ", " : "");
                text_add(&t, e->rules[i]);
        }
        text_addf(&t, " until %" STR_FMT ": %" STR_FMT, STR_ARG(e->expires), STR_ARG(e->owner));
        if (t.failed || prefixed(s, "exemptions.", e->id, &name) < 0)
                return -ENOMEM;
        return add_at(s, name, text_str(&t), e->at);
}

/* Who may call what, and what is lifted for whom. */
static int add_people(struct settings *s, const struct ruleset *rules) {
        struct exemption_view exemptions = ruleset_exemptions(rules);
        struct access_view access = ruleset_access(rules);
        int r = 0;

        for (size_t i = 0; i < access.n && r == 0; ++i)
                r = add_access(s, &access.items[i]);
        for (size_t i = 0; i < exemptions.n && r == 0; ++i)
                r = add_exemption(s, exemptions.items[i]);
        return r;
}

/* What the rules keep shut, and somebody opened. */
static int add_openings(struct settings *s, const struct ruleset *rules) {
        struct opening_view view = ruleset_openings(rules);
        int r = 0;

        for (size_t i = 0; i < view.n && r == 0; ++i) {
                struct str name;

                r = prefixed(s, "opened.", view.items[i].name, &name);
                if (r == 0)
                        r = add_at(s, name, view.items[i].what, view.items[i].at);
        }
        return r;
}

int settings_collect(struct settings *out, struct arena *arena, const struct setup *setup) {
        const struct provenance *p = ruleset_provenance(setup->rules);
        int r;

        *out = (struct settings){ .arena = arena };
        r = add_config(out, &setup->config);
        if (r == 0)
                r = add_lookups(out, &setup->config);
        if (r == 0)
                r = add_capture(out, &setup->config);
        if (r == 0)
                r = add_scans(out, &setup->config);
        if (r == 0)
                r = add_refusals(out, &setup->config);
        if (r == 0)
                r = add_mode(out, setup, p);
        if (r == 0)
                r = add_limits(out, ruleset_limits(setup->rules), &p->limits);
        if (r == 0)
                r = add_steps(out, ruleset_steps(setup->rules));
        if (r == 0)
                r = add_rules(out, p);
        if (r == 0)
                r = add_people(out, setup->rules);
        if (r == 0)
                r = add_openings(out, setup->rules);
        for (size_t i = 0; i < p->n_overrides && r == 0; ++i)
                r = add_override(out, &p->overrides[i]);
        for (size_t i = 0; i < p->n_definitions && r == 0; ++i)
                r = add_definition(out, &p->definitions[i]);
        return r;
}
