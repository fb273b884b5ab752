#include "history.h"
#include "docksill/base/date.h"
#include <errno.h>
#include <stdio.h>

#define DAY           10  /* bytes of "2026-01-31" */
#define NAME_BYTES    600 /* that are kept; docksill's own are shorter */
#define MESSAGE_BYTES 300
#define POINTS_MOST   100000 /* of one finding: more is no record of ours */
#define OTHERS        0      /* the number of other callers and other subjects */

static struct str text_of(const json_t *map, const char *key) {
        const json_t *text = json_object_get(map, key);

        return json_is_string(text) ? (struct str){ json_string_value(text), json_string_length(text) }
                                    : (struct str){ "", 0 };
}

static size_t number_of(const json_t *map, const char *key) {
        json_int_t n = json_integer_value(json_object_get(map, key));

        return n > 0 ? (size_t)n : 0;
}

/* As many bytes as fit @most, without cutting a character. */
static struct str shorten(struct str s, size_t most) {
        size_t n = s.n < most ? s.n : most;

        while (n < s.n && n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
                --n;
        return str_first(s, n);
}

/* -- sums by name -- */

static void span_add(struct span *span, struct str time) {
        char at[RECORD_TIME];

        if (!str_to_z(time, at, sizeof(at)) || !at[0])
                return;
        if (!span->first[0] || strcmp(at, span->first) < 0)
                snprintf(span->first, sizeof(span->first), "%s", at);
        if (strcmp(at, span->last) > 0)
                snprintf(span->last, sizeof(span->last), "%s", at);
}

/* The number of @name, or, where there are @most already, that of @others. */
static size_t number(struct history *h, struct names *names, size_t most, struct str name, struct str others) {
        struct str kept = shorten(name, NAME_BYTES);
        size_t at = 0;
        bool room = names->n < most || names_find(names, kept, &at);

        if (names_take(names, room ? kept : others, &at) < 0)
                arena_refuse(h->arena);
        return at;
}

/* The sum with that number: a new one where the name is new. NULL: no memory. */
#define SUM_OF(h, list, at)                                                                                            \
        ((at) < (list)->n ? &(list)->items[at] : (at) == (list)->n ? ARENA_PUSH((h)->arena, list) : NULL)

/* Three numbers as a name. */
struct key {
        uint32_t numbers[3];
};

static size_t number_of_key(struct history *h, struct names *names, size_t most, struct key key, struct key others) {
        return number(h, names, most, (struct str){ (const char *)&key, sizeof(key) },
                      (struct str){ (const char *)&others, sizeof(others) });
}

static struct key key_of(const struct names *names, size_t at) {
        struct key key;

        memcpy(&key, names->items[at].p, sizeof(key));
        return key;
}

void history_init(struct history *h, struct arena *arena) {
        *h = (struct history){ .arena = arena };
        names_init(&h->rules, arena, HISTORY_RULES + 1);
        names_init(&h->callers, arena, HISTORY_CALLERS + 1);
        names_init(&h->subjects, arena, HISTORY_SUBJECTS + 1);
        /* Behind what is counted alone, each rule's others. */
        names_init(&h->founds, arena, HISTORY_FOUND + (size_t)2 * (HISTORY_RULES + 1));
        names_init(&h->pairs, arena, HISTORY_PAIRS + HISTORY_RULES + 1);
        names_init(&h->days, arena, HISTORY_DAYS + 1);
        names_init(&h->exemptions, arena, HISTORY_EXEMPTIONS + 1);
        names_init(&h->environments, arena, 16);
        (void)number(h, &h->subjects, 1, STR_C("o"), STR_C("o"));
        (void)SUM_OF(h, &h->caller_sums, number(h, &h->callers, 1, HISTORY_OTHERS, HISTORY_OTHERS));
}

/* -- a decision -- */

struct decided {
        const json_t *record;
        struct str time;
        bool refused, would, warned;
        size_t caller, subject; /* numbers */
        bool exempted;
};

static void event(struct history *h, enum history_event event, size_t n, struct str time) {
        if (n == 0)
                return;
        h->events[event].n += n;
        span_add(&h->events[event].span, time);
}

static void sum_add(struct sum *sum, const struct decided *d, bool exempted, bool audited) {
        ++sum->found;
        sum->exempted += exempted;
        sum->audited += audited;
        /* What is lifted, or audited alone, refuses nothing. */
        if (!exempted && !audited) {
                sum->refused += d->refused;
                sum->would += d->would;
        }
        span_add(&sum->span, d->time);
}

/* What is asked for, if it has a name; else who asks. */
static size_t subject_of(struct history *h, const json_t *record) {
        struct str image = text_of(record, "image"), name = text_of(record, "name"), user = text_of(record, "user"),
                   said = image.n  ? image
                          : name.n ? name
                                   : user;
        char key[1 + NAME_BYTES] = { image.n ? 'i' : name.n ? 'n' : 'c' };
        struct str kept = shorten(said, NAME_BYTES - 1);

        memcpy(&key[1], kept.p, kept.n);
        return number(h, &h->subjects, HISTORY_SUBJECTS, (struct str){ key, 1 + kept.n }, STR_C("o"));
}

static struct str keep(struct history *h, struct str text) {
        struct str copy = { 0 }, kept = shorten(text, MESSAGE_BYTES);

