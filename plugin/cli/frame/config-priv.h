#pragma once
/*
 * config-priv: how values of a configuration are read, and its larger sections, a file each.
 */
#include "docksill/cli/config.h"
#include "docksill/rules/schema.h"

extern const char *const config_switch[]; /* on, off */
extern const struct schema config_records_schema, config_lookups_schema;

/* Carry on after a reported problem, so that all of them are reported; want of memory outweighs it. */
int config_worse(int before, int now);

/* @folder and @s in one, terminated. Returns 0 or -ENOMEM. */
must_check_ int config_text(struct arena *arena, struct str folder, struct str s, const char **out);

/**
 * config_path() - the text of @node, against the folder of its file where it @is_path
 * @node: NULL leaves *out as it is
 *
 * Returns 0, -EINVAL (reported) or -ENOMEM.
 */
int config_path(struct config *c, const struct schema_key *key, const struct yaml_node *node, const char **out,
                bool is_path, struct diag *diag);

/* Where @node says it; NULL: nowhere. */
void config_note(struct setting_origin *origin, const struct yaml_node *node);

/* Which of @choices is written; *out is left where nothing is. */
void config_choice(const struct yaml_node *node, const char *const *choices, unsigned *out);

/* "200ms", "1s": from @least of its unit to CONFIG_DEADLINE_MOST, in microseconds. */
bool config_time(struct str text, int64_t least, int64_t *out);

/* The sections `records:` and `lookups:`; @node: NULL: there is none. Return 0, -EINVAL (reported) or -ENOMEM. */
int config_records_take(struct config *c, const struct yaml_node *node, struct diag *diag);
int config_lookups_take(struct config *c, const struct yaml_node *node, struct diag *diag);
