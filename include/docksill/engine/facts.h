#pragma once
/*
 * facts: everything a rule can know about a request, typed and normalised.
 *
 * One table (fact.h) names every fact with its type, its place in struct facts, where Docker has it, and its
 * documentation; the rule language, `facts list` and the suggestions read that table. A fact starts as Docker's
 * default and is always defined. DESIGN 5.
 */
#include "docksill/base/arena.h"
#include "docksill/engine/fact.h"

struct fact_bool {
        struct fact_head head;
        bool value;
};
struct fact_int {
        struct fact_head head;
        int64_t value;
};
struct fact_str {
        struct fact_head head;
        struct str value;
};
/* A word of ours, by facts/word.h alone; read as a string. */
struct fact_word {
        union {
                struct fact_str str;
                struct {
                        struct fact_head head;
                        struct str value;
                };
        };
};
/* The lexical spelling first, then (if it differs) the one resolved on the host; judged in each, the worst counts. */
#define FACT_SPELLINGS 2
struct fact_path {
        struct fact_head head;
        uint8_t n; /* spellings; 0: no path */
        struct str spelling[FACT_SPELLINGS];
};

/* How often it is to be judged: an unknown spelling is one too. */
static inline unsigned fact_path_spellings(const struct fact_path *p) {
        return p->head.state == FACT_LEXICAL ? p->n + 1u : p->n;
}
struct fact_port {
        struct fact_head head;
        int32_t lo, hi; /* inclusive; 0, 0: none, or chosen by the engine */
};
struct fact_set {
        struct fact_head head;
        struct str *items;
        size_t n, capacity;
};
struct fact_list {
        struct fact_head head;
        void *items; /* each begins with struct origin */
        size_t n, capacity;
};

/* Where an element came from, for evidence: "HostConfig.Binds[2]", "HostConfig.Sysctls.kernel.msgmax". */
struct origin {
        const char *field; /* static */
        struct str key;    /* of a map; may hold attacker's text */
        uint32_t index;    /* of a list */
        bool indexed;
};

struct text;
void origin_add(struct text *t, const struct origin *origin);

