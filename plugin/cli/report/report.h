#pragma once
/*
 * report: what was found, in a form that every format is written from: text, JSON, SARIF, JUnit, CSV, Markdown, HTML,
 * OSCAL.
 *
 * Who makes one (an audit, a look through records) detaches all of it from rules, requests and answers: every text lies
 * in the report's arena. Texts are as they were found, names and labels of strangers among them: each format makes them
 * harmless for itself (frame/markup.h, text_add_visible(), printable_json()).
 *
 * The parts refer to each other by index, so lists may grow.
 */
#include "docksill/base/arena.h"
#include "docksill/rules/severity.h"

/* How a check of a subject ended; worst first, as they are listed. */
enum report_state {
        REPORT_FAIL,
        REPORT_UNKNOWN,        /* could not be told: never a pass */
        REPORT_MANUAL,         /* nothing can tell it but a person */
        REPORT_EXEMPT,         /* would fail; an exemption lifts it */
        REPORT_NOT_APPLICABLE, /* what it is about is not there */
        REPORT_PASS,
        REPORT_STATES,
};

/* "fail", "unknown", "manual", "exempt", "not-applicable", "pass". */
struct str report_state_name(enum report_state state);

/* What a standard calls it. */
struct report_reference {
        struct str framework, control; /* "cis-docker", "5.4" */
};

/* A rule, and how it ended over all subjects. */
struct report_check {
        struct str id, title, why;
        enum severity severity; /* the worst it can have */
        struct report_reference *references;
        size_t n_references;
        size_t states[REPORT_STATES]; /* subjects */
};

/* What is judged as one: the host, the daemon, a container, an image; of records, who was refused. */
struct report_subject {
        size_t area;               /* index */
        struct str kind, name, id; /* "container", "web", 64 digits; empty id: it has none */
        struct str detail;         /* for people: "nginx:1.25, running" */
        unsigned points;           /* of what fails */
        unsigned score;            /* max(0, 100 - points) */
        struct str verdict; /* what its creation would be answered today: "allow", "warn", "deny"; empty: it has no
                               creation */
        size_t severities[SEVERITIES]; /* findings that fail */
        size_t states[REPORT_STATES];  /* checks */
        struct str unseen;             /* why nothing could be told of it; empty: it was judged */
};

/* Subjects of one sort. */
struct report_area {
        struct str name, title; /* "containers", "Containers" */
        size_t subjects;
        unsigned points; /* of all its subjects */
        unsigned score;  /* half the mean of the scores of its subjects that were judged, half the worst of them, each
                            step rounded down; 100 without any */
        size_t severities[SEVERITIES];
        size_t states[REPORT_STATES];
};

/* One check of one subject that did not pass; what passes or does not apply is counted alone. */
struct report_finding {
        size_t check, subject; /* indices */
        enum report_state state;
        enum severity severity; /* SEVERITY_NONE: of no fail */
        unsigned points;
        struct str where;   /* field of the call or name of the fact: "HostConfig.Privileged"; empty: of the whole */
        struct str file;    /* on the host: "/etc/docker/daemon.json"; empty: of no file */
        unsigned line;      /* in it; 0: none */
        struct str message; /* one instance's */
        size_t instances;   /* how many there are; the first's message is .message */
        struct str *more;   /* messages of the others that were kept */
        size_t n_more;
        struct str why;         /* of unknown, exempt, not-applicable */
        struct str fix;         /* a command or a sentence: how to mend it there */
        struct str fix_compose; /* the compose key; empty: none */
        struct str since;       /* RFC 3339, when records first show it; empty: they do not */
        struct str last;        /* likewise, when they last do; empty of an audit */
        size_t count;           /* how often; 1 of an audit */
        bool known;             /* a report that this one is held against (--baseline) had it already */
        char fingerprint[65];   /* of check, subject and place: the same in the next report; hex */
};

/* One change, and what it gains. */
struct report_change {
        struct str what; /* the fix, as the first of its findings has it */
        size_t check;    /* index */
        size_t subjects;
        unsigned points;                    /* that are gone with it, over all subjects */
        unsigned score_before, score_after; /* the report's */
};

struct report_control {
        struct str id, title;
        enum report_state state; /* the worst of its checks; REPORT_MANUAL: no rule tells it */
        size_t *checks;          /* indices; those that were asked */
        size_t n_checks;
        bool partly;  /* some of its rules were not asked, for not all was to be seen: it does not pass by the others */
        size_t fails; /* findings */
        struct str covers;  /* "full", "part", "none" */
        struct str beside;  /* what else an auditor has to look at; empty: nothing */
        struct str *places; /* which findings of its checks are its own: report-control.h; none: what is no other's */
        size_t n_places;
};

struct report_framework {
        struct str id, title, edition;
        struct report_control *controls;
        size_t n_controls;
        size_t states[REPORT_STATES];
};

/* A table of its own, for what is no finding: of records the trend by day, exemptions, gaps. */
struct report_table {
        struct str id, title, note; /* "by-day"; note: empty: none */
        struct str *columns;
        size_t n_columns;
        uint64_t numbers; /* bit i: column i holds numbers */
        size_t bar;       /* the column that is drawn as bars; n_columns: none */
        struct {
                struct str *items; /* row after row */
                size_t n, capacity;
        } cells;
};

/* Two words of the head: "environment", "production". */
struct report_fact {
        struct str name, value;
};

/* What could not be seen, and why. */
struct report_gap {
        struct str what, why;
};

struct report {
        struct arena *arena;
        struct str kind;                       /* "audit", "records" */
        struct str title;                      /* "Audit of build-1" */
        struct str host, environment, program; /* program: docksill's version */
        int64_t at;                            /* clock_wall() */
        struct str id;                         /* a UUID, of this report */
        unsigned score; /* likewise of the scores of areas of which something was judged; an audit's */
        unsigned points;
        size_t known;        /* findings; 0 where it is held against nothing */
        bool scored;         /* false: it has no score (records; or nothing was judged, which report_finish() finds) */
        bool blank;          /* it would have a score, had anything been judged; report_finish() */
        struct str headline; /* one sentence, the worst first */
        size_t severities[SEVERITIES];
        size_t states[REPORT_STATES];
        struct {
                struct report_fact *items;
                size_t n, capacity;
        } facts;
        struct {
                struct report_area *items;
                size_t n, capacity;
        } areas;
        struct {
                struct report_subject *items;
                size_t n, capacity;
        } subjects;
        struct {
                struct report_check *items;
                size_t n, capacity;
        } checks;
        struct {
                struct report_finding *items;
                size_t n, capacity;
        } findings; /* by state, then worst first, then by check and subject */
        struct {
                struct report_change *items;
                size_t n, capacity;
        } changes; /* the best five, best first */
        struct {
                struct report_framework *items;
                size_t n, capacity;
        } frameworks;
        struct {
                struct report_table *items;
                size_t n, capacity;
        } tables;
        struct {
                struct report_gap *items;
                size_t n, capacity;
        } gaps;
};

/* @arena: borrowed; owns what the report holds. */
void report_init(struct report *r, struct arena *arena);

/* @text in the report's arena; sticks as the arena's refusal when there is no memory (arena_latch()). */
struct str report_keep(struct report *r, struct str text);

/**
 * report_finish() - in order, counted and scored; once all checks, subjects and findings are in
 *
 * The counts of passes and of what does not apply are whoever filled the report's; those of findings are made here.
 * Returns 0 or -ENOMEM.
 */
must_check_ int report_finish(struct report *r);

/* What r->score would be with other points: @points, by subject; NULL: with those that they have. */
unsigned report_score_of(const struct report *r, const unsigned *points);
