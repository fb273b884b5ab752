/*
 * A function a command, named after it; _docksill finds it by the words, as zsh's own _arguments expects them.
 */
#include "completion.h"
#include "expected.h"

static const char head[] = "#compdef docksill\n"
                           "# Completion of docksill for zsh, as `docksill completion zsh` prints it.\n";

static const char lookup[] = "\n"
                             "_docksill() {\n"
                             "        local name=_docksill\n"
                             "\n"
                             "        if [[ $words[2] == help ]]; then\n"
                             "                words[2]=()\n"
                             "                (( --CURRENT ))\n"
                             "        fi\n"
                             "        while (( CURRENT > 2 )) && [[ $words[2] != -* ]]; do\n"
                             "                name+=_${words[2]//-/_}\n"
                             "                shift words\n"
                             "                (( --CURRENT ))\n"
                             "                (( $+functions[${name}_of] )) && break\n"
                             "                (( $+functions[${name}_words] )) || return 1\n"
                             "        done\n"
                             "        if (( $+functions[${name}_of] )); then\n"
                             "                ${name}_of\n"
                             "        else\n"
                             "                ${name}_words\n"
                             "        fi\n"
                             "}\n"
                             "\n"
                             "_docksill \"$@\"\n";

/* Between single quotes; @marks: what has a meaning there, and is written with a backslash. */
static void add_escaped(struct text *out, struct str s, const char *marks) {
        for (size_t i = 0; i < s.n; ++i) {
                if (s.p[i] == '\'') {
                        text_addz(out, "'\\''");
                        continue;
                }
                if (s.p[i] == '\\' || strchr(marks, s.p[i]))
                        text_add_char(out, '\\');
                text_add_char(out, s.p[i]);
        }
}

/* "_docksill_rules_list" of "rules list". */
static void add_function(struct text *out, const char *command, const char *of) {
        text_addz(out, "\n_docksill");
        if (*command)
                text_add_char(out, '_');
        for (; *command; ++command)
                text_add_char(out, *command == ' ' || *command == '-' ? '_' : *command);
        text_addf(out, "_%s() {\n", of);
}

static void add_words(struct text *out, const char *family, const struct command *const *commands) {
        add_function(out, family, "words");
        text_addz(out, "        local -a commands=(\n");
        for (size_t i = 0; commands[i]; ++i) {
                text_addf(out, "                '%s:", command_word(commands[i]));
                add_escaped(out, command_summary(commands[i]), "");
                text_addz(out, "'\n");
        }
        if (!*family)
                text_addz(out, "                'help:Print how a command is called'\n");
        text_addz(out, "        )\n        _describe command commands\n}\n");
        for (; *commands; ++commands)
                if ((*commands)->commands)
                        add_words(out, (*commands)->name, (*commands)->commands);
}

/* ":MESSAGE:ACTION" as _arguments has it. */
static void add_value(struct text *out, const char *said) {
        struct expected e;

        expected_read(&e, said);
        text_add_char(out, ':');
        add_escaped(out, str_from(said), ":");
        text_add_char(out, ':');
        if (e.n && e.files)
                text_addz(out, "{_files; compadd --");
        else if (e.n)
                text_addz(out, "(");
        else if (e.files)
                text_addz(out, "_files");
        for (size_t i = 0; i < e.n; ++i) {
                if (i || e.files)
                        text_add_char(out, ' ');
                text_add(out, e.words[i]);
        }
        if (e.n)
                text_addz(out, e.files ? "}" : ")");
}

static void add_option(struct text *out, const struct option_row *row) {
        text_addf(out, " \\\n                '--%s%s[", row->name, row->argument ? "=" : "");
        add_escaped(out, str_from(row->doc), "[]:");
        text_add_char(out, ']');
        if (row->argument)
                add_value(out, row->argument);
        text_add_char(out, '\'');
}

static void add_command(struct text *out, const struct command *command) {
        struct expected e;

        expected_read(&e, command->arguments);
        add_function(out, command->name, "of");
        if (e.command)
                text_addz(out, "        if (( words[(I)--] && words[(I)--] < CURRENT )); then\n"
                               "                (( CURRENT -= words[(i)--] ))\n"
                               "                shift ${words[(i)--]} words\n"
                               "                _normal\n"
                               "                return\n"
                               "        fi\n");
        text_addz(out, "        _arguments");
        for (const struct option_row *row = command->options; row && row->name; ++row)
                add_option(out, row);
        text_addz(out, " \\\n                '--help[print this command'\\''s options]'");
        if (*command_arguments(command)) {
                text_addz(out, " \\\n                '*");
                add_value(out, command->arguments);
                text_add_char(out, '\'');
        }
        text_addz(out, "\n}\n");
}

void completion_zsh(struct text *out, const struct command *const *commands) {
        text_addz(out, head);
        add_words(out, "", commands);
        completion_each(out, commands, add_command);
        text_addz(out, lookup);
}
