#pragma once
/*
 * lines: a bounded buffer of whole lines on their way to a file, written so that the file never holds half of one.
 *
 * The memory is mapped: what was never used costs nothing, and what a burst has touched can be given back.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

/* Bytes that stay in memory when the rest is given back; a multiple of any page size. */
#define LINES_KEPT (64 * 1024)

struct lines {
        char *p;
        size_t size, n; /* room; bytes used */
        size_t touched; /* bytes that are in memory */
        size_t done;    /* bytes that are written */
        uint64_t count; /* lines */
};

/* Returns 0 or the errno of mmap(2). */
must_check_ int lines_init(struct lines *l, size_t size);
void lines_deinit(struct lines *l);

/* A line of two parts, of which the second ends in a newline. Returns whether there was room for all of it. */
bool lines_add_parts(struct lines *l, struct str begin, struct str end);

/* The same of a whole line. */
static inline bool lines_add(struct lines *l, struct str line) {
        return lines_add_parts(l, (struct str){ NULL, 0 }, line);
}

/**
 * lines_write() - write what is left, as far as the file takes it
 *
 * A line that was begun and could not be finished is taken out of the file again where that is possible, so that
 * whoever reads it, or finds it after a crash, sees whole lines alone; a pipe gets the rest later. Returns 0 when all
 * is written, or the errno of write(2); the next call goes on from there.
 *
 * @blocks: the descriptor is not ours to make non-blocking; it is asked before each small piece, so that a pipe that
 * nobody reads is -EAGAIN too, and holds nobody.
 */
must_check_ int lines_write(struct lines *l, int fd, bool blocks);

/* Goes on with another file: a line begun in the old one is written anew. */
void lines_rewind(struct lines *l);

/* Whole lines written so far. */
uint64_t lines_written(const struct lines *l);

/* Empty again; the memory stays. */
void lines_reset(struct lines *l);

/* Gives memory beyond LINES_KEPT back, when empty. */
void lines_trim(struct lines *l);