/* mounts: every way a piece of the host, a volume or a file system comes into a container. */
struct mount_fact {
        struct origin origin;
        struct fact_word kind; /* host | volume | anonymous | tmpfs | image | cluster | block-device | other-filesystem
                                  | unknown */
        struct fact_word via;  /* bind | mount | volume-options | volumes-from | named-volume | plugin | tmpfs */
        struct fact_path source;   /* of kind host or block-device: cleaned, /var/run folded to /run */
        struct fact_str requested; /* as asked for, for messages */
        struct fact_str target, mode, propagation, volume, driver, filesystem;
        struct fact_str plugin; /* the reference that the driver was installed from, looked up */
        struct fact_bool read_only;
        struct fact_word reach;  /* of a file system's server: loopback | link-local | elsewhere | unreadable | none */
        struct fact_word engine; /* of kind host: no | data | obeyed: at, below or above a folder of the engine's own */
        struct fact_bool socket; /* of kind host: it is one, told by who followed the path */
};
struct port_fact {
        struct origin origin;
        struct fact_port container, host;
        struct fact_str protocol, address;
        struct fact_word reach; /* loopback | address | everywhere | link-local */
};
struct device_fact {
        struct origin origin;
        struct fact_path path;
        struct fact_str requested, permissions;
};
struct device_rule_fact {
        struct origin origin;
        struct fact_str text, type, major, minor, permissions; /* type: a | b | c; major, minor: digits or * */
};
struct device_request_fact {
        struct origin origin;
        struct fact_str driver, device; /* device: "vendor.com/class=name" of CDI; else "nvidia:0", "gpu:all" */
        struct fact_bool all;
};
/* A device whose reads or writes are bounded: dockerd looks at the path as root. */
struct block_limit_fact {
        struct origin origin;
        struct fact_path path;
        struct fact_str requested;
};
/* One key and its value: sysctls, log options, annotations, labels of SELinux. */
struct pair_fact {
        struct origin origin;
        struct fact_str name, value;
};
struct tmpfs_fact {
        struct origin origin;
        struct fact_str name;                    /* as asked for */
        struct fact_word via;                    /* tmpfs | mount | volume-options | named-volume */
        struct fact_path target;                 /* inside, cleaned; none: of a volume, which is mounted elsewhere */
        struct fact_set options, option_names;   /* one by one; what stands before "=" */
        struct fact_bool exec, suid, dev, limit; /* what counts in the end; limit: how much it may hold is said */
};
/* Where the output of a container goes, or of each one that says nothing itself. */
struct log_fact {
        struct origin origin;
        struct fact_str driver;
        struct fact_word kind; /* none | local | remote | engine: its own | plugin */
        struct fact_set option_names;
};
struct log_option_fact {
        struct origin origin;
        struct fact_str driver, name, value; /* name: empty where a driver goes by itself; value: confidential */
        struct fact_word kind;               /* plain | record | template | address | path | secret | unknown */
        struct fact_word
                reach; /* of an address: socket | loopback | link-local | elsewhere | standard | unreadable | none */
        struct fact_str host, server; /* of an address; server: with its port */
        struct fact_word template;    /* plain | other | none */
};
/* Whoever answers to the name acts for the engine. */
struct driver_fact {
        struct origin origin;
        struct fact_word kind; /* network | ipam | log | secret */
        struct fact_str name;
        struct fact_bool own;   /* Docker's */
        struct fact_str plugin; /* the reference that it was installed from, looked up */
};
/* An image that comes in, or goes out: as what runs, or mounted. */
struct image_fact {
        struct origin origin;
        struct fact_word via; /* image | mount */
        struct fact_str reference, name, registry, tag, digest;
        struct fact_bool pinned;
};
/* A name that an image gets. */
struct image_name_fact {
        struct origin origin;
        struct fact_str reference, name, source; /* source: the name it had; empty: none, or nobody says */
};
/* What dockerd itself goes for, as root. */
struct fetch_fact {
        struct origin origin;
        struct fact_word what,
                reach; /* what: context | image | registry; reach: loopback | link-local | elsewhere | unreadable */
        struct fact_str host;
};
/* Of a network, or of those that a swarm makes: ordinary | public | loopback | link-local | unreadable. */
struct subnet_fact {
        struct origin origin;
        struct fact_str subnet;
        struct fact_word range;
};
/* A network that a container is put in. */
struct attachment_fact {
        struct origin origin;
        struct fact_str name, mac; /* name: as asked for, or "container:X"; an id wins over a name */
        struct fact_set aliases, links, addresses,
                further_addresses; /* further_addresses: beside those of the network */
        struct fact_word range;    /* the worst of the addresses: as of a subnet */
};
/* A secret or a config, as a file in the containers of a service. */
struct service_file_fact {
        struct origin origin;
        struct fact_word kind; /* secret | config */
        struct fact_str name, target;
        struct fact_bool set_id; /* set-user-ID or set-group-ID */
};
struct ulimit_fact {
        struct origin origin;
        struct fact_str name;
        struct fact_int soft, hard;
};
struct variable_fact {
        struct origin origin;
        struct fact_str name, value; /* value: confidential */
        struct fact_word from;       /* env | build-arg | image */
};
struct text_fact {
        struct origin origin;
        struct fact_str where, text; /* text: confidential */
};
/* What a container that exists may do to its host: a small view of it, looked up. */
struct container_view {
        struct fact_bool privileged;
        struct fact_str network, pid, ipc, userns; /* modes, as of a create */
        struct fact_str user;
        struct fact_word user_root; /* yes | no | unknown */
        struct fact_set capabilities_added;
};
/* Of which nothing is told: FACT_OFF, or FACT_UNKNOWN. */
#define CONTAINER_VIEW(told)                                                                                           \
        {                                                                                                              \
                .privileged.head.state = (told), .network.head.state = (told), .pid.head.state = (told),               \
                .ipc.head.state = (told), .userns.head.state = (told), .user.head.state = (told),                      \
                .user_root.head.state = (told), .capabilities_added.head.state = (told)                                \
        }

