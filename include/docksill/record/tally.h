#pragma once
/*
 * tally: what was decided while one rule set was in force: decisions by family of operations, matches by rule.
 *
 * The thread that decides counts; others may read it while they hold a reference. The next rule set's tally goes on
 * with the counts of the one before: those of a rule that it has too, by its id, and, in an environment of the same
 * name, those of decisions.
 */
#include "docksill/base/counter.h"
#include "docksill/decide/decision.h"

/* What stands before the dot of an operation's id: "container". One more is for what docksill does not know. */
#define TALLY_FAMILIES 32

/* What became of a rule's finding. */
enum tally_effect {
        TALLY_CHARGED,
        TALLY_EXEMPTED, /* lifted by an exemption */
        TALLY_AUDITED,  /* the rule's own mode is audit */
        TALLY_EFFECTS,
};

/* What docksill finds without a rule of the set. */
#define TALLY_OWN 2
extern const struct str tally_own[TALLY_OWN];

#define TALLY_VERDICTS (VERDICT_DENY + 1)

/* What is in force. */
struct tally_of {
        struct ruleset *rules; /* the tally takes its own reference */
        enum mode mode;
        struct str config_digest; /* copied; at most 64 bytes */
        bool last_good;           /* not what the files say, which are bad */
};

struct tally {
        atomic_uint references;
        struct ruleset *rules;
        enum mode mode;
        bool last_good;
        char config_digest[65];

        struct str families[TALLY_FAMILIES];
        size_t n_families;
        uint8_t *family; /* by operation; the last: of what is not known */

        counter decisions[TALLY_FAMILIES][TALLY_VERDICTS][2]; /* by verdict, and whether it was allowed */
        counter (*matches)[TALLY_EFFECTS]; /* by rule, as ruleset_rules() has them; then of TALLY_OWN */
};

/* @before: NULL: nothing was counted yet. Returns 0 or -ENOMEM. */
must_check_ int tally_new(struct tally **out, const struct tally_of *of, const struct tally *before);

struct tally *tally_ref(struct tally *t);
void tally_unref(struct tally *t); /* NULL does nothing */
DEFINE_CLEANUP(struct tally *, tally_unref);

/* A decision by this rule set, or by an earlier one: then its rules are found by their ids. */
void tally_add(struct tally *t, const struct decision *d, const struct operation *operation);
