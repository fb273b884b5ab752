#include "test-coverage.h"

#include "docksill/rules/provenance.h"
#include "frame/output.h"

unsigned test_coverage_percent(const struct rule_coverage *coverage) {
        return coverage->possible ? (unsigned)(coverage->reached * 10000 / coverage->possible) : 10000;
}

/* "mount.source", "cap" of a set's element, "container.memory". */
static void add_fact(struct text *out, const struct coverage_gap *gap) {
        if (gap->leaf.element) {
                text_add(out, gap->rule->alias);
                text_addz(out, gap->leaf.fact.n ? "." : "");
        }
        text_add(out, gap->leaf.fact);
}

static struct position place_of(const struct coverage_gap *gap) {
        return gap->kind != GAP_CASE && gap->leaf.at.source ? gap->leaf.at : gap->rule->at;
}

static const char *kind_name(enum coverage_gap_kind kind) {
        return kind == GAP_CASE ? "case" : kind == GAP_TRUE ? "true" : "false";
}

static void add_gap(struct text *out, const struct coverage_gap *gap) {
        position_add(out, place_of(gap));
        text_addz(out, ": rule ");
        text_add(out, gap->rule->id);
        if (gap->kind == GAP_CASE) {
                text_addf(out, ": no test ends at case %zu of %zu\n", gap->number, gap->rule->n_cases);
                return;
        }
        text_addz(out, ": ");
        add_fact(out, gap);
        text_addf(out, " (%" STR_FMT ") is %s in no test\n", STR_ARG(gap->leaf.operator), kind_name(gap->kind));
}

void test_coverage_add(struct text *out, const struct rule_coverage *coverage) {
        unsigned percent = test_coverage_percent(coverage);

        for (size_t i = 0; i < coverage->n; ++i)
                add_gap(out, &coverage->items[i]);
        text_addf(out, "%zu of %zu cases and outcomes of conditions reached, %u.%02u %%\n", coverage->reached,
                  coverage->possible, percent / 100, percent % 100);
}

static json_t *gap_json(const struct coverage_gap *gap) {
        cleanup_(text_deinit) struct text fact, place;

        text_init(&fact);
        text_init(&place);
        add_fact(&fact, gap);
        position_add(&place, place_of(gap));
        if (fact.failed || place.failed)
                return NULL;
        if (gap->kind == GAP_CASE)
                return json_pack("{s:o, s:s, s:I, s:o}", "rule", printable_json(gap->rule->id), "kind",
                                 kind_name(gap->kind), "case", (json_int_t)gap->number, "where",
                                 printable_json(text_str(&place)));
        return json_pack("{s:o, s:s, s:o, s:o, s:o}", "rule", printable_json(gap->rule->id), "kind",
                         kind_name(gap->kind), "fact", printable_json(text_str(&fact)), "operator",
                         printable_json(gap->leaf.operator), "where", printable_json(text_str(&place)));
}

json_t *test_coverage_json(const struct rule_coverage *coverage) {
        json_auto_t *gaps = json_array();

        for (size_t i = 0; gaps && i < coverage->n; ++i)
                if (json_array_append_new(gaps, gap_json(&coverage->items[i])) < 0)
                        return NULL;
        return gaps ? json_pack("{s:I, s:I, s:f, s:O}", "reached", (json_int_t)coverage->reached, "possible",
                                (json_int_t)coverage->possible, "percent", test_coverage_percent(coverage) / 100.0,
                                "gaps", gaps)
                    : NULL;
}
