#pragma once
/*
 * shuffle: a body that means the same to dockerd, in another order.
 */
#include "road.h"

/* A copy of @body with the keys of its objects in any order, and so the entries of lists in which order means nothing:
 * not the words of a command, nor security options of one key, of which the last one wins. json_decref() it. */
json_t *json_shuffled(const json_t *body, struct chance *chance);
