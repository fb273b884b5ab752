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

/* "T23:59:59" */
static int clock_parse(struct str text, int64_t *seconds) {
        int hour, minute, second;

        if (text.n != strlen("T23:59:59") || text.p[0] != 'T' || text.p[3] != ':' || text.p[6] != ':')
                return -EINVAL;
        if (digits(text, 1, 2, &hour) < 0 || digits(text, 4, 2, &minute) < 0 || digits(text, 7, 2, &second) < 0)
                return -EINVAL;
        if (hour > 23 || minute > 59 || second > 59)
                return -EINVAL;
        *seconds = hour * 3600 + minute * 60 + second;
        return 0;
}

/* ".123456789" and nothing at all; what is left of @rest is the zone. */
static int fraction_parse(struct str *rest, int64_t *microseconds) {
        int64_t unit = MICROSECONDS;
        size_t n = 1;

        *microseconds = 0;
        if (str_empty(*rest) || rest->p[0] != '.')
                return 0;
        for (; n < rest->n && ascii_digit(rest->p[n]); ++n) {
                unit /= 10;
                *microseconds += unit * (rest->p[n] - '0');
        }
        *rest = str_skip(*rest, n);
        return n > 1 ? 0 : -EINVAL;
}

/* "Z", "+02:00": seconds east of Greenwich. */
static int zone_parse(struct str text, int64_t *east) {
        int hour, minute;

        *east = 0;
        if (str_eq(text, STR_C("Z")))
                return 0;
        if (text.n != strlen("+02:00") || (text.p[0] != '+' && text.p[0] != '-') || text.p[3] != ':')
                return -EINVAL;
        if (digits(text, 1, 2, &hour) < 0 || digits(text, 4, 2, &minute) < 0 || hour > 23 || minute > 59)
                return -EINVAL;
        *east = (text.p[0] == '-' ? -1 : 1) * (hour * 3600 + minute * 60);
        return 0;
}

int date_time_parse(struct str text, int64_t *out) {
        struct str rest = str_skip(text, strlen("2026-12-31T23:59:59"));
        int64_t day, seconds, microseconds, east;

        if (date_parse(str_first(text, strlen("2026-12-31")), &day) < 0 ||
            clock_parse(str_first(str_skip(text, strlen("2026-12-31")), strlen("T23:59:59")), &seconds) < 0 ||
            fraction_parse(&rest, &microseconds) < 0 || zone_parse(rest, &east) < 0)
                return -EINVAL;
        *out = day + (seconds - east) * MICROSECONDS + microseconds;
        return 0;
}
