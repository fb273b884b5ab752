#include "docksill/serve/generation.h"
#include <errno.h>

/* A copy at *to, which moves on. */
static struct str copy(char **to, struct str s) {
        struct str copied = { *to, s.n };

        if (s.n)
                memcpy(*to, s.p, s.n);
        *to += s.n;
        return copied;
}

int generation_new(struct generation **out, const struct generation_options *options) {
        struct generation *g = malloc(sizeof(*g) + options->config_digest.n + options->lookups.engine.n +
                                      options->contact.n + options->capturing.place.folder.n);
        char *texts;

        if (!g)
                return -ENOMEM;
        texts = (char *)(g + 1);
        *g = (struct generation){
                .rules = ruleset_ref(options->rules),
                .mode = options->mode,
                .config_digest = copy(&texts, options->config_digest),
                .record_reads = options->record_reads,
                .recording = options->recording,
                .capturing = options->capturing,
                .lookups = options->lookups,
                .refusal = options->refusal,
                .host_audit = options->host_audit,
                .warnings = options->warnings,
                .last_good = options->last_good,
        };
        g->lookups.engine = copy(&texts, options->lookups.engine);
        g->lookups.scans = scans_ref(options->lookups.scans);
        g->contact = copy(&texts, options->contact);
        g->capturing.place.folder = copy(&texts, options->capturing.place.folder);
        atomic_init(&g->references, 1);
        *out = g;
        return 0;
}

struct generation *generation_ref(struct generation *g) {
        atomic_fetch_add_explicit(&g->references, 1, memory_order_relaxed);
        return g;
}

void generation_unref(struct generation *g) {
        if (!g || atomic_fetch_sub_explicit(&g->references, 1, memory_order_acq_rel) > 1)
                return;
        ruleset_unref(g->rules);
        scans_unref(g->lookups.scans);
        free(g);
}