struct join_fact {
        struct origin origin;
        struct fact_word namespace; /* network | pid | ipc */
        struct fact_str peer;
        struct container_view view; /* of the peer; unknown without lookups */
};
/* A line of the Dockerfile that an image was built by, as its history has it. */
struct history_fact {
        struct origin origin;
        struct fact_str line;        /* "RUN apt-get update": what wrote it taken off */
        struct fact_str instruction; /* "RUN"; empty: the line does not say */
        struct fact_int step;        /* from 1, the base image's first */
};
struct peer_fact {
        struct origin origin;
        struct fact_str peer, mode;
};
/* A line of the engine's own advice. */
struct warning_fact {
        struct origin origin;
        struct fact_word kind; /* tcp-plain | tls-no-verify | kernel | other */
        struct fact_str text;
};
/* A program that the engine is made of: containerd, runc … */
struct component_fact {
        struct origin origin;
        struct fact_str name, version;
        struct fact_bool distribution; /* a distribution's build: fixes may be in it that its number does not show */
};
/* A file, folder or socket of the host that Docker lives by. */
struct host_file_fact {
        struct origin origin;
        struct fact_str kind; /* config | unit | folder | authority | certificate | key | registry | socket */
        struct fact_str path, owner, group, mode; /* owner, group: names, else numbers; mode: "0644" */
        struct fact_set permissions;              /* "owner-write", "group-read", "others-write", "set-user-id" … */
};
/* A TLS certificate of the engine's. */
struct certificate_fact {
        struct origin origin;
        struct fact_str path;
        struct fact_int left, lasts; /* microseconds: until it expires, may be negative; in all */
};
/* Where dockerd is told to listen. */
struct listener_fact {
        struct origin origin;
        struct fact_str address; /* as it is told */
        struct fact_str scheme;  /* unix | tcp | fd | npipe | other */
        struct fact_str reach;   /* of tcp: loopback | address | everywhere; else none */
};
/* A container that exists, and the image that its name stands for now. */
struct stale_container_fact {
        struct origin origin;
        struct fact_str name, image;
};
/* What a scanner's report says of an image: looked up in the folder of reports. */
struct scan_facts {
        struct fact_bool found;
        struct fact_int age; /* microseconds */
        struct fact_int critical, high, medium, low, fixable_critical, fixable_high, ignored, secrets;
        struct fact_str scanner;
        struct fact_set worst, exploited, packages;
};
/* What dockerd of another version, or nobody, would understand: an enum value or a key. */
struct unknown_fact {
        struct origin origin;
        struct fact_str where, value;
        struct fact_word kind;  /* key | value | client-key: one that a known client adds */
        struct fact_str client; /* of a client-key: which */
};

/* What an engine plugin is granted: "mount", "device", "capabilities", "network" … */
struct privilege_fact {
        struct origin origin;
        struct fact_str name;
        struct fact_set values;
};

