/*
 * Written straight into text: the shape is fixed, and a tree of JSON values would cost more than the decision itself.
 * Every text that a requester chose is bounded here, so that nobody can fill a disk, or our queue, by the length of a
 * name.
 */
#include "docksill/record/record.h"

#include "docksill/base/clock.h"
#include "docksill/decide/gate.h"
#include "docksill/decide/pin.h"
#include "docksill/engine/image-ref.h"

#define PATH_SHOWN    1024 /* bytes, as of all below */
#define NAME_SHOWN    256
#define IMAGE_SHOWN   512
#define VALUE_SHOWN   256
#define MESSAGE_SHOWN 512
#define QUERY_SHOWN   16          /* parameters */
#define EVIDENCE_ROOM (32 * 1024) /* of one record; findings are listed beyond it, without evidence */

/* As many bytes as fit @max without cutting a character. */
static struct str shorten(struct str s, size_t max) {
        size_t n = max;

        if (s.n <= max)
                return s;
        while (max - n < 3 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
                --n;
        return str_first(s, n);
}

/*
 * Keys are given with all that stands around them, as literals: a record has some fifty of them, and each call less is
 * felt. Each but the first of an object brings the comma before it.
 */
#define KEY(name)   STR_C(",\"" name "\":")
#define FIRST(name) STR_C("{\"" name "\":")

/* Empty values are left out. */
static void add_string(struct text *t, struct str key, struct str value, size_t max) {
        if (str_empty(value))
                return;
        text_add(t, key);
        text_add_json(t, shorten(value, max));
}

/* Words of our own: names of severities, verdicts and the like; and the ids of rules, which the loader holds to
 * letters, digits and dashes. */
static void add_word(struct text *t, struct str key, struct str word) {
        text_add(t, key);
        text_add_quoted(t, word);
}

static void add_int(struct text *t, struct str key, int64_t value) {
        text_add(t, key);
        text_add_int(t, value);
}

static void add_when(struct text *t, const struct decision *d, uint64_t seq, int64_t wall) {
        text_add(t, STR_C("{\"schema\":\"docksill.record/1\",\"time\":\""));
        clock_add_rfc3339(t, wall);
        add_int(t, STR_C("\",\"seq\":"), (int64_t)(seq & INT64_MAX));
        text_add(t, STR_C(",\"decision_id\":\""));
        decision_id_add(t, d->id);
        text_add_char(t, '"');
}

static bool parameter_seen(const struct target_parameter *const *seen, size_t n, struct str key) {
        for (size_t i = 0; i < n; ++i)
                if (str_eq(seen[i]->key, key))
                        return true;
        return false;
}

/* People have put user and password before an image's registry. */
static bool names_image(struct str key) {
        return str_eqz(key, "fromImage") || str_eqz(key, "repo") || str_eqz(key, "t") || str_eqz(key, "name");
}

/* Of a repeated key the first, which is the one that dockerd obeys. */
static void add_query(struct text *t, const struct target *target) {
        const struct target_parameter *seen[QUERY_SHOWN];
        size_t n = 0;

        for (size_t i = 0; i < target->n_parameters && n < QUERY_SHOWN; ++i) {
                const struct target_parameter *p = &target->parameters[i];

                if (!request_query_key_allowed(p->key) || parameter_seen(seen, n, p->key))
                        continue;
                text_add(t, n == 0 ? STR_C(",\"query\":{") : STR_C(","));
                seen[n++] = p;
                text_add_json(t, shorten(p->key, NAME_SHOWN));
                text_add_char(t, ':');
                text_add_json(t, shorten(names_image(p->key) ? image_ref_shown(p->value) : p->value, VALUE_SHOWN));
        }
        if (n)
                text_add_char(t, '}');
}

static void add_api_version(struct text *t, const struct target *target) {
        if (!target->version)
                return;
        add_int(t, STR_C(",\"api_version\":\"1."), target->version);
        text_add_char(t, '"');
}

static void add_request(struct text *t, const struct request *request) {
        if (request->is_response)
                text_add(t, STR_C(",\"phase\":\"response\""));
        else if (request_is_observed(request))
                text_add(t, STR_C(",\"phase\":\"host\""));
        add_word(t, KEY("operation"), request->operation ? request->operation->id : STR_C("unknown"));
        add_string(t, KEY("method"), request->envelope.method.value, NAME_SHOWN);
        add_string(t, KEY("path"), request->facts.request.path.value, PATH_SHOWN);
        add_query(t, &request->target);
        add_api_version(t, &request->target);
        add_string(t, KEY("user"), request->envelope.user.value, NAME_SHOWN);
        add_string(t, KEY("authn"), request->envelope.authn.value, NAME_SHOWN);
}

/* What an exemption would name of it. Of the request as a whole it is asked for where something is refused alone, and
 * there an exemption may have to say that which says nothing more. */
static void add_pins(struct text *t, const struct finding *f, const struct evidence *e, const struct facts *facts,
                     bool denied) {
        struct pins pins;

        if ((!denied && !f->rule->each) ||
            pins_of(&pins, f->rule, e->element, facts, e->cause && e->cause->hard) != PINNED)
                return;
        text_add(t, STR_C(",\"only\":{"));
        pins_add_json(t, &pins);
        text_add_char(t, '}');
}

static void add_evidence(struct text *t, const struct finding *f, const struct facts *facts, bool denied, size_t end) {
        text_add(t, STR_C(",\"evidence\":["));
        for (size_t i = 0; i < f->n_evidence && t->n < end; ++i) {
                const struct evidence *e = &f->evidence[i];

                if (i)
                        text_add_char(t, ',');
                text_add(t, FIRST("message"));
                text_add_json(t, shorten(e->message, MESSAGE_SHOWN));
                add_string(t, KEY("where"), e->where, NAME_SHOWN);
                add_pins(t, f, e, facts, denied);
                text_add_char(t, '}');
        }
        text_add(t, STR_C("]}"));
}

static void add_finding(struct text *t, const struct finding *f, const struct facts *facts, bool denied, size_t end) {
        add_word(t, FIRST("rule"), f->rule->id);
        add_word(t, KEY("severity"), severity_name(f->severity));
        add_int(t, KEY("points"), f->points);
        if (f->hard)
                text_add(t, STR_C(",\"hard\":true"));
        if (f->unknown)
                text_add(t, STR_C(",\"unknown\":true"));
        if (f->audit)
                text_add(t, STR_C(",\"audit\":true"));
        if (f->exempted_by)
                add_string(t, KEY("exempted_by"), f->exempted_by->id, NAME_SHOWN);
        if (f->instances > 1)
                add_int(t, KEY("instances"), (int64_t)f->instances);
        add_evidence(t, f, facts, denied, end);
}

/* {"from":"2027-03-01","deny":{"severity":"high","points":120}}, or "enforce":"hard" where nothing else is denied. */
static void add_step(struct text *t, struct str key, const struct step *step) {
        const struct limits *l = &step->limits;

        text_add(t, key);
        text_add(t, limits_deny_hard(l) ? STR_C("{\"enforce\":\"hard\"") : STR_C("{\"deny\":{\"severity\":"));
        if (!limits_deny_hard(l)) {
                text_add_quoted(t, severity_name(l->deny_severity));
                add_int(t, KEY("points"), l->deny_points);
                text_add_char(t, '}');
        }
        add_string(t, KEY("from"), step->day, NAME_SHOWN);
        text_add_char(t, '}');
}

static void add_steps(struct text *t, const struct step *step, const struct step *next) {
        if (step)
                add_step(t, KEY("step"), step);
        if (next)
                add_step(t, KEY("next"), next);
}

static void add_decision(struct text *t, const struct decision *d, const struct facts *facts) {
        size_t end = t->n + EVIDENCE_ROOM;

        add_word(t, KEY("verdict"), verdict_name(d->verdict));
        add_word(t, KEY("would"), verdict_name(d->would));
        add_word(t, KEY("answer"), d->allow ? STR_C("allow") : STR_C("deny"));
        add_word(t, KEY("gate"), gate_name(d->gate));
        add_int(t, KEY("points"), d->points);
        add_steps(t, d->step, d->next);
        if (d->due) {
                add_string(t, KEY("refused_from"), d->due->day, NAME_SHOWN);
                add_int(t, KEY("must_go"), gate_excess(d, &d->due->limits));
        }
        if (d->incomplete)
                text_add(t, STR_C(",\"incomplete\":true"));
        if (d->lapse.exemption)
                add_string(t, KEY("lapsed"), d->lapse.exemption->id, NAME_SHOWN);
        for (size_t i = 0; i < d->n_findings; ++i) {
                text_add(t, i == 0 ? STR_C(",\"findings\":[") : STR_C(","));
                add_finding(t, &d->findings[i], facts, d->verdict == VERDICT_DENY, end);
        }
        if (d->n_findings)
                text_add_char(t, ']');
}

/* While a flaw stands these are Docker's defaults at best, and what dockerd will read is another thing. */
static void add_subject(struct text *t, const struct request *request, bool denied) {
        const struct facts *f = &request->facts;
        uint64_t yields = request_yields(request);

        if (yields & GROUP_IMAGE)
                add_string(t, KEY("image"), f->image.reference.value, IMAGE_SHOWN);
        /* On what an exemption may hang. */
        if ((yields & GROUP_IMAGE || request->image_told) && f->image.found_id.head.state == FACT_KNOWN)
                add_string(t, KEY("image_id"), f->image.found_id.value, NAME_SHOWN);
        if (denied && (yields & GROUP_IMAGE || request->image_told) && f->image.as_built.value)
                text_add(t, STR_C(",\"image_as_built\":true"));
        if (denied && yields & GROUP_TARGET && f->target.id.head.state == FACT_KNOWN)
                add_string(t, KEY("target_id"), f->target.id.value, NAME_SHOWN);
        if (yields & GROUP_WORKLOAD)
                add_string(t, KEY("name"), f->container.name.value, NAME_SHOWN);
}

void record_add(struct text *out, const struct record_context *context, const struct decision *d,
                const struct request *request, const struct ruleset *rules, uint64_t seq, int64_t wall,
                int64_t duration) {
        add_when(out, d, seq, wall);
        add_string(out, KEY("host"), context->host, NAME_SHOWN);
        add_string(out, KEY("environment"), ruleset_name(rules), NAME_SHOWN);
        add_word(out, KEY("mode"), mode_name(d->mode));
        add_request(out, request);
        add_decision(out, d, &request->facts);
        add_subject(out, request, d->verdict == VERDICT_DENY);
        add_int(out, KEY("duration_us"), duration < 0 ? 0 : duration);
        add_word(out, KEY("rules_digest"), ruleset_digest(rules));
        add_string(out, KEY("config_digest"), context->config_digest, NAME_SHOWN);
        add_string(out, KEY("engine"), context->engine, NAME_SHOWN);
        text_add(out, STR_C("}\n"));
}

static void add_openings(struct text *t, const struct ruleset *rules) {
        struct opening_view view = ruleset_openings(rules);

        for (size_t i = 0; i < view.n; ++i) {
                text_add(t, i == 0 ? STR_C(",\"opened\":[") : STR_C(","));
                text_add(t, FIRST("name"));
                text_add_json(t, shorten(view.items[i].name, NAME_SHOWN));
                add_string(t, KEY("what"), view.items[i].what, MESSAGE_SHOWN);
                text_add_char(t, '}');
        }
        if (view.n)
                text_add_char(t, ']');
}

void record_add_start(struct text *out, const struct record_context *context, const struct ruleset *rules,
                      enum mode mode, struct str event, const struct record_last *last, int64_t wall) {
        const struct step *step = steps_at(ruleset_steps(rules), wall);

