/*
 * An exemption more never refuses anything, so that a call which passes in one round passes in the next: only those
 * that are refused are judged again.
 */
#include "survey.h"
#include "containers/own-call.h"
#include "docksill/base/text.h"
#include "docksill/decide/gate.h"
#include "docksill/serve/server-limits.h"
#include "frame/terminal.h"
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROUNDS_MOST  64 /* each plans something more; a rule tells eight things at a time */
#define REASONS_MOST 4  /* findings told of a call that is still refused */
#define WORDS_SHOWN  400

static int failed(int error, const char *what) {
        fprintf(stderr, "docksill baseline: %s: %s\n", what, strerror(-error));
        return EXIT_ENVIRONMENT;
}

/* -- loading what is planned -- */

/* A file without a name, for the loader. Returns its descriptor or a negative errno. */
static int file_of(const struct text *t, char path[64]) {
        int fd = t->failed ? -ENOMEM : memfd_create("baseline.yaml", MFD_CLOEXEC);

        if (fd < 0)
                return t->failed ? -ENOMEM : -errno;
        for (size_t at = 0; at < t->n;) {
                ssize_t n = write(fd, t->p + at, t->n - at);

                if (n < 0 && errno != EINTR) {
                        int error = errno;

                        close(fd);
                        return -error;
                }
                at += n > 0 ? (size_t)n : 0;
        }
        snprintf(path, 64, "/proc/self/fd/%d", fd);
        return fd;
}

/* What the loader does not take is not planned. Returns whether there was such. */
static bool drop_refused(struct plan *p, const struct diag *diag, const char *path) {
        bool any = false;

        for (size_t i = 0; i < diag->n; ++i) {
                const struct diag_entry *d = &diag->items[i];

                for (size_t k = 0; d->error && str_eqz(d->name, path) && k < p->entries.n; ++k) {
                        struct plan_entry *e = &p->entries.items[k];

                        if (!e->dead && e->first_line <= d->line && d->line <= e->last_line)
                                e->dead = any = true;
                }
        }
        return any;
}

static bool has_entries(const struct plan *p) {
        for (size_t i = 0; i < p->entries.n; ++i)
                if (!p->entries.items[i].dead)
                        return true;
        return false;
}

static int load_once(struct survey *s, struct ruleset **out, bool *again) {
        char environment[64], exemptions[64];
        cleanup_(closep) int fd = -1, more = -1;
        struct ruleset_options options = { .rules = s->setup->config.rules,
                                           .environment = environment,
                                           .exemptions = s->setup->config.exemptions,
                                           .replaced = s->replaced };
        struct diag diag;
        int r;

        text_reset(&s->environment);
        text_reset(&s->exemptions);
        draw_environment(&s->environment, &s->draw, &s->plan);
        fd = file_of(&s->environment, environment);
        if (fd < 0)
                return failed(fd, "the environment");
        if (has_entries(&s->plan)) {
                draw_exemptions(&s->exemptions, &s->draw, &s->plan);
                more = file_of(&s->exemptions, exemptions);
                if (more < 0)
                        return failed(
                                more,
                                "the exemptions (are they too many for one file? give it some containers at a time, as "
                                "docker inspect prints them)");
                options.draft = exemptions;
        }
        diag_init(&diag);
        r = setup_ruleset(out, s->setup, options, &diag);
        *again = r < 0 && more >= 0 && drop_refused(&s->plan, &diag, exemptions);
        if (r < 0 && !*again) {
                terminal_diag(&diag);
                r = r == -ENOMEM ? failed(r, "the rules") : EXIT_INVALID;
        }
        diag_deinit(&diag);
        return *again ? EXIT_FINE : r;
}

static int load(struct survey *s, struct ruleset **out) {
        bool again = true;
        int r = EXIT_FINE;

        while (again && r == EXIT_FINE)
                r = load_once(s, out, &again);
        return r;
}

/* -- the calls -- */

/* What the engine says there; NULL: nothing, for it was removed. */
static int get(struct survey *s, const struct text *target, json_t **out) {
        struct engine_answer answer = { 0 };
        int r = target->failed ? -ENOMEM
                               : engine_api_call(s->engine, &answer,
                                                 &(struct engine_call){ .method = "GET", .target = text_str(target) });

        *out = NULL;
        if (r < 0)
                r = engine_failed(&command_baseline, engine_api_socket(s->engine), r, &answer);
        else if (answer.status == 200)
                *out = json_loadb(answer.body.p, answer.body.n, JSON_ALLOW_NUL, NULL);
        engine_answer_deinit(&answer);
        return r;
}

static int image_inspect(struct survey *s, struct str id, json_t **out) {
        cleanup_(text_deinit) struct text target;

        text_init(&target);
        text_addz(&target, "/images/");
        engine_target_add(&target, id);
        text_addz(&target, "/json");
        return get(s, &target, out);
}

/* @images: what was asked already, by id. */
static int prepare(struct survey *s, size_t i, json_t *images, const json_t *info) {
        const struct container *c = &s->containers->items[i];
        json_t *image = json_object_getn(images, c->image_id.p, c->image_id.n);
        int r = EXIT_FINE;

        if (!image && s->engine && c->image_id.n) {
                r = image_inspect(s, c->image_id, &image);
                json_object_setn_new(images, c->image_id.p, c->image_id.n, image ? image : json_null());
        }
        if (r != EXIT_FINE)
                return r;
        r = own_call(&s->items[i].calls[PHASE_CREATE], s->arena, c, image, info);
        if (r == 0)
                r = start_call(&s->items[i].calls[PHASE_START], s->arena, c);
        return r < 0 ? failed(r, "the containers' calls") : EXIT_FINE;
}

