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

/* @v with exactly @digits digits. */
static char *put(char *to, int v, int digits) {
        for (int i = digits; i-- > 0; v /= 10)
                to[i] = (char)('0' + v % 10);
        return to + digits;
}

static char *put_before(char *to, int v, int digits, char mark) {
        to = put(to, v, digits);
        *to = mark;
        return to + 1;
}

/* Every record has one, so it is not printf()'s. */
void clock_add_rfc3339(struct text *t, int64_t wall) {
        char buffer[sizeof("9999-12-31T23:59:59.999999Z")], *p = buffer;
        int64_t part = wall % MICROSECONDS;
        time_t seconds;
        struct tm tm;

        if (part < 0)
                part += MICROSECONDS;
        seconds = (time_t)((wall - part) / MICROSECONDS);
        /* RFC 3339 has four digits for a year. */
        if (!gmtime_r(&seconds, &tm) || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900) {
                t->failed = true;
                return;
        }
        p = put_before(p, tm.tm_year + 1900, 4, '-');
        p = put_before(p, tm.tm_mon + 1, 2, '-');
        p = put_before(p, tm.tm_mday, 2, 'T');
        p = put_before(p, tm.tm_hour, 2, ':');
        p = put_before(p, tm.tm_min, 2, ':');
        p = put_before(p, tm.tm_sec, 2, '.');
        p = put_before(p, (int)part, 6, 'Z');
        text_add(t, (struct str){ buffer, (size_t)(p - buffer) });
}
