#pragma once
/*
 * decision: verdict, findings and answer for one request, as decide.h comes to it.
 */
#include "docksill/engine/request.h"
#include "docksill/rules/ruleset.h"

enum verdict { VERDICT_ALLOW, VERDICT_WARN, VERDICT_DENY };
struct str verdict_name(enum verdict v);

/* Which gate decided, in the order they are asked (DESIGN 7). */
enum gate {
        GATE_NONE,   /* none: allow */
        GATE_ACCESS, /* the caller may not call this at all */
        GATE_MEMORY, /* the request needs more memory than one may have: refused with what was found so far */
        GATE_HARD,   /* a finding refuses in every environment */
        GATE_DENY_SEVERITY,
        GATE_DENY_POINTS,
        GATE_WARN_SEVERITY,
        GATE_WARN_POINTS,
        GATE_UNKNOWN, /* warn: a fact could not be told */
};
/* "none", "access", "memory", "hard", "severity", "points", "warn-severity", "warn-points", "unknown". */
struct str gate_name(enum gate g);

/* One instance of a rule that fired. */
struct evidence {
        struct str where;   /* "HostConfig.Binds[2]"; empty: no one field */
        struct str message; /* the case's, filled in */
        enum severity severity;
        const struct rule_case *cause;
        const void *element; /* as in struct scope; for fixes */
        unsigned spelling;
};

struct finding {
        const struct rule *rule;
        const struct rule_case *cause; /* of the worst instance; of an unknown one: the mildest case */
        enum severity severity;        /* none: it could not be told, and the environment charges nothing for that */
        unsigned points;
        bool hard, unknown, audit;           /* unknown: charged as the rule's unknown; audit: not enforced */
        bool any_unknown;                    /* some instance could not be told, be it the worst or not */
        bool access;                         /* access-denied: a gate of its own */
        const struct exemption *exempted_by; /* lifted: no points, no gate; severity and hard tell what it would be */
        struct evidence *evidence;           /* worst first; at most EVIDENCE_MAX */
        size_t n_evidence;
        size_t instances; /* all of them */
};
#define EVIDENCE_MAX 8

/* Why an exemption that would lift something does not: beside it there is more than it bears. */
struct lapse {
        const struct exemption *exemption; /* the first by id of such; NULL: none */
        unsigned points;                   /* of what no exemption would have lifted */
        const struct rule *rules[3];       /* that found it, worst first */
        size_t n_rules, n_more;
        unsigned floor; /* those that bear less lift nothing */
};

struct decision {
        const struct ruleset
                *rules;       /* what it was decided by; not referenced: good for as long as the caller holds it */
        uint64_t id;          /* the caller's, from decision_ids_next(); decide() leaves 0 */
        enum verdict verdict; /* over all findings */
        enum verdict would;   /* over the enforced ones: what enforce mode answers by; of a response never deny */
        enum mode mode;
        int64_t at;                  /* clock_wall() when it was decided: exemptions expire by it, and steps begin */
        const struct limits *limits; /* in force then */
        const struct step *step;     /* whose they are; NULL: the environment has no steps, or this is a response */
        const struct step *next;     /* the one that denies something else; NULL: none is left */
        const struct step *due;      /* the first that will refuse what .would lets through; NULL: none will */
        enum gate gate;              /* of .would when it denies, else of .verdict */
        bool allow;                  /* the answer */
        unsigned points;             /* over all findings */
        unsigned enforced_points;    /* over the enforced ones: what .would is decided by */
        struct finding *findings; /* access-denied, then worst first, then hard ones, then by id; lifted ones come last.
                                     Harmless ones are left out. A rule of which a part is lifted stands here twice or
                                     more: once for what counts, once for each exemption. */
        size_t n_findings;
        struct lapse lapse;
        bool unknown;    /* some fact could not be told, and the environment does not skip that: warn at least */
        bool incomplete; /* the arena was full: findings may be missing, and it is refused */
};

/* 16 hex digits. */
#define DECISION_ID_SIZE 16
void decision_id_add(struct text *t, uint64_t id);

/* Fresh for each decision of this process and unlikely to be another's; thread-safe is not promised. */
struct decision_ids {
        uint64_t state;
};
int decision_ids_init(struct decision_ids *ids); /* 0 or the errno of getrandom(2) */
uint64_t decision_ids_next(struct decision_ids *ids);
