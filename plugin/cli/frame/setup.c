#include "setup.h"
#include "docksill/base/cleanup.h"
#include "terminal.h"
#include <errno.h>
#include <stdio.h>

#define OWN_MEMORY (1u * 1024 * 1024)

int setup_outcome(int error, const struct diag *diag) {
        terminal_diag(diag);
        if (error == -ENOMEM)
                fputs("docksill: no memory\n", stderr);
        return error < 0 || diag->errors ? EXIT_INVALID : EXIT_FINE;
}

int setup_read(struct setup *out, const struct config_flags *flags) {
        int r;

        *out = (struct setup){ .flags = *flags };
        diag_init(&out->diag);
        r = config_read(&out->config, flags, &out->diag);
        return r < 0 ? setup_outcome(r, &out->diag) : EXIT_FINE;
}

int setup_open(struct setup *out, const struct invocation *in) {
        const struct config_flags flags = {
                .config = invocation_option(in, "config"),
                .environment = invocation_option(in, "environment"),
                .rules = invocation_option(in, "rules"),
                .exemptions = invocation_option(in, "exemptions"),
                .socket = invocation_option(in, "socket"),
                .records = invocation_option(in, "records"),
                .mode = invocation_option(in, "mode"),
                .paths = invocation_option(in, "paths"),
        };
        enum mode mode;

        *out = (struct setup){ 0 };
        if (flags.mode && !mode_parse(str_from(flags.mode), &mode))
                return command_misused(in->command, "--mode is audit, enforce-hard or enforce");
        if (flags.paths && strcmp(flags.paths, "on") != 0 && strcmp(flags.paths, "off") != 0)
                return command_misused(in->command, "--paths is on or off");
        return setup_read(out, &flags);
}

int setup_ruleset(struct ruleset **out, const struct setup *s, struct ruleset_options options, struct diag *diag) {
        cleanup_(arena_deinit) struct arena arena;
        struct own_places own;

        arena_init(&arena, OWN_MEMORY);
        if (own_places_collect(&own, &arena, &s->config, s->flags.config, s->in_use) < 0)
                return -ENOMEM;
        options.added = (struct list_additions){ own.items, own.n, OWN_PLACES };
        return ruleset_load(out, &options, diag);
}

int setup_rules(struct setup *s) {
        const struct ruleset_options options = { .rules = s->config.rules,
                                                 .environment = s->config.environment,
                                                 .exemptions = s->config.exemptions,
                                                 .at = config_environment_at(&s->config),
                                                 .from = s->flags.from };

        return setup_outcome(setup_ruleset(&s->rules, s, options, &s->diag), &s->diag);
}

int setup_load(struct setup *out, const struct invocation *in) {
        int r = setup_open(out, in);

        return r == EXIT_FINE ? setup_rules(out) : r;
}

void setup_close(struct setup *s) {
        ruleset_unref(s->rules);
        config_deinit(&s->config);
        diag_deinit(&s->diag);
}
