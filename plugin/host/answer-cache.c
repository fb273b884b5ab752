#include "docksill/host/answer-cache.h"
#include <assert.h>

struct answer_entry {
        uint64_t hash;
        int64_t asked;
        enum question_kind kind;
        size_t n_target, n_json;
        char text[]; /* both */
};

/* The flag of the operations that may change it; 0: it is not kept. */
static const unsigned changes[QUESTION_KINDS] = {
        [QUESTION_IMAGE] = OPERATION_CHANGES_IMAGES,
        [QUESTION_VOLUME] = OPERATION_CHANGES_VOLUMES,
        [QUESTION_HISTORY] = OPERATION_CHANGES_IMAGES,
        [QUESTION_ATTESTATIONS] = OPERATION_CHANGES_IMAGES,
};

bool answer_cache_keeps(enum question_kind kind) {
        return changes[kind] != 0;
}

/* FNV-1a (Fowler, Noll, Vo), 64 bits: only to compare few texts; who makes two alike gains nothing. */
static uint64_t hash_of(struct str s) {
        uint64_t hash = UINT64_C(0xcbf29ce484222325);

        for (size_t i = 0; i < s.n; ++i)
                hash = (hash ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
        return hash;
}

static size_t size_of(const struct answer_entry *e) {
        return sizeof(*e) + e->n_target + e->n_json;
}

static struct str target_of(const struct answer_entry *e) {
        return (struct str){ e->text, e->n_target };
}

/* Keeps those that @stays says yes to, in their order. */
static void sift(struct answer_cache *c, bool (*stays)(const struct answer_entry *e, const void *context),
                 const void *context) {
        size_t n = 0;

        for (size_t i = 0; i < c->n; ++i) {
                struct answer_entry *e = c->items[i];

                if (stays(e, context)) {
                        c->items[n++] = e;
                        continue;
                }
                c->held -= size_of(e);
                free(e);
        }
        c->n = n;
}

struct str answer_cache_find(const struct answer_cache *c, struct str target, int64_t now) {
        uint64_t hash = c->n ? hash_of(target) : 0;

        for (size_t i = c->n; i-- > 0;) {
                const struct answer_entry *e = c->items[i];

                if (e->hash != hash || !str_eq(target_of(e), target))
                        continue;
                if (now - e->asked >= ANSWER_CACHE_AGE)
                        break;
                return (struct str){ e->text + e->n_target, e->n_json };
        }
        return (struct str){ NULL, 0 };
}

static bool is_younger(const struct answer_entry *e, const void *then) {
        return e->asked > *(const int64_t *)then;
}

static bool is_not_first(const struct answer_entry *e, const void *first) {
        return e != first;
}

static bool is_about_other(const struct answer_entry *e, const void *target) {
        return !str_eq(target_of(e), *(const struct str *)target);
}

static struct answer_entry *entry_new(enum question_kind kind, struct str target, struct str json, int64_t asked) {
        struct answer_entry *e = malloc(sizeof(*e) + target.n + json.n);

        if (!e)
                return NULL;
        *e = (struct answer_entry){
                .hash = hash_of(target), .asked = asked, .kind = kind, .n_target = target.n, .n_json = json.n
        };
        memcpy(e->text, target.p, target.n);
        memcpy(e->text + target.n, json.p, json.n);
        return e;
}

void answer_cache_put(struct answer_cache *c, enum question_kind kind, unsigned epoch, struct str target,
                      struct str json, int64_t asked) {
        const int64_t then = asked - ANSWER_CACHE_AGE;
        struct answer_entry *e;

        if (!changes[kind] || epoch != c->epochs[kind] || target.n == 0 || json.n == 0 ||
            json.n > ANSWER_CACHE_MEMORY / 2 || target.n > ANSWER_CACHE_MEMORY / 4)
                return;
        e = entry_new(kind, target, json, asked);
        if (!e)
                return;
        sift(c, is_younger, &then);
        sift(c, is_about_other, &target);
        while (c->n == ANSWER_CACHE_ENTRIES || c->held > ANSWER_CACHE_MEMORY - size_of(e))
                sift(c, is_not_first, c->items[0]);
        c->items[c->n++] = e;
        c->held += size_of(e);
}

static bool is_unchanged(const struct answer_entry *e, const void *flags) {
        return !(changes[e->kind] & *(const unsigned *)flags);
}

void answer_cache_drop(struct answer_cache *c, unsigned flags) {
        for (size_t kind = 0; kind < QUESTION_KINDS; ++kind)
                c->epochs[kind] += (changes[kind] & flags) != 0;
        sift(c, is_unchanged, &flags);
}

void answer_cache_clear(struct answer_cache *c) {
        answer_cache_drop(c, ~0u);
        assert(c->n == 0 && c->held == 0);
}
