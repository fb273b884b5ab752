#include "namespace.h"
#include "facts/cell.h"
#include "go-host-config.h"
#include "unknown.h"

/* Is @mode "container:X"? Then @peer is X. */
static bool joins(struct str mode, struct str *peer) {
        struct str rest = mode, word = str_cut(&rest, ':');

        if (!rest.p || !str_eqz(word, "container"))
                return false;
        *peer = rest;
        return true;
}

static void read_join(struct fact_list *out, struct arena *arena, const char *field, enum word namespace,
                      struct str mode) {
        struct str peer;

        if (joins(mode, &peer))
                FACT_ADD(arena, out,
                         (struct join_fact){ .origin = { .field = field },
                                             .namespace = cell_word(namespace),
                                             .peer = cell_str(peer),
                                             .view = CONTAINER_VIEW(FACT_UNKNOWN) });
}

void joins_read(struct fact_list *out, struct arena *arena, struct str network, struct str pid, struct str ipc) {
        read_join(out, arena, "HostConfig.NetworkMode", WORD_NETWORK, network);
        read_join(out, arena, "HostConfig.PidMode", WORD_PID, pid);
        read_join(out, arena, "HostConfig.IpcMode", WORD_IPC, ipc);
}

/* One mode: values are exact and case-sensitive. joinable: "container:X" is a value. */
struct mode {
        const char *field;
        struct str value;
        const char *const *values; /* beside ""; NULL-terminated */
        bool joinable;
};

static void check_mode(struct reading *in, const struct mode *mode) {
        struct str peer;

        if (str_empty(mode->value) || (mode->joinable && joins(mode->value, &peer)))
                return;
        for (const char *const *v = mode->values; *v; ++v)
                if (str_eqz(mode->value, *v))
                        return;
        /* "host:anything" passes dockerd's check for UTS and user namespaces without being host: named all the same. */
        unknown_value(in, (struct origin){ .field = mode->field }, mode->value);
}

static void check_modes(struct reading *in, const struct host_config *h) {
        static const char *const host[] = { "host", NULL };
        static const char *const ipc[] = { "none", "private", "shareable", "host", NULL };
        static const char *const cgroup[] = { "host", "private", NULL };
        static const char *const none[] = { NULL };
        const struct mode modes[] = {
                { "HostConfig.PidMode", h->pid_mode.value, host, true },
                { "HostConfig.IpcMode", h->ipc_mode.value, ipc, true },
                { "HostConfig.UTSMode", h->uts_mode.value, host, false },
                { "HostConfig.UsernsMode", h->userns_mode.value, host, false },
                { "HostConfig.CgroupnsMode", h->cgroupns_mode.value, cgroup, false },
                { "HostConfig.Cgroup", h->cgroup.value, none, false }, /* of no effect in 20.10 to 29 */
        };

        for (size_t i = 0; i < ARRAY_SIZE(modes); ++i)
                check_mode(in, &modes[i]);
}

static enum word default_cgroupns(const struct reading *in, const struct host_config *h) {
        if (reading_api_below(in, 41) || h->privileged.value)
                return WORD_HOST; /* both on cgroup v1, the worse */
        return WORD_DEFAULT;
}

void namespaces_read(struct reading *in, const struct host_config *h) {
        struct facts *f = in->facts;

        f->container.network = cell_string_or(h->network_mode, STR_C("default"));
        f->container.pid = cell_string(h->pid_mode);
        f->container.ipc =
                cell_string_or(h->ipc_mode, reading_api_below(in, 40) ? STR_C("shareable") : STR_C("private"));
        f->container.uts = cell_string(h->uts_mode);
        f->container.userns = cell_string(h->userns_mode);
        f->container.cgroupns = cell_word_sent(h->cgroupns_mode, default_cgroupns(in, h));
        f->container.cgroupns.head.given = !str_empty(h->cgroupns_mode.value); /* docker sends "" where nobody asked */

        joins_read(&f->container.joins, in->arena, h->network_mode.value, h->pid_mode.value, h->ipc_mode.value);
        check_modes(in, h);
}
