/*
 * What is printed has been loaded and tested, so that whoever begins a rule begins with one that works.
 */
#include "docksill/decide/rule-test.h"
#include "docksill/engine/operation.h"
#include "docksill/rules/operator.h"
#include "docksill/rules/schema.h"
#include "docksill/rules/severity.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "rule-sketch.h"
#include "rules.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define NEW_MEMORY  ((size_t)1024 * 1024)
#define ANSWER_MOST 500

static const struct option_row options[] = {
        { "fact", "FACT", "what is looked at, such as container.memory (docksill facts list)" },
        { "operator", "OPERATOR", "how: eq, in, gt, within …; default eq" },
        { "value", "VALUE", "what it is held against" },
        { "when", "CONDITION", "the whole condition instead, such as '{container.init: true, container.user: a}'" },
        { "severity", "SEVERITY", "default medium" },
        { "title", "TEXT", "what the rule is about, in a few words" },
        { "message", "TEXT", "what a refusal says, with {fact}" },
        { "why", "TEXT", "what somebody gains by it" },
        { "fix", "TEXT", "what to do instead" },
        { "operation", "OPERATION", "of the tests; default container.create" },
        { "firing", "BODY", "a body at which it fires, as YAML or JSON; default made of the fact" },
        { "quiet", "BODY", "one at which it just does not" },
        { "output", "FILE", "write it there; one that is there is kept" },
        { NULL },
};

/* -- questions -- */

/* An answer in @arena; empty for none. */
static struct str ask(struct arena *arena, const char *question) {
        char line[ANSWER_MOST];
        struct str answer;

        fprintf(stderr, "%s ", question);
        if (!fgets(line, sizeof(line), stdin) || arena_str(arena, str_trim(str_from(line)), &answer) < 0)
                return (struct str){ 0 };
        return answer;
}

static struct str given(const struct invocation *in, const char *option) {
        return str_from(invocation_option(in, option));
}

/* From the command line; else asked for where somebody can answer. */
static struct str wanted(const struct invocation *in, struct arena *arena, const char *option, const char *question) {
        struct str value = given(in, option);

        return value.n || !isatty(STDIN_FILENO) || given(in, "when").n || given(in, "fact").n ? value
                                                                                              : ask(arena, question);
}

/* -- what was said -- */

static int find_fact(const struct invocation *in, struct rule_sketch *s, struct str name) {
        struct nearest nearest;

        nearest_init(&nearest, name);
        for (size_t i = 0; i < fact_table_n; ++i) {
                if (str_eq(fact_table[i].name, name)) {
                        s->fact = &fact_table[i];
                        return EXIT_FINE;
                }
                nearest_offer(&nearest, fact_table[i].name);
        }
        return command_misnamed(in->command, "fact", "", &nearest);
}

static int check_operator(const struct invocation *in, const struct rule_sketch *s) {
        struct operator_view o;
        struct nearest nearest;

        nearest_init(&nearest, s->operator);
        for (size_t i = 0; operator_at(i, &o); ++i) {
                if (str_eq(o.name, s->operator))
                        return EXIT_FINE;
                nearest_offer(&nearest, o.name);
        }
        return command_misnamed(in->command, "operator", "", &nearest);
}

static int check_words(const struct invocation *in, const struct rule_sketch *s) {
        enum severity severity;

        if (!schema_is_name(s->id))
                return command_misused(in->command, "an id has lower-case letters, digits and dashes, a letter first");
        if (!severity_parse(s->severity, &severity) || severity == SEVERITY_NONE)
                return command_misused(in->command, "--severity is info, low, medium, high or critical");
        if (!operation_find(s->operation))
                return command_misused(in->command, "--operation is one of those that `docksill operations list` has");
        return s->fact ? check_operator(in, s) : EXIT_FINE;
}

