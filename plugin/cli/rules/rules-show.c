#include "docksill/decide/flag.h"
#include "docksill/rules/provenance.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "rule-source.h"
#include "rule-summary.h"
#include "rules.h"

#include <stdio.h>

#define SHOW_MEMORY (16u * 1024 * 1024)
#define LINE_MAX    2000 /* bytes shown of one line of a file */

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "whose overrides apply; default production" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        OPTION_ROW_FORMAT,
        { NULL },
};

/* The keys that say when a rule fires, in the order they are asked. */
static const char *const condition_keys[] = { "on", "for_each", "when", "cases" };

struct printable {
        struct arena arena;
        const struct ruleset *rules;
        const struct rule *rule;
        const struct yaml_node *entry;
        struct rule_summary summary;
        struct str conditions[ARRAY_SIZE(condition_keys)]; /* as written */
        struct str where;
};

static int place_of(struct arena *arena, struct position at, struct str *out) {
        struct text t;

        text_init_arena(&t, arena);
        position_add(&t, at);
        *out = text_str(&t);
        return t.failed ? -1 : 0;
}

/* Returns 0, or a negative errno. */
static int shown_fill(struct printable *s) {
        struct rule_sources sources = { .arena = &s->arena };
        int r = rule_summarise(&s->summary, &s->arena, s->rules, s->rule);

        if (r == 0)
                r = rule_source_entry(&sources, s->rule, &s->entry);
        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(condition_keys); ++i)
                r = rule_source_text(&sources, s->entry, condition_keys[i], &s->conditions[i]);
        return r == 0 ? place_of(&s->arena, s->rule->at, &s->where) : r;
}

static void add_line(struct text *out, const char *name, struct str value) {
        if (str_empty(value))
                return;
        text_addf(out, "%-13s", name);
        text_add_visible(out, str_trim(value), LINE_MAX);
        text_add_char(out, '\n');
}

static void add_conditions(struct text *out, const struct printable *s) {
        text_addz(out, "conditions:\n");
        for (size_t i = 0; i < ARRAY_SIZE(condition_keys); ++i) {
                struct str rest = s->conditions[i];

                while (rest.n) {
                        text_addz(out, "    ");
                        text_add_visible(out, str_cut(&rest, '\n'), LINE_MAX);
                        text_add_char(out, '\n');
                }
        }
}

/* "none, high, critical (hard)": in the order of the cases, overrides applied. */
static void add_severities(struct text *out, const struct rule *rule) {
        text_addf(out, "%-13s", "severities:");
        for (size_t i = 0; i < rule->n_cases; ++i)
                text_addf(out, "%s%" STR_FMT "%s", i ? ", " : "", STR_ARG(severity_name(rule->cases[i].severity)),
                          rule->cases[i].hard ? " (hard)" : "");
        text_addf(out, "\n%-13s%" STR_FMT "\n", "unknown:", STR_ARG(severity_name(rule->unknown)));
}

/* "--read-only  (files; may stop the program)" */
static void add_flag(struct text *out, const char *name, struct str flag) {
        text_addf(out, "%-13s", name);
        text_add_visible(out, str_trim(flag), LINE_MAX);
        text_addz(out, "  (");
        flag_add_change(out, flag);
        text_addz(out, ")\n");
}

static void add_flags(struct text *out, const char *name, const struct yaml_node *flags) {
        if (flags && flags->kind == NODE_SCALAR && flags->text.n)
                add_flag(out, name, flags->text);
        for (size_t i = 0; flags && flags->kind == NODE_SEQUENCE && i < flags->n; ++i)
                add_flag(out, i ? "" : name, flags->items[i]->text);
}

static void add_fix(struct text *out, struct arena *arena, const struct yaml_node *entry) {
        const struct yaml_node *fix = yaml_get(entry, "fix");

        if (!fix)
                return;
        add_line(out, "fix:", rule_source_words(arena, fix, "cli"));
        add_line(out, "compose:", rule_source_words(arena, fix, "compose"));
        add_line(out, "swarm:", rule_source_words(arena, fix, "swarm"));
        add_line(out, "list:", rule_source_list(arena, fix));
        add_flags(out, "flags:", yaml_get(fix, "flags"));
        add_flags(out, "service:", yaml_get(fix, "service"));
}

static void add_list(struct text *out, const struct str *items, size_t n) {
        for (size_t i = 0; i < n; ++i) {
                text_addz(out, i ? ", " : "");
                text_add_visible(out, items[i], LINE_MAX);
        }
        text_add_char(out, '\n');
}

static void add_references(struct text *out, const struct rule *rule) {
        for (size_t i = 0; i < rule->n_references; ++i) {
                text_addf(out, "%-13s", i ? "" : "references:");
                text_add_visible(out, rule->references[i].framework, LINE_MAX);
                text_add_char(out, ' ');
                add_list(out, rule->references[i].items, rule->references[i].n);
        }
}

static bool touches(const struct override_place *o, const struct rule *rule) {
        return o->kind == OVERRIDE_OF_RULE && str_eq(o->name, rule->id);
}

