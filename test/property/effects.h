#pragma once
/*
 * effects: what a request can bring about on a host, each stated once, with every door that it comes in by.
 *
 * A door is written as two requests that differ in the effect alone: what is laid over the body of its frame with it
 * and without it. In the texts $ stands for the effect's value, or $1 and $2 for the parts of a value with a | in it,
 * and as in json_from() ' stands for " and ` for an escaped one.
 */
#include "road.h"

/* The requests that doors are in, hardened as far as they can be, so that what is laid over them shows. */
enum frame {
        CREATE,
        SERVICE,
        START,
        RESTART,
        EXEC,
        UPDATE,
        COMMIT,
        VOLUME,
        NETWORK,
        CONNECT,
        SWARM_INIT,
        SWARM_UPDATE,
        SWARM_JOIN,
        NODE,
        SECRET,
        CONFIG,
        BUILD,
        IMPORT,
        PULL,
        PLUGIN_PULL,
        PLUGIN_UPGRADE,
        PLUGIN_SET,
        CHECKPOINT,
        BARE, /* nothing but its target */
        FRAMES,
};

struct frame_row {
        const char *target, *body; /* body NULL: none */
        const char *type, *length; /* of a body that is not shown */
        const char *other;         /* OTHER_CALL */
};
extern const struct frame_row frames[FRAMES];

/* The same answer of a lookup with the effect and without it; .plain NULL: as with it. */
struct tale {
        const char *kind, *name, *says, *plain;
};
#define DOOR_TALES 3

struct door {
        const char *name; /* NULL ends a list */
        enum frame frame;
        const char *with, *without; /* laid over the body; NULL: nothing */
        /* In place of the frame's target, or behind it where it begins with &. Of .plain NULL: the frame's. */
        const char *target, *plain;
        const char *method; /* NULL: POST */
        struct tale tales[DOOR_TALES];
};

#define EFFECT_VALUES 24
struct effect {
        const char *name;
        const char *values[EFFECT_VALUES]; /* ended by NULL */
        const struct door *doors;          /* the first is what the others are held against */
};
extern const struct effect effects[];
extern const size_t effects_n;

/* The one with this name; there must be one. */
const struct effect *effect_named(const char *name);
/* One of its doors; likewise. */
const struct door *door_named(const struct effect *effect, const char *name);

/* How the whole request is spelt; what it means is the same to dockerd, in every one. */
enum spelling {
        AS_DOCKER_DOES, /* API 1.44, keys as in the documentation */
        NO_VERSION,
        OLD_VERSION, /* 1.24, the oldest that engines of today take */
        NEW_VERSION, /* 1.51 */
        LOWER_KEYS,
        FOLDED_KEYS, /* in letters that Go takes for s and k */
        OTHER_CALL,  /* of a service: its update */
        SPELLINGS_OF_DOORS,
};
extern const char *const spelling_names[SPELLINGS_OF_DOORS];

/* False: there is no such spelling of that door. */
bool door_spelt(const struct door *door, enum spelling spelling);

/**
 * door_judge() - judge the request by which an effect comes in
 * @value: of the effect
 * @with:  or the same request without it
 */
void door_judge(struct judged *j, const struct road *road, const struct door *door, const char *value,
                enum spelling spelling, bool with);

/* @body with what @over has: objects are merged, lists appended, and a key with a ! before it takes the place of what
 * is there. */
void json_lay_over(json_t *body, const json_t *over);
