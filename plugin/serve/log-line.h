#pragma once
/*
 * log-line: a line on stderr from the decision thread, which never waits for a log (DESIGN 1.6).
 *
 * A stuck journal or a full pipe loses the line, never a decision's time.
 */
#include "docksill/base/cleanup.h"
#include <stdbool.h>

/* Adds "docksill: " and a newline; cut at 900 bytes, which a pipe that is ready takes whole. Returns whether it was
 * written. */
printf_(1, 2) bool log_line(const char *fmt, ...);
