#pragma once
/*
 * create: the body of POST /containers/create.
 *
 * Go's container.Config at the top, HostConfig and NetworkingConfig inside; engines up to 26 also obey every HostConfig
 * key at the top, which is a flaw here (moby runconfig; PROTOCOL 3.4).
 */
#include "host-config.h"

struct health_config {
        bool given;
        struct go_list test;
        struct go_int interval, timeout, start_period, start_interval, retries;
};
struct networking_config {
        bool given;
        struct go_list endpoints_config; /* of struct str, then struct endpoint_settings */
};
struct create_body {
        bool given;
        struct go_bool attach_stdin, attach_stdout, attach_stderr, tty, open_stdin, stdin_once, args_escaped,
                network_disabled;
        struct go_string hostname, domainname, user, image, working_dir, mac_address, stop_signal;
        struct go_list exposed_ports, env, cmd, volumes, entrypoint, on_build, labels, shell;
        struct go_int stop_timeout;
        struct health_config healthcheck;
        struct host_config host_config;
        struct networking_config networking_config;
        struct go_any top_level; /* where a HostConfig key at the top goes: a flaw, never read */
};

extern const struct gojson_type create_body_type, health_config_type;

/* Reads the body into the facts. */
void create_decode(struct reading *in);

/* The free texts of a container's settings. */
void container_texts_read(struct reading *in, const struct create_body *body);

/* What a service says in the same words: who it runs as, and its health check. */
void container_user_read(struct facts *f, struct go_string user);
void healthcheck_read(struct facts *f, const struct health_config *health);

/* WORD_UNSET, WORD_SET or WORD_NONE: what dockerd makes of it. */
enum word healthcheck_word(const struct health_config *health);
