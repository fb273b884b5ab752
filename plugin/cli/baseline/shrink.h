#pragma once
/*
 * shrink: take out of a baseline what nobody used.
 */
#include "docksill/cli/invocation.h"

/**
 * shrink_run() - `docksill baseline --shrink RECORDS… FILE`
 *
 * FILE is of exemptions, or an environment: of that the items of lists whose use records can show. Only whole lines are
 * taken out, and what is left loads as before. Returns an enum exit_code.
 */
must_check_ int shrink_run(const struct invocation *in);
