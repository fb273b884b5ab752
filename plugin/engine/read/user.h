#pragma once
/*
 * user: does user[:group] mean root?
 *
 * The runtime resolves it inside the container: a number first, else a name of the image's passwd file (runc
 * libcontainer/user; PROTOCOL 6.9). Only a decimal number above zero is provably not root.
 */
#include "facts/word.h"

enum user_root {
        USER_ROOT,    /* uid 0 in any spelling, or "root" */
        USER_OTHER,   /* a number above zero */
        USER_UNNAMED, /* nothing before the colon: the image's user, or the container's */
        USER_NAMED,   /* a name: only the image can tell */
};

enum user_root user_root(struct str user);

/* The part behind the first colon is group 0 in any spelling, or "root". */
bool user_group_root(struct str user);

/* WORD_YES, WORD_NO or, of a name, WORD_UNKNOWN. Nobody is root: the runtime makes user 0 of ":5" too. */
enum word user_root_word(struct str user);

/* The same as a fact: of a name only the image could tell, so that it is FACT_UNKNOWN. */
struct fact_word user_root_cell(struct str user);
