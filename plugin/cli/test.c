#include "docksill/cli/command.h"
#include "docksill/decide/rule-test.h"
#include "setup.h"
#include <stdio.h>

enum { OPTION_CONFIG, OPTION_RULES, OPTIONS };
static const struct option_row options[] = {
        [OPTION_CONFIG] = { "config", "FILE", "settings; default " CONFIG_FILE },
        [OPTION_RULES] = { "rules", "FOLDER", "whose tests are run when no PATH is given" },
        [OPTIONS] = { NULL },
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

static int run(int argc, char **argv) {
        cleanup_(freep) const char **paths = calloc((size_t)argc, sizeof(*paths));
        struct rule_test_result result = { 0 };
        const char *values[OPTIONS];
        struct config_flags flags;
        struct setup setup;
        size_t n;
        int r;

        if (!paths || options_read(&command_test, argc, argv, values, paths, &n) < 0)
                return EXIT_USAGE;
        flags = (struct config_flags){ .config = values[OPTION_CONFIG], .rules = values[OPTION_RULES] };
        r = setup_open(&setup, &command_test, &flags);
        if (r != EXIT_FINE)
                return r;

        r = n ? test_rules(&result, paths, n, &setup.diag) : test_rules(&result, &setup.config.rules, 1, &setup.diag);
        if (r != EXIT_INVALID)
                printf("%zu passed, %zu failed, %zu later\n", result.passed, result.failed, result.later);
        setup_close(&setup);
        return r;
}

const struct command command_test = {
        .name = "test",
        .arguments = "[PATH…]",
        .doc = "Run the tests that stand in the rules' own entries.\n"
               "A PATH is a rule file or a folder of them. \"later\" counts tests that need lookups.",
        .options = options,
        .run = run,
};
