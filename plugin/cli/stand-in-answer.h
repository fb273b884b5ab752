#pragma once
/*
 * stand-in-answer: what an engine would say to a request, made up.
 *
 * Whatever a client wants has worked: images are there, containers can be entered, what was created can be found.
 * Networks and volumes are there once they were created, so that a client that looks first creates them; one that needs
 * an older one fails, and can be tried again with that one there. Nothing is done, and nobody is asked: what an
 * existing container or service is like, nobody here knows.
 */
#include "docksill/base/text.h"
#include "docksill/engine/operation.h"
#include <jansson.h>

/* The newest API that docksill knows (test/engine/README.md); clients ask for it or for an older one. */
#define STAND_IN_API "1.56"

/* What was created so far. */
struct stand_in_state {
        json_t *containers, *networks, *volumes; /* arrays of what inspect shows */
        json_t *sought;                          /* names of such that were asked for and not found */
        json_t *there;                           /* names of such that are there from the beginning */
        unsigned ids;
};

struct stand_in_question {
        const struct operation *operation; /* NULL: no engine has such a route */
        struct operation_variables variables;
        const struct target *target;
        struct str body;
};

struct stand_in_header {
        const char *name; /* NULL: none */
        char value[256];
};

struct stand_in_answer {
        unsigned status;
        const char *type;              /* of the content */
        struct stand_in_header header; /* beside those that all answers have */
        struct text body;              /* text_deinit() it */
        bool goes_on;                  /* a stream: the body does not end */
};

/* Returns 0 or -ENOMEM; stand_in_state_deinit() it, also after a failure. @there: an array; NULL: none. */
must_check_ int stand_in_state_init(struct stand_in_state *s, json_t *there);

/* The names that were looked for, were not there, and were not created either, as they were looked for last: an array,
 * the caller's; NULL without memory. */
json_t *stand_in_state_missing(const struct stand_in_state *s);

void stand_in_state_deinit(struct stand_in_state *s);

/* @out: its body is initialised by the caller; @out->body.failed when there was no memory. */
void stand_in_answer(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q);
