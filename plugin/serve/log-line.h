#pragma once
/*
 * log-line: a line on stderr from the decision thread, which never waits for a log (DESIGN 1.6).
 *
 * A stuck journal or a full pipe loses the line, never a decision's time.
 */
#include "docksill/base/say.h"
#include <stdbool.h>

/* Adds "docksill: " and a newline, and what say() adds; cut at 900 bytes, which a pipe that is ready takes whole.
 * Returns whether it was written. */
printf_(2, 3) bool log_at(enum say_level level, const char *fmt, ...);

#define log_error(...)   log_at(SAY_ERROR, __VA_ARGS__)
#define log_warning(...) log_at(SAY_WARNING, __VA_ARGS__)
#define log_line(...)    log_at(SAY_NOTICE, __VA_ARGS__)
