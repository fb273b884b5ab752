#include "trouble.h"
#include "docksill/base/clock.h"
#include "docksill/base/say.h"
#include <stdio.h>
#include <string.h>

/* Of all that was lost by now; nothing where nothing was. */
static void add_lost(char *out, size_t n, struct losses lost) {
        out[0] = '\0';
        if (lost.all)
                snprintf(out, n, "; %llu lost so far, %llu of them refusals", (unsigned long long)lost.all,
                         (unsigned long long)lost.refusals);
}

void trouble_complain(struct trouble *t, const char *file, const char *what, int error, struct losses lost) {
        char so_many[96];

        if (!complaint_due(&t->complaint, clock_monotonic()))
                return;
        t->said_lost = lost.all;
        add_lost(so_many, sizeof(so_many), lost);
        say(SAY_ERROR, "records: %s %s%s%s%s", what, file, error ? ": " : "", error ? strerror(error) : "", so_many);
}

void trouble_reassure(struct trouble *t, const char *file, struct losses lost) {
        char so_many[96];

        t->complaint.told = false;
        t->said_lost = lost.all;
        add_lost(so_many, sizeof(so_many), lost);
        say(SAY_NOTICE, "records: writing again to %s%s", file, so_many[0] ? so_many : "; none was lost");
}

void trouble_say_last(const struct trouble *t, struct losses lost) {
        char so_many[96];

        if (lost.all <= t->said_lost)
                return;
        add_lost(so_many, sizeof(so_many), lost);
        say(SAY_ERROR, "records: closed%s", so_many);
}

void trouble_say_hung(const char *file, uint64_t unwritten) {
        say(SAY_ERROR, "records: a write to %s does not return; up to %llu lost", file, (unsigned long long)unwritten);
}
