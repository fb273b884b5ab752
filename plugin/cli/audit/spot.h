#pragma once
/*
 * spot: where in the host's files a finding stands: daemon.json and the line of its key, the unit that gives the flag,
 * the file that sets the kernel's parameter.
 */
#include "docksill/base/arena.h"

struct host_root;

struct spot {
        struct str file; /* empty: in none */
        unsigned line;   /* 0: it is not in there, and would have to be */
};

/**
 * spot_find() - by what a finding says
 * @out:         in @arena, or views of what is given
 * @daemon_json: the settings of the engine that was looked at; empty: none are
 * @where:       name of a file, or where a fact comes from: "daemon.json, command line: hosts", "sysctl
 * fs.suid_dumpable"
 * @fix:         in words: names in quotes beside "daemon.json" are its keys
 */
void spot_find(struct spot *out, struct arena *arena, const struct host_root *root, struct str daemon_json,
               struct str where, struct str fix);

/* The line, from 1, on which the key of the top object stands; 0: it has none, or @text is no JSON. */
unsigned spot_of_key(struct arena *arena, struct str text, struct str key);