struct facts {
        struct {
                struct fact_str operation, method, path, user, content_type;
                struct fact_int api_minor; /* N of /v1.N; not given without a prefix */
                struct fact_set flaws;     /* names */
                struct fact_str flaw_where;
                struct fact_word takes;         /* of a body, as far as its handler reads one */
                struct fact_bool judged;        /* docksill can judge this operation's body */
                struct fact_bool form_unproven; /* engine_state_tell() says so */
                struct fact_list unknown;       /* of struct unknown_fact */
        } request;
        struct {
                struct fact_str name, user, network, pid, ipc, uts, userns, cgroup_parent, runtime;
                struct fact_word user_root, cgroupns;
                struct fact_bool privileged, read_only, publish_all_ports, oom_kill_disabled, group_root,
                        unmasked_paths, unmasked_sensors, writable_cgroups, selinux_disabled, init, entrypoint_given,
                        command_given, user_given;
                struct fact_set capabilities_added, capabilities_dropped, groups, links, extra_hosts, programs, labels;
                struct fact_word no_new_privileges; /* on | off | unset */
                struct fact_word seccomp_mode;      /* default | unconfined | custom */
                struct fact_str seccomp_default_action;
                struct fact_set seccomp_allowed;
                struct fact_bool seccomp_readable;
                struct fact_str apparmor;
                struct fact_list selinux;                          /* of struct pair_fact */
                struct fact_bool memory_idle, cpu_idle, pids_idle; /* a limit that is no less than what the host has */
                struct fact_int cpu_period;
                struct fact_int memory, memory_swap, memory_reservation, nano_cpus, cpu_quota, cpu_shares, pids_limit,
                        shm_size, oom_score, restart_retries, port_count, stop_timeout, real_time;
                struct fact_str cpuset, restart_policy;
                struct fact_word healthcheck;                  /* unset | set | none */
                struct fact_list annotations, storage_options; /* of struct pair_fact */
                struct fact_list ports, devices, device_rules, device_requests, ulimits, joins, volumes_from;
                struct fact_path working_dir; /* inside */
        } container;
        struct {
                struct fact_str user, container;
                struct fact_word user_root; /* yes | no | unknown */
                struct fact_bool privileged, tty, stdin;
                struct fact_set programs;
                struct fact_path working_dir;    /* inside */
                struct fact_bool working_dir_up; /* it has ".." in it, and dockerd leaves that to the kernel */
        } exec;
        struct {
                struct fact_str container, cpuset, restart_policy;
                struct fact_bool memory_idle, cpu_idle, pids_idle;
                struct fact_int memory, memory_swap, memory_reservation, nano_cpus, cpu_shares, cpu_quota, cpu_period,
                        pids_limit, restart_retries, real_time;
        } update;
        struct {
                struct fact_str container, image, user;
                struct fact_word user_root; /* yes | no | unknown */
                struct fact_set instructions;
                struct fact_bool readable;
        } commit;
        struct {
                struct fact_str container;
                struct fact_path path; /* inside */
                struct fact_bool keep_owner;
        } copy;
        struct {
                struct fact_str container, id;
                struct fact_path folder; /* on the host; none: the engine's own */
        } checkpoint;
        struct {
                struct fact_str name, driver;
                struct fact_set option_names, labels;
        } volume;
        struct {
                struct fact_str name, driver, parent, config_from;
                struct fact_word icc, publish; /* icc: on | off | unset */
                struct fact_bool internal, attachable, ingress, config_only, encrypted, ipv6;
                struct fact_list options; /* of struct pair_fact */
                struct fact_list subnets; /* of struct subnet_fact */
                struct fact_set labels;
        } network;
        struct {
                struct fact_str network, container;
        } endpoint;
        struct {
                struct fact_str name, remote;
                struct fact_str reference, digest; /* reference: normalised, what remote means */
                struct fact_str installed;         /* the reference that the plugin of that name came from, looked up */
                struct fact_bool own;
                struct fact_list privileges; /* of struct privilege_fact */
                struct fact_set settings;    /* names alone */
                struct fact_bool service;    /* on every node of a swarm */
        } plugin;
        struct {
                struct fact_str id, runtime, rollback, registry_auth_from;
                struct fact_set networks, secrets, configs, constraints;
                struct fact_list files;    /* of struct service_file_fact */
                struct fact_int replicas;  /* tasks that it asks for; not given of one on each node */
                struct fact_set templates; /* fields that the swarm expands after they were judged */
                struct fact_set labels;
        } service;
        struct {
                struct fact_bool autolock, other_authority, new_cluster, forced;
                struct fact_list address_pools;     /* of struct subnet_fact */
                struct fact_int certificate_expiry; /* microseconds */
                struct fact_set rotated, managers;
                struct fact_str listen;
                struct fact_word listen_reach; /* loopback | address | everywhere */
                struct fact_str node_role, node_availability, data_name, data_templating;
        } swarm;
        struct {
                struct fact_str reference, name, registry, tag, digest, id;
                struct fact_bool pinned;   /* by digest or image id */
                struct fact_bool imported; /* out of a tar */
                struct fact_bool as_built; /* nothing that a container starts as is given beside it */
                /* Looked up: what the name leads to now. */
                struct fact_int age, size; /* age: microseconds */
                struct fact_str found_id, user;
                struct fact_word user_root, healthcheck;
                struct fact_set found_digests, found_names, found_labels, volumes, exposed_ports;
                struct scan_facts scan;
                struct fact_list history; /* of struct history_fact */
        } image;
        struct {
                struct fact_str name, id;
                struct container_view view;
                struct fact_bool started; /* ever */
                struct fact_list joins;   /* of struct join_fact: at a start */
        } target;                         /* the container that the request is about, looked up */
        struct {
                struct fact_bool asked;
                struct fact_list mounted; /* of struct mount_fact */
                struct fact_list powers;  /* of struct pair_fact */
        } reached;                        /* the containers that the request acts in, reads from or joins, looked up */
        struct {
                struct fact_str network, remote_host;
                struct fact_word remote_kind; /* none | http | https | git | session | unknown */
                struct fact_bool opaque, remote_pinned, pull, squash;
                struct fact_bool pushes;
                struct fact_set names, outputs; /* outputs: types alone */
                struct fact_list caches;        /* of struct image_fact */
                struct fact_set labels;
        } build;
        /* But for the first, what a response tells of the engine: of AuthZRes alone. */
        struct {
                struct fact_bool no_new_privileges;
                struct fact_str version, kernel;
                struct fact_bool distribution;
                struct fact_word seccomp;        /* default | unconfined | custom | off */
                struct fact_word new_privileges; /* allowed | denied: what containers get unless they ask */
                struct fact_bool apparmor, selinux, userns, rootless, live_restore, experimental, debug, loop_devices;
                struct fact_str logging_driver, storage_driver, os, swarm;
                struct fact_word confinement; /* some | none: what the kernel confines containers by, as learned */
                struct fact_word remapping;   /* on | off | rootless, as learned */
                struct fact_set authorization_plugins, insecure_registries, registry_mirrors, missing_limits, folders,
                        obeyed_folders;
                struct fact_list warnings;   /* of struct warning_fact */
                struct fact_list components; /* of struct component_fact */
                struct fact_word icc;        /* on | off */
                struct fact_int memory, processors, managers;
                /* What its files say: of an audit alone. */
                struct {
                        struct fact_bool iptables, userland_proxy, debug, live_restore, no_new_privileges;
                        struct fact_bool changed; /* daemon.json, since the engine started */
                        struct fact_str tls;      /* none | on | verified */
                        struct fact_str log_level, log_driver, cgroup_parent, base_size, userns_remap;
                        struct fact_set log_options, default_ulimits; /* names alone */
                        struct fact_set authorization_plugins;
                        struct fact_set not_in_force; /* names of settings */
                        struct fact_list listeners;   /* of struct listener_fact */
                } config;
        } daemon;
        struct {
                struct fact_int memory, processors, processes; /* not given: nobody can tell */
                /* From here on of an audit alone. */
                struct fact_bool audit_rules, encrypted_data, own_partition, reboot_required, ssh_passwords;
                struct fact_int aslr, suid_dumpable, ip_forward; /* sysctls */
                struct fact_str os, data_root, ssh_root;
                struct fact_set images_unattested;
                struct fact_set docker_group, firewalls, monitors, lsm, programs, unwatched, audits, log_shippers,
                        updaters;
                struct fact_list files;        /* of struct host_file_fact */
                struct fact_list certificates; /* of struct certificate_fact */
                struct fact_int images, images_unused, containers_stopped;
                struct fact_list stale_containers; /* of struct stale_container_fact */
        } host;
        struct {
                struct fact_str container;
                struct fact_word arguments; /* none | plain | other */
        } top;
        struct fact_list mounts, variables, texts, tmpfs, images, image_names, fetches, sysctls, logs, log_options,
                drivers, block_limits, networks;
};

