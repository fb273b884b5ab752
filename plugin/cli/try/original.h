#pragma once
/*
 * original: what copies are made of: a container, or an image alone.
 *
 * A copy has what makes the program run (image, command, environment, user, capabilities, limits) and nothing by which
 * it could reach or change what is there: no published port, no restart, no label, no name that others look for, no
 * namespace of the host or of another container, no device, no log driver but a small file.
 */
#include "docksill/base/arena.h"
#include "folders.h"
#include "form.h"
#include "mounted.h"
#include <jansson.h>

struct original {
        const char *owner;   /* the label of fresh volumes; the caller's, set before */
        json_t *config;      /* of a copy: the members of its create beside HostConfig */
        json_t *host;        /* of a copy: its HostConfig, without mounts */
        json_t *inspect;     /* as the engine shows it; of an image: the create that `docker run` would make */
        struct str name, id; /* as asked for; of the container, or the image's */
        bool container;
        bool root;        /* it starts as root */
        const char *user; /* "UID:GID" where both stand there as numbers; NULL */
        struct str named; /* a user by name; empty: none */
        bool network;     /* it has one */
        bool reached;     /* it listens for others, or knows others by name: it is nothing without a network */
        bool terminal;    /* its log has no frames */
        bool healthcheck;
        struct mounted mounts; /* of a copy */
        struct notes notes;
};

/**
 * original_of_container(), original_of_image() - read it
 * @out:     zeroed but for .owner; original_deinit() it, also after a failure
 * @inspect: the engine's answer; borrowed
 * @name:    as it was asked for
 * @command: instead of its own, ended by NULL; NULL: its own
 *
 * Returns 0, -EPROTO (no such answer) or -ENOMEM.
 */
must_check_ int original_of_container(struct original *out, struct arena *arena, json_t *inspect, const char *name,
                                      const char *const *command);
must_check_ int original_of_image(struct original *out, struct arena *arena, json_t *inspect, const char *name,
                                  const char *const *command);
void original_deinit(struct original *o);

/**
 * original_concessions() - all that may be conceded to it, in order of preference
 * @out:     an array of DDMIN_ITEMS
 * @folders: folders to be writable; .volume is left false
 * @user:    what it has instead of its own is known
 * @network: whether copies may have one
 *
 * Returns how many.
 */
size_t original_concessions(struct concession *out, const struct original *o, const struct folders *folders, bool user,
                            bool network);

/**
 * original_hardened() - what is to be judged
 *
 * The original itself, with all that copies go without, hardened. As `docker inspect` prints a container, or the body
 * of a create. Returns NULL when there is no memory.
 */
json_t *original_hardened(const struct original *o, const struct form *form, bool no_network);

/* What of its own flags is to be dropped for that: "--privileged", "--cap-add SYS_ADMIN". In @arena. 0 or -ENOMEM. */
must_check_ int original_dropped(struct flags *out, struct arena *arena, const struct original *o,
                                 const struct form *form);
