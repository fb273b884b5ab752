#pragma once
/*
 * observed: what one running container was seen to have and to do, by the engine and on the host. No conclusions: those
 * are fit.h's.
 */
#include "docksill/base/arena.h"
#include "docksill/base/text.h"

/* A number that nobody told. */
#define UNTOLD INT64_C(-1)

/* An id that the container's user namespace has no name for. */
#define ID_UNMAPPED UINT32_MAX

enum process_id { ID_REAL, ID_EFFECTIVE, ID_SAVED, ID_FILES, IDS };

/* Users and groups are those of the container's own user namespace. */
struct observed_process {
        int64_t pid; /* on the host */
        struct str name;
        uint32_t user[IDS], group[IDS];
        uint64_t effective, permitted, inheritable, ambient, bounding; /* capabilities, a bit each */
        bool first;                                                    /* the container's process 1 */
        bool no_new_privileges;
};

/* A socket that takes what comes from outside. */
struct observed_listener {
        uint16_t port;
        bool udp, loopback; /* loopback: nothing outside of the container reaches it */
};

enum change { CHANGE_MODIFIED, CHANGE_ADDED, CHANGE_DELETED }; /* as the engine counts */

/* What differs from the image. */
struct observed_change {
        struct str path;
        enum change kind;
};

/* A file that a process has open for writing, by its path inside. */
struct observed_file {
        struct str path;
        struct str process;
        bool deleted; /* its name is gone already */
};

/* What is mounted inside, the root file system first. */
struct observed_mount {
        struct str target;
        bool read_only;
};

/* Where what lies in a mount was changed last. */
struct observed_source {
        struct str target;
        bool changed; /* something in it is newer than the container's start */
        bool all;     /* all of it was looked at */
};

#define OBSERVED_LIST(name, type)                                                                                      \
        struct name {                                                                                                  \
                type *items;                                                                                           \
                size_t n, capacity;                                                                                    \
        }
OBSERVED_LIST(observed_processes, struct observed_process);
OBSERVED_LIST(observed_listeners, struct observed_listener);
OBSERVED_LIST(observed_changes, struct observed_change);
OBSERVED_LIST(observed_files, struct observed_file);
OBSERVED_LIST(observed_mounts, struct observed_mount);
OBSERVED_LIST(observed_sources, struct observed_source);
OBSERVED_LIST(observed_texts, struct str);
OBSERVED_LIST(observed_pids, int64_t);
OBSERVED_LIST(observed_inodes, int64_t);

struct observed {
        struct arena *arena; /* borrowed; owns all below */
        struct str id;       /* 64 digits */
        int64_t age;         /* microseconds since it was started */
        bool gone;           /* it ended, or was removed, meanwhile */

        /* Numbers are UNTOLD until somebody tells. */
        int64_t memory, memory_peak; /* bytes; with what the kernel keeps of files in memory */
        int64_t cache;               /* bytes of .memory that it keeps so */
        int64_t memory_hits;         /* how often it met its limit */
        int64_t pids, pids_peak;     /* processes and threads */
        int64_t cpu;                 /* microseconds of processor time */
        int64_t throttled;           /* how often it had to wait for its share of the processors */
        int64_t processors;          /* of the host */

        bool changes_told;
        struct observed_changes changes;
        struct observed_texts image_volumes;
        struct observed_pids pids_told; /* of its processes, on the engine's host */

        bool processes_told; /* all of those that the engine named were looked at */
        bool ids_mapped;     /* its users are others on the host */
        struct observed_processes processes;
        bool sockets_told;
        bool raw_sockets, packet_sockets; /* some are open */
        size_t connections;               /* open to elsewhere */
        struct observed_listeners listeners;
        bool files_told;
        struct observed_files files;
        struct observed_inodes sockets; /* that its processes have open */
        bool mounts_told;
        struct observed_mounts mounts;
        struct observed_sources sources;

        struct observed_texts unseen; /* what could not be seen, and why: a sentence each, without an end */
};

/* All is untold. */
void observed_init(struct observed *o, struct arena *arena, struct str id);

/* A sentence about what could not be seen; the same one only once. */
printf_(2, 3) void observed_unseen(struct observed *o, const char *fmt, ...);

/* The name of capability @bit, without CAP_; "CAP_99" of one that has none here; in @arena or static. */
struct str capability_name(struct arena *arena, unsigned bit);
#define CAPABILITIES 64

/* Some whose bits are looked at. */
enum {
        CAPABILITY_CHOWN = 0,
        CAPABILITY_DAC_OVERRIDE = 1,
        CAPABILITY_FOWNER = 3,
        CAPABILITY_KILL = 5,
        CAPABILITY_SETGID = 6,
        CAPABILITY_SETUID = 7,
        CAPABILITY_NET_BIND_SERVICE = 10,
        CAPABILITY_NET_RAW = 13,
};

/* Whether @name, in any of its spellings, is a capability: its bit in *bit. */
bool capability_bit(struct str name, unsigned *bit);
