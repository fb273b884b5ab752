#include "log-line.h"
#include "docksill/base/text.h"
#include <poll.h>

/* With its newline; POLLOUT on a pipe promises room for PIPE_BUF (4096) bytes, on a stream socket for a small write. */
#define SAY_MAX 900

bool log_line(const char *fmt, ...) {
        struct pollfd ready = { .fd = STDERR_FILENO, .events = POLLOUT };
        char line[SAY_MAX + 1];
        struct text t;
        va_list args;
        size_t n;

        text_init_fixed(&t, line, sizeof(line));
        text_addz(&t, "docksill: ");
        va_start(args, fmt);
        text_addv(&t, fmt, args);
        va_end(args);
        text_add_char(&t, '\n');
        n = t.n;
        if (n == 0 || n > SAY_MAX)
                return false;
        line[n - 1] = '\n'; /* also where the text was cut */

        if (poll(&ready, 1, 0) != 1 || !(ready.revents & POLLOUT))
                return false;
        return write(STDERR_FILENO, line, n) == (ssize_t)n;
}
