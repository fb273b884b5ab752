#pragma once
/*
 * last: what the file of records ends with, so that a new start can say what it follows.
 *
 * After an end in order the last line says so, and how many records there were. Where it is missing, the process was
 * killed or the machine failed, and what was decided in its last WRITER_PERIOD may have no record.
 */
#include "docksill/record/chain.h"

struct record_last {
        bool known;   /* there is a record, or the line of an end */
        bool orderly; /* the last line is that of an end */
        uint64_t seq; /* of the last record; that process counted them from 1 */
        struct chain_head head;
};

/* What the last 256 KiB of the file at @path tell; where it is missing or empty, those of the newest file beside it
 * that logrotate may have made of it and has not compressed. Nothing is known of what can't be read, or is no regular
 * file. Never waits. */
struct record_last record_last(const char *path);
