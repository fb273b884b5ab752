#include "trouble.h"
#include "docksill/base/clock.h"
#include "docksill/base/say.h"
#include <stdio.h>
#include <string.h>

/* Of all that was lost by now; nothing where nothing was. */
static void lost_by_now(struct trouble *t, const struct writer_counts *counts, char *out, size_t n) {
        out[0] = '\0';
        if (counts->lost)
                snprintf(out, n, "; %llu lost so far, %llu of them refusals", (unsigned long long)counts->lost,
                         (unsigned long long)counts->lost_refused);
        t->said_lost = counts->lost;
}

void trouble_say(struct trouble *t, const struct writer_counts *counts, const char *what, int error) {
        char lost[96];

        if (!complaint_due(&t->complaint, clock_monotonic()))
                return;
        lost_by_now(t, counts, lost, sizeof(lost));
        say(SAY_ERROR, "records: %s %s%s%s%s", what, t->name, error ? ": " : "", error ? strerror(error) : "", lost);
}

void trouble_over(struct trouble *t, const struct writer_counts *counts) {
        char lost[96];

        t->complaint.told = false;
        lost_by_now(t, counts, lost, sizeof(lost));
        say(SAY_NOTICE, "records: writing again to %s%s", t->name, lost[0] ? lost : "; none was lost");
}

void trouble_last(struct trouble *t, const struct writer_counts *counts) {
        char lost[96];

        if (counts->lost <= t->said_lost)
                return;
        lost_by_now(t, counts, lost, sizeof(lost));
        say(SAY_ERROR, "records: closed%s", lost);
}

void trouble_hung(const struct trouble *t, const struct writer_counts *counts) {
        say(SAY_ERROR, "records: a write to %s does not return; up to %llu lost", t->name,
            (unsigned long long)(counts->queued - counts->written + counts->lost));
}
