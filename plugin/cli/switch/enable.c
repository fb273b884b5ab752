/*
 * To be locked out of one's engine is worse than to be without docksill for another day, so whatever can be known
 * before is: that docksill answers, by which rules, that the files of these are right, that dockerd will take what is
 * written. After the change one thing counts, that dockerd really asks; else it is undone.
 */
#include "asked.h"
#include "disable.h"
#include "docksill/base/file.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "operate/places.h"
#include "registration.h"
#include "settings-diff.h"
#include "unconfirmed.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>

#define BACKUP ".before-docksill"

/* How long dockerd has to begin to ask; one that does not find a plugin gives up, and ends, after 15 s. */
#define PATIENCE 20

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        OPTION_ROWS_REGISTRATION,
        { "enforce", NULL, "also if docksill refuses from the first call on, and does not only record" },
        { "confirm-within", "TIME", "undo it unless `docksill confirm` comes within 120s, 5m" },
        { "dry-run", NULL, "print what would change in dockerd's settings, and change nothing" },
        { NULL },
};

extern char **environ;

/* -- before -- */

printf_(2, 3) static int refuse(int code, const char *fmt, ...) {
        va_list args;

        va_start(args, fmt);
        fputs("docksill enable: ", stderr);
        vfprintf(stderr, fmt, args);
        fputc('\n', stderr);
        va_end(args);
        return code;
}

/* What is foreign is made visible. */
static void say_found(const char *socket, const struct asked_answer *a) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_addf(&t, "docksill answers at %s: environment ", socket);
        text_add_visible(&t, str_from(asked_text(a, "environment")), 80);
        text_addz(&t, ", mode ");
        text_add_visible(&t, str_from(asked_text(a, "mode")), 20);
        puts(t.p ? t.p : "");
}

static int check_docksill(const struct registration *r, const struct ruleset *rules, bool enforce) {
        struct asked_answer a;
        int result = EXIT_FINE;

        asked_plugin(&a, r->socket, 10);
        if (a.asked != ASKED_YES) {
                fprintf(stderr,
                        "docksill enable: docksill does not answer at %s: %s; start it first (systemctl start "
                        "docksill.socket docksill)\n",
                        r->socket, a.why);
                result = EXIT_ENVIRONMENT;
        } else if (!enforce && strcmp(asked_text(&a, "mode"), "audit") != 0) {
                result = refuse(EXIT_FINDINGS,
                                "docksill does not run in audit mode (mode: audit): it would refuse calls at once. Set "
                                "that first, or say --enforce");
        } else {
                say_found(r->socket, &a);
                if (!str_eqz(ruleset_digest(rules), asked_text(&a, "rules_digest")))
                        printf("note: other rules are in force there than the files say; a reload puts these in "
                               "force\n");
        }
        asked_deinit(&a);
        return result;
}

