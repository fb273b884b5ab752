#pragma once
/*
 * invented: rules, a rule set and an operation table made by hand, so that deciding is tested without YAML, bodies or
 * an engine. A test that includes this brings its own condition_holds(), template_add(), ruleset_*() and
 * operation_table; the linker then takes none from the rooms' libraries.
 */
#include "../engine/latched.h"
#include "docksill/decide/decide.h"
#include "docksill/decide/decision.h"
#include "docksill/decide/evaluate.h"
#include "docksill/decide/explain-flags.h"
#include "docksill/decide/explain.h"
#include "docksill/decide/gate.h"
#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* What it answers for each spelling; or, with .equals, whether the element of a set is that text, with .path, whether
 * the mount's source is. */
struct condition {
        enum truth answer[FACT_SPELLINGS];
        const char *equals, *path;
};

#define ALWAYS(truth)              ((const struct condition[]){ { .answer = { (truth), (truth) } } })
#define BY_SPELLING(first, second) ((const struct condition[]){ { .answer = { (first), (second) } } })
#define ITEM_IS(text)              ((const struct condition[]){ { .equals = (text) } })
#define PATH_IS(text)              ((const struct condition[]){ { .path = (text) } })

static unsigned conditions_asked;

enum truth condition_holds(const struct condition *c, const struct scope *scope) {
        ++conditions_asked;
        assert(scope->spelling < FACT_SPELLINGS);
        if (c->equals) {
                const struct fact_str *item = scope->element;

                return str_eqz(item->value, c->equals) ? TRUTH_YES : TRUTH_NO;
        }
        if (c->path) {
                const struct mount_fact *mount = scope->element;

                return str_eqz(mount->source.spelling[scope->spelling], c->path) ? TRUTH_YES : TRUTH_NO;
        }
        return c->answer[scope->spelling];
}

/* A text; "%" in it stands for the element of a set, "@" for any path of an element, whichever spelling is at hand. */
struct template {
        const char *text;
};

#define TEXT(text) ((const struct template[]){ { text } })

void template_add(struct text *t, const struct template *template, const struct scope *scope) {
        const struct fact_str *item = scope->element;

        if (!template)
                return;
        for (const char *p = template->text; *p; ++p)
                if (*p == '%')
                        text_add_visible(t, item ? item->value : STR_C("(none)"), 256);
                else
                        text_add_char(t, *p);
}

void template_add_words(struct text *t, const struct template *template, const struct scope *scope) {
        template_add(t, template, scope);
}

bool template_is_exact(const struct template *template unused_, const struct scope *scope unused_) {
        return true;
}

struct str template_words(const struct template *template) {
        return template && !strchr(template->text, '%') ? str_from(template->text) : (struct str){ 0 };
}

bool template_shows(const struct template *template, const struct fact *fact) {
        return template && fact->type == FACT_PATH && strchr(template->text, '@');
}

bool template_of_element(const struct template *template) {
        return template && strchr(template->text, '%');
}

/* A list on which the element of a set stands as it is, or with .mount both spellings of a mount's source; what begins
 * with a star no list can hold. */
struct let_in {
        struct str list;
        bool mount;
};

struct str let_in_list(const struct let_in *l) {
        return l->list;
}
unsigned let_in_spellings(const struct let_in *l, const struct scope *scope) {
        const struct mount_fact *mount = scope->element;

        return !scope->element ? 0 : l->mount ? mount->source.n : 1;
}
struct str let_in_value(const struct let_in *l, const struct scope *scope) {
        const struct mount_fact *mount = scope->element;
        const struct fact_str *item = scope->element;

        return l->mount ? mount->source.spelling[scope->spelling] : item->value;
}
const char *let_in_unfit(unused_ const struct let_in *l, struct str value) {
        return str_starts(value, STR_C("*")) ? "of its star" : NULL;
}

struct ruleset {
        struct str name, digest;
        struct limits limits;
        struct step_view steps;
        const struct rule *const *rules;
        size_t n;
        struct access_view access;
        struct opening_view openings;
};

/* DESIGN 7. */
static const struct limits limits_development = { .deny_severity = SEVERITY_CRITICAL,
                                                  .deny_points = 200,
                                                  .warn_severity = SEVERITY_HIGH,
                                                  .warn_points = 120,
                                                  .unknown = UNKNOWN_SKIP },
                           limits_staging = { .deny_severity = SEVERITY_CRITICAL,
                                              .deny_points = 110,
                                              .warn_severity = SEVERITY_MEDIUM,
                                              .warn_points = 30,
                                              .unknown = UNKNOWN_WARN },
                           limits_production = { .deny_severity = SEVERITY_HIGH,
                                                 .deny_points = 50,
                                                 .warn_severity = SEVERITY_LOW,
                                                 .warn_points = 1,
                                                 .unknown = UNKNOWN_FAIL },
                           limits_lockdown = { .deny_severity = SEVERITY_LOW,
                                               .deny_points = 1,
                                               .warn_severity = SEVERITY_INFO,
                                               .warn_points = 1,
                                               .unknown = UNKNOWN_FAIL };

