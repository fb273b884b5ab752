#pragma once
/*
 * writer-counts: what the writer of records has done so far.
 */
#include <stdbool.h>
#include <stdint.h>

struct writer_counts {
        uint64_t queued, written, lost;     /* records */
        uint64_t lost_refused;              /* of those lost, of RECORD_REFUSED */
        uint64_t journaled, journal_missed; /* entries that the journal took; that it did not take */
        bool failing;                       /* the last write did not succeed */
        int64_t troubled; /* clock_monotonic() since which writes fail, or the one under way has not come back; 0:
                             none */
};
