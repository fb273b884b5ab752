#include "container-lookup.h"
#include "existing-mount.h"
#include "facts/cell.h"
#include "inspected.h"
#include "reached.h"
#include "read/capability.h"
#include "read/image.h"
#include "read/mount.h"
#include "read/namespace.h"
#include "read/tmpfs.h"
#include "read/user.h"

/* -- what it may do -- */

static struct container_view view_read(struct arena *arena, const struct inspected_container *c) {
        const struct inspected_host_config *h = &c->host_config;
        struct container_view view = {
                .privileged = cell_bool(h->privileged),
                .network = cell_string_or(h->network_mode, STR_C("default")),
                .pid = cell_string(h->pid_mode),
                .ipc = cell_string(h->ipc_mode),
                .userns = cell_string(h->userns_mode),
                .user = cell_string(c->config.user),
                .user_root = user_root_cell(c->config.user.value),
        };

        capabilities_read(arena, &h->cap_add, &view.capabilities_added);
        return view;
}

static void tell_joins(const struct fact_list *joins, struct str name, const struct container_view *view) {
        struct join_fact *j = joins->items;

        for (size_t i = 0; i < joins->n; ++i)
                if (str_eq(j[i].peer.value, name))
                        j[i].view = *view;
}

/*
 * The image that it was made of, by the id that it has for ever: where an exemption let the container be made, it lets
 * it be started and entered. No rule is judged by it: that was the create's.
 */
static void tell_image(struct reading *in, const struct inspected_container *c) {
        image_read(in, "Config.Image", c->config.image);
        if (!str_empty(c->image.value))
                in->facts->image.id = in->facts->image.found_id = cell_string(c->image);
}

/* One that ran once and stopped is "exited"; Go's zero time stands for never. */
static bool is_never_started(const struct inspected_state *state) {
        return str_eqz(state->status.value, "created") &&
               str_starts(state->started_at.value, STR_C("0001-01-01T00:00:00"));
}

/* The user of a command is the container's where nobody gives one. */
static void tell_target(struct reading *in, const struct inspected_container *c, const struct container_view *view) {
        struct facts *f = in->facts;
        struct str name = c->name.value;

        f->target.name = cell_str(str_starts(name, STR_C("/")) ? str_skip(name, 1) : name);
        f->target.id = cell_string(c->id);
        f->target.view = *view;
        f->target.started = (struct fact_bool){ .head.given = true, .value = !is_never_started(&c->state) };
        if (str_empty(f->exec.user.value))
                f->exec.user_root.value = view->user_root.value;
        tell_image(in, c);
}

/*
 * dockerd keeps a peer by its id, but by the name where there was none at the create (daemon/daemon_unix.go,
 * adaptSharedNamespaceContainer), and looks for it at every start: whoever is called so by then is joined.
 */
static void tell_own_joins(struct reading *in, const struct inspected_container *c) {
        const struct inspected_host_config *h = &c->host_config;

        in->facts->target.joins.head.state = FACT_KNOWN;
        joins_read(&in->facts->target.joins, in->arena, h->network_mode.value, h->pid_mode.value, h->ipc_mode.value);
}

/* -- what it mounts -- */

static void add_mount(struct reading *in, const struct place *place, const struct inspected_mount *from) {
        /* How large it may grow the engine does not say there; the create was judged by it. */
        static const struct tmpfs_options unsaid = { .size_bytes.value = 1 };
        struct mount_fact m = existing_mount(in, place, from);

        if (cell_is(&m.kind, WORD_TMPFS))
                tmpfs_mount_read(in, &m, &unsaid);
        mount_add(in, &m);
}

/* What HostConfig.Tmpfs asked for stands in no list of its mounts. */
static void add_own(struct reading *in, const struct inspected_container *c) {
        tmpfs_read(in, &c->host_config.tmpfs);
        in->facts->mounts.head.given = c->mounts.given;
        for (size_t i = 0; i < c->mounts.n && !arena_full(in->arena); ++i) {
                const struct place place = {
                        .origin = { .field = "Mounts", .index = (uint32_t)i, .indexed = true },
                };

                add_mount(in, &place, gojson_item(&c->mounts, i, sizeof(struct inspected_mount)));
        }
}

/* What is said twice dockerd refuses. */
static bool is_read_only(struct str mode) {
        struct str rest = mode;
        bool ro = false, rw = false;

        while (rest.p) {
                struct str word = str_cut(&rest, ',');

                ro = ro || str_eqz(word, "ro");
                rw = rw || str_eqz(word, "rw");
        }
        return ro && !rw;
}

static void add_shared(struct reading *in, const struct peer_fact *peer, const struct inspected_container *c) {
        const struct place place = { .origin = peer->origin,
                                     .shared = true,
                                     .read_only = is_read_only(peer->mode.value) };

        for (size_t i = 0; i < c->mounts.n && !arena_full(in->arena); ++i)
                add_mount(in, &place, gojson_item(&c->mounts, i, sizeof(struct inspected_mount)));
}

static void tell_shared(struct reading *in, struct str name, const struct inspected_container *c) {
        const struct fact_list *peers = &in->facts->container.volumes_from;

        for (size_t i = 0; i < peers->n && !arena_full(in->arena); ++i) {
                const struct peer_fact *peer = (const struct peer_fact *)peers->items + i;

                if (str_eq(peer->peer.value, name))
                        add_shared(in, peer, c);
        }
}

/* -- the answer -- */

void container_lookup_fill(struct reading *in, struct str name, unsigned about, const struct inspected_container *c) {
        const struct container_view view = view_read(in->arena, c);

        if (about & EXISTING_JOINED) {
                tell_joins(&in->facts->container.joins, name, &view);
                tell_joins(&in->facts->target.joins, name, &view);
        }
        if (about & EXISTING_TARGET)
                tell_target(in, c, &view);
        if (about & EXISTING_STARTED)
                tell_own_joins(in, c);
        if (about & EXISTING_STARTED)
                add_own(in, c);
        if (about & EXISTING_SHARED)
                tell_shared(in, name, c);
        if (about & EXISTING_REACHED)
                reached_fill(in, name, c, about & EXISTING_STARTED);
}

void container_lookup_missing(struct facts *f, struct str name) {
        const struct container_view nothing = CONTAINER_VIEW(FACT_OFF);

        tell_joins(&f->target.joins, name, &nothing);
}

void container_lookup_mark_unknown(struct facts *f, unsigned about) {
        if (about & EXISTING_TARGET) {
                f->target.name.head.state = f->target.id.head.state = f->target.started.head.state = FACT_UNKNOWN;
                f->target.view = (struct container_view)CONTAINER_VIEW(FACT_UNKNOWN);
        }
        if (about & EXISTING_STARTED)
                f->target.joins.head.state = f->tmpfs.head.state = FACT_UNKNOWN;
        if (about & (EXISTING_SHARED | EXISTING_STARTED))
                f->mounts.head.state = FACT_UNKNOWN;
        if (about & EXISTING_REACHED)
                f->reached.mounted.head.state = f->reached.powers.head.state = FACT_UNKNOWN;
}
