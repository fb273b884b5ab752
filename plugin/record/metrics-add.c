/*
 * The names and help texts of all metrics of the server are here. Once released they stay (packaging/README.md).
 */
#include "docksill/base/clock.h"
#include "docksill/record/exposition.h"
#include "docksill/record/metrics.h"
#include "process.h"

/* Of exemptions so many are told of one by one. */
#define EXEMPTIONS_SHOWN 200

#define LABEL(label_name, label_value)                                                                                 \
        (struct label) {                                                                                               \
                .name = (label_name), .value = (label_value)                                                           \
        }

static const struct str verdicts[] = {
        [VERDICT_ALLOW] = STR("allow"), [VERDICT_WARN] = STR("warn"), [VERDICT_DENY] = STR("deny")
};
static const struct str answers[] = { STR("deny"), STR("allow") };
static const struct str effects[] = {
        [TALLY_CHARGED] = STR("charged"), [TALLY_EXEMPTED] = STR("exempted"), [TALLY_AUDITED] = STR("audit")
};
static const struct str asked[] = {
        [LOOKUP_OF_ENGINE] = STR("engine"), [LOOKUP_OF_SCANS] = STR("scans"), [LOOKUP_OF_PATHS] = STR("paths")
};
static const struct str results[] = { [LOOKUP_ANSWERED] = STR("answered"),
                                      [LOOKUP_FAILED] = STR("failed"),
                                      [LOOKUP_LATE] = STR("late"),
                                      [LOOKUP_SKIPPED] = STR("skipped") };

/* -- decisions -- */

/* Nothing but a denial is refused. */
static void add_decisions(struct text *out, const struct tally *t) {
        static const char name[] = "docksill_decisions_total";

        exposition_family(out, name, "counter",
                          "Requests decided, by verdict, answer, family of operations and environment.");
        for (size_t f = 0; f < t->n_families; ++f)
                for (size_t v = 0; v < TALLY_VERDICTS; ++v)
                        for (size_t allowed = v != VERDICT_DENY; allowed < 2; ++allowed)
                                exposition_number(out, name,
                                                  LABELS(LABEL("verdict", verdicts[v]),
                                                         LABEL("answer", answers[allowed]),
                                                         LABEL("family", t->families[f]),
                                                         LABEL("environment", ruleset_name(t->rules))),
                                                  counter_read(&t->decisions[f][v][allowed]));
}

/* What was never exempted or audited has no series for that. */
static void add_rule(struct text *out, const char *name, struct str id, const counter *matches) {
        for (size_t e = 0; e < TALLY_EFFECTS; ++e)
                if (e == TALLY_CHARGED || counter_read(&matches[e]))
                        exposition_number(out, name, LABELS(LABEL("rule", id), LABEL("effect", effects[e])),
                                          counter_read(&matches[e]));
}

static void add_matches(struct text *out, const struct tally *t) {
        static const char name[] = "docksill_rule_matches_total";
        struct rule_view rules = ruleset_rules(t->rules);

        exposition_family(out, name, "counter", "Requests that a rule found something in, by what became of it.");
        for (size_t i = 0; i < rules.n; ++i)
                add_rule(out, name, rules.items[i]->id, t->matches[i]);
        for (size_t i = 0; i < TALLY_OWN; ++i)
                add_rule(out, name, tally_own[i], t->matches[rules.n + i]);
}

static void add_durations(struct text *out, const struct metrics *m) {
        exposition_family(out, "docksill_decision_duration_seconds", "histogram",
                          "Time from a request's arrival to its decision, lookups included.");
        exposition_histogram(out, "docksill_decision_duration_seconds", NULL, &m->durations, &histogram_durations);
        exposition_family(out, "docksill_score", "histogram",
                          "Points of requests that are more than plain reads; the bounds are the shipped limits.");
        exposition_histogram(out, "docksill_score", NULL, &m->points, &histogram_points);
}

