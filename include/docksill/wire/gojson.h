#pragma once
/*
 * gojson: JSON decoded into C structs as Go's encoding/json decodes it into Go structs.
 *
 * Driven by tables that mirror the Go types: keys of a struct are matched exactly first, then under Go's folding (ASCII
 * case, U+017F = s, U+212A = k); map keys are not folded; null leaves the zero value; integers take no fraction,
 * exponent or quotes; unknown keys are passed over (and reported). What Go would merge (a key given twice) or what
 * engines read differently is a flaw, not a value: see wire/flaw.h. PROTOCOL 3; go1.19
 * src/encoding/json/{decode,fold,scanner}.go.
 */
#include "docksill/base/arena.h"
#include "docksill/wire/flaw.h"
#include "docksill/wire/gojson-type.h"

/* Unknown keys of known structs, the first GOJSON_UNKNOWN of them: dockerd ignores them, a newer one may not. */
#define GOJSON_UNKNOWN 12
struct gojson_report {
        struct flaws *flaws;                /* borrowed; flaws are added here */
        struct str unknown[GOJSON_UNKNOWN]; /* where: "HostConfig.Foo"; in the arena; may hold attacker's text */
        size_t n_unknown;                   /* all of them, may exceed GOJSON_UNKNOWN */
};

/* Deepest nesting followed. Go stops at 10000; nothing sane goes beyond 100. */
#define GOJSON_DEPTH 1000
/* Of a text: list elements, map entries and what is passed over; more is FLAW_TOO_LARGE. A range of ten thousand
 * published ports takes thirty thousand. */
#define GOJSON_VALUES 32768

/**
 * gojson_decode() - decode the one value that @text holds
 * @out:    a value of @type, zeroed by the caller; partly filled when a flaw is found
 * @arena:  lists, strings with escapes and places; borrowed, outlives @out
 * @report: flaws and unknown keys are added; borrowed
 * @top:    name of the whole in places, usually empty: then "HostConfig.Binds[2]"
 *
 * Every flaw is reported and decoding goes on where it can, so that a message can name them all. A null at the top is
 * the zero value. @text must outlive @out. Returns 0 (flaws or not) or -ENOMEM when the arena is full (also
 * FLAW_TOO_LARGE).
 */
must_check_ int gojson_decode(void *out, const struct gojson_type *type, struct arena *arena,
                              struct gojson_report *report, struct str text, struct str top);
