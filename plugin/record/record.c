/*
 * Written straight into text: the shape is fixed, and a tree of JSON values would cost more than the decision itself.
 * Every text that a requester chose is bounded here, so that nobody can fill a disk, or our queue, by the length of a
 * name.
 */
#include "docksill/record/record.h"

#include "docksill/base/clock.h"

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

/* "key":  with a comma before it where one belongs. */
static void add_key(struct text *t, const char *key) {
        char last = t->n ? t->p[t->n - 1] : '{';

        if (last != '{' && last != '[')
                text_add_char(t, ',');
        text_add_char(t, '"');
        text_addz(t, key);
        text_addz(t, "\":");
}

/* Empty values are left out. */
static void add_string(struct text *t, const char *key, struct str value, size_t max) {
        if (str_empty(value))
                return;
        add_key(t, key);
        text_add_json(t, shorten(value, max));
}

static void add_int(struct text *t, const char *key, int64_t value) {
        add_key(t, key);
        text_add_int(t, value);
}

static void add_flag(struct text *t, const char *key, bool set) {
        if (!set)
                return;
        add_key(t, key);
        text_addz(t, "true");
}

static void add_when(struct text *t, const struct decision *d, uint64_t seq, int64_t wall) {
        add_key(t, "schema");
        text_addz(t, "\"docksill.record/1\"");
        add_key(t, "time");
        text_add_char(t, '"');
        clock_add_rfc3339(t, wall);
        text_add_char(t, '"');
        add_int(t, "seq", (int64_t)(seq & INT64_MAX));
        add_key(t, "decision_id");
        text_add_char(t, '"');
        decision_id_add(t, d->id);
        text_add_char(t, '"');
}

static bool parameter_seen(const struct target_parameter *const *seen, size_t n, struct str key) {
        for (size_t i = 0; i < n; ++i)
                if (str_eq(seen[i]->key, key))
                        return true;
        return false;
}

/* Of a repeated key the first, which is the one that dockerd obeys. */
static void add_query(struct text *t, const struct target *target) {
        const struct target_parameter *seen[QUERY_SHOWN];
        size_t n = 0;

        for (size_t i = 0; i < target->n_parameters && n < QUERY_SHOWN; ++i) {
                const struct target_parameter *p = &target->parameters[i];

                if (!request_query_key_allowed(p->key) || parameter_seen(seen, n, p->key))
                        continue;
                if (n == 0) {
                        add_key(t, "query");
                        text_add_char(t, '{');
                } else {
                        text_add_char(t, ',');
                }
                seen[n++] = p;
                text_add_json(t, shorten(p->key, NAME_SHOWN));
                text_add_char(t, ':');
                text_add_json(t, shorten(p->value, VALUE_SHOWN));
        }
        if (n)
                text_add_char(t, '}');
}

static void add_api_version(struct text *t, const struct target *target) {
        if (!target->version)
                return;
        add_key(t, "api_version");
        text_addz(t, "\"1.");
        text_add_int(t, target->version);
        text_add_char(t, '"');
}

static void add_request(struct text *t, const struct request *r) {
        add_string(t, "operation", r->operation ? r->operation->id : STR_C("unknown"), NAME_SHOWN);
        add_string(t, "method", r->envelope.method.value, NAME_SHOWN);
        add_string(t, "path", r->target.path, PATH_SHOWN);
        add_query(t, &r->target);
        add_api_version(t, &r->target);
        add_string(t, "user", r->envelope.user.value, NAME_SHOWN);
        add_string(t, "authn", r->envelope.authn.value, NAME_SHOWN);
}

static void add_evidence(struct text *t, const struct finding *f, size_t end) {
        add_key(t, "evidence");
        text_add_char(t, '[');
        for (size_t i = 0; i < f->n_evidence && t->n < end; ++i) {
                text_addz(t, i ? ",{" : "{");
                add_string(t, "where", f->evidence[i].where, NAME_SHOWN);
                add_string(t, "message", f->evidence[i].message, MESSAGE_SHOWN);
                text_add_char(t, '}');
        }
        text_add_char(t, ']');
}

static void add_finding(struct text *t, const struct finding *f, size_t end) {
        text_add_char(t, '{');
        add_string(t, "rule", f->rule->id, NAME_SHOWN);
        add_string(t, "severity", severity_name(f->severity), NAME_SHOWN);
        add_int(t, "points", f->points);
        add_flag(t, "hard", f->hard);
        add_flag(t, "unknown", f->unknown);
        add_flag(t, "audit", f->audit);
        if (f->instances > 1)
                add_int(t, "instances", (int64_t)f->instances);
        add_evidence(t, f, end);
        text_add_char(t, '}');
}

static void add_decision(struct text *t, const struct decision *d) {
        size_t end = t->n + EVIDENCE_ROOM;

        add_string(t, "verdict", verdict_name(d->verdict), NAME_SHOWN);
        add_string(t, "would", verdict_name(d->would), NAME_SHOWN);
        add_string(t, "answer", d->allow ? STR_C("allow") : STR_C("deny"), NAME_SHOWN);
        add_string(t, "gate", gate_name(d->gate), NAME_SHOWN);
        add_int(t, "points", d->points);
        add_flag(t, "incomplete", d->incomplete);
        if (d->n_findings == 0)
                return;
        add_key(t, "findings");
        text_add_char(t, '[');
        for (size_t i = 0; i < d->n_findings; ++i) {
                if (i)
                        text_add_char(t, ',');
                add_finding(t, &d->findings[i], end);
        }
        text_add_char(t, ']');
}

/* While a flaw stands these are Docker's defaults at best, and what dockerd will read is another thing. */
static void add_subject(struct text *t, const struct request *r) {
        unsigned yields = request_yields(r);

        if (yields & GROUP_IMAGE)
                add_string(t, "image", r->facts.image.reference.value, IMAGE_SHOWN);
        if (yields & GROUP_CONTAINER)
                add_string(t, "name", r->facts.container.name.value, NAME_SHOWN);
}

void record_add(struct text *out, const struct record_context *context, const struct decision *d,
                const struct request *r, const struct ruleset *rules, uint64_t seq, int64_t wall, int64_t duration) {
        text_add_char(out, '{');
        add_when(out, d, seq, wall);
        add_string(out, "host", context->host, NAME_SHOWN);
        add_string(out, "environment", ruleset_name(rules), NAME_SHOWN);
        add_string(out, "mode", mode_name(d->mode), NAME_SHOWN);
        add_request(out, r);
        add_decision(out, d);
        add_subject(out, r);
        add_int(out, "duration_us", duration < 0 ? 0 : duration);
        add_string(out, "rules_digest", ruleset_digest(rules), NAME_SHOWN);
        add_string(out, "config_digest", context->config_digest, NAME_SHOWN);
        text_addz(out, "}\n");
}
