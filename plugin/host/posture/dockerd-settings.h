#pragma once
/*
 * dockerd-settings: what dockerd is told: by daemon.json, and by its command line or that of its unit.
 *
 * moby cmd/dockerd/config.go, config_unix.go, daemon/config.go: one option is never said in both.
 */
#include "unit.h"

struct settings {
        bool there;     /* a dockerd runs, or is set up */
        struct str why; /* what could not be read, so that nothing is sure; p == NULL: all of it could */
        struct str config_file;
        struct {
                bool value, given;
        } iptables, userland_proxy, debug, tls, tls_verify, live_restore, no_new_privileges;
        struct str log_level, log_driver, cgroup_parent, data_root, authority, certificate, key,
                userns_remap;                                               /* n == 0: not said */
        struct words hosts, storage_options, log_options, ulimits, plugins; /* log_options, ulimits: names */
        int64_t started; /* the dockerd that was found to run, in microseconds of the wall clock; 0: not told */
};

/* In .keep; what it found a dockerd by becomes a note. */
void settings_read(struct settings *out, struct survey *s);
