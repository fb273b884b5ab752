/* The program's table of kinds, held against the catalogue that explains them. */
#include "docksill/base/file.h"
#include "journal-kind.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct str content(struct arena *arena, const char *path) {
        struct str s;

        assert_int_equal(file_read(arena, path, 1 << 20, &s), 0);
        return s;
}

static void ids_are_unique_and_well_formed(void **state unused_) {
        for (unsigned i = 0; i < KINDS; ++i) {
                assert_int_equal(strlen(journal_kinds[i].id), 32);
                assert_int_equal(strspn(journal_kinds[i].id, "0123456789abcdef"), 32);
                assert_true(journal_kinds[i].name[0]);
                assert_in_range(journal_kinds[i].priority, 3, 6);
                for (unsigned k = 0; k < i; ++k)
                        assert_string_not_equal(journal_kinds[i].id, journal_kinds[k].id);
        }
}

static bool is_kind(struct str id) {
        for (unsigned i = 0; i < KINDS; ++i)
                if (str_eqz(id, journal_kinds[i].id))
                        return true;
        return false;
}

static void the_catalogue_explains_each_and_nothing_else(void **state unused_) {
        struct arena arena;
        struct str rest;
        unsigned found = 0;

        arena_init(&arena, 4 << 20);
        rest = content(&arena, "../packaging/systemd/docksill.catalog");
        while (rest.p) {
                struct str line = str_cut(&rest, '\n');

                if (!str_starts(line, STR_C("-- ")))
                        continue;
                if (!is_kind(str_skip(line, 3)))
                        fail_msg("%.*s is no kind", (int)line.n, line.p);
                ++found;
                assert_true(str_starts(str_cut(&rest, '\n'), STR_C("Subject: ")));
                assert_true(str_eqz(str_cut(&rest, '\n'), "Defined-By: docksill"));
                assert_true(str_starts(str_cut(&rest, '\n'), STR_C("Documentation: man:docksill")));
                assert_true(str_empty(str_cut(&rest, '\n')));
                assert_false(str_empty(str_cut(&rest, '\n')));
        }
        assert_int_equal(found, KINDS);
        arena_deinit(&arena);
}

static void its_fields_are_those_of_entries(void **state unused_) {
        struct str rest, source;
        struct arena arena;
        unsigned found = 0;
        char name[96];

        arena_init(&arena, 4 << 20);
        rest = content(&arena, "../packaging/systemd/docksill.catalog");
        source = content(&arena, "../plugin/record/journal-entry.c");
        (void)str_cut(&rest, '@');
        while (rest.p) {
                struct str field = str_cut(&rest, '@');

                snprintf(name, sizeof(name), "\"%.*s\"", (int)field.n, field.p);
                if (str_search(source, str_from(name)) == source.n)
                        fail_msg("entries have no field %s", name);
                (void)str_cut(&rest, '@');
                ++found;
        }
        assert_true(found > 10);
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(ids_are_unique_and_well_formed),
                cmocka_unit_test(the_catalogue_explains_each_and_nothing_else),
                cmocka_unit_test(its_fields_are_those_of_entries),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
