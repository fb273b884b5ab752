#include "side.h"
#include "frame/document.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define KIND_MEMORY (8u * 1024 * 1024)

static bool is_folder(const char *path) {
        struct stat st;

        return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_path(const char *given) {
        return strchr(given, '/') || str_ends(str_from(given), STR_C(".yaml"));
}

static bool is_configuration(const char *path) {
        cleanup_(arena_deinit) struct arena arena;

        arena_init(&arena, KIND_MEMORY);
        return is_path(path) && str_eqz(document_kind(&arena, path), "configuration");
}

/* A folder of rules need not have environments. */
static bool has_environments(const char *folder) {
        char path[4096];
        int n = snprintf(path, sizeof(path), "%s/environments", folder);

        return n > 0 && (size_t)n < sizeof(path) && is_folder(path);
}

static int load_rules_alone(struct side *s) {
        int r = ruleset_load_rules(&s->setup.rules, &s->given, 1, &s->setup.diag);

        return setup_outcome(r, &s->setup.diag);
}

static int load(struct side *s, const struct config_flags *given) {
        struct config_flags flags = *given;
        bool folder = is_folder(s->given);
        int r;

        s->configuration = !folder && is_configuration(s->given);
        if (s->configuration)
                flags = (struct config_flags){ .config = s->given };
        else if (folder)
                flags.rules = s->given;
        else
                flags.environment = s->given;
        r = setup_read(&s->setup, &flags);
        if (r != EXIT_FINE)
                return r;
        return folder && !has_environments(s->given) ? load_rules_alone(s) : setup_rules(&s->setup);
}

int side_load(struct side *out, const char *given, const char *which, const struct config_flags *flags) {
        int r;

        *out = (struct side){ .given = given };
        r = load(out, flags);
        if (r != EXIT_FINE)
                fprintf(stderr, "docksill diff: %s, %s, can't be loaded\n", which, given);
        return r;
}

enum mode side_mode(const struct side *s) {
        enum mode mode = s->setup.config.mode_given ? s->setup.config.mode : ruleset_mode(s->setup.rules);

        return mode == MODE_AUDIT ? MODE_ENFORCE : mode;
}

void side_close(struct side *s) {
        setup_close(&s->setup);
}
