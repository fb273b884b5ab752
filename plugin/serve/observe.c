#include "observe.h"

#define AGAIN (3600 * INT64_C(1000000)) /* microseconds */

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

/* The slot of the operation; there are as many as there are operations that tell something. */
static struct observation *slot_of(struct observations *o, struct str id) {
        for (size_t i = 0; i < ARRAY_SIZE(o->items); ++i)
                if (!o->items[i].operation || str_eq(o->items[i].operation->id, id))
                        return &o->items[i];
        return &o->items[0];
}

bool observe_news(struct observations *o, const struct request *response, const struct decision *d,
                  const struct ruleset *rules, int64_t now) {
        struct observation *last = slot_of(o, response->operation->id);
        uint64_t digest = digest_of(d, rules);
        bool again = digest != 0 && now - last->at >= AGAIN;

        last->operation = response->operation;
        if (digest == last->digest && !again)
                return false;
        last->digest = digest;
        last->at = now;
        return true;
}
