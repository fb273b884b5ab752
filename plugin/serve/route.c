#include "route.h"
#include "docksill/base/clock.h"
#include "docksill/decide/decide.h"
#include "docksill/decide/explain.h"
#include "docksill/engine/response.h"
#include "docksill/serve/proof.h"
#include "holding.h"
#include "log-line.h"
#include "pending.h"

/* Scratch beyond this is given back after the call: one huge record must not stay in our memory. */
#define SCRATCH_KEPT (32 * 1024)

/* A write that has not come back for so long hangs. */
#define HUNG_PERIOD (5 * INT64_C(1000000))

struct route_row {
        struct str path;
        enum route route;
        size_t keeps;
};

static const struct route_row routes[] = {
        { STR("/AuthZPlugin.AuthZReq"), ROUTE_REQUEST, SERVER_CALL_MAX },
        /* Few responses tell of the engine, so a page of JSON is not collected before a look says so. */
        { STR("/AuthZPlugin.AuthZRes"), ROUTE_RESPONSE, RESPONSE_LOOK },
        { STR("/Plugin.Activate"), ROUTE_ACTIVATE, 0 },
        { STR(""), ROUTE_OTHER, 0 },
};

enum route route_find(struct str path) {
        for (size_t i = 0; i < ARRAY_SIZE(routes) - 1; ++i)
                if (str_eq(path, routes[i].path))
                        return routes[i].route;
        return ROUTE_OTHER;
}

size_t route_keeps(enum route route) {
        for (size_t i = 0; i < ARRAY_SIZE(routes); ++i)
                if (routes[i].route == route)
                        return routes[i].keeps;
        return 0;
}

static void scratch_trim(struct text *t) {
        if (t->size <= SCRATCH_KEPT)
                return;
        text_deinit(t);
        text_init(t);
}

static void answer_deny(struct text *out, struct str message) {
        text_addz(out, "{\"Allow\":false,\"Msg\":");
        text_add_json(out, message);
        text_add_char(out, '}');
}

/* No AuthZ request at all: refused in audit mode too, since it can't be known what would be allowed (DESIGN 1.4). They
 * come in a burst after a restart (PROTOCOL 1.4); one line a minute tells of them. */
static void answer_refused(struct text *out, struct route_context *context, enum envelope_refusal refusal,
                           bool too_large) {
        text_reset(&context->line);
        if (too_large)
                text_addf(&context->line, "docksill: refused: the call is larger than %u bytes (call-too-large)",
                          SERVER_CALL_MAX);
        else
                explain_no_request(&context->line, refusal);
        answer_deny(out, text_str(&context->line));

        counter_add(&context->metrics.calls.refused_calls, 1);
        ++context->refused_unsaid;
        if (complaint_due(&context->refused, clock_monotonic()) &&
            log_warning("refused calls that were no AuthZ requests: %llu; the last: %" STR_FMT,
                        (unsigned long long)context->refused_unsaid, STR_ARG(text_str(&context->line))))
                context->refused_unsaid = 0;
}

/* Reads make up most calls and say little: they are counted only, but for those of what a container holds. What any
 * gate or finding spoke of is always recorded. */
static bool is_recorded(const struct route_context *context, const struct generation *g, const struct request *request,
                        const struct decision *d) {
        unsigned flags = request->operation ? request->operation->flags : 0;
        enum record_reads least = flags & OPERATION_CONTENT ? RECORD_READS_CONTENT : RECORD_READS_ALL;

        if (!context->writer)
                return false;
        return !(flags & OPERATION_READ) || g->record_reads >= least || d->verdict != VERDICT_ALLOW ||
               d->would != VERDICT_ALLOW || !d->allow;
}

static struct record_context about_records(const struct route_context *context, const struct generation *g) {
        return (struct record_context){ .host = context->host,
                                        .config_digest = g->config_digest,
                                        .last_good = g->last_good,
                                        .engine = str_from(context->watch.learned.version) };
}

