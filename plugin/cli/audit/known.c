#include "known.h"

void known_mark(struct report *r, const struct earlier *baseline) {
        for (size_t i = 0; i < r->findings.n; ++i) {
                struct report_finding *f = &r->findings.items[i];
                const struct earlier_finding *before = earlier_find(baseline, str_from(f->fingerprint));

                f->known = f->state == REPORT_FAIL && before && before->state == REPORT_FAIL &&
                           f->severity <= before->severity && f->instances <= before->instances;
                r->known += f->known;
        }
}
