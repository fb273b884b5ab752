#pragma once
/*
 * reading: what a decoder may touch of a call: what was sent, and where it writes what that means.
 *
 * A decoder returns nothing. Its memory is latched (base/arena.h): at a full arena nothing more is stored, and whoever
 * began the reading looks once, at the end. What Go would not read as it stands is a flaw.
 */
#include "docksill/wire/envelope.h"
#include "docksill/wire/gojson.h"
#include "docksill/wire/target.h"
#include "facts/word.h"

struct reading {
        struct arena *arena; /* latched */
        struct facts *facts;
        struct flaws *flaws;
        struct gojson_report report; /* of the JSON that was read; adds to the same flaws */

        struct str operation;            /* the id of its row */
        const struct envelope *envelope; /* method and headers */
        const struct target *target;     /* the query, and the version of the API */
        const struct str *variables;     /* of the path, in the order of the pattern */
        size_t n_variables;
        struct str body;     /* decoded; n == 0: none was shown */
        bool body_is_absent; /* it is proven that there is none */
        bool body_may_hide;  /* none was shown, and parameters may stand in one */

        /* Written: the image's own are taken, as dockerd merges them (moby daemon/commit.go). */
        bool inherits_entrypoint, inherits_command;
};

/* The parameter @key of the query; p == NULL: there is none. */
static inline struct str reading_parameter(const struct reading *in, const char *key) {
        return target_parameter(in->target, str_from(key));
}

/* Does the call speak a version of the API below 1.@minor? Without one in its path it speaks the engine's newest. */
static inline bool reading_api_below(const struct reading *in, unsigned minor) {
        return in->target->version != 0 && in->target->version < minor;
}
