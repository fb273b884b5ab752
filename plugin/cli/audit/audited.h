#pragma once
/*
 * audited: what an audit came to: each rule that was asked, and how that ended.
 */
#include "docksill/decide/decide.h"
#include "docksill/host/posture.h"
#include <jansson.h>

/* Worst first, as they are listed. */
enum audit_state {
        AUDIT_FAIL,
        AUDIT_UNKNOWN,        /* could not be told: never a pass */
        AUDIT_MANUAL,         /* nothing can tell it but a person */
        AUDIT_EXEMPT,         /* would fail; an exemption lifts it */
        AUDIT_NOT_APPLICABLE, /* what it is about is not there */
        AUDIT_PASS,
        AUDIT_STATES,
};

enum audit_area { AREA_HOST, AREA_DAEMON, AREAS };

/* "fail", "unknown", "manual", "exempt", "not-applicable", "pass"; "host", "daemon". */
struct str audit_state_name(enum audit_state state);
struct str audit_area_name(enum audit_area area);

struct audit_result {
        const struct rule *rule;
        enum audit_area area;
        enum audit_state state;
        const struct finding *finding; /* of fail, unknown and exempt; NULL: there is none */
        const struct facts *facts;     /* that it was judged by; NULL: none */
        struct str why;                /* of unknown, not-applicable and exempt; visible text */
};

struct audited {
        const struct ruleset *rules;
        const char *root;           /* as given */
        bool areas[AREAS];          /* which were asked for */
        struct posture posture;     /* gaps and notes */
        struct str engine;          /* why no engine was asked; empty: it was */
        struct audit_result *items; /* by state, then worst first, then by id */
        size_t n, capacity;
        size_t states[AUDIT_STATES];
        unsigned points[AREAS];
};

/**
 * audited_inventory() - what the engine's lists of images and containers tell, into the facts; before audited_host()
 * @socket: where it listens; NULL: no engine is of this host
 *
 * Without an answer these facts are unknown. Returns 0 or -ENOMEM.
 */
must_check_ int audited_inventory(struct audited *out, struct request *request, const char *socket,
                                  struct arena *arena);

/**
 * audited_host() - judge what was read of the host
 * @out:     .rules, .areas and .posture are set
 * @request: its facts
 *
 * The area of a rule is what its name of a fact begins with: daemon.config.* is of the daemon. Returns 0 or -ENOMEM.
 */
must_check_ int audited_host(struct audited *out, const struct request *request, int64_t at, struct arena *arena);

/**
 * audited_daemon() - judge what the engine answers of itself: GET /info, /version, /networks/bridge
 * @host:   of posture_read(); what the engine does not go by is filled in, so this comes before audited_host()
 * @socket: where it listens; NULL: no engine is of this host
 *
 * Rules of which no answer tells are unknown. Returns 0 or -ENOMEM.
 */
must_check_ int audited_daemon(struct audited *out, struct request *host, const char *socket, int64_t at,
                               struct arena *arena);

/* In order, and counted; once all are in. */
void audited_finish(struct audited *out);

/* For the two above: a rule that was judged, and how that ended. @seen: NULL, or whose gaps tell why. */
must_check_ int audited_add(struct audited *out, const struct rule *rule, enum audit_area area,
                            const struct decision *d, const struct request *request, struct arena *arena);

/* @verbose: what passed and why something does not apply, too. */
void audit_text(struct text *out, const struct audited *a, bool verbose);

/* "docksill.audit/1"; NULL without memory. */
json_t *audit_json(const struct audited *a);

/* max(0, 100 - points), of one area. */
unsigned audit_score(const struct audited *a, enum audit_area area);
