#include "own-finding.h"
#include <errno.h>

int own_finding_add(struct decision *d, const struct own_finding *f, struct arena *arena) {
        struct evidence *evidence = ARENA_NEW(arena, struct evidence);
        struct finding *findings = ARENA_ARRAY(arena, struct finding, d->n_findings + 1);
        const struct rule_case *cause = f->rule->cases;

        if (!evidence || !findings)
                return -ENOMEM;
        *evidence = (struct evidence){
                .where = str_from(f->where), .message = f->message, .severity = cause->severity, .cause = cause
        };
        findings[0] = (struct finding){ .rule = f->rule,
                                        .cause = cause,
                                        .severity = cause->severity,
                                        .points = severity_points(cause->severity),
                                        .access = f->access,
                                        .hard = !f->access,
                                        .evidence = evidence,
                                        .n_evidence = 1,
                                        .instances = 1 };
        if (d->n_findings)
                memcpy(&findings[1], d->findings, d->n_findings * sizeof(*findings));
        d->findings = findings;
        ++d->n_findings;
        return 0;
}

int own_finding_spent(struct decision *d, struct arena *arena) {
        static const struct fix fix = { .cli = NULL };
        static const struct rule_case cases[] = { { .severity = SEVERITY_CRITICAL, .hard = true, .fix = &fix } };
        static const struct rule rule = {
                .id = STR("request-too-costly"),
                .title = STR("Texts that take too long to search"),
                .why = STR("They repeat what secrets begin with. One request must not hold up the others, and what was "
                           "not searched may hold "
                           "anything."),
                .cases = cases,
                .n_cases = 1,
                .unknown = SEVERITY_CRITICAL,
                .uses = GROUP_REQUEST,
        };
        const struct own_finding f = {
                .rule = &rule,
                .where = "RequestBody",
                .message = STR("its texts take more steps to search than one request may have: make them shorter, or "
                               "mount them as a file"),
        };

        return own_finding_add(d, &f, arena);
}
