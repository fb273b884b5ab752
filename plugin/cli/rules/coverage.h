#pragma once
/*
 * coverage: what of a framework the rules serve, and what becomes of these rules in an environment.
 */
#include "docksill/rules/framework.h"
#include "docksill/rules/inactivity.h"
#include <jansson.h>

/* What a rule's finding does; the first is what serves a control best. */
enum rule_state {
        RULE_ENFORCED, /* counts towards a refusal */
        RULE_EXEMPTED, /* likewise, but for what an exemption lets in */
        RULE_AUDITED,  /* is recorded, and refuses nothing */
        RULE_OBSERVED, /* is found in what the engine answers: recorded when it is news */
        RULE_OF_HOST,  /* is found by an audit of the host alone */
        RULE_ASLEEP,   /* can't fire while the engine is not asked */
        RULE_STATES,
};

/* "enforced", "exempted", "audit only", "observed", "host audit", "asleep". */
struct str rule_state_name(enum rule_state state);

struct covering_rule {
        const struct rule *rule;
        enum rule_state state;
        struct str until; /* of RULE_EXEMPTED: the last day of the exemption that lasts longest */
};

struct covered_control {
        const struct control *control;
        struct {
                struct covering_rule *items;
                size_t n, capacity;
        } rules;
        enum rule_state state; /* the best of its rules; RULE_STATES: it has none */
};

struct covered_framework {
        const struct framework *framework;
        struct covered_control *controls; /* as many, in its order */
        size_t covers[COVERS_FULL + 1];   /* how many controls are so */
        size_t states[RULE_STATES + 1];
};

struct coverage {
        const struct ruleset *rules;
        enum mode mode;
        unsigned off; /* SOURCE_…: who is not asked */
        struct covered_framework *items;
        size_t n, capacity;
};

/**
 * coverage_add() - find out how far the rules serve a framework
 * @out:  .rules, .mode and .off are set
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int coverage_add(struct coverage *out, struct arena *arena, const struct framework *framework);

/* Evidence, and no more: said at the end of every form of it. */
extern const char coverage_note[];

/* Each in one format. @arena: scratch. Returns 0 or -ENOMEM. */
must_check_ int coverage_text(struct text *out, const struct coverage *c, struct arena *arena);
must_check_ int coverage_csv(struct text *out, const struct coverage *c);
must_check_ int coverage_markdown(struct text *out, const struct coverage *c);
must_check_ int coverage_html(struct text *out, const struct coverage *c);

/* "docksill.coverage/1"; NULL without memory. */
json_t *coverage_json(const struct coverage *c);
