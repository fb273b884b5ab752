#include "weigh.h"
#include "docksill/decide/gate.h"
#include "docksill/engine/question.h"
#include "docksill/host/machine.h"
#include "explain/explain-lookup.h"
#include <stdio.h>

static const struct container *container_named(const struct containers *all, struct str name) {
        for (size_t i = 0; all && i < all->n; ++i)
                if (str_eq(all->items[i].name, name) || str_eq(all->items[i].id, name))
                        return &all->items[i];
        return NULL;
}

static void tell_image(struct request *request, const struct container *c) {
        if (c && request->facts.image.found_id.head.state == FACT_OFF && !flaws_any(&request->flaws) && c->image_id.n)
                request->facts.image.found_id = (struct fact_str){ .head.given = true, .value = c->image_id };
}

/* What a file says of it; p == NULL: nothing. */
static struct str answer_of(const struct scales *scales, const struct question *q, struct arena *arena) {
        const struct container *other =
                q->kind == QUESTION_CONTAINER ? container_named(scales->containers, q->name) : NULL;
        cleanup_(freep) char *text = other ? json_dumps(other->inspect, JSON_COMPACT) : NULL;
        struct str kept = { 0 };

        if (q->kind == QUESTION_IMAGE && scales->image.n)
                return scales->image;
        return text && arena_str(arena, str_from(text), &kept) == 0 ? kept : (struct str){ 0 };
}

/* Of files: containers are known, and which image each was made of. What is not told stays as it is without lookups. */
static void tell_from_files(struct request *request, struct arena *arena, const struct scales *scales,
                            const struct container *c) {
        struct questions questions = { 0 };

        questions_of(&questions, request, arena);
        for (size_t i = 0; i < questions.n; ++i) {
                struct str answer = answer_of(scales, &questions.items[i], arena);

                if (answer.p)
                        question_answer(request, arena, &questions, i, ANSWER_TOLD, answer);
        }
        tell_image(request, c);
}

/* Who will call is not known: whom access closes something to is no matter of what runs. */
static void pass_over_access(struct decision *d, const struct ruleset *rules) {
        size_t n = 0;

        for (size_t i = 0; i < d->n_findings; ++i)
                if (!d->findings[i].access)
                        d->findings[n++] = d->findings[i];
        if (n == d->n_findings)
                return;
        d->n_findings = n;
        gate_apply_steps(d, ruleset_steps(rules), ruleset_limits(rules));
        d->allow = d->would != VERDICT_DENY;
}

int weigh_read(struct request *out, struct arena *arena, const struct scales *scales, struct str call,
               const struct container *c) {
        enum envelope_refusal refusal = request_read(out, arena, call);

        if (refusal != ENVELOPE_READ) {
                fprintf(stderr, "docksill %s: %s\n", scales->command->name, envelope_refusal_text(refusal));
                return EXIT_ENVIRONMENT;
        }
        out->now = scales->at;
        if (!scales->engine && (c || scales->image.n))
                tell_from_files(out, arena, scales, c);
        else if (scales->engine && lookup_engine(out, arena, scales->engine, scales->command) != EXIT_FINE)
                return EXIT_ENVIRONMENT;
        if (scales->config)
                lookup_scans(out, arena, scales->config, scales->command);
        if (scales->engine) {
                struct host_size size;

                machine_size(&size);
                host_size_tell(&size, out);
        }
        if (scales->paths)
                lookup_paths(out, arena);
        if (scales->told)
                told_engine_tell(scales->told, out);
        return EXIT_FINE;
}

void weigh_decide(struct decision *out, struct arena *arena, const struct ruleset *rules, const struct request *request,
                  int64_t at) {
        decide_at(out, rules, request, MODE_ENFORCE, at, arena);
        pass_over_access(out, rules);
}

int weigh(struct weighed *out, struct arena *arena, const struct scales *scales, const struct ruleset *rules,
          struct str call, const struct container *c) {
        int r = weigh_read(&out->request, arena, scales, call, c);

        if (r == EXIT_FINE)
                weigh_decide(&out->decision, arena, rules, &out->request, scales->at);
        return r;
}
