#include "docksill/serve/generation.h"
#include <errno.h>

int generation_new(struct generation **out, const struct generation_options *options) {
        struct generation *g = malloc(sizeof(*g) + options->config_digest.n);
        char *digest = (char *)(g + 1);

        if (!g)
                return -ENOMEM;
        if (options->config_digest.n)
                memcpy(digest, options->config_digest.p, options->config_digest.n);
        *g = (struct generation){
                .rules = ruleset_ref(options->rules),
                .mode = options->mode,
                .config_digest = { digest, options->config_digest.n },
                .record_reads = options->record_reads,
                .path_deadline = options->path_deadline,
                .warnings = options->warnings,
        };
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
        free(g);
}
