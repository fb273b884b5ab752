#pragma once
/*
 * log-stream: what a container wrote, from the engine's answer to /containers/{id}/logs.
 *
 * Without a terminal both streams come in frames of eight bytes' head: which stream, three zeros, the length (moby
 * pkg/stdcopy). With one they are a single stream without frames.
 */
#include "docksill/base/arena.h"

struct log_line {
        struct str text; /* foreign: not escaped */
        bool error;      /* from stderr */
};

struct log_lines {
        struct log_line *items;
        size_t n, capacity;
};

/* How many lines are kept: the first and those after, no more. */
#define LOG_LINES_MOST 400

/**
 * log_stream_read() - its lines, without the empty ones
 * @out:      zeroed; views of @arena
 * @stream:   as the engine sent it; what is cut short ends where it ends
 * @terminal: it has no frames
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int log_stream_read(struct log_lines *out, struct arena *arena, struct str stream, bool terminal);

/**
 * log_telling() - the line that says best why it failed
 * @lines: of the one that failed
 * @known: of one that did not fail: what it wrote too says nothing; may be empty
 *
 * The first that speaks of an error, be it of stdout; else the last of stderr, or of stdout. Empty: it said nothing of
 * its own.
 */
struct str log_telling(const struct log_lines *lines, const struct log_lines *known);
