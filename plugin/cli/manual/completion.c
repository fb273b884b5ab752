#include "completion.h"
#include "docksill/cli/invocation.h"
#include "frame/output.h"

static const struct {
        const char *shell;
        void (*add)(struct text *out, const struct command *const *commands);
} shells[] = {
        { "bash", completion_bash },
        { "zsh", completion_zsh },
        { "fish", completion_fish },
};

void completion_each(struct text *out, const struct command *const *commands,
                     void (*add)(struct text *out, const struct command *command)) {
        for (; *commands; ++commands) {
                if ((*commands)->commands)
                        completion_each(out, (*commands)->commands, add);
                else
                        add(out, *commands);
        }
}

static int run(const struct invocation *in) {
        cleanup_(text_deinit) struct text out;

        text_init(&out);
        for (size_t i = 0; i < ARRAY_SIZE(shells); ++i) {
                if (strcmp(in->arguments[0], shells[i].shell) != 0)
                        continue;
                shells[i].add(&out, in->program);
                return output_text(in->command, &out);
        }
        return command_misused(in->command, "the shell is bash, zsh or fish");
}

const struct command command_completion = {
        .name = "completion",
        .arguments = "bash|zsh|fish",
        .least = 1,
        .most = 1,
        .takes = "one shell: bash, zsh or fish",
        .doc = "Print what a shell needs to complete docksill's commands and options.\n"
               "Packages install it. For one bash: source <(docksill completion bash). For zsh, store it as _docksill "
               "in "
               "a folder of\n"
               "fpath; for fish, as ~/.config/fish/completions/docksill.fish.",
        .run = run,
};
