#pragma once
/*
 * vital: the question whether the decision thread judges, and judges right (canary.h), put to it by another thread.
 *
 * The decision thread never waits: it answers when its loop comes round. Who asks waits, but for VITAL_PATIENCE at
 * most, and does not ask again within VITAL_PERIOD, however often it is asked itself.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/counter.h"
#include <stdbool.h>

#define VITAL_PATIENCE 500     /* milliseconds */
#define VITAL_PERIOD   1000000 /* microseconds */

enum vital_sign {
        VITAL_RIGHT,
        VITAL_WRONG,  /* it judges otherwise than when the rules came into force */
        VITAL_SILENT, /* there was no answer in time: it hangs, or the machine is very busy */
};

struct vital {
        int asked, answered;  /* eventfds */
        int patience;         /* milliseconds that who asks waits: VITAL_PATIENCE from vital_init() on */
        counter right, ended; /* 1: at the last answer; nobody answers any more */
        int64_t at;           /* who asks: clock_monotonic() of the last answer; 0: none */
        enum vital_sign sign; /* what that was */
};

/* Returns 0 or the errno of eventfd(2). */
must_check_ int vital_init(struct vital *v);

/* Zeroed memory is fine too. */
void vital_deinit(struct vital *v);

/* The decision thread: readable when vital_answer() is wanted. */
int vital_fd(const struct vital *v);
void vital_answer(struct vital *v, bool right);

/* Nobody answers any more: whoever waits does not wait on. */
void vital_end(struct vital *v);

/* Another thread, always the same one. */
must_check_ enum vital_sign vital_ask(struct vital *v, int64_t now);
