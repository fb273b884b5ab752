#pragma once
/*
 * suggested: what is suggested for one container, and what it is judged by without and with it.
 */
#include "engine-view.h"
#include "fit.h"
#include "host-view.h"
#include "yardsticks.h"

/* A container that runs, or one that somebody might make. */
struct suggest_subject {
        struct str name, service; /* service: of a compose file; empty: none */
        struct str image, image_id, id;
        struct str call;       /* AuthZReq of its create */
        struct str note;       /* what could not be taken into the call; empty: nothing */
        const json_t *inspect; /* NULL: of a file */
        bool running;
        int64_t pid;
};

struct suggest_verdict {
        enum verdict verdict;
        unsigned points;
};

struct suggested {
        const struct suggest_subject *subject;
        struct str image;         /* as it was asked for */
        struct observed observed; /* zeroed unless .watched */
        bool watched;
        struct suggestions suggestions;
        const struct yardsticks *yardsticks;
        struct suggest_verdict before[YARDSTICKS_MOST], after[YARDSTICKS_MOST];
        const char *unjudged;  /* why .after is none, a sentence without an end; NULL: it is there */
        struct explained left; /* .after in the environment in force; of .before where .unjudged */
};

/* What a run of the command works with. */
struct suggesting {
        const struct setup *setup;
        const struct yardsticks *yardsticks;
        struct engine_api *engine; /* NULL: none is asked */
        const struct host_places *places;
        struct arena *arena; /* of one container: emptied before the next */
};

/**
 * suggested_make() - watch it, if it runs, fit, and judge
 * @out: all in @s->arena
 *
 * Says on stderr what failed. Returns EXIT_FINE, EXIT_ENVIRONMENT (the machine or the engine failed: no use to go on),
 * or SUGGESTED_GONE: it was removed meanwhile, which is said.
 */
#define SUGGESTED_GONE (-1)
must_check_ int suggested_make(struct suggested *out, const struct suggesting *s,
                               const struct suggest_subject *subject);

/* All flags that are applied, in order; in its arena. */
struct flags suggested_flags(const struct suggested *s);

/* A list of objects for people; and "docksill.suggest/1"'s element. @arena: scratch. Returns 0 or -ENOMEM; NULL without
 * memory. */
must_check_ int suggested_text(struct text *out, const struct suggested *s, struct arena *arena);
json_t *suggested_json(const struct suggested *s, struct arena *arena);

/* The compose file that says the same, under its service; empty: nothing is suggested that it can say. */
void suggested_add_compose(struct text *out, const struct suggested *s, struct arena *arena, const char *indent);