static void put_line(struct route_context *context, enum record_class class) {
        if (context->line.failed)
                (void)log_error("out of memory: a decision record is lost");
        else if (writer_put(context->writer, text_str(&context->line), class) == 0)
                writer_lose(context->writer, class);
        scratch_trim(&context->line);
}

static void make_record(struct route_context *context, const struct generation *g, const struct request *request,
                        const struct decision *d, int64_t duration) {
        const struct record_context about = about_records(context, g);

        text_reset(&context->line);
        record_add(&context->line, &about, d, request, g->rules, ++context->seq, clock_wall() - duration, duration);
}

static enum record_class class_of(const struct request *request, const struct decision *d) {
        unsigned flags = request->operation ? request->operation->flags : 0;

        if (!d->allow || d->would == VERDICT_DENY)
                return RECORD_REFUSED;
        if (d->verdict != VERDICT_ALLOW || d->would != VERDICT_ALLOW)
                return RECORD_WARNED;
        return (flags & OPERATION_READ) && !(flags & OPERATION_CONTENT) ? RECORD_READ : RECORD_CHANGED;
}

static bool is_written_first(const struct generation *g, const struct decision *d) {
        return g->recording.first == RECORD_FIRST_ALL || (g->recording.first == RECORD_FIRST_REFUSALS && !d->allow);
}

static bool is_refused_without(const struct generation *g, const struct decision *d) {
        return d->allow && (g->recording.full == RECORD_FULL_REFUSE ||
                            (g->recording.full == RECORD_FULL_WAIT && g->mode == MODE_ENFORCE));
}

/* Of a disk that has failed for longer than a call would wait nothing is to be hoped for, nor of a write that hangs. */
static bool is_worth_waiting(struct route_context *context, const struct generation *g, enum record_class class) {
        struct writer_counts counts;

        if (!context->holding || g->recording.full == RECORD_FULL_DROP || g->recording.wait == 0 ||
            class == RECORD_READ)
                return false;
        counts = writer_counts(context->writer);
        return !counts.troubled ||
               clock_monotonic() - counts.troubled < (counts.failing ? g->recording.wait : HUNG_PERIOD);
}

/* Its record finds no room: it is refused for that, or passes without. A plain read always passes. */
static void go_without(struct text *out, struct route_context *context, enum record_class class, bool refuse) {
        writer_lose(context->writer, class);
        if (class == RECORD_READ)
                return;
        if (refuse) {
                text_reset(out);
                answer_deny(out,
                            STR_C("docksill: refused: the record of this call can't be written, and without it the "
                                  "call may not pass (records-full); docksill's log says why"));
                counter_add(&context->metrics.calls.refused_unrecorded, 1);
        } else {
                counter_add(&context->metrics.calls.unrecorded, 1);
        }
        if (!complaint_due(&context->unrecorded, clock_monotonic()))
                return;
        (void)log_error(
                "records find no room: by now %llu calls were refused for that (records: {full: …}), and %llu answered "
                "without a record",
                (unsigned long long)counter_read(&context->metrics.calls.refused_unrecorded),
                (unsigned long long)counter_read(&context->metrics.calls.unrecorded));
}

/* The answer is in @out; it is given when the record has its place, or has had its time. */
static enum route_step record(struct text *out, struct route_context *context, const struct generation *g,
                              struct pending *pending, const struct decision *d, int64_t duration) {
        enum record_class class = class_of(&pending->request, d);
        bool first = is_written_first(g, d), refuse = is_refused_without(g, d);
        bool in_line = context->holding && holding_waits(context->holding, class);
        enum route_step step = ROUTE_ANSWERED;
        uint64_t number = 0;

        make_record(context, g, &pending->request, d, duration);
        if (context->line.failed)
                (void)log_error("out of memory: a decision record is lost");
        else if (!in_line)
                number = writer_put(context->writer, text_str(&context->line), class);
        if (number && first)
                writer_hurry(context->writer);
        if ((number == 0 || first) && !context->line.failed && is_worth_waiting(context, g, class) &&
            holding_keep(context->holding, pending, text_str(out), text_str(&context->line))) {
                pending->held->class = class;
                pending->held->number = number;
                pending->held->first = first;
                pending->held->refuse = refuse;
                pending->held->deadline = clock_monotonic() + g->recording.wait;
                holding_add(context->holding, pending);
                counter_add(&context->metrics.calls.record_waits, 1);
                step = ROUTE_HELD;
        } else if (number == 0) {
                go_without(out, context, class, refuse);
        }
        scratch_trim(&context->line);
        return step;
}

