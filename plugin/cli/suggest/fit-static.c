#include "fit-static.h"
#include "docksill/decide/explain-flags.h"
#include <errno.h>

static bool offers(const struct explained *e, const struct finding *f, struct str flag, struct arena *arena) {
        const struct decision only = { .rules = e->rules, .findings = (struct finding *)(uintptr_t)f, .n_findings = 1 };
        struct flags flags;

        return explain_flags(&flags, &only, NULL, &e->request, arena) == 0 && str_is_among(flag, flags.items, flags.n);
}

static const struct finding *lifted_by(const struct explained *e, struct str flag, struct arena *arena) {
        for (size_t i = 0; i < e->decision.n_findings; ++i)
                if (!e->decision.findings[i].exempted_by && offers(e, &e->decision.findings[i], flag, arena))
                        return &e->decision.findings[i];
        return NULL;
}

/* The flags of one finding stand together. */
static struct suggestion *known(struct suggestions *out, const struct finding *f) {
        for (size_t i = 0; i < out->n; ++i)
                if (f && str_eqz(f->rule->id, out->items[i].topic))
                        return &out->items[i];
        return NULL;
}

/* A number that somebody should have measured. */
static bool is_measured(struct str flag) {
        static const struct str names[] = { STR("-m"),           STR("--memory"), STR("--memory-swap"),
                                            STR("--pids-limit"), STR("--cpus"),   STR("--ulimit") };

        return str_is_among(flag_name(flag), names, ARRAY_SIZE(names));
}

static int add(struct suggestions *out, const struct explained *e, struct str flag) {
        const struct finding *f = lifted_by(e, flag, out->arena);
        const struct fitting fitting = { .out = out };
        struct suggestion *s = known(out, f);

        if (!s) {
                s = fit_add(&fitting, "remedy", LIKELY);
                if (f) {
                        struct str id;

                        if (arena_str(out->arena, f->rule->id, &id) < 0)
                                return -ENOMEM;
                        s->topic = id.p;
                        s->evidence = f->n_evidence ? f->evidence[0].message : f->rule->title;
                }
        }
        if (flag_disturbs(flag) >= FLAG_MAY_STOP || is_measured(flag))
                s->sure = OVER_TIME;
        ARENA_ADD(out->arena, &s->flags, flag);
        return 0;
}

int fit_static(struct suggestions *out, const struct explained *e) {
        int r = 0;

        if (e->decision.verdict != VERDICT_DENY || !e->remedy.found)
                return 0;
        for (size_t i = 0; r == 0 && i < e->remedy.flags.n; ++i)
                r = add(out, e, e->remedy.flags.items[i]);
        return r < 0 || arena_full(out->arena) ? -ENOMEM : 0;
}
