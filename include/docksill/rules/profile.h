#pragma once
/*
 * profile: what is known of an image that many people run: as whom, with what and where its program runs.
 *
 * Files of `kind: profile` among the rules, such as rules/profiles/postgres.yaml; rules/README.md has their keys. They
 * change what a refusal offers, and nothing of what is refused: no finding, no points, no verdict comes of them.
 */
#include "docksill/base/diag.h"

struct ruleset;

/* Whose it runs as where its tag has that word in it. */
struct profile_user {
        struct str tag;  /* "alpine"; empty: any tag */
        struct str user; /* "999:999": numbers, and not root */
};

struct profile_items {
        const struct str *items;
        size_t n;
        bool given; /* else nothing is known of them; given and n == 0: it needs none */
};

/* Lives as long as its rule set. */
struct profile {
        struct str name;
        struct profile_items images;      /* normalised, without tag: docker.io/library/postgres */
        struct str source, as_of, sure;   /* from where, of which day, and high | medium | low */
        const struct profile_user *users; /* the first that fits counts; none: nothing is known of it */
        size_t n_users;
        struct profile_items capabilities;   /* of a start as root; upper case, without CAP_ */
        struct profile_items tmpfs, volumes; /* where it writes: what is gone with the container, and what is not */
        unsigned processes;                  /* a limit with room to spare; 0: not known */
        struct str memory;                   /* likewise: "512m"; empty: not known */
        int64_t memory_bytes;
        struct position at;
};

struct profile_view {
        const struct profile *items;
        size_t n;
};

/* In the order they were read. */
struct profile_view ruleset_profiles(const struct ruleset *rs);

/* Of an image by its normalised name, struct image_ref's .name or the fact image.name; NULL: nothing is known. Of
 * several the one read last, so that a site's wins over a shipped one. */
const struct profile *ruleset_profile(const struct ruleset *rs, struct str image);

/**
 * profile_user() - whose number it runs as
 * @tag: of the reference; p == NULL or empty: none
 * @any: it may be any tag, for the image is named by a digest alone
 *
 * Empty where nothing is known of it.
 */
struct str profile_user(const struct profile *profile, struct str tag, bool any);
