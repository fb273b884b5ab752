#include "output.h"
#include "settings.h"
#include "table.h"

#define SETTINGS_MEMORY (8u * 1024 * 1024)

enum {
        OPTION_CONFIG,
        OPTION_ENVIRONMENT,
        OPTION_RULES,
        OPTION_EXEMPTIONS,
        OPTION_SOCKET,
        OPTION_MODE,
        OPTION_RECORDS,
        OPTION_ORIGIN,
        OPTION_FORMAT,
        OPTIONS
};
static const struct option_row options[] = {
        [OPTION_CONFIG] = { "config", "FILE", "settings; default " CONFIG_FILE },
        [OPTION_ENVIRONMENT] = { "environment", "NAME|FILE", "as for serve" },
        [OPTION_RULES] = { "rules", "FOLDER", "as for serve" },
        [OPTION_EXEMPTIONS] = { "exemptions", "FOLDER|FILE", "as for serve" },
        [OPTION_SOCKET] = { "socket", "PATH", "as for serve" },
        [OPTION_MODE] = { "mode", "audit|enforce", "as for serve" },
        [OPTION_RECORDS] = { "records", "FILE|-", "as for serve" },
        [OPTION_ORIGIN] = { "show-origin", NULL, "which flag, or line of which file, says so" },
        [OPTION_FORMAT] = OPTION_ROW_FORMAT,
        [OPTIONS] = { NULL },
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
                    json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "name", shown_json(one->name), "value",
                                                          shown_json(one->value), "origin", shown_json(one->origin))) <
                            0)
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

static int show(const struct command *command, const struct setup *setup, struct str prefix, const char **values,
                bool json) {
        cleanup_(arena_deinit) struct arena arena;
        cleanup_(text_deinit) struct text shown;
        struct settings settings;

        arena_init(&arena, SETTINGS_MEMORY);
        text_init(&shown);
        if (settings_collect(&settings, &arena, setup) < 0)
                return output_json(command, NULL);
        text_add_visible(&shown, prefix, 60);
        if (!any_begins(&settings, prefix))
                return command_misused(command, "no setting begins with \"%s\"", shown.p);
        return json ? output_json(command, settings_json(&settings, prefix))
                    : print_text(command, &settings, prefix, values[OPTION_ORIGIN]);
}

static const struct command command_show;

static int run(int argc, char **argv) {
        cleanup_(freep) const char **rest = calloc((size_t)argc, sizeof(*rest));
        const char *values[OPTIONS];
        struct config_flags flags;
        struct setup setup;
        bool json;
        size_t n;
        int r;

        if (!rest || options_read(&command_show, argc, argv, values, rest, &n) < 0)
                return EXIT_USAGE;
        if (n > 1)
                return command_misused(&command_show, "takes one prefix of names at most");
        r = output_format(&command_show, values[OPTION_FORMAT], &json);
        if (r != EXIT_FINE)
                return r;
        flags = (struct config_flags){
                .config = values[OPTION_CONFIG],
                .environment = values[OPTION_ENVIRONMENT],
                .rules = values[OPTION_RULES],
                .exemptions = values[OPTION_EXEMPTIONS],
                .socket = values[OPTION_SOCKET],
                .records = values[OPTION_RECORDS],
                .mode = values[OPTION_MODE],
        };
        r = setup_open(&setup, &command_show, &flags);
        if (r != EXIT_FINE)
                return r;
        r = setup_rules(&setup);
        if (r == EXIT_FINE)
                r = show(&command_show, &setup, n ? str_from(rest[0]) : STR_C(""), values, json);
        setup_close(&setup);
        return r;
}

static const struct command command_show = {
        .name = "config show",
        .arguments = "[PREFIX]",
        .doc = "Show every setting in force: limits, mode, folders, overrides, lists and values.\n"
               "Flags, configuration and environments are taken together as serve does. With PREFIX only settings "
               "whose "
               "names\nbegin so, such as deny or lists.",
        .options = options,
        .run = run,
};

const struct command command_config = {
        .name = "config",
        .doc = "The settings in force, and where they come from.",
        .commands = (const struct command *const[]){ &command_show, NULL },
};
