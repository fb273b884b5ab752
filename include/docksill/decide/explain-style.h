#pragma once
/*
 * explain-style: how a refusal is told: in whose words, and in how many lines.
 */
#include "docksill/decide/decision.h"

/* Bytes of a refusal. */
#define EXPLAIN_MAX 1800

/* In whose words it is said what has to change. */
enum explain_words {
        EXPLAIN_FLAGS,   /* flags of `docker run` or `docker service` */
        EXPLAIN_COMPOSE, /* keys of a compose file */
        EXPLAIN_API,     /* members of the body of a create, or of a service's */
};

/* `refusal:` of the configuration. */
enum explain_form { EXPLAIN_AUTO, EXPLAIN_LINES, EXPLAIN_LINE };

struct explain_style {
        enum explain_words words;
        bool lines;         /* the client prints line breaks as they are */
        struct str contact; /* whom to ask; empty: nobody */
};

/* What suits the client that sent the request, by its User-Agent. One line for a client that is not known to print
 * several, unless @form says otherwise. */
struct explain_style explain_style_of(const struct request *request, enum explain_form form, struct str contact);
