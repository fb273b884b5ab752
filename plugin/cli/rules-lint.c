#include "lint.h"
#include "rules.h"
#include "setup.h"
#include <stdio.h>

#define LINT_MEMORY (64u * 1024 * 1024)

enum { OPTION_CONFIG, OPTION_RULES, OPTIONS };
static const struct option_row options[] = {
        [OPTION_CONFIG] = { "config", "FILE", "settings; default " CONFIG_FILE },
        [OPTION_RULES] = { "rules", "FOLDER", "which are read when no PATH is given" },
        [OPTIONS] = { NULL },
};

/* What loading warns of, such as a list that nothing uses, is a finding too. */
static int lint(const char *const *paths, size_t n, struct diag *diag) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        struct arena arena;
        int r;

        r = ruleset_load_rules(&rules, paths, n, diag);
        if (r < 0 || diag->errors)
                return setup_outcome(r, diag);
        arena_init(&arena, LINT_MEMORY);
        r = lint_rules(rules, &arena, diag);
        arena_deinit(&arena);
        if (setup_outcome(r, diag) != EXIT_FINE)
                return EXIT_FAULT;
        printf("%zu rules, %u findings\n", ruleset_rules(rules).n, diag->warnings);
        return diag->warnings ? EXIT_FINDINGS : EXIT_FINE;
}

static int run(int argc, char **argv) {
        cleanup_(freep) const char **paths = calloc((size_t)argc, sizeof(*paths));
        const char *values[OPTIONS];
        struct config_flags flags;
        struct setup setup;
        size_t n;
        int r;

        if (!paths || options_read(&command_rules_lint, argc, argv, values, paths, &n) < 0)
                return EXIT_USAGE;
        flags = (struct config_flags){ .config = values[OPTION_CONFIG], .rules = values[OPTION_RULES] };
        r = setup_open(&setup, &command_rules_lint, &flags);
        if (r != EXIT_FINE)
                return r;
        r = n ? lint(paths, n, &setup.diag) : lint(&setup.config.rules, 1, &setup.diag);
        setup_close(&setup);
        return r;
}

const struct command command_rules_lint = {
        .name = "rules lint",
        .arguments = "[PATH…]",
        .doc = "Check the style of rules: what their readers need, beyond what `docksill check` insists on.\n"
               "A PATH is a rule file or a folder of them. Exit status: 0 nothing found, 1 findings.",
        .options = options,
        .run = run,
};
