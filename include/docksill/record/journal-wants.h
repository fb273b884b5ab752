#pragma once
/*
 * journal-wants: which records go to systemd-journald too, beside the file.
 *
 * The file stays the truth: an entry is made of a line that the file has, and what the journal does not take is left
 * out there, counted and told of. The writer's thread does it; a decision never waits for it.
 */
#include <stdint.h>

enum journal_wants {
        JOURNAL_OFF,
        JOURNAL_REFUSALS, /* what is refused, or would be were it not for audit mode; and what docksill says of itself
                           */
        JOURNAL_ALL,      /* whatever is recorded */
};

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* How long the thread waits for the journal in one round of writing, at most; in microseconds. */
#define JOURNAL_PATIENCE (20 * INT64_C(1000))
