#pragma once
/*
 * explain-flags: what a requester adds to the command so that it passes.
 */
#include "docksill/decide/decision.h"
#include "docksill/decide/flag.h"

/**
 * explain_flags() - the flags that lift the findings of @d, deduplicated, in order
 * @limits: those alone that count towards the verdict by these; NULL: all that no exemption lifts
 *
 * Each is in the arena, as the rule has it, not quoted: see flag_add_shell(). Returns 0, or -ENOMEM when the arena is
 * full: those so far are there.
 */
must_check_ int explain_flags(struct flags *out, const struct decision *d, const struct limits *limits,
                              const struct request *request, struct arena *arena);

/* Do flags of the request's command lift this instance? Services have commands, and so flags, of their own. */
bool explain_flags_serve(const struct evidence *e, const struct request *request);

/**
 * explain_add_fix() - what to do about one instance, in the words of who is to do it
 * @compose: of a compose file, where the rule has some
 *
 * Of a service: flags of `docker service` where there are some, else what the rule says of services. Nothing where the
 * rule's words need an element that is not known.
 */
void explain_add_fix(struct text *out, const struct evidence *e, const struct request *request, bool compose);
