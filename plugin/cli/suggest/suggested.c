#include "suggested.h"
#include "body-change.h"
#include "containers/containers.h"
#include "create-body.h"
#include "docksill/base/clock.h"
#include "docksill/base/date.h"
#include "fit-static.h"
#include <errno.h>
#include <stdio.h>

/* -- judging -- */

static int judge_in(struct explained *e, const struct suggesting *s, size_t i, struct str call) {
        const struct config *config = &s->setup->config;
        const struct asked asked = { .rules = s->yardsticks->items[i].rules,
                                     .config = config,
                                     .command = &command_suggest,
                                     .mode = MODE_ENFORCE,
                                     .arena = s->arena,
                                     .engine = s->engine && config->lookup_docker ? config->lookup_docker : NULL,
                                     .from = { config->rules, s->yardsticks->items[i].name.p } };

        *e = (struct explained){ .rules = s->yardsticks->items[i].rules };
        return judge(e, s->arena, &asked, call);
}

/* In each environment; the one in force stays in @kept. */
static int judge_all(struct suggest_verdict *out, struct explained *kept, const struct suggesting *s, struct str call) {
        for (size_t i = 0; i < s->yardsticks->n; ++i) {
                struct explained other, *e = i == s->yardsticks->chosen ? kept : &other;
                int r = judge_in(e, s, i, call);

                if (r != EXIT_FINE)
                        return r;
                out[i] = (struct suggest_verdict){ e->decision.verdict, e->decision.points };
        }
        return EXIT_FINE;
}

static int judge_after(struct suggested *out, const struct suggesting *s, struct str call) {
        json_t *body = NULL;
        struct str changed;
        int r = create_body(&body, s->arena, call);

        if (r == 0)
                r = body_change(body, &out->suggestions, s->arena);
        if (r == 0)
                r = create_with_body(&changed, s->arena, call, body);
        json_decref(body);
        if (r == -ENOMEM)
                return judge_failed(&command_suggest, r, "what is suggested");
        if (r < 0) {
                out->unjudged = "its body can't be read exactly, so nothing can be changed in it";
                return EXIT_FINE;
        }
        return judge_all(out->after, &out->left, s, changed);
}

/* -- watching -- */

static int64_t started_at(const json_t *inspect) {
        const json_t *state = json_object_get(inspect, "State"), *at = json_object_get(state, "StartedAt");
        int64_t started;

        return json_is_string(at) && date_time_parse(str_from(json_string_value(at)), &started) == 0 ? started : UNTOLD;
}

/* Of another container, or of the host. */
static bool shares_network(const struct facts *facts) {
        struct str network = facts->container.network.value;

        return str_eqz(network, "host") || str_starts(network, STR_C("container:"));
}

static int watch(struct suggested *out, const struct suggesting *s, const struct facts *facts) {
        const struct suggest_subject *subject = out->subject;
        struct observed *o = &out->observed;
        struct host_view view = { .places = s->places, .first = subject->pid, .started = started_at(subject->inspect) };
        int r;

        observed_init(o, s->arena, subject->id);
        view.shares_network = shares_network(facts);
        if (view.started != UNTOLD) {
                o->age = clock_wall() - view.started;
                o->age = o->age < 0 ? 0 : o->age;
        }
        if (json_array_size(json_object_get(subject->inspect, "ExecIDs")) > 0)
                observed_unseen(o, "which of its processes somebody began by docker exec: they count as its own");
        r = engine_view(o, s->engine, subject->image_id);
        if (r == 0)
                r = host_view(o, &view);
        if (r == 0)
                r = engine_view_end(o, s->engine);
        out->watched = r == 0 && !o->gone;
        return r;
}

static bool sees_inside(const struct suggested *out) {
        return out->observed.mounts_told && out->observed.processes.n > 0;
}

static int fit(struct suggested *out, const struct suggesting *s, const struct explained *before) {
        const struct fitting fitting = { .o = &out->observed,
                                         .facts = &before->request.facts,
                                         .proc = sees_inside(out) ? s->places->proc : NULL,
                                         .first = out->subject->pid,
                                         .out = &out->suggestions };

        return out->watched ? fit_find(&fitting) : fit_static(&out->suggestions, before);
}

/* -- both -- */

static void say_gone(const struct suggested *out) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_add_visible(&t, out->subject->name, 200);
        fprintf(stderr,
                "docksill suggest: %s: stopped or removed while it was looked at; nothing is suggested for it\n",
                t.p ? t.p : "");
}

/* What is observed may be much; it is refused as a whole. */
static int make(struct suggested *out, const struct suggesting *s) {
        const struct suggest_subject *subject = out->subject;
        struct explained before;
        int r = judge_all(out->before, &before, s, subject->call);

        if (r != EXIT_FINE)
                return r;
        out->left = before;
        out->image = subject->image.n ? subject->image : before.request.facts.image.reference.value;
        arena_latch(s->arena);
        if (subject->running && s->engine)
                r = watch(out, s, &before.request.facts);
        if (r == 0 && !out->observed.gone)
                r = fit(out, s, &before);
        if (arena_unlatch(s->arena) && r == 0)
                r = -ENOMEM;
        if (r < 0 && r != -ENOMEM)
                return engine_failed(&command_suggest, engine_api_socket(s->engine), r, NULL);
        if (r < 0)
                return judge_failed(&command_suggest, r, "what was observed");
        if (out->observed.gone) {
                say_gone(out);
                return SUGGESTED_GONE;
        }
        return judge_after(out, s, subject->call);
}

int suggested_make(struct suggested *out, const struct suggesting *s, const struct suggest_subject *subject) {
        *out = (struct suggested){ .subject = subject,
                                   .suggestions = { .arena = s->arena },
                                   .yardsticks = s->yardsticks };
        return make(out, s);
}

struct flags suggested_flags(const struct suggested *s) {
        struct flags all = { 0 };

        for (size_t i = 0; i < s->suggestions.n; ++i) {
                const struct suggestion *one = &s->suggestions.items[i];

                for (size_t k = 0; one->applied && k < one->flags.n; ++k)
                        if (!str_is_among(one->flags.items[k], all.items, all.n))
                                ARENA_ADD(s->suggestions.arena, &all, one->flags.items[k]);
        }
        return all;
}
