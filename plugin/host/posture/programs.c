/*
 * What else is installed or runs on the host: tools that an intruder finds ready, firewalls, and programs that watch,
 * send logs away, update the host or audit it.
 */
#include "unit.h"
#include <errno.h>

/* A name by which something is known, and where it shows. */
struct trace {
        const char *name; /* as the fact has it */
        const char *unit; /* that systemd starts it by; NULL: none */
        const char *comm; /* of its process: at most 15 bytes; NULL: none */
};

static const struct trace firewalls[] = {
        { "firewalld", "firewalld.service", "firewalld" },    { "nftables", "nftables.service", NULL },
        { "iptables", "netfilter-persistent.service", NULL }, { "iptables", "iptables.service", NULL },
        { "shorewall", "shorewall.service", NULL },           { "csf", "csf.service", NULL },
};

static const struct trace monitors[] = {
        { "auditd", "auditd.service", "auditd" },
        { "falco", "falco.service", "falco" },
        { "falco", "falco-modern-bpf.service", NULL },
        { "falco", "falco-bpf.service", NULL },
        { "falco", "falco-kmod.service", NULL },
        { "sysdig", "dragent.service", "dragent" },
        { "aqua", NULL, "slkd" },
        { "tetragon", "tetragon.service", "tetragon" },
        { "tracee", "tracee.service", "tracee" },
        { "wazuh", "wazuh-agent.service", "wazuh-agentd" },
        { "ossec", "ossec.service", "ossec-agentd" },
        { "osquery", "osqueryd.service", "osqueryd" },
        { "crowdstrike", "falcon-sensor.service", "falcon-sensor" },
        { "defender", "mdatp.service", "wdavdaemon" },
        { "node_exporter", "prometheus-node-exporter.service", "prometheus-node" },
        { "node_exporter", "node_exporter.service", "node_exporter" },
        { "cadvisor", "cadvisor.service", "cadvisor" },
};

/* What sends logs away; what only writes them to a disk of this host is none. */
static const struct trace log_shippers[] = {
        { "fluent-bit", "fluent-bit.service", "fluent-bit" },
        { "fluentd", "fluentd.service", NULL },
        { "fluentd", "td-agent.service", NULL },
        { "filebeat", "filebeat.service", "filebeat" },
        { "elastic-agent", "elastic-agent.service", "elastic-agent" },
        { "vector", "vector.service", "vector" },
        { "promtail", "promtail.service", "promtail" },
        { "alloy", "alloy.service", "alloy" },
        { "otelcol", "otelcol.service", "otelcol" },
        { "otelcol", "otelcol-contrib.service", "otelcol-contrib" },
        { "splunk", "SplunkForwarder.service", "splunkd" },
        { "datadog", "datadog-agent.service", NULL },
        { "cloudwatch", "amazon-cloudwatch-agent.service", "amazon-cloudwat" },
        { "google-ops", "google-cloud-ops-agent.service", NULL },
        { "journal-upload", "systemd-journal-upload.service", NULL },
};

static const struct trace updaters[] = {
        { "unattended-upgrades", "unattended-upgrades.service", NULL },
        { "dnf-automatic", "dnf-automatic.timer", NULL },
        { "dnf-automatic", "dnf-automatic-install.timer", NULL },
        { "dnf-automatic", "dnf5-automatic.timer", NULL },
        { "yum-cron", "yum-cron.service", NULL },
        { "rpm-ostreed", "rpm-ostreed-automatic.timer", NULL },
        { "zincati", "zincati.service", NULL },
        { "update-engine", "update-engine.service", NULL },
        { "transactional-update", "transactional-update.timer", NULL },
};

static const struct trace audits[] = {
        { "docksill", "docksill-audit.timer", NULL },
        { "docker-bench", "docker-bench-security.timer", NULL },
        { "docker-bench", "docker-bench.timer", NULL },
        { "openscap", "openscap.timer", NULL },
};

/* The tables, and the facts that they fill. */
static const struct kind {
        const struct trace *rows;
        size_t n, at; /* offset of the set in struct facts */
} kinds[] = {
        { firewalls, ARRAY_SIZE(firewalls), offsetof(struct facts, host.firewalls) },
        { monitors, ARRAY_SIZE(monitors), offsetof(struct facts, host.monitors) },
        { log_shippers, ARRAY_SIZE(log_shippers), offsetof(struct facts, host.log_shippers) },
        { updaters, ARRAY_SIZE(updaters), offsetof(struct facts, host.updaters) },
        { audits, ARRAY_SIZE(audits), offsetof(struct facts, host.audits) },
};

static struct fact_set *set_of(struct survey *s, const struct kind *k) {
        return (struct fact_set *)((char *)s->facts + k->at);
}

/* Compilers, browsers, desktops: what no Docker host needs. */
static const char *const surplus[] = { "gcc",         "g++",         "cc",       "clang",         "tcc",
                                       "make",        "cmake",       "go",       "rustc",         "javac",
                                       "firefox",     "firefox-esr", "chromium", "google-chrome", "Xorg",
                                       "gnome-shell", "plasmashell", "nmap" };

static void note(struct survey *s, struct fact_set *set, const struct trace *t) {
        fact_set_add(s->keep, set, str_from(t->name));
}

/* -- units that are switched on -- */

static void note_unit(struct survey *s, struct str unit) {
        for (size_t k = 0; k < ARRAY_SIZE(kinds); ++k)
                for (size_t i = 0; i < kinds[k].n; ++i)
                        if (kinds[k].rows[i].unit && str_eqz(unit, kinds[k].rows[i].unit))
                                note(s, set_of(s, &kinds[k]), &kinds[k].rows[i]);
}

