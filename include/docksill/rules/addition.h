#pragma once
/*
 * addition: what who loads the rules puts on their lists, behind all that files say of them.
 */
#include "docksill/base/str.h"

struct list_addition {
        const char *list; /* one that no file has is passed over */
        struct str item;
};

struct list_additions {
        const struct list_addition *items; /* a path that lies in one of the list already is passed over */
        size_t n;
        const char *list_of_files; /* the list onto which each file that was read comes likewise; NULL: none */
};