static void add_calls(struct text *out, const struct metrics_calls *c) {
        exposition_counter(out, "docksill_requests_total", "Requests of dockerd that were decided.",
                           counter_read(&c->requests));
        exposition_counter(out, "docksill_responses_total", "Responses that dockerd showed.",
                           counter_read(&c->responses));
        exposition_counter(out, "docksill_unread_responses_total", "Responses that could not be read; they pass.",
                           counter_read(&c->unread_responses));
        exposition_counter(out, "docksill_invalid_requests_total",
                           "Calls that were refused since they were no requests at all.",
                           counter_read(&c->refused_calls));
        exposition_counter(out, "docksill_activations_total", "Times that dockerd asked what docksill implements.",
                           counter_read(&c->activations));
}

static void add_audits(struct text *out, const struct metrics_audits *a) {
        exposition_counter(out, "docksill_host_audits_total", "Looks at how the host is set up.",
                           counter_read(&a->done));
        exposition_gauge(out, "docksill_host_findings", "Rules that found something in the last of them.",
                         counter_read(&a->findings));
}

/* -- what is in force -- */

static void add_exemptions(struct text *out, const struct tally *t) {
        static const char name[] = "docksill_exemption_expiry_timestamp_seconds",
                          first[] = "docksill_exemption_next_expiry_timestamp_seconds";
        struct exemption_view view = ruleset_exemptions(t->rules);
        int64_t now = clock_wall(), next = 0;

        exposition_gauge(out, "docksill_exemptions", "Exemptions in force, those that have ended included.", view.n);
        for (size_t i = 0; i < view.n; ++i)
                if (view.items[i]->until > now && (next == 0 || view.items[i]->until < next))
                        next = view.items[i]->until;
        if (next) {
                exposition_family(out, first, "gauge", "When the next of all exemptions ends.");
                exposition_seconds(out, first, NULL, next);
        }
        exposition_family(out, name, "gauge", "When an exemption ends; of the first 200 by id.");
        for (size_t i = 0; i < view.n && i < EXEMPTIONS_SHOWN; ++i)
                exposition_seconds(out, name, LABELS(LABEL("exemption", view.items[i]->id)), view.items[i]->until);
}

static void add_in_force(struct text *out, const struct tally *t) {
        exposition_family(out, "docksill_build_info", "gauge", "What runs, and what is in force; always 1.");
        exposition_number(out, "docksill_build_info",
                          LABELS(LABEL("version", STR_C(DOCKSILL_VERSION)),
                                 LABEL("rules_digest", ruleset_digest(t->rules)),
                                 LABEL("environment", ruleset_name(t->rules)), LABEL("mode", mode_name(t->mode))),
                          1);
        exposition_gauge(out, "docksill_enforcing", "Whether the mode is enforce: what is to be denied is refused.",
                         t->mode == MODE_ENFORCE);
        exposition_gauge(out, "docksill_last_good_in_force",
                         "Whether the files were bad at the start, and the last good set is in force instead.",
                         t->last_good);
        exposition_gauge(out, "docksill_rules", "Rules in force.", ruleset_rules(t->rules).n);
        add_exemptions(out, t);
}

static void add_reloads(struct text *out, const struct metrics_reloads *r) {
        static const char name[] = "docksill_reloads_total", at[] = "docksill_reload_last_success_timestamp_seconds";

        exposition_family(out, name, "counter", "Reloads, by result; one that fails changes nothing.");
        exposition_number(out, name, LABELS(LABEL("result", STR_C("success"))), counter_read(&r->done));
        exposition_number(out, name, LABELS(LABEL("result", STR_C("failure"))), counter_read(&r->failed));
        exposition_gauge(out, "docksill_reload_last_successful", "Whether the last reload came into force.",
                         !counter_read(&r->last_failed));
        exposition_family(out, at, "gauge", "When what is in force was read: at the start, or by a reload.");
        exposition_seconds(out, at, NULL, (int64_t)counter_read(&r->done_at));
}

/* -- records, lookups, connections -- */

