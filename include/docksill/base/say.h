#pragma once
/*
 * say: a line on stderr for whoever runs us.
 *
 * Where stderr is the journal (sd-daemon(3), $JOURNAL_STREAM of systemd.exec(5)) each line has its severity before it,
 * as "<4>", which journald takes off; anywhere else it stands alone.
 */
#include "docksill/base/text.h"

/* As syslog(3) numbers them. */
enum say_level {
        SAY_ERROR = 3,   /* docksill does not do what it is here for, or records are lost: somebody must act */
        SAY_WARNING = 4, /* something is less than it should be */
        SAY_NOTICE = 5,  /* what an administrator did, or that a trouble is over */
        SAY_INFO = 6,
};

/* "docksill: " before it and a newline behind it; in one write(2), cut where it is very long. It may wait for whoever
 * reads stderr. */
printf_(2, 3) void say(enum say_level level, const char *fmt, ...);

/* Such a line, NUL-terminated, in @to, which has room for @size bytes, 32 at least; cut where it does not fit. Returns
 * its bytes. */
__attribute__((__format__(__printf__, 4, 0))) size_t say_format(char *to, size_t size, enum say_level level,
                                                                const char *fmt, va_list args);

/* "<4>", or "" where stderr is not the journal. */
const char *say_mark(enum say_level level);

/* Each line of @lines, which end in newlines, with its mark. */
void say_add_marked(struct text *out, enum say_level level, struct str lines);
