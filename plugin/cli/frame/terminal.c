#include "terminal.h"
#include "docksill/base/cleanup.h"
#include <errno.h>

bool terminal_colour(int fd) {
        const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

        return isatty(fd) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

int terminal_write(int fd, const struct text *t) {
        size_t n = 0;

        if (t->failed)
                return -ENOMEM;
        while (n < t->n) {
                ssize_t r = write(fd, t->p + n, t->n - n);

                if (r < 0 && errno == EINTR)
                        continue;
                if (r < 0)
                        return -errno;
                n += (size_t)r;
        }
        return 0;
}

void terminal_diag(const struct diag *diag) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        diag_render(diag, &t);
        t.failed = false; /* the part that there was memory for is better than nothing */
        (void)!terminal_write(STDERR_FILENO, &t);
}
