#include "call.h"
#include "facts/word.h"
#include <errno.h>

static void the_table_is_sorted_and_documented(void **state) {
        (void)state;
        assert_true(fact_table_n > 80);
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact *f = &fact_table[i];

                if (i > 0 && str_cmp(fact_table[i - 1].name, f->name) >= 0)
                        fail_msg("%s is not in its place", f->name.p);
                assert_true(f->type < FACT_TYPES && f->group != 0 && f->doc && f->from && f->default_text);
                assert_true(f->at < sizeof(struct facts));
                assert_int_equal(f->type == FACT_LIST, f->element != NULL);
                assert_int_equal(f->type == FACT_LIST, f->element_size > 0);
                assert_int_equal(f->type == FACT_ENUM, f->values != NULL);
        }
}

static void elements_begin_with_their_origin(void **state) {
        (void)state;
        for (size_t i = 0; i < fact_table_n; ++i)
                for (const struct fact *e = fact_table[i].element; e && !str_empty(e->name); ++e) {
                        assert_true(e->at >= sizeof(struct origin) && e->at < fact_table[i].element_size);
                        assert_true(e->doc && e->type < FACT_TYPES);
                        assert_int_equal(e->type == FACT_ENUM, e->values != NULL);
                        assert_ptr_equal(fact_find_in(fact_table[i].element, e->name), e);
                }
}

static void finds_each_row_by_its_name(void **state) {
        (void)state;
        for (size_t i = 0; i < fact_table_n; ++i)
                assert_ptr_equal(fact_find(fact_table[i].name), &fact_table[i]);
        assert_null(fact_find(STR_C("container.privilaged")));
        assert_null(fact_find(STR_C("")));
        assert_null(fact_find(STR_C("zzz")));
        assert_null(fact_find(STR_C("container")));
        assert_null(fact_find_in(fact_find(STR_C("mounts"))->element, STR_C("sauce")));
}

/* Each row's cell begins with a head, so a cell read at a wrong place shows as a state that is none. */
static void begins_with_docker_s_defaults(void **state) {
        struct facts f;

        (void)state;
        memset(&f, 0xff, sizeof(f));
        facts_init(&f);
        for (size_t i = 0; i < fact_table_n; ++i) {
                bool off = fact_table[i].looked_up || fact_table[i].scanned;

                assert_int_equal(fact_cell(&fact_table[i], &f)->state, off ? FACT_OFF : FACT_KNOWN);
                assert_false(fact_cell(&fact_table[i], &f)->given);
        }
        assert_true(f.request.judged.value);
        assert_false(f.container.privileged.value);
        assert_int_equal(f.container.memory.value, 0);
        assert_int_equal(f.mounts.n, 0);
        assert_str(f.container.user_root.value, "yes");
        assert_str(f.container.network.value, "default");
        assert_str(f.container.ipc.value, "private");
        assert_str(f.container.cgroupns.value, "default");
        assert_str(f.container.no_new_privileges.value, "unset");
        assert_str(f.container.seccomp_mode.value, "default");
        assert_str(f.container.restart_policy.value, "no");
        assert_str(f.container.healthcheck.value, "unset");
        assert_str(f.exec.user_root.value, "unknown");
        assert_str(f.image.registry.value, "docker.io");
        assert_false(f.daemon.no_new_privileges.value);
}

/* What stands before ": …" or "; …" in the row, which says more to people. */
static struct str first_of(const char *default_text) {
        struct str s = str_from(default_text), colon = str_first(s, str_find(s, ':'));

        return str_first(colon, str_find(colon, ';'));
}

static bool is_default(const struct fact *f, const struct fact_head *cell, struct str said) {
        int64_t number;

        switch (f->type) {
        case FACT_BOOL: return str_eqz(said, ((const struct fact_bool *)cell)->value ? "true" : "false");
        case FACT_ENUM: return str_eq(said, ((const struct fact_str *)cell)->value);
        case FACT_INT:
        case FACT_BYTES:
        case FACT_DURATION:
                /* "not given" and "90 days" are words; a number is the number. */
                return str_int(said, &number) < 0 || number == ((const struct fact_int *)cell)->value;
        case FACT_STRINGS:
        case FACT_CAPABILITIES: return ((const struct fact_set *)cell)->n == 0;
        case FACT_LIST: return ((const struct fact_list *)cell)->n == 0;
        default: return true;
        }
}

