#include "docksill/engine/facts.h"
#include "docksill/base/text.h"
#include <assert.h>

#define KEY_SHOWN 200 /* bytes of a key, which may be megabytes */

/* Duplicates are looked for among this many: a list of a hundred thousand links must not cost its square. */
#define SET_SCAN 64

const char *fact_type_name(enum fact_type type) {
        static const char *const names[FACT_TYPES] = {
                [FACT_BOOL] = "bool",
                [FACT_INT] = "integer",
                [FACT_BYTES] = "bytes",
                [FACT_DURATION] = "duration",
                [FACT_STRING] = "string",
                [FACT_ENUM] = "enum",
                [FACT_VERSION] = "version",
                [FACT_ADDRESS] = "address",
                [FACT_IMAGE] = "image reference",
                [FACT_CAPABILITY] = "capability",
                [FACT_PATH] = "path",
                [FACT_PORT] = "port",
                [FACT_STRINGS] = "set of strings",
                [FACT_CAPABILITIES] = "capability set",
                [FACT_LIST] = "list of objects",
        };

        assert(type < FACT_TYPES);
        return names[type];
}

const struct fact *fact_find(struct str name) {
        size_t lo = 0, hi = fact_table_n;

        while (lo < hi) {
                size_t middle = lo + (hi - lo) / 2;
                int order = str_cmp(name, fact_table[middle].name);

                if (order == 0)
                        return &fact_table[middle];
                if (order < 0)
                        hi = middle;
                else
                        lo = middle + 1;
        }
        return NULL;
}

const struct fact *fact_find_in(const struct fact *element, struct str name) {
        for (; !str_empty(element->name); ++element)
                if (str_eq(element->name, name))
                        return element;
        return NULL;
}

/* What Docker does when a request says nothing. Cells that are not named are false, 0, "" or empty. */
static const struct facts docker_defaults = {
        .request.judged.value = true,
        .request.takes.value = STR("none"),
        .container.user_root.value = STR("yes"),
        .container.network.value = STR("default"),
        .container.ipc.value = STR("private"),
        .container.cgroupns.value = STR("default"),
        .container.no_new_privileges.value = STR("unset"),
        .container.seccomp_mode.value = STR("default"),
        .container.restart_policy.value = STR("no"),
        .container.healthcheck.value = STR("unset"),
        .container.stop_timeout.value = 10,
        .exec.user_root.value = STR("unknown"),
        .commit.user_root.value = STR("unknown"),
        .commit.readable.value = true,
        .network.driver.value = STR("bridge"),
        .network.icc.value = STR("unset"),
        .network.publish.value = STR("unset"),
        .image.registry.value = STR("docker.io"),
        .image.age.head.state = FACT_OFF,
        .image.size.head.state = FACT_OFF,
        .image.found_id.head.state = FACT_OFF,
        .image.user.head.state = FACT_OFF,
        .image.user_root.head.state = FACT_OFF,
        .image.healthcheck.head.state = FACT_OFF,
        .image.found_digests.head.state = FACT_OFF,
        .image.found_names.head.state = FACT_OFF,
        .image.found_labels.head.state = FACT_OFF,
        .image.volumes.head.state = FACT_OFF,
        .image.exposed_ports.head.state = FACT_OFF,
        .image.history.head.state = FACT_OFF,
        .image.attestations.head.state = FACT_OFF,
        .image.scan.found.head.state = FACT_OFF,
        .image.scan.age.head.state = FACT_OFF,
        .image.scan.critical.head.state = FACT_OFF,
        .image.scan.high.head.state = FACT_OFF,
        .image.scan.medium.head.state = FACT_OFF,
        .image.scan.low.head.state = FACT_OFF,
        .image.scan.fixable_critical.head.state = FACT_OFF,
        .image.scan.fixable_high.head.state = FACT_OFF,
        .image.scan.ignored.head.state = FACT_OFF,
        .image.scan.secrets.head.state = FACT_OFF,
        .image.scan.scanner.head.state = FACT_OFF,
        .image.scan.worst.head.state = FACT_OFF,
        .image.scan.exploited.head.state = FACT_OFF,
        .image.scan.packages.head.state = FACT_OFF,
        .target.name.head.state = FACT_OFF,
        .target.started.head.state = FACT_OFF,
        .target.id.head.state = FACT_OFF,
        .target.view = CONTAINER_VIEW(FACT_OFF),
        .target.joins.head.state = FACT_OFF,
        .reached.mounted.head.state = FACT_OFF,
        .reached.powers.head.state = FACT_OFF,
        .plugin.installed.head.state = FACT_OFF,
        .top.arguments.value = STR("none"),
        .service.runtime.value = STR("container"),
        .service.replicas.value = 1,
        .swarm.certificate_expiry.value = INT64_C(90) * 24 * 3600 * 1000000,
        .swarm.listen_reach.value = STR("everywhere"),
        .build.network.value = STR("default"),
        .build.remote_kind.value = STR("none"),
        .daemon.confinement.value = STR("some"),
        .daemon.remapping.value = STR("off"),
        .daemon.seccomp.value = STR("default"),
        .daemon.new_privileges.value = STR("allowed"),
        .daemon.icc.value = STR("on"),
        .daemon.config.iptables.value = true,
        .daemon.config.userland_proxy.value = true,
        .daemon.config.tls.value = STR("none"),
        .daemon.config.log_level.value = STR("info"),
        .daemon.config.log_driver.value = STR("json-file"),
};

void facts_init(struct facts *f) {
        *f = docker_defaults;
}

void fact_set_add(struct arena *arena, struct fact_set *set, struct str item) {
        struct str *slot = NULL;

        assert(arena->latching);
        if (arena_full(arena))
                return;
        for (size_t i = 0; i < set->n && i < SET_SCAN; ++i)
                if (str_eq(set->items[i], item))
                        return;
        if (set->n < FACT_ITEMS_MOST)
                slot = ARENA_PUSH(arena, set);
        if (slot)
                *slot = item;
        else
                arena_refuse(arena);
}

void fact_list_reserve(struct arena *arena, struct fact_list *list, size_t more, size_t size) {
        void *items = NULL;

        assert(arena->latching);
        if (arena_full(arena) || more == 0)
                return;
        if (more <= 2 * FACT_ITEMS_MOST)
                items = arena_reserve(arena, list->items, list->n, &list->capacity, more, size);
        if (items)
                list->items = items;
        else
                arena_refuse(arena);
}

void fact_list_add(struct arena *arena, struct fact_list *list, const void *item, size_t size) {
        assert(arena->latching);
        if (list->n >= FACT_ITEMS_MOST)
                arena_refuse(arena);
        else if (list->n == list->capacity)
                fact_list_reserve(arena, list, list->n ? list->n : 4, size);
        if (!arena_full(arena))
                memcpy((char *)list->items + list->n++ * size, item, size);
}

void origin_add(struct text *t, const struct origin *origin) {
        if (origin->field)
                text_addz(t, origin->field);
        if (origin->key.p) {
                if (origin->field)
                        text_add_char(t, '.');
                text_add_visible(t, origin->key, KEY_SHOWN);
        }
        if (origin->indexed) {
                text_add_char(t, '[');
                text_add_int(t, origin->index);
                text_add_char(t, ']');
        }
}
