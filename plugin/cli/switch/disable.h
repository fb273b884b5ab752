#pragma once
/*
 * disable: docksill out of dockerd's settings, whatever state it is in.
 */
#include "docksill/cli/invocation.h"

/* What --unconfirmed does: disable, if the registration that was begun with @word still waits to be confirmed. Returns
 * an enum exit_code; EXIT_FINE too where it does not wait any more. */
int disable_unconfirmed(const struct invocation *in, const char *word);
