#pragma once
/*
 * explain: a refusal in words.
 */
#include "docksill/decide/decision.h"

/* In whose words it is said what has to change. */
enum explain_words {
        EXPLAIN_FLAGS,   /* flags of `docker run` or `docker service` */
        EXPLAIN_COMPOSE, /* keys of a compose file */
        EXPLAIN_API,     /* members of the body of a create */
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

/**
 * explain_refusal() - what the refused user reads
 *
 * The gate that decided, or points and limit; findings, worst first, six at most; that another try may help, where
 * something could not be told; what no flag lifts and what to do about it; the least that lifts the rest; the
 * decision's id. At most EXPLAIN_MAX bytes; foreign text is made visible, never raw. The verdict of @d must be deny;
 * where it is answered with allow all the same (audit), the line says "would be refused".
 */
#define EXPLAIN_MAX 1800
void explain_refusal(struct text *out, const struct decision *d, const struct request *request,
                     const struct ruleset *rules, const struct explain_style *style);

/* The refusal of a call that is no AuthZ request (DESIGN 1.4). */
void explain_no_request(struct text *out, enum envelope_refusal refusal);