/* Where mounts stand: those of the request, and those of reached.mounted. */
#define MOUNT_LISTS 2
static inline struct fact_list *facts_mounts(struct facts *f, size_t i) {
        return i == 0 ? &f->mounts : &f->reached.mounted;
}

/* Docker's defaults, and FACT_OFF or the documented value where the source is off. */
void facts_init(struct facts *f);

/* Of one set or list: as many as a body may have values, or words between commas. */
#define FACT_ITEMS_MOST 32768

/* Of what is judged by long lists of paths: mounts, devices, file systems in memory. No host takes so many in one
 * container. */
#define FACT_HEAVY_MOST 1024

/*
 * Sets and lists grow between arena_latch() and arena_unlatch() alone, which is asserted. What finds no room, in the
 * arena or beyond FACT_ITEMS_MOST, is stored nowhere and makes the arena full: whoever began with arena_latch() refuses
 * it all.
 */

/* Adds to a set unless it is there. */
void fact_set_add(struct arena *arena, struct fact_set *set, struct str item);

/* Room for @more elements of @size bytes, where it is known how many will come. */
void fact_list_reserve(struct arena *arena, struct fact_list *list, size_t more, size_t size);

/* Appends a copy of @item, of @size bytes. */
void fact_list_add(struct arena *arena, struct fact_list *list, const void *item, size_t size);

/* The same of an element as it stands: a variable, or (struct pair_fact){ … }. */
#define FACT_ADD(arena, list, ...) fact_list_add((arena), (list), &__VA_ARGS__, sizeof(__VA_ARGS__))
