#pragma once
/*
 * canary: a request of our own, read and judged as dockerd's are, so that systemd's watchdog hears that we decide, and
 * not only that the loop goes round.
 *
 * It asks for a privileged container, and is judged once when a generation comes into force. A decision is a function
 * of generation, request and time: whenever it is judged again as of that time, the same must come out. Nothing of it
 * is counted, recorded or looked up.
 */
#include "docksill/decide/decision.h"
#include "docksill/serve/generation.h"

/* What is compared of a decision. */
struct canary_song {
        bool read; /* all that the request says was there: it was read as what it is, and its finding found its way */
        enum verdict verdict, would;
        unsigned points;
        size_t findings;
        bool allow;
};

struct canary {
        int64_t at; /* that it is judged as of: clock_wall() */
        struct canary_song song;
        bool wrong; /* was the last, and since when it is told of */
        bool told;
};

/* @g comes into force. */
void canary_begin(struct canary *c, const struct generation *g);

/* Whether it is judged as it was at canary_begin() with @g. One that could not be read then never sings. */
must_check_ bool canary_sings(struct canary *c, const struct generation *g);
