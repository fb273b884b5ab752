#include "docksill/cli/invocation.h"
#include "docksill/host/docker.h"
#include "frame/setup.h"
#include "try/try.h"
#include <stdio.h>

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "what the suggestion shall pass; default production" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "exemptions", "FOLDER|FILE", "folder or file of exemptions; default " CONFIG_EXEMPTIONS },
        { "host", "SOCKET", "the engine's socket; default lookups.docker or " DOCKER_SOCKET },
        { "all", NULL, "all containers of the engine" },
        OPTION_ROWS_TRY,
        OPTION_ROW_FORMAT,
        { NULL },
};

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        bool all = invocation_option(in, "all");
        int r;

        if (invocation_option(in, "try"))
                return suggest_try(in);
        if (!all && in->n == 0)
                return command_misused(&command_suggest, "takes %s", command_suggest.takes);
        r = setup_load(&setup, in);
        if (r != EXIT_FINE)
                return r;
        fprintf(stderr, "docksill suggest: not there yet\n");
        return EXIT_ENVIRONMENT;
}

const struct command command_suggest = {
        .name = "suggest",
        .arguments = "[CONTAINER…|--all] [FILE…]",
        .least = 0,
        .most = ARGUMENTS_ANY,
        .takes = "containers, files or --all",
        .doc = "Suggest the least privileges that fit a container.",
        .options = options,
        .run = run,
};
