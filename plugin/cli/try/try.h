#pragma once
/*
 * try: `docksill suggest --try`: the least privileges that a container lives with, found by trying copies of it.
 */
#include "docksill/cli/invocation.h"

/* Rows of the options that it reads, beside those of every command that judges, --host and --format. */
#define OPTION_ROWS_TRY                                                                                                \
        { "try", "IMAGE|CONTAINER", "find what fits by trying copies of it; behind -- its command, if not its own" },  \
                { "check", "COMMAND", "with --try: run by /bin/sh in a copy; it works when this succeeds" },           \
                { "seconds", "N", "with --try: a copy works when it has run for so long; default 5" }, {               \
                "attempts", "N", "with --try: copies to make at most; default 40"                                      \
        }

/* Runs it. Returns an enum exit_code: EXIT_FINDINGS when nothing works, or what works is refused. */
must_check_ int suggest_try(const struct invocation *in);
