#pragma once
/*
 * severity: how bad a finding is, and what it costs. DESIGN 7, GUIDANCE 6.2.
 */
#include "docksill/base/str.h"

enum severity {
        SEVERITY_NONE, /* fired on purpose without a cost: a harmless case */
        SEVERITY_INFO,
        SEVERITY_LOW,
        SEVERITY_MEDIUM,
        SEVERITY_HIGH,
        SEVERITY_CRITICAL,
        SEVERITIES,
};

/* "none" … "critical". */
struct str severity_name(enum severity s);

/* Written on success only. Returns whether @name is a severity. */
bool severity_parse(struct str name, enum severity *out);

/* 0 0 3 10 40 100. */
unsigned severity_points(enum severity s);
