#pragma once
/*
 * explain-flags: what a requester adds to the command so that it passes.
 */
#include "docksill/decide/decision.h"

struct explain_flags {
        struct str *items;
        size_t n, capacity;
};

/**
 * explain_flags() - the flags that lift the findings of @d, deduplicated, in order
 * @limits: those alone that count towards the verdict by these; NULL: all that no exemption lifts
 *
 * Each is in the arena, as the rule has it, not quoted: see explain_add_flag(). Returns 0, or -ENOMEM when the arena is
 * full: those so far are there.
 */
must_check_ int explain_flags(struct explain_flags *out, const struct decision *d, const struct limits *limits,
                              const struct request *request, struct arena *arena);

/* Does a flag of the request's command lift what @fix is of? Services have commands, and so flags, of their own. */
bool explain_has_flags(const struct fix *fix, const struct request *request);

/**
 * explain_add_flag() - a flag so that it can be pasted into a shell
 * @flag: "--name", "--name value" or "--name=value"; all that follows the name is one value
 *
 * What a requester wrote may stand in the value: with blanks, quotes or a semicolon in it, it goes between single
 * quotes.
 */
void explain_add_flag(struct text *out, struct str flag);
