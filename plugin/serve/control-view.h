#pragma once
/*
 * control-view: what of the server is seen at its control socket.
 */
#include "docksill/record/metrics.h"
#include "vital.h"

/* All borrowed. */
struct control_view {
        struct metrics *metrics;
        struct writer *writer; /* NULL: no records */
        struct vital *vital;
};
