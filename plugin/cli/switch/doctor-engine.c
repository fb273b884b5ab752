#include "doctor.h"
#include <glob.h>
#include <limits.h>
#include <sys/stat.h>

/* -- versions -- */

struct version {
        int64_t part[3];
};

static struct version version_of(struct str text) {
        struct version v = { { 0 } };

        for (size_t i = 0; i < 3 && text.p; ++i) {
                struct str part = str_cut(&text, '.');
                size_t n = 0;

                while (n < part.n && part.p[n] >= '0' && part.p[n] <= '9')
                        ++n;
                if (str_int(str_first(part, n), &v.part[i]) < 0)
                        v.part[i] = 0;
        }
        return v;
}

static int compare(const struct version *a, const struct version *b) {
        for (size_t i = 0; i < 3; ++i)
                if (a->part[i] != b->part[i])
                        return a->part[i] < b->part[i] ? -1 : 1;
        return 0;
}

/* A body that is used and not shown to plugins. Fixed in these versions and, within a major one, in later ones; between
 * majors without a fix none has it. */
struct hidden_body {
        const char *id, *what;
        struct version fixed[5]; /* ascending, ended by zero */
        const char *patched;     /* a mark in the version of who has the fix nevertheless; NULL */
};

static const struct hidden_body hidden_bodies[] = {
        { "CVE-2024-41110",
          "of a chunked request, or one with a length of 0",
          { { { 23, 0, 15 } }, { { 25, 0, 6 } }, { { 26, 1, 5 } }, { { 27, 1, 1 } } },
          "+dfsg" },
        { "CVE-2026-34040", "of a megabyte or more", { { { 25, 0, 16 } }, { { 29, 3, 1 } } }, NULL },
};

static bool is_fixed(const struct hidden_body *row, struct str text) {
        struct version v = version_of(text);
        size_t last = 0;

        if (row->patched && str_search(text, str_from(row->patched)) < text.n)
                return true;
        for (size_t i = 0; i < ARRAY_SIZE(row->fixed) && row->fixed[i].part[0]; ++i) {
                if (v.part[0] == row->fixed[i].part[0])
                        return compare(&v, &row->fixed[i]) >= 0;
                last = i;
        }
        return v.part[0] > row->fixed[last].part[0];
}

static void look_at_version(struct doctor *d) {
        static const struct version grpc = { { 29, 2, 0 } };
        struct version v = version_of(d->version);

        if (v.part[0] == 0)
                return;
        for (size_t i = 0; i < ARRAY_SIZE(hidden_bodies); ++i)
                if (!is_fixed(&hidden_bodies[i], d->version))
                        doctor_find(d, "engine-hides-bodies",
                                    "Update the engine. Until then docksill refuses calls whose body must be there and "
                                    "is not shown, large ones of honest clients too.",
                                    "engine %" STR_FMT " has %s: the body %s is not shown to plugins",
                                    STR_ARG(d->version), hidden_bodies[i].id, hidden_bodies[i].what);
        if (compare(&v, &grpc) >= 0 && !d->r.file.builder)
                doctor_find(
                        d, "engine-grpc",
                        "Close what is not needed in daemon.json, \"builder\": {\"entitlements\": {\"network-host\": "
                        "false, \"device\": false, \"security-insecure\": false}}, and let only those have the "
                        "engine's socket who may build.",
                        "engine %" STR_FMT " takes builds over native gRPC, which no plugin is asked about: who may "
                        "connect can run build steps as a container's root, with the host's network and devices",
                        STR_ARG(d->version));
}

/* -- doors beside this engine -- */

/* Another engine of a user: its settings are its own. */
static void look_at_rootless(struct doctor *d) {
        char pattern[PATH_MAX];
        glob_t found;

        if (!doctor_path(d, "/run/user/*/docker.sock", pattern, sizeof(pattern)))
                return;
        if (glob(pattern, 0, NULL, &found) == 0)
                for (size_t i = 0; i < found.gl_pathc; ++i)
                        doctor_find(d, "rootless-engine",
                                    "It can do no more than its user; if that is too much, remove it, or register a "
                                    "docksill of its own in ~/.config/docker/daemon.json.",
                                    "a rootless engine listens at %s, and does not ask this docksill",
                                    found.gl_pathv[i] + strlen(d->r.root));
        globfree(&found);
}

static void look_at_address(struct doctor *d, struct str address) {
        cleanup_(text_deinit) struct text visible;

        text_init(&visible);
        if (!str_starts(address, STR_C("tcp://")) || d->r.dockerd.tls_verify || d->r.file.tls_verify)
                return;
        text_add_visible(&visible, address, 80);
        doctor_find(
                d, "tcp-without-tls",
                "Set \"tlsverify\": true with certificates, or listen on the Unix socket alone (ssh:// reaches it).",
                "dockerd listens at %s, where anybody who can reach it may call it, and nobody is known",
                visible.p ? visible.p : "");
}

static void look_at_socket(struct doctor *d) {
        char path[PATH_MAX];
        struct stat st;

        if (doctor_path(d, d->r.engine, path, sizeof(path)) && stat(path, &st) == 0 && (st.st_mode & 0006))
                doctor_find(d, "engine-socket-open", "Set its mode to 0660 (SocketMode= of docker.socket).",
                            "the engine's socket %s has mode %04o: every user of the host may call it", d->r.engine,
                            (unsigned)st.st_mode & 07777);
}

void doctor_look_at_engine(struct doctor *d) {
        look_at_version(d);
        look_at_rootless(d);
        for (size_t i = 0; i < d->r.dockerd.hosts.n; ++i)
                look_at_address(d, d->r.dockerd.hosts.items[i]);
        for (size_t i = 0; i < d->r.file.hosts.n; ++i)
                look_at_address(d, d->r.file.hosts.items[i].name);
        look_at_socket(d);
}
