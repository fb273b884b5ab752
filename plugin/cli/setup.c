#include "setup.h"
#include "terminal.h"
#include <errno.h>
#include <stdio.h>

int setup_outcome(int error, const struct diag *diag) {
        terminal_diag(diag);
        if (error == -ENOMEM)
                fputs("docksill: no memory\n", stderr);
        return error < 0 || diag->errors ? EXIT_INVALID : EXIT_FINE;
}

int setup_open(struct setup *out, const struct command *command, const struct config_flags *flags) {
        struct setup s = { 0 };
        enum mode mode;
        int r;

        if (flags->mode && !mode_parse(str_from(flags->mode), &mode))
                return command_misused(command, "--mode is enforce or audit");
        diag_init(&s.diag);
        r = config_read(&s.config, flags, &s.diag);
        if (r < 0) {
                r = setup_outcome(r, &s.diag);
                diag_deinit(&s.diag);
                return r;
        }
        *out = s;
        return EXIT_FINE;
}

int setup_rules(struct setup *s) {
        const struct ruleset_options options = { .rules = s->config.rules,
                                                 .environment = s->config.environment,
                                                 .exemptions = s->config.exemptions };

        return setup_outcome(ruleset_load(&s->rules, &options, &s->diag), &s->diag);
}

void setup_close(struct setup *s) {
        ruleset_unref(s->rules);
        config_deinit(&s->config);
        diag_deinit(&s->diag);
}