        if (kept.n && arena_str(h->arena, kept, &copy) < 0)
                arena_refuse(h->arena);
        return copy;
}

/* What a finding says, once. */
static void begin_found(struct history *h, struct found_sum *f, const json_t *finding) {
        const json_t *evidence = json_array_get(json_object_get(finding, "evidence"), 0);

        f->by = keep(h, text_of(finding, "exempted_by"));
        f->message = keep(h, text_of(evidence, "message"));
        f->where = keep(h, text_of(evidence, "where"));
}

static struct found_sum *found_of(struct history *h, const struct decided *d, size_t rule, bool exempt) {
        const uint32_t kind = exempt, of = (uint32_t)rule;
        size_t at = number_of_key(h, &h->founds, HISTORY_FOUND, (struct key){ { kind, of, (uint32_t)d->subject } },
                                  (struct key){ { kind, of, OTHERS } });
        bool new = at == h->found_sums.n;
        struct found_sum *f = SUM_OF(h, &h->found_sums, at);

        if (f && new)
                *f = (struct found_sum){ .rule = rule, .subject = key_of(&h->founds, at).numbers[2], .exempt = exempt };
        return f;
}

static void add_found(struct history *h, const struct decided *d, const json_t *finding, size_t rule,
                      enum severity severity) {
        bool exempt = json_object_get(finding, "exempted_by"),
             audited = json_is_true(json_object_get(finding, "audit"));
        size_t instances = number_of(finding, "instances"), points = number_of(finding, "points");
        struct found_sum *f = found_of(h, d, rule, exempt);

