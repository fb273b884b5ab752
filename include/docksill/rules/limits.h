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

/* Where limits and mode were set last; without a source: nowhere, docksill's own default. */
struct limit_places {
        struct position mode, deny_severity, deny_points, warn_severity, warn_points, unknown;
};
