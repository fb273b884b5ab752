#pragma once
/*
 * uuid: names that are the same in each report.
 */
#include "docksill/base/text.h"

#define UUID_SIZE 37 /* with the NUL */

/* Version 5 (RFC 4122, by SHA-1) of @name, in docksill's own namespace. Returns 0 or -ENOMEM. */
must_check_ int uuid_of(char out[static UUID_SIZE], struct str name);
