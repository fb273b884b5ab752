#include "control-status.h"
#include "docksill/base/clock.h"
#include <unistd.h>

static void add_text(struct text *out, const char *key, struct str value) {
        text_addf(out, ",\"%s\":", key);
        text_add_json(out, value);
}

static void add_number(struct text *out, const char *key, uint64_t value) {
        text_addf(out, ",\"%s\":%llu", key, (unsigned long long)value);
}

static void add_flag(struct text *out, const char *key, bool value) {
        text_addf(out, ",\"%s\":%s", key, value ? "true" : "false");
}

static void add_time(struct text *out, const char *key, int64_t wall) {
        text_addf(out, ",\"%s\":\"", key);
        clock_add_rfc3339(out, wall);
        text_add_char(out, '"');
}

/* Begins an object whose first member is a number. */
static void begin(struct text *out, const char *key, const char *first, uint64_t value) {
        text_addf(out, ",\"%s\":{\"%s\":%llu", key, first, (unsigned long long)value);
}

static void add_in_force(struct text *out, const struct tally *t) {
        struct exemption_view exemptions = ruleset_exemptions(t->rules);
        int64_t next = INT64_MAX, now = clock_wall();

        add_text(out, "environment", ruleset_name(t->rules));
        add_text(out, "mode", mode_name(t->mode));
        add_flag(out, "enforcing", t->mode == MODE_ENFORCE);
        add_flag(out, "last_good", t->last_good);
        add_number(out, "rules", ruleset_rules(t->rules).n);
        add_text(out, "rules_digest", ruleset_digest(t->rules));
        add_text(out, "config_digest", str_from(t->config_digest));
        begin(out, "exemptions", "count", exemptions.n);
        for (size_t i = 0; i < exemptions.n; ++i)
                if (exemptions.items[i]->until > now && exemptions.items[i]->until < next)
                        next = exemptions.items[i]->until;
        if (next < INT64_MAX)
                add_time(out, "next_expiry", next);
        text_add_char(out, '}');
}

static void add_calls(struct text *out, const struct metrics_calls *c) {
        begin(out, "requests", "total", counter_read(&c->requests));
        add_number(out, "allowed", counter_read(&c->allowed));
        add_number(out, "warned", counter_read(&c->warned));
        add_number(out, "denied", counter_read(&c->denied));
        add_number(out, "would_deny", counter_read(&c->would_deny));
        add_number(out, "invalid", counter_read(&c->refused_calls));
        text_add_char(out, '}');
        add_number(out, "responses", counter_read(&c->responses));
}

static void add_reloads(struct text *out, const struct metrics_reloads *r) {
        begin(out, "reloads", "succeeded", counter_read(&r->done));
        add_number(out, "failed", counter_read(&r->failed));
        add_flag(out, "last_failed", counter_read(&r->last_failed));
        add_time(out, "last_success", (int64_t)counter_read(&r->done_at));
        text_add_char(out, '}');
}

static void add_records(struct text *out, const struct writer_counts *n) {
        begin(out, "records", "queued", n->queued);
        add_number(out, "written", n->written);
        add_number(out, "lost", n->lost);
        add_flag(out, "failing", n->troubled != 0);
        text_add_char(out, '}');
}

void control_status_add(struct text *out, const struct control_view *view, struct str unready) {
        cleanup_(tally_unrefp) struct tally *t = metrics_tally(view->metrics);
        const struct metrics *m = view->metrics;

        text_addz(out, "{\"schema\":\"docksill.control-status/1\"");
        add_text(out, "version", STR_C(DOCKSILL_VERSION));
        add_number(out, "pid", (uint64_t)getpid());
        add_time(out, "started", m->started);
        add_flag(out, "ready", unready.n == 0);
        if (unready.n)
                add_text(out, "unready", unready);
        if (t)
                add_in_force(out, t);
        add_calls(out, &m->calls);
        add_reloads(out, &m->reloads);
        if (view->writer) {
                struct writer_counts records = writer_counts(view->writer);

                add_records(out, &records);
        }
        begin(out, "connections", "open", counter_read(&m->now.connections));
        add_number(out, "limit", counter_read(&m->now.places));
        text_addz(out, "}}\n");
}
