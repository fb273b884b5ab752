#pragma once
/*
 * stand-in-answer: what an engine would say to a request, made up.
 *
 * Whatever a client wants has worked: images are there, containers can be entered, what was created can be found.
 * Networks and volumes are there once they were created, so that a client that looks first creates them. Nothing is
 * done, and nobody is asked: what an existing container or service is like, nobody here knows.
 */
#include "docksill/base/text.h"
#include "docksill/engine/operation.h"
#include <jansson.h>

/* The newest API that docksill knows (test/engine/README.md); clients ask for it or for an older one. */
#define STAND_IN_API "1.54"

/* What was created so far. */
struct stand_in_state {
        json_t *containers, *networks, *volumes; /* arrays of what inspect shows */
        json_t *sought;                          /* networks that were asked for and not found */
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
};

/* Returns 0 or -ENOMEM; stand_in_state_deinit() it, also after a failure. */
must_check_ int stand_in_state_init(struct stand_in_state *s);
void stand_in_state_deinit(struct stand_in_state *s);

/* @out: its body is initialised by the caller; @out->body.failed when there was no memory. */
void stand_in_answer(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q);