/* It was held: its record has its place by now, or it is late. */
static void release(struct text *out, struct route_context *context, struct pending *pending) {
        const struct held *held = pending->held;

        text_add(out, held->answer);
        if (held->number == 0)
                go_without(out, context, held->class, held->refuse);
        free(TAKE(pending->held));
}

/* An exemption that has ended must not be had again by setting the clock back, nor a step that is over. */
static int64_t now(struct route_context *context) {
        int64_t wall = clock_wall();

        if (wall > context->latest)
                context->latest = wall;
        return context->latest;
}

void route_record_start(struct route_context *context, struct str event, const struct record_last *last) {
        const struct generation *g = context->generation;
        const struct record_context about = about_records(context, g);
        const struct step *step = steps_at(ruleset_steps(g->rules), now(context));

        context->step_from = step ? step->from : 0;
        if (!context->writer)
                return;
        writer_sync(context->writer, g->recording.sync);
        text_reset(&context->line);
        record_add_start(&context->line, &about, g->rules, g->mode, event, last, clock_wall());
        put_line(context, RECORD_REFUSED);
}

void route_record_mend(struct route_context *context, const struct chain_head *head) {
        if (!context->writer)
                return;
        text_reset(&context->line);
        record_add_mend(&context->line, head->torn, str_from(head->before), clock_wall());
        put_line(context, RECORD_REFUSED);
}

void route_record_stop(struct route_context *context) {
        if (!context->writer)
                return;
        text_reset(&context->line);
        record_add_stop(&context->line, context->seq, writer_counts(context->writer).lost, clock_wall());
        put_line(context, RECORD_REFUSED);
}

/* The first decision under a step is preceded by word of it. */
static void tell_step(struct route_context *context, const struct decision *d) {
        cleanup_(text_deinit) struct text steps;

        text_init(&steps);
        if (!d->step || d->step->from <= context->step_from)
                return;
        steps_add(&steps, ruleset_steps(context->generation->rules), d->at);
        (void)log_line("a step has begun: denied is %" STR_FMT, STR_ARG(text_str(&steps)));
        route_record_start(context, STR_C("step"), NULL);
}

/* What this host tells comes first: that of the engine may be of an older version of the API. */
static void tell_size(const struct route_context *context, struct request *request) {
        struct host_size size = context->size;

        host_size_join(&size, &context->watch.learned.size);
        host_size_tell(&size, request);
}

static void capture(struct route_context *context, const struct generation *g, const struct pending *pending,
                    const struct decision *d) {
        unsigned flags = pending->request.operation ? pending->request.operation->flags : 0;
        enum record_reads least = flags & OPERATION_CONTENT ? RECORD_READS_CONTENT : RECORD_READS_ALL;

        if (!context->capture || !capture_wants(context->capture))
                return;
        if (!(flags & OPERATION_READ) || g->capturing.reads >= least)
                capture_put(context->capture, d->id, clock_wall() - (clock_monotonic() - pending->since),
                            pending->call);
}

