#pragma once
/*
 * counter: a number that one thread writes and any other reads, without locks and without waiting.
 *
 * As it is always the same thread that writes, adding takes no locked instruction: it costs what adding to any variable
 * costs. Who reads several of them may see one that is older than another.
 */
#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic uint64_t counter;

static inline void counter_set(counter *c, uint64_t value) {
        atomic_store_explicit(c, value, memory_order_relaxed);
}

static inline uint64_t counter_read(const counter *c) {
        return atomic_load_explicit(c, memory_order_relaxed);
}

static inline void counter_add(counter *c, uint64_t n) {
        counter_set(c, counter_read(c) + n);
}
