#pragma once
/*
 * fact: a row of the facts table: what a fact is called, its type, where its cell lies and what is told of it.
 *
 * The table is plugin/engine/facts/fact-table.c; rows of list elements stand in elements.c beside it.
 */
#include "docksill/base/str.h"

/* What is known of a fact. Zeroed is known, at Docker's default. */
enum fact_state {
        FACT_KNOWN,
        FACT_UNKNOWN, /* its source is on and could not tell */
        FACT_OFF,     /* its source is off and it has no value for that */
        FACT_LEXICAL, /* of a path alone: known as it is written; the spelling behind those there are, where it leads on
                         the host, could not be told */
};

enum fact_type {
        FACT_BOOL,         /* struct fact_bool */
        FACT_INT,          /* struct fact_int */
        FACT_BYTES,        /* struct fact_int */
        FACT_DURATION,     /* struct fact_int, microseconds */
        FACT_STRING,       /* struct fact_str */
        FACT_ENUM,         /* struct fact_word, one of .values */
        FACT_VERSION,      /* struct fact_str, compared by dot-separated numbers */
        FACT_ADDRESS,      /* struct fact_str */
        FACT_IMAGE,        /* struct fact_str: registry/path, compared by components */
        FACT_CAPABILITY,   /* struct fact_str: upper case, without CAP_ */
        FACT_PATH,         /* struct fact_path */
        FACT_PORT,         /* struct fact_port */
        FACT_STRINGS,      /* struct fact_set */
        FACT_CAPABILITIES, /* struct fact_set of FACT_CAPABILITY */
        FACT_LIST,         /* struct fact_list of objects described by .element */
        FACT_TYPES,
};

/* "bool", "path", …: as people read it. */
const char *fact_type_name(enum fact_type type);

/* The type of a set's items, or FACT_TYPES when @type is no set. */
static inline enum fact_type fact_item_type(enum fact_type type) {
        return type == FACT_STRINGS ? FACT_STRING : type == FACT_CAPABILITIES ? FACT_CAPABILITY : FACT_TYPES;
}

/* Every cell begins so. given: in the request and not null. */
struct fact_head {
        uint8_t state; /* enum fact_state */
        bool given;
        uint8_t part; /* which of the places in fact.from decided, counted from 1; 0: all of them may have */
};

/* What an operation yields: bits of operation.yields and of a fact's .group. REQUEST and DAEMON are always there. */
#define GROUP_REQUEST    (UINT64_C(1) << 0)
#define GROUP_CONTAINER  (UINT64_C(1) << 1)
#define GROUP_MOUNTS     (UINT64_C(1) << 2)
#define GROUP_VARIABLES  (UINT64_C(1) << 3)
#define GROUP_TEXTS      (UINT64_C(1) << 4)
#define GROUP_IMAGE      (UINT64_C(1) << 5)
#define GROUP_EXEC       (UINT64_C(1) << 6)
#define GROUP_DAEMON     (UINT64_C(1) << 7)
#define GROUP_UPDATE     (UINT64_C(1) << 8)
#define GROUP_COMMIT     (UINT64_C(1) << 9)
#define GROUP_COPY       (UINT64_C(1) << 10)
#define GROUP_CHECKPOINT (UINT64_C(1) << 11)
#define GROUP_VOLUME     (UINT64_C(1) << 12)
#define GROUP_NETWORK    (UINT64_C(1) << 13)
#define GROUP_ENDPOINT   (UINT64_C(1) << 14)
#define GROUP_PLUGIN     (UINT64_C(1) << 15)
#define GROUP_BUILD      (UINT64_C(1) << 16)
#define GROUP_SANDBOX    (UINT64_C(1) << 17) /* of every container: one created, a service's, a build's */
#define GROUP_WORKLOAD                                                                                                 \
        (UINT64_C(1) << 18) /* of a container created and of a service's; GROUP_CONTAINER: what no service can say */
