#include "docksill/host/scan-lookup.h"
#include <errno.h>

/* Of the report as it is kept, and what is read out of it. */
#define LOOKUP_MEMORY (4 * SCANS_MEMORY)

static void run(struct job *job) {
        struct scan_lookup *lookup = (struct scan_lookup *)job;

        lookup->found =
                scans_find(lookup->scans, &lookup->scan, &lookup->arena, &lookup->keys, lookup->now, &lookup->trouble);
}

static void release(struct job *job) {
        struct scan_lookup *lookup = (struct scan_lookup *)job;

        arena_deinit(&lookup->arena);
        scans_unref(lookup->scans);
        free(lookup);
}

int scan_lookup_new(struct scan_lookup **out, struct scans *scans, const struct scan_keys *keys, int64_t now) {
        struct scan_lookup *lookup = calloc(1, sizeof(*lookup));

        if (!lookup)
                return -ENOMEM;
        lookup->job = (struct job){ .run = run, .free = release };
        lookup->scans = scans_ref(scans);
        lookup->now = now;
        lookup->keys.n = keys->n;
        lookup->found = -ENOMEM;
        for (size_t i = 0; i < keys->n; ++i) {
                char *digits = lookup->digits + i * (sizeof(lookup->digits) / SCAN_KEYS_MOST);

                memcpy(digits, keys->items[i].p, keys->items[i].n);
                lookup->keys.items[i] = (struct str){ digits, keys->items[i].n };
        }
        arena_init(&lookup->arena, LOOKUP_MEMORY);
        *out = lookup;
        return 0;
}

void scan_lookup_tell(const struct scan_lookup *lookup, struct request *request, struct arena *arena) {
        const struct scan *scan = lookup->found > 0 ? &lookup->scan : NULL;

        if (lookup->found < 0 || request_scan_tell(request, arena, scan) < 0)
                request_scan_mark_unknown(request);
}
