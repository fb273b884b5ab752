#pragma once
/*
 * mask: an AuthZReq call as it may be written to a disk: what looks secret in it is replaced by what is no secret, and
 * the rules find in it what they found before.
 *
 * Looked at are the values of variables, labels, options and annotations, command lines, the parameters of the query,
 * and headers; what names a thing (images, paths, containers, users) is kept, as records keep it. Secrets of a swarm
 * are replaced whole; so are headers but for those that dockerd itself writes; certificates are left out. What can't be
 * told from an ordinary word stays: a masked call is still for few eyes.
 */
#include "docksill/base/arena.h"
#include "docksill/base/cleanup.h"

struct ruleset;
struct masker;

/* What a call and its masked copies may need. */
#define MASK_MEMORY ((size_t)64 * 1024 * 1024)

/**
 * masker_new() - by the expressions of @rules for names of secrets and for credentials
 *
 * For one thread at a time, and any; nothing of @rules is kept. Returns 0 or -ENOMEM.
 */
must_check_ int masker_new(struct masker **out, const struct ruleset *rules);
void masker_free(struct masker *m);
DEFINE_CLEANUP(struct masker *, masker_free);

/**
 * mask_call() - @call masked, in one line, as dockerd writes one
 * @out:   in @arena, on success only
 * @arena: of MASK_MEMORY
 *
 * The masked call is read once more: it must be the same operation with the same flaws. Returns 0, -EINVAL (it is no
 * call that dockerd could have written), -ENOTRECOVERABLE (it can't be masked so that it is read as before), or
 * -ENOMEM.
 */
must_check_ int mask_call(struct masker *m, struct str *out, struct arena *arena, struct str call);