/* All facts are there: judge, answer, record. */
static enum route_step conclude(struct text *out, struct route_context *context, const struct generation *g,
                                struct pending *pending) {
        struct decision decision;
        int64_t duration;

        engine_folders_mark(&context->watch.learned.folders, &pending->request);
        engine_folders_mark(&context->folders, &pending->request);
        tell_size(context, &pending->request);
        decide_at(&decision, g->rules, &pending->request, g->mode, now(context), &pending->arena);
        if (g == context->generation)
                tell_step(context, &decision);
        decision.id = decision_ids_next(&context->ids);
        capture(context, g, pending, &decision);

        if (decision.allow) {
                text_addz(out, ROUTE_ALLOWS);
        } else {
                const struct explain_style style = explain_style_of(&pending->request, g->refusal, g->contact);

                text_reset(&context->line);
                explain_refusal(&context->line, &decision, &pending->request, g->rules, &style);
                answer_deny(out, text_str(&context->line));
        }
        duration = clock_monotonic() - pending->since;
        metrics_decided(&context->metrics, &decision, pending->request.operation, duration);
        return is_recorded(context, g, &pending->request, &decision)
                       ? record(out, context, g, pending, &decision, duration)
                       : ROUTE_ANSWERED;
}

/* Reads are judged by what they say, or a lookup that comes back to us as a call would be looked up in turn
 * (DESIGN 2); so is what is refused as unreadable. What is copied out of a container is no such call. */
static bool is_looked_up(const struct generation *g, const struct request *request) {
        return (g->lookups.paths || g->lookups.engine.n || g->lookups.scans) && !flaws_any(&request->flaws) &&
               (request->reaches || !(request->operation->flags & OPERATION_READ));
}

/* Asked beside the rest only where some rule wants to know it. */
static bool wants(const struct generation *g, const struct request *request, uint64_t group) {
        const struct operation *o = request->operation;

        return o && ruleset_uses(g->rules, operation_index(o), group);
}

static bool reaches(const struct generation *g, const struct request *request) {
        const struct operation *o = request->operation;

        return o && o->asks & ASKS_REACHED && wants(g, request, GROUP_REACHED);
}

/* Whether it was asked if docksill is asked. */
static bool answer_proof(struct text *out, struct route_context *context, const struct request *request) {
        struct str word = proof_word(request);

        if (!word.p)
                return false;
        text_reset(&context->line);
        proof_add(&context->line, word, context->generation);
        answer_deny(out, text_str(&context->line));
        return true;
}

static enum route_step answer_request(struct text *out, struct route_context *context, struct str body,
                                      struct pending *pending) {
        enum envelope_refusal refusal;

        if (!body.p) {
                answer_refused(out, context, ENVELOPE_TOO_LARGE, true);
                return ROUTE_ANSWERED;
        }
        pending->since = clock_monotonic();
        pending->call = body;
        refusal = request_read(&pending->request, &pending->arena, body);
        if (refusal != ENVELOPE_READ) {
                answer_refused(out, context, refusal, false);
                return ROUTE_ANSWERED;
        }
        if (answer_proof(out, context, &pending->request))
                return ROUTE_ANSWERED;
        engine_state_tell(&context->watch.learned, &pending->request);
        if (context->engine_client)
                engine_client_drop(context->engine_client, operation_changes(pending->request.operation));
        pending->request.reaches = reaches(context->generation, &pending->request);
        pending->request.history = wants(context->generation, &pending->request, GROUP_HISTORY);
        if (is_looked_up(context->generation, &pending->request)) {
                pending_look_up(pending, context->generation);
                return ROUTE_OPEN;
        }
        return conclude(out, context, context->generation, pending);
}

bool route_curious(const struct route_context *context) {
        return engine_watch_is_curious(&context->watch, clock_monotonic());
}

/* Recorded when it is news; what it would be refused for is known too late to refuse it. */
static void observe(struct route_context *context, const struct request *request, struct arena *arena, int64_t since) {
        const struct generation *g = context->generation;
        struct decision decision;

        decide_at(&decision, g->rules, request, g->mode, now(context), arena);
        if (request->operation->flags & OPERATION_OURS) {
                counter_add(&context->metrics.audits.done, 1);
                counter_set(&context->metrics.audits.findings, decision.n_findings);
        }
        if (!engine_watch_news(&context->watch, request, &decision, g->rules, since))
                return;
        decision.id = decision_ids_next(&context->ids);
        if (!context->writer)
                return;
        make_record(context, g, request, &decision, clock_monotonic() - since);
        put_line(context, RECORD_WARNED);
}

