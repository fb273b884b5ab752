/*
 * Two tables, as functions, and one that looks up. Nothing of the package bash-completion is used: it need not be
 * there.
 */
#include "completion.h"
#include "expected.h"

static const char head[] = "# Completion of docksill for bash, as `docksill completion bash` prints it.\n";

static const char lookup[] =
        "\n"
        "# What is typed so far: the command's words, a blank between them.\n"
        "_docksill_command() {\n"
        "        local word said=''\n"
        "\n"
        "        for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
        "                [[ $word != -* && \" $(_docksill_words \"$said\") \" == *\" $word \"* ]] || break\n"
        "                [ \"$said$word\" = help ] || said+=\"${said:+ }$word\"\n"
        "        done\n"
        "        echo \"$said\"\n"
        "}\n"
        "\n"
        "# offer WORD WORDS: of these those that WORD begins. <files> stands for the machine's files, <commands> for "
        "its commands.\n"
        "_docksill_offer() {\n"
        "        local one\n"
        "\n"
        "        for one in $2; do\n"
        "                case $one in\n"
        "                '<files>')\n"
        "                        compopt -o filenames 2>/dev/null\n"
        "                        mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- \"$1\")\n"
        "                        ;;\n"
        "                '<commands>') mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -c -- \"$1\") ;;\n"
        "                \"$1\"*) COMPREPLY+=(\"$one\") ;;\n"
        "                esac\n"
        "        done\n"
        "}\n"
        "\n"
        "_docksill() {\n"
        "        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command said\n"
        "\n"
        "        COMPREPLY=()\n"
        "        # --format=json is three words to bash.\n"
        "        [ \"$before\" != = ] || before=${COMP_WORDS[COMP_CWORD - 2]}\n"
        "        [ \"$word\" != = ] || word=''\n"
        "        command=$(_docksill_command)\n"
        "        if [[ \" ${COMP_WORDS[*]:1:COMP_CWORD-1} \" == *' -- '* ]]; then\n"
        "                [ \"$before\" = -- ] && said=$(_docksill_values \"$command --\") || said='<files>'\n"
        "        elif [[ $before == --* ]] && said=$(_docksill_values \"$command $before\"); then\n"
        "                :\n"
        "        elif [[ $word == -* ]]; then\n"
        "                said=$(_docksill_options \"$command\")\n"
        "        else\n"
        "                said=\"$(_docksill_words \"$command\") $(_docksill_values \"$command\")\"\n"
        "        fi\n"
        "        _docksill_offer \"$word\" \"$said\"\n"
        "}\n"
        "complete -F _docksill docksill\n";

static void begin(struct text *out, const char *comment, const char *name) {
        text_addf(out, "\n%s\n%s() {\n        case $1 in\n", comment, name);
}

/* @otherwise: what a name that is not in the table comes to. */
static void end(struct text *out, const char *otherwise) {
        text_addf(out, "        *) %s ;;\n        esac\n}\n", otherwise);
}

static void add_case(struct text *out, const char *command, const char *between, const char *option) {
        text_addf(out, "        '%s%s%s') echo '", command, between, option);
}

static void end_case(struct text *out) {
        text_addz(out, "' ;;\n");
}

static void add_word(struct text *out, struct str word) {
        if (out->n && out->p[out->n - 1] != '\'')
                text_add_char(out, ' ');
        text_add(out, word);
}

/* A family's words, and the program's own. */
static void add_words(struct text *out, const char *family, const struct command *const *commands) {
        add_case(out, family, "", "");
        for (size_t i = 0; commands[i]; ++i)
                add_word(out, str_from(command_word(commands[i])));
        if (!*family)
                add_word(out, STR_C("help"));
        end_case(out);
        for (; *commands; ++commands)
                if ((*commands)->commands)
                        add_words(out, (*commands)->name, (*commands)->commands);
}

static void add_options(struct text *out, const struct command *command) {
        add_case(out, command->name, "", "");
        for (const struct option_row *row = command->options; row && row->name; ++row) {
                add_word(out, STR_C("--"));
                text_addz(out, row->name);
        }
        add_word(out, STR_C("--help"));
        end_case(out);
}

static void add_expected(struct text *out, const struct expected *e) {
        for (size_t i = 0; i < e->n; ++i)
                add_word(out, e->words[i]);
        if (e->files)
                add_word(out, STR_C("<files>"));
}

static void add_values(struct text *out, const struct command *command) {
        struct expected e;

        for (const struct option_row *row = command->options; row && row->name; ++row) {
                if (!row->argument)
                        continue;
                expected_read(&e, row->argument);
                add_case(out, command->name, " --", row->name);
                add_expected(out, &e);
                end_case(out);
        }
        expected_read(&e, command->arguments);
        add_case(out, command->name, "", "");
        add_expected(out, &e);
        end_case(out);
        if (!e.command)
                return;
        add_case(out, command->name, " --", "");
        add_word(out, STR_C("<commands>"));
        end_case(out);
}

void completion_bash(struct text *out, const struct command *const *commands) {
        text_addz(out, head);
        begin(out, "# The commands that may stand behind these.", "_docksill_words");
        add_words(out, "", commands);
        end(out, "return 1");
        begin(out, "# A command's options.", "_docksill_options");
        completion_each(out, commands, add_options);
        end(out, "echo --help");
        begin(out, "# What an option's value may be, or a command's argument; an option without a value is not here.",
              "_docksill_values");
        completion_each(out, commands, add_values);
        end(out, "return 1");
        text_addz(out, lookup);
}
