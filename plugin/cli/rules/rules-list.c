#include "docksill/rules/inactivity.h"
#include "docksill/rules/provenance.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "frame/table.h"
#include "rule-summary.h"
#include "rules.h"

#define LIST_MEMORY (16u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "whose rules and overrides; default production" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "operation", "ID", "only rules that judge this operation, such as container.create" },
        { "severity", "SEVERITY", "only rules that can reach this severity" },
        OPTION_ROW_FORMAT,
        { NULL },
};

struct filter {
        struct str operation; /* empty: any */
        enum severity severity;
};

struct listing {
        struct arena arena;
        const struct ruleset *rules;
        struct filter filter;
        unsigned off; /* SOURCE_…: who is not asked */
};

/* Whether the rule is to be listed, or -ENOMEM. */
static int wanted(struct listing *l, const struct rule *rule, struct rule_summary *summary) {
        int r = rule_summarise(summary, &l->arena, l->rules, rule);

        if (r < 0)
                return r;
        return summary->worst >= l->filter.severity &&
               (str_empty(l->filter.operation) || rule_runs_for(summary, l->filter.operation));
}

static struct str place_of(struct listing *l, struct position at) {
        struct text t;

        text_init_arena(&t, &l->arena);
        position_add(&t, at);
        return text_str(&t);
}

static struct str mode_of(const struct rule *rule) {
        return mode_name(rule->audit ? MODE_AUDIT : MODE_ENFORCE);
}

/* What sleeps by the settings in force. */
static struct inactivity inactivity_of(const struct listing *l, const struct rule *rule) {
        return rule_inactivity(rule, l->off);
}

static int print_text(struct listing *l) {
        static const char *const titles[] = { "RULE", "SEVERITY", "HARD", "MODE", "OPERATIONS", "WHERE", "TITLE" };
        cleanup_(text_deinit) struct text out;
        struct rule_view view = ruleset_rules(l->rules);
        struct table t;

        text_init(&out);
        table_init(&t, &l->arena, titles, ARRAY_SIZE(titles));
        for (size_t i = 0; i < view.n; ++i) {
                const struct rule *rule = view.items[i];
                struct rule_summary summary;
                int r = wanted(l, rule, &summary);

                t.failed = t.failed || r < 0;
                if (r <= 0)
                        continue;
                table_add(&t, rule->id);
                table_add(&t, severity_name(summary.worst));
                table_add(&t, summary.hard ? STR_C("hard") : STR_C(""));
                table_add(&t, inactivity_of(l, rule).rule ? STR_C("off") : mode_of(rule));
                table_addf(&t, "%zu", summary.operations.n);
                table_add(&t, place_of(l, rule->at));
                table_add(&t, rule->title);
        }
        table_render(&t, &out);
        return output_text(&command_rules_list, &out);
}

static json_t *renamed_json(const struct ruleset *rules) {
        struct renaming_view view = ruleset_renamings(rules);
        json_auto_t *map = json_object();

        for (size_t i = 0; map && i < view.n; ++i)
                if (json_object_setn_new(map, view.items[i].old.p, view.items[i].old.n,
                                         printable_list_json(view.items[i].ids, view.items[i].n)) < 0)
                        return NULL;
        return TAKE(map);
}

static json_t *rules_json(struct listing *l) {
        json_auto_t *list = json_array();
        struct rule_view view = ruleset_rules(l->rules);

        for (size_t i = 0; list && i < view.n; ++i) {
                const struct rule *rule = view.items[i];
                struct inactivity inactivity = inactivity_of(l, rule);
                struct rule_summary summary;
                json_t *row;
                int r = wanted(l, rule, &summary);

                if (r < 0)
                        return NULL;
                if (r == 0)
                        continue;
                row = json_pack("{s:o, s:o, s:s, s:b, s:s, s:b, s:I, s:o, s:o}", "id", printable_json(rule->id),
                                "title", printable_json(rule->title), "severity", severity_name(summary.worst).p,
                                "hard", summary.hard, "mode", mode_of(rule).p, "off", inactivity.rule, "cases_off",
                                (json_int_t)inactivity.cases, "where", printable_json(place_of(l, rule->at)),
                                "operations", printable_list_json(summary.operations.items, summary.operations.n));
                if (json_array_append_new(list, row) < 0)
                        return NULL;
        }
        return list ? json_pack("{s:s, s:o, s:o, s:O}", "schema", "docksill.rules/1", "environment",
                                printable_json(ruleset_name(l->rules)), "renamed", renamed_json(l->rules), "rules",
                                list)
                    : NULL;
}

static int unknown_operation(struct str given) {
        struct nearest nearest;

        nearest_init(&nearest, given);
        for (size_t i = 0; i < operation_table_n; ++i)
                nearest_offer(&nearest, operation_table[i].id);
        return command_misnamed(&command_rules_list, "operation", "", &nearest);
}

static int filter_read(struct filter *out, const struct invocation *in) {
        const char *severity = invocation_option(in, "severity");

        *out = (struct filter){ .operation = str_from(invocation_option(in, "operation")) };
        if (out->operation.n && !str_eqz(out->operation, "unknown") && !operation_find(out->operation))
                return unknown_operation(out->operation);
        if (severity && !severity_parse(str_from(severity), &out->severity))
                return command_misused(&command_rules_list, "--severity is none, info, low, medium, high or critical");
        return EXIT_FINE;
}

static int list_rules(const struct setup *setup, const struct filter *filter, bool json) {
        struct listing l = { .rules = setup->rules, .filter = *filter, .off = config_off(&setup->config) };
        int r;

        arena_init(&l.arena, LIST_MEMORY);
        r = json ? output_json(&command_rules_list, rules_json(&l)) : print_text(&l);
        arena_deinit(&l.arena);
        return r;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        struct filter filter;
        int r = filter_read(&filter, in);

        if (r == EXIT_FINE)
                r = setup_load(&setup, in);
        return r == EXIT_FINE ? list_rules(&setup, &filter, in->json) : r;
}

const struct command command_rules_list = {
        .name = "rules list",
        .arguments = "",
        .doc = "List the rules in force, with the severity of each rule's worst case.\n"
               "OPERATIONS is the number of operations that the rule judges; `docksill rules show ID` names them. "
               "MODE is off for\n"
               "rules that can't fire because the engine is not asked (lookups.docker).",
        .options = options,
        .run = run,
};
