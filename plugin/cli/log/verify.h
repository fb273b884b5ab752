#pragma once
/*
 * verify: a walk along the chain of the records (docksill/record/chain.h), line by line.
 *
 * What a line says of the one before it is compared with what stands there. The last line is held by nothing that
 * follows it, and lines that are missing before the first or behind the last do not show: for these there are anchors.
 */
#include "docksill/record/chain.h"
#include "records/record-file.h"

#define VERIFY_SHOWN   100 /* faults and notes that are kept; the others are counted */
#define VERIFY_ANCHORS 16

enum verify_kind {
        /* findings */
        VERIFY_CHANGED,     /* what the next line says of it does not hold */
        VERIFY_MISSING,     /* lines before it, .n of them */
        VERIFY_DISORDER,    /* it, and .n - 1 behind it, belong further up, or were there already */
        VERIFY_FOREIGN,     /* .n lines that are none of docksill's */
        VERIFY_BEGUN_ANEW,  /* a new chain, which is tied to nothing before it */
        VERIFY_OLD_CHANGED, /* the chain began behind another line than the one that is there */
        VERIFY_NO_CHAIN,    /* no line has a link */
        VERIFY_ANCHOR,      /* the line is another one than the anchor's */
        VERIFY_ANCHOR_GONE, /* no line has the anchor's number */
        /* notes */
        VERIFY_TORN,         /* by a kill; .n bytes; docksill has told of it itself */
        VERIFY_WRITTEN_ANEW, /* begun and not finished, and whole behind it */
        VERIFY_UNENDED,      /* the last line has no end: it is being written, or docksill was killed */
        VERIFY_BEFORE,       /* .n lines from before there was a chain */
        VERIFY_LATE,         /* the chain's beginning is not here */
        VERIFY_LOST,         /* .n records that docksill could not write, as it has told itself */
        VERIFY_OPEN,         /* the last line is not that of an end */
};
static inline bool verify_is_finding(enum verify_kind kind) {
        return kind < VERIFY_TORN;
}

struct verify_place {
        const char *file;    /* borrowed from the caller; NULL: none */
        uint64_t line, link; /* 0: none */
        char time[RECORD_TIME];
};

struct verify_fault {
        enum verify_kind kind;
        struct verify_place at;
        uint64_t n;
};

/* What somebody has noted elsewhere. */
struct verify_anchor {
        uint64_t link;
        char digest[CHAIN_DIGEST + 1];
        bool seen, held;
};

struct verify {
        struct verify_fault faults[VERIFY_SHOWN];
        size_t n;
        uint64_t findings, notes; /* all of them */
        uint64_t lines, lost;
        struct verify_place first, top; /* linked lines: the first, and the one furthest down the chain */
        char digest[CHAIN_DIGEST + 1];  /* of .top */
        struct verify_anchor anchors[VERIFY_ANCHORS];
        size_t n_anchors;

        /* the module's */
        struct chain chain; /* as the lines stand */
        struct verify_place here, loose_at;
        uint64_t loose;   /* lines without a link since the last one that has one */
        char *loose_text; /* the first of them */
        size_t loose_n;
        bool unended, stopped, adjacent;
};

/* Returns 0 or -ENOMEM. */
must_check_ int verify_init(struct verify *v);
void verify_deinit(struct verify *v);

/* "10423:" and 64 hex digits, several with commas between. Returns whether it is that. */
must_check_ bool verify_anchor(struct verify *v, struct str text);

/* The next line. @line: without its newline, which stands behind it; @unended: it is not in the file. */
void verify_line(struct verify *v, const char *file, uint64_t number, struct str line, bool unended);

/* No more lines. */
void verify_end(struct verify *v);

/* A sentence without its end. */
void verify_say(const struct verify_fault *fault, char *out, size_t n);

/* "changed", "missing", …: for programs. */
const char *verify_word(enum verify_kind kind);
