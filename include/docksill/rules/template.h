#pragma once
/*
 * template: a message or fix of a rule, "{fact}" and "{$value}" filled in.
 *
 * Facts go in through text_add_visible(): what a requester wrote is data in a message. The loader has refused
 * confidential facts, so none can come out here.
 */
#include "docksill/base/text.h"
#include "docksill/rules/condition.h"

struct template; /* immutable, in the rule set's arena */

/* NULL adds nothing. A fact without a value reads as "(none)". */
void template_add(struct text *t, const struct template *template, const struct scope *scope);

/* The same for what somebody may paste: a fact with anything in it that a shell or a YAML reader could take for more
 * than a word's letter reads as "…". */
void template_add_words(struct text *t, const struct template *template, const struct scope *scope);

/* Whether all facts in it stand there as they are: none is unknown, cut, or escaped to be seen. */
bool template_is_exact(const struct template *template, const struct scope *scope);

/* Its words, which live as long as it does, when there is nothing to fill in; else p == NULL. */
struct str template_words(const struct template *template);

/* Whether it shows this row of the table of facts: of a path that is the spelling at hand. */
bool template_shows(const struct template *template, const struct fact *fact);

/* Whether it mentions the element of for_each: then it reads differently for each instance. */
bool template_of_element(const struct template *template);
