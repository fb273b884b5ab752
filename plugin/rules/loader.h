#pragma once
/*
 * loader: a rule set on its way from files to its compiled form.
 */
#include "compiler.h"
#include "defaults.h"
#include "docksill/base/file.h"
#include "docksill/rules/rule.h"
#include "named-list.h"
#include "profile-priv.h"
#include "renamings.h"
#include <openssl/evp.h>

/* A file or folder that holds rules, as an environment or a command line names it. */
struct rules_path {
        struct str path;       /* NUL-terminated */
        struct position named; /* zeroed: on a command line */
};

struct rules_paths {
        struct rules_path *items;
        size_t n, capacity;
};

/* A file of kind rules. */
struct rules_document {
        const struct yaml_node *rules; /* a list, or NULL */
        struct defaults defaults;
};

/* One entry of `rules:`, also when it is broken: its id is taken, and known to overrides. */
struct entry {
        struct str id;
        struct position at;
        bool sound;
        struct rule rule;
        uint8_t *operations;       /* as rule_new() fills it */
        struct position opened_at; /* of the last override by which it ceased to refuse everywhere; no source: none */
};

struct loader {
        struct compiler compiler;
        struct definitions definitions;
        EVP_MD_CTX *digest;
        const char *rules;          /* the folder that holds environments/; NULL: rules are named one by one */
        struct file_names seen;     /* cleaned paths of files read, so that none is read twice */
        struct renamings renamings; /* in the rule set's arena */
        struct profiles profiles;   /* in the rule set's arena, in the order they were read */
        struct {
                struct rules_document *items;
                size_t n, capacity;
        } documents;
        struct {
                struct entry *items;
                size_t n, capacity;
        } entries;
};

/* The digest is of base names, lengths and contents: the same rules have the same digest wherever they are
 * installed. */
must_check_ int loader_digest(struct loader *l, const struct source *source);

/**
 * loader_read_rules() - read the files that @paths name, and their lists and values; and profiles
 *
 * Each file once, whatever names it. Reports; returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int loader_read_rules(struct loader *l, const struct rules_paths *paths);

/* Compile all rules of the documents into entries, sorted by id. Returns 0, -EINVAL or -ENOMEM. */
must_check_ int loader_compile(struct loader *l);

/* The entry of this id, or NULL. After loader_compile(). */
struct entry *loader_entry(const struct loader *l, struct str id);

/* The same of a name that somebody wrote: an old one leads to the rule that it is now, with a warning (DS334). */
struct entry *loader_named(const struct loader *l, const struct yaml_node *id);

/* Reports old names that are rules (DS206), or lead to none (DS301). Returns 0 or -EINVAL. */
must_check_ int loader_check_renamings(struct loader *l);

/* Why neither an exemption nor an override may change the rule; NULL: they may. A flawed request can't be read exactly,
 * so nobody knows what would be let in; and what guards docksill itself guards exemptions and overrides too. */
const char *entry_never_changed(const struct entry *entry);

/* Reports that there is none of this id, with the nearest (DS301). Returns -EINVAL. */
int loader_unknown_rule(const struct loader *l, const struct yaml_node *id);

/* @name beside the file @from, cleaned and NUL-terminated; an absolute one is itself. Returns 0 or -ENOMEM. */
must_check_ int loader_beside(struct arena *arena, struct str from, struct str name, struct str *out);

must_check_ int rules_paths_add(struct loader *l, struct rules_paths *paths, struct str path, struct position named);
