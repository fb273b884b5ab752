#include "log-line.h"
#include <poll.h>

/* With its newline; POLLOUT on a pipe promises room for PIPE_BUF (4096) bytes, on a stream socket for a small write. */
#define SAY_MAX 900

bool log_at(enum say_level level, const char *fmt, ...) {
        struct pollfd ready = { .fd = STDERR_FILENO, .events = POLLOUT };
        char line[SAY_MAX + 1];
        va_list args;
        size_t n;

        va_start(args, fmt);
        n = say_format(line, sizeof(line), level, fmt, args);
        va_end(args);
        if (poll(&ready, 1, 0) != 1 || !(ready.revents & POLLOUT))
                return false;
        return write(STDERR_FILENO, line, n) == (ssize_t)n;
}
