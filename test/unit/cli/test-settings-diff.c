#include "switch/settings-diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void writes_what_patch_takes(void **state) {
        static const struct {
                const char *before, *after, *diff;
        } rows[] = {
                { "a\n", "a\n", "" },
                { "a\nb\nc\n", "a\nx\nc\n", "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n" },
                { "a\n", "a\nb\n", "--- f\n+++ f\n@@ -1,1 +1,2 @@\n a\n+b\n" },
                { "a\nb\n", "b\n", "--- f\n+++ f\n@@ -1,2 +1,1 @@\n-a\n b\n" },
                { "a\na\n", "a\na\na\n", "--- f\n+++ f\n@@ -1,2 +1,3 @@\n a\n a\n+a\n" },
                { "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
                  "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n" },
                { "{}", "{\n}\n", "--- f\n+++ f\n@@ -1,1 +1,2 @@\n-{}\n\\ No newline at end of file\n+{\n+}\n" },
                { "a\nb", "x\nb", "--- f\n+++ f\n@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n" },
                { NULL, "a\n", "--- /dev/null\n+++ f\n@@ -0,0 +1,1 @@\n+a\n" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;

                text_init(&t);
                text_addz(&t, "");
                settings_diff_add(&t, "f", str_from(rows[i].before), str_from(rows[i].after));
                assert_string_equal(t.p, rows[i].diff);
                text_deinit(&t);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(writes_what_patch_takes),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
