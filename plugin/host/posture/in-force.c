/*
 * What dockerd is told, beside what it says of itself: a setting that was written into daemon.json and never loaded
 * protects nobody.
 */
#include "docksill/host/posture.h"
#include <errno.h>

/* Of the sockets that an engine listens on by itself, /var/run is /run. */
static struct str socket_of(struct str address) {
        struct str path = address;

        if (str_starts(address, STR_C("fd://")))
                return STR_C("/run/docker.sock");
        if (str_starts(path, STR_C("unix://")))
                path = str_skip(path, strlen("unix://"));
        return str_starts(path, STR_C("/var/run/")) ? str_skip(path, strlen("/var")) : path;
}

/* Of several engines the one that was read need not be the one that was asked. */
static bool listens(const struct facts *host, const char *socket) {
        const struct listener_fact *items = host->daemon.config.listeners.items;

        for (size_t i = 0; i < host->daemon.config.listeners.n; ++i)
                if (str_eq(socket_of(items[i].address.value), socket_of(str_from(socket))))
                        return true;
        return false;
}

static bool same_set(const struct fact_set *a, const struct fact_set *b) {
        for (size_t i = 0; i < a->n; ++i)
                if (!str_is_among(a->items[i], b->items, b->n))
                        return false;
        return a->n == b->n;
}

static void compare(struct facts *host, const struct facts *engine, struct arena *arena) {
        const __typeof__(host->daemon.config) *told = &host->daemon.config;
        const __typeof__(engine->daemon) *is = &engine->daemon;
        bool denied = str_eqz(is->new_privileges.value, "denied");
        const struct {
                const char *name;
                bool differs;
        } rows[] = {
                { "authorization-plugins", !same_set(&told->authorization_plugins, &is->authorization_plugins) },
                { "debug", told->debug.value != is->debug.value },
                { "live-restore", told->live_restore.value != is->live_restore.value },
                { "log-driver", !str_eq(told->log_driver.value, is->logging_driver.value) },
                { "no-new-privileges",
                  is->new_privileges.head.state == FACT_KNOWN && told->no_new_privileges.value != denied },
                { "userns-remap", (told->userns_remap.value.n > 0) != is->userns.value },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (rows[i].differs)
                        fact_set_add(arena, &host->daemon.config.not_in_force, str_from(rows[i].name));
}

static void add_gap(struct posture *out, const char *why, struct arena *arena) {
        ARENA_ADD(arena, &out->gaps,
                  (struct host_gap){ .fact = fact_find(STR_C("daemon.config.not_in_force")), .why = str_from(why) });
}

int posture_in_force(struct posture *out, struct request *host, const struct request *engine, const char *socket,
                     struct arena *arena) {
        struct fact_head *cell = &host->facts.daemon.config.not_in_force.head;

        if (host->facts.daemon.config.log_driver.head.state != FACT_KNOWN || !listens(&host->facts, socket))
                return 0;
        arena_latch(arena);
        if (engine) {
                cell->state = FACT_KNOWN;
                cell->given = true;
                compare(&host->facts, &engine->facts, arena);
        } else {
                cell->state = FACT_UNKNOWN;
                add_gap(out, "the engine did not tell what it goes by", arena);
        }
        return arena_unlatch(arena) ? -ENOMEM : 0;
}
