#include "docksill/rules/framework.h"
#include "frame/setup.h"
#include "lint.h"
#include "rules.h"
#include <errno.h>
#include <stdio.h>

#define LINT_MEMORY (64u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "rules", "FOLDER", "folder to read when no PATH is given" },
        { NULL },
};

static int lint_frameworks(const struct ruleset *rules, const char *folder, struct arena *arena, struct diag *diag) {
        struct frameworks all = { 0 };
        int r = frameworks_read(&all, arena, folder, diag);

        return r < 0 ? r : frameworks_check(&all, rules, diag);
}

/* What loading warns of, such as a list that nothing uses, is a finding too. @folder: whose frameworks are held against
 * the rules; NULL: none. */
static int lint(const char *const *paths, size_t n, const char *folder, struct diag *diag) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        struct arena arena;
        size_t loaded;
        int r;

        r = ruleset_load_rules(&rules, paths, n, diag);
        if (r < 0 || diag->errors)
                return setup_outcome(r, diag);
        arena_init(&arena, LINT_MEMORY);
        r = lint_rules(rules, &arena, diag);
        if (r == 0 && folder)
                r = lint_frameworks(rules, folder, &arena, diag);
        arena_deinit(&arena);
        if (setup_outcome(r, diag) != EXIT_FINE)
                return r == -ENOMEM ? EXIT_FAULT : EXIT_INVALID;
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
        return in->n ? lint(in->arguments, in->n, NULL, &setup.diag)
                     : lint(&setup.config.rules, 1, setup.config.rules, &setup.diag);
}

const struct command command_rules_lint = {
        .name = "rules lint",
        .arguments = "[PATH…]",
        .most = ARGUMENTS_ANY,
        .doc = "Check the style of rules: what readers need, beyond what `docksill check` requires.\n"
               "A PATH is a rule file or a folder of them. Without one, the controls of the frameworks are held "
               "against what "
               "rules refer to. Exit status: 0 nothing found, 1 findings.",
        .options = options,
        .run = run,
};
