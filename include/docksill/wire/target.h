#pragma once
/*
 * target: the request target, read the way dockerd's router reads it.
 *
 * dockerd hands plugins the raw RequestURI but routes on the decoded path (moby pkg/authorization/middleware.go,
 * daemon/server/server.go; PROTOCOL 0.5, 4). A rule that looked at the raw text could be walked around with "%2F".
 */
#include "docksill/wire/flaw.h"

/* Beyond either it is FLAW_TOO_LARGE, and nothing of it is read; Go's server takes a megabyte with all headers. */
#define TARGET_BYTES      ((size_t)1 << 20)
#define TARGET_PARAMETERS 4096

struct target_parameter {
        struct str key, value; /* decoded; '+' is a space */
};

/* Views of the raw text or of the arena given to target_parse(). */
struct target {
        struct str path;  /* decoded once, without the version prefix; begins with '/' */
        unsigned version; /* the N of /v1.N; 0: no prefix, that is the daemon's newest, or an odd one (a flaw) */
        struct target_parameter *parameters; /* in order */
        size_t n_parameters;
};

/**
 * target_parse() - split and decode a request target
 * @out:   as far as it can be read, flaws or not, so that the operation can be named and recorded: the path is empty
 * when it is not absolute or an escape in it is bad; a query pair with a bad escape is left out
 * @arena: owns what @out points to; borrowed
 * @flaws: what is wrong with the target is added here
 * @raw:   RequestUri as received; must outlive @out
 *
 * Accepts the origin form alone; dots and doubled slashes are looked for in the decoded path only, never in the query.
 * Returns 0 (flaws or not), or -ENOMEM when the arena's limit is reached.
 */
must_check_ int target_parse(struct target *out, struct arena *arena, struct flaws *flaws, struct str raw);

/**
 * target_parameter() - the value dockerd's Form.Get would return
 *
 * The first of a repeated key; a view with p == NULL when there is none. Keys are case-sensitive.
 */
struct str target_parameter(const struct target *t, struct str key);

/* Go's httputils.BoolValue: false for "", "0", "no", "false", "none" (trimmed, any case), else true. */
bool target_bool(const struct target *t, struct str key);
