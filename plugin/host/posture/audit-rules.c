/*
 * What auditd is told to watch, by its files: auditctl(8). That the kernel has these rules loaded is not seen: to ask
 * it takes CAP_AUDIT_CONTROL.
 */
#include "dockerd-settings.h"
#include <errno.h>

/* Files of Docker that matter (CIS Docker 1.1.3 to 1.1.18); one of a row is enough. */
static const char *const targets[][3] = {
        { "/usr/bin/dockerd", "/usr/sbin/dockerd" },
        { "/run/containerd" },
        { "/etc/docker" },
        { "/etc/docker/daemon.json" },
        { "/lib/systemd/system/docker.service", "/usr/lib/systemd/system/docker.service",
          "/etc/systemd/system/docker.service" },
        { "/lib/systemd/system/docker.socket", "/usr/lib/systemd/system/docker.socket" },
        { "/run/containerd/containerd.sock" },
        { "/run/docker.sock" },
        { "/etc/default/docker" },
        { "/etc/sysconfig/docker" },
        { "/etc/containerd/config.toml" },
        { "/usr/bin/containerd", "/usr/sbin/containerd" },
        { "/usr/bin/containerd-shim" },
        { "/usr/bin/containerd-shim-runc-v1" },
        { "/usr/bin/containerd-shim-runc-v2" },
        { "/usr/bin/runc", "/usr/sbin/runc" },
};

/* /var/run is /run; on a merged system /lib is /usr/lib, and a rule by either name watches the file. */
static struct str plain(struct str path) {
        static const struct str prefixes[] = { STR("/var/run/"), STR("/usr/lib/"), STR("/usr/sbin/"),
                                               STR("/usr/bin/") };

        for (size_t i = 0; i < ARRAY_SIZE(prefixes); ++i)
                if (str_starts(path, prefixes[i]))
                        return str_skip(path, strlen("/var"));
        while (path.n > 1 && path.p[path.n - 1] == '/')
                path.n -= 1;
        return path;
}

/* Equal or below. */
static bool covers(struct str watch, struct str path) {
        watch = plain(watch);
        path = plain(path);
        return watch.n > 0 && str_starts(path, watch) &&
               (path.n == watch.n || path.p[watch.n] == '/' || watch.p[watch.n - 1] == '/');
}

static struct str next_word(struct str *rest) {
        *rest = str_trim(*rest);
        return str_cut(rest, ' ');
}

/* "-w PATH -p wa -k docker", "-a always,exit -F path=PATH -F perm=wa", "-F dir=PATH". */
static void take_line(struct survey *s, struct words *watches, struct str line) {
        if (str_search(line, STR_C("never,")) < line.n || str_search(line, STR_C(",never")) < line.n)
                return; /* "-a never,exit" leaves out what others watch */
        while (line.n > 0) {
                struct str word = next_word(&line), value;

                if (str_eqz(word, "-w")) {
                        value = next_word(&line);
                } else if (str_eqz(word, "-F")) {
                        value = next_word(&line);
                        word = str_cut(&value, '=');
                        if (!str_eqz(word, "path") && !str_eqz(word, "dir"))
                                continue;
                } else {
                        continue;
                }
                if (value.n > 0)
                        ARENA_ADD(s->scratch, watches, value);
        }
}

static void take_file(struct survey *s, struct words *watches, struct str text) {
        while (text.p) {
                struct str line = str_trim(str_cut(&text, '\n'));

                if (line.n > 0 && line.p[0] != '#')
                        take_line(s, watches, line);
        }
}

/* Returns 0, or the error of a file that is there. @any: there is a file. */
static int read_rules(struct survey *s, struct words *watches, const char **path) {
        static const char folder[] = "/etc/audit/rules.d";
        struct file_names names = { 0 };
        struct str text;
        int r;

        *path = "/etc/audit/audit.rules";
        r = survey_read(s, *path, &text);
        if (r == 0)
                take_file(s, watches, text);
        else if (r != -ENOENT)
                return r;
        *path = folder;
        r = survey_list(s, folder, &names);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        for (size_t i = 0; i < names.n; ++i) {
                if (!str_ends(names.items[i], STR_C(".rules")))
                        continue;
                r = survey_read_in(s, folder, names.items[i], &text);
                if (r != 0)
                        return r;
                take_file(s, watches, text);
        }
        return 0;
}

static void hold(struct survey *s, const struct words *watches, struct str path) {
        for (size_t i = 0; i < watches->n; ++i)
                if (covers(watches->items[i], path))
                        return;
        fact_set_add(s->keep, &s->facts->host.unwatched, path);
}

void survey_audit_rules(struct survey *s) {
        struct fact_set *unwatched = &s->facts->host.unwatched;
        struct fact_bool *rules = &s->facts->host.audit_rules;
        struct words watches = { 0 };
        size_t there = 0;
        const char *path;
        int r = read_rules(s, &watches, &path);

        if (r != 0) {
                survey_unread(s, &unwatched->head, path, r);
                survey_unread(s, &rules->head, path, r);
                return;
        }
        rules->value = watches.n > 0;
        survey_found(&rules->head);
        for (size_t i = 0; i < ARRAY_SIZE(targets); ++i)
                for (size_t k = 0; k < ARRAY_SIZE(targets[i]) && targets[i][k]; ++k)
                        if (survey_exists(s, targets[i][k])) {
                                ++there;
                                hold(s, &watches, str_from(targets[i][k]));
                                break;
                        }
        if (survey_exists(s, "/usr/bin/dockerd") || survey_exists(s, "/usr/sbin/dockerd")) {
                /* What it keeps is made at its first start. */
                ++there;
                hold(s, &watches, s->facts->host.data_root.value);
        }
        if (there > 0)
                survey_found(&unwatched->head);
        else
                survey_off(s, &unwatched->head, "none of Docker's files is there");
}