static void add_overrides(struct text *out, const struct printable *s) {
        const struct provenance *p = ruleset_provenance(s->rules);

        for (size_t i = 0; i < p->n_overrides; ++i) {
                const struct override_place *o = &p->overrides[i];

                if (!touches(o, s->rule))
                        continue;
                text_addf(out, "%-13s", "override:");
                if (o->severity.n)
                        text_addf(out, "severity %" STR_FMT ", ", STR_ARG(o->severity));
                if (o->mode.n)
                        text_addf(out, "mode %" STR_FMT ", ", STR_ARG(o->mode));
                text_addz(out, "at ");
                position_add(out, o->at);
                if (o->reason.n) {
                        text_addz(out, ": ");
                        text_add_visible(out, o->reason, LINE_MAX);
                }
                text_add_char(out, '\n');
        }
}

static int print_text(struct printable *s) {
        struct arena *arena = &s->arena;
        cleanup_(text_deinit) struct text out;
        const struct rule *rule = s->rule;

        text_init(&out);
        add_line(&out, "rule:", rule->id);
        add_line(&out, "title:", rule->title);
        add_line(&out, "where:", s->where);
        add_line(&out, "mode:", mode_name(rule->audit ? MODE_AUDIT : MODE_ENFORCE));
        add_severities(&out, rule);
        add_overrides(&out, s);
        add_line(&out, "why:", rule->why);
        add_conditions(&out, s);
        add_line(&out, "message:", rule_source_words(arena, s->entry, "message"));
        add_fix(&out, arena, s->entry);
        add_references(&out, rule);
        text_addf(&out, "%-13s%zu firing, %zu quiet\n", "tests:", s->summary.firing, s->summary.quiet);
        text_addf(&out, "%-13s", "operations:");
        add_list(&out, s->summary.operations.items, s->summary.operations.n);
        return output_text(&command_rules_show, &out);
}

static json_t *references_json(const struct rule *rule) {
        json_auto_t *map = json_object();

        for (size_t i = 0; map && i < rule->n_references; ++i) {
                const struct rule_reference *r = &rule->references[i]; /* the loader has checked its name */

                if (json_object_setn_new(map, r->framework.p, r->framework.n, printable_list_json(r->items, r->n)) < 0)
                        return NULL;
        }
        return TAKE(map);
}

static json_t *cases_json(const struct rule *rule) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < rule->n_cases; ++i)
                if (json_array_append_new(list,
                                          json_pack("{s:s, s:b}", "severity", severity_name(rule->cases[i].severity).p,
                                                    "hard", rule->cases[i].hard)) < 0)
                        return NULL;
        return TAKE(list);
}

