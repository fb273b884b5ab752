#include "lint-flags.h"

#include "docksill/decide/decide.h"
#include "docksill/decide/explain-flags.h"
#include "docksill/decide/rule-test.h"
#include "frame/body-flags.h"
#include <errno.h>

#define LIFT_MEMORY ((size_t)16 << 20)

static const struct finding *finding_of(const struct decision *d, const struct rule *rule) {
        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].rule == rule)
                        return &d->findings[i];
        return NULL;
}

/* Returns the finding, or NULL: there is none, or the test is none that can be read. */
static const struct finding *judge(struct decision *d, struct request *request, const struct ruleset *rules,
                                   const struct rule *rule, const struct rule_test *test, struct arena *arena) {
        enum envelope_refusal refusal;

        if (rule_test_read(request, test, arena, &refusal) < 0)
                return NULL;
        decide(d, rules, request, MODE_ENFORCE, arena);
        return finding_of(d, rule);
}

/* Those of the finding alone. 0 flags: not all that was found has some. */
static int flags_of(struct flags *out, const struct decision *d, const struct finding *f, const struct request *request,
                    struct arena *arena) {
        struct decision alone = *d;

        *out = (struct flags){ 0 };
        for (size_t i = 0; i < f->n_evidence; ++i)
                if (!explain_flags_serve(&f->evidence[i], request))
                        return 0;
        if (f->n_evidence < f->instances)
                return 0;
        alone.findings = (struct finding *)f;
        alone.n_findings = 1;
        return explain_flags(out, &alone, NULL, request, arena);
}

/* The test with the flags in its body. Returns -EINVAL where a flag has no member there, or there is no body. */
static int change(struct rule_test *out, const struct rule_test *test, const struct flags *flags, struct arena *arena) {
        json_auto_t *body = json_loadb(test->body.p, test->body.n, 0, NULL);
        cleanup_(freep) char *text = NULL;
        int r = json_is_object(body) ? body_add_flags(body, flags, arena) : -EINVAL;

        if (r < 0)
                return r;
        text = json_dumps(body, JSON_COMPACT);
        *out = *test;
        return text ? arena_str(arena, str_from(text), &out->body) : -ENOMEM;
}

static void warn(const struct rule *rule, const struct rule_test *test, const struct flags *flags, struct diag *diag) {
        cleanup_(text_deinit) struct text words;

        text_init(&words);
        for (size_t i = 0; i < flags->n; ++i) {
                text_addz(&words, i ? " " : "");
                text_add_visible(&words, flags->items[i], 200);
        }
        diag_warning(diag, test->at, DIAG_FLAG_IDLE, "with %s the finding of rule %" STR_FMT " is as bad as before",
                     words.failed ? "its flags" : words.p, STR_ARG(rule->id));
}

static int try_flags(const struct ruleset *rules, const struct rule *rule, const struct rule_test *test,
                     struct diag *diag, struct arena *arena) {
        const struct finding *before, *after;
        struct decision decision, again;
        struct request request, changed;
        struct rule_test treated;
        struct flags flags;
        int r;

        before = judge(&decision, &request, rules, rule, test, arena);
        if (!before)
                return 0;
        r = flags_of(&flags, &decision, before, &request, arena);
        if (r < 0 || flags.n == 0)
                return r;
        r = change(&treated, test, &flags, arena);
        if (r < 0)
                return r == -EINVAL ? 0 : r;
        after = judge(&again, &changed, rules, rule, &treated, arena);
        if (after && after->severity >= before->severity)
                warn(rule, test, &flags, diag);
        return 0;
}

static bool is_create(const struct rule_test *test) {
        return str_eqz(test->operation, "container.create") && test->body.n && !test->encoded && !test->response.p &&
               !test->skipped && test->expect != SEVERITY_NONE;
}

int lint_flags_lift(const struct ruleset *rules, const struct rule *rule, struct diag *diag) {
        struct arena arena;
        int r = 0;

        arena_init(&arena, LIFT_MEMORY);
        for (size_t i = 0; i < rule->n_tests && r == 0; ++i) {
                if (is_create(&rule->tests[i]))
                        r = try_flags(rules, rule, &rule->tests[i], diag, &arena);
                arena_reset(&arena);
        }
        arena_deinit(&arena);
        return r;
}
