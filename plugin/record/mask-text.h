#pragma once
/*
 * mask-text: what looks secret in a text, replaced by what is no secret and looks the same to the rules.
 *
 * A password becomes "masked"; a key of a provider keeps its prefix, its length and what is a letter or a digit in it
 * ("AKIAXXXXXXXXXXXXXXXX"); a reference that was not filled in ("${PW}") stays. The expressions are those of the
 * rules; beyond them names are told that people give to secrets, and words that look random.
 */
#include "docksill/base/arena.h"
#include "mask-command.h"
#include "mask-name.h"

#define MASK_KNOWN 256 /* secrets of one call that are looked for in all its texts */

struct masking {
        const struct mask_searches *searches;
        struct arena *arena; /* owns what is made */
        struct str known[MASK_KNOWN];
        size_t n_known;
        bool failed; /* something could not be masked so that the rules take it for the same; sticks */
};

/* Where a text stands. */
struct mask_place {
        struct str name; /* of the variable, the key or the option that it is the value of; empty: of none */
        bool free;       /* people write what they like there: words that look random are masked too */
};

/* The text to show for @text: @text itself where nothing in it looks secret, else in the arena. */
struct str mask_text(struct masking *k, struct str text, struct mask_place place);

/* Do the rules find a credential in @masked, if they find one in @text? */
bool mask_is_alike(const struct masking *k, struct str text, struct str masked);

/* The element of a command line that stands behind @before; @program: the last one before it that is known, or NULL. */
struct str mask_argument(struct masking *k, const struct command_program *program, struct str before, struct str text);
