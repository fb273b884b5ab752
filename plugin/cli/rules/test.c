#include "docksill/decide/rule-test.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "test-coverage.h"
#include <errno.h>
#include <stdio.h>

#define COVERAGE_MEMORY ((size_t)64 << 20)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "rules", "FOLDER", "folder to test when no PATH is given" },
        { "coverage", NULL, "which cases and conditions of the rules their tests do not reach" },
        { "fail-under", "PERCENT", "with --coverage: exit 1 where they reach less of them, such as 100" },
        OPTION_ROW_FORMAT,
        { NULL },
};

struct outcome {
        struct ruleset *rules; /* what .coverage speaks of */
        struct rule_test_result result;
        struct rule_coverage coverage;
};

/* Loads and runs; a failed test is a diagnostic, printed with the others. */
static int test_rules(struct outcome *out, const char *const *paths, size_t n, bool covering, struct arena *arena,
                      struct diag *diag) {
        int r = ruleset_load_rules(&out->rules, paths, n, diag);

        if (r < 0 || diag->errors)
                return setup_outcome(r, diag);
        r = rule_tests_run(&out->result, out->rules, diag);
        (void)setup_outcome(r, diag);
        if (r == 0 && covering)
                r = rule_coverage_measure(&out->coverage, out->rules, arena);
        return r < 0 ? EXIT_FAULT : diag->errors ? EXIT_FINDINGS : EXIT_FINE;
}

static int print_json(const struct invocation *in, const struct outcome *o, bool covering) {
        json_t *coverage = covering ? test_coverage_json(&o->coverage) : json_null();

        return output_json(in->command, json_pack("{s:s, s:I, s:I, s:I, s:o}", "schema", "docksill.test/1", "passed",
                                                  (json_int_t)o->result.passed, "failed", (json_int_t)o->result.failed,
                                                  "skipped", (json_int_t)o->result.skipped, "coverage", coverage));
}

static int print_text(const struct invocation *in, const struct outcome *o, bool covering) {
        cleanup_(text_deinit) struct text out;

        text_init(&out);
        if (covering)
                test_coverage_add(&out, &o->coverage);
        text_addf(&out, "%zu passed, %zu failed, %zu skipped\n", o->result.passed, o->result.failed, o->result.skipped);
        return output_text(in->command, &out);
}

/* "99.5" is 9950; false: it is no percentage. */
static bool read_percent(const char *given, unsigned *out) {
        struct str rest = str_from(given), whole = str_cut(&rest, '.');
        int64_t n, hundredths = 0;

        if (str_int(whole, &n) < 0 || n < 0 || rest.n > 2 || (rest.n && str_int(rest, &hundredths) < 0) ||
            hundredths < 0)
                return false;
        *out = (unsigned)(n > 100 ? 10001 : n * 100 + hundredths * (rest.n == 1 ? 10 : 1));
        return *out <= 10000;
}

static int conclude(const struct invocation *in, const struct outcome *o, int r, unsigned least) {
        bool covering = invocation_option(in, "coverage");
        int printed;

        if (r == EXIT_INVALID || r == EXIT_FAULT)
                return r;
        printed = in->json ? print_json(in, o, covering) : print_text(in, o, covering);
        if (printed != EXIT_FINE)
                return printed;
        return covering && test_coverage_percent(&o->coverage) < least ? EXIT_FINDINGS : r;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        const char *under = invocation_option(in, "fail-under");
        struct outcome outcome = { 0 };
        struct arena arena;
        unsigned least = 0;
        int r;

        if (under && !invocation_option(in, "coverage"))
                return command_misused(in->command, "--fail-under belongs to --coverage");
        if (under && !read_percent(under, &least))
                return command_misused(in->command, "--fail-under is a percentage: 100, or 99.5");
        r = setup_open(&setup, in);
        if (r != EXIT_FINE)
                return r;
        arena_init(&arena, COVERAGE_MEMORY);
        r = test_rules(&outcome, in->n ? in->arguments : &setup.config.rules, in->n ? in->n : 1,
                       invocation_option(in, "coverage"), &arena, &setup.diag);
        r = conclude(in, &outcome, r, least);
        arena_deinit(&arena);
        ruleset_unref(outcome.rules);
        return r;
}

const struct command command_test = {
        .name = "test",
        .arguments = "[PATH…]",
        .most = ARGUMENTS_ANY,
        .doc = "Run the tests embedded in the rule files.\n"
               "A PATH is a rule file or a folder of them. With --coverage, each case must be where some test of its "
               "rule "
               "ends, and\n"
               "each condition true in one and false in another. Exit status: 0 all pass, 1 some fail, or they reach "
               "too "
               "little.",
        .options = options,
        .run = run,
};