/* Line ends within are part of the text here. */
static json_t *lines_json(struct str text) {
        json_auto_t *list = json_array();

        while (list && text.n)
                if (json_array_append_new(list, printable_json(str_cut(&text, '\n'))) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *conditions_json(const struct printable *s) {
        json_auto_t *map = json_object();

        for (size_t i = 0; map && i < ARRAY_SIZE(condition_keys); ++i)
                if (s->conditions[i].n && json_object_set_new(map, condition_keys[i], lines_json(s->conditions[i])) < 0)
                        return NULL;
        return TAKE(map);
}

static json_t *flags_json(const struct yaml_node *fix, const char *key) {
        const struct yaml_node *flags = fix ? yaml_get(fix, key) : NULL;
        json_auto_t *list = json_array();

        if (list && flags && flags->kind == NODE_SCALAR && json_array_append_new(list, printable_json(flags->text)) < 0)
                return NULL;
        for (size_t i = 0; list && flags && flags->kind == NODE_SEQUENCE && i < flags->n; ++i)
                if (json_array_append_new(list, printable_json(flags->items[i]->text)) < 0)
                        return NULL;
        return TAKE(list);
}

static int changes_add(json_t *list, struct str flag) {
        return json_array_append_new(list, json_pack("{s:o, s:s, s:b, s:b}", "flag", printable_json(flag), "changes",
                                                     flag_changes(flag).p, "may_stop", flag_may_stop(flag), "by_hand",
                                                     flag_is_by_hand(flag)));
}

/* What each of the flags changes, those of services behind. */
static json_t *changes_json(const struct yaml_node *fix) {
        static const char *const keys[] = { "flags", "service" };
        json_auto_t *list = json_array();

        for (size_t k = 0; list && fix && k < ARRAY_SIZE(keys); ++k) {
                const struct yaml_node *flags = yaml_get(fix, keys[k]);

                if (flags && flags->kind == NODE_SCALAR && flags->text.n && changes_add(list, flags->text) < 0)
                        return NULL;
                for (size_t i = 0; flags && flags->kind == NODE_SEQUENCE && i < flags->n; ++i)
                        if (changes_add(list, flags->items[i]->text) < 0)
                                return NULL;
        }
        return TAKE(list);
}

static json_t *override_json(const struct printable *s, const struct override_place *o) {
        struct str where;

        if (place_of((struct arena *)&s->arena, o->at, &where) < 0)
                return NULL;
        return json_pack("{s:o, s:o, s:o, s:o}", "where", printable_json(where), "severity",
                         printable_json(o->severity), "mode", printable_json(o->mode), "reason",
                         printable_json(o->reason));
}

static json_t *overrides_json(const struct printable *s) {
        const struct provenance *p = ruleset_provenance(s->rules);
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < p->n_overrides; ++i)
                if (touches(&p->overrides[i], s->rule) &&
                    json_array_append_new(list, override_json(s, &p->overrides[i])) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *rule_json(struct printable *s) {
        struct arena *arena = &s->arena;
        const struct yaml_node *fix = yaml_get(s->entry, "fix");
        const struct rule *rule = s->rule;

        return json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:b, s:s, s:o, s:o, s:o, s:o, s:{s:o, s:o, s:o, s:o, "
                         "s:o, s:o}, s:o, "
                         "s:{s:I, s:I}, s:o}",
                         "schema", "docksill.rule/1", "id", printable_json(rule->id), "title",
                         printable_json(rule->title), "why", printable_json(rule->why), "where",
                         printable_json(s->where), "mode", mode_name(rule->audit ? MODE_AUDIT : MODE_ENFORCE).p,
                         "severity", severity_name(s->summary.worst).p, "hard", s->summary.hard, "unknown",
                         severity_name(rule->unknown).p, "cases", cases_json(rule), "conditions", conditions_json(s),
                         "overrides", overrides_json(s), "message",
                         printable_json(rule_source_words(arena, s->entry, "message")), "fix", "cli",
                         printable_json(rule_source_words(arena, fix, "cli")), "compose",
                         printable_json(rule_source_words(arena, fix, "compose")), "flags", flags_json(fix, "flags"),
                         "service", flags_json(fix, "service"), "changes", changes_json(fix), "list",
                         printable_json(rule_source_list(arena, fix)), "references", references_json(rule), "tests",
                         "firing", (json_int_t)s->summary.firing, "quiet", (json_int_t)s->summary.quiet, "operations",
                         printable_list_json(s->summary.operations.items, s->summary.operations.n));
}

static int unknown_rule(const struct ruleset *rules, struct str id) {
        struct rule_view view = ruleset_rules(rules);
        struct nearest nearest;

        nearest_init(&nearest, id);
        for (size_t i = 0; i < view.n; ++i)
                nearest_offer(&nearest, view.items[i]->id);
        return command_misnamed(&command_rules_show, "rule", "", &nearest);
}

/* An old name that is several rules. */
static int show_renaming(const struct ruleset *rules, const struct renaming *renamed, bool json) {
        cleanup_(text_deinit) struct text out;

        text_init(&out);
        if (json)
                return output_json(&command_rules_show, json_pack("{s:s, s:o, s:o}", "schema", "docksill.renamed/1",
                                                                  "id", printable_json(renamed->old), "rules",
                                                                  printable_list_json(renamed->ids, renamed->n)));
        text_add_visible(&out, renamed->old, LINE_MAX);
        text_addf(&out, " is %zu rules:\n", renamed->n);
        for (size_t i = 0; i < renamed->n; ++i)
                text_addf(&out, "    %-30" STR_FMT " %" STR_FMT "\n", STR_ARG(renamed->ids[i]),
                          STR_ARG(ruleset_rule(rules, renamed->ids[i])->title));
        return output_text(&command_rules_show, &out);
}

static int show(const struct ruleset *rules, struct str id, bool json) {
        const struct renaming *renamed = renaming_find(ruleset_renamings(rules), id);
        struct printable s = { .rules = rules, .rule = ruleset_rule(rules, id) };
        int r;

        if (renamed && renamed->n > 1)
                return show_renaming(rules, renamed, json);
        if (renamed) {
                fprintf(stderr, "docksill rules show: %" STR_FMT " is called %" STR_FMT " now\n", STR_ARG(renamed->old),
                        STR_ARG(renamed->ids[0]));
                s.rule = ruleset_rule(rules, renamed->ids[0]);
        }
        if (!s.rule)
                return unknown_rule(rules, id);
        arena_init(&s.arena, SHOW_MEMORY);
        if (shown_fill(&s) < 0 || json)
                r = output_json(&command_rules_show, s.entry ? rule_json(&s) : NULL);
        else
                r = print_text(&s);
        arena_deinit(&s.arena);
        return r;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup;
        int r = setup_load(&setup, in);

        return r == EXIT_FINE ? show(setup.rules, str_from(in->arguments[0]), in->json) : r;
}

const struct command command_rules_show = {
        .name = "rules show",
        .arguments = "ID",
        .least = 1,
        .most = 1,
        .takes = "one rule's id",
        .doc = "Show everything about one rule.\n"
               "Conditions are printed as in the file; severities are those in force, after the environment's "
               "overrides.",
        .options = options,
        .run = run,
};