/* "FOLDER/multi-user.target.wants/NAME": what a boot starts. Returns 0 or what listing returned. */
static int read_wanted(struct survey *s) {
        static const char folder[] = "/etc/systemd/system";
        struct file_names targets = { 0 };
        int r = survey_list(s, folder, &targets);

        for (size_t i = 0; r == 0 && i < targets.n; ++i) {
                struct file_names units = { 0 };
                struct text path;

                if (!str_ends(targets.items[i], STR_C(".wants")))
                        continue;
                text_init_arena(&path, s->scratch);
                text_addf(&path, "%s/%" STR_FMT, folder, STR_ARG(targets.items[i]));
                if (path.failed || survey_list(s, path.p, &units) != 0)
                        continue;
                for (size_t k = 0; k < units.n; ++k)
                        note_unit(s, units.items[k]);
        }
        return r == -ENOENT ? 0 : r;
}

/* -- processes -- */

static void note_process(struct survey *s, struct str comm) {
        for (size_t k = 0; k < ARRAY_SIZE(kinds); ++k)
                for (size_t i = 0; i < kinds[k].n; ++i)
                        if (kinds[k].rows[i].comm && str_eqz(comm, kinds[k].rows[i].comm))
                                note(s, set_of(s, &kinds[k]), &kinds[k].rows[i]);
}

/* Those in containers count too: monitors are often run in one. Returns 0 or what listing returned. */
static int read_processes(struct survey *s) {
        struct file_names pids = { 0 };
        int r = survey_list(s, "/proc", &pids);

        for (size_t i = 0; r == 0 && i < pids.n; ++i) {
                struct text path;
                struct str comm;

                if (!ascii_digit(pids.items[i].p[0]))
                        continue;
                text_init_arena(&path, s->scratch);
                text_addf(&path, "/proc/%" STR_FMT "/comm", STR_ARG(pids.items[i]));
                if (path.failed || survey_read(s, path.p, &comm) != 0)
                        continue;
                note_process(s, str_trim(comm));
        }
        return r;
}

/* -- files -- */

/* ufw keeps its own switch. */
static int read_ufw(struct survey *s) {
        struct str text;
        int r = survey_read(s, "/etc/ufw/ufw.conf", &text);

        while (r == 0 && text.p)
                if (str_eq_fold(str_trim(str_cut(&text, '\n')), STR_C("ENABLED=yes")))
                        fact_set_add(s->keep, &s->facts->host.firewalls, STR_C("ufw"));
        return r == -ENOENT ? 0 : r;
}

static void read_surplus(struct survey *s) {
        static const char *const folders[] = { "/usr/bin", "/usr/local/bin", "/usr/sbin", "/bin", "/usr/lib/xorg" };
        struct fact_set *set = &s->facts->host.programs;
        struct text path;
        bool any = false;

        for (size_t i = 0; i < ARRAY_SIZE(folders); ++i) {
                any = any || survey_exists(s, folders[i]);
                for (size_t k = 0; k < ARRAY_SIZE(surplus); ++k) {
                        text_init_arena(&path, s->scratch);
                        text_addf(&path, "%s/%s", folders[i], surplus[k]);
                        if (!path.failed && survey_exists(s, path.p))
                                fact_set_add(s->keep, set, str_from(surplus[k]));
                }
        }
        if (any)
                survey_found(&set->head);
        else
                survey_unknown(s, &set->head, "none of the usual folders of programs is there");
}

/* -- jobs of cron -- */

static void read_job(struct survey *s, struct str text) {
        static const struct {
                const char *words, *name;
        } rows[] = { { "docksill audit", "docksill" },
                     { "/keep-audit", "docksill" },
                     { "docker-bench", "docker-bench" } };

        while (text.p) {
                struct str line = str_trim(str_cut(&text, '\n'));

                if (str_starts(line, STR_C("#")))
                        continue;
                for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                        if (str_search(line, str_from(rows[i].words)) < line.n)
                                fact_set_add(s->keep, &s->facts->host.audits, str_from(rows[i].name));
        }
}

static void read_cron(struct survey *s) {
        static const char *const folders[] = { "/etc/cron.d", "/etc/cron.daily", "/etc/cron.weekly",
                                               "/etc/cron.monthly" };
        struct str text;

        if (survey_read(s, "/etc/crontab", &text) == 0)
                read_job(s, text);
        for (size_t i = 0; i < ARRAY_SIZE(folders); ++i) {
                struct file_names names = { 0 };

                if (survey_list(s, folders[i], &names) != 0)
                        continue;
                for (size_t k = 0; k < names.n; ++k)
                        if (survey_read_in(s, folders[i], names.items[k], &text) == 0)
                                read_job(s, text);
        }
}

void survey_programs(struct survey *s) {
        int r = read_wanted(s), ufw = read_ufw(s);

        read_cron(s);
        if (r == 0)
                r = ufw;
        if (r == 0 && s->root->live)
                r = read_processes(s);
        for (size_t i = 0; i < ARRAY_SIZE(kinds); ++i)
                if (r == 0)
                        survey_found(&set_of(s, &kinds[i])->head);
                else
                        survey_unknown(s, &set_of(s, &kinds[i])->head, "units and processes could not be looked at: %s",
                                       survey_error(r));
        read_surplus(s);
}
