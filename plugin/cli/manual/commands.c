/*
 * Printed from the table of commands alone; the manual pages are made of it.
 */
#include "docksill/cli/invocation.h"
#include "frame/output.h"
#include "frame/table.h"

#define COMMANDS_MEMORY (1u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_FORMAT,
        { NULL },
};

static void add_rows(struct table *t, const struct command *const *commands) {
        for (; *commands; ++commands) {
                if ((*commands)->commands) {
                        add_rows(t, (*commands)->commands);
                        continue;
                }
                table_add(t, str_from((*commands)->name));
                table_add(t, str_from(command_arguments(*commands)));
                table_add(t, command_summary(*commands));
        }
}

static int print_text(const struct invocation *in) {
        static const char *const titles[] = { "COMMAND", "ARGUMENTS", "DOES" };
        cleanup_(text_deinit) struct text out;
        cleanup_(arena_deinit) struct arena arena;
        struct table t;

        arena_init(&arena, COMMANDS_MEMORY);
        table_init(&t, &arena, titles, ARRAY_SIZE(titles));
        add_rows(&t, in->program);
        text_init(&out);
        table_render(&t, &out);
        return output_text(in->command, &out);
}

static json_t *options_json(const struct command *command) {
        json_auto_t *list = json_array();

        for (const struct option_row *row = command->options; list && row && row->name; ++row)
                if (json_array_append_new(list, json_pack("{s:s, s:s?, s:s}", "name", row->name, "argument",
                                                          row->argument, "doc", row->doc)) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *commands_json(const struct command *const *commands);

/* A family has "commands", any other "options" and "arguments". */
static json_t *command_json(const struct command *command) {
        struct str summary = command_summary(command);
        struct str rest = str_skip(str_from(command->doc), summary.n + 1);
        json_auto_t *row = json_pack("{s:s, s:s%, s:s%}", "name", command->name, "summary", summary.p, summary.n, "doc",
                                     rest.p, rest.n);

        if (!row)
                return NULL;
        if (command->commands)
                return json_object_set_new(row, "commands", commands_json(command->commands)) < 0 ? NULL : TAKE(row);
        if (json_object_set_new(row, "arguments", json_string(command_arguments(command))) < 0 ||
            json_object_set_new(row, "options", options_json(command)) < 0)
                return NULL;
        return TAKE(row);
}

static json_t *commands_json(const struct command *const *commands) {
        json_auto_t *list = json_array();

        for (; list && *commands; ++commands)
                if (json_array_append_new(list, command_json(*commands)) < 0)
                        return NULL;
        return TAKE(list);
}

static int run(const struct invocation *in) {
        if (!in->json)
                return print_text(in);
        return output_json(in->command, json_pack("{s:s, s:o}", "schema", "docksill.commands/1", "commands",
                                                  commands_json(in->program)));
}

static const struct command command_list = {
        .name = "commands list",
        .doc = "List docksill's own commands; as JSON with their options.",
        .options = options,
        .run = run,
};

const struct command command_commands = {
        .name = "commands",
        .doc = "List docksill's own commands.",
        .commands = (const struct command *const[]){ &command_list, NULL },
};
