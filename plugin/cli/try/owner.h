#pragma once
/*
 * owner: whose copies these are: a label that tells a later run whether the process that made them is gone.
 *
 * "BOOT/PID-NAMESPACE/PID/START/TIME/NONCE": a process's number alone is used again, after a reboot or by another
 * container that has a docksill in it.
 */
#include "docksill/base/str.h"

#define OWNER_LABEL "io.docksill.try"
#define OWNER_MOST  192

/* No run takes that long, in seconds. */
#define OWNER_AGE_MOST 3600

struct owner {
        char text[OWNER_MOST];
        char nonce[17]; /* 16 hex digits: for names */
};

/* This process. Returns 0, or a negative errno where /proc can't be read or there is no randomness. */
int owner_init(struct owner *out);

enum owner_state {
        OWNER_LIVES,
        OWNER_GONE,      /* or of another boot, or among processes that we don't see, and too long ago */
        OWNER_ELSEWHERE, /* the same, and not so long ago; or no label of ours */
};

/* Of the label that was found on something. */
enum owner_state owner_of(struct str label);
