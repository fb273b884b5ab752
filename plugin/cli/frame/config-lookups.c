#include "config-priv.h"
#include "docksill/host/docker.h"
#include <errno.h>

enum { LOOKUPS_PATHS, LOOKUPS_DOCKER, LOOKUPS_DEADLINE, LOOKUPS_KEYS };
static const struct schema_key lookups_keys[] = {
        [LOOKUPS_PATHS] = { .name = "paths",
                            .shape = SHAPE_CHOICE,
                            .choices = config_switch,
                            .doc = "follow host paths on the host; off: they are judged as written" },
        [LOOKUPS_DOCKER] = { .name = "docker",
                             .shape = SHAPE_TEXT,
                             .doc = "ask the engine at this socket, such as unix:///run/docker.sock; off: do not ask" },
        [LOOKUPS_DEADLINE] = { .name = "deadline",
                               .shape = SHAPE_TEXT,
                               .doc = "how long a request waits at most, such as 200ms" },
        [LOOKUPS_KEYS] = { .name = NULL },
};
const struct schema config_lookups_schema = { .what = "lookups", .keys = lookups_keys };

/* The path in "unix:///run/docker.sock"; empty for what is none. A name that the kernel would cut is none either. */
static struct str socket_of(struct str text) {
        struct str scheme = STR("unix://"), path = str_skip(text, scheme.n);

        if (!str_starts(text, scheme) || !str_starts(path, STR_C("/")) || path.n >= DOCKER_SOCKET_MAX ||
            str_find(path, '\0') < path.n)
                return (struct str){ NULL, 0 };
        return path;
}

static int take_docker(struct config *c, const struct yaml_node *node, struct diag *diag) {
        struct str path;

        c->lookup_docker = NULL;
        if (str_eqz(node->text, "off"))
                return 0;
        path = socket_of(node->text);
        if (str_empty(path))
                return diag_error(diag, node->at, DIAG_WRONG_TYPE,
                                  "\"docker\" is off, or unix:// and the absolute path of the engine's socket, such as "
                                  "unix://" DOCKER_SOCKET);
        if (!docker_built())
                return diag_error(diag, node->at, DIAG_WRONG_TYPE,
                                  "\"docker\" can only be off: this docksill was built without libcurl, which asks the "
                                  "engine");
        return config_text(&c->arena, (struct str){ NULL, 0 }, path, &c->lookup_docker);
}

int config_lookups_take(struct config *c, const struct yaml_node *node, struct diag *diag) {
        const struct yaml_node *values[LOOKUPS_KEYS] = { NULL }, *deadline;
        int r;

        if (!node)
                return 0;
        r = schema_read(&config_lookups_schema, node, values, diag);
        if (values[LOOKUPS_PATHS])
                c->lookup_paths = str_eqz(values[LOOKUPS_PATHS]->text, "on");
        deadline = values[LOOKUPS_DEADLINE];
        config_note(&c->origins.lookup_paths, values[LOOKUPS_PATHS]);
        config_note(&c->origins.lookup_docker, values[LOOKUPS_DOCKER]);
        config_note(&c->origins.lookup_deadline, deadline);
        if (values[LOOKUPS_DOCKER])
                r = config_worse(r, take_docker(c, values[LOOKUPS_DOCKER], diag));
        if (deadline && !config_time(deadline->text, 1, &c->lookup_deadline))
                r = config_worse(r, diag_error(diag, deadline->at, DIAG_WRONG_TYPE,
                                               "\"deadline\" is a time from 1ms to %ds, such as 200ms",
                                               (int)(CONFIG_DEADLINE_MOST / 1000000)));
        return r;
}
