#pragma once
/*
 * client: a program of somebody else's, started to talk to a socket of ours, and ended with all that it started.
 *
 * It has a session of its own, so that no key and no signal of the terminal reaches it. Where our input is a terminal
 * it gets one of its own, on which "y" is typed (nothing is done, so it may go on); else it reads what we would. What
 * it prints goes nowhere but for its last complaints.
 */
#include "docksill/base/arena.h"
#include <sys/types.h>

struct client {
        pid_t pid;
        int said;     /* its stderr */
        int terminal; /* ours of the two ends; -1: it has none */
        int status;   /* as of waitpid(2), once it is done */
        bool done;
        bool alone; /* there was no other child of ours: whoever is one later, it has left behind */
};

/**
 * client_start() - start argv[0], found as a shell would
 * @out:    client_end() it
 * @socket: where it finds the engine: DOCKER_HOST
 * @folder: for what buildx notes, so that it finds no builder of the user's: BUILDX_CONFIG
 *
 * Otherwise it has our environment, but what would lead a docker client elsewhere. Returns 0 or a negative errno;
 * that of exec(3) too.
 */
must_check_ int client_start(struct client *out, char *const *argv, const char *socket, const char *folder);

/* Looks whether it has ended by itself; after each SIGCHLD. */
bool client_is_done(struct client *c);

/* Ends it and all that it started, waits for them, and forgets what it said. */
void client_end(struct client *c);

/* The end of what it wrote to stderr, without blank lines around; in @arena. Empty when there is none, or no memory. */
struct str client_said(const struct client *c, struct arena *arena);
