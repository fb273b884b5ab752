#pragma once
/*
 * identity: by what a report and its findings are known again.
 */
#include "report.h"

/* A new id, of this report; none where there is no chance to be had. */
void report_identify(struct report *r);

/* The same for the same parts; SHA-256 in hex, empty without memory. */
void report_fingerprint(char out[static 65], const struct str *parts, size_t n);
