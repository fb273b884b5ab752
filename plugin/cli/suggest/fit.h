#pragma once
/*
 * fit: the least privileges that keep what a container was seen to use, each with its evidence and how sure it is.
 *
 * What only use over time could show is said, not guessed: a suggestion that rests on a short look says so, and where
 * being wrong would stop the program it is told as advice, not applied.
 */
#include "docksill/decide/flag.h"
#include "docksill/engine/facts.h"
#include "observed.h"

enum sureness {
        SURE,
        LIKELY,
        OVER_TIME, /* only use over time can show */
};
struct str sureness_name(enum sureness s); /* "sure", "likely", "over-time" */

/* How a create's body changes beside what flags add. */
enum edit_kind {
        EDIT_NO_CAPABILITY, /* --cap-add of .what is left out */
        EDIT_READ_ONLY,     /* what is mounted at .what can't be written */
        EDIT_NO_PORT,       /* container port .what, "80/tcp", is not published */
};
struct edit {
        enum edit_kind kind;
        struct str what;
};

struct suggestion {
        const char *topic;   /* "memory", "user" … */
        struct flags flags;  /* added to the command; in its arena */
        struct str instead;  /* what else changes, or what is advised, in words; empty: nothing */
        struct str evidence; /* a sentence without an end */
        enum sureness sure;
        bool applied; /* else it is advice: neither among the flags nor judged */
        struct edit *edits;
        size_t n_edits, edits_capacity;
};

struct suggestions {
        struct suggestion *items;
        size_t n, capacity;
        struct arena *arena;    /* borrowed */
        struct suggestion lost; /* that there was no memory for */
};

/* An observation is rather of use than of a start. */
#define FIT_LONG (INT64_C(24) * 3600 * 1000000)

/* What a fit goes by. */
struct fitting {
        const struct observed *o;
        const struct facts *facts; /* of the call that would make the container */
        const char *proc;          /* as of host_places: what is inside may be looked at; NULL: not */
        int64_t first;             /* its process 1, there */
        int64_t scratch;           /* bytes of files that would go to memory; fit_find() finds out */
        struct suggestions *out;
};

/**
 * fit_find() - all that can be suggested
 * @f: .out is zeroed but for its arena; @f->o is of a container that runs
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int fit_find(const struct fitting *f);

/* -- its parts, and what they have in common -- */

void fit_limits(const struct fitting *f);     /* memory, processes, processors */
void fit_privileges(const struct fitting *f); /* no-new-privileges, capabilities, user */
void fit_files(const struct fitting *f);      /* read-only root, with what must be written */
int64_t fit_scratch(const struct fitting *f); /* bytes that it would put into memory for that */
void fit_mounts(const struct fitting *f);     /* mounts that are only read */
void fit_ports(const struct fitting *f);      /* published ports, and whether it needs a network */

/* A new one; never NULL: without memory it is lost, as the arena remembers. */
struct suggestion *fit_add(const struct fitting *f, const char *topic, enum sureness sure);

printf_(3, 4) void fit_flag(const struct fitting *f, struct suggestion *s, const char *fmt, ...);
void fit_edit(const struct fitting *f, struct suggestion *s, enum edit_kind kind, struct str what);
printf_(2, 3) struct str fit_text(const struct fitting *f, const char *fmt, ...);

/* "41.2m", "3 days": in the arena. */
struct str fit_bytes(const struct fitting *f, int64_t bytes);
struct str fit_age(const struct fitting *f);

/* LIKELY of what was looked at for long, else OVER_TIME. */
enum sureness fit_by_age(const struct fitting *f);

/* Whether it starts as root: what was asked for, or what process 1 is. */
bool fit_starts_as_root(const struct fitting *f);
