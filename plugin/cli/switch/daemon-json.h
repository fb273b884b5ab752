#pragma once
/*
 * daemon-json: dockerd's settings as a text, and the AuthZ plugins that they name.
 *
 * The file is its admin's: one list is changed, and every other byte stays, order and layout too. dockerd knows the key
 * in this spelling alone (it takes no file with a key that it does not know: moby daemon/config,
 * findConfigurationConflicts).
 */
#include "docksill/base/text.h"

#define DAEMON_JSON     "/etc/docker/daemon.json"
#define DAEMON_JSON_KEY "authorization-plugins"

/* A part of the text. */
struct span {
        size_t at, end;
};

/* A text of a list, and where it stands. */
struct named {
        struct str name;
        struct span span;
};

struct named_list {
        struct named *items;
        size_t n, capacity;
};

struct daemon_json {
        struct str text;
        const char *wrong; /* what is wrong with it, for people; NULL: nothing. Else the rest says nothing */
        unsigned line;     /* where */

        bool whole;         /* there is an object; else the text is empty */
        struct span object; /* from its brace to behind the other */
        struct span last;   /* the last member, from its key's quote to behind its value; empty: there is none */
        bool spaced;        /* a blank stands behind its colon */

        bool given;                /* the key is there */
        struct span before;        /* behind the value of the member before it; empty: it is the first */
        struct span member;        /* it with its value */
        struct span list;          /* the value: a list, or null */
        struct named_list plugins; /* in the order in which dockerd asks them */

        struct str misspelt; /* a key that seems to mean this one; empty: none */
        struct named_list hosts;
        struct str pid_file; /* empty: not said */
        bool tls_verify, builder;
};

/**
 * daemon_json_read() - what the text says
 * @text: borrowed by @out; an empty one (a file that is missing) has nothing wrong
 *
 * A text that dockerd would not take is told of in out->wrong. Returns 0 or -ENOMEM.
 */
must_check_ int daemon_json_read(struct daemon_json *out, struct arena *arena, struct str text);

bool daemon_json_names(const struct daemon_json *d, struct str name);

/* The text with @name behind the others; @d has nothing wrong, and does not name it. */
void daemon_json_add(struct text *out, const struct daemon_json *d, struct str name);

/* The text without @name; without the key, where it was the only one. What daemon_json_add() made of a text with
 * members becomes that text again, unless the list was there and empty. */
void daemon_json_remove(struct text *out, const struct daemon_json *d, struct str name);