struct str ruleset_name(const struct ruleset *rs) {
        return rs->name;
}
const struct limits *ruleset_limits(const struct ruleset *rs) {
        return &rs->limits;
}
struct step_view ruleset_steps(const struct ruleset *rs) {
        return rs->steps;
}
struct str ruleset_digest(const struct ruleset *rs) {
        return rs->digest;
}
static bool search_spent;

void ruleset_search_begin(unused_ const struct ruleset *rs, unused_ size_t bytes) {
}

bool ruleset_search_spent(unused_ const struct ruleset *rs) {
        return search_spent;
}

struct rule_view ruleset_rules(const struct ruleset *rs) {
        return (struct rule_view){ rs->rules, rs->n };
}
const struct profile *ruleset_profile(unused_ const struct ruleset *rs, unused_ struct str image) {
        return NULL;
}
struct access_view ruleset_access(const struct ruleset *rs) {
        return rs->access;
}
struct opening_view ruleset_openings(const struct ruleset *rs) {
        return rs->openings;
}
/* The second operation has no rules, so that the index is seen to be used. */
struct rule_view ruleset_candidates(const struct ruleset *rs, size_t operation, const struct facts *facts,
                                    struct arena *arena) {
        (void)facts;
        (void)arena;
        return operation == 1 ? (struct rule_view){ 0 } : ruleset_rules(rs);
}
struct str mode_name(enum mode mode) {
        return mode == MODE_AUDIT ? STR_C("audit") : mode == MODE_ENFORCE ? STR_C("enforce") : STR_C("enforce-hard");
}

const struct operation operation_table[] = {
        { .id = STR("container.create"),
          .method = "POST",
          .path = "/containers/create",
          .yields = GROUP_CONTAINER | GROUP_WORKLOAD | GROUP_MOUNTS | GROUP_IMAGE },
        { .id = STR("system.ping"), .method = "GET", .path = "/_ping" },
};
const size_t operation_table_n = ARRAY_SIZE(operation_table);

uint64_t request_yields(const struct request *r) {
        uint64_t always = GROUP_REQUEST | GROUP_DAEMON;

        return flaws_any(&r->flaws) || !r->operation ? always : always | r->operation->yields;
}

bool request_query_key_allowed(struct str key) {
        return str_eqz(key, "name") || str_eqz(key, "platform") || str_eqz(key, "fromImage");
}

static const struct fix no_fix;

/* A rule's case: CASE(.when = …, .severity = …, .message = TEXT("…")); with another remedy: CASE_FIXED(&fix, …). */
#define CASE_FIXED(how, ...)                                                                                           \
        { .fix = (how), __VA_ARGS__ }
#define CASE(...) CASE_FIXED(&no_fix, __VA_ARGS__)
#define CASES(...)                                                                                                     \
        .cases = (const struct rule_case[]){ __VA_ARGS__ },                                                            \
        .n_cases = sizeof((const struct rule_case[]){ __VA_ARGS__ }) / sizeof(struct rule_case)

/* A request of the first operation, in memory of its own. */
struct bench {
        struct arena arena;
        struct request request;
        struct decision decision;
};

unused_ static void bench_init(struct bench *b) {
        *b = (struct bench){ .request = { .operation = &operation_table[0] } };
        arena_init(&b->arena, 1 << 20);
}

unused_ static void bench_deinit(struct bench *b) {
        arena_deinit(&b->arena);
}

unused_ static struct rule_view view_of(const struct rule *const *rules, size_t n) {
        return (struct rule_view){ rules, n };
}

/* The findings of one rule under a policy: none or one. */
unused_ static const struct finding *evaluate_one(struct bench *b, const struct rule *rule,
                                                  enum unknown_policy policy) {
        const struct rule *rules[] = { rule };

        assert_int_equal(evaluate(&b->decision, view_of(rules, 1), policy, &b->request, &b->arena), 0);
        assert_true(b->decision.n_findings <= 1);
        return b->decision.n_findings ? &b->decision.findings[0] : NULL;
}

#define assert_str(s, z)                                                                                               \
        do {                                                                                                           \
                struct str given_ = (s);                                                                               \
                char *copy_ = strndup(given_.p ? given_.p : "", given_.n);                                             \
                assert_string_equal(copy_, (z));                                                                       \
                free(copy_);                                                                                           \
        } while (0)
