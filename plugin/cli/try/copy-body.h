#pragma once
/*
 * copy-body: the body of the create that makes a copy.
 */
#include "original.h"

struct copy_shape {
        const char *network; /* NULL: none */
        bool fresh;          /* fresh volumes for the host's folders that may be written to; else they are read-only */
        const char *owner;   /* its label */
        int64_t grace;       /* microseconds until its health check has to succeed */
};

/* Of @o in @form. Returns NULL when there is no memory. */
json_t *copy_body(const struct original *o, const struct form *form, const struct copy_shape *shape);
