/*
 * Owner and mode of what Docker lives by (CIS Docker 3). Whoever may write one of these is root on the host.
 */
#include "account.h"
#include "dockerd-settings.h"
#include <errno.h>
#include <sys/stat.h>

struct files {
        struct survey *s;
        struct accounts accounts;
        bool unread; /* one of them could not be looked at */
};

/* Both spellings of one folder stand for one file. */
static struct str folded(struct str path) {
        return str_starts(path, STR_C("/var/run/")) ? str_skip(path, strlen("/var")) : path;
}

static bool is_listed(const struct files *f, struct str path) {
        const struct fact_list *list = &f->s->facts->host.files;

        for (size_t i = 0; i < list->n; ++i)
                if (str_eq(((const struct host_file_fact *)list->items)[i].path.value, path))
                        return true;
        return false;
}

static void add_permissions(struct survey *s, struct fact_set *out, unsigned mode) {
        static const struct str names[] = { STR("others-execute"), STR("others-write"), STR("others-read"),
                                            STR("group-execute"),  STR("group-write"),  STR("group-read"),
                                            STR("owner-execute"),  STR("owner-write"),  STR("owner-read"),
                                            STR("sticky"),         STR("set-group-id"), STR("set-user-id") };

        for (size_t i = 0; i < ARRAY_SIZE(names); ++i)
                if (mode >> i & 1)
                        fact_set_add(s->keep, out, names[i]);
}

static void add(struct files *f, const char *kind, struct str path) {
        struct survey *s = f->s;
        struct host_file_fact one = { .origin = { 0 }, .kind.value = str_from(kind) };
        struct text mode;
        struct stat st;
        int r;

        path = survey_keep(s, folded(path));
        if (arena_full(s->keep) || path.n == 0 || is_listed(f, path))
                return;
        r = host_root_stat(s->root, path.p, &st);
        if (r == -ENOENT || r == -ENOTDIR)
                return;
        if (r < 0) {
                survey_unread(s, &s->facts->host.files.head, path.p, r);
                f->unread = true;
                return;
        }
        text_init_arena(&mode, s->keep);
        text_addf(&mode, "%04o", (unsigned)(st.st_mode & 07777));
        one.origin.key = path;
        one.path.value = path;
        one.owner.value = account_user(&f->accounts, s, st.st_uid);
        one.group.value = account_group(&f->accounts, s, st.st_gid);
        one.mode.value = text_str(&mode);
        add_permissions(s, &one.permissions, st.st_mode & 07777);
        FACT_ADD(s->keep, &s->facts->host.files, one);
}

static struct str joined(struct survey *s, struct str folder, struct str name) {
        struct text path;

        text_init_arena(&path, s->scratch);
        text_add(&path, folder);
        text_add_char(&path, '/');
        text_add(&path, name);
        return path.failed ? (struct str){ 0 } : text_str(&path);
}

/* Whether it is there and could be listed. */
static bool list(struct files *f, const char *folder, struct file_names *names) {
        int r = survey_list(f->s, folder, names);

        if (r < 0 && r != -ENOENT && r != -ENOTDIR) {
                survey_unread(f->s, &f->s->facts->host.files.head, folder, r);
                f->unread = true;
        }
        return r == 0;
}

static void add_drop_ins(struct files *f, const char *parent, const char *unit) {
        struct file_names names = { 0 };
        struct text folder;

        text_init_arena(&folder, f->s->scratch);
        text_addf(&folder, "%s/%s.d", parent, unit);
        if (folder.failed || !list(f, folder.p, &names))
                return;
        add(f, "folder", text_str(&folder));
        for (size_t i = 0; i < names.n; ++i)
                add(f, "unit", joined(f->s, text_str(&folder), names.items[i]));
}

/* The file that counts is the first; drop-ins count in each folder. */
static void add_unit(struct files *f, const char *unit) {
        bool found = false;

        for (size_t i = 0; unit_folders[i]; ++i) {
                struct str path = joined(f->s, str_from(unit_folders[i]), str_from(unit));

                if (!found && path.p && survey_exists(f->s, path.p)) {
                        add(f, "unit", path);
                        found = true;
                }
                add_drop_ins(f, unit_folders[i], unit);
        }
}

/* /etc/docker/certs.d/REGISTRY/FILE: those that are keys too are the client's. */
static void add_registries(struct files *f) {
        static const struct str top = STR("/etc/docker/certs.d");
        struct file_names registries = { 0 };

        if (!list(f, top.p, &registries))
                return;
        add(f, "folder", top);
        for (size_t i = 0; i < registries.n; ++i) {
                struct str folder = joined(f->s, top, registries.items[i]);
                struct file_names names = { 0 };

                if (!folder.p || !list(f, folder.p, &names))
                        continue;
                for (size_t k = 0; k < names.n; ++k)
                        add(f, str_ends(names.items[k], STR_C(".key")) ? "key" : "registry",
                            joined(f->s, folder, names.items[k]));
        }
}

/* Where it is told to listen, and where a socket unit of systemd does for it. */
static void add_sockets(struct files *f) {
        const struct words *hosts = &f->s->settings->hosts;

        add(f, "socket", STR_C("/run/docker.sock"));
        add(f, "socket", STR_C("/run/containerd/containerd.sock"));
        for (size_t i = 0; i < hosts->n; ++i)
                if (str_starts(hosts->items[i], STR_C("unix://")))
                        add(f, "socket", str_skip(hosts->items[i], strlen("unix://")));
}

void survey_files(struct survey *s) {
        static const struct str configs[] = { STR("/etc/docker/daemon.json"), STR("/etc/default/docker"),
                                              STR("/etc/sysconfig/docker"), STR("/etc/containerd/config.toml") };
        struct files f = { .s = s };

        accounts_read(&f.accounts, s);
        add(&f, "folder", STR_C("/etc/docker"));
        for (size_t i = 0; i < ARRAY_SIZE(configs); ++i)
                add(&f, "config", configs[i]);
        add(&f, "config", s->settings->config_file);
        add_unit(&f, "docker.service");
        add_unit(&f, "docker.socket");
        add_unit(&f, "containerd.service");
        add_registries(&f);
        add(&f, "authority", s->settings->authority);
        add(&f, "certificate", s->settings->certificate);
        add(&f, "key", s->settings->key);
        add_sockets(&f);
        if (s->facts->host.files.n == 0 && !f.unread)
                survey_off(s, &s->facts->host.files.head, "none of Docker's files is there");
        else if (!f.unread)
                survey_found(&s->facts->host.files.head);
        survey_certificates(s);
}
