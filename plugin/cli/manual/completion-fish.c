/*
 * A line an option; two functions tell which command the words before the cursor are of.
 */
#include "completion.h"
#include "expected.h"

static const char head[] =
        "# Completion of docksill for fish, as `docksill completion fish` prints it.\n"
        "\n"
        "# The words before the cursor; `help` stands before any command.\n"
        "function __docksill_words\n"
        "    set -l words (commandline -opc)\n"
        "    set -e words[1]\n"
        "    if test \"$words[1]\" = help; and test \"$argv[1]\" = help\n"
        "        set -e words[1]\n"
        "    end\n"
        "    printf '%s\\n' $words\n"
        "end\n"
        "\n"
        "# The words are these and no more: a command comes next.\n"
        "function __docksill_next\n"
        "    set -l words (__docksill_words help)\n"
        "    test \"$words\" = \"$argv\"\n"
        "end\n"
        "\n"
        "# The words begin with these, and \"--\" is not among them.\n"
        "function __docksill_of\n"
        "    set -l words (__docksill_words)\n"
        "    set -l n (count $argv)\n"
        "    test (count $words) -ge $n; and test \"$words[1..$n]\" = \"$argv\"; and not contains -- -- $words\n"
        "end\n"
        "\n"
        "# The words begin with these, and \"--\" is the last.\n"
        "function __docksill_behind\n"
        "    set -l words (__docksill_words)\n"
        "    set -l n (count $argv)\n"
        "    test (count $words) -gt $n; and test \"$words[1..$n]\" = \"$argv\"; and test \"$words[-1]\" = --\n"
        "end\n"
        "\n"
        "complete -c docksill -f\n"
        "complete -c docksill -n __docksill_next -a help -d 'Print how a command is called'\n"
        "complete -c docksill -n __docksill_next -l version -d 'Print the version'\n";

/* Between single quotes a backslash and a quote are written with a backslash. */
static void add_quoted(struct text *out, struct str s) {
        text_add_char(out, '\'');
        for (size_t i = 0; i < s.n; ++i) {
                if (s.p[i] == '\'' || s.p[i] == '\\')
                        text_add_char(out, '\\');
                text_add_char(out, s.p[i]);
        }
        text_add_char(out, '\'');
}

/* @of: what the words before the cursor must be. */
static void begin(struct text *out, const char *function, const char *of) {
        text_addf(out, "complete -c docksill -n '%s%s%s'", function, *of ? " " : "", of);
}

static void end(struct text *out, struct str doc) {
        text_addz(out, " -d ");
        add_quoted(out, doc);
        text_add_char(out, '\n');
}

static void add_words(struct text *out, const char *family, const struct command *const *commands) {
        for (; *commands; ++commands) {
                begin(out, "__docksill_next", family);
                text_addf(out, " -a %s", command_word(*commands));
                end(out, command_summary(*commands));
                if ((*commands)->commands)
                        add_words(out, (*commands)->name, (*commands)->commands);
        }
}

static void add_expected(struct text *out, const struct expected *e) {
        if (e->files)
                text_addz(out, " -F");
        for (size_t i = 0; i < e->n; ++i) {
                text_addz(out, i ? " " : " -a '");
                text_add(out, e->words[i]);
        }
        if (e->n)
                text_add_char(out, '\'');
}

static void add_option(struct text *out, const struct command *command, const struct option_row *row) {
        struct expected e;

        expected_read(&e, row->argument);
        begin(out, "__docksill_of", command->name);
        text_addf(out, " -l %s%s", row->name, row->argument ? " -r" : "");
        add_expected(out, &e);
        end(out, str_from(row->doc));
}

static void add_command(struct text *out, const struct command *command) {
        static const struct option_row help = { "help", NULL, "print this command's options" };
        struct expected e;

        for (const struct option_row *row = command->options; row && row->name; ++row)
                add_option(out, command, row);
        add_option(out, command, &help);
        expected_read(&e, command->arguments);
        if (e.files || e.n) {
                begin(out, "__docksill_of", command->name);
                add_expected(out, &e);
                text_add_char(out, '\n');
        }
        if (e.command) {
                begin(out, "__docksill_behind", command->name);
                text_addz(out, " -a '(__fish_complete_command)'\n");
        }
}

void completion_fish(struct text *out, const struct command *const *commands) {
        text_addz(out, head);
        add_words(out, "", commands);
        completion_each(out, commands, add_command);
}
