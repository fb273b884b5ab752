#pragma once
/*
 * judgement: what a subject was judged by.
 */
#include "docksill/decide/decision.h"
#include "docksill/host/gap.h"

struct judgement {
        size_t subject; /* index */
        const struct decision *decision;
        const struct request *request; /* that it is about */
        const struct host_gaps *gaps;  /* why facts have no value; NULL: nobody said */
};
