#pragma once
/*
 * client: what the docker client makes of flags that are added to a command: a model of it, for the flags that rules
 * offer. Checked by hand against docker 20.10.24.
 *
 * In one thing it does what is meant and not what the client does: the client keeps every -p, so that the port stays
 * published as before; here a -p takes the place of the one for the same port inside and outside.
 */
#include <jansson.h>

#include "docksill/base/str.h"
#include <stdbool.h>

/**
 * client_add() - add flags to the command that made a body
 * @body:  of a create or, for --user, of an exec; changed
 * @words: as a person pastes it into a shell
 *
 * Keys of @body may be spelt in any case. A flag that the model does not know fails the test: it has to learn it.
 */
void client_add(json_t *body, struct str words);

/* The same for the body of a service, and `docker service create`. */
void client_add_service(json_t *body, struct str words);

/* Why dockerd would refuse a create for what flags can bring about, or NULL. */
const char *client_conflict(json_t *body);
