#pragma once
/*
 * record-file: a file of records, line by line: as it was written, as logrotate compressed it, or standard input.
 *
 * A file may have millions of lines and a line may be anything: one is held at a time, and of one that is longer than
 * any record no more than that.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

#define RECORD_LINE_MOST ((size_t)1024 * 1024) /* bytes; a record is smaller by far (record.c) */

struct unpack;

/* Of the line that was read last. */
struct record_file {
        const char *name; /* for people */
        uint64_t number;  /* from 1 */
        bool unended;     /* it has no newline: the file ends in it */
        bool overlong;    /* only its first RECORD_LINE_MOST bytes are given */
        bool live;        /* the caller's: what is unended may still be written, and is not given yet */

        /* the module's */
        int fd;
        struct unpack *unpack;
        char *buffer;
        size_t start, end, seen;
        bool dropping, over;
};

/**
 * record_file_open() - open @path, "-" being standard input
 * @out:  record_file_close() it
 * @path: borrowed until then
 *
 * Returns 0, -ENOMEM, -ENOTSUP where it is compressed and this build can't unpack it (record_file_error() says so), or
 * the errno of open(2) or read(2).
 */
must_check_ int record_file_open(struct record_file *out, const char *path);
/* Zeroed memory will do. */
void record_file_close(struct record_file *f);

/* The next line, without its newline, of which there is always one behind @out; valid until the next call. Returns 1, 0
 * at the end, or a negative errno. */
must_check_ int record_file_next(struct record_file *f, struct str *out);

/* The time that a line tells, which is made of digits and of what stands between them; empty: it tells none. */
#define RECORD_TIME 40 /* bytes, with the NUL */
void record_line_time(char out[static RECORD_TIME], struct str line);

/* What a negative errno from here means. */
const char *record_file_error(int error);
