#include "docksill/cli/command.h"
#include "docksill/decide/rule-test.h"
#include "frame/setup.h"
#include <stdio.h>

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "rules", "FOLDER", "folder to test when no PATH is given" },
        { NULL },
};

/* Loads and runs; a failed test is a diagnostic, printed with the others. */
static int test_rules(struct rule_test_result *result, const char *const *paths, size_t n, struct diag *diag) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        int r;

        r = ruleset_load_rules(&rules, paths, n, diag);
        if (r < 0 || diag->errors)
                return setup_outcome(r, diag);
        r = rule_tests_run(result, rules, diag);
        (void)setup_outcome(r, diag);
        return r < 0 ? EXIT_FAULT : diag->errors ? EXIT_FINDINGS : EXIT_FINE;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup;
        struct rule_test_result result = { 0 };
        int r = setup_open(&setup, in);

        if (r != EXIT_FINE)
                return r;
        r = in->n ? test_rules(&result, in->arguments, in->n, &setup.diag)
                  : test_rules(&result, &setup.config.rules, 1, &setup.diag);
        if (r != EXIT_INVALID)
                printf("%zu passed, %zu failed, %zu skipped\n", result.passed, result.failed, result.skipped);
        return r;
}

const struct command command_test = {
        .name = "test",
        .arguments = "[PATH…]",
        .most = ARGUMENTS_ANY,
        .doc = "Run the tests embedded in the rule files.\n"
               "A PATH is a rule file or a folder of them.",
        .options = options,
        .run = run,
};
