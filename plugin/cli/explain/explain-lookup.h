#pragma once
/*
 * explain-lookup: what serve finds out beside a request, found out for one that is explained: here it may take its
 * time.
 */
#include "docksill/cli/command.h"
#include "docksill/cli/config.h"
#include "docksill/engine/request.h"

/* Where its host paths lead on this machine. */
void lookup_paths(struct request *request, struct arena *arena);

/* The scanner's report on its image, in the folder that @config names; one that can't be used is told of on stderr.
 * After lookup_engine(), which says what the image is. */
void lookup_scans(struct request *request, struct arena *arena, const struct config *config,
                  const struct command *command);

/**
 * lookup_engine() - ask the engine at @socket what @request leaves open
 * @socket:  an absolute path, as of the configuration
 * @command: whose name stands before what is said on stderr
 *
 * An engine that does not answer is told of on stderr, and what it would tell is unknown. Returns EXIT_FINE, or
 * EXIT_ENVIRONMENT when nobody can be asked at all.
 */
must_check_ int lookup_engine(struct request *request, struct arena *arena, const char *socket,
                              const struct command *command);
