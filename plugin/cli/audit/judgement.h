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
        uint64_t about; /* of judged_all(): rules that look at other groups of facts are not asked; 0: all are */
        const struct operation *beside; /* likewise: its rules are not asked; NULL: of none */
        const struct decision *removal; /* likewise: nor what found something in this; NULL: nothing did */
        const struct host_gaps *gaps;   /* why facts have no value; NULL: nobody said */
};
