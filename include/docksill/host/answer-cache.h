#pragma once
/*
 * answer-cache: what the engine told of images and volumes a moment ago, so that a hundred creates of one image do not
 * ask a hundred times.
 *
 * Only what was told is kept: "there is none" ends with the next pull. Only of what changes through the API alone, and
 * no call that may change it leaves anything behind: containers change by themselves and are always asked about anew.
 */
#include "docksill/engine/question.h"

/* Microseconds, from when it was asked. */
#define ANSWER_CACHE_AGE (2 * INT64_C(1000000))

#define ANSWER_CACHE_ENTRIES 256
#define ANSWER_CACHE_MEMORY  ((size_t)4 * 1024 * 1024) /* bytes of targets and answers */

struct answer_entry;

/* Zeroed: empty. */
struct answer_cache {
        struct answer_entry *items[ANSWER_CACHE_ENTRIES]; /* the oldest first */
        size_t n, held;
        unsigned epochs[QUESTION_KINDS]; /* how often the kind was dropped */
};

/* Whether answers of this kind are kept at all. */
bool answer_cache_keeps(enum question_kind kind);

/* What was told of @target less than ANSWER_CACHE_AGE before @now: a view until the cache changes. p == NULL:
 * nothing. */
struct str answer_cache_find(const struct answer_cache *c, struct str target, int64_t now);

/**
 * answer_cache_put() - keep what was told
 * @epoch: c->epochs[@kind] when it was asked: an answer that was on its way while the kind was dropped is not kept
 * @asked: clock_monotonic() then
 *
 * The oldest make room; without memory nothing is kept.
 */
void answer_cache_put(struct answer_cache *c, enum question_kind kind, unsigned epoch, struct str target,
                      struct str json, int64_t asked);

/* Forgets what an operation with these enum operation_flags may change. */
void answer_cache_drop(struct answer_cache *c, unsigned flags);

/* Forgets all. */
void answer_cache_clear(struct answer_cache *c);
