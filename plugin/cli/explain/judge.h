#pragma once
/*
 * judge: one call judged as serve would, for a command that explains it.
 */
#include "docksill/cli/command.h"
#include "docksill/cli/config.h"
#include "explained.h"
#include "road.h"

/* What is asked of one run. */
struct asked {
        const struct command *command; /* whose name stands before what is said on stderr */
        const struct ruleset *rules;
        const struct config *config;
        enum mode mode;
        int64_t at; /* when it is asked, as clock_wall() counts; 0: now */
        bool json, resolve;
        struct arena *arena;
        const char *engine;  /* its socket; NULL: it is not asked */
        const char *records; /* where recorded decisions are */
        struct road_rules from;
};

/**
 * judge() - read a call and decide it
 * @e:     .rules is set by the caller
 * @arena: what is read lies in it
 * @call:  AuthZReq; must outlive @e
 *
 * Says on stderr what failed. Returns EXIT_FINE, whatever the verdict, or EXIT_ENVIRONMENT.
 */
must_check_ int judge(struct explained *e, struct arena *arena, const struct asked *asked, struct str call);

/* Says on stderr what failed. Always returns EXIT_ENVIRONMENT. */
int judge_failed(const struct command *command, int error, const char *what);
