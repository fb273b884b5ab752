#include "docksill/host/posture.h"

#include "host-folder.h"
#include <errno.h>

/* A host of our own, and what was found there. */
struct bench {
        struct host_folder folder;
        struct arena arena;
        struct posture posture;
        struct request request;
};

static void bench_init(struct bench *b) {
        *b = (struct bench){ 0 };
        host_folder_init(&b->folder);
        arena_init(&b->arena, 8 << 20);
}

static void bench_deinit(struct bench *b) {
        arena_deinit(&b->arena);
        host_folder_deinit(&b->folder);
}

/* @live: as if that folder were this machine's own root. */
static const struct facts *look_as(struct bench *b, bool live) {
        struct host_root root;

        arena_reset(&b->arena);
        b->posture = (struct posture){ 0 };
        host_request_init(&b->request);
        assert_int_equal(host_root_open(&root, b->folder.path), 0);
        root.live = live;
        assert_int_equal(posture_read(&b->posture, &b->request, &b->arena, &root), 0);
        host_root_close(&root);
        return &b->request.facts;
}

static const struct facts *look(struct bench *b) {
        return look_as(b, false);
}

static bool has(const struct fact_set *set, const char *item) {
        return str_is_among(str_from(item), set->items, set->n);
}

/* What is said of a fact without a value. */
static bool says(const struct bench *b, const char *fact, const char *words) {
        const struct host_gap *gap = host_gap(&b->posture.gaps, fact_find(str_from(fact)));

        return gap && str_search(gap->why, str_from(words)) < gap->why.n;
}

#define SURVEY_LARGE ((1 << 20) + 1) /* more than is read of one file */
#define SERVICE      "/lib/systemd/system/docker.service"

static void put(struct bench *b, const char *name, const char *text) {
        host_folder_put(&b->folder, name, str_from(text));
}

/* Units */

