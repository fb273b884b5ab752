#pragma once
/*
 * flag: the flags of `docker run` and `docker service` that rules offer: what they do to a program, and how other
 * clients say the same.
 */
#include "docksill/base/text.h"

/* Flags of one remedy, each "--name", "--name value" or "--name=value". */
struct flags {
        struct str *items;
        size_t n, capacity;
};

/* From a program that does not notice (1) to one that may not start with it (FLAG_MAY_STOP and above). A flag that is
 * not known here may do anything. */
#define FLAG_MAY_STOP 12
unsigned flag_disturbs(struct str flag);
bool flag_may_stop(struct str flag);

/* What it changes of a program: "start" (as whom, with what rights, beside whom), "files" (where it writes), "limits",
 * "network", "lifetime" (when it is stopped and started again); "unknown" for a flag that is not known here. */
struct str flag_changes(struct str flag);

/* "--name" of any of its forms, and what stands behind it; p == NULL: nothing. */
struct str flag_name(struct str flag);
struct str flag_value(struct str flag);

/* "512m" is 536870912. False for what is no number of bytes. */
bool flag_bytes(struct str value, int64_t *out);

/* Does docker's client read it as it is meant? A place with a colon in it is read as one with options. */
bool flag_is_sound(struct str flag);

/* For people: "start", "start; may stop the program", "lifetime; by hand". */
void flag_add_change(struct text *out, struct str flag);

/* Is it better thought about than pasted? It changes when a program is started again, what it shares with whom, or how
 * much it may use for what it alone knows. */
bool flag_is_by_hand(struct str flag);

/* Does it add a capability that root needs to become somebody else: CHOWN, DAC_OVERRIDE, FOWNER, SETGID, SETUID? */
bool flag_steps_down(struct str flag);

/* Takes out what another flag makes needless: who does not start as root does not step down. */
void flags_drop_needless(struct flags *flags);

/**
 * flag_add_shell() - a flag so that it can be pasted into a shell
 *
 * What a requester wrote may stand in the value: with blanks, quotes or a semicolon in it, it goes between single
 * quotes.
 */
void flag_add_shell(struct text *out, struct str flag);

/* How another client says it. */
enum flag_words {
        FLAG_COMPOSE, /* keys below a service of a compose file: "mem_limit: 512m" */
        FLAG_API,     /* members of a create's body: "HostConfig.Memory: 536870912" */
        FLAG_TASK,    /* members of a service's: "TaskTemplate.Resources.Limits.MemoryBytes: 536870912" */
};

/* "mem_limit", "HostConfig.Memory"; p == NULL: it has no word for it. */
struct str flag_key(struct str flag, enum flag_words words);

/**
 * flags_add_words() - the same in the words of another client
 * @between: what stands between two keys or members
 *
 * What goes to one key is told once: "security_opt: [a, b]". Returns false, and adds nothing, when some flag is not
 * known here.
 */
must_check_ bool flags_add_words(struct text *out, const struct flags *flags, enum flag_words words,
                                 const char *between);
