#pragma once
/*
 * access-gate: the first gate, whether the caller may call this at all; docksill/rules/access.h has what it means.
 */
#include "docksill/decide/decision.h"

/**
 * access_judge() - put access-denied before the findings of @d, where the caller may not
 *
 * Returns 0, or -ENOMEM when the arena is full and the finding is missing.
 */
must_check_ int access_judge(struct decision *d, struct access_view access, const struct request *request,
                             struct arena *arena);
