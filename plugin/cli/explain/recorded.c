#include "recorded.h"
#include "frame/output.h"
#include "records/record-file.h"
#include "rules/rule-source.h"
#include <errno.h>

#define SHOWN_MAX 600 /* bytes of a text */

static bool is_hex(char c) {
        return ascii_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

bool recorded_is_id(struct str text) {
        if (text.n < RECORDED_ID_LEAST || text.n > 16)
                return false;
        for (size_t i = 0; i < text.n; ++i)
                if (!is_hex(text.p[i]))
                        return false;
        return true;
}

struct str recorded_text(const json_t *map, const char *key) {
        const json_t *value = json_object_get(map, key);

        return json_is_string(value) ? (struct str){ json_string_value(value), json_string_length(value) }
                                     : (struct str){ NULL, 0 };
}

/* Parsing is for lines that hold the words; a file has millions of others. */
static void take_line(struct recorded *out, struct str line, struct str words, struct str id) {
        json_t *record;

        if (str_search(line, words) == line.n)
                return;
        record = json_loadb(line.p, line.n, JSON_ALLOW_NUL, NULL);
        if (!record || !str_starts(recorded_text(record, "decision_id"), id)) {
                json_decref(record);
                return;
        }
        if (out->n == RECORDED_MOST) {
                ++out->more;
                json_decref(record);
                return;
        }
        out->items[out->n++] = record;
}

/* What is looked for in the text of a line: the member with the beginning of the id. */
static void add_words(struct text *out, struct str id) {
        text_addz(out, "\"decision_id\":\"");
        for (size_t i = 0; i < id.n; ++i)
                text_add_char(out, ascii_lower(id.p[i]));
}

int recorded_find(struct recorded *out, const char *path, struct str id) {
        struct recorded found = { .n = 0 };
        cleanup_(text_deinit) struct text words;
        struct record_file file = { 0 };
        struct str line;
        int r;

        text_init(&words);
        add_words(&words, id);
        r = words.failed ? -ENOMEM : record_file_open(&file, path);
        while (r >= 0 && (r = record_file_next(&file, &line)) > 0)
                if (!file.overlong)
                        take_line(&found, line, text_str(&words), str_skip(text_str(&words), words.n - id.n));
        record_file_close(&file);
        if (r < 0) {
                recorded_deinit(&found);
                return r;
        }
        *out = found;
        return 0;
}

void recorded_deinit(struct recorded *r) {
        for (size_t i = 0; i < r->n; ++i)
                json_decref(r->items[i]);
        r->n = 0;
}

/* -- text -- */

static void add_shown(struct text *out, const char *before, struct str value) {
        if (str_empty(value))
                return;
        text_addz(out, before);
        text_add_visible(out, value, SHOWN_MAX);
}

static void add_line(struct text *out, const char *name, struct str value) {
        text_addf(out, "%-13s", name);
        text_add_visible(out, value, SHOWN_MAX);
        text_add_char(out, '\n');
}

static void add_number(struct text *out, const char *before, const json_t *record, const char *key) {
        const json_t *value = json_object_get(record, key);

        if (!json_is_integer(value))
                return;
        text_addz(out, before);
        text_add_int(out, json_integer_value(value));
}

static void add_who(struct text *out, const json_t *record) {
        struct str user = recorded_text(record, "user");

        text_addf(out, "%-13s", "who:");
        add_shown(out, "", user.n ? user : STR_C("anonymous"));
        add_shown(out, ", by ", recorded_text(record, "authn"));
        text_add_char(out, '\n');
}

/* "high or 120 points since 2027-03-01" */
static void add_step(struct text *out, const char *when, const json_t *step) {
        const json_t *deny = json_object_get(step, "deny");

        if (deny) {
                add_shown(out, "", recorded_text(deny, "severity"));
                add_number(out, " or ", deny, "points");
                text_addz(out, " points");
        } else {
                text_addz(out, "what is hard alone");
        }
        add_shown(out, when, recorded_text(step, "from"));
}

static void add_steps(struct text *out, const json_t *record) {
        const json_t *step = json_object_get(record, "step"), *next = json_object_get(record, "next");
        struct str from = recorded_text(record, "refused_from");

        if (!step)
                return;
        text_addf(out, "%-13s", "denied:");
        add_step(out, " since ", step);
        if (next) {
                text_addz(out, "; ");
                add_step(out, " from ", next);
        }
        text_add_char(out, '\n');
        if (str_empty(from))
                return;
        text_addf(out, "%-13s", "refused:");
        add_shown(out, "from ", from);
        text_addz(out, " on");
        if (json_integer_value(json_object_get(record, "must_go"))) {
                add_number(out, ": ", record, "must_go");
                add_number(out, " of ", record, "points");
                text_addz(out, " points must go");
        }
        text_add_char(out, '\n');
}

static void add_head(struct text *out, const json_t *record) {
        add_line(out, "decision:", recorded_text(record, "decision_id"));
        text_addf(out, "%-13s", "when:");
        add_shown(out, "", recorded_text(record, "time"));
        add_shown(out, " on ", recorded_text(record, "host"));
        add_number(out, ", record ", record, "seq");
        text_add_char(out, '\n');
        add_who(out, record);
        text_addf(out, "%-13s", "operation:");
        add_shown(out, "", recorded_text(record, "operation"));
        add_shown(out, ": ", recorded_text(record, "method"));
        add_shown(out, " ", recorded_text(record, "path"));
        add_shown(out, ", image ", recorded_text(record, "image"));
        add_shown(out, ", name ", recorded_text(record, "name"));
        text_addf(out, "\n%-13s", "verdict:");
        add_shown(out, "", recorded_text(record, "verdict"));
        add_shown(out, ", answered with ", recorded_text(record, "answer"));
        text_addf(out, "\n%-13s", "environment:");
        add_shown(out, "", recorded_text(record, "environment"));
        add_shown(out, ", mode ", recorded_text(record, "mode"));
        text_add_char(out, '\n');
        add_line(out, "gate:", recorded_text(record, "gate"));
        text_addf(out, "%-13s", "points:");
        add_number(out, "", record, "points");
        text_add_char(out, '\n');
        add_steps(out, record);
}

static void add_digest(struct text *out, const json_t *record, const struct ruleset *rules) {
        bool same = str_eq(recorded_text(record, "rules_digest"), ruleset_digest(rules));

        add_line(out, "rules:",
                 same ? STR_C("the same as today")
                      : STR_C("different from today; the explanation below is by today's rules"));
}

static void add_evidence(struct text *out, const json_t *evidence) {
        struct str where = recorded_text(evidence, "where");

        add_shown(out, "    ", where);
        add_shown(out, where.n ? ": " : "    ", recorded_text(evidence, "message"));
        text_add_char(out, '\n');
}

static void add_references(struct text *out, const struct rule *rule) {
        for (size_t i = 0; i < rule->n_references; ++i) {
                add_shown(out, i ? "; " : "    see      ", rule->references[i].framework);
                for (size_t k = 0; k < rule->references[i].n; ++k)
                        add_shown(out, k ? ", " : " ", rule->references[i].items[k]);
        }
        if (rule->n_references)
                text_add_char(out, '\n');
}

static void add_indented(struct text *out, const char *name, struct str value) {
        if (str_empty(value))
                return;
        text_addf(out, "    %-9s", name);
        text_add_visible(out, str_trim(value), SHOWN_MAX);
        text_add_char(out, '\n');
}

static int add_rule(struct text *out, struct rule_sources *sources, const struct rule *rule) {
        const struct yaml_node *entry, *fix;
        int r = rule_source_entry(sources, rule, &entry);

        if (r < 0)
                return r;
        fix = yaml_get(entry, "fix");
        add_indented(out, "why", rule->why);
        add_indented(out, "fix", rule_source_words(sources->arena, fix, "cli"));
        add_indented(out, "compose", rule_source_words(sources->arena, fix, "compose"));
        add_references(out, rule);
        return 0;
}

static int add_finding(struct text *out, const json_t *finding, const struct ruleset *rules,
                       struct rule_sources *sources) {
        const struct rule *rule = ruleset_rule(rules, recorded_text(finding, "rule"));
        const json_t *evidence = json_object_get(finding, "evidence");

        add_shown(out, "\n", recorded_text(finding, "severity"));
        add_number(out, " +", finding, "points");
        add_shown(out, "  ", recorded_text(finding, "rule"));
        add_shown(out, "  ", rule ? rule->title : STR_C("(no such rule today)"));
        text_addz(out, json_is_true(json_object_get(finding, "hard")) ? " [hard]" : "");
        text_addz(out, json_is_true(json_object_get(finding, "audit")) ? " [audit: not enforced]" : "");
        text_addz(out, json_is_true(json_object_get(finding, "unknown")) ? " [unknown]" : "");
        add_shown(out, " exempted by ", recorded_text(finding, "exempted_by"));
        text_add_char(out, '\n');
        for (size_t i = 0; i < json_array_size(evidence); ++i)
                add_evidence(out, json_array_get(evidence, i));
        return rule ? add_rule(out, sources, rule) : 0;
}

int recorded_add_text(struct text *out, const json_t *record, const struct ruleset *rules, struct arena *arena) {
        const json_t *findings = json_object_get(record, "findings");
        struct rule_sources sources = { .arena = arena };
        int r = 0;

        add_head(out, record);
        add_digest(out, record, rules);
        for (size_t i = 0; r == 0 && i < json_array_size(findings); ++i)
                r = add_finding(out, json_array_get(findings, i), rules, &sources);
        return out->failed ? -ENOMEM : r;
}

/* -- JSON -- */

static json_t *references_json(const struct rule *rule) {
        json_auto_t *map = json_object();

        for (size_t i = 0; map && i < rule->n_references; ++i) {
                const struct rule_reference *r = &rule->references[i];

                if (json_object_setn_new(map, r->framework.p, r->framework.n, printable_list_json(r->items, r->n)) < 0)
                        return NULL;
        }
        return TAKE(map);
}

static json_t *rule_json(struct rule_sources *sources, const struct rule *rule) {
        const struct yaml_node *entry, *fix;

        if (rule_source_entry(sources, rule, &entry) < 0)
                return NULL;
        fix = yaml_get(entry, "fix");
        return json_pack(
                "{s:o, s:o, s:{s:o, s:o}, s:o}", "title", printable_json(rule->title), "why", printable_json(rule->why),
                "fix", "cli", printable_json(rule_source_words(sources->arena, fix, "cli")), "compose",
                printable_json(rule_source_words(sources->arena, fix, "compose")), "references", references_json(rule));
}

static json_t *rules_json(const json_t *findings, const struct ruleset *rules, struct arena *arena) {
        struct rule_sources sources = { .arena = arena };
        json_auto_t *map = json_object();

        for (size_t i = 0; map && i < json_array_size(findings); ++i) {
                const struct rule *rule = ruleset_rule(rules, recorded_text(json_array_get(findings, i), "rule"));

                if (rule && json_object_setn_new(map, rule->id.p, rule->id.n, rule_json(&sources, rule)) < 0)
                        return NULL;
        }
        return TAKE(map);
}

json_t *recorded_json(json_t *record, const struct ruleset *rules, struct arena *arena) {
        return json_pack("{s:s, s:O, s:b, s:o}", "schema", "docksill.explain-record/1", "record", record,
                         "rules_unchanged", str_eq(recorded_text(record, "rules_digest"), ruleset_digest(rules)),
                         "rules", rules_json(json_object_get(record, "findings"), rules, arena));
}
