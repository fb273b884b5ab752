#pragma once
/*
 * client-keys: keys that known clients put into bodies and no dockerd reads.
 *
 * Some client libraries send their own options along with the body. No engine from 20.10 to main has a field of that
 * name there; the row says who sends it, so that it can go once nobody does.
 */
#include "docksill/base/str.h"

/* The client that adds @key, as it stands at the top of the body, to bodies of @operation; p == NULL: none is known to.
 */
struct str client_of_key(struct str operation, struct str key);
