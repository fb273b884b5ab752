#include "docksill/rules/framework.h"
#include "frame/document.h"
#include "frame/setup.h"
#include "lint-exemptions.h"
#include "lint.h"
#include "rules.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define LINT_MEMORY (64u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "rules", "FOLDER", "folder to read when no PATH is given" },
        { "exemptions", "FOLDER|FILE", "exemptions to read then; default " CONFIG_EXEMPTIONS },
        { NULL },
};

static int lint_frameworks(const struct ruleset *rules, const char *folder, struct arena *arena, struct diag *diag) {
        struct frameworks all = { 0 };
        int r = frameworks_read(&all, arena, folder, diag);

        return r < 0 ? r : frameworks_check(&all, rules, diag);
}

/* What a call is to look at. */
struct work {
        const char **rules, **exemptions; /* files and folders */
        size_t n_rules, n_exemptions;
        const char *frameworks; /* whose frameworks are held against the rules; NULL: none */
        size_t loaded, seen;
};

static int lint_work(struct work *w, struct arena *arena, struct diag *diag) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        int r = 0;

        for (size_t i = 0; r == 0 && i < w->n_exemptions; ++i)
                r = lint_exemptions(w->exemptions[i], arena, &w->seen, diag);
        if (r < 0 || w->n_rules == 0)
                return r;
        r = ruleset_load_rules(&rules, w->rules, w->n_rules, diag);
        if (r < 0 || diag->errors)
                return r;
        w->loaded = ruleset_rules(rules).n;
        r = lint_rules(rules, arena, diag);
        return r == 0 && w->frameworks ? lint_frameworks(rules, w->frameworks, arena, diag) : r;
}

/* What loading warns of, such as a list that nothing uses, is a finding too. */
static int lint(struct work *w, struct diag *diag) {
        struct arena arena;
        int r;

        arena_init(&arena, LINT_MEMORY);
        r = lint_work(w, &arena, diag);
        arena_deinit(&arena);
        if (setup_outcome(r, diag) != EXIT_FINE)
                return r == -ENOMEM ? EXIT_FAULT : EXIT_INVALID;
        printf("%zu rule%s", w->loaded, w->loaded == 1 ? "" : "s");
        if (w->n_exemptions)
                printf(", %zu exemption%s", w->seen, w->seen == 1 ? "" : "s");
        printf(", %u finding%s\n", diag->warnings, diag->warnings == 1 ? "" : "s");
        return diag->warnings ? EXIT_FINDINGS : EXIT_FINE;
}

static bool holds_exemptions(const char *path) {
        struct arena arena;
        bool holds;

        arena_init(&arena, LINT_MEMORY);
        holds = !bundle_is_folder(NULL, path) && str_eqz(document_kind(&arena, path), "exemptions");
        arena_deinit(&arena);
        return holds;
}

static int lint_paths(const struct invocation *in, struct diag *diag) {
        cleanup_(freep) const char **paths = calloc(2 * in->n, sizeof(*paths));
        struct work w = { .rules = paths, .exemptions = paths + in->n };

        if (!paths)
                return EXIT_FAULT;
        for (size_t i = 0; i < in->n; ++i)
                if (holds_exemptions(in->arguments[i]))
                        w.exemptions[w.n_exemptions++] = in->arguments[i];
                else
                        w.rules[w.n_rules++] = in->arguments[i];
        return lint(&w, diag);
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup;
        int r = setup_open(&setup, in);
        struct work w = { .rules = &setup.config.rules, .n_rules = 1, .exemptions = &setup.config.exemptions };

        if (r != EXIT_FINE)
                return r;
        if (in->n)
                return lint_paths(in, &setup.diag);
        w.frameworks = setup.config.rules;
        w.n_exemptions = setup.config.exemptions && bundle_exists(NULL, setup.config.exemptions);
        return lint(&w, &setup.diag);
}

const struct command command_rules_lint = {
        .name = "rules lint",
        .arguments = "[PATH…]",
        .most = ARGUMENTS_ANY,
        .doc = "Check rules and exemptions beyond what `docksill check` requires: what readers need, and what does not "
               "do what it says.\n"
               "That is: no firing or no quiet test, a quantifier in what a quantifier repeats, a case that is never "
               "reached, a\n"
               "condition that stands there twice, flags that do not lift the finding, an exemption for a whole "
               "family.\n"
               "A PATH is a file of rules or exemptions, or a folder of rules. Without one, the controls of the "
               "frameworks are held\n"
               "against what rules refer to, too. Exit status: 0 nothing found, 1 findings.",
        .options = options,
        .run = run,
};
