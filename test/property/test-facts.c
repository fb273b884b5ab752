/*
 * Every fact is told by some request: each row of the table, and of each list's elements, is set to something that is
 * not its default by a test of a rule, by the corpora or by property/facts.yaml. A row that no request can set is no
 * fact, or nothing shows that it is filled from the right place.
 */
#include "docksill/decide/rule-test.h"
#include "docksill/engine/host-size.h"
#include "docksill/engine/response.h"
#include "docksill/engine/scan.h"
#include "road.h"
#include <stdio.h>

#define MEMORY     ((size_t)64 << 20)
#define ROWS_MOST  512 /* of the table of facts */
#define CELLS_MOST 64  /* of one element */

struct bench {
        struct road road;
        struct arena arena;
        struct facts defaults;
        bool told[ROWS_MOST], element_told[ROWS_MOST][CELLS_MOST];
};

static size_t size_of(enum fact_type type) {
        switch (type) {
        case FACT_BOOL: return sizeof(struct fact_bool);
        case FACT_INT:
        case FACT_BYTES:
        case FACT_DURATION: return sizeof(struct fact_int);
        case FACT_PATH: return sizeof(struct fact_path);
        case FACT_PORT: return sizeof(struct fact_port);
        case FACT_STRINGS:
        case FACT_CAPABILITIES: return sizeof(struct fact_set);
        case FACT_LIST: return sizeof(struct fact_list);
        default: return sizeof(struct fact_str);
        }
}

/* Its value, not whether it was given. */
static bool has_value(const struct fact *f, const struct fact_head *cell, const struct fact_head *default_text) {
        size_t n = sizeof(struct fact_head);

        if (cell->state != FACT_KNOWN && cell->state != FACT_LEXICAL)
                return false;
        switch (f->type) {
        case FACT_BOOL:
                return ((const struct fact_bool *)cell)->value != ((const struct fact_bool *)default_text)->value;
        case FACT_STRINGS:
        case FACT_CAPABILITIES: return ((const struct fact_set *)cell)->n > 0;
        case FACT_LIST: return ((const struct fact_list *)cell)->n > 0;
        case FACT_PATH: return ((const struct fact_path *)cell)->n > 0;
        default: return memcmp((const char *)cell + n, (const char *)default_text + n, size_of(f->type) - n) != 0;
        }
}

static void note_elements(struct bench *b, size_t row, const struct fact_list *list) {
        static const union {
                struct fact_bool flag;
                struct fact_int number;
                struct fact_str text;
                struct fact_path path;
                struct fact_port port;
                struct fact_set set;
                struct fact_list list;
        } nothing = { 0 };
        const struct fact *f = &fact_table[row];

        for (size_t i = 0; i < list->n; ++i) {
                const void *element = (const char *)list->items + i * f->element_size;

                for (size_t k = 0; f->element[k].name.n; ++k) {
                        assert_true(k < CELLS_MOST);
                        if (has_value(&f->element[k], fact_cell(&f->element[k], element), (const void *)&nothing))
                                b->element_told[row][k] = true;
                }
        }
}

static void note(struct bench *b, const struct request *request) {
        assert_true(fact_table_n <= ROWS_MOST);
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact_head *cell = fact_cell(&fact_table[i], &request->facts);

                if (!has_value(&fact_table[i], cell, fact_cell(&fact_table[i], &b->defaults)))
                        continue;
                b->told[i] = true;
                if (fact_table[i].type == FACT_LIST)
                        note_elements(b, i, (const struct fact_list *)cell);
        }
}

/* What the table calls a fact and no request sets. */
static bool is_set_by_none(struct str name) {
        return str_eqz(name, "request.judged"); /* every operation is, today */
}

