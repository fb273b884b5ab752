#include "docksill/cli/dispatch.h"
#include "docksill/cli/invocation.h"
#include "terminal.h"

/* Asked for, usage is an answer: stdout, exit 0. Given for want of a command, it is a complaint: stderr, exit 2. */
static int print_usage(const struct command *const *commands, const struct command *command, bool asked) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        if (command)
                command_usage(&t, command);
        else
                commands_usage(&t, commands);
        if (terminal_write(asked ? STDOUT_FILENO : STDERR_FILENO, &t) < 0)
                return EXIT_ENVIRONMENT;
        return asked ? EXIT_FINE : EXIT_USAGE;
}

static int print_version(void) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_addz(&t, "docksill " DOCKSILL_VERSION "\n");
        return terminal_write(STDOUT_FILENO, &t) < 0 ? EXIT_ENVIRONMENT : EXIT_FINE;
}

static bool is_help(const char *argument) {
        return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

static int run(const struct command *program, const struct command *command, int argc, char **argv) {
        cleanup_(invocation_deinit) struct invocation in;
        int r = invocation_read(&in, command, argc, argv);

        in.program = program->commands;
        return r == EXIT_FINE ? command->run(&in) : r;
}

/* @family: where the word is looked for: the program, or one that was named before. @asked: for help, by the word
 * before. */
static int dispatch(const struct command *program, const struct command *family, int argc, char **argv, bool asked) {
        const struct command *command = command_find(family->commands, argv[1]);

        if (!command)
                return command_unknown(family == program ? NULL : family, family->commands, argv[1]);
        if (command->commands && argc > 2 && !is_help(argv[2]))
                return dispatch(program, command, argc - 1, argv + 1, asked);
        if (command->commands)
                return print_usage(NULL, command, asked || argc > 2);
        for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; ++i)
                asked = asked || is_help(argv[i]);
        return asked ? print_usage(NULL, command, true) : run(program, command, argc - 1, argv + 1);
}

int commands_run(const struct command *const *commands, int argc, char **argv) {
        const struct command program = { .name = "", .commands = commands };
        bool asked;

        if (argc < 2)
                return print_usage(commands, NULL, false);
        if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0 || strcmp(argv[1], "version") == 0)
                return print_version();
        asked = is_help(argv[1]) || strcmp(argv[1], "help") == 0;
        if (asked && argc < 3)
                return print_usage(commands, NULL, true);
        return asked ? dispatch(&program, &program, argc - 1, argv + 1, true)
                     : dispatch(&program, &program, argc, argv, false);
}
