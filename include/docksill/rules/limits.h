#pragma once
/*
 * limits: from which severity and points on a request is warned of or refused.
 */
#include "docksill/base/diag.h"
#include "docksill/rules/severity.h"

/* What a fact that can't be told costs. */
enum unknown_policy {
        UNKNOWN_SKIP, /* nothing */
        UNKNOWN_WARN, /* no points; lifts the verdict to warn */
        UNKNOWN_FAIL, /* the rule's unknown: severity */
};

struct limits {
        enum severity deny_severity, warn_severity;
        unsigned deny_points, warn_points;
        enum unknown_policy unknown;
};

/* From now on nothing reaches what is denied: only what is hard is refused. */
static inline void limits_set_hard(struct limits *l) {
        l->deny_severity = SEVERITIES;
        l->deny_points = ~0u;
}

static inline bool limits_deny_hard(const struct limits *l) {
        return l->deny_severity == SEVERITIES;
}

/* Do both deny the same? */
static inline bool limits_deny_alike(const struct limits *a, const struct limits *b) {
        return a->deny_severity == b->deny_severity && a->deny_points == b->deny_points;
}

/* "high or 50 points", "what is hard alone". */
void limits_add_deny(struct text *t, const struct limits *l);

/* Where limits and mode were set last; without a source: nowhere, docksill's own default. */
struct limit_places {
        struct position mode, deny_severity, deny_points, warn_severity, warn_points, unknown;
};
