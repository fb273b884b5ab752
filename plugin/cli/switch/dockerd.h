#pragma once
/*
 * dockerd: the daemon that has read a file of settings, as the host's processes tell, and how it is told to read it
 * anew.
 *
 * Only one whose own settings these are is ever signalled: it is called dockerd, sees the processes that we see (one in
 * a container has a file of the same name that is another), its command line names the file, or none where the file
 * is the standard one, and its file with the process id, if there is one, says this process.
 */
#include "daemon-json.h"
#include <sys/types.h>

struct dockerd {
        pid_t pid;     /* 0: there is none */
        int handle;    /* pidfd: the process stays this one; -1: none could be had */
        unsigned more; /* beside it: others with the same settings, or so it seems */
        /* of its command line */
        struct str *plugins; /* --authorization-plugin */
        size_t n, capacity;
        struct {
                struct str *items;
                size_t n, capacity;
        } hosts; /* --host, -H */
        bool tls_verify;
};

/**
 * dockerd_find() - the daemon of the settings
 * @root:     in front of /proc and all other paths; "" on this host
 * @settings: path of the file of settings
 * @file:     what it says
 *
 * dockerd_close() it. Returns 0 (there may be none: out->pid), -ENOMEM, or why /proc can't be read.
 */
must_check_ int dockerd_find(struct dockerd *out, struct arena *arena, const char *root, const char *settings,
                             const struct daemon_json *file);
void dockerd_close(struct dockerd *d);

/* SIGHUP. Returns 0, -ESRCH (it has ended) or -EPERM. */
must_check_ int dockerd_reload(const struct dockerd *d);

/* Whether the process of dockerd_find() is there. */
bool dockerd_lives(const struct dockerd *d);