static void add_records(struct text *out, const struct metrics *m, const struct writer_counts *n) {
        static const char lost[] = "docksill_records_lost_total", without[] = "docksill_unrecorded_calls_total";

        exposition_counter(out, "docksill_records_queued_total", "Records that found a place in the queue.", n->queued);
        exposition_counter(out, "docksill_records_written_total", "Records that were written.", n->written);
        exposition_family(out, lost, "counter", "Records that were given up, by what was decided.");
        exposition_number(out, lost, LABELS(LABEL("decision", STR_C("refused"))), n->lost_refused);
        exposition_number(out, lost, LABELS(LABEL("decision", STR_C("other"))), n->lost - n->lost_refused);
        exposition_gauge(out, "docksill_record_queue_length", "Records in the queue that are not written yet.",
                         n->queued > n->written ? n->queued - n->written : 0);
        exposition_gauge(out, "docksill_records_failing",
                         "Whether the last write of records failed, or does not come back.", n->troubled != 0);
        exposition_counter(out, "docksill_record_waits_total", "Calls that waited for their record's place.",
                           counter_read(&m->calls.record_waits));
        exposition_gauge(out, "docksill_record_waiting_calls", "Calls that wait for their record's place now.",
                         counter_read(&m->now.held));
        exposition_family(out, without, "counter", "Calls whose record found no place, by their answer.");
        exposition_number(out, without, LABELS(LABEL("answer", STR_C("allow"))), counter_read(&m->calls.unrecorded));
        exposition_number(out, without, LABELS(LABEL("answer", STR_C("deny"))),
                          counter_read(&m->calls.refused_unrecorded));
}

static void add_lookups(struct text *out, const struct metrics *m) {
        static const char name[] = "docksill_lookups_total", seconds[] = "docksill_lookup_duration_seconds";

        exposition_family(out, name, "counter", "Lookups that a request waited for, by what was asked and the result.");
        for (size_t a = 0; a < LOOKUP_OF; ++a)
                for (size_t r = 0; r < LOOKUP_RESULTS; ++r)
                        exposition_number(out, name, LABELS(LABEL("asked", asked[a]), LABEL("result", results[r])),
                                          counter_read(&m->lookups[a].results[r]));
        exposition_family(out, seconds, "histogram", "Time that a request waited for a lookup.");
        for (size_t a = 0; a < LOOKUP_OF; ++a)
                exposition_histogram(out, seconds, LABELS(LABEL("asked", asked[a])), &m->lookups[a].durations,
                                     &histogram_durations);
        exposition_gauge(out, "docksill_lookup_waiting_calls", "Calls that wait for a lookup now.",
                         counter_read(&m->now.looked_up));
        exposition_gauge(out, "docksill_lookup_stuck_helpers", "Helpers that hang at a mount which does not answer.",
                         counter_read(&m->now.stuck));
}

static void add_connections(struct text *out, const struct metrics_now *n) {
        exposition_gauge(out, "docksill_connections", "Connections of dockerd's socket.",
                         counter_read(&n->connections));
        exposition_gauge(out, "docksill_connections_limit", "Connections that there are places for.",
                         counter_read(&n->places));
        exposition_counter(out, "docksill_connections_opened_total", "Connections that were accepted.",
                           counter_read(&n->opened));
        exposition_counter(out, "docksill_connection_waits_total", "Times that a connection found no place.",
                           counter_read(&n->knocked));
}

void metrics_add(struct text *out, struct metrics *m, const struct writer_counts *records) {
        cleanup_(tally_unrefp) struct tally *t = metrics_tally(m);

        if (t) {
                add_in_force(out, t);
                add_decisions(out, t);
                add_matches(out, t);
        }
        add_durations(out, m);
        add_calls(out, &m->calls);
        add_audits(out, &m->audits);
        add_reloads(out, &m->reloads);
        if (records)
                add_records(out, m, records);
        add_lookups(out, m);
        add_connections(out, &m->now);
        process_add(out, m->started);
}
