#pragma once
/*
 * flag-row: the table of flags that rules offer.
 */
#include "docksill/base/str.h"

/* How a value is written behind a key or a member. */
enum flag_form {
        FORM_TRUE,     /* a flag without a value */
        FORM_TEXT,     /* "runc" */
        FORM_NUMBER,   /* 100 */
        FORM_BYTES,    /* 512m; of the API in bytes */
        FORM_CPUS,     /* 1.5; of the API in billionths */
        FORM_TIME,     /* 10s; of the API in seconds, as `docker run` has it */
        FORM_LIST,     /* an element of ["a", "b"] */
        FORM_OPTION,   /* name=value: a member of {name: value} */
        FORM_TMPFS,    /* path:options; of the API a member of {path: options} */
        FORM_ULIMIT,   /* name=soft:hard */
        FORM_DURATION, /* 10s; of the API in billionths */
        FORM_MOUNT,    /* type=tmpfs,target=/tmp,tmpfs-size=64m: an element of [{Type: "tmpfs", …}] */
        FORM_PLACE,    /* path: of a volume without a name; of the API a member of {path: {}} */
};

/* What it changes: as whom, with what rights and beside whom the program starts; where it can write; how much it may
 * use; whom it reaches, and who reaches it; when it is stopped and started again. */
enum flag_change { FLAG_START, FLAG_FILES, FLAG_LIMITS, FLAG_NETWORK, FLAG_LIFETIME };

struct flag_row {
        struct str name, other; /* "--memory", "-m" */
        enum flag_change changes;
        unsigned disturbs;
        enum flag_form form;
        /* The key below a service of a compose file; the member of a create's body, and of a service's. NULL: there is
         * none. */
        const char *compose, *api, *task;
        bool by_hand;
};

/* The row of a flag, in any of its forms, and what stands behind its name: p == NULL: nothing. NULL: it is not known.
 */
const struct flag_row *flag_row(struct str flag, struct str *value);
