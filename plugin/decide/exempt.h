#pragma once
/*
 * exempt: whether an exemption lifts one instance of a rule.
 */
#include "docksill/decide/decision.h"

/* An instance that fired. */
struct exempt_instance {
        const void *element; /* as in struct scope; NULL: none, or one that nobody has seen */
        unsigned spellings;  /* of its paths: at least 1 */
        bool hard;
        enum severity severity;
};

/**
 * exempt_applies() - whether it is in force at @at and its match holds for the request
 *
 * Never for a flawed request: what it would be judged by is not what dockerd reads. What is unknown does not match.
 */
bool exempt_applies(const struct rule_exemption *x, const struct request *request, int64_t at);

/* Whether it bears less than @points beside what it lifts. */
bool exempt_bears_less(const struct rule_exemption *x, unsigned points);

/* Of one that applies: whether it lifts the instance. `only` must hold in every spelling of a path: a link that the
 * exemption names may have been turned elsewhere. */
bool exempt_lifts(const struct rule_exemption *x, const struct rule *rule, const struct facts *facts,
                  const struct exempt_instance *instance);
