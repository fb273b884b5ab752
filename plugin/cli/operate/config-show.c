#include "config-keys.h"
#include "frame/output.h"
#include "frame/settings.h"
#include "frame/table.h"

#define SETTINGS_MEMORY (8u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "as for serve" },
        { "rules", "FOLDER", "as for serve" },
        { "exemptions", "FOLDER|FILE", "as for serve" },
        { "socket", "PATH", "as for serve" },
        { "control", "PATH|off", "as for serve" },
        { "mode", "audit|enforce-hard|enforce", "as for serve" },
        { "paths", "on|off", "as for serve" },
        { "records", "FILE|-", "as for serve" },
        { "show-origin", NULL, "print the flag, or the file and line, that sets each" },
        OPTION_ROW_FORMAT,
        { NULL },
};

static int print_text(const struct command *command, const struct settings *s, struct str prefix, bool origin) {
        static const char *const titles[] = { "SETTING", "VALUE", "ORIGIN" };
        cleanup_(text_deinit) struct text out;
        struct table t;

        table_init(&t, s->arena, titles, origin ? 3 : 2);
        for (size_t i = 0; i < s->n; ++i) {
                if (!str_starts(s->items[i].name, prefix))
                        continue;
                table_add(&t, s->items[i].name);
                table_add(&t, s->items[i].value);
                if (origin)
                        table_add(&t, s->items[i].origin);
        }
        text_init(&out);
        table_render(&t, &out);
        return output_text(command, &out);
}

static json_t *settings_json(const struct settings *s, struct str prefix) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < s->n; ++i) {
                const struct setting *one = &s->items[i];

                if (str_starts(one->name, prefix) &&
                    json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "name", printable_json(one->name), "value",
                                                          printable_json(one->value), "origin",
                                                          printable_json(one->origin))) < 0)
                        return NULL;
        }
        return list ? json_pack("{s:s, s:O}", "schema", "docksill.config/1", "settings", list) : NULL;
}

static bool any_begins(const struct settings *s, struct str prefix) {
        for (size_t i = 0; i < s->n; ++i)
                if (str_starts(s->items[i].name, prefix))
                        return true;
        return false;
}

static int show(const struct invocation *in, const struct setup *setup) {
        struct str prefix = in->n ? str_from(in->arguments[0]) : STR_C("");
        cleanup_(arena_deinit) struct arena arena;
        cleanup_(text_deinit) struct text shown;
        struct settings settings;

        arena_init(&arena, SETTINGS_MEMORY);
        text_init(&shown);
        if (settings_collect(&settings, &arena, setup) < 0)
                return output_json(in->command, NULL);
        text_add_visible(&shown, prefix, 60);
        if (!any_begins(&settings, prefix))
                return command_misused(in->command, "no setting begins with \"%s\"", shown.p);
        return in->json ? output_json(in->command, settings_json(&settings, prefix))
                        : print_text(in->command, &settings, prefix, invocation_option(in, "show-origin"));
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup;
        int r = setup_load(&setup, in);

        return r == EXIT_FINE ? show(in, &setup) : r;
}

static const struct command command_show = {
        .name = "config show",
        .arguments = "[PREFIX]",
        .most = 1,
        .takes = "one prefix of names at most",
        .doc = "Show every setting in force: limits, mode, folders, overrides, lists and values.\n"
               "Flags, configuration and environments are combined as serve does. With PREFIX, only settings whose "
               "names begin\n"
               "with it, such as deny or lists.",
        .options = options,
        .run = run,
};

const struct command command_config = {
        .name = "config",
        .doc = "Show the settings in force, and where they come from; or all that there are.",
        .commands = (const struct command *const[]){ &command_show, &command_config_keys, NULL },
};
