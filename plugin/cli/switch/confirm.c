#include "frame/setup.h"
#include "unconfirmed.h"
#include <errno.h>
#include <stdio.h>

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        OPTION_ROWS_REGISTRATION,
        { NULL },
};

static int confirm(const struct registration *r) {
        int e = unconfirmed_end(r);

        if (e == 0) {
                if (daemon_json_names(&r->file, r->plugin)) {
                        printf("confirmed: docksill stays enabled\n");
                        return EXIT_FINE;
                }
                fprintf(stderr, "docksill confirm: it is too late: %s does not name %" STR_FMT " any more\n",
                        r->settings, STR_ARG(r->plugin));
                return EXIT_FINDINGS;
        }
        if (e == -ENOENT) {
                fprintf(stderr, "docksill confirm: nothing waits to be confirmed in %s%s\n", r->state,
                        daemon_json_names(&r->file, r->plugin) ? "" : ", and docksill is not enabled");
                return EXIT_FINDINGS;
        }
        fprintf(stderr, "docksill confirm: %s: %s\n", r->state, strerror(-e));
        return EXIT_ENVIRONMENT;
}

static int run(const struct invocation *in) {
        cleanup_(registration_close) struct registration r;
        int result = registration_open(&r, in);

        return result == EXIT_FINE ? confirm(&r) : result;
}

const struct command command_confirm = {
        .name = "confirm",
        .arguments = "",
        .doc = "Keep what `docksill enable --confirm-within` has begun.",
        .options = options,
        .run = run,
};
