#pragma once
/*
 * expected: what a shell may offer where a command's row says "text|json", "NAME|FILE" or "[PATH…]".
 *
 * A word in small letters is typed as it stands; in capitals it stands for something. What is not known offers nothing.
 */
#include "docksill/base/str.h"

#define EXPECTED_WORDS 16

struct expected {
        struct str words[EXPECTED_WORDS]; /* views into what was given; more are left out */
        size_t n;
        bool files;   /* a file or a folder of the machine */
        bool command; /* behind "--": a command of the machine */
};

/* @said: the row's own text; NULL: nothing. */
void expected_read(struct expected *out, const char *said);
