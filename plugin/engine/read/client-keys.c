#include "client-keys.h"
#include "docksill/base/cleanup.h"

#define DOCKERODE STR("dockerode") /* docker-modem sends all options that a call was given as the body */
#define PORTAINER STR("Portainer")

static const struct {
        struct str operation, key, client; /* operation: empty: any that has a body */
} rows[] = {
        { STR("container.create"), STR("name"), STR("dockerode, Portainer") },
        { STR("container.create"), STR("platform"), DOCKERODE },
        { STR("container.create"), STR("authconfig"), DOCKERODE },
        { STR("container.commit"), STR("repo"), DOCKERODE },
        { STR("container.commit"), STR("tag"), DOCKERODE },
        { STR("container.commit"), STR("comment"), DOCKERODE },
        { STR("container.commit"), STR("author"), DOCKERODE },
        { STR("container.commit"), STR("container"), DOCKERODE },
        { STR("container.commit"), STR("changes"), DOCKERODE },
        { STR("container.commit"), STR("pause"), DOCKERODE },
        { STR("exec.start"), STR("hijack"), DOCKERODE },
        { STR("exec.start"), STR("stdin"), DOCKERODE },
        { STR("exec.start"), STR("id"), PORTAINER },
        { STR("service.create"), STR("authconfig"), DOCKERODE },
        { STR("service.update"), STR("authconfig"), DOCKERODE },
        { STR("service.update"), STR("version"), DOCKERODE },
        { STR(""), STR("abortSignal"), DOCKERODE },
};

struct str client_of_key(struct str operation, struct str key) {
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (str_eq(key, rows[i].key) && (str_empty(rows[i].operation) || str_eq(operation, rows[i].operation)))
                        return rows[i].client;
        return (struct str){ 0 };
}
