#pragma once
/*
 * reference: the guidance that a rule serves, `references: {cis-docker: ["5.5"]}`.
 */
#include "docksill/base/str.h"

struct rule_reference {
        struct str framework; /* "cis-docker" */
        struct str *items;    /* "5.5" */
        size_t n;
};
