#include "frame/markup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void makes_foreign_text_harmless(void **state) {
        static const struct {
                void (*add)(struct text *out, struct str s);
                const char *from, *to;
        } rows[] = {
                { markup_add_html, "<script>alert('a&b')</script>",
                  "&lt;script&gt;alert(&#39;a&amp;b&#39;)&lt;/script&gt;" },
                { markup_add_html, "\" onload=\"x", "&quot; onload=&quot;x" },
                { markup_add_html, "a\x1b[1m\n", "a\\x1b[1m\\x0a" },
                { markup_add_html, "\xe2\x80\xae", "\\u{202e}" },
                { markup_add_markdown, "a|b\n`c` [d](http://e) <f>",
                  "a\\|b\\\\x0a\\`c\\` \\[d\\]\\(http\\://e\\) \\<f\\>" },
                { markup_add_csv, "a,\"b\"", "\"a,\"\"b\"\"\"" },
                { markup_add_csv, "=1+1", "\"'=1+1\"" },
                { markup_add_csv, "@x", "\"'@x\"" },
                { markup_add_csv, "-x", "\"'-x\"" },
                { markup_add_csv, "", "\"\"" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;
                char buffer[200];

                text_init_fixed(&t, buffer, sizeof(buffer));
                rows[i].add(&t, str_from(rows[i].from));
                assert_string_equal(buffer, rows[i].to);
                assert_false(t.failed);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = { cmocka_unit_test(makes_foreign_text_harmless) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
