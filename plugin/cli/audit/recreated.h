#pragma once
/*
 * recreated: a thing that exists, judged as the call that would make it again would be today.
 */
#include "auditing.h"
#include "containers/containers.h"

struct recreated {
        enum audit_area area;
        struct report_subject subject;     /* its kind, name, id and detail */
        struct str call;                   /* AuthZReq; empty: made of the two below */
        const char *target;                /* "/v1.41/volumes/create" */
        const json_t *body;                /* NULL: none */
        const struct container *container; /* that it is about; NULL: none is */
        struct str image;                  /* what a file says of the image that it names; empty: nothing */
        uint64_t about;                    /* groups of facts that rules may look at; 0: all */
        const char *beside;                /* operation whose rules are not asked; NULL: none */
        /* DELETE of it: what is found in that as well is what somebody does, not what is there. NULL: it is not asked.
         */
        const char *removal;
};

/**
 * recreated_judge() - a subject more
 * @index: NULL, or: SIZE_MAX, and set to the new subject's index; else a subject that is there, which is judged further
 *
 * What needs more memory than one thing may have is noted. Returns 0, or -ENOMEM: of the report.
 */
must_check_ int recreated_judge(struct auditing *a, const struct recreated *r, struct arena *arena, size_t *index);
