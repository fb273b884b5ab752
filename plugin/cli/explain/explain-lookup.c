#include "explain-lookup.h"
#include "docksill/base/clock.h"
#include "docksill/host/engine-client.h"
#include "docksill/host/path-lookup.h"
#include "docksill/host/scans.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>

/* An engine that is busy may take this long; microseconds. */
#define PATIENCE (10 * INT64_C(1000000))

/* Returns 0 or -ENOMEM. */
static int follow(struct request *request, struct arena *arena) {
        struct request_path *paths = NULL;
        struct path_lookup *lookup;
        size_t n = 0;
        int r = request_paths(request, arena, &paths, &n);

        if (r < 0 || n == 0)
                return r;
        r = path_lookup_new(&lookup, paths, n, -1);
        if (r < 0)
                return r;
        lookup->job.run(&lookup->job);
        path_lookup_tell(lookup, paths, arena);
        lookup->job.free(&lookup->job);
        return 0;
}

void lookup_paths(struct request *request, struct arena *arena) {
        if (follow(request, arena) < 0)
                request_paths_mark_unknown(request);
}

/* Returns 0 or -ENOMEM. */
static int look_for_report(struct request *request, struct arena *arena, const struct config *config,
                           const struct scan_keys *keys, struct scan_trouble *trouble) {
        cleanup_(scans_unrefp) struct scans *scans = NULL;
        struct scan scan;
        int r = scans_new(&scans, str_from(config->scans_folder), config->ignored, config->n_ignored);

        if (r == 0)
                r = scans_find(scans, &scan, arena, keys, request->now ? request->now : clock_wall(), trouble);
        return r < 0 ? r : request_scan_tell(request, arena, r > 0 ? &scan : NULL);
}

void lookup_scans(struct request *request, struct arena *arena, const struct config *config,
                  const struct command *command) {
        struct scan_trouble trouble = { 0 };
        struct scan_keys keys;

        if (!config->scans_folder)
                return;
        request_scan_keys(&keys, request);
        if (keys.n > 0 && look_for_report(request, arena, config, &keys, &trouble) < 0)
                request_scan_mark_unknown(request);
        if (trouble.text[0])
                fprintf(stderr, "docksill %s: a scanner's report can't be used, and counts as absent: %s\n",
                        command->name, trouble.text);
}

/* Until all is answered, or patience ends. */
static void wait_for_answers(struct engine_client *a) {
        const int64_t until = clock_monotonic() + PATIENCE;
        int64_t now;

        while (!engine_client_next(a) && (now = clock_monotonic()) < until) {
                struct pollfd fd = { .fd = engine_client_fd(a), .events = POLLIN };
                int left = (int)((until - now) / 1000) + 1, due = engine_client_timeout(a, now);

                if (poll(&fd, 1, due >= 0 && due < left ? due : left) < 0 && errno != EINTR)
                        return;
                engine_client_run(a, clock_monotonic());
        }
}

int lookup_engine(struct request *request, struct arena *arena, const char *socket, const struct command *command) {
        struct asking asking = { 0 };
        struct engine_client engine_client;
        int r;

        request->reaches = request->history = request->attested = true;
        engine_client_init(&engine_client);
        r = engine_client_use(&engine_client, str_from(socket));
        if (r < 0) {
                fprintf(stderr, "docksill %s: the engine can't be asked: %s\n", command->name,
                        r == -ENOTSUP ? "this docksill was built without libcurl" : strerror(-r));
                return EXIT_ENVIRONMENT;
        }
        if (asking_begin(&asking, &engine_client, request, arena)) {
                wait_for_answers(&engine_client);
                asking_end(&asking);
        }
        if (engine_client.trouble)
                fprintf(stderr, "docksill %s: the engine at %s does not answer: %s; its facts are unknown\n",
                        command->name, socket, engine_client.trouble);
        engine_client_deinit(&engine_client);
        return EXIT_FINE;
}
