#pragma once
/*
 * explain-client: what a client would send, each call explained.
 */
#include "judge.h"

/* How long a client may take, in seconds. */
#define EXPLAIN_TIMEOUT      30
#define EXPLAIN_TIMEOUT_MOST 3600

/**
 * explain_client() - start @argv and judge what it sends to a stand-in for the engine
 * @argv: ended by NULL
 *
 * Prints the calls but for reads that pass. Returns an enum exit_code: EXIT_FINDINGS when one of them is refused.
 */
must_check_ int explain_client(const struct asked *asked, char *const *argv, unsigned seconds);

/* Why @argv would be heard by another engine than ours, a sentence without an end; NULL: it would not, as far as can be
 * told. */
const char *explain_client_misled(const char *const *argv);