void route_observe_host(struct route_context *context, struct request *request, struct arena *arena) {
        request->now = now(context);
        observe(context, request, arena, clock_monotonic());
}

static void read_response(struct route_context *context, struct str body, struct pending *pending) {
        struct request *response = &pending->request;

        if (response_read(response, &pending->arena, body) != ENVELOPE_READ) {
                counter_add(&context->metrics.calls.unread_responses, 1);
                return;
        }
        if (flaws_any(&response->flaws))
                counter_add(&context->metrics.calls.unread_responses, 1);
        engine_watch_learn(&context->watch, response, pending->since);
        response_plugin_is_us(response, context->plugin);
        if (response->is_response)
                observe(context, response, &pending->arena, pending->since);
}

/* The action has already happened (PROTOCOL 2.6): even a response that can't be read is let through, and counted. Most
 * have nothing to tell, and are not read at all. */
static void answer_response(struct text *out, struct route_context *context, struct str body, struct pending *pending) {
        counter_add(&context->metrics.calls.responses, 1);
        text_addz(out, ROUTE_ALLOWS);
        body = str_trim(body);
        if (body.n == 0 || body.p[0] != '{') {
                counter_add(&context->metrics.calls.unread_responses, 1);
                return;
        }
        if (context->engine_client && context->engine_client->docker)
                engine_client_drop(context->engine_client, response_changes(str_first(body, RESPONSE_LOOK)));
        if (pending->cut)
                return;
        pending->since = clock_monotonic();
        if (engine_watch_is_curious(&context->watch, pending->since) || response_tells(str_first(body, RESPONSE_LOOK)))
                read_response(context, body, pending);
}

static void answer_activate(struct text *out, struct route_context *context) {
        counter_add(&context->metrics.calls.activations, 1);
        engine_watch_forget(&context->watch);
        context->activated = true;
        text_addz(out, ROUTE_ACTIVATES);
}

enum route_step route_begin(struct text *out, struct route_context *context, enum route route, struct str body,
                            struct pending *pending) {
        switch (route) {
        case ROUTE_REQUEST: return answer_request(out, context, body, pending);
        case ROUTE_RESPONSE: answer_response(out, context, body, pending); break;
        case ROUTE_ACTIVATE: answer_activate(out, context); break;
        case ROUTE_OTHER:
                text_addz(out,
                          "{\"Err\":\"docksill: no such call; dockerd's are Plugin.Activate, AuthZPlugin.AuthZReq and "
                          "AuthZPlugin.AuthZRes\"}");
                break;
        }
        return ROUTE_ANSWERED;
}

enum route_step route_finish(struct text *out, struct route_context *context, struct pending *pending) {
        if (!pending->held)
                return conclude(out, context, pending->generation, pending);
        release(out, context, pending);
        return ROUTE_ANSWERED;
}

/* Nobody may be reading: then the end must not wait, or dockerd's calls would wait for our successor. */
void route_sum_up(const struct route_context *context) {
        const struct metrics_calls *n = &context->metrics.calls;
        uint64_t unrecorded = counter_read(&n->unrecorded), refused = counter_read(&n->refused_unrecorded);

        (void)log_line(
                "stopped after %llu requests: %llu allowed, %llu with a warning, %llu denied, %llu would be denied; "
                "%llu calls were no request",
                (unsigned long long)counter_read(&n->requests), (unsigned long long)counter_read(&n->allowed),
                (unsigned long long)counter_read(&n->warned), (unsigned long long)counter_read(&n->denied),
                (unsigned long long)counter_read(&n->would_deny), (unsigned long long)counter_read(&n->refused_calls));
        if (unrecorded || refused)
                (void)log_warning(
                        "%llu calls were refused since their record found no room, %llu answered without a record",
                        (unsigned long long)refused, (unsigned long long)unrecorded);
}

void route_deinit(struct route_context *context) {
        text_deinit(&context->line);
        metrics_deinit(&context->metrics);
}
