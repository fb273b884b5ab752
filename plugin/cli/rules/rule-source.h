#pragma once
/*
 * rule-source: a rule as a person wrote it, for those who read rules rather than obey them.
 *
 * A compiled rule has no text of its conditions and templates; its file is still at hand in the rule set, and is read
 * once more.
 */
#include "docksill/rules/rule.h"
#include "docksill/rules/yaml.h"

struct rule_sources {
        struct arena *arena; /* borrowed */
        struct rule_source_file {
                const struct source *source;
                const struct yaml_node *rules; /* the sequence */
        } *items;
        size_t n, capacity;
};

/**
 * rule_source_entry() - the map that @rule was made of
 * @sources: zeroed but for its arena at first; remembers the files read
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int rule_source_entry(struct rule_sources *sources, const struct rule *rule, const struct yaml_node **out);

/**
 * rule_source_text() - a key of a rule with its value, as it stands in the file
 * @sources: that @entry came from
 * @key:     "when"
 *
 * Without the indentation of the key and comments behind the value. Empty when the key is not there.
 * Returns 0 or -ENOMEM.
 */
must_check_ int rule_source_text(struct rule_sources *sources, const struct yaml_node *entry, const char *key,
                                 struct str *out);

/* The text of a scalar under @key, of @entry or of a map in it; empty when it is not there. */
struct str rule_source_scalar(const struct yaml_node *map, const char *key);

/* The same of a text with facts in it, as people read it: a brace that is meant stands there once, {fact} as it is. In
 * @arena; without memory as in the file. */
struct str rule_source_words(struct arena *arena, const struct yaml_node *map, const char *key);

/* "allowed-host-paths, by mount.source" of the `list:` of a fix; empty when it has none. In @arena likewise. */
struct str rule_source_list(struct arena *arena, const struct yaml_node *fix);