static int read_sketch(struct rule_sketch *s, const struct invocation *in, struct arena *arena) {
        struct str fact = wanted(in, arena, "fact", "Which fact (docksill facts list)?");
        bool asking = fact.n && !given(in, "fact").n;
        int r = EXIT_FINE;

        *s = (struct rule_sketch){ .id = str_from(in->arguments[0]),
                                   .title = given(in, "title"),
                                   .severity = given(in, "severity"),
                                   .operation = given(in, "operation"),
                                   .operator= given(in, "operator"),
                                   .value = given(in, "value"),
                                   .when = given(in, "when"),
                                   .message = given(in, "message"),
                                   .why = given(in, "why"),
                                   .fix = given(in, "fix"),
                                   .firing = given(in, "firing"),
                                   .quiet = given(in, "quiet") };
        if (fact.n && s->when.n)
                return command_misused(in->command, "--fact or --when: one of them");
        if (!fact.n && !s->when.n)
                return command_misused(in->command, "what does it look at? Give --fact and --value, or --when");
        if (asking) {
                s->operator= s->operator.n ? s->operator: ask(arena, "Which operator (eq, in, gt …; nothing: eq)?");
                s->value = s->value.n ? s->value : ask(arena, "Held against which value?");
                s->severity = s->severity.n ? s->severity : ask(arena, "How severe (low, medium, high …)?");
                s->why = s->why.n ? s->why : ask(arena, "Why: what does somebody gain by it?");
                s->fix = s->fix.n ? s->fix : ask(arena, "What is to be done instead?");
        }
        s->severity = s->severity.n ? s->severity : STR_C("medium");
        s->operation = s->operation.n ? s->operation : STR_C("container.create");
        s->operator= s->operator.n ? s->operator: STR_C("eq");
        if (fact.n)
                r = find_fact(in, s, fact);
        if (r == EXIT_FINE && s->fact && !s->value.n)
                r = command_misused(in->command, "--fact needs a --value");
        return r == EXIT_FINE ? check_words(in, s) : r;
}

/* -- whether it works -- */

static int try_file(const char *path) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        struct rule_test_result result;
        struct diag diag;
        int r;

        diag_init(&diag);
        r = ruleset_load_rules(&rules, &path, 1, &diag);
        if (r == 0)
                r = rule_tests_run(&result, rules, &diag);
        r = setup_outcome(diag.errors ? -EINVAL : r, &diag);
        diag_deinit(&diag);
        return r;
}

/* Says what is wrong, if anything. Returns EXIT_FINE, EXIT_INVALID or EXIT_ENVIRONMENT. */
static int try_text(const struct invocation *in, const struct text *text) {
        int fd = memfd_create("rule.yaml", MFD_CLOEXEC), r = EXIT_ENVIRONMENT;
        char path[64];

        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        if (fd < 0 || write(fd, text->p, text->n) != (ssize_t)text->n)
                fprintf(stderr, "docksill %s: %s: %s\n", in->command->name, path, strerror(errno));
        else
                r = try_file(path);
        if (fd >= 0)
                close(fd);
        if (r == EXIT_INVALID)
                fprintf(stderr,
                        "docksill %s: so it is not written. Bodies of your own: --firing '{HostConfig: {…}}' "
                        "--quiet '{Image: a}'\n",
                        in->command->name);
        return r;
}

static int put(const struct invocation *in, const struct text *text) {
        const char *path = invocation_option(in, "output");
        int fd;

        if (!path)
                return output_text(in->command, text);
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (fd < 0 || write(fd, text->p, text->n) != (ssize_t)text->n) {
                fprintf(stderr, "docksill %s: %s: %s\n", in->command->name, path, strerror(errno));
                if (fd >= 0)
                        close(fd);
                return EXIT_ENVIRONMENT;
        }
        close(fd);
        printf("%s: loads, and its 2 tests pass. Write what is left to be written, and try: docksill rules lint %s\n",
               path, path);
        return EXIT_FINE;
}

static int run(const struct invocation *in) {
        cleanup_(arena_deinit) struct arena arena;
        cleanup_(text_deinit) struct text text;
        struct rule_sketch sketch;
        int r;

        arena_init(&arena, NEW_MEMORY);
        text_init(&text);
        r = read_sketch(&sketch, in, &arena);
        if (r != EXIT_FINE)
                return r;
        if (!rule_sketch_bodies(&sketch, &arena))
                return command_misused(in->command,
                                       "no body can be made for that: give --firing and --quiet, such as "
                                       "--firing '{HostConfig: {Binds: [\"/srv:/d\"]}}' --quiet '{Image: a}'");
        rule_sketch_add(&text, &sketch);
        if (text.failed)
                return EXIT_FAULT;
        r = try_text(in, &text);
        return r == EXIT_FINE ? put(in, &text) : r;
}

const struct command command_rules_new = {
        .name = "rules new",
        .arguments = "ID",
        .least = 1,
        .most = 1,
        .takes = "the new rule's id",
        .doc = "Begin a rule: print a file with one that loads and whose two tests pass.\n"
               "On a terminal it asks for what is not given. What is left to be written says so. Exit status: 3 when "
               "the "
               "rule would not\n"
               "load, or its tests not pass; nothing is written then.",
        .options = options,
        .run = run,
};
