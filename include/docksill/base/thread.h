#pragma once
/*
 * thread: threads that no signal reaches, and conditions that no setting of the clock holds up.
 */
#include "docksill/base/cleanup.h"
#include <pthread.h>
#include <stdint.h>
#include <time.h>

/**
 * thread_start() - run @main(@context) in a thread of its own, with all signals blocked
 * @out:   to be joined or detached by the caller; NULL: it is detached
 * @stack: bytes; only what is touched takes memory
 *
 * Signals are the main thread's, which has a signalfd for them; a closed pipe is EPIPE here, no SIGPIPE. Returns 0 or
 * the errno of pthread_create(3).
 */
must_check_ int thread_start(pthread_t *out, size_t stack, void *(*main)(void *), void *context);

/* Its timed waits go by clock_monotonic(): by the wall clock, once that is set back, they would last until it has
 * caught up. Returns 0 or a negative errno. */
must_check_ int thread_condition_init(pthread_cond_t *out);

/* For pthread_cond_timedwait(). @at: clock_monotonic() */
struct timespec thread_until(int64_t at);
