#pragma once
/*
 * words: what becomes of a remedy that is told in other words than flags: a model of compose, and of whoever writes the
 * members of a body. A key or member that it does not know fails the test.
 */
#include <jansson.h>

#include "docksill/base/str.h"

/**
 * words_add_compose() - add keys below a service of a compose file
 * @body: of the create that compose sends; changed
 * @yaml: the keys, as they are pasted: indented alike, or on one line each
 *
 * As a second compose file has it, `docker compose -f A -f B`: lists are appended to, the rest takes the place of what was
 * there.
 */
void words_add_compose(json_t *body, struct str yaml);

/* The same for lines such as "HostConfig.Memory: 536870912". Arrays and objects are added to, the rest is replaced. */
void words_add_members(json_t *body, struct str lines);
