/*
 * Each folder of test/diag/ is a wrong file, input.yaml, and the exact words it earns, expect. Other files in a folder are
 * there for input.yaml to name. A code that the loader can say and no folder shows is a failure as well.
 *
 * With UPDATE_EXPECT set, what is missing in `expect` is written instead of compared; read it before it is committed.
 */
#include "docksill/base/file.h"
#include "folder.h"
#include <dirent.h>
#include <fcntl.h>

/* The loader says DS1xx to DS3xx. */
static bool is_said_elsewhere(unsigned code) {
        /* What is soon depends on the day: test/cli/exemptions.sh shows that one. A large file is no thing to keep:
         * test-yaml.c makes one. Places are of this machine: test/cli/check.sh. */
        return strcmp(diag_code_id(code), "DS4") > 0 || code == DIAG_EXEMPTION_SOON || code == DIAG_FILE_TOO_LARGE ||
               code == DIAG_PLACE_UNUSABLE || code == DIAG_PLACE_UNSEEN;
}

static bool shown[DIAG_CODES];

static bool is_environment(const char *text) {
        return strstr(text, "kind: environment") != NULL;
}

/* The diagnostics of input.yaml in the folder we stand in. @exemptions: it holds those, else rules or an environment. */
static void judge(struct arena *arena, bool exemptions, struct text *out) {
        static const char *const paths[] = { "input.yaml" };
        struct ruleset *rs = NULL;
        struct str input = STR("");
        struct diag diag;
        int r;

        diag_init(&diag);
        r = file_read(arena, "input.yaml", 4 << 20, &input);
        assert_int_equal(r, 0);
        if (exemptions) /* of the shipped rules: their ids are permanent */
                r = ruleset_load(&rs,
                                 &(struct ruleset_options){ .rules = "../../../rules",
                                                            .environment = "production",
                                                            .exemptions = "input.yaml" },
                                 &diag);
        else if (is_environment(input.p))
                r = ruleset_load(&rs, &(struct ruleset_options){ .rules = ".", .environment = "input.yaml" }, &diag);
        else
                r = ruleset_load_rules(&rs, paths, 1, &diag);
        assert_int_equal(r, diag.errors ? -EINVAL : 0);
        for (size_t i = 0; i < diag.n; ++i)
                shown[diag.items[i].code] = true;
        diag_render(&diag, out);
        ruleset_unref(rs);
        diag_deinit(&diag);
}

static void write_expect(const char *name, const struct text *got) {
        FILE *file = fopen("expect", "w");

        assert_non_null(file);
        assert_int_equal(fwrite(got->p, 1, got->n, file), got->n);
        assert_int_equal(fclose(file), 0);
        print_message("%s: expect written\n", name);
}

/* Returns whether the folder came out as it should. */
static bool run_folder(const char *name) {
        struct str expect = { 0 };
        struct arena arena;
        struct text got;
        bool same;
        int r;

        arena_init(&arena, (size_t)16 << 20);
        text_init(&got);
        judge(&arena, str_starts(str_from(name), STR_C("exemption-")), &got);
        r = file_read(&arena, "expect", 1 << 20, &expect);
        same = r == 0 && got.n > 0 && str_eq(text_str(&got), expect);
        if (r == -ENOENT && getenv("UPDATE_EXPECT") && got.n > 0) {
                write_expect(name, &got);
                same = true;
        }
        if (!same)
                print_error("%s: expected\n%.*s%s: got\n%s", name, STR_ARG(expect), name, got.p ? got.p : "");
        text_deinit(&got);
        arena_deinit(&arena);
        return same;
}

static int by_name(const struct dirent **a, const struct dirent **b) {
        return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_folder(const struct dirent *entry) {
        return entry->d_name[0] != '.';
}

static void each_wrong_file_earns_its_words(void **state) {
        cleanup_(closep) int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        cleanup_(freep) struct dirent **folders = NULL;
        int n = scandir("diag", &folders, is_folder, by_name), failed = 0;

        (void)state;
        assert_true(here >= 0);
        assert_true(n >= 40);
        for (int i = 0; i < n; ++i) {
                assert_int_equal(chdir("diag"), 0);
                assert_int_equal(chdir(folders[i]->d_name), 0);
                failed += !run_folder(folders[i]->d_name);
                assert_int_equal(fchdir(here), 0);
                free(folders[i]);
        }
        assert_int_equal(failed, 0);
}

static void every_code_has_its_folder(void **state) {
        bool all = true;

        (void)state;
        for (unsigned code = 0; code < DIAG_CODES; ++code)
                if (!shown[code] && !is_said_elsewhere(code)) {
                        print_error("%s stands in no folder\n", diag_code_id(code));
                        all = false;
                }
        assert_true(all);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_wrong_file_earns_its_words),
                cmocka_unit_test(every_code_has_its_folder),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
