#include "call.h"
#include "docksill/base/cleanup.h"
#include "read/log-template.h"

static void text_and_fields_are_plain(void **state) {
        static const char *const texts[] = {
                "",
                "app",
                "{",
                "}}",
                "a } b { c",
                "{ {.Name} }",
                "100% \xc3\xa4\n",
                "{{.Name}}",
                "{{ .Name }}",
                "{{\t.ID\t}}",
                "{{.ImageName}}/{{.Name}}/{{.ID}}",
                "{{.DaemonName}}-{{.FullID}}}}",
                "{{.Config.a_b9}}",
                "{{- .Name -}}",
                "{{- .Name}} {{.ID -}}",
                "{{json .ContainerLabels}}",
                "{{upper .Name}}",
                "{{lower  .Name}}",
                "{{title\t.Name}}",
                "{{index .ContainerLabels \"a b.c/d{\"}}",
                "{{ index  .ContainerLabels  \"x\" }}",
                "{{- index .ContainerLabels \"x\" -}}",
                "{{index .ContainerLabels \"\"}}",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(texts); ++i)
                if (!log_template_plain(str_from(texts[i])))
                        fail_msg("%s", texts[i]);
}

/* Each of these takes memory or time without end in some engine, or leads to what does; or is simply wrong. */
static void whatever_computes_is_not_plain(void **state) {
        static const char *const texts[] = {
                "{{pad \"x\" 10000000000000 0}}",
                "{{pad .Name 9 9}}",
                "{{.Name}} {{pad .Name 9 9}}",
                "{{range .ContainerEnv}}{{.}}{{end}}",
                "{{range 9999999999}}x{{end}}",
                "{{define \"x\"}}{{template \"x\"}}{{end}}{{template \"x\"}}",
                "{{template \"x\"}}",
                "{{block \"x\" .}}{{end}}",
                "{{if .Name}}x{{end}}",
                "{{with .Name}}x{{end}}",
                "{{else}}",
                "{{printf \"%9999999999d\" 1}}",
                "{{print .Name}}",
                "{{println}}",
                "{{html .Name}}",
                "{{js .Name}}",
                "{{urlquery .Name}}",
                "{{call .Name}}",
                "{{len .Name}}",
                "{{slice .Name 1}}",
                "{{not .Name}}",
                "{{and .Name .ID}}",
                "{{eq .Name .ID}}",
                "{{join .ContainerArgs \",\"}}",
                "{{split .Name \"\"}}",
                "{{truncate .Name 1}}",
                "{{.Name | upper}}",
                "{{.ExtraAttributes nil}}",
                "{{.Name .ID}}",
                "{{upper .Name .ID}}",
                "{{upper}}",
                "{{upper \"x\"}}",
                "{{upper upper .Name}}",
                "{{Upper .Name}}",
                "{{uppe .Name}}",
                "{{$x := .Name}}",
                "{{$}}",
                "{{.}}",
                "{{. }}",
                "{{..Name}}",
                "{{.Name.}}",
                "{{.Name. }}",
                "{{ .Name..ID}}",
                "{{.N\xc3\xa4me}}",
                "{{(.Name)}}",
                "{{\"x\"}}",
                "{{`x`}}",
                "{{1}}",
                "{{'x'}}",
                "{{true}}",
                "{{nil}}",
                "{{}}",
                "{{ }}",
                "{{-}}",
                "{{- }}",
                "{{ -}}",
                "{{- -}}",
                "{{-.Name}}",
                "{{.Name-}}",
                "{{--.Name}}",
                "{{/* x */}}",
                "{{- /* {{.Name}} */ -}}",
                "{{.Name\n}}",
                "{{.Name",
                "{{",
                "x{{.Name}",
                "{{.Name}}{{",
                "{{{.Name}}}",
                "{{ {{.Name}} }}",
                "{{index .ContainerLabels}}",
                "{{index .ContainerLabels x}}",
                "{{index .ContainerLabels \"x}}",
                "{{index .ContainerLabels \"x\\\"\"}}",
                "{{index .ContainerLabels \"\\x7d\"}}",
                "{{index .ContainerLabels \"}}\"}}",
                "{{index .ContainerLabels \"x\" \"y\"}}",
                "{{index .ContainerLabels `x`}}",
                "{{index \"x\"}}",
                "{{index}}",
                "{{.Name \"x\"}}",
                "{{upper .Name \"x\"}}",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(texts); ++i)
                if (log_template_plain(str_from(texts[i])))
                        fail_msg("%s", texts[i]);
}

static void a_nul_ends_nothing(void **state) {
        (void)state;
        assert_true(log_template_plain(STR_C("a\0b")));
        assert_false(log_template_plain(STR_C("a\0{{pad .Name 9 9}}")));
        assert_false(log_template_plain(STR_C("{{.Name\0}}")));
        assert_false(log_template_plain(STR_C("{{\0}}")));
        assert_false(log_template_plain(STR_C("{{.\0}}")));
        assert_true(log_template_plain((struct str){ 0 }));
}

static void what_is_too_long_is_not_looked_at(void **state) {
        static char text[4097];

        (void)state;
        memset(text, 'a', sizeof(text));
        assert_true(log_template_plain((struct str){ text, 4096 }));
        assert_false(log_template_plain((struct str){ text, 4097 }));
        memcpy(text + 4096 - 9, "{{.Name}}", 9);
        assert_true(log_template_plain((struct str){ text, 4096 }));
        assert_false(log_template_plain((struct str){ text, 4095 }));
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(text_and_fields_are_plain),
                cmocka_unit_test(whatever_computes_is_not_plain),
                cmocka_unit_test(a_nul_ends_nothing),
                cmocka_unit_test(what_is_too_long_is_not_looked_at),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
