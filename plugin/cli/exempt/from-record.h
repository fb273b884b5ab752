#pragma once
/*
 * from-record: the exemption that would have let one recorded decision pass, and nothing worse.
 *
 * A record holds what was found, with the values that an exemption can name, and who asked for which image. It holds no
 * body: whether the request would pass is arithmetic, not a trial.
 */
#include "docksill/rules/ruleset.h"
#include "exemption/draft.h"
#include <jansson.h>

struct from_record {
        const json_t *record;
        const struct ruleset *rules; /* of today */
        struct str owner, reason, day;
        struct arena *arena;
};

/**
 * from_record_add() - its items, behind a remark that says what they are of
 * @out: appended to; nothing on a refusal
 * @why: then: why there is no such exemption, a sentence; in the arena
 *
 * Returns 0, -EPERM (@why) or -ENOMEM.
 */
must_check_ int from_record_add(struct text *out, const struct from_record *from, struct str *why);
