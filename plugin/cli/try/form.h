#pragma once
/*
 * form: how hard a container is run: all that is known to harden one, less what is conceded to it.
 *
 * A concession leaves one restriction out, and then the container has there what the original has; or it opens one
 * folder. With all of them conceded it is the original, with these folders mounted.
 */
#include "docksill/decide/flag.h"
#include <jansson.h>

enum concession_kind {
        CONCEDE_USER,       /* it starts as root, or as .name, a name that only the image knows */
        CONCEDE_CAPABILITY, /* .name: "CHOWN" */
        CONCEDE_FOLDER,     /* .name: it may write to this one */
        CONCEDE_MEMORY,
        CONCEDE_PROCESSES,
        CONCEDE_CPUS,
        CONCEDE_PRIVILEGES, /* no no-new-privileges */
        CONCEDE_PROFILE,    /* .name: "seccomp=unconfined", as the original has it */
        CONCEDE_NETWORK,
        CONCEDE_ROOTFS, /* it may write anywhere */
};

struct concession {
        enum concession_kind kind;
        struct str name; /* NUL-terminated */
        bool volume;     /* of a folder: a fresh volume with what the image has there, since a tmpfs would hide it */
};

struct form {
        const struct concession *items; /* in order of preference, as ddmin.h has it; at most DDMIN_ITEMS */
        size_t n;
        uint64_t conceded; /* a bit each */
        const char *user;  /* "UID:GID" that it has when it does not start as root; NULL: not known */
        bool root;         /* the original starts as root */
        /* What is enough where more than FORM_MEMORY and FORM_PROCESSES is conceded; NULL and 0: as the original. */
        const char *memory;
        int64_t processes;
        bool tmp; /* /tmp becomes a tmpfs: nothing else is mounted there */
};

#define FORM_USER      "10001:10001"
#define FORM_MEMORY    "512m"
#define FORM_PROCESSES 100
#define FORM_CPUS      "1"

/* For people: "start as root", "capability CHOWN", "write to /var/cache". The name is foreign and made visible. */
void concession_add(struct text *out, const struct concession *c);
/* For programs: "user", "capability", "folder" … */
const char *concession_kind_name(enum concession_kind kind);

/**
 * form_apply() - harden a create's body
 * @config: its members beside HostConfig, or Config of what inspect shows
 * @host:   HostConfig of the original, changed
 *
 * The network is the caller's. Returns 0 or -ENOMEM.
 */
must_check_ int form_apply(const struct form *f, json_t *config, json_t *host);

/**
 * form_flags() - the flags of `docker run` that make it of the original
 * @out: appended to; in @arena
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int form_flags(struct flags *out, struct arena *arena, const struct form *f);