static void the_command_line_is_that_of_systemd(void **state) {
        static const struct {
                const char *service, *environment, *drop_in, *level;
        } rows[] = {
                { "ExecStart=/usr/bin/dockerd -l warn\n", NULL, NULL, "warn" },
                { "ExecStart=/usr/bin/dockerd \\\n  --log-level \\\n  warn\n", NULL, NULL, "warn" },
                { "ExecStart=-/usr/bin/dockerd \"--log-level=warn\"\n", NULL, NULL, "warn" },
                { "EnvironmentFile=-/etc/default/docker\nExecStart=/usr/bin/dockerd $OPTS\n", "OPTS='-D -l warn'\n",
                  NULL, "debug" },
                { "EnvironmentFile=-/etc/default/docker\nExecStart=/usr/bin/dockerd -l ${LEVEL}\n", "#x\nLEVEL=warn\n",
                  NULL, "warn" },
                { "Environment=\"OPTS=-l warn\" X=1\nExecStart=/usr/bin/dockerd $OPTS\n", NULL, NULL, "warn" },
                { "ExecStart=/usr/bin/dockerd $NOTHING -l warn\n", NULL, NULL, "warn" },
                { "ExecStart=/usr/bin/dockerd\n", NULL, "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -l warn\n",
                  "warn" },
                { "ExecStart=/usr/bin/dockerd -l warn\n", NULL, "[Unit]\nExecStart=/usr/bin/dockerd -l error\n",
                  "warn" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct bench b;
                char text[256];

                bench_init(&b);
                snprintf(text, sizeof(text), "[Unit]\nExecStart=x -l error\n[Service]\n%s", rows[i].service);
                put(&b, SERVICE, text);
                if (rows[i].environment)
                        put(&b, "/etc/default/docker", rows[i].environment);
                if (rows[i].drop_in)
                        put(&b, "/etc/systemd/system/docker.service.d/a.conf", rows[i].drop_in);
                if (!str_eqz(look(&b)->daemon.config.log_level.value, rows[i].level))
                        fail_msg("row %zu: %s", i, b.request.facts.daemon.config.log_level.value.p);
                bench_deinit(&b);
        }
}

static void a_unit_above_hides_the_one_below(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        put(&b, SERVICE, "[Service]\nExecStart=/usr/bin/dockerd -l warn\n");
        put(&b, "/etc/systemd/system/docker.service", "[Service]\nExecStart=/usr/bin/dockerd -l error\n");
        assert_true(str_eqz(look(&b)->daemon.config.log_level.value, "error"));
        bench_deinit(&b);
        bench_init(&b);
        put(&b, SERVICE, "[Service]\nExecStart=/usr/bin/dockerd -l warn\n");
        host_folder_link(&b.folder, "/etc/systemd/system/docker.service", "/dev/null");
        host_folder_fifo(&b.folder, "/dev/null");
        assert_int_equal(look(&b)->daemon.config.log_level.head.state, FACT_OFF);
        bench_deinit(&b);
}

/* daemon.json */

static void daemon_json_and_flags_are_one(void **state) {
        const struct facts *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        put(&b, SERVICE,
            "[Service]\nExecStart=/usr/bin/dockerd -H fd:// -DHtcp://[::]:2376 --iptables=false --tlsverify\n");
        put(&b, "/etc/docker/daemon.json",
            "{\"userland-proxy\": false, \"log-opts\": {\"max-size\": \"1m\"}, \"unknown\": 1,"
            " \"default-ulimits\": {\"nofile\": {\"Name\": \"nofile\", \"Hard\": 1}}, \"data-root\": \"/srv\","
            " \"storage-opts\": [\"dm.basesize=20G\"], \"cgroup-parent\": \"/all\"}");
        f = look(&b);
        assert_false(f->daemon.config.iptables.value);
        assert_false(f->daemon.config.userland_proxy.value);
        assert_true(has(&f->daemon.config.log_options, "max-size"));
        assert_true(has(&f->daemon.config.default_ulimits, "nofile"));
        assert_true(str_eqz(f->daemon.config.base_size.value, "20G"));
        assert_true(str_eqz(f->daemon.config.cgroup_parent.value, "/all"));
        assert_true(str_eqz(f->daemon.config.tls.value, "verified"));
        assert_true(str_eqz(f->host.data_root.value, "/srv"));
        assert_int_equal(f->daemon.config.listeners.n, 2);
        assert_true(
                str_eqz(((const struct listener_fact *)f->daemon.config.listeners.items)[1].reach.value, "everywhere"));
        bench_deinit(&b);
}

static void new_privileges_are_as_dockerd_is_told(void **state) {
        static const struct {
                const char *flags, *file, *told;
        } rows[] = {
                { "", "{}", "allowed" },
                { "", "{\"no-new-privileges\": true}", "denied" },
                { " --no-new-privileges", "{}", "denied" },
                { " --no-new-privileges=false", "{}", "allowed" },
                { "", "{\"no-new-privileges\": tr", "" },
        };
        struct bench b;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char text[128];

                bench_init(&b);
                snprintf(text, sizeof(text), "[Service]\nExecStart=/usr/bin/dockerd%s\n", rows[i].flags);
                put(&b, SERVICE, text);
                put(&b, "/etc/docker/daemon.json", rows[i].file);
                look(&b);
                if (!str_eqz(b.posture.new_privileges, rows[i].told))
                        fail_msg("row %zu", i);
                bench_deinit(&b);
        }
        bench_init(&b);
        look(&b);
        assert_true(str_empty(b.posture.new_privileges));
        bench_deinit(&b);
}