        if (!f)
                return;
        if (f->sum.found == 0)
                begin_found(h, f, finding);
        f->severity = severity > f->severity ? severity : f->severity;
        f->points = points > f->points && points <= POINTS_MOST ? (unsigned)points : f->points;
        f->instances = instances > f->instances ? instances : f->instances;
        h->others += f->subject == OTHERS;
        sum_add(&f->sum, d, exempt, audited);
}

static void add_pair(struct history *h, const struct decided *d, size_t rule) {
        size_t at =
                number_of_key(h, &h->pairs, HISTORY_PAIRS, (struct key){ { 0, (uint32_t)d->caller, (uint32_t)rule } },
                              (struct key){ { 0, OTHERS, (uint32_t)rule } });
        struct pair_sum *p = SUM_OF(h, &h->pair_sums, at);

        if (!p)
                return;
        p->caller = key_of(&h->pairs, at).numbers[1];
        p->rule = rule;
        sum_add(&p->sum, d, false, false);
}

static void add_exemption(struct history *h, const struct decided *d, struct str id) {
        size_t at = number(h, &h->exemptions, HISTORY_EXEMPTIONS, id, STR_C("others"));
        struct exemption_sum *e = SUM_OF(h, &h->exemption_sums, at);

        if (!e)
                return;
        ++e->lifted;
        span_add(&e->span, d->time);
}

static void add_finding(struct history *h, struct decided *d, const json_t *finding) {
        struct str id = text_of(finding, "rule"), by = text_of(finding, "exempted_by");
        bool audited = json_is_true(json_object_get(finding, "audit"));
        enum severity severity = SEVERITY_NONE;
        struct rule_sum *rule;
        size_t at;

        (void)severity_parse(text_of(finding, "severity"), &severity);
        if (by.n) {
                add_exemption(h, d, by);
                d->exempted = true;
        }
        /* Said of what is harmless, on purpose. */
        if (!id.n || severity == SEVERITY_NONE)
                return;
        event(h, EVENT_AUDITED, audited && !by.n, d->time);
        at = number(h, &h->rules, HISTORY_RULES, id, STR_C("others"));
        rule = SUM_OF(h, &h->rule_sums, at);
        if (!rule)
                return;
        rule->worst = severity > rule->worst ? severity : rule->worst;
        sum_add(&rule->sum, d, by.n, audited);
        add_found(h, d, finding, at, severity);
        if (!by.n && !audited && (d->refused || d->would))
                add_pair(h, d, at);
}

static void day_add(struct day_sum *day, const struct decided *d) {
        ++day->decisions;
        day->refused += d->refused;
        day->would += d->would;
        day->warned += d->warned;
}

static void add_day(struct history *h, const struct decided *d) {
        size_t at = number(h, &h->days, HISTORY_DAYS, str_first(d->time, DAY), STR_C("others"));
        struct day_sum *day = SUM_OF(h, &h->day_sums, at);

        day_add(&h->all, d);
        span_add(&h->span, d->time);
        if (day)
                day_add(day, d);
}

static bool add_decision(struct history *h, const json_t *record) {
        bool denied = str_eqz(text_of(record, "verdict"), "deny"), refused = str_eqz(text_of(record, "answer"), "deny");
        struct str environment = text_of(record, "environment");
        struct decided d = { .record = record,
                             .time = text_of(record, "time"),
                             .refused = refused,
                             .would = denied && !refused,
                             .warned = str_eqz(text_of(record, "verdict"), "warn") };
        const json_t *findings = json_object_get(record, "findings"), *one;
        struct sum *caller;
        int64_t day;
        size_t i;

        if (d.time.n < DAY || date_parse(str_first(d.time, DAY), &day) < 0)
                return false;
        d.caller = number(h, &h->callers, HISTORY_CALLERS, text_of(record, "user"), HISTORY_OTHERS);
        d.subject = subject_of(h, record);
        caller = SUM_OF(h, &h->caller_sums, d.caller);
        if (caller)
                sum_add(caller, &d, false, false);
        if (environment.n && names_take(&h->environments, environment, &i) == -ENOMEM)
                arena_refuse(h->arena);
        add_day(h, &d);
        event(h, EVENT_WOULD, d.would, d.time);
        json_array_foreach(findings, i, one) add_finding(h, &d, one);
        h->exempted += d.exempted;
        return true;
}

/* -- other lines -- */

static void add_start(struct history *h, const json_t *line, struct str time) {
        const json_t *follows = json_object_get(line, "follows");
        bool start = str_eqz(text_of(line, "event"), "start");

        event(h, EVENT_STARTED, start, time);
        event(h, EVENT_UNORDERLY, start && json_is_false(json_object_get(follows, "orderly")), time);
        event(h, EVENT_LAST_GOOD, json_is_true(json_object_get(line, "last_good")), time);
}

static bool add_line(struct history *h, const json_t *line) {
        struct str schema = text_of(line, "schema"), time = text_of(line, "time");

        if (str_eqz(schema, "docksill.record/1"))
                return add_decision(h, line);
        if (str_eqz(schema, "docksill.start/1"))
                add_start(h, line, time);
        event(h, EVENT_LOST, str_eqz(schema, "docksill.loss/1") ? number_of(line, "lost") : 0, time);
        event(h, EVENT_LOST_REFUSED, str_eqz(schema, "docksill.loss/1") ? number_of(line, "refused") : 0, time);
        event(h, EVENT_TORN, str_eqz(schema, "docksill.mend/1"), time);
        return str_starts(schema, STR_C("docksill."));
}

bool history_add(struct history *h, struct str line, bool overlong) {
        char time[RECORD_TIME];
        json_t *read;
        bool ours;

        if (overlong) {
                event(h, EVENT_CUT, 1, str_from(""));
                return false;
        }
        if (str_trim(line).n == 0)
                return true;
        read = json_loadb(line.p, line.n, JSON_ALLOW_NUL, NULL);
        ours = json_is_object(read) && add_line(h, read);
        json_decref(read);
        if (!ours) {
                record_line_time(time, line);
                event(h, EVENT_FOREIGN, 1, str_from(time));
        }
        return ours;
}

bool history_is_timed(struct str line) {
        char time[RECORD_TIME];

        record_line_time(time, line);
        return time[0];
}
