#include "terminal.h"
#include "docksill/base/cleanup.h"
#include "docksill/base/say.h"
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

/* Each with its severity, where that is asked for; a person's terminal has them as they are. */
static void add_marked(struct text *out, const struct diag *diag) {
        cleanup_(text_deinit) struct text one;

        text_init(&one);
        for (size_t i = 0; i < diag->n; ++i) {
                text_reset(&one);
                diag_entry_render(&diag->items[i], &one);
                say_add_marked(out, diag->items[i].error ? SAY_ERROR : SAY_WARNING, text_str(&one));
        }
        if ((size_t)diag->errors + diag->warnings > diag->n)
                text_addf(out, "%sand %zu more\n", say_mark(SAY_WARNING), diag->errors + diag->warnings - diag->n);
}

void terminal_diag(const struct diag *diag) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        if (*say_mark(SAY_ERROR))
                add_marked(&t, diag);
        else
                diag_render(diag, &t);
        t.failed = false; /* the part that there was memory for is better than nothing */
        (void)!terminal_write(STDERR_FILENO, &t);
}