#define GROUP_SERVICE    (UINT64_C(1) << 19)
#define GROUP_SWARM      (UINT64_C(1) << 20) /* of a specification */
#define GROUP_SWARM_NODE (UINT64_C(1) << 21) /* of this node, or another */
#define GROUP_SWARM_DATA (UINT64_C(1) << 22)
#define GROUP_ENGINE     (UINT64_C(1) << 23) /* of what responses tell: in /info and /version */
#define GROUP_INFO       (UINT64_C(1) << 24) /* in /info alone */
#define GROUP_VERSION    (UINT64_C(1) << 25) /* in /version alone */
#define GROUP_BRIDGE     (UINT64_C(1) << 26) /* in the default bridge, inspected or listed */
#define GROUP_TARGET     (UINT64_C(1) << 27) /* a container that exists, looked up */
#define GROUP_LOGS       (UINT64_C(1) << 28) /* where output goes: of a container, a service, all tasks of a swarm */
#define GROUP_DRIVERS    (UINT64_C(1) << 29) /* that others than Docker may have written */
#define GROUP_SYSCTLS    (UINT64_C(1) << 30)
#define GROUP_LIMITS     (UINT64_C(1) << 31) /* of block devices */
#define GROUP_TOP        (UINT64_C(1) << 32)
#define GROUP_NAMES      (UINT64_C(1) << 33) /* that images get */
#define GROUP_FETCHES    (UINT64_C(1) << 34)
#define GROUP_NETWORKS   (UINT64_C(1) << 35) /* that a container is put in */
#define GROUP_HISTORY    (UINT64_C(1) << 38) /* how an image was built */
#define GROUP_ATTESTED   (UINT64_C(1) << 39) /* what its builder says of an image */
#define GROUP_REACHED    (UINT64_C(1) << 36) /* containers that exist, and are entered, read from or joined */
#define GROUP_HOST       (UINT64_C(1) << 37) /* files of the host: of an audit alone */

/* What only a response can tell. A rule that uses one of these is judged in the response phase, every other one in the
 * request phase. */
#define GROUP_RESPONSE (GROUP_ENGINE | GROUP_INFO | GROUP_VERSION | GROUP_BRIDGE)

/* What no caller makes up, so that an exemption may hang on it: the thing that it tells apart from others. */
enum fact_bound {
        BOUND_NOT, /* nothing: callers choose it freely, as they do most facts */
        BOUND_USER,
        BOUND_IMAGE, /* by its name */
        BOUND_REGISTRY,
        BOUND_CONTENT, /* of an image */
        BOUND_FOUND,   /* the content that an image's name led to a moment ago: worth no more than a name */
        BOUND_TARGET,  /* a container that exists */
        BOUND_HOST,    /* what an audit finds on the host: there is no caller */
};

/* A row of the facts table, or of an element's. */
struct fact {
        struct str name; /* "container.privileged"; of an element's row: "kind" */
        enum fact_type type;
        size_t at;                /* offset of the cell in struct facts, or in the element */
        uint64_t group;           /* one GROUP_…; 0 in elements' rows */
        const char *from;         /* where Docker has it: "HostConfig.Privileged" */
        const char *service;      /* where a service has it; NULL: in the same place, or it can't say it */
        const char *default_text; /* Docker's default, for people */
        const char *off;          /* its value when the source is off, for people; NULL: none */
        bool looked_up;           /* only a lookup of the engine tells it: FACT_OFF without (question.h) */
        bool scanned;             /* only a scanner's report tells it: FACT_OFF without (scan.h) */
        bool confidential;        /* usable in conditions, refused in messages, never evidence */
        enum fact_bound bound;
        bool pinned; /* registry/path@digest where it says what is let in: an allow-list's item of another form is in
                        vain */
        const char *const *values;  /* of FACT_ENUM: NULL-terminated */
        struct str looked_up_value; /* of FACT_ENUM: the value that a lookup alone brings; empty: none is */
        const struct fact *element; /* of FACT_LIST: rows, ended by one with an empty name */
        size_t element_size;
        const char *doc;
};

/* The table, sorted by name. */
extern const struct fact fact_table[];
extern const size_t fact_table_n;

/* The row with this name, or NULL. */
const struct fact *fact_find(struct str name);
/* The row of an element, or NULL. */
const struct fact *fact_find_in(const struct fact *element, struct str name);

/* The cell of @fact in @base (a struct facts, or an element of its list). */
static inline const struct fact_head *fact_cell(const struct fact *fact, const void *base) {
        return (const struct fact_head *)((const char *)base + fact->at);
}