/* People read the row, rules the cell. */
static void rows_say_what_cells_start_with(void **state) {
        struct facts f;

        (void)state;
        facts_init(&f);
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact *row = &fact_table[i];
                struct str said = first_of(row->default_text);

                if (!row->looked_up && *row->default_text && !is_default(row, fact_cell(row, &f), said))
                        fail_msg("%s does not start with %s", row->name.p, row->default_text);
        }
}

static void enums_start_with_one_of_their_values(void **state) {
        struct facts f;

        (void)state;
        facts_init(&f);
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact_str *cell = (const void *)fact_cell(&fact_table[i], &f);
                const char *const *v = fact_table[i].values;

                if (fact_table[i].type != FACT_ENUM || fact_table[i].looked_up)
                        continue;
                while (*v && !str_eqz(cell->value, *v))
                        ++v;
                if (!*v)
                        fail_msg("%s", fact_table[i].name.p);
        }
}

#define WORD_ITSELF(name, text) WORD_##name,
static const enum word all_words[] = { WORDS(WORD_ITSELF) };

static size_t used[ARRAY_SIZE(all_words)];

static void use_words(const char *const *values) {
        for (; values && *values; ++values) {
                size_t w = 0;

                while (w < ARRAY_SIZE(all_words) && !str_eqz(word_str(all_words[w]), *values))
                        ++w;
                if (w == ARRAY_SIZE(all_words))
                        fail_msg("%s is no word", *values);
                ++used[w];
        }
}

/* What no row names, no rule could ask for; what is no word, nobody could write. */
static void words_are_those_of_the_rows(void **state) {
        (void)state;
        for (size_t i = 0; i < fact_table_n; ++i) {
                use_words(fact_table[i].values);
                for (const struct fact *e = fact_table[i].element; e && !str_empty(e->name); ++e)
                        use_words(e->values);
        }
        for (size_t w = 0; w < ARRAY_SIZE(all_words); ++w) {
                if (!used[w])
                        fail_msg("no row has %s", word_str(all_words[w]).p);
                assert_true(w == 0 || str_cmp(word_str(all_words[w - 1]), word_str(all_words[w])) < 0);
        }
}

static void a_set_holds_each_item_once(void **state) {
        struct fact_set set = { 0 };
        struct arena a;

        (void)state;
        arena_init(&a, 1 << 20);
        assert_fits(&a, fact_set_add(&a, &set, STR_C("a")));
        assert_fits(&a, fact_set_add(&a, &set, STR_C("b")));
        assert_fits(&a, fact_set_add(&a, &set, STR_C("a")));
        assert_int_equal(set.n, 2);
        arena_deinit(&a);
}

/* At every limit of memory what is counted is there, whole. */
static void lists_end_with_the_arena(void **state) {
        (void)state;
        for (size_t limit = 0; limit < 1 << 16; limit += 97) {
                struct fact_list list = { 0 };
                struct fact_set set = { 0 };
                struct arena a;

                arena_init(&a, limit);
                arena_latch(&a);
                for (uint32_t i = 0; !arena_full(&a); ++i) {
                        char name[8];
                        struct str copy;

                        FACT_ADD(&a, &list, (struct pair_fact){ .origin.index = i });
                        assert_true(arena_full(&a) ? list.n == i : list.n == i + 1);
                        snprintf(name, sizeof(name), "%u", i);
                        if (arena_str(&a, str_from(name), &copy) == 0)
                                fact_set_add(&a, &set, copy);
                        assert_true(set.n == i || (set.n == i + 1 && !arena_full(&a)));
                }
                for (uint32_t i = 0; i < list.n; ++i)
                        assert_int_equal(((const struct pair_fact *)list.items)[i].origin.index, i);
                assert_true(arena_unlatch(&a));
                arena_deinit(&a);
        }
}

