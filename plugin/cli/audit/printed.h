#pragma once
/*
 * printed: an audit's report as text or as JSON.
 */
#include "docksill/cli/invocation.h"
#include "report/report.h"

/* On stdout. Returns EXIT_FINE or EXIT_ENVIRONMENT. */
must_check_ int printed(const struct report *r, const struct invocation *in);
