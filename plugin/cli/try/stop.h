#pragma once
/*
 * stop: a signal that is to end us, kept until what was made is removed.
 */
#include <signal.h>

/* Which one came first; 0: none. */
extern volatile sig_atomic_t stop_signal;

struct stop {
        struct sigaction before[5];
};

/* From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT are kept; SIGPIPE is ignored: nobody may read our progress any
 * more. */
void stop_begin(struct stop *s);

/* As it was before; dies by the signal that came. */
void stop_end(const struct stop *s);
