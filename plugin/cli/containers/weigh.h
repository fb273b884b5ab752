#pragma once
/*
 * weigh: a container's create and its start judged as serve would, by rules that may not be in force yet, and whoever
 * calls.
 */
#include "containers.h"
#include "docksill/decide/decide.h"
#include "told-engine.h"

enum phase { PHASE_CREATE, PHASE_START, PHASES };

struct weighed {
        struct request request;
        struct decision decision; /* as enforce answers */
};

/* How it is told what a request leaves open. */
struct scales {
        const struct command *command;       /* whose name stands before what is said on stderr */
        const struct config *config;         /* where scanners' reports are; NULL: none is looked for */
        const char *engine;                  /* its socket; NULL: what containers' inspect tells alone */
        const struct told_engine *told;      /* what it says of itself; NULL likewise */
        const struct containers *containers; /* all that there are */
        struct str
                image; /* without an engine: what `docker inspect` printed of the image that is named; empty: nothing */
        bool paths;    /* host paths are followed on this machine */
        int64_t at;    /* when, as clock_wall() counts: limits, exemptions and images have their days */
};

/**
 * weigh_read() - read one call, and find out what it leaves open
 *
 * As weigh(), without a decision.
 */
must_check_ int weigh_read(struct request *out, struct arena *arena, const struct scales *scales, struct str call,
                           const struct container *c);

/* Judges what weigh_read() read, by all but access: who will call is not known. */
void weigh_decide(struct decision *out, struct arena *arena, const struct ruleset *rules, const struct request *request,
                  int64_t at);

/**
 * weigh() - judge one call
 * @out:   in @arena, views of @call
 * @call:  AuthZReq of @c; @c: NULL: it is about no container
 *
 * Says on stderr what failed. Returns EXIT_FINE, whatever the verdict, or EXIT_ENVIRONMENT.
 */
must_check_ int weigh(struct weighed *out, struct arena *arena, const struct scales *scales,
                      const struct ruleset *rules, struct str call, const struct container *c);
