#pragma once
/*
 * engine-watch: what responses tell of the engine, and which of it is news.
 *
 * A monitor asks for /info every few seconds, and always hears the same: one record an hour is enough of that.
 */
#include "docksill/decide/decision.h"
#include "docksill/engine/engine-state.h"

/* What was last found in the responses of each operation that tells of the engine. */
struct observation {
        const struct operation *operation; /* NULL: nothing yet */
        uint64_t digest;
        int64_t at; /* clock_monotonic() when it was news */
};

/* Zeroed: nothing is known. */
struct engine_watch {
        struct engine_state learned;
        struct observation observations[5];
        int64_t curious_at; /* clock_monotonic() from which on any response is read, for its headers */
};

/* Is the next response to be kept whole, whatever it answers? */
bool engine_watch_is_curious(const struct engine_watch *w, int64_t now);

/* Learns what @response tells; @now: clock_monotonic() when it was there. */
void engine_watch_learn(struct engine_watch *w, const struct request *response, int64_t now);

/* Are the findings of @d others than those of the last response of this operation, or is that an hour ago? (Of an audit
 * of the host the day does not count.) A response without findings is news only after one with some. */
bool engine_watch_news(struct engine_watch *w, const struct request *response, const struct decision *d,
                       const struct ruleset *rules, int64_t now);

/* dockerd has started: it may be another one, set up in another way. */
void engine_watch_forget(struct engine_watch *w);
