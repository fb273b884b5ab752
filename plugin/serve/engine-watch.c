#include "engine-watch.h"

/* Any response's headers say which engine it is; one a minute is read for that, and after one that did not say it the
 * next, but no more than one a second. */
#define CURIOUS_PERIOD (60 * INT64_C(1000000))
#define CURIOUS_SOON   INT64_C(1000000)

#define AGAIN (3600 * INT64_C(1000000)) /* microseconds */

bool engine_watch_is_curious(const struct engine_watch *w, int64_t now) {
        return now >= w->curious_at;
}

void engine_watch_learn(struct engine_watch *w, const struct request *response, int64_t now) {
        int64_t seen = w->learned.version_at;

        engine_state_take(&w->learned, response, now);
        w->curious_at = now + (w->learned.version_at != seen ? CURIOUS_PERIOD : CURIOUS_SOON);
}

void engine_watch_forget(struct engine_watch *w) {
        w->learned = (struct engine_state){ 0 };
        w->curious_at = 0;
}

/* FNV-1a (Fowler, Noll, Vo), 64 bits. Texts are ended by a byte that none of them has. */
static uint64_t mix(uint64_t digest, struct str s) {
        for (size_t i = 0; i <= s.n; ++i)
                digest = (digest ^ (i < s.n ? (unsigned char)s.p[i] : 0xff)) * UINT64_C(0x100000001b3);
        return digest;
}

/* 0: none. Of the rules too: what a reload says anew is worth a line. */
static uint64_t digest_of(const struct decision *d, const struct ruleset *rules) {
        uint64_t digest = UINT64_C(0xcbf29ce484222325);

        if (d->n_findings == 0)
                return 0;
        digest = mix(digest, ruleset_digest(rules));
        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                digest = mix(digest, f->rule->id);
                digest = mix(digest, severity_name(f->severity));
                digest = mix(digest, f->exempted_by ? f->exempted_by->id : (struct str){ 0 });
                for (size_t k = 0; k < f->n_evidence; ++k)
                        digest = mix(digest, f->evidence[k].message);
        }
        return digest;
}

/* Where the last of the operation stands; there are as many as there are operations that tell something. */
static struct observation *last_of(struct engine_watch *w, struct str id) {
        for (size_t i = 0; i < ARRAY_SIZE(w->observations); ++i)
                if (!w->observations[i].operation || str_eq(w->observations[i].operation->id, id))
                        return &w->observations[i];
        return &w->observations[0];
}

bool engine_watch_news(struct engine_watch *w, const struct request *response, const struct decision *d,
                       const struct ruleset *rules, int64_t now) {
        struct observation *last = last_of(w, response->operation->id);
        uint64_t digest = digest_of(d, rules);
        bool ours = response->operation->flags & OPERATION_OURS;
        bool again = digest != 0 && !ours && now - last->at >= AGAIN;

        last->operation = response->operation;
        if (digest == last->digest && !again)
                return false;
        last->digest = digest;
        last->at = now;
        return true;
}
