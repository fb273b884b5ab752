#pragma once
/*
 * road: requests sent along the whole road, as text, and judged with the shipped rules in every environment.
 *
 * What goes wrong here without being asked about (rules that do not load, memory) fails the test at once. Tests run in
 * the folder test.
 */
#include <jansson.h>

#include "docksill/decide/decision.h"
#include "docksill/engine/question.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define RULES "../rules"

/* Mildest first; the last stands beside the others. */
enum { DEVELOPMENT, STAGING, PRODUCTION, LOCKDOWN, ORDERED, WORKSPACE = ORDERED, ENVIRONMENTS };
extern const char *const environment_names[ENVIRONMENTS];

struct road {
        struct ruleset *rules[ENVIRONMENTS];
};
void road_open(struct road *road);
void road_close(struct road *road);

/* A name, or the path of a file. ruleset_unref() it. */
struct ruleset *rules_load(const char *environment);

/* Production with more lines in the environment's file. ruleset_unref() it. */
struct ruleset *rules_site(const char *more);

/* Production with entries of an environment's override list, "{list: …, append: […]}" and the like, with commas
 * between. ruleset_unref() it. */
struct ruleset *rules_overridden(const char *overrides);

/* One request and what each environment says to it. */
struct judged {
        struct arena arena;
        struct text call; /* what the request points into */
        struct request request;
        struct decision decisions[ENVIRONMENTS];
};
void judged_init(struct judged *j);
void judged_deinit(struct judged *j);

/**
 * judge_call() - judge one AuthZReq call
 * @j: judged_init()ed; what it held before is gone
 *
 * It must be a request; it may be flawed.
 */
void judge_call(struct judged *j, const struct road *road, struct str envelope);

/* A POST of @body to @target, as dockerd would show it. */
void judge_body(struct judged *j, const struct road *road, const char *target, struct str body);
void judge_json(struct judged *j, const struct road *road, const char *target, const json_t *body);

/* What a lookup tells. @kind is a question's ("volume", "container" …), or "path": where a path of the host leads. */
struct told {
        const char *kind, *name;
        const char *says; /* the engine's JSON, or a path; NULL: nobody can tell */
};

/* A call in full. */
struct call {
        const char *method; /* NULL: POST */
        const char *target;
        const char *type;        /* of the body; NULL: application/json */
        const json_t *body;      /* NULL: there is none */
        const char *length;      /* of a body that is not shown; NULL: there is none */
        bool asked;              /* lookups are on */
        const struct told *told; /* what they do not tell of is not there, or is no link */
        size_t n_told;
};
void judge_full(struct judged *j, const struct road *road, const struct call *call);

/* Of the rule with this id, or NULL. */
const struct finding *finding_of(const struct decision *d, struct str rule);

/* "user-root medium, image-not-digest low", for failures. */
void findings_say(struct text *t, const struct decision *d);

/* Fails the test with a text of any length: cmocka's own messages are cut at a kilobyte, in the midst of a body. */
void fail_with(struct text *t);

/* The one JSON object a line of a file, each handed to @each, which must not keep it. Returns how many. */
size_t lines_each(const char *file, void (*each)(const json_t *line, void *context), void *context);

/* Pseudo-random numbers: the same ones at each run, so that a failure comes again. */
struct chance {
        uint64_t state;
};
unsigned chance_below(struct chance *c, unsigned n); /* 0 … n-1 */
