#pragma once
/*
 * compose-client: a compose file, and the program that turns it into requests.
 */
#include "docksill/base/arena.h"

/* Whether @path is named like YAML and @text has services: at its top. */
bool compose_file_is(const char *path, struct str text);

/**
 * compose_client() - the command that creates everything in @path and starts nothing
 * @out: ended by NULL; in @arena
 *
 * Of `docker compose` and docker-compose the first that is installed. Returns 0, -ENOENT when neither is, or -ENOMEM.
 */
must_check_ int compose_client(char ***out, struct arena *arena, const char *path);
