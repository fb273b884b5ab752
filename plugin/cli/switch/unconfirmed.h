#pragma once
/*
 * unconfirmed: a registration that ends by itself unless somebody confirms it.
 *
 * A word in STATE/unconfirmed says that one waits; `docksill confirm` removes it. When the time is over, a timer of
 * systemd's, or where systemd does not run a process of its own, takes docksill out of dockerd's settings if the word
 * is still the one that it was begun with. Both outlive the command, its terminal and docksill itself.
 */
#include "registration.h"

#define UNCONFIRMED_LEAST 5
#define UNCONFIRMED_MOST  3600

/* "120s", "2m", "90": seconds. False: it is none, or out of bounds. */
bool unconfirmed_time(const char *text, unsigned *out);

struct unconfirmed {
        unsigned seconds;
        const struct invocation *in; /* of the command that begins it */
        /* What takes docksill out, if @word still waits: as disable_unconfirmed(). */
        int (*undo)(const struct invocation *in, const char *word);
};

/* Begins to wait: before anything is changed. Says what failed. Returns EXIT_FINE or EXIT_ENVIRONMENT. */
must_check_ int unconfirmed_begin(const struct registration *r, const struct unconfirmed *u);

/* Whether one waits; and with @word, whether it is that one. */
bool unconfirmed_waits(const struct registration *r, const char *word);

/* Its time, as clock_wall(); 0: none waits, or it does not say. */
int64_t unconfirmed_until(const struct registration *r);

/* It no longer waits. Returns 0, -ENOENT: none did, or another errno. */
must_check_ int unconfirmed_end(const struct registration *r);