        text_add(out, STR_C("{\"schema\":\"docksill.start/1\",\"time\":\""));
        clock_add_rfc3339(out, wall);
        text_add(out, STR_C("\",\"event\":"));
        text_add_quoted(out, event);
        if (last && last->known) {
                add_int(out, STR_C(",\"follows\":{\"seq\":"), (int64_t)(last->seq & INT64_MAX));
                text_add(out, STR_C(",\"orderly\":"));
                text_add(out, last->orderly ? STR_C("true}") : STR_C("false}"));
        }
        add_string(out, KEY("host"), context->host, NAME_SHOWN);
        add_word(out, KEY("version"), STR_C(DOCKSILL_VERSION));
        add_string(out, KEY("environment"), ruleset_name(rules), NAME_SHOWN);
        add_word(out, KEY("mode"), mode_name(mode));
        add_steps(out, step, steps_next(ruleset_steps(rules), step));
        if (context->last_good)
                text_add(out, STR_C(",\"last_good\":true"));
        add_int(out, KEY("rules"), (int64_t)ruleset_rules(rules).n);
        add_openings(out, rules);
        add_word(out, KEY("rules_digest"), ruleset_digest(rules));
        add_string(out, KEY("config_digest"), context->config_digest, NAME_SHOWN);
        text_add(out, STR_C("}\n"));
}

void record_add_mend(struct text *out, size_t torn, struct str before, int64_t wall) {
        text_add(out, STR_C("{\"schema\":\"docksill.mend/1\",\"time\":\""));
        clock_add_rfc3339(out, wall);
        add_int(out, STR_C("\",\"torn\":"), (int64_t)(torn & INT64_MAX));
        if (before.n)
                add_word(out, KEY("before"), before);
        text_add(out, STR_C("}\n"));
}

/* 28 + 27 + 3 × 20 digits and the names: RECORD_LOSS_MOST. */
void record_add_loss(struct text *out, uint64_t lost, uint64_t refused, uint64_t total, int64_t wall) {
        text_add(out, STR_C("{\"schema\":\"docksill.loss/1\",\"time\":\""));
        clock_add_rfc3339(out, wall);
        add_int(out, STR_C("\",\"lost\":"), (int64_t)(lost & INT64_MAX));
        add_int(out, KEY("refused"), (int64_t)(refused & INT64_MAX));
        add_int(out, KEY("lost_total"), (int64_t)(total & INT64_MAX));
        text_add(out, STR_C("}\n"));
}

void record_add_stop(struct text *out, uint64_t seq, uint64_t lost, int64_t wall) {
        text_add(out, STR_C("{\"schema\":\"docksill.stop/1\",\"time\":\""));
        clock_add_rfc3339(out, wall);
        add_int(out, STR_C("\",\"seq\":"), (int64_t)(seq & INT64_MAX));
        add_int(out, KEY("lost"), (int64_t)(lost & INT64_MAX));
        text_add(out, STR_C("}\n"));
}
