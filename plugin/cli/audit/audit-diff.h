#pragma once
/*
 * audit-diff: two reports of audits, and what is new, gone or otherwise in the second.
 *
 * Findings are the same by their fingerprint; where only one report has it, by rule and subject: what can no longer be
 * told is changed, not gone. What lies in an area that the second audit did not look at is not gone either.
 */
#include "docksill/cli/invocation.h"
#include "docksill/rules/severity.h"

/* Prints it. Returns EXIT_FINE, EXIT_FINDINGS when something is new or worse from @fail_on on, EXIT_USAGE or
 * EXIT_ENVIRONMENT. */
must_check_ int audit_diff(const struct invocation *in, const char *old_path, const char *new_path,
                           enum severity fail_on);
