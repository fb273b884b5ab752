#pragma once
/*
 * road: the exemption that an admin would write to let in just what was refused.
 *
 * Of a tool that needs the engine's socket or the host's files the refusal is right, and yet the tool is wanted. What a
 * list lets in has its line with the finding already; here is the rest: the rules, hung on the image's content or on the
 * caller, and pinned to the very values that were found.
 */
#include "explained.h"

/* What the rules were loaded from, to try the exemption on. */
struct road_rules {
        const char *rules, *environment;
};

/**
 * road_add() - the file to paste, with a sentence before it
 * @call: the authorization call that @e is about
 *
 * Adds nothing where no exemption can lift what refuses it, or a list does. An exemption that hangs on the image is loaded and
 * tried on @call first; where it would not hold (it is no digest, or runs otherwise than it was built, or has other mounts)
 * the caller takes its place, under a name to fill in. Returns 0 or -ENOMEM.
 */
must_check_ int road_add(struct text *out, const struct explained *e, struct str call, const struct road_rules *from,
                         struct arena *arena);
