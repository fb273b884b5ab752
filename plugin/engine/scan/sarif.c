/* SARIF 2.1.0, of any scanner that names the image in the properties of the run. */
#include "report-priv.h"
#include <stdlib.h>

/* A score of CVSS as text, "9.8": the levels of its version 3. */
static enum scan_level level_of_score(struct str score) {
        int64_t whole;
        struct str rest = score;

        if (str_int(str_cut(&rest, '.'), &whole) < 0)
                return SCAN_UNKNOWN;
        return whole >= 9 ? SCAN_CRITICAL : whole >= 7 ? SCAN_HIGH : whole >= 4 ? SCAN_MEDIUM : SCAN_LOW;
}

static bool rule_properties_member(struct walk *w, void *to, struct str key) {
        struct sarif_rule *rule = to;
        struct str score = { 0 };

        if (!str_eqz(key, "security-severity"))
                return walk_skip(w);
        if (!walk_string(w, &score))
                return false;
        rule->level = level_of_score(score);
        return true;
}

static bool rule_member(struct walk *w, void *to, struct str key) {
        struct sarif_rule *rule = to;

        if (str_eqz(key, "id"))
                return walk_string(w, &rule->id);
        if (str_eqz(key, "properties"))
                return walk_object(w, rule, rule_properties_member);
        return walk_skip(w);
}

static bool sarif_rule(struct walk *w, void *to) {
        struct reader *r = to;
        struct sarif_rule rule = { 0 };

        if (!walk_object(w, &rule, rule_member))
                return false;
        if (reader_has_room(r, r->rules.n))
                ARENA_ADD(r->arena, &r->rules, rule);
        return !arena_full(r->arena);
}

static bool driver_member(struct walk *w, void *to, struct str key) {
        struct reader *r = to;

        if (str_eqz(key, "name"))
                return walk_string(w, &r->out->scanner);
        return str_eqz(key, "rules") ? walk_array(w, to, sarif_rule) : walk_skip(w);
}

static bool tool_member(struct walk *w, void *to, struct str key) {
        return str_eqz(key, "driver") ? walk_object(w, to, driver_member) : walk_skip(w);
}

static bool result_member(struct walk *w, void *to, struct str key) {
        return str_eqz(key, "ruleId") ? walk_string(w, to) : walk_skip(w);
}

static bool sarif_result(struct walk *w, void *to) {
        struct reader *r = to;
        struct str id = { 0 };

        if (!walk_object(w, &id, result_member))
                return false;
        if (reader_has_room(r, r->results.n))
                ARENA_ADD(r->arena, &r->results, id);
        return !arena_full(r->arena);
}

static bool run_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "tool"))
                return walk_object(w, to, tool_member);
        if (str_eqz(key, "results"))
                return walk_array(w, to, sarif_result);
        return str_eqz(key, "properties") ? walk_object(w, to, source_member) : walk_skip(w);
}

bool sarif_run(struct walk *w, void *to) {
        return walk_object(w, to, run_member);
}

static int compare_rules(const void *a, const void *b) {
        return str_cmp(((const struct sarif_rule *)a)->id, ((const struct sarif_rule *)b)->id);
}

/* What a result's rule says of it stands anywhere in the log. */
bool sarif_take_results(struct reader *r) {
        if (r->rules.n)
                qsort(r->rules.items, r->rules.n, sizeof(*r->rules.items), compare_rules);
        for (size_t i = 0; i < r->results.n; ++i) {
                const struct sarif_rule wanted = { .id = r->results.items[i] }, *rule;
                struct scan_flaw flaw = { .id = wanted.id };

                rule = r->rules.n ? bsearch(&wanted, r->rules.items, r->rules.n, sizeof(wanted), compare_rules) : NULL;
                flaw.level = rule ? rule->level : SCAN_UNKNOWN;
                if (!reader_add_flaw(r, &flaw))
                        return false;
        }
        return true;
}
