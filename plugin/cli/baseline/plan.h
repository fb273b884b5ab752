#pragma once
/*
 * plan: what has to be listed and exempted so that what runs today goes on running, and nothing worse.
 *
 * A thing of the host that an allow-list can name is listed, unless another rule bars it whatever is listed: then it is
 * exempted beside it, for its image alone. Of a call that is refused everything that counts is exempted, for the image
 * by its content, with the very values: were only so much lifted as brings the sum below the limit, what is left would
 * take in something worse (a second capability costs no more than the first). What a hard rule refuses is lifted for an
 * image that runs as it was built, else for the start of the one container.
 */
#include "containers/weigh.h"
#include "docksill/decide/explain-lists.h"
#include "exemption/draft.h"

/* One rule of one image, or of one container. */
struct plan_entry {
        struct str image;     /* "sha256:…" */
        struct str container; /* 64 digits: its start alone; empty: all containers of the image */
        struct str rule;
        struct draft_only only; /* none: the rule as a whole */
        enum severity up_to;
        bool hard;
        bool whole; /* some instance has nothing that `only` could name */
        bool made;  /* found at a create; else at starts alone */
        bool dead;  /* the loader does not take it, or it lifts nothing */
        bool works; /* lifts something of a call that passes */
        struct str id;
        unsigned first_line, last_line; /* in the file as it was drawn last */
};

struct plan_image {
        struct str id, digest; /* digest: that a container names it by; empty: none does */
        unsigned remaining;    /* points that are left over in calls that pass */
};

struct plan {
        struct arena *arena;
        const struct containers *containers; /* all that there are */
        struct {
                struct plan_entry *items;
                size_t n, capacity;
        } entries;
        struct {
                struct plan_image *items;
                size_t n, capacity;
        } images;
        struct {
                struct explain_list *items;
                size_t n, capacity;
        } lists;
        bool bounded; /* entries hold for what remains today alone */
};

/* Lists what a container uses of the host. Returns 0 or -ENOMEM. */
must_check_ int plan_list(struct plan *p, const struct weighed *w);

/**
 * plan_exempt() - exempt what counts in a call that is refused
 * @more: set when something was not in the plan before
 *
 * What is hard and not lifted by what is planned for the image is, of a start, planned for the container. Returns 0 or
 * -ENOMEM.
 */
must_check_ int plan_exempt(struct plan *p, const struct container *c, enum phase phase, const struct weighed *w,
                            bool *more);

/* Of a call that passes: which entries are of use, and what remains. */
void plan_settle(struct plan *p, const struct container *c, const struct weighed *w);

/* Drops what is of no use. */
void plan_prune(struct plan *p);
