#pragma once
/*
 * registration: where docksill stands in dockerd's settings, and the daemon that they are for.
 *
 * What enable, disable, status and doctor begin with. None of it needs a docksill that runs, nor settings of its own
 * that are right: it must be possible to get out whatever is broken.
 */
#include "dockerd.h"
#include "docksill/cli/config.h"
#include "docksill/cli/invocation.h"
#include <sys/stat.h>

#define OPTION_ROWS_REGISTRATION                                                                                       \
        { "daemon-json", "FILE", "dockerd's settings; default " DAEMON_JSON },                                         \
                { "engine", "SOCKET", "the engine's socket; default dockerd's own, or /run/docker.sock" }, {           \
                "plugin", "NAME", "what dockerd calls docksill; default the name of docksill's socket"                 \
        }

struct registration {
        const struct command *command;
        struct arena arena;
        struct config config;
        bool config_read;     /* else .config is docksill's defaults */
        const char *root;     /* in front of all paths; "" */
        const char *settings; /* dockerd's, as they were named */
        const char *engine, *socket, *state;
        const char *control; /* NULL: off */
        struct str plugin;

        bool exists;      /* the file is there */
        struct stat like; /* its owner and mode */
        struct str text;  /* what it holds; p == NULL: it is missing */
        struct daemon_json file;
        struct dockerd dockerd;
};

/**
 * registration_open() - read settings, daemon.json and the host's processes
 * @out: registration_close() it, also after a failure
 *
 * A daemon.json that is none is told of in out->file.wrong, not here. Returns EXIT_FINE, EXIT_USAGE or
 * EXIT_ENVIRONMENT.
 */
must_check_ int registration_open(struct registration *out, const struct invocation *in);
void registration_close(struct registration *r);

/* Says on stderr what is wrong with daemon.json; EXIT_FINE: nothing. */
must_check_ int registration_check(const struct registration *r);

/* Puts @text in place of daemon.json's; p == NULL removes it. The links to it are followed. Says what failed. Returns
 * EXIT_FINE or EXIT_ENVIRONMENT. */
must_check_ int registration_write(const struct registration *r, struct str text);

/* Has the daemon read it anew; one that is not there has nothing to read. Says what failed. As above. */
must_check_ int registration_reload(const struct registration *r);

/* Whether dockerd asks docksill, or stops to, within so many seconds; else why not on stderr. */
must_check_ bool registration_proves(const struct registration *r, bool asked, unsigned seconds);

/* Which of the plugins that dockerd's settings name docksill is, from 1; 0: none. */
size_t registration_position(const struct registration *r);

/* A flag of dockerd's command line names docksill. */
bool registration_by_flag(const struct registration *r);
