#pragma once
/*
 * journal: the lines that the file has just got, to the journal.
 */
#include "docksill/base/complaint.h"
#include "docksill/record/journal-wants.h"
#include "journal-entry.h"
#include "journal-socket.h"

/* The writer's thread's. */
struct journal {
        struct journal_socket socket;
        struct text entry, note;
        struct arena arena;
        uint64_t missed; /* what it did not take, all in all */
        uint64_t untold; /* of that, what no entry tells of */
        bool behind;     /* it had enough at hand when it was last asked */
        struct complaint complaint;
};

/* @path is borrowed. Nothing is opened yet. */
void journal_init(struct journal *j, const char *path);
void journal_deinit(struct journal *j);

struct journal_round {
        enum journal_wants wants;
        int64_t patience;               /* microseconds that the journal may be waited for, all lines together */
        bool (*pressed)(void *context); /* whether the file's next records wait: then nothing more is sent */
        void *context;
};

struct journal_outcome {
        uint64_t sent, missed; /* entries */
};

/* @lines are whole. What goes wrong is said on stderr, once. */
struct journal_outcome journal_tell(struct journal *j, struct str lines, const struct journal_round *round);
