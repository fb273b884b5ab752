#pragma once
/*
 * cleanup: scope-bound release of what a function owns.
 *
 *         cleanup_(ruleset_unrefp) struct ruleset *rs = NULL;
 *
 * GNU C only, hence c_std=gnu17.
 */
#include <stdlib.h>
#include <unistd.h>

#define cleanup_(fn)      __attribute__((__cleanup__(fn)))
#define must_check_       __attribute__((__warn_unused_result__))
#define printf_(fmt, arg) __attribute__((__format__(__printf__, fmt, arg)))
#define unused_           __attribute__((__unused__))
#define noinline_         __attribute__((__noinline__))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Hands the pointer on and forgets it: ours until here, the caller's from here. */
#define TAKE(p)                                                                                                        \
        __extension__({                                                                                                \
                __typeof__(p) taken_ = (p);                                                                            \
                (p) = NULL;                                                                                            \
                taken_;                                                                                                \
        })

/* Defines fn##p(type *), which calls fn() on what it points to; freeing NULL does nothing. */
#define DEFINE_CLEANUP(type, fn)                                                                                       \
        static inline void fn##p(type *p) {                                                                            \
                if (*p)                                                                                                \
                        fn(*p);                                                                                        \
        }                                                                                                              \
        struct cleanup_semicolon_

/* For cleanup_(freep) char *p. */
static inline void freep(void *p) {
        free(*(void **)p);
}

/* For cleanup_(closep) int fd = -1. */
static inline void closep(int *fd) {
        if (*fd >= 0)
                close(*fd);
}