static void note_tests(struct bench *b, const struct ruleset *rules) {
        static const struct host_size size = { .memory = 8388608, .processors = 2, .processes = 400 };
        struct rule_view view = ruleset_rules(rules);

        for (size_t i = 0; i < view.n; ++i)
                for (size_t k = 0; k < view.items[i]->n_tests; ++k) {
                        enum envelope_refusal refusal;
                        struct request request;

                        if (!view.items[i]->tests[k].skipped) {
                                assert_int_equal(
                                        rule_test_read(&request, &view.items[i]->tests[k], &b->arena, &refusal), 0);
                                host_size_tell(&size, &request);
                                note(b, &request);
                        }
                        arena_reset(&b->arena);
                }
}

static void note_line(const json_t *line, void *context) {
        struct bench *b = context;
        char *text = json_dumps(json_object_get(line, "envelope"), JSON_COMPACT);
        struct request request;

        assert_non_null(text);
        if (!json_object_get(json_object_get(line, "envelope"), "ResponseStatusCode")) {
                if (request_read(&request, &b->arena, str_from(text)) == ENVELOPE_READ)
                        note(b, &request);
        } else if (response_read(&request, &b->arena, str_from(text)) == ENVELOPE_READ) {
                note(b, &request);
        }
        arena_reset(&b->arena);
        free(text);
}

/* Nobody's certificate stands in a rule's test. */
static void note_user(struct bench *b) {
        struct request request;

        assert_int_equal(request_read(&request, &b->arena,
                                      STR_C("{\"User\":\"ci\",\"RequestMethod\":\"GET\",\"RequestUri\":\"/_ping\"}")),
                         ENVELOPE_READ);
        note(b, &request);
        arena_reset(&b->arena);
}

/* What nobody's report says in a rule's test. */
static void note_scan(struct bench *b) {
        static struct str exploited[] = { STR("CVE-1") };
        const struct scan scan = {
                .looked = true, .found = { [SCAN_LOW] = 1 }, .ignored = 1, .exploited = exploited, .n_exploited = 1
        };
        struct request request;

        assert_int_equal(
                request_read(&request, &b->arena, STR_C("{\"RequestMethod\":\"GET\",\"RequestUri\":\"/_ping\"}")),
                ENVELOPE_READ);
        assert_int_equal(request_scan_tell(&request, &b->arena, &scan), 0);
        note(b, &request);
        arena_reset(&b->arena);
}

static void every_fact_is_told_by_some_request(void **state) {
        static const char *const paths[] = { "property/facts.yaml" };
        static struct bench b;
        struct ruleset *others;
        struct diag diag;
        struct text missing;

        (void)state;
        road_open(&b.road);
        arena_init(&b.arena, MEMORY);
        facts_init(&b.defaults);
        diag_init(&diag);
        if (ruleset_load_rules(&others, paths, 1, &diag) < 0) {
                struct text why;

                text_init(&why);
                diag_render(&diag, &why);
                fail_with(&why);
        }
        diag_deinit(&diag);
        note_tests(&b, b.road.rules[WORKSPACE]);
        note_tests(&b, others);
        note_user(&b);
        note_scan(&b);
        assert_true(lines_each("corpus/public.jsonl", note_line, &b) > 100);
        assert_true(lines_each("corpus/recorded.jsonl", note_line, &b) > 100);
        assert_true(lines_each("corpus/recorded-responses.jsonl", note_line, &b) > 10);
        text_init(&missing);
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact *f = &fact_table[i];

                if (!b.told[i] && !is_set_by_none(f->name))
                        text_addf(&missing, "%" STR_FMT "\n", STR_ARG(f->name));
                for (size_t k = 0; f->element && f->element[k].name.n; ++k)
                        if (!b.element_told[i][k])
                                text_addf(&missing, "%" STR_FMT "[].%" STR_FMT "\n", STR_ARG(f->name),
                                          STR_ARG(f->element[k].name));
        }
        arena_deinit(&b.arena);
        ruleset_unref(others);
        road_close(&b.road);
        if (missing.n > 0)
                fail_with(&missing);
}

int main(void) {
        static const struct CMUnitTest tests[] = { cmocka_unit_test(every_fact_is_told_by_some_request) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
