/*
 * Worked examples, at the limits of DESIGN 7: bodies as real clients make them, with every field they send
 * (property/examples.jsonl, with the command of each), the exact findings, their sum, and what each environment says by
 * which gate. What costs nothing stands there too: ulimit-missing, which no client's own defaults avoid, and
 * tmpfs-permissive for a bare --tmpfs /tmp.
 */
#include "road.h"
#include <stdio.h>

#define TARGET "/v1.41/containers/create"
#define MOST   32 /* findings of one example */

/* What every plain run lacks, whatever its image and network: six mediums, three lows, and one that is free. */
#define PLAIN                                                                                                          \
        "capabilities-not-dropped+10 memory-unlimited+10 no-new-privileges-missing+10 pids-unlimited+10 "              \
        "rootfs-writable+10 user-root+10 cpu-unlimited+3 healthcheck-missing+3 image-not-digest+3 "                    \
        "ulimit-missing+0 "
/* Of `docker run nginx`. */
#define NGINX PLAIN "image-tag-latest+10 default-bridge+3 "

#define HARD                                                                                                           \
        { "deny hard", "deny hard", "deny hard", "deny hard" }

static const struct example {
        const char *id;
        const char *findings; /* in any order, and no other */
        unsigned points;
        const char *says[ORDERED]; /* verdict and gate */
        const char *let_in;             /* rule of which the site lists nothing: +0 at first, high from production on */
} examples[] = {
        { "plain", NGINX, 82, { "allow none", "warn warn-severity", "deny points", "deny severity" } },
        { "version",
          PLAIN "default-bridge+3",
          72,
          { "allow none", "warn warn-severity", "deny points", "deny severity" } },
        { "good-flags",
          "no-new-privileges-missing+10 user-root+10 image-tag-latest+10 healthcheck-missing+3 default-bridge+3 "
          "image-not-digest+3 tmpfs-permissive+0 ulimit-missing+0",
          39,
          { "allow none", "warn warn-severity", "warn warn-severity", "deny severity" } },
        { "hardened", "ulimit-missing+0", 0, { "allow none", "allow none", "allow none", "warn warn-severity" } },
        { "hardened-privileged", "privileged-container+100 ulimit-missing+0", 100, HARD },
        { "privileged", NGINX "privileged-container+100", 182, HARD },
        { "socket", NGINX "runtime-socket-mount+100", 182, HARD },
        { "socket-read-only", NGINX "runtime-socket-mount+100", 182, HARD },
        { "root", NGINX "host-root-mount+100", 182, HARD },
        { "root-read-only", NGINX "host-root-mount+100", 182, HARD },
        { "host-network",
          PLAIN "image-tag-latest+10 host-network+40",
          119,
          { "warn warn-severity", "deny points", "deny severity", "deny severity" } },
        { "hardened-host-network",
          "host-network+40 ulimit-missing+0",
          40,
          { "warn warn-severity", "warn warn-severity", "deny severity", "deny severity" } },
        { "compose-web",
          PLAIN "image-tag-latest+10 port-wildcard+10 secret-in-env+10 host-bind-mount+3",
          102,
          { "allow none", "warn warn-severity", "deny severity", "deny severity" },
          .let_in = "host-path-unlisted" },
        { "compose-db",
          PLAIN "secret-in-env+10",
          79,
          { "allow none", "warn warn-severity", "deny points", "deny severity" } },
        { "compose-db-published",
          PLAIN "secret-in-env+10 port-sensitive+40",
          119,
          { "warn warn-severity", "deny points", "deny severity", "deny severity" } },
        { "compose-cache", PLAIN, 69, { "allow none", "warn warn-severity", "deny points", "deny severity" } },
};

