#include "docksill/cli/invocation.h"
#include "docksill/base/diag.h"
#include "docksill/base/text.h"
#include <errno.h>
#include <stdio.h>

static size_t options_count(const struct command *command) {
        size_t n = 0;

        while (command->options && command->options[n].name)
                ++n;
        return n;
}

static int option_unknown(const struct command *command, struct str name) {
        struct nearest nearest;

        nearest_init(&nearest, name);
        for (const struct option_row *row = command->options; row && row->name; ++row)
                nearest_offer(&nearest, str_from(row->name));
        (void)command_misnamed(command, "option", "--", &nearest);
        return -EINVAL;
}

static int keep(struct invocation *in, size_t row, const char *value, int used) {
        in->values[row] = value;
        in->given[in->n_given++] = (struct option_given){ in->command->options[row].name, value };
        return used;
}

/* @argument: "--name" or "--name=value"; @next: what follows, or NULL. Returns how many arguments were used, or
 * -EINVAL. */
static int option_read(struct invocation *in, const char *argument, const char *next) {
        struct str rest = str_from(argument + 2), name = str_cut(&rest, '=');
        const struct command *command = in->command;

        for (size_t i = 0; i < options_count(command); ++i) {
                const struct option_row *row = &command->options[i];

                if (!str_eqz(name, row->name))
                        continue;
                if (!row->argument) {
                        if (rest.p)
                                return (void)command_misused(command, "--%s takes no value", row->name), -EINVAL;
                        return keep(in, i, "", 1);
                }
                if (rest.p)
                        return keep(in, i, rest.p, 1);
                if (!next || strncmp(next, "--", 2) == 0)
                        return (void)command_misused(command, "--%s needs a value: %s", row->name, row->argument),
                               -EINVAL;
                return keep(in, i, next, 2);
        }
        return option_unknown(command, name);
}

/* Returns 0 or -EINVAL. */
static int split(struct invocation *in, int argc, char **argv) {
        int i = 1;

        while (i < argc) {
                int used;

                if (strcmp(argv[i], "--") == 0) {
                        in->dashes = in->n == 0;
                        ++i;
                        break;
                }
                if (argv[i][0] != '-' || argv[i][1] == '\0') {
                        in->arguments[in->n++] = argv[i++];
                        continue;
                }
                if (argv[i][1] != '-') {
                        (void)command_misused(in->command, "options are written in full, with two dashes");
                        return -EINVAL;
                }
                used = option_read(in, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
                if (used < 0)
                        return used;
                i += used;
        }
        while (i < argc)
                in->arguments[in->n++] = argv[i++];
        return 0;
}

static const char *argument_of(const struct command *command, const char *option) {
        const struct option_row *row = command->options;

        while (strcmp(row->name, option) != 0)
                ++row;
        return row->argument;
}

/* Of an option whose argument is a choice of words: "text|json". */
static bool is_offered(const struct command *command, const char *option, struct str word) {
        struct str rest = str_from(argument_of(command, option));

        while (rest.p)
                if (str_eq(str_cut(&rest, '|'), word))
                        return true;
        return false;
}

/* "--format is text, json or csv". Returns EXIT_USAGE. */
static int misworded(const struct command *command, const char *option) {
        struct str rest = str_from(argument_of(command, option));
        struct text words;
        char buffer[120];

        text_init_fixed(&words, buffer, sizeof(buffer));
        while (rest.p) {
                text_add(&words, str_cut(&rest, '|'));
                if (rest.p)
                        text_addz(&words, str_find(rest, '|') < rest.n ? ", " : " or ");
        }
        return command_misused(command, "--%s is %s", option, buffer);
}

int invocation_read(struct invocation *out, const struct command *command, int argc, char **argv) {
        size_t options = options_count(command);
        const char *format;

        *out = (struct invocation){ .command = command,
                                    .values = calloc(options + (size_t)argc, sizeof(char *)),
                                    .given = calloc((size_t)argc, sizeof(struct option_given)) };
        if (!out->values || !out->given) {
                fputs("docksill: no memory\n", stderr);
                return EXIT_USAGE;
        }
        out->arguments = out->values + options;
        if (split(out, argc, argv) < 0)
                return EXIT_USAGE;
        if (out->n < command->least || out->n > command->most)
                return command_misused(command, "takes %s",
                                       command->takes ? command->takes : "no argument beside its options");
        format = invocation_option(out, "format");
        out->json = format && strcmp(format, "json") == 0;
        if (format && !is_offered(command, "format", str_from(format)))
                return misworded(command, "format");
        return EXIT_FINE;
}

void invocation_deinit(struct invocation *in) {
        free(in->values);
        free(in->given);
}

const char *invocation_option(const struct invocation *in, const char *name) {
        for (size_t i = 0; i < options_count(in->command); ++i)
                if (strcmp(in->command->options[i].name, name) == 0)
                        return in->values[i];
        return NULL;
}

const char *invocation_next(const struct invocation *in, const char *name, size_t *at) {
        while (*at < in->n_given) {
                const struct option_given *one = &in->given[(*at)++];

                if (strcmp(one->name, name) == 0)
                        return one->value;
        }
        return NULL;
}
