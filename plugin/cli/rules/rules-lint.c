#include "lint.h"
#include "rules.h"
#include "frame/setup.h"
#include <stdio.h>

#define LINT_MEMORY (64u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "rules", "FOLDER", "folder to read when no PATH is given" },
        { NULL },
};

/* What loading warns of, such as a list that nothing uses, is a finding too. */
static int lint(const char *const *paths, size_t n, struct diag *diag) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        struct arena arena;
        size_t loaded;
        int r;

        r = ruleset_load_rules(&rules, paths, n, diag);
        if (r < 0 || diag->errors)
                return setup_outcome(r, diag);
        arena_init(&arena, LINT_MEMORY);
        r = lint_rules(rules, &arena, diag);
        arena_deinit(&arena);
        if (setup_outcome(r, diag) != EXIT_FINE)
                return EXIT_FAULT;
        loaded = ruleset_rules(rules).n;
        printf("%zu rule%s, %u finding%s\n", loaded, loaded == 1 ? "" : "s", diag->warnings,
               diag->warnings == 1 ? "" : "s");
        return diag->warnings ? EXIT_FINDINGS : EXIT_FINE;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup;
        int r = setup_open(&setup, in);

        if (r != EXIT_FINE)
                return r;
        return in->n ? lint(in->arguments, in->n, &setup.diag) : lint(&setup.config.rules, 1, &setup.diag);
}

const struct command command_rules_lint = {
        .name = "rules lint",
        .arguments = "[PATH…]",
        .most = ARGUMENTS_ANY,
        .doc = "Check the style of rules: what readers need, beyond what `docksill check` requires.\n"
               "A PATH is a rule file or a folder of them. Exit status: 0 nothing found, 1 findings.",
        .options = options,
        .run = run,
};
