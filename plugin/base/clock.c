#include "docksill/base/clock.h"

#include <assert.h>
#include <time.h>

#define MICROSECONDS 1000000

static int64_t now(clockid_t which) {
        struct timespec ts;
        int r = clock_gettime(which, &ts);

        assert(r == 0);
        return (int64_t)ts.tv_sec * MICROSECONDS + ts.tv_nsec / 1000;
}

int64_t clock_monotonic(void) {
        return now(CLOCK_MONOTONIC);
}

int64_t clock_wall(void) {
        return now(CLOCK_REALTIME);
}

void clock_add_rfc3339(struct text *t, int64_t wall) {
        int64_t part = wall % MICROSECONDS;
        time_t seconds;
        struct tm tm;

        if (part < 0)
                part += MICROSECONDS;
        seconds = (time_t)((wall - part) / MICROSECONDS);
        if (!gmtime_r(&seconds, &tm)) {
                t->failed = true;
                return;
        }
        text_addf(t, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                  tm.tm_min, tm.tm_sec, (int)part);
}
