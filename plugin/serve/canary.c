#include "canary.h"
#include "docksill/base/clock.h"
#include "docksill/decide/decide.h"
#include "docksill/engine/request.h"
#include "docksill/serve/server-limits.h"

/* {"HostConfig":{"Privileged":true}} */
static const struct str request_text =
        STR("{\"RequestMethod\":\"POST\",\"RequestUri\":\"/v1.41/containers/create\",\"RequestBody\":"
            "\"eyJIb3N0Q29uZmlnIjp7IlByaXZpbGVnZWQiOnRydWV9fQ==\",\"RequestHeaders\":"
            "{\"Content-Type\":\"application/json\",\"Content-Length\":\"34\"}}");

static struct canary_song sing(const struct canary *c, const struct generation *g) {
        cleanup_(arena_deinit) struct arena arena;
        struct request request;
        struct decision d;
        struct canary_song song = { 0 };

        arena_init(&arena, SERVER_REQUEST_MEMORY);
        if (request_read(&request, &arena, request_text) != ENVELOPE_READ)
                return song;
        decide_at(&d, g->rules, &request, g->mode, c->at, &arena);
        song.read = !flaws_any(&request.flaws) && request.facts.container.privileged.value;
        song.verdict = d.verdict;
        song.would = d.would;
        song.points = d.points;
        song.findings = d.n_findings;
        song.allow = d.allow;
        return song;
}

static bool is_same(const struct canary_song *a, const struct canary_song *b) {
        return a->read == b->read && a->verdict == b->verdict && a->would == b->would && a->points == b->points &&
               a->findings == b->findings && a->allow == b->allow;
}

void canary_begin(struct canary *c, const struct generation *g) {
        *c = (struct canary){ .at = clock_wall() };
        c->song = sing(c, g);
}

bool canary_sings(struct canary *c, const struct generation *g) {
        const struct canary_song song = sing(c, g);

        c->wrong = !song.read || !is_same(&song, &c->song);
        return !c->wrong;
}
