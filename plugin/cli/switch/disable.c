#include "disable.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "registration.h"
#include "settings-diff.h"
#include "unconfirmed.h"
#include <stdio.h>

/* How long dockerd has to stop asking. */
#define PATIENCE 40

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        OPTION_ROWS_REGISTRATION,
        { "dry-run", NULL, "print what would change in dockerd's settings, and change nothing" },
        { "unconfirmed", "WORD", "only if `enable --confirm-within` still waits; what its timer runs" },
        { NULL },
};

/* Where a flag names docksill, the next start of dockerd does too. */
static int warn_of_flag(const struct registration *r) {
        if (!registration_by_flag(r))
                return EXIT_FINE;
        fprintf(stderr,
                "docksill disable: dockerd's command line has --authorization-plugin=%" STR_FMT
                ", which holds again from its next start on: take it out there\n",
                STR_ARG(r->plugin));
        return EXIT_FINDINGS;
}

static int take_out(const struct registration *r, struct str after) {
        int result = registration_write(r, after);

        if (result == EXIT_FINE) {
                printf("%s: docksill is taken out\n", r->settings);
                result = registration_reload(r);
        }
        return result;
}

/* It works as well when docksill is dead: nothing here asks it. */
static int prove(const struct registration *r) {
        if (r->dockerd.pid == 0) {
                printf("no dockerd runs with these settings; it will not ask docksill when it starts\n");
                return EXIT_FINE;
        }
        printf("dockerd (process %ld) was told to read it anew\n", (long)r->dockerd.pid);
        fflush(stdout);
        if (!registration_proves(r, false, PATIENCE))
                return EXIT_ENVIRONMENT;
        printf("proven: dockerd answers, and no longer asks docksill\n");
        return EXIT_FINE;
}

static int disable(const struct registration *r, bool dry) {
        cleanup_(text_deinit) struct text after, diff;
        bool named = daemon_json_names(&r->file, r->plugin);
        int result = EXIT_FINE;

        text_init(&after);
        text_init(&diff);
        daemon_json_remove(&after, &r->file, r->plugin);
        if (after.failed)
                return EXIT_FAULT;
        if (dry) {
                settings_diff_add(&diff, r->settings, r->text, text_str(&after));
                return output_text(r->command, &diff);
        }
        if (!named && !registration_by_flag(r)) {
                printf("%s does not name %" STR_FMT ": nothing to take out\n", r->settings, STR_ARG(r->plugin));
                return EXIT_FINE;
        }
        if (named)
                result = take_out(r, text_str(&after));
        else
                result = registration_reload(r); /* dockerd then drops what a flag alone says */
        if (result == EXIT_FINE)
                result = prove(r);
        if (result == EXIT_FINE)
                (void)!unconfirmed_end(r);
        return result == EXIT_FINE ? warn_of_flag(r) : result;
}

static int open_and_disable(const struct invocation *in, const char *word) {
        cleanup_(registration_close) struct registration r;
        int result = registration_open(&r, in);

        if (result == EXIT_FINE && word && !unconfirmed_waits(&r, word))
                return EXIT_FINE;
        if (result == EXIT_FINE)
                result = registration_check(&r);
        return result == EXIT_FINE ? disable(&r, invocation_option(in, "dry-run")) : result;
}

int disable_unconfirmed(const struct invocation *in, const char *word) {
        return open_and_disable(in, word);
}

static int run(const struct invocation *in) {
        return open_and_disable(in, invocation_option(in, "unconfirmed"));
}

const struct command command_disable = {
        .name = "disable",
        .arguments = "",
        .doc = "Take docksill out of dockerd's settings, have dockerd read them, and prove that it no longer asks.\n"
               "It needs no docksill that runs, and no settings of docksill's that are right.",
        .options = options,
        .run = run,
};