static int prepare_all(struct survey *s) {
        const json_t *info = s->scales.told ? s->scales.told->info : NULL;
        json_auto_t *images = json_object();
        int r = images ? EXIT_FINE : failed(-ENOMEM, "the containers");

        s->items = ARENA_ARRAY(s->arena, struct surveyed, s->containers->n);
        if (!s->items)
                return failed(-ENOMEM, "the containers");
        for (size_t i = 0; r == EXIT_FINE && i < s->containers->n; ++i)
                r = prepare(s, i, images, info);
        return r;
}

/* -- judging -- */

typedef int judged(struct survey *s, size_t i, enum phase phase, const struct weighed *w, bool *more);

/* @wanted: which verdict of the round before is judged again; VERDICT_ALLOW: any. */
static int judge_all(struct survey *s, const struct ruleset *rules, enum verdict wanted, judged *then, bool *more) {
        int r = EXIT_FINE;

        for (size_t i = 0; r == EXIT_FINE && i < 2 * s->containers->n; ++i) {
                enum phase phase = i % PHASES;
                const struct surveyed *one = &s->items[i / PHASES];
                cleanup_(arena_deinit) struct arena arena;
                struct weighed w;

                arena_init(&arena, SERVER_REQUEST_MEMORY);
                if (wanted == VERDICT_DENY && one->phases[phase].after != VERDICT_DENY)
                        continue;
                r = weigh(&w, &arena, &s->scales, rules, one->calls[phase], &s->containers->items[i / PHASES]);
                if (r == EXIT_FINE)
                        r = then(s, i / PHASES, phase, &w, more);
        }
        return r;
}

static int first_look(struct survey *s, size_t i, enum phase phase, const struct weighed *w, bool *more) {
        int r = plan_list(&s->plan, w);

        (void)more;
        s->items[i].phases[phase].before = s->items[i].phases[phase].after = w->decision.would;
        return r < 0 ? failed(r, "the plan") : EXIT_FINE;
}

static int plan_more(struct survey *s, size_t i, enum phase phase, const struct weighed *w, bool *more) {
        int r = 0;

        s->items[i].phases[phase].after = w->decision.would;
        if (w->decision.would == VERDICT_DENY)
                r = plan_exempt(&s->plan, &s->containers->items[i], phase, w, more);
        return r < 0 ? failed(r, "the plan") : EXIT_FINE;
}

static int settle(struct survey *s, size_t i, enum phase phase, const struct weighed *w, bool *more) {
        (void)more;
        if (s->items[i].phases[phase].before == VERDICT_DENY && w->decision.would != VERDICT_DENY)
                plan_settle(&s->plan, &s->containers->items[i], w);
        return EXIT_FINE;
}

/* What refuses alone, if anything does; else what costs most. */
static void add_reasons(struct text *t, const struct weighed *w) {
        const struct decision *d = &w->decision;
        const struct limits *limits = d->limits;
        bool barred = false;
        size_t n = 0;

        for (size_t i = 0; i < d->n_findings; ++i)
                barred = barred || (gate_counts(d, &d->findings[i]) && gate_bars(&d->findings[i], limits));
        for (size_t i = 0; i < d->n_findings && n < REASONS_MOST; ++i) {
                const struct finding *f = &d->findings[i];
                const struct evidence *e = f->n_evidence ? f->evidence : NULL;
                struct scope scope = { .facts = &w->request.facts,
                                       .element = e ? e->element : NULL,
                                       .spelling = e ? e->spelling : 0 };

                if (!gate_tells(d, f, limits) || (barred && !gate_bars(f, limits)))
                        continue;
                text_addf(t, "%s%" STR_FMT "%s: ", n++ ? "\n" : "", STR_ARG(f->rule->id), f->hard ? " (hard)" : "");
                text_add_visible(t, e ? str_trim(e->message) : f->rule->title, WORDS_SHOWN);
                if (!f->cause->fix->cli || (!scope.element && template_of_element(f->cause->fix->cli)))
                        continue;
                text_addz(t, "\n  fix: ");
                template_add_words(t, f->cause->fix->cli, &scope);
        }
}

static int last_look(struct survey *s, size_t i, enum phase phase, const struct weighed *w, bool *more) {
        struct text t;

        (void)more;
        s->items[i].phases[phase].after = w->decision.would;
        if (w->decision.would != VERDICT_DENY)
                return EXIT_FINE;
        text_init_arena(&t, s->arena);
        add_reasons(&t, w);
        s->items[i].phases[phase].why = text_str(&t);
        return t.failed ? failed(-ENOMEM, "the reasons") : EXIT_FINE;
}

static int load_and_judge(struct survey *s, enum verdict wanted, judged *then, bool *more) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        int r = load(s, &rules);

        return r == EXIT_FINE ? judge_all(s, rules, wanted, then, more) : r;
}

int survey_run(struct survey *s) {
        bool more = true;
        int r = prepare_all(s);

        if (r == EXIT_FINE)
                r = judge_all(s, s->setup->rules, VERDICT_ALLOW, first_look, NULL);
        for (unsigned round = 0; r == EXIT_FINE && more && round < ROUNDS_MOST; ++round) {
                more = false;
                r = load_and_judge(s, VERDICT_DENY, plan_more, &more);
        }
        if (r == EXIT_FINE)
                r = load_and_judge(s, VERDICT_ALLOW, settle, NULL);
        if (r != EXIT_FINE)
                return r;
        plan_prune(&s->plan);
        s->plan.bounded = true;
        return load_and_judge(s, VERDICT_ALLOW, last_look, NULL);
}
