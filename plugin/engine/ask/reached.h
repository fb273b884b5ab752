#pragma once
/*
 * reached: what the containers have of their host that exist already and that a request acts in, reads from, or joins.
 *
 * For rules that judge such a container as if it were created now: nobody can tell who made it, but what it was given
 * the engine says. Only asked for where a rule in force wants to know (request.reaches).
 */
#include "inspected.h"

/* Appends what container @name mounts and was given beyond what every container has to reached.*.
 * @started: the request starts it: what it mounts is judged as the request's own, and left out. */
void reached_fill(struct reading *in, struct str name, const struct inspected_container *c, bool started);
