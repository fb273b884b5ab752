#include "docksill/base/thread.h"

#include <assert.h>
#include <signal.h>

int thread_start(pthread_t *out, size_t stack, void *(*main)(void *), void *context) {
        pthread_attr_t attributes;
        sigset_t all, before;
        pthread_t thread;
        int r = pthread_attr_init(&attributes);

        if (r)
                return -r;
        r = pthread_attr_setstacksize(&attributes, stack);
        assert(r == 0);
        /* A new thread inherits the mask. */
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        r = pthread_create(&thread, &attributes, main, context);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        pthread_attr_destroy(&attributes);
        if (r)
                return -r;
        if (out)
                *out = thread;
        else
                pthread_detach(thread);
        return 0;
}

int thread_condition_init(pthread_cond_t *out) {
        pthread_condattr_t attributes;
        int r = pthread_condattr_init(&attributes);

        if (r)
                return -r;
        r = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        assert(r == 0);
        r = pthread_cond_init(out, &attributes);
        pthread_condattr_destroy(&attributes);
        return -r;
}

struct timespec thread_until(int64_t at) {
        return (struct timespec){ .tv_sec = at / 1000000, .tv_nsec = at % 1000000 * 1000 };
}
