#pragma once
/*
 * bodies: create bodies made from a recipe, so that one that breaks a property can be cut down to the smallest.
 *
 * A recipe is a form, a setting for each hardening (bodies.c has the tables) and a list of dangers.
 */
#include "road.h"

#define HARDENINGS_MOST 32
#define DANGERS_MOST    12 /* in one recipe */

enum form {
        FORM_SPARSE, /* what is said and no more, as the Python library sends it */
        FORM_CLIENT, /* every field that docker 20.10 sends */
        FORMS,
};

/* LEFT_OUT: as the form has it. */
enum setting { LEFT_OUT, HARDENED, SOFT };

struct recipe {
        enum form form;
        const char *target;
        enum setting settings[HARDENINGS_MOST];
        unsigned spellings[HARDENINGS_MOST]; /* which of the values of that setting; any number */
        unsigned dangers[DANGERS_MOST];
        size_t n;
};

extern const size_t hardenings_n, dangers_n;

/* "HostConfig.PidsLimit". */
const char *hardening_name(size_t hardening);
/* Without what it is part of it means nothing: it can be softened, not left out. */
bool hardening_is_part(size_t hardening);

const char *danger_name(size_t danger);
/* The rule that names it, or NULL: harmless, and no rule has to say anything. */
const char *danger_rule(size_t danger);

/* All hardenings, no danger, the oldest supported API. */
void recipe_hardened(struct recipe *r, enum form form);
/* Anything: bodies without a danger and with many, with all hardenings and with none, are all frequent. */
void recipe_any(struct recipe *r, struct chance *chance);

/* True when the danger was added: another one already holds its place, or there is no room. */
bool recipe_add(struct recipe *r, unsigned danger);
void recipe_remove(struct recipe *r, size_t at);

/* json_decref() it. */
json_t *recipe_body(const struct recipe *r);
void recipe_judge(struct judged *j, const struct road *road, const struct recipe *r);

/* Target and body, for failures. */
void recipe_say(struct text *t, const struct recipe *r);

/* JSON in which ' stands for " and ` for an escaped one, for tables. json_decref() it. */
json_t *json_from(const char *quoted);