static int by_text(const void *a, const void *b) {
        return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The words of @text, sorted, a blank behind each. */
static void add_sorted(struct text *out, struct str text) {
        struct str words[MOST], rest = text;
        size_t n = 0;

        while (rest.p) {
                struct str word = str_cut(&rest, ' ');

                if (word.n == 0)
                        continue;
                assert_true(n < MOST);
                words[n++] = word;
        }
        qsort(words, n, sizeof(words[0]), by_text);
        for (size_t i = 0; i < n; ++i)
                text_addf(out, "%" STR_FMT " ", STR_ARG(words[i]));
}

static void add_findings(struct text *out, const struct decision *d) {
        for (size_t i = 0; i < d->n_findings; ++i)
                text_addf(out, "%" STR_FMT "+%u ", STR_ARG(d->findings[i].rule->id), d->findings[i].points);
}

/* What it costs, in an environment, not to stand on a site's list. */
static unsigned let_in_points(const struct example *example, size_t environment) {
        return example->let_in && environment >= PRODUCTION ? 40 : 0;
}

static void assert_findings(const struct example *example, const struct decision *d, size_t environment) {
        cleanup_(text_deinit) struct text given, got, expected;

        text_init(&given);
        text_init(&got);
        text_init(&expected);
        add_findings(&given, d);
        add_sorted(&got, text_str(&given));
        text_reset(&given);
        text_addz(&given, example->findings);
        if (example->let_in)
                text_addf(&given, " %s+%u", example->let_in, let_in_points(example, environment));
        add_sorted(&expected, text_str(&given));
        if (!str_eq(text_str(&got), text_str(&expected)))
                fail_msg("%s, %s:\n     got %" STR_FMT "\nexpected %" STR_FMT, example->id,
                         environment_names[environment], STR_ARG(text_str(&got)), STR_ARG(text_str(&expected)));
}

static void assert_says(const struct example *example, const struct decision *d, size_t environment) {
        char said[64];

        snprintf(said, sizeof(said), "%" STR_FMT " %" STR_FMT, STR_ARG(verdict_name(d->verdict)),
                 STR_ARG(gate_name(d->gate)));
        if (strcmp(said, example->says[environment]) != 0)
                fail_msg("%s, %s: got \"%s\", expected \"%s\"", example->id, environment_names[environment], said,
                         example->says[environment]);
        assert_int_equal(d->would, d->verdict);
        assert_int_equal(d->allow, d->verdict != VERDICT_DENY);
}

struct run {
        struct road road;
        struct judged judged;
        bool done[ARRAY_SIZE(examples)];
};

static void judge_example(const json_t *line, void *context) {
        const char *id = json_string_value(json_object_get(line, "id"));
        struct run *run = context;
        size_t i = 0;

        assert_non_null(id);
        while (i < ARRAY_SIZE(examples) && strcmp(examples[i].id, id) != 0)
                ++i;
        if (i == ARRAY_SIZE(examples))
                fail_msg("%s stands in no row", id);
        run->done[i] = true;

        judge_json(&run->judged, &run->road, TARGET, json_object_get(line, "body"));
        assert_false(flaws_any(&run->judged.request.flaws));
        for (size_t e = 0; e < ORDERED; ++e) {
                const struct decision *d = &run->judged.decisions[e];

                assert_findings(&examples[i], d, e);
                assert_int_equal(d->points, examples[i].points + let_in_points(&examples[i], e));
                assert_says(&examples[i], d, e);
        }
}

static void worked_examples_come_out_as_the_guidance_reckons_them(void **state) {
        struct run run = { 0 };

        (void)state;
        road_open(&run.road);
        judged_init(&run.judged);
        lines_each("property/examples.jsonl", judge_example, &run);
        for (size_t i = 0; i < ARRAY_SIZE(examples); ++i)
                if (!run.done[i])
                        fail_msg("no body for %s", examples[i].id);
        judged_deinit(&run.judged);
        road_close(&run.road);
}

/* The table is of no use if its own sums are wrong: this one needs no rule. */
static void the_points_of_each_row_add_up(void **state) {
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(examples); ++i) {
                struct str rest = str_from(examples[i].findings);
                int64_t sum = 0, points;

                while (rest.p) {
                        struct str word = str_cut(&rest, ' ');

                        if (word.n == 0)
                                continue;
                        assert_int_equal(str_int(str_skip(word, str_find(word, '+') + 1), &points), 0);
                        sum += points;
                }
                assert_int_equal(sum, examples[i].points);
        }
}

/* DESIGN 7: what the sums above are held against. */
static void the_limits_are_those_the_table_was_made_for(void **state) {
        static const struct limits expected[ENVIRONMENTS] = {
                { SEVERITY_CRITICAL, SEVERITY_HIGH, 200, 120, UNKNOWN_SKIP },
                { SEVERITY_CRITICAL, SEVERITY_MEDIUM, 110, 30, UNKNOWN_WARN },
                { SEVERITY_HIGH, SEVERITY_LOW, 50, 1, UNKNOWN_FAIL },
                { SEVERITY_LOW, SEVERITY_INFO, 1, 1, UNKNOWN_FAIL },
                { SEVERITY_HIGH, SEVERITY_MEDIUM, 140, 30, UNKNOWN_FAIL },
        };

        (void)state;
        for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                struct ruleset *rules = rules_load(environment_names[i]);
                const struct limits *limits = ruleset_limits(rules);

                assert_int_equal(limits->deny_severity, expected[i].deny_severity);
                assert_int_equal(limits->deny_points, expected[i].deny_points);
                assert_int_equal(limits->warn_severity, expected[i].warn_severity);
                assert_int_equal(limits->warn_points, expected[i].warn_points);
                assert_int_equal(limits->unknown, expected[i].unknown);
                ruleset_unref(rules);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(worked_examples_come_out_as_the_guidance_reckons_them),
                cmocka_unit_test(the_points_of_each_row_add_up),
                cmocka_unit_test(the_limits_are_those_the_table_was_made_for),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
