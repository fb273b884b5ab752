#pragma once
/*
 * exemption: what somebody answers for, until a day: named rules do not count for what matches.
 *
 *         docksill: v1
 *         kind: exemptions
 *         exemptions:
 *           - id: node-exporter-proc
 *             rules: [sensitive-host-mount, host-pid]
 *             match: {user: monitoring}           # conditions of the rule language; user: globs on request.user
 *             only: {mount.source: /proc}         # optional: conditions on what the rule judges, element by element
 *             up-to: high                         # optional: lifts nothing that is worse
 *             remaining-points: 0                 # optional: no longer holds where what is not lifted costs more
 *             owner: "platform team"
 *             reason: "metrics of the host; asked for in OPS-1432"
 *             expires: 2026-12-31                 # the last day it holds, UTC
 *
 * Lifted findings are still made, listed and recorded; they cost nothing. A requester writes the request, so the loader
 * takes care that nobody can write one that falls under an exemption meant for others:
 *
 * - match must hang on something that is not made up: a user of a TLS certificate, an image by name or content, or the
 *   id of a container that exists. One branch of any: without it is as bad as none, and what stands under not: never
 *   counts.
 * - What is hard is lifted only for such a user or container, or for an image by digest or id whose entrypoint,
 * command, user, health check and variables are the image's own; and only where `only` names the value that the rule
 * judges by. With an image nothing else may be mounted either: a program of one's own could lie over the image's.
 * - Flaws of the request, access-denied and self-protection are never lifted.
 */
#include "docksill/base/diag.h"
#include "docksill/rules/condition.h"
#include "docksill/rules/severity.h"

/* What stands in place of owner and reason until somebody fills them in; the loader warns of it. */
#define EXEMPTION_OWNER_BLANK  "WHO ANSWERS FOR IT"
#define EXEMPTION_REASON_BLANK "WHAT IT IS FOR"

/* What match hangs on, for findings that are hard. */
enum exemption_hold {
        HOLD_LOOSE, /* lifts nothing hard */
        HOLD_IMAGE, /* the content of an image that runs as it is */
        HOLD_FIRM,  /* the user of a TLS certificate, or the id of a container that exists, whatever is mounted */
};

struct exemption {
        struct str id, owner, reason;
        struct str expires; /* as written: "2026-12-31" */
        int64_t until;      /* clock_wall() from which on it has no effect */
        const struct condition *match;
        uint64_t uses; /* GROUP_… of the facts that match reads */
        enum exemption_hold hold;
        enum severity up_to;       /* what it lifts is no worse */
        bool bounded;              /* remaining_points was given */
        unsigned remaining_points; /* it holds while what no exemption lifts costs no more */
        const struct str *rules;   /* ids */
        size_t n_rules;
        struct position at;
};

/* An exemption as one of its rules sees it. */
struct rule_exemption {
        const struct exemption *exemption;
        const struct condition *only; /* NULL: every instance */
        uint64_t uses;                /* as above, of only */
        bool hard;                    /* lifts hard instances too */
};

struct exemption_view {
        const struct exemption *const *items; /* by id */
        size_t n;
};
