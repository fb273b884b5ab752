#pragma once
/*
 * client-calls: what a client sends, caught by a stand-in for the engine in a folder of our own.
 */
#include "stand-in.h"

struct client_calls {
        struct sent_calls sent; /* in the arena, as all here */
        struct str said;        /* the end of the client's stderr */
        int exit_code;          /* the client's; 128 and the signal's number when that ended it */
        bool timed_out;         /* it had to be ended, and was not merely watching the engine's events */
};

/* What to run. */
struct client_command {
        char *const *argv; /* ended by NULL */
        unsigned seconds;  /* it is ended after so many */
        bool again;        /* may be run more than once: it does nothing but talk to the engine */
};

/**
 * client_calls() - run a client until it ends, and keep what it asked
 * @out: on success only
 *
 * One that fails after it looked for a network or a volume that it did not create is run again with that one there: it
 * needs it. Nothing is left behind: no socket, no folder, no process; on SIGINT, SIGTERM, SIGHUP and SIGQUIT neither,
 * and then the signal ends us. Says on stderr what failed. Returns an enum exit_code.
 */
must_check_ int client_calls(struct client_calls *out, struct arena *arena, const struct client_command *command);
