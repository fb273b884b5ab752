#pragma once
/*
 * stand-in-object: containers, networks and volumes that a client believes it has created.
 *
 * A client that created something looks for it afterwards, by its name, its id or its labels, and waits until it runs.
 */
#include "docksill/base/text.h"
#include "docksill/engine/operation.h"
#include <jansson.h>

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

#define OBJECT_IMAGE "sha256:d0c5000000000000000000000000000000000000000000000000000000000000" /* of every image */
#define OBJECT_TIME  "2020-01-01T00:00:00Z"

/* Makes the answer to a request. */
typedef void object_maker(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q);

object_maker object_container_create, object_container_inspect, object_container_start, object_container_list,
        object_network_create, object_network_inspect, object_network_list, object_volume_create, object_volume_inspect;

/* Secrets, configs and services: all that the client asks for by name are there. */
object_maker object_named_list;

/* Appends an id that nothing has yet; the other makes a string of it. */
void object_add_id(struct text *t, struct stand_in_state *s);
json_t *object_id_new(struct stand_in_state *s);

/* A string; what is not UTF-8 is a name that no engine takes, and becomes another. */
json_t *object_text(struct str s);

/* Appends it, and frees it; NULL: there was no memory for it, and @t has failed. */
void object_add(struct text *t, json_t *tree);

/* "no such WHAT", 404. */
void object_not_found(struct stand_in_answer *out, const char *what);

/* The name in the path. */
struct str object_variable(const struct stand_in_question *q);
