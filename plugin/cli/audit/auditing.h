#pragma once
/*
 * auditing: one audit under way: what is asked, whom, and the report that is filled.
 *
 * The report's arena is latched (arena_latch()) while it is filled: a report that is not whole is none.
 */
#include "containers/told-engine.h"
#include "docksill/cli/config.h"
#include "docksill/host/gap.h"
#include "docksill/host/root.h"
#include "docksill/rules/framework.h"
#include "docksill/rules/ruleset.h"
#include "earlier.h"
#include "engine-place.h"
#include "report/report.h"

enum audit_area {
        AREA_HOST,
        AREA_DAEMON,
        AREA_CONTAINERS,
        AREA_IMAGES,
        AREA_VOLUMES,
        AREA_NETWORKS,
        AREA_SERVICES,
        AREA_SECRETS,
        AREA_CONFIGS,
        AREA_PLUGINS,
        AREA_SWARM,
        AREAS,
};

/* "host", "containers". */
struct str audit_area_name(enum audit_area area);

struct auditing {
        const struct command *command;
        const struct config *config;
        const struct ruleset *rules;
        struct report *report;
        int64_t at;
        bool asked[AREAS];
        size_t areas[AREAS];   /* index in the report, of those asked for */
        size_t *checks;        /* by a rule's index: that of its check, and one more; 0: there is none yet */
        bool *wanted;          /* by a rule's index: whether it is asked; NULL: all are */
        const char *container; /* the one that is asked for, by name or id; NULL: all */

        struct frameworks frameworks;
        struct earlier baseline; /* .path == NULL: none is given */

        const char *root; /* as given */
        struct host_root files;
        struct str daemon_json;    /* that its engine reads; empty: none was found */
        struct str new_privileges; /* posture.h */

        const char *socket;          /* or URL of TCP; NULL: no engine is asked */
        struct engine_place place;   /* the same, as it is asked */
        bool remote;                 /* its files are another machine's: nothing of this one's is judged */
        bool answered;               /* it told something */
        bool seen;                   /* of what is asked for */
        struct str silent;           /* why nothing more is asked of it; visible text; empty: it is */
        struct engine_api *engine;   /* NULL likewise */
        struct told_engine told;     /* what it says of itself */
        json_t *images, *containers; /* its lists; NULL: it did not tell */
        json_t *users, *tags;        /* by an image's id: its containers; by a tag: the image's id */
        json_t *bodies;              /* Config of images that were inspected, by id */
        bool terminal;               /* somebody watches */
};

/* Adds the areas that are asked for to the report. Returns 0 or -ENOMEM. */
must_check_ int auditing_begin(struct auditing *a, struct arena *arena);

/* What can't be seen, and why: kept. */
void auditing_gap(struct auditing *a, struct str what, struct str why);

/* A subject more; its index. */
size_t auditing_subject(struct auditing *a, enum audit_area area, struct report_subject subject);

/* The one subject of the host's or the daemon's area; made when it is first asked for. */
size_t auditing_only(struct auditing *a, enum audit_area area);

/**
 * auditing_get() - ask the engine
 * @what:   for people, when it does not tell: "the list of volumes"; NULL: nothing is noted
 * @answer: on success; engine_answer_deinit() it, also after a failure
 *
 * An engine that no longer answers is asked nothing more. Returns 0 (a success of HTTP), -ENOENT (there is no such
 * thing: nothing is noted) or another errno.
 */
must_check_ int auditing_get(struct auditing *a, struct engine_answer *answer, const char *target, const char *what);

/* The same for what is JSON: NULL when it did not tell. */
json_t *auditing_get_json(struct auditing *a, const char *target, const char *what);

/**
 * auditing_read_answer() - what the engine answers, read as a plugin reads it: in the envelope that dockerd would have
 * sent
 *
 * Returns 0, -EPROTO (it is not what engines write) or -ENOMEM.
 */
must_check_ int auditing_read_answer(struct request *out, struct arena *arena, const char *target, struct str body);

/* Fills .users and .tags from the lists; of two images with one tag the first counts. Returns 0 or -ENOMEM. */
must_check_ int auditing_index(struct auditing *a);

/* "containers: 12 of 340", for somebody who watches; @n == 0: the line is free again. */
void auditing_progress(const struct auditing *a, const char *what, size_t i, size_t n);

/* -- the areas; each fills what it is called for, and returns 0 or -ENOMEM -- */

must_check_ int audit_host(struct auditing *a);
must_check_ int audit_daemon(struct auditing *a);
must_check_ int audit_containers(struct auditing *a);
must_check_ int audit_images(struct auditing *a);
must_check_ int audit_things(struct auditing *a); /* volumes, networks, services, secrets, configs, plugins, swarm */
/* Of a file that `docker inspect` printed of containers and images. Returns 0, also when it can't be read (noted), or
 * -ENOMEM. */
must_check_ int audit_inspected(struct auditing *a, const char *path);
/* Of what it printed of one image. Returns 0, -EINVAL (it is none) or -ENOMEM. */
must_check_ int audit_inspected_image(struct auditing *a, struct str text);
