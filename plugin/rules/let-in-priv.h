#pragma once
/*
 * let-in-priv: how a rule's `list: {NAME: fact}` becomes a remedy.
 */
#include "compiler.h"
#include "docksill/rules/let-in.h"

/**
 * let_in_new() - compile `list:` of a fix
 * @node: a map of one pair, the name of an allow-list and a fact
 *
 * Reports another shape (DS204), an unknown list or one of conditions alone (DS217), an unknown fact (DS214), one that
 * is no text or path (DS216) and confidential ones (DS220). Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int let_in_new(struct compiler *c, const struct yaml_node *node, const struct let_in **out);

/* Whether the rule at hand judges by the list, so that the remedy is one. After its conditions. */
bool let_in_is_judged(const struct compiler *c, const struct let_in *l);
