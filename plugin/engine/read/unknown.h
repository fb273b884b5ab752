#pragma once
/*
 * unknown: keys and enum values that dockerd of the known versions does not know, as request.unknown.
 *
 * dockerd refuses most of them, but another version may not: what docksill can't place it must not pass in silence
 * (PROTOCOL 0.9; rule request-unknown-value).
 */
#include "reading.h"

/* Adds @value, which stands at @origin. */
void unknown_value(struct reading *in, struct origin origin, struct str value);

/* Adds the keys that gojson reported; behind the first of them "and others". */
void unknown_keys(struct reading *in);

/* The text of @origin, "HostConfig.Binds[2]", in @arena. */
struct str origin_text(struct arena *arena, const struct origin *origin);