/* The tests within the rules, by a docksill of their own: what it says is not of interest here. */
static bool tests_pass(const char *rules) {
        char *argv[] = { (char *)"docksill", (char *)"test", (char *)rules, NULL };
        posix_spawn_file_actions_t quiet;
        pid_t pid;
        int status = -1, e;

        if (posix_spawn_file_actions_init(&quiet) != 0)
                return false;
        e = posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        if (e == 0)
                e = posix_spawn_file_actions_adddup2(&quiet, STDOUT_FILENO, STDERR_FILENO);
        if (e == 0)
                e = posix_spawn(&pid, "/proc/self/exe", &quiet, NULL, argv, environ);
        posix_spawn_file_actions_destroy(&quiet);
        if (e != 0)
                return false;
        while (waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                        return false;
        return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FINE;
}

static int check_rules(struct setup *setup, const struct invocation *in) {
        int result = setup_load(setup, in);

        if (result != EXIT_FINE)
                return result;
        if (!tests_pass(setup->config.rules))
                return refuse(EXIT_INVALID, "the tests of the rules in %s do not pass; docksill test says which",
                              setup->config.rules);
        printf("the rules are right: %zu, and their tests pass\n", ruleset_rules(setup->rules).n);
        return EXIT_FINE;
}

/* The daemon, and what it would make of the file. */
static int check_daemon(const struct registration *r) {
        if (r->dockerd.pid == 0)
                return refuse(EXIT_ENVIRONMENT,
                              "no dockerd runs with %s, so nothing could be proven: start it, or name its file by "
                              "--daemon-json",
                              r->settings);
        if (r->dockerd.more)
                return refuse(EXIT_ENVIRONMENT,
                              "several dockerds seem to run with %s; name one of its own by --daemon-json",
                              r->settings);
        if (r->dockerd.n)
                return refuse(EXIT_ENVIRONMENT,
                              "dockerd's command line has --authorization-plugin; it would not start with that and "
                              "the key in %s, and the flag alone is dropped by its next SIGHUP. Take the flag out of "
                              "its unit, restart it, and come back",
                              r->settings);
        if (!str_empty(r->file.misspelt))
                return refuse(EXIT_INVALID,
                              "%s has a key that dockerd does not know, or does not mean; docksill doctor says which",
                              r->settings);
        if (!place_is_found(r->socket))
                return refuse(EXIT_ENVIRONMENT,
                              "dockerd does not look for plugins at %s; it does in /run/docker/plugins", r->socket);
        return EXIT_FINE;
}

static int check_all(const struct registration *r, const struct invocation *in) {
        struct setup setup = { 0 };
        int result = registration_check(r);

        if (result == EXIT_FINE)
                result = check_daemon(r);
        if (result == EXIT_FINE)
                result = check_rules(&setup, in);
        if (result == EXIT_FINE)
                result = check_docksill(r, setup.rules, invocation_option(in, "enforce"));
        setup_close(&setup);
        return result;
}

/* -- the change -- */

static int back_up(const struct registration *r) {
        char path[PATH_MAX];
        int e;

        if (!r->exists)
                return EXIT_FINE;
        if (snprintf(path, sizeof(path), "%s" BACKUP, r->settings) >= (int)sizeof(path))
                return EXIT_ENVIRONMENT;
        e = file_replace(path, r->text, &r->like);
        if (e == 0)
                return EXIT_FINE;
        fprintf(stderr, "docksill enable: %s: %s; nothing was changed\n", path, strerror(-e));
        return EXIT_ENVIRONMENT;
}

static void roll_back(const struct registration *r) {
        int result = registration_write(r, r->exists ? r->text : (struct str){ 0 });

        (void)!unconfirmed_end(r);
        if (result == EXIT_FINE)
                result = registration_reload(r);
        fprintf(stderr,
                result == EXIT_FINE ? "docksill enable: undone: %s is as it was\n"
                                    : "docksill enable: %s could not be set back: run docksill disable\n",
                r->settings);
}

static int change(const struct registration *r, struct str after) {
        int result = registration_write(r, after);

        if (result != EXIT_FINE) {
                (void)!unconfirmed_end(r);
                return result;
        }
        printf("%s: \"" DAEMON_JSON_KEY "\" names %" STR_FMT "\n", r->settings, STR_ARG(r->plugin));
        if (r->exists)
                printf("as it was before: %s" BACKUP "\n", r->settings);
        fflush(stdout);
        result = registration_reload(r);
        if (result == EXIT_FINE && !registration_proves(r, true, PATIENCE))
                result = EXIT_ENVIRONMENT;
        if (result != EXIT_FINE)
                roll_back(r);
        return result;
}

static void conclude(unsigned seconds) {
        printf("proven: dockerd asks docksill (it refused a ping that only docksill refuses)\n");
        if (seconds)
                printf("it is undone in %u s unless you run: docksill confirm\n", seconds);
}

static int enable(const struct registration *r, const struct invocation *in, unsigned seconds) {
        cleanup_(text_deinit) struct text after;
        int result;

        text_init(&after);
        if (daemon_json_names(&r->file, r->plugin)) {
                if (!registration_proves(r, true, PATIENCE))
                        return EXIT_ENVIRONMENT;
                printf("%s names %" STR_FMT " already, and dockerd asks it\n", r->settings, STR_ARG(r->plugin));
                return EXIT_FINE;
        }
        daemon_json_add(&after, &r->file, r->plugin);
        if (after.failed)
                return EXIT_FAULT;
        result = back_up(r);
        if (result == EXIT_FINE && seconds)
                result = unconfirmed_begin(
                        r, &(struct unconfirmed){ .seconds = seconds, .in = in, .undo = disable_unconfirmed });
        if (result == EXIT_FINE)
                result = change(r, text_str(&after));
        if (result == EXIT_FINE)
                conclude(seconds);
        return result;
}

/* Nothing but what would be written, for patch and people. */
static int show(const struct registration *r) {
        cleanup_(text_deinit) struct text after, diff;
        int result = registration_check(r);

        text_init(&after);
        text_init(&diff);
        if (result == EXIT_FINE && !daemon_json_names(&r->file, r->plugin))
                daemon_json_add(&after, &r->file, r->plugin);
        if (after.n)
                settings_diff_add(&diff, r->settings, r->text, text_str(&after));
        return result == EXIT_FINE ? output_text(r->command, &diff) : result;
}

static int run(const struct invocation *in) {
        cleanup_(registration_close) struct registration r;
        const char *within = invocation_option(in, "confirm-within");
        unsigned seconds = 0;
        int result = registration_open(&r, in);

        if (within && !unconfirmed_time(within, &seconds))
                return command_misused(in->command, "--confirm-within is a time from %ds to %ds, such as 120s",
                                       UNCONFIRMED_LEAST, UNCONFIRMED_MOST);
        if (result == EXIT_FINE && invocation_option(in, "dry-run"))
                return show(&r);
        if (result == EXIT_FINE)
                result = check_all(&r, in);
        return result == EXIT_FINE ? enable(&r, in, seconds) : result;
}

const struct command command_enable = {
        .name = "enable",
        .arguments = "",
        .doc = "Name docksill in dockerd's settings, have dockerd read them, and prove that it asks docksill.\n"
               "First it looks whether docksill answers in audit mode, and whether its rules are right. If dockerd "
               "does not\n"
               "ask, the settings are set back. Nothing else in the file changes; it is kept as FILE" BACKUP ".",
        .options = options,
        .run = run,
};
