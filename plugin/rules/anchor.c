/*
 * The attacker here is a requester who has read the exemptions and writes a request that falls under one. What helps
 * against that is a test that only a certain user or a certain image can pass; all the rest of a request is theirs.
 *
 * Only tests that name what they want count: "not X" is nearly everybody, a regular expression nobody can overlook, an
 * empty text is what the anonymous have, and a pattern that begins with a star is open where an attacker may choose the
 * beginning: everybody can push "team/app" to some registry.
 */
#include "anchor.h"

#include "condition-walk.h"
#include <stddef.h>

/* Whether a test with the operand @text, which says @names of the value, tells that value apart from others. */
typedef bool text_pins(enum predicate_names names, struct str text);

static bool each_text(const struct test *test, text_pins *pins) {
        if (test->terms->operands_are != OPERAND_TEXT)
                return false;
        for (size_t i = 0; i < test->n; ++i)
                if (!pins(test->terms->predicate->names, test->operands[i].text))
                        return false;
        return test->n > 0;
}

/* What stands before the first wildcard. */
static struct str literal_head(struct str pattern) {
        size_t n = 0;

        while (n < pattern.n && pattern.p[n] != '*' && pattern.p[n] != '?')
                ++n;
        return str_first(pattern, n);
}

static bool has_literal(struct str pattern) {
        for (size_t i = 0; i < pattern.n; ++i)
                if (pattern.p[i] != '*' && pattern.p[i] != '?')
                        return true;
        return false;
}

/* Users get their names from a certificate authority, so any part of one may be what tells them apart. */
static bool pins_user(enum predicate_names names, struct str text) {
        switch (names) {
        case NAMES_WHOLE:
        case NAMES_HEAD:
        case NAMES_TAIL: return text.n > 0;
        case NAMES_PATTERN: return has_literal(text);
        default: return false;
        }
}

/* Docker Hub, where everybody may push. */
static bool is_hub(struct str registry) {
        return str_eqz(registry, "docker.io") || str_eqz(registry, "index.docker.io");
}

/* The part of a pattern that stands must hold the registry, and on Docker Hub whose images they are. */
static bool names_owner(struct str head) {
        struct str registry = str_cut(&head, '/');

        return head.p && (!is_hub(registry) || str_find(head, '/') < head.n);
}

/* A name without wildcards is whole, but where it only begins so. */
static bool pins_image(enum predicate_names names, struct str text) {
        struct str head = literal_head(text);

        if (text.n == 0 || is_hub(text))
                return false;
        switch (names) {
        case NAMES_WHOLE:
        case NAMES_FOLDER:
        case NAMES_PATTERN: return head.n == text.n || names_owner(head);
        case NAMES_HEAD: return names_owner(head);
        default: return false;
        }
}

static bool pins_exactly(enum predicate_names names, struct str text) {
        return names == NAMES_WHOLE && text.n > 0 && !is_hub(text);
}

/* Of what an audit finds there is nobody to choose it. */
static bool pins_any(enum predicate_names names, struct str text) {
        return names != NAMES_NOTHING && text.n > 0;
}

/* "/proc" is a value; all below "/" is no narrower than the rule. An exact "/" is one: host-root-mount judges by it. */
static bool pins_value(enum predicate_names names, struct str text) {
        struct str head = literal_head(text);

        switch (names) {
        case NAMES_WHOLE:
        case NAMES_PART: return text.n > 0 && (head.n == text.n || head.n > 1);
        case NAMES_FOLDER:
        case NAMES_HEAD:
        case NAMES_PATTERN: return head.n > 1;
        default: return false;
        }
}

static unsigned anchor_of_match(const struct condition *c) {
        static const struct {
                unsigned holds;
                text_pins *pins;
        } rows[] = {
                [BOUND_USER] = { ANCHOR_USER, pins_user },         [BOUND_IMAGE] = { ANCHOR_IMAGE, pins_image },
                [BOUND_REGISTRY] = { ANCHOR_IMAGE, pins_exactly }, [BOUND_CONTENT] = { ANCHOR_CONTENT, pins_exactly },
                [BOUND_TARGET] = { ANCHOR_TARGET, pins_exactly },  [BOUND_FOUND] = { ANCHOR_IMAGE, pins_exactly },
                [BOUND_HOST] = { ANCHOR_HOST, pins_any },
        };
        const struct terms *terms = c->test.terms;

        if (terms->fact->at == offsetof(struct facts, image.as_built))
                return terms->predicate->names == NAMES_WHOLE && c->test.operands[0].flag ? ANCHOR_AS_BUILT : 0;
        if (terms->fact->bound == BOUND_NOT || !each_text(&c->test, rows[terms->fact->bound].pins))
                return 0;
        return rows[terms->fact->bound].holds;
}

static bool pins(const struct test *test) {
        if (test->terms->operands_are == OPERAND_TEXT)
                return each_text(test, pins_value);
        return test->terms->predicate->names != NAMES_NOTHING && test->n > 0;
}

/* Does the rule judge an element by a path of the host? Then where inside it is put says nothing: that is the
 * requester's. */
static bool reads_path(const struct rule *rule) {
        for (const struct fact *f = rule->each->element; f && f->name.n; ++f)
                if (f->type == FACT_PATH && anchor_reads(rule, true, f->at))
                        return true;
        return false;
}

/* Whether a mount may be written or of what kind it is says nothing of which one it is. */
static unsigned anchor_of_only(const struct condition *c, const struct rule *rule) {
        enum fact_type type = c->test.terms->fact->type;
        bool holds = anchor_reads(rule, c->element, c->at);

        if (rule->each && (!c->element || type == FACT_BOOL || type == FACT_ENUM))
                holds = false;
        else if (rule->each)
                holds = type == FACT_PATH || (holds && !reads_path(rule));
        return holds && pins(&c->test) ? ANCHOR_SOMETHING : 0;
}

/* A branch is as good as another that holds something else; what is left of them all is that each holds something. */
static unsigned completed(unsigned bits) {
        if (bits & (ANCHOR_USER | ANCHOR_TARGET | ANCHOR_IMAGE | ANCHOR_CONTENT | ANCHOR_HOST))
                bits |= ANCHOR_SOMETHING;
        if (bits & (ANCHOR_USER | ANCHOR_TARGET) || (bits & ANCHOR_CONTENT && bits & ANCHOR_AS_BUILT))
                bits |= ANCHOR_HARD;
        return bits;
}

/* Of `only` for @rule; NULL: of a match. How many elements there are holds nothing. Recursion: YAML_DEPTH_MOST. */
static unsigned hold(const struct condition *c, const struct rule *rule) {
        unsigned any = 0, each = ~0u;

        if (!c || c->kind == CONDITION_NOT)
                return 0;
        if (c->kind == CONDITION_TEST)
                return c->subject > SUBJECT_SOME ? 0 : rule ? anchor_of_only(c, rule) : anchor_of_match(c);
        for (size_t i = 0; i < c->parts.n; ++i) {
                unsigned part = hold(c->parts.items[i], rule);

                any |= part;
                each &= completed(part);
        }
        return c->kind == CONDITION_ALL ? any : each;
}

unsigned anchor_of(const struct condition *match) {
        return completed(hold(match, NULL));
}

bool anchor_narrows(const struct condition *only, const struct rule *rule) {
        return hold(only, rule) & ANCHOR_SOMETHING;
}

bool anchor_reads(const struct rule *rule, bool element, size_t at) {
        bool reads = condition_reads(rule->when, element, at);

        for (size_t i = 0; i < rule->n_cases && !reads; ++i)
                reads = condition_reads(rule->cases[i].when, element, at);
        return reads;
}
