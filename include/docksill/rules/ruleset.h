#pragma once
/*
 * ruleset: an environment with all its rules, checked, compiled and immutable; counted references.
 *
 * A generation: a request pins one, a reload swaps the pointer, the last unref frees it.
 */
#include "docksill/rules/access.h"
#include "docksill/rules/addition.h"
#include "docksill/rules/exemption.h"
#include "docksill/rules/limits.h"
#include "docksill/rules/mode.h"
#include "docksill/rules/opening.h"
#include "docksill/rules/profile.h"
#include "docksill/rules/renaming.h"
#include "docksill/rules/rule.h"
#include "docksill/rules/steps.h"

struct bundle;
struct provenance;

struct ruleset;

struct ruleset_options {
        const char *rules;         /* folder that holds environments/; never NULL */
        const char *environment;   /* a name, or a path when it holds a '/' or ends in .yaml; never NULL */
        const char *exemptions;    /* folder or file; NULL: none */
        struct position at;        /* where .environment is named; zeroed: in no file */
        const struct bundle *from; /* where all files are read; NULL: from the disk */
        /* A file of exemptions that is to be tried: read after those, instead of the file among them that it would
         * replace. NULL: none. */
        const char *draft, *replaced;
        struct list_additions added;
};

/**
 * ruleset_load() - read an environment, what it extends, the rules it names and the exemptions
 * @out:  written on success only; ruleset_unref() it
 * @diag: every problem of every file; warnings too
 *
 * Returns 0, -EINVAL when @diag has errors, or -ENOMEM.
 */
must_check_ int ruleset_load(struct ruleset **out, const struct ruleset_options *options, struct diag *diag);

/**
 * ruleset_load_rules() - rules alone, without an environment: for `docksill test PATH…` and `check PATH…`
 * @paths: rule files or folders of them
 *
 * Limits are those of lockdown, mode is enforce. As ruleset_load() otherwise.
 */
must_check_ int ruleset_load_rules(struct ruleset **out, const char *const *paths, size_t n, struct diag *diag);

struct ruleset *ruleset_ref(struct ruleset *rs);
void ruleset_unref(struct ruleset *rs);
DEFINE_CLEANUP(struct ruleset *, ruleset_unref);

struct str ruleset_name(const struct ruleset *rs); /* "production" */
enum mode ruleset_mode(const struct ruleset *rs);  /* what the file says, else audit; a flag may win over it */
const struct limits *ruleset_limits(const struct ruleset *rs); /* its own: the last step's, where it has steps */
struct step_view ruleset_steps(const struct ruleset *rs);
struct str ruleset_digest(const struct ruleset *rs); /* SHA-256 in hex over all files read, in order */
/* All files read, in order, as they were. */
const struct bundle *ruleset_files(const struct ruleset *rs);
struct access_view ruleset_access(const struct ruleset *rs);
struct exemption_view ruleset_exemptions(const struct ruleset *rs); /* expired ones too */

struct opening_view ruleset_openings(const struct ruleset *rs); /* in the order of the configuration */
const struct provenance *ruleset_provenance(const struct ruleset *rs);

/* All rules, sorted by id. */
struct rule_view ruleset_rules(const struct ruleset *rs);
const struct rule *ruleset_rule(const struct ruleset *rs, struct str id);

/* Those that are judged for the operation with this index in operation_table. Unknown operations: operation_table_n. */
struct rule_view ruleset_for(const struct ruleset *rs, size_t operation);

/* Whether one of those uses a fact of @groups. */
bool ruleset_uses(const struct ruleset *rs, size_t operation, uint64_t groups);

/* Before the expressions of @rs are held against the texts of a request with @bytes, which bounds the steps that they
 * may take for all of it. One thread at a time. */
void ruleset_search_begin(const struct ruleset *rs, size_t bytes);

/* Whether they used up all of them: what they said since is "matches", and need not be so. */
bool ruleset_search_spent(const struct ruleset *rs);

/**
 * ruleset_candidates() - those of ruleset_for() that may fire for these facts, in no particular order
 * @arena: holds the result; when it is full all of ruleset_for() are returned, which is slower and as right
 *
 * What is left out can't fire: a condition it can't do without says no or is off, or the list it walks is known to be
 * empty. One question serves all rules that begin alike, so that a rule more costs little (DESIGN 9).
 */
struct rule_view ruleset_candidates(const struct ruleset *rs, size_t operation, const struct facts *facts,
                                    struct arena *arena);
