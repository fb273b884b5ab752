#pragma once
/*
 * latched: what the engine reads into an arena, and whether there was memory for all of it.
 */
#include "docksill/engine/facts.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Runs the statement; true: nothing was refused. */
#define LATCHED(arena, ...)                                                                                            \
        __extension__({                                                                                                \
                arena_latch(arena);                                                                                    \
                __VA_ARGS__;                                                                                           \
                !arena_unlatch(arena);                                                                                 \
        })

#define assert_fits(arena, ...)    assert_true(LATCHED(arena, __VA_ARGS__))
#define assert_refused(arena, ...) assert_false(LATCHED(arena, __VA_ARGS__))

/* Reads into these facts and this arena, of a call of which nothing else is known (reading.h). */
#define READING(to, memory) (&(struct reading){ .arena = (memory), .facts = (to) })

/* A fresh zeroed element of @list. */
static inline void *latched_push(struct arena *arena, struct fact_list *list, size_t size) {
        static const char zeros[2048];

        assert_true(size <= sizeof(zeros));
        assert_fits(arena, fact_list_add(arena, list, zeros, size));
        return (char *)list->items + (list->n - 1) * size;
}