static void listeners_reach_as_far_as_go_says(void **state) {
        static const struct {
                const char *host, *scheme, *reach;
        } rows[] = {
                { "tcp://0.0.0.0:2375", "tcp", "everywhere" },
                { "tcp://:2375", "tcp", "everywhere" },
                { "tcp://[::]:2375", "tcp", "everywhere" },
                { "tcp://127.1.2.3:2375", "tcp", "loopback" },
                { "tcp://localhost:2375", "tcp", "loopback" },
                { "tcp://[::1]:2375", "tcp", "loopback" },
                { "tcp://", "tcp", "loopback" },
                { "tcp://10.0.0.5:2375", "tcp", "address" },
                { "unix:///run/x.sock", "unix", "none" },
                { "fd://", "fd", "none" },
                { "vsock://1", "other", "none" },
                { "0.0.0.0:2375", "tcp", "everywhere" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct listener_fact *one;
                struct bench b;
                char text[128];

                bench_init(&b);
                snprintf(text, sizeof(text), "{\"hosts\": [\"%s\"]}", rows[i].host);
                put(&b, "/etc/docker/daemon.json", text);
                one = look(&b)->daemon.config.listeners.items;
                if (!str_eqz(one->scheme.value, rows[i].scheme) || !str_eqz(one->reach.value, rows[i].reach))
                        fail_msg("%s: %s %s", rows[i].host, one->scheme.value.p, one->reach.value.p);
                bench_deinit(&b);
        }
}

static void what_dockerd_would_not_read_is_unknown(void **state) {
        static const char *const rows[] = { "{\"iptables\": fal",
                                            "[]",
                                            "{\"iptables\": \"no\"}",
                                            "{\"iptables\": false, \"iptables\": true}",
                                            "\x7f"
                                            "ELF\x01\x02",
                                            "{\"iptables\": false} x" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct bench b;

                bench_init(&b);
                put(&b, "/etc/docker/daemon.json", rows[i]);
                if (look(&b)->daemon.config.iptables.head.state != FACT_UNKNOWN ||
                    !says(&b, "daemon.config.iptables", "/etc/docker/daemon.json"))
                        fail_msg("row %zu", i);
                bench_deinit(&b);
        }
}

static void defaults_are_values_and_no_docker_is_none(void **state) {
        const struct facts *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_int_equal(look(&b)->daemon.config.iptables.head.state, FACT_OFF);
        assert_true(says(&b, "daemon.config.iptables", "no dockerd"));
        put(&b, "/usr/bin/dockerd", "");
        f = look(&b);
        assert_true(f->daemon.config.iptables.value && f->daemon.config.userland_proxy.value);
        assert_true(str_eqz(f->daemon.config.log_level.value, "info"));
        assert_true(str_eqz(f->daemon.config.tls.value, "none"));
        bench_deinit(&b);
}

/* Files, groups */

static void modes_are_told_in_words(void **state) {
        const struct host_file_fact *files;
        const struct facts *f;
        char path[256];
        struct bench b;

        (void)state;
        bench_init(&b);
        put(&b, "/etc/docker/daemon.json", "{}");
        host_folder_path(&b.folder, "/etc/docker/daemon.json", path, sizeof(path));
        assert_int_equal(chmod(path, 04762), 0);
        f = look(&b);
        files = f->host.files.items;
        assert_int_equal(f->host.files.n, 2);
        assert_true(str_eqz(files[1].path.value, "/etc/docker/daemon.json") && str_eqz(files[1].mode.value, "4762"));
        assert_true(has(&files[1].permissions, "set-user-id") && has(&files[1].permissions, "group-write") &&
                    has(&files[1].permissions, "others-write"));
        assert_false(has(&files[1].permissions, "others-read") || has(&files[1].permissions, "group-execute"));
        bench_deinit(&b);
}

static void members_of_a_group_stand_in_two_files(void **state) {
        const struct facts *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_int_equal(look(&b)->host.docker_group.head.state, FACT_OFF);
        put(&b, "/etc/group", "root:x:0:\ndockerx:x:1:eve\ndocker:x:998:alice,,bob\n");
        put(&b, "/etc/passwd", "root:x:0:0::/:\ncarol:x:5:998::/:\n:x:6:998::/:\ndave:x:7:99::/:\nshort\n");
        f = look(&b);
        assert_int_equal(f->host.docker_group.n, 3);
        assert_true(has(&f->host.docker_group, "alice") && has(&f->host.docker_group, "bob") &&
                    has(&f->host.docker_group, "carol"));
        put(&b, "/etc/group", "\n\n:::\ndocker");
        assert_int_equal(look(&b)->host.docker_group.n, 0);
        bench_deinit(&b);
}

/* System */

static void the_last_file_of_sysctl_wins(void **state) {
        const struct facts *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        put(&b, "/usr/lib/sysctl.d/50-x.conf", "kernel.randomize_va_space=0\nfs.suid_dumpable=1\n");
        put(&b, "/etc/sysctl.d/50-x.conf", "; mine\nkernel/randomize_va_space = 1\n");
        put(&b, "/etc/sysctl.d/60-y.conf", "-kernel.randomize_va_space=2\nnet.ipv4.ip_forward\n= 3\n");
        f = look(&b);
        assert_int_equal(f->host.aslr.value, 2);
        assert_int_equal(f->host.suid_dumpable.head.state, FACT_UNKNOWN);
        assert_int_equal(f->host.ip_forward.head.state, FACT_UNKNOWN);
        put(&b, "/proc/sys/fs/suid_dumpable", "0\n");
        put(&b, "/proc/sys/net/ipv4/ip_forward", "many\n");
        f = look(&b);
        assert_int_equal(f->host.suid_dumpable.head.state, FACT_KNOWN);
        assert_int_equal(f->host.aslr.head.state, FACT_OFF);
        assert_int_equal(f->host.ip_forward.head.state, FACT_UNKNOWN);
        bench_deinit(&b);
}

static void audit_rules_watch_what_lies_below(void **state) {
        const struct facts *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_int_equal(look(&b)->host.unwatched.head.state, FACT_OFF);
        put(&b, "/usr/bin/dockerd", "");
        put(&b, "/usr/bin/runc", "");
        put(&b, "/etc/docker/daemon.json", "{}");
        put(&b, "/etc/default/docker", "");
        put(&b, "/etc/audit/audit.rules",
            "-D\n# -w /usr/bin/runc\n-w /etc/docker/ -p wa\n-a always,exit -F path=/usr/bin/dockerd -F perm=x\n");
        put(&b, "/etc/audit/rules.d/x.rules", "-a exit -F dir=/var/lib/docker\n-w\n-F\n");
        put(&b, "/etc/audit/rules.d/y.rules~", "-w /usr/bin/runc\n");
        put(&b, "/etc/audit/rules.d/w.rules", "-a never,exit -F path=/usr/bin/runc\n");
        f = look(&b);
        assert_true(f->host.audit_rules.value);
        assert_int_equal(f->host.unwatched.n, 2);
        assert_true(has(&f->host.unwatched, "/usr/bin/runc") && has(&f->host.unwatched, "/etc/default/docker"));
        host_folder_fifo(&b.folder, "/etc/audit/rules.d/z.rules");
        assert_int_equal(look(&b)->host.unwatched.head.state, FACT_UNKNOWN);
        bench_deinit(&b);
}

static void fstab_tells_of_partitions(void **state) {
        const struct facts *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        put(&b, "/var/lib/docker/x", "");
        assert_int_equal(look(&b)->host.own_partition.head.state, FACT_UNKNOWN);
        put(&b, "/etc/fstab", "# x\nUUID=1\t/\text4\n/dev/sdb /var/lib/dock ext4\n\nproc\n");
        f = look(&b);
        assert_int_equal(f->host.own_partition.head.state, FACT_KNOWN);
        assert_false(f->host.own_partition.value);
        put(&b, "/etc/fstab", "UUID=1 / ext4\n/dev/mapper/c /var/lib/docker ext4 defaults\n");
        put(&b, "/etc/crypttab", "#c\nc /dev/sdb none luks\n");
        f = look(&b);
        assert_true(f->host.own_partition.value && f->host.encrypted_data.value);
        bench_deinit(&b);
}

/* dm-crypt, and what lies on it or does not. */
static void the_kernel_tells_of_encryption(void **state) {
        static const struct {
                const char *mount, *files[3];
                enum fact_state told;
                bool own, encrypted;
        } rows[] = {
                { "36 1 8:1 / / rw - ext4 /dev/a rw", { "8:1/size" }, FACT_KNOWN, false, false },
                { "36 1 253:0 / / rw - ext4 /dev/a rw", { "253:0/dm/uuid" }, FACT_KNOWN, false, true },
                { "36 1 253:0 / /var/lib/docker rw - ext4 /dev/a rw", { "253:0/dm/uuid" }, FACT_KNOWN, true, true },
                { "36 1 9:0 / / rw - ext4 /dev/md0 rw",
                  { "9:0/slaves/a/dm/uuid", "9:0/slaves/b/dm/uuid" },
                  FACT_KNOWN,
                  false,
                  true },
                { "36 1 9:0 / / rw - ext4 /dev/md0 rw",
                  { "9:0/slaves/a/dm/uuid", "9:0/slaves/b/size" },
                  FACT_KNOWN,
                  false,
                  false },
                { "36 1 0:30 / / rw - overlay overlay rw", { "8:1/size" }, FACT_UNKNOWN, false, false },
                { "36 1 8:1 / / rw - ext4 /dev/a rw", { NULL }, FACT_UNKNOWN, false, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct facts *f;
                char path[128];
                struct bench b;

                bench_init(&b);
                put(&b, "/var/lib/docker/x", "");
                put(&b, "/usr/bin/dockerd", "");
                put(&b, "/proc/self/mountinfo", rows[i].mount);
                for (size_t k = 0; k < ARRAY_SIZE(rows[i].files) && rows[i].files[k]; ++k) {
                        snprintf(path, sizeof(path), "/sys/dev/block/%s", rows[i].files[k]);
                        put(&b, path, "CRYPT-LUKS2-1");
                }
                f = look_as(&b, true);
                if (f->host.encrypted_data.head.state != rows[i].told || f->host.own_partition.value != rows[i].own ||
                    (rows[i].told == FACT_KNOWN && f->host.encrypted_data.value != rows[i].encrypted))
                        fail_msg("row %zu: state %d", i, (int)f->host.encrypted_data.head.state);
                bench_deinit(&b);
        }
}

static void what_a_boot_starts_is_seen(void **state) {
        const struct facts *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        f = look(&b);
        assert_int_equal(f->host.firewalls.n + f->host.monitors.n, 0);
        assert_int_equal(f->host.programs.head.state, FACT_UNKNOWN);
        put(&b, "/etc/systemd/system/multi-user.target.wants/nftables.service", "");
        put(&b, "/etc/systemd/system/multi-user.target.wants/falco-modern-bpf.service", "");
        put(&b, "/etc/systemd/system/firewalld.service", "");
        put(&b, "/etc/ufw/ufw.conf", "# ENABLED=yes\nENABLED=no\n");
        put(&b, "/usr/bin/gcc", "");
        put(&b, "/etc/os-release", "NAME=x\nID=\"fedora\"\nVARIANT_ID=coreos\n");
        put(&b, "/sys/kernel/security/lsm", "capability,,apparmor");
        f = look(&b);
        assert_int_equal(f->host.firewalls.n, 1);
        assert_true(has(&f->host.firewalls, "nftables") && has(&f->host.monitors, "falco"));
        assert_true(has(&f->host.programs, "gcc") && has(&f->host.lsm, "apparmor"));
        assert_int_equal(f->host.lsm.n, 2);
        assert_true(str_eqz(f->host.os.value, "fedora-coreos"));
        bench_deinit(&b);
}

/* What looks after the host */

static void what_updates_ships_logs_and_audits_is_seen(void **state) {
        const struct facts *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        put(&b, "/etc/cron.daily/x", "#!/bin/sh\n# docksill audit\n");
        f = look(&b);
        assert_int_equal(f->host.audits.n + f->host.log_shippers.n + f->host.updaters.n, 0);
        assert_int_equal(f->host.audits.head.state, FACT_KNOWN);
        put(&b, "/etc/systemd/system/timers.target.wants/dnf-automatic.timer", "");
        put(&b, "/etc/systemd/system/multi-user.target.wants/vector.service", "");
        put(&b, "/etc/cron.d/bench", "1 2 * * * root /opt/docker-bench-security.sh\n");
        put(&b, "/etc/cron.daily/x", "#!/bin/sh\nexec docksill audit\n");
        f = look(&b);
        assert_true(has(&f->host.updaters, "dnf-automatic") && has(&f->host.log_shippers, "vector"));
        assert_true(has(&f->host.audits, "docker-bench") && has(&f->host.audits, "docksill"));
        put(&b, "/etc/cron.daily/x", "#!/bin/sh\n/usr/share/docksill/systemd/keep-audit /srv/audits\n");
        assert_true(has(&look(&b)->host.audits, "docksill"));
        put(&b, "/etc/cron.daily/x", "");
        put(&b, "/etc/systemd/system/timers.target.wants/docksill-audit.timer", "");
        assert_true(has(&look(&b)->host.audits, "docksill"));
        bench_deinit(&b);
}

static void the_first_word_of_sshd_counts(void **state) {
        static const struct {
                const char *main, *drop_in, *root;
                bool passwords;
        } rows[] = {
                { "#PermitRootLogin yes\n", NULL, "prohibit-password", true },
                { "permitrootlogin=YES\nPermitRootLogin no\n", NULL, "yes", true },
                { "PermitRootLogin \"no\"\nPasswordAuthentication no\n", NULL, "no", false },
                { "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n", "PermitRootLogin no\n", "no", true },
                { "PermitRootLogin yes\nInclude sshd_config.d/*.conf\n", "PermitRootLogin no\n", "yes", true },
                { "PermitRootLogin without-password\n", "PermitRootLogin yes\n", "prohibit-password", true },
                { "Match User a\nPermitRootLogin yes\nPasswordAuthentication no\n", NULL, "prohibit-password", true },
                { "Match User a\nMatch all\nPermitRootLogin yes\n", NULL, "yes", true },
                { "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n", "Match User a\nPermitRootLogin no\n",
                  "yes", true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct facts *f;
                struct bench b;

                bench_init(&b);
                put(&b, "/etc/ssh/sshd_config", rows[i].main);
                if (rows[i].drop_in)
                        put(&b, "/etc/ssh/sshd_config.d/a.conf", rows[i].drop_in);
                f = look(&b);
                if (!str_eqz(f->host.ssh_root.value, rows[i].root) || f->host.ssh_passwords.value != rows[i].passwords)
                        fail_msg("row %zu: %s %d", i, f->host.ssh_root.value.p, f->host.ssh_passwords.value);
                bench_deinit(&b);
        }
}

/* A drop-in that can't be read, or an Include that is not followed, may say it first. */
static void what_sshd_reads_beside_is_unknown(void **state) {
        static char many[10000];
        struct bench b;

        (void)state;
        bench_init(&b);
        put(&b, "/etc/ssh/sshd_config",
            "PermitRootLogin no # never\nInclude sshd_config.d/*.conf\n"
            "PasswordAuthentication no\n");
        host_folder_fifo(&b.folder, "/etc/ssh/sshd_config.d/50-cloud-init.conf");
        assert_true(str_eqz(look(&b)->host.ssh_root.value, "no"));
        assert_int_equal(b.request.facts.host.ssh_root.head.state, FACT_KNOWN);
        assert_int_equal(b.request.facts.host.ssh_passwords.head.state, FACT_UNKNOWN);
        assert_true(says(&b, "host.ssh_passwords", "50-cloud-init.conf: no regular file"));
        put(&b, "/etc/ssh/sshd_config", "Include /etc/ssh/mor? /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n");
        assert_int_equal(look(&b)->host.ssh_root.head.state, FACT_UNKNOWN);
        assert_true(says(&b, "host.ssh_root", "/etc/ssh/mor?: "));
        put(&b, "/etc/ssh/sshd_config", "Include /etc/ssh/loop\nPermitRootLogin no\n");
        put(&b, "/etc/ssh/loop", "Include /etc/ssh/loop\n");
        assert_int_equal(look(&b)->host.ssh_root.head.state, FACT_UNKNOWN);
        for (size_t i = 0; i + 22 < sizeof(many); i += 22)
                memcpy(&many[i], "Include /etc/ssh/loop\n", 22);
        host_folder_put(&b.folder, "/etc/ssh/loop", (struct str){ many, sizeof(many) - 1 });
        assert_int_equal(look(&b)->host.ssh_root.head.state, FACT_UNKNOWN);
        put(&b, "/etc/ssh/loop", "Include /etc/nowhere\nPermitRootLogin yes\n");
        assert_true(str_eqz(look(&b)->host.ssh_root.value, "yes"));
        assert_int_equal(b.request.facts.host.ssh_root.head.state, FACT_KNOWN);
        put(&b, "/etc/ssh/sshd_config", "PasswordAuthentication no # keys alone\n");
        assert_false(look(&b)->host.ssh_passwords.value);
        bench_deinit(&b);
}

/* What is there and can't be read may say the contrary of what can. */
static void layers_that_are_half_read_are_unknown(void **state) {
        static char large[SURVEY_LARGE];
        struct bench b;

        (void)state;
        bench_init(&b);
        memset(large, '#', sizeof(large));
        put(&b, "/usr/lib/sysctl.d/50-default.conf", "fs.suid_dumpable = 0\n");
        assert_int_equal(look(&b)->host.suid_dumpable.head.state, FACT_KNOWN);
        host_folder_put(&b.folder, "/etc/sysctl.d/99-x.conf", (struct str){ large, sizeof(large) });
        assert_int_equal(look(&b)->host.suid_dumpable.head.state, FACT_UNKNOWN);
        put(&b, SERVICE, "[Service]\nEnvironmentFile=-/etc/default/docker\nExecStart=/usr/bin/dockerd $OPTS\n");
        assert_int_equal(look(&b)->daemon.config.log_level.head.state, FACT_KNOWN);
        for (size_t i = 0; i + 4 < 40000; i += 4)
                memcpy(&large[i], "A=1\n", 4);
        host_folder_put(&b.folder, "/etc/default/docker", (struct str){ large, 40000 });
        assert_int_equal(look(&b)->daemon.config.log_level.head.state, FACT_UNKNOWN);
        host_folder_put(&b.folder, "/etc/default/docker", (struct str){ large, sizeof(large) });
        assert_int_equal(look(&b)->daemon.config.log_level.head.state, FACT_UNKNOWN);
        bench_deinit(&b);
}

static void no_ssh_server_is_no_finding(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_int_equal(look(&b)->host.ssh_root.head.state, FACT_OFF);
        host_folder_fifo(&b.folder, "/etc/ssh/sshd_config");
        assert_int_equal(look(&b)->host.ssh_root.head.state, FACT_UNKNOWN);
        assert_true(says(&b, "host.ssh_passwords", "no regular file"));
        bench_deinit(&b);
}

/* What is in force */

#define SOCKET "/run/docker.sock"

/* An engine that was started long ago, as /proc would show it. */
static void put_process(struct bench *b, const char *start) {
        char stat[200];

        snprintf(stat, sizeof(stat), "7 (a) b) S 1 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 9 0 %s 1 1\n", start);
        put(b, "/proc/7/comm", "dockerd\n");
        put(b, "/proc/7/status", "Name:\tdockerd\nUid:\t0\t0\t0\t0\nNSpid:\t7\n");
        host_folder_put(&b->folder, "/proc/7/cmdline", STR_C("/usr/bin/dockerd\0-H\0fd://\0"));
        put(b, "/proc/7/stat", stat);
        put(b, "/proc/stat", "cpu 1 2\nbtime 1700000000\n");
}

static void a_younger_file_is_seen(void **state) {
        const struct facts *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        put_process(&b, "100");
        assert_int_equal(look_as(&b, true)->daemon.config.changed.head.state, FACT_OFF);
        put(&b, "/etc/docker/daemon.json", "{}");
        f = look_as(&b, true);
        assert_int_equal(f->daemon.config.changed.head.state, FACT_KNOWN);
        assert_true(f->daemon.config.changed.value);
        put_process(&b, "900000000000");
        assert_false(look_as(&b, true)->daemon.config.changed.value);
        put(&b, "/proc/7/stat", "7 (dockerd) S 1\n");
        assert_int_equal(look_as(&b, true)->daemon.config.changed.head.state, FACT_OFF);
        bench_deinit(&b);
}

/* What GET /info would have said. */
static void say(struct request *engine) {
        host_request_init(engine);
        engine->facts.daemon.logging_driver.value = STR_C("json-file");
        engine->facts.daemon.new_privileges.value = STR_C("allowed");
        engine->facts.daemon.new_privileges.head.state = FACT_KNOWN;
}

static void what_the_engine_does_not_go_by_is_named(void **state) {
        static const struct {
                const char *json, *name;
        } rows[] = {
                { "{}", NULL },
                { "{\"live-restore\": true}", "live-restore" },
                { "{\"debug\": true}", "debug" },
                { "{\"log-driver\": \"local\"}", "log-driver" },
                { "{\"no-new-privileges\": true}", "no-new-privileges" },
                { "{\"userns-remap\": \"default\"}", "userns-remap" },
                { "{\"authorization-plugins\": [\"docksill\"]}", "authorization-plugins" },
                { "{\"icc\": false}", NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct fact_set *set;
                struct request engine;
                struct bench b;

                bench_init(&b);
                put(&b, "/etc/docker/daemon.json", rows[i].json);
                (void)look(&b);
                say(&engine);
                assert_int_equal(posture_in_force(&b.posture, &b.request, &engine, SOCKET, &b.arena), 0);
                set = &b.request.facts.daemon.config.not_in_force;
                assert_int_equal(set->head.state, FACT_KNOWN);
                assert_int_equal(set->n, rows[i].name != NULL);
                assert_true(!rows[i].name || has(set, rows[i].name));
                bench_deinit(&b);
        }
}

static void another_engine_is_not_compared(void **state) {
        const struct fact_head *cell;
        struct request engine;
        struct bench b;

        (void)state;
        bench_init(&b);
        cell = &b.request.facts.daemon.config.not_in_force.head;
        put(&b, "/etc/docker/daemon.json", "{\"hosts\": [\"unix:///srv/x.sock\"], \"debug\": true}");
        (void)look(&b);
        say(&engine);
        assert_int_equal(posture_in_force(&b.posture, &b.request, &engine, SOCKET, &b.arena), 0);
        assert_int_equal(cell->state, FACT_OFF);
        assert_int_equal(posture_in_force(&b.posture, &b.request, NULL, "/srv/x.sock", &b.arena), 0);
        assert_int_equal(cell->state, FACT_UNKNOWN);
        assert_int_equal(posture_in_force(&b.posture, &b.request, &engine, "/srv/x.sock", &b.arena), 0);
        assert_int_equal(cell->state, FACT_KNOWN);
        bench_deinit(&b);
}

/* Whatever stands in the files, it ends, within its memory. */
static void hostile_files_end(void **state) {
        static const char *const names[] = {
                "/etc/passwd",
                "/etc/group",
                "/etc/docker/daemon.json",
                SERVICE,
                "/etc/default/docker",
                "/etc/os-release",
                "/etc/sysctl.conf",
                "/etc/audit/audit.rules",
                "/etc/fstab",
                "/etc/crypttab",
                "/etc/ufw/ufw.conf",
                "/sys/kernel/security/lsm",
                "/run/reboot-required",
                "/etc/systemd/system/docker.service.d/x.conf",
        };
        static const char *const texts[] = { "",
                                             "\n",
                                             ":",
                                             "=\n=",
                                             "\"",
                                             "'\n\\",
                                             "\\",
                                             "docker:x",
                                             "[Service]\nExecStart=\\",
                                             "[Service]\nExecStart=$",
                                             "[Service]\nExecStart=${",
                                             "[Service]\nEnvironmentFile=/\nExecStart=x $A",
                                             "-w",
                                             "-F path=",
                                             "- - - - - -",
                                             "\xff\xfe\x00x" };
        static char large[900000];
        struct bench b;

        (void)state;
        bench_init(&b);
        for (size_t k = 0; k < ARRAY_SIZE(texts); ++k) {
                for (size_t i = 0; i < ARRAY_SIZE(names); ++i)
                        put(&b, names[i], texts[k]);
                (void)look(&b);
        }
        for (size_t i = 0; i < sizeof(large); ++i)
                large[i] = "-w /a\n docker:x:1:a,b\nA=1\n"[i % 26];
        for (size_t i = 0; i < ARRAY_SIZE(names); ++i)
                host_folder_put(&b.folder, names[i], (struct str){ large, sizeof(large) });
        (void)look(&b);
        bench_deinit(&b);
}

static void too_little_memory_is_told(void **state) {
        struct posture posture = { 0 };
        struct request request;
        struct host_root root;
        struct arena arena;
        struct bench b;

        (void)state;
        bench_init(&b);
        put(&b, "/usr/bin/dockerd", "");
        arena_init(&arena, 600);
        host_request_init(&request);
        assert_int_equal(host_root_open(&root, b.folder.path), 0);
        assert_int_equal(posture_read(&posture, &request, &arena, &root), -ENOMEM);
        host_root_close(&root);
        arena_deinit(&arena);
        bench_deinit(&b);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_command_line_is_that_of_systemd),
                cmocka_unit_test(a_unit_above_hides_the_one_below),
                cmocka_unit_test(daemon_json_and_flags_are_one),
                cmocka_unit_test(new_privileges_are_as_dockerd_is_told),
                cmocka_unit_test(listeners_reach_as_far_as_go_says),
                cmocka_unit_test(what_dockerd_would_not_read_is_unknown),
                cmocka_unit_test(defaults_are_values_and_no_docker_is_none),
                cmocka_unit_test(modes_are_told_in_words),
                cmocka_unit_test(members_of_a_group_stand_in_two_files),
                cmocka_unit_test(the_last_file_of_sysctl_wins),
                cmocka_unit_test(audit_rules_watch_what_lies_below),
                cmocka_unit_test(fstab_tells_of_partitions),
                cmocka_unit_test(the_kernel_tells_of_encryption),
                cmocka_unit_test(what_a_boot_starts_is_seen),
                cmocka_unit_test(what_updates_ships_logs_and_audits_is_seen),
                cmocka_unit_test(the_first_word_of_sshd_counts),
                cmocka_unit_test(what_sshd_reads_beside_is_unknown),
                cmocka_unit_test(layers_that_are_half_read_are_unknown),
                cmocka_unit_test(no_ssh_server_is_no_finding),
                cmocka_unit_test(a_younger_file_is_seen),
                cmocka_unit_test(what_the_engine_does_not_go_by_is_named),
                cmocka_unit_test(another_engine_is_not_compared),
                cmocka_unit_test(hostile_files_end),
                cmocka_unit_test(too_little_memory_is_told),
        };

        /* valgrind 3.19 does not know openat2(2). */
        if (!host_root_can_be_opened())
                return HOST_SKIPPED;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
