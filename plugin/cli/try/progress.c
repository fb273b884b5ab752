#include "progress.h"
#include "docksill/base/text.h"
#include <stdio.h>
#include <unistd.h>

void progress_init(struct progress *p, unsigned most) {
        const char *term = getenv("TERM");

        *p = (struct progress){ .most = most, .terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0 };
}

static void show(const struct progress *p, const struct text *t, bool over) {
        if (!t->failed && t->p)
                fprintf(stderr, p->terminal ? "\r\033[K%s%s" : "%s%s", t->p, over ? "" : "\n");
        fflush(stderr);
}

void progress_begin(const struct progress *p, const struct tried *t, size_t n) {
        cleanup_(text_deinit) struct text line;

        text_init(&line);
        if (!p->terminal)
                return;
        text_addf(&line, "trying copy %zu", t->attempts.n + 1);
        if (n > 1)
                text_addf(&line, " to %zu", t->attempts.n + n);
        text_addf(&line, " of at most %u", p->most);
        show(p, &line, true);
}

void progress_result(const struct progress *p, const struct tried *t, const struct attempt *a) {
        cleanup_(text_deinit) struct text line;

        text_init(&line);
        text_addf(&line, "try %zu: ", t->attempts.n);
        tried_add_attempt(&line, t, a);
        text_addz(&line, a->works ? ": works" : ": ");
        if (!a->works)
                text_add(&line, a->reason);
        if (!a->works && a->line.n) {
                text_addz(&line, ": ");
                text_add_visible(&line, a->line, 120);
        }
        show(p, &line, false);
}

void progress_end(const struct progress *p) {
        if (p->terminal)
                fputs("\r\033[K", stderr);
}
