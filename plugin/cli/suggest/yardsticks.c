#include "yardsticks.h"
#include "frame/terminal.h"
#include <unistd.h>

static const struct str shipped[] = { STR("development"), STR("staging"), STR("production"), STR("lockdown") };

/* A site's folder of rules need not have them all. */
static bool is_there(const struct setup *setup, struct str name) {
        char path[4096];

        return (size_t)snprintf(path, sizeof(path), "%s/environments/%" STR_FMT ".yaml", setup->config.rules,
                                STR_ARG(name)) < sizeof(path) &&
               access(path, F_OK) == 0;
}

static int load(struct yardstick *out, const struct setup *setup, struct str name) {
        const struct ruleset_options options = { .rules = setup->config.rules,
                                                 .environment = name.p,
                                                 .exemptions = setup->config.exemptions };
        struct diag diag;
        int r;

        diag_init(&diag);
        r = setup_ruleset(&out->rules, setup, options, &diag);
        out->name = name;
        /* Warnings were told of the one in force. */
        r = r < 0 ? setup_outcome(r, &diag) : EXIT_FINE;
        diag_deinit(&diag);
        return r;
}

int yardsticks_load(struct yardsticks *out, const struct setup *setup) {
        struct str chosen = str_from(setup->config.environment);
        bool among = false;

        *out = (struct yardsticks){ 0 };
        for (size_t i = 0; i < ARRAY_SIZE(shipped); ++i) {
                struct yardstick *y = &out->items[out->n];
                int r = EXIT_FINE;

                if (str_eq(chosen, shipped[i])) {
                        *y = (struct yardstick){ shipped[i], ruleset_ref(setup->rules) };
                        out->chosen = out->n;
                        among = true;
                } else if (is_there(setup, shipped[i])) {
                        r = load(y, setup, shipped[i]);
                } else {
                        continue;
                }
                if (r != EXIT_FINE)
                        return r;
                ++out->n;
        }
        if (!among) {
                out->chosen = out->n;
                out->items[out->n++] = (struct yardstick){ ruleset_name(setup->rules), ruleset_ref(setup->rules) };
        }
        return EXIT_FINE;
}

void yardsticks_deinit(struct yardsticks *y) {
        for (size_t i = 0; i < y->n; ++i)
                ruleset_unref(y->items[i].rules);
        y->n = 0;
}
