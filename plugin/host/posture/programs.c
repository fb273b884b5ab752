/*
 * What else is installed or runs on the host: tools that an intruder finds ready, firewalls, and programs that watch.
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

/* Compilers, browsers, desktops: what no Docker host needs. */
static const char *const surplus[] = { "gcc",         "g++",         "cc",       "clang",         "tcc",
                                       "make",        "cmake",       "go",       "rustc",         "javac",
                                       "firefox",     "firefox-esr", "chromium", "google-chrome", "Xorg",
                                       "gnome-shell", "plasmashell", "nmap" };

static void note(struct survey *s, struct fact_set *set, const struct trace *t) {
        fact_set_add(s->keep, set, str_from(t->name));
}

/* -- units that are switched on -- */

static void note_units(struct survey *s, struct fact_set *set, const struct trace *rows, size_t n, struct str unit) {
        for (size_t i = 0; i < n; ++i)
                if (rows[i].unit && str_eqz(unit, rows[i].unit))
                        note(s, set, &rows[i]);
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
                for (size_t k = 0; k < units.n; ++k) {
                        note_units(s, &s->facts->host.firewalls, firewalls, ARRAY_SIZE(firewalls), units.items[k]);
                        note_units(s, &s->facts->host.monitors, monitors, ARRAY_SIZE(monitors), units.items[k]);
                }
        }
        return r == -ENOENT ? 0 : r;
}

/* -- processes -- */

static void note_process(struct survey *s, struct fact_set *set, const struct trace *rows, size_t n, struct str comm) {
        for (size_t i = 0; i < n; ++i)
                if (rows[i].comm && str_eqz(comm, rows[i].comm))
                        note(s, set, &rows[i]);
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
                note_process(s, &s->facts->host.firewalls, firewalls, ARRAY_SIZE(firewalls), str_trim(comm));
                note_process(s, &s->facts->host.monitors, monitors, ARRAY_SIZE(monitors), str_trim(comm));
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

void survey_programs(struct survey *s) {
        struct fact_head *cells[] = { &s->facts->host.firewalls.head, &s->facts->host.monitors.head };
        int r = read_wanted(s), ufw = read_ufw(s);

        if (r == 0)
                r = ufw;
        if (r == 0 && s->root->live)
                r = read_processes(s);
        for (size_t i = 0; i < ARRAY_SIZE(cells); ++i)
                if (r == 0)
                        survey_found(cells[i]);
                else
                        survey_unknown(s, cells[i], "units and processes could not be looked at: %s", survey_error(r));
        read_surplus(s);
}
