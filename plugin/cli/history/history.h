#pragma once
/*
 * history: what records of decisions come to, added up in one pass, a line at a time.
 *
 * Whatever their number and whoever chose the names in them, what is kept is bounded: of rules, callers, subjects and
 * their pairs so many have a sum of their own; what comes behind them is added to "others".
 */
#include "diff/names.h"
#include "docksill/rules/severity.h"
#include "records/record-file.h"
#include <jansson.h>

#define HISTORY_RULES      1000
#define HISTORY_CALLERS    2000
#define HISTORY_SUBJECTS   10000
#define HISTORY_FOUND      20000 /* rule × subject */
#define HISTORY_PAIRS      10000 /* caller × rule */
#define HISTORY_DAYS       4000
#define HISTORY_EXEMPTIONS 1000

/* The name of other callers, and no caller's own: Docker's users have no such character. */
#define HISTORY_OTHERS STR_C("\1others")

/* From the first to the last time; empty: never. */
struct span {
        char first[RECORD_TIME], last[RECORD_TIME];
};

struct sum {
        size_t found;    /* decisions */
        size_t refused;  /* of them */
        size_t would;    /* allowed, and mode enforce would have refused them */
        size_t exempted; /* an exemption lifted it */
        size_t audited;  /* the rule only audits */
        struct span span;
};

struct rule_sum {
        struct sum sum;
        enum severity worst;
};

/* Subjects begin with a letter of their kind: "i" image, "n" name of a container, "c" caller; "o": others. */
struct found_sum {
        size_t rule, subject; /* numbers */
        bool exempt;
        struct str by; /* the exemption */
        enum severity severity;
        unsigned points; /* most of one */
        size_t instances;
        struct str message, where; /* of the first */
        struct sum sum;
};

struct pair_sum {
        size_t caller, rule; /* numbers */
        struct sum sum;
};

struct day_sum {
        size_t decisions, refused, would, warned;
};

struct exemption_sum {
        size_t lifted;
        struct span span;
};

/* What stands in the records beside decisions, or is no record. */
enum history_event {
        EVENT_WOULD,     /* a decision that mode enforce would have refused */
        EVENT_AUDITED,   /* a finding of a rule that only audits */
        EVENT_STARTED,   /* docksill was started; reloads are none */
        EVENT_UNORDERLY, /* … and had not been stopped in order */
        EVENT_LAST_GOOD, /* it went on with the last good rules */
        EVENT_LOST,      /* records that were not written */
        EVENT_LOST_REFUSED,
        EVENT_TORN,    /* lines that a kill tore */
        EVENT_FOREIGN, /* lines that are no record */
        EVENT_CUT,     /* … that are longer than any */
        EVENTS,
};

struct event_sum {
        size_t n;
        struct span span;
};

#define HISTORY_LIST(type)                                                                                             \
        struct {                                                                                                       \
                type *items;                                                                                           \
                size_t n, capacity;                                                                                    \
        }

struct history {
        struct arena *arena; /* borrowed */
        struct names rules, callers, subjects, founds, pairs, days, exemptions, environments;
        HISTORY_LIST(struct rule_sum) rule_sums; /* by number of the names above, as below */
        HISTORY_LIST(struct sum) caller_sums;
        HISTORY_LIST(struct found_sum) found_sums;
        HISTORY_LIST(struct pair_sum) pair_sums;
        HISTORY_LIST(struct day_sum) day_sums;
        HISTORY_LIST(struct exemption_sum) exemption_sums;
        struct event_sum events[EVENTS];
        struct day_sum all;
        size_t exempted; /* decisions of which an exemption lifted a finding */
        struct span span;
        size_t others; /* findings that have no sum of their own */
};

void history_init(struct history *h, struct arena *arena);

/**
 * history_add() - the next line
 * @overlong: only its beginning is there
 *
 * Returns whether it is one of docksill's. What there is no memory for is refused by the arena (arena_latch()).
 */
bool history_add(struct history *h, struct str line, bool overlong);

/* A line that an interval of times leaves out, if it tells its time. */
bool history_is_timed(struct str line);
