#pragma once
/*
 * rule-sketch: a file with one rule, as somebody begins it: it loads, its tests hold, and what is left to be written
 * says so.
 */
#include "docksill/base/text.h"
#include "docksill/engine/facts.h"

struct rule_sketch {
        struct str id, title, severity, operation;
        const struct fact *fact; /* NULL: .when has the condition */
        struct str operator;     /* "eq" … */
        struct str value;        /* as on the command line */
        struct str when;         /* a condition of the rule language, in braces */
        struct str message, why, fix;
        struct str firing, quiet; /* bodies, in YAML; empty: made of the fact */
};

/**
 * rule_sketch_bodies() - make the bodies that are not given
 * @arena: holds them
 *
 * Of a fact that a create's body gives by one member: {HostConfig: {Memory: 5}} and what lies just beside it. Returns
 * false where none can be made; whether those made do what they should, only their tests tell.
 */
bool rule_sketch_bodies(struct rule_sketch *sketch, struct arena *arena);

void rule_sketch_add(struct text *out, const struct rule_sketch *sketch);
