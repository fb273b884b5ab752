#pragma once
/*
 * copies: containers that are made to be tried, a few at a time.
 */
#include "docksill/host/engine-api.h"
#include "log-stream.h"
#include "owner.h"
#include <jansson.h>

/* How a copy ended, or did not. */
enum ending {
        ENDING_NONE,    /* not yet */
        ENDING_UP,      /* it runs, and what looks after it is content */
        ENDING_DONE,    /* it ended, with exit code 0 */
        ENDING_FAILED,  /* all else */
        ENDING_REFUSED, /* a plugin of the engine does not let it be made */
};

struct copies {
        struct engine_api *ask;  /* a signal ends what it asks */
        struct engine_api *make; /* goes on: what it makes has to be known, or it could not be removed */
        const volatile sig_atomic_t *stop;
        const struct owner *owner;
        struct arena *arena;
        struct arena *logs;    /* of what copies write */
        const char *check;     /* run in a copy until it succeeds; NULL: none */
        int64_t settle;        /* microseconds: a copy is up when it has run for so long */
        int64_t patience;      /* so long may it take until what looks after it is content, or until it is done */
        enum ending wanted;    /* ENDING_UP or ENDING_DONE; ENDING_NONE: whatever it does by itself */
        bool health, terminal; /* of the original */
        unsigned made;         /* so far */
        struct engine_answer answer;
        const char *what; /* that failed: "create" */
};

struct copy {
        json_t *body;  /* of its create; the caller's */
        char id[80];   /* "": it was not made */
        char exec[80]; /* of the check under way */
        int64_t began; /* clock_monotonic() */
        int64_t took;  /* microseconds until it ended, or was content */
        int64_t next;  /* when it is to be checked again */
        bool content;  /* what looks after it has said so once */
        enum ending ending;
        struct str reason;      /* why it failed, in our words or the engine's; visible */
        struct log_lines lines; /* what it wrote; of c->logs */
};

/**
 * copies_run() - make them, and watch them until each has an ending
 * @n: few
 *
 * They are there still, running or not: copy_remove() each. Returns 0, -EINTR (a signal), or what engine_api_call()
 * returns: then c->what is what was asked, and c->answer the answer.
 */
must_check_ int copies_run(struct copies *c, struct copy *copies, size_t n);

/* Makes one without starting it: its files are the image's. It has no id where the engine did not want to. Returns as
 * copies_run(). */
must_check_ int copy_make(struct copies *c, struct copy *copy);

/**
 * copies_network() - a network of the copies' own, without a way out
 * @name: in c->arena
 *
 * Returns 0, COPIES_NO_NETWORK where the engine makes none, or as copies_run().
 */
#define COPIES_NO_NETWORK 1
must_check_ int copies_network(struct copies *c, const char **name);

/* With its anonymous volumes. What remains all the same leftovers_remove() finds. */
void copy_remove(struct copies *c, struct copy *copy);

/**
 * copies_get() - the engine's answer to a GET about a copy
 * @path: behind its id: "/changes"
 *
 * Returns NULL when there is none, or no JSON.
 */
json_t *copies_get(struct copies *c, const struct copy *copy, const char *path);

/* Whether @path is a folder in the copy; *more: it has something in it. Both are false when it is not there. */
bool copies_folder(struct copies *c, const struct copy *copy, struct str path, bool *more);

/* Unset memory: .make and .ask are the caller's. */
void copies_deinit(struct copies *c);