static void a_list_ends_at_its_most(void **state) {
        struct fact_list list = { 0 };
        struct fact_set set = { 0 };
        struct arena a;

        (void)state;
        arena_init(&a, 64 << 20);
        arena_latch(&a);
        for (uint32_t i = 0; i < FACT_ITEMS_MOST; ++i) {
                char name[8];
                struct str copy;

                FACT_ADD(&a, &list, (struct pair_fact){ .origin.index = i });
                snprintf(name, sizeof(name), "%u", i);
                assert_int_equal(arena_str(&a, str_from(name), &copy), 0);
                fact_set_add(&a, &set, copy);
        }
        assert_false(arena_unlatch(&a));
        assert_refused(&a, FACT_ADD(&a, &list, (struct pair_fact){ 0 }));
        assert_refused(&a, fact_set_add(&a, &set, STR_C("x")));
        assert_refused(&a, fact_list_reserve(&a, &list, 2 * FACT_ITEMS_MOST + 1, sizeof(struct pair_fact)));
        assert_fits(&a, fact_set_add(&a, &set, STR_C("0"))); /* it is there */
        assert_int_equal(list.n, FACT_ITEMS_MOST);
        assert_int_equal(set.n, FACT_ITEMS_MOST);
        arena_deinit(&a);
}

/* What was refused stays so, though something smaller would find room. */
static void nothing_more_is_taken_in_after_a_refusal(void **state) {
        struct fact_list list = { 0 };
        struct fact_set set = { 0 };
        struct arena a;

        (void)state;
        arena_init(&a, 1 << 16);
        arena_latch(&a);
        FACT_ADD(&a, &list, (struct pair_fact){ 0 });
        fact_set_add(&a, &set, STR_C("a"));
        fact_list_reserve(&a, &list, 1 << 14, sizeof(struct pair_fact));
        assert_true(arena_full(&a));
        FACT_ADD(&a, &list, (struct pair_fact){ 0 });
        fact_set_add(&a, &set, STR_C("b"));
        assert_int_equal(list.n, 1);
        assert_int_equal(set.n, 1);
        assert_true(arena_unlatch(&a));
        assert_fits(&a, FACT_ADD(&a, &list, (struct pair_fact){ 0 }); fact_set_add(&a, &set, STR_C("b")));
        assert_int_equal(list.n, 2);
        assert_int_equal(set.n, 2);
        arena_deinit(&a);
}

static void an_origin_reads_as_in_the_request(void **state) {
        static const struct {
                struct origin origin;
                const char *text;
        } rows[] = {
                { { "HostConfig.Privileged" }, "HostConfig.Privileged" },
                { { "HostConfig.Binds", .index = 2, .indexed = true }, "HostConfig.Binds[2]" },
                { { "HostConfig.Sysctls", .key = STR("kernel.msgmax") }, "HostConfig.Sysctls.kernel.msgmax" },
                { { "HostConfig.PortBindings", STR("80/tcp"), 1, true }, "HostConfig.PortBindings.80/tcp[1]" },
                { { "Labels", .key = STR("a\nb") }, "Labels.a\\x0ab" },
                { { .key = STR("HostConfig.Foo") }, "HostConfig.Foo" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char buffer[64];
                struct text t;

                text_init_fixed(&t, buffer, sizeof(buffer));
                origin_add(&t, &rows[i].origin);
                assert_str(text_str(&t), rows[i].text);
        }
}

static void every_type_has_a_name(void **state) {
        (void)state;
        for (unsigned type = 0; type < FACT_TYPES; ++type)
                assert_non_null(fact_type_name((enum fact_type)type));
        assert_string_equal(fact_type_name(FACT_BOOL), "bool");
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_table_is_sorted_and_documented),
                cmocka_unit_test(elements_begin_with_their_origin),
                cmocka_unit_test(finds_each_row_by_its_name),
                cmocka_unit_test(begins_with_docker_s_defaults),
                cmocka_unit_test(rows_say_what_cells_start_with),
                cmocka_unit_test(enums_start_with_one_of_their_values),
                cmocka_unit_test(words_are_those_of_the_rows),
                cmocka_unit_test(a_set_holds_each_item_once),
                cmocka_unit_test(lists_end_with_the_arena),
                cmocka_unit_test(a_list_ends_at_its_most),
                cmocka_unit_test(nothing_more_is_taken_in_after_a_refusal),
                cmocka_unit_test(an_origin_reads_as_in_the_request),
                cmocka_unit_test(every_type_has_a_name),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
