#include "docksill/cli/config.h"
#include "frame/config-scans.h"
#include "frame/output.h"
#include "json-schema.h"
#include "rules.h"
#include <string.h>

/* Each by the word that its files say under kind:. */
static const struct {
        const char *kind;
        const struct schema *schema; /* NULL: the configuration's */
} kinds[] = {
        { "rules", &schema_rules },
        { "environment", &schema_environment },
        { "exemptions", &schema_exemptions },
        { "configuration", NULL },
        { "profile", &schema_profile },
        { "framework", &schema_framework },
        { "scan-ignore", &scan_ignore_schema },
};

/* The nearest, else all. */
static int unknown_kind(const struct invocation *in) {
        cleanup_(text_deinit) struct text t;
        struct nearest nearest;

        text_init(&t);
        nearest_init(&nearest, str_from(in->arguments[0]));
        for (size_t i = 0; i < ARRAY_SIZE(kinds); ++i)
                nearest_offer(&nearest, str_from(kinds[i].kind));
        if (nearest_name(&nearest).n)
                return command_misnamed(in->command, "kind of file", "", &nearest);
        text_addz(&t, "no kind of file \"");
        text_add_visible(&t, nearest.given, 60);
        text_addz(&t, "\"; there are ");
        for (size_t i = 0; i < ARRAY_SIZE(kinds); ++i)
                text_addf(&t, "%s%s", i == 0 ? "" : i + 1 < ARRAY_SIZE(kinds) ? ", " : " and ", kinds[i].kind);
        return command_misused(in->command, "%s", t.p ? t.p : "no such kind of file");
}

static int run(const struct invocation *in) {
        for (size_t i = 0; i < ARRAY_SIZE(kinds); ++i)
                if (strcmp(kinds[i].kind, in->arguments[0]) == 0)
                        return output_json(in->command,
                                           json_schema(kinds[i].schema ? kinds[i].schema : config_sections[0].schema));
        return unknown_kind(in);
}

const struct command command_rules_schema = {
        .name = "rules schema",
        .arguments = "KIND",
        .least = 1,
        .most = 1,
        .takes = "a kind of file: rules, environment, exemptions, configuration, profile, framework or scan-ignore",
        .doc = "Print the JSON Schema (draft-07) of a kind of file, for editors.\n"
               "KIND is what such files say under kind:. The rules' folder has them all, in schema/; a file names its "
               "own "
               "in a line\n"
               "such as `# yaml-language-server: $schema=/usr/share/docksill/rules/schema/rules.json`.",
        .run = run,
};
