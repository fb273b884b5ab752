#include "coverage.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "rules.h"
#include <stdio.h>

#define COVERAGE_MEMORY (64u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "framework", "ID", "only this one, such as cis-docker" },
        { "environment", "NAME|FILE", "in which the rules are in force; default production" },
        { "rules", "FOLDER", "folder of the rules, environments and frameworks" },
        { "exemptions", "FOLDER|FILE", "folder or file of exemptions; default " CONFIG_EXEMPTIONS },
        { "mode", "audit|enforce", "as if docksill ran in it" },
        { "format", "text|json|csv|markdown|html", "how to print it; default text" },
        { NULL },
};

static int unknown(const struct frameworks *all, struct str id) {
        struct nearest nearest;

        nearest_init(&nearest, id);
        for (size_t i = 0; i < all->n; ++i)
                nearest_offer(&nearest, all->items[i].id);
        return command_misnamed(&command_rules_coverage, "framework", "", &nearest);
}

static int print(const struct coverage *c, const char *format, struct arena *arena) {
        cleanup_(text_deinit) struct text out;
        int r;

        text_init(&out);
        if (format && strcmp(format, "json") == 0)
                return output_json(&command_rules_coverage, coverage_json(c));
        if (!format || strcmp(format, "text") == 0)
                r = coverage_text(&out, c, arena);
        else if (strcmp(format, "csv") == 0)
                r = coverage_csv(&out, c);
        else if (strcmp(format, "markdown") == 0)
                r = coverage_markdown(&out, c);
        else
                r = coverage_html(&out, c);
        out.failed = out.failed || r < 0;
        return output_text(&command_rules_coverage, &out);
}

static int cover(const struct setup *setup, const struct frameworks *all, const struct invocation *in,
                 struct arena *arena) {
        const char *wanted = invocation_option(in, "framework");
        struct coverage c = { .rules = setup->rules,
                              .mode = setup->config.mode_given ? setup->config.mode : ruleset_mode(setup->rules),
                              .off = config_off(&setup->config) };

        for (size_t i = 0; i < all->n; ++i)
                if (!wanted || str_eqz(all->items[i].id, wanted))
                        if (coverage_add(&c, arena, &all->items[i]) < 0)
                                return EXIT_FAULT;
        if (wanted && c.n == 0)
                return unknown(all, str_from(wanted));
        return print(&c, invocation_option(in, "format"), arena);
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup;
        cleanup_(arena_deinit) struct arena arena;
        struct frameworks all = { 0 };
        int r;

        arena_init(&arena, COVERAGE_MEMORY);
        r = setup_load(&setup, in);
        if (r != EXIT_FINE)
                return r;
        r = setup_outcome(frameworks_read(&all, &arena, setup.config.rules, &setup.diag), &setup.diag);
        return r == EXIT_FINE ? cover(&setup, &all, in, &arena) : r;
}

const struct command command_rules_coverage = {
        .name = "rules coverage",
        .doc = "Show which controls of standards and guides the rules serve, and what becomes of these rules here.\n"
               "COVERS is how far rules can tell: full, part or none; STATE what their findings do in this "
               "environment.\n"
               "It is evidence, not compliance. A ? behind a number: it was not held against the source.",
        .options = options,
        .run = run,
};
