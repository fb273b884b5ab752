#pragma once
/*
 * ddmin: the smallest part of a set that still works, by delta debugging.
 *
 * Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 2002: ever smaller parts of the
 * set are left out, and stay out when what remains works; no part is tried alone, since that seldom works. What is
 * found is 1-minimal: without any one of its items it does not work. Items stand in order of preference: of two that
 * may take each other's place the one that comes last goes.
 *
 * Knows nothing of what is tried.
 */
#include "docksill/base/cleanup.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set of items, a bit each. */
#define DDMIN_ITEMS 64
static inline uint64_t ddmin_first(size_t n) {
        return n >= DDMIN_ITEMS ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

/* How many items may be tried at once. */
#define DDMIN_WIDTH 8

/**
 * ddmin_try: does each of these sets work?
 * @works: one a set, all false
 *
 * May leave out what comes after the first that works. Returns 0; anything else ends the search and is handed on.
 */
typedef int ddmin_try(void *closure, const uint64_t *sets, size_t n, bool *works);

/**
 * ddmin() - the smallest set found
 * @set:   in: works; out: the smallest found so far, also when the search ended early
 * @width: how many sets @try is given at once, at most DDMIN_WIDTH
 *
 * The empty set is not tried: the caller knows that it does not work. May ask for a set twice. Returns 0 when *set is
 * 1-minimal, or what @try returned.
 */
must_check_ int ddmin(uint64_t *set, size_t width, ddmin_try *try, void *closure);
