#include "docksill/base/date.h"

#include <errno.h>
#include <time.h>

#define MICROSECONDS 1000000

static int digits(struct str text, size_t from, size_t n, int *out) {
        int value = 0;

        for (size_t i = from; i < from + n; ++i) {
                if (!ascii_digit(text.p[i]))
                        return -EINVAL;
                value = value * 10 + (text.p[i] - '0');
        }
        *out = value;
        return 0;
}

int date_parse(struct str text, int64_t *out) {
        int year, month, day;
        struct tm tm, same;
        time_t seconds;

        if (text.n != strlen("2026-12-31") || text.p[4] != '-' || text.p[7] != '-')
                return -EINVAL;
        if (digits(text, 0, 4, &year) < 0 || digits(text, 5, 2, &month) < 0 || digits(text, 8, 2, &day) < 0)
                return -EINVAL;
        if (year < 1970)
                return -EINVAL;
        tm = (struct tm){ .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day };
        seconds = timegm(&tm);
        /* timegm() takes February 30th for a day in March. */
        if (!gmtime_r(&seconds, &same) || same.tm_mon != month - 1 || same.tm_mday != day)
                return -EINVAL;
        *out = (int64_t)seconds * MICROSECONDS;
        return 0;
}
