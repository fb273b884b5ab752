/*
 * What dockerd is told, as the facts daemon.config.*: where nobody says anything it is Docker's default, which is a
 * value too.
 */
#include "dockerd-settings.h"
#include <sys/stat.h>

/* Of the facts below, all at once. */
static void each_cell(struct survey *s, const struct settings *from) {
        for (size_t i = 0; i < fact_table_n; ++i) {
                struct fact_head *cell = (struct fact_head *)((char *)s->facts + fact_table[i].at);

                if (!str_starts(fact_table[i].name, STR_C("daemon.config.")))
                        continue;
                if (from->there)
                        survey_unknown(s, cell, "%" STR_FMT, STR_ARG(from->why));
                else
                        survey_off(s, cell, "%" STR_FMT, STR_ARG(from->why));
        }
}

static void tell_bool(struct fact_bool *out, bool given, bool value, bool standard) {
        out->value = given ? value : standard;
        survey_found(&out->head);
}

static void tell_str(struct fact_str *out, struct str value, struct str standard) {
        out->value = value.n > 0 ? value : standard;
        survey_found(&out->head);
}

static void tell_set(struct survey *s, struct fact_set *out, const struct words *words) {
        for (size_t i = 0; i < words->n; ++i)
                fact_set_add(s->keep, out, words->items[i]);
        survey_found(&out->head);
}

/* dockerd itself listens on localhost where a tcp:// names nobody; ":2376" is everywhere, as for Go's net. */
static struct str reach_of(struct str authority) {
        size_t close = str_find(authority, ']');
        struct str host = authority.n > 0 && authority.p[0] == '[' ? str_skip(str_first(authority, close), 1)
                                                                   : str_first(authority, str_find(authority, ':'));

        if (authority.n == 0 || str_eqz(host, "localhost") || str_starts(host, STR_C("127.")) || str_eqz(host, "::1"))
                return STR_C("loopback");
        if (host.n == 0 || str_eqz(host, "0.0.0.0") || str_eqz(host, "::"))
                return STR_C("everywhere");
        return STR_C("address");
}

static void add_listener(struct survey *s, struct str address) {
        size_t at = str_search(address, STR_C("://"));
        struct str scheme = at < address.n ? str_first(address, at) : STR_C("tcp");
        struct str rest = at < address.n ? str_skip(address, at + 3) : address;
        static const char *const known[] = { "unix", "tcp", "fd", NULL };
        struct listener_fact one = {
                .origin = { .field = "hosts" },
                .address.value = address,
                .scheme.value = str_is_one_of(scheme, known) ? scheme : STR_C("other"),
                .reach.value = str_eqz(scheme, "tcp") ? reach_of(rest) : STR_C("none"),
        };

        FACT_ADD(s->keep, &s->facts->daemon.config.listeners, one);
}

static void tell_listeners(struct survey *s, const struct settings *from) {
        if (from->hosts.n == 0)
                add_listener(s, STR_C("unix:///var/run/docker.sock"));
        for (size_t i = 0; i < from->hosts.n; ++i)
                add_listener(s, from->hosts.items[i]);
        survey_found(&s->facts->daemon.config.listeners.head);
}

static struct str base_size(const struct settings *from) {
        for (size_t i = 0; i < from->storage_options.n; ++i)
                if (str_starts(from->storage_options.items[i], STR_C("dm.basesize=")))
                        return str_skip(from->storage_options.items[i], strlen("dm.basesize="));
        return STR_C("");
}

/* A reload (SIGHUP) takes some settings without a new start: a file that is younger is a hint, no proof. */
static void tell_changed(struct survey *s, const struct settings *from) {
        struct fact_bool *cell = &s->facts->daemon.config.changed;
        struct text path;
        struct stat st;

        text_init_arena(&path, s->scratch);
        text_add(&path, from->config_file);
        if (from->started == 0)
                survey_off(s, &cell->head, "no dockerd runs here");
        else if (path.failed || host_root_stat(s->root, path.p, &st) < 0)
                survey_off(s, &cell->head, "there is no daemon.json");
        else
                survey_found(&cell->head);
        if (cell->head.state == FACT_KNOWN)
                cell->value = st.st_mtim.tv_sec > from->started / 1000000 + 1;
}

static void tell(struct survey *s, const struct settings *from) {
        struct facts *f = s->facts;
        bool verified = from->tls_verify.value, tls = verified || from->tls.value || from->tls_verify.given;

        tell_bool(&f->daemon.config.iptables, from->iptables.given, from->iptables.value, true);
        tell_bool(&f->daemon.config.userland_proxy, from->userland_proxy.given, from->userland_proxy.value, true);
        tell_bool(&f->daemon.config.debug, from->debug.given, from->debug.value, false);
        tell_bool(&f->daemon.config.live_restore, from->live_restore.given, from->live_restore.value, false);
        tell_bool(&f->daemon.config.no_new_privileges, from->no_new_privileges.given, from->no_new_privileges.value,
                  false);
        tell_str(&f->daemon.config.userns_remap, from->userns_remap, STR_C(""));
        tell_set(s, &f->daemon.config.authorization_plugins, &from->plugins);
        tell_changed(s, from);
        survey_off(s, &f->daemon.config.not_in_force.head, "no engine was asked");
        f->daemon.config.tls.value = verified ? STR_C("verified") : tls ? STR_C("on") : STR_C("none");
        survey_found(&f->daemon.config.tls.head);
        tell_str(&f->daemon.config.log_level, from->debug.value ? STR_C("debug") : from->log_level, STR_C("info"));
        tell_str(&f->daemon.config.log_driver, from->log_driver, STR_C("json-file"));
        tell_str(&f->daemon.config.cgroup_parent, from->cgroup_parent, STR_C(""));
        tell_str(&f->daemon.config.base_size, base_size(from), STR_C(""));
        tell_set(s, &f->daemon.config.log_options, &from->log_options);
        tell_set(s, &f->daemon.config.default_ulimits, &from->ulimits);
        tell_listeners(s, from);
}

void survey_config(struct survey *s) {
        struct settings *settings = s->settings;

        settings_read(settings, s);
        if (settings->why.p)
                each_cell(s, settings);
        else if (!settings->there && !survey_exists(s, "/usr/bin/dockerd") && !survey_exists(s, "/usr/sbin/dockerd"))
                each_cell(s, &(struct settings){ .why = STR("no dockerd is installed or set up here") });
        else
                tell(s, settings);
        tell_str(&s->facts->host.data_root, settings->data_root, STR_C("/var/lib/docker"));
        if (settings->why.p)
                survey_unknown(s, &s->facts->host.data_root.head, "%" STR_FMT, STR_ARG(settings->why));
}
