#pragma once
/*
 * framework: a standard or guide, and all its controls: those that rules serve, and those that no rule can.
 *
 * Files of `kind: framework` below rules/frameworks, one an edition. Nothing that is judged depends on them: they are
 * read for `docksill rules coverage` and checked by `docksill rules lint`.
 *
 *         docksill: v1
 *         kind: framework
 *         id: cis-docker                        # the name that rules' references: use
 *         title: CIS Docker Benchmark
 *         edition: "1.6.0"
 *         source: https://www.cisecurity.org/benchmark/docker
 *         checked: 2026-11-30                   # when the numbers were held against the source
 *         sections: {"5": container runtime}    # what rules may refer to, and is no control itself
 *         controls:
 *           - {id: "5.4", title: kernel capabilities, scope: container, covers: full}
 *           - {id: "5.28", title: present image versions, scope: image, covers: part,
 *              why: a tag that names no version is seen; whether an image is the newest is not, beside: image scan}
 *           - {id: "3.17", title: daemon.json belongs to root, scope: host, covers: full, places: [daemon.json]}
 */
#include "docksill/base/diag.h"
#include "docksill/rules/ruleset.h"

enum control_covers {
        COVERS_NONE, /* no rule serves it */
        COVERS_PART, /* .why says what is missing */
        COVERS_FULL,
};

/* "none", "part", "full". */
struct str control_covers_name(enum control_covers covers);

/* All texts are our own words. */
struct control {
        struct str id, title;
        struct str scope;  /* container, image, engine, swarm, host or organisation: whose setting it is about */
        struct str why;    /* why it is not covered, or not all of it */
        struct str beside; /* what else an auditor has to look at; empty: nothing */
        bool unsure;       /* the number was not held against the source */
        enum control_covers covers;
        struct str *rules; /* ids that serve it though they refer to its section alone */
        size_t n_rules;
        struct str *places; /* of a rule that serves others too, a finding is this control's that names one of them */
        size_t n_places;
        struct position at;
};

struct framework {
        struct str id, title, edition, source, checked;
        struct str *sections;
        size_t n_sections;
        struct control *controls;
        size_t n_controls;
        struct position at;
};

struct frameworks {
        struct framework *items;
        size_t n, capacity;
};

/**
 * frameworks_read() - all that lie in a folder
 * @out:    zeroed; in @arena
 * @folder: of the rules; the files lie in its frameworks/
 *
 * A folder without any is fine. Reports; returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int frameworks_read(struct frameworks *out, struct arena *arena, const char *folder, struct diag *diag);

/* Whether @rule serves @control: it refers to it, or is named by it. */
bool control_served(const struct framework *framework, const struct control *control, const struct rule *rule);

/**
 * frameworks_check() - hold frameworks and rules against each other
 *
 * Reports (DS601 to DS603) what rules refer to and a framework does not know, controls that name no rule there is, and
 * controls that say "none" though a rule serves them, or otherwise though none does. Returns 0 or -EINVAL.
 */
int frameworks_check(const struct frameworks *frameworks, const struct ruleset *rules, struct diag *diag);
