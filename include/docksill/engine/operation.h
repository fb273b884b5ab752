#pragma once
/*
 * operation: what a method and path mean to the Engine API.
 *
 * One table of all routes that moby's routers register, so that "unknown" means unknown. A row says what the body must
 * be, which facts the operation yields and which decoder reads it.
 */
#include "docksill/base/str.h"
#include "docksill/wire/target.h"

struct reading;

/* What the handlers of 20.10 to main read of the body. A form that Go finds in one adds to the query, whatever stands
 * here. */
enum operation_body {
        BODY_NONE,     /* nothing that a rule could judge: at most credentials */
        BODY_START,    /* nothing; below API 1.24 a HostConfig of more than 7 bytes, which later is answered with an
                          error */
        BODY_REQUIRED, /* JSON; must be shown */
        BODY_OPTIONAL, /* JSON, or nothing: without a Content-Type a body is answered with an error, or says nothing to
                          judge */
        BODY_STREAM,   /* tar or hijacked: never shown to plugins */
};

enum operation_flags {
        OPERATION_READ = 1 << 0,       /* changes nothing: judged by its target alone, never looked up */
        OPERATION_LIFECYCLE = 1 << 1,  /* ordinary: judged by its target alone */
        OPERATION_JUDGED = 1 << 2,     /* docksill judges what it carries; else request-not-judged-yet */
        OPERATION_ANY_METHOD = 1 << 3, /* whatever the method */
        /* What was told of an image or a volume may be wrong once it has run: what a name leads to, or what it
         * holds. */
        OPERATION_CHANGES_IMAGES = 1 << 4,
        OPERATION_CHANGES_VOLUMES = 1 << 5,
        /* No parameter says anything that is judged: a form can hide nothing. */
        OPERATION_FORM_IDLE = 1 << 7,
        OPERATION_CONTENT = 1 << 6, /* a read of what a container or an image holds or says: recorded like a change */
        OPERATION_NAMES = 1 << 8,   /* ?name= becomes a container's name */
        OPERATION_OURS = 1 << 9,    /* no call: what an audit judges. Its path is none, so that no target matches */
};

/* What a request leaves open and the engine is asked for (question.h). */
enum operation_asks {
        ASKS_CONTAINER = 1 << 0,    /* the container that its path names */
        ASKS_EXEC = 1 << 1,         /* the exec that its path names, and whose container that is */
        ASKS_COMMITTED = 1 << 2,    /* the container that ?container= names */
        ASKS_STARTED = 1 << 3,      /* beside: what that one mounts and whom it joins, which counts anew */
        ASKS_PEERS = 1 << 4,        /* the containers whose namespaces or volumes it shares */
        ASKS_IMAGE = 1 << 5,        /* the image that it names */
        ASKS_IMAGE_RUN = 1 << 6,    /* beside: what a container inherits of that one */
        ASKS_IMAGE_PULLED = 1 << 7, /* the same where each node pulls it: by digest or id alone it is the same one */
        ASKS_NETWORKS = 1 << 8,     /* the networks that it names */
        ASKS_VOLUMES = 1 << 9,      /* the volumes that it names */
        ASKS_DRIVERS = 1 << 10,     /* the plugins behind its drivers */
        ASKS_PLUGIN = 1 << 11,      /* the plugin that it is about */
        ASKS_REACHED = 1 << 12, /* where a rule wants it (request.reaches): what the containers have that it reaches;
                                   alone: the one that its path names, which it reads from */
};

/* What its response tells of the engine (response.h). */
enum operation_tells { TELLS_NOTHING, TELLS_INFO, TELLS_VERSION, TELLS_NETWORK, TELLS_NETWORKS };

struct operation {
        struct str id; /* "container.create": permanent */
        const char *method;
        const char *path; /* "/containers/{name}/start"; {x} one segment, {x*} any text with slashes (moby's .*) */
        enum operation_body body;
        unsigned flags;
        uint64_t yields; /* GROUP_…, beside REQUEST and DAEMON */
        unsigned asks;   /* of enum operation_asks; a read asks ASKS_REACHED alone, or nothing */
        enum operation_tells tells;
        /* The decoder: reads target and body into facts; not called when a body that must be there was not shown. NULL:
         * nothing to read. */
        void (*read)(struct reading *in);
        const char *doc;
        const char *source; /* moby file */
};

extern const struct operation operation_table[];
extern const size_t operation_table_n;

/* Path variables in the order of the pattern; views of the path. */
#define OPERATION_VARIABLES 2
struct operation_variables {
        struct str items[OPERATION_VARIABLES];
        size_t n;
};

/* The first row that matches, or NULL. @path is the decoded path without the version. */
const struct operation *operation_match(struct str method, struct str path, struct operation_variables *variables);

#define OPERATION_CHANGES (OPERATION_CHANGES_IMAGES | OPERATION_CHANGES_VOLUMES)

/* Which of OPERATION_CHANGES it may do; an unknown one: all. */
static inline unsigned operation_changes(const struct operation *o) {
        return o ? o->flags & OPERATION_CHANGES : OPERATION_CHANGES;
}

/* The row with this id, or NULL. Several rows may share an id (GET and HEAD of one thing): the first. */
const struct operation *operation_find(struct str id);

/* The subject of an audit of the host: judged by the rules that use facts of GROUP_HOST, and by no others. */
#define OPERATION_HOST "host.audit"

static inline size_t operation_index(const struct operation *o) {
        return (size_t)(o - operation_table);
}
