#include "reload.h"
#include "docksill/base/clock.h"
#include "docksill/host/engine-files.h"
#include "docksill/host/pool.h"
#include "docksill/serve/notify.h"
#include "log-line.h"
#include <assert.h>
#include <errno.h>

/* One that reads, one that settles. */
#define JOBS 2

/* The reload holds it, and each reading, which may outlive the reload. */
struct shared {
        atomic_uint references;
        struct generation_source how;
};

struct reload {
        struct pool *pool;  /* of one thread, so that readings and settlings follow each other */
        struct pool *looks; /* of another: a look that hangs holds up no reading */
        struct shared *shared;
        bool reading, again;
        int64_t begun; /* clock_monotonic() of the reading under way */
        bool told;     /* that it takes long */
        bool looking;
        unsigned failures;
        bool failed; /* the last reading */
        bool untold; /* a reading that failed, of which nobody was told yet */
};

struct reading {
        struct job job;
        struct shared *shared;
        struct generation *made; /* NULL: bad */
};

struct settling {
        struct job job;
        struct generation *old, *now;
};

struct looking {
        struct job job;
        struct engine_folders found;
};

static void shared_unref(struct shared *shared) {
        if (atomic_fetch_sub_explicit(&shared->references, 1, memory_order_acq_rel) > 1)
                return;
        shared->how.free(shared->how.context);
        free(shared);
}

static void reading_run(struct job *job) {
        struct reading *reading = (struct reading *)job;

        notify_reloading();
        if (reading->shared->how.read(reading->shared->how.context, &reading->made) == 0)
                return;
        reading->made = NULL;
        (void)log_error("SIGHUP: nothing is changed; the rules and settings in force stay");
        notify_status("The last reload changed nothing: what it read is bad. See the journal.");
        notify_ready();
}

static void reading_free(struct job *job) {
        struct reading *reading = (struct reading *)job;

        generation_unref(reading->made);
        shared_unref(reading->shared);
        free(reading);
}

/* The first half of a digest is enough for people to tell two apart. */
#define DIGEST_SHOWN 16

#define NAMES_SHOWN 8 /* of rules */

static struct str engine_of(const struct generation *g) {
        return str_empty(g->lookups.engine) ? STR_C("off") : g->lookups.engine;
}

static void add_change(struct text *t, const char *what, struct str before, struct str after) {
        if (str_eq(before, after))
                return;
        text_addf(t, "%s%s %" STR_FMT " → %" STR_FMT, t->n ? ", " : "", what, STR_ARG(before), STR_ARG(after));
}

static void add_number(struct text *t, const char *what, long long before, long long after, const char *unit) {
        if (before != after)
                text_addf(t, "%s%s %lld%s → %lld%s", t->n ? ", " : "", what, before, unit, after, unit);
}

static bool has_rule(struct rule_view rules, struct str id) {
        for (size_t i = 0; i < rules.n; ++i)
                if (str_eq(rules.items[i]->id, id))
                        return true;
        return false;
}

/* Rules of @some that @others has not. */
static void add_rules(struct text *t, const char *what, const struct ruleset *some, const struct ruleset *others) {
        struct rule_view view = ruleset_rules(some);
        size_t n = 0;

        for (size_t i = 0; i < view.n; ++i) {
                if (has_rule(ruleset_rules(others), view.items[i]->id))
                        continue;
                if (n < NAMES_SHOWN)
                        text_addf(t, "%s%" STR_FMT, n ? ", " : what, STR_ARG(view.items[i]->id));
                ++n;
        }
        if (n > NAMES_SHOWN)
                text_addf(t, " and %zu more", n - NAMES_SHOWN);
}

/* What is another now, for whoever sent the signal to see it. */
static void say_changes(const struct generation *old, const struct generation *now) {
        static const struct str reads[] = { [RECORD_READS_NONE] = STR("none"),
                                            [RECORD_READS_CONTENT] = STR("content"),
                                            [RECORD_READS_ALL] = STR("all") };
        static const struct str journals[] = {
                [JOURNAL_OFF] = STR("off"), [JOURNAL_REFUSALS] = STR("refusals"), [JOURNAL_ALL] = STR("all")
        };
        static const struct str switches[] = { STR("off"), STR("on") };
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        add_change(&t, "environment", ruleset_name(old->rules), ruleset_name(now->rules));
        add_change(&t, "mode", mode_name(old->mode), mode_name(now->mode));
        add_change(&t, "lookups.docker", engine_of(old), engine_of(now));
        add_change(&t, "lookups.paths", switches[old->lookups.paths], switches[now->lookups.paths]);
        add_number(&t, "lookups.deadline", old->lookups.deadline / 1000, now->lookups.deadline / 1000, "ms");
        add_change(&t, "records.reads", reads[old->record_reads], reads[now->record_reads]);
        add_change(&t, "records.journal", journals[old->recording.journal], journals[now->recording.journal]);
        add_rules(&t, t.n ? "; new rules: " : "new rules: ", now->rules, old->rules);
        add_rules(&t, t.n ? "; gone: " : "gone: ", old->rules, now->rules);
        if (t.failed)
                return;
        if (t.n)
                (void)log_line("SIGHUP: changed: %s", t.p);
        else if (!str_eq(ruleset_digest(old->rules), ruleset_digest(now->rules)))
                (void)log_line("SIGHUP: changed: what the rules, lists or exemptions say");
        else if (!str_eq(old->config_digest, now->config_digest))
                (void)log_line("SIGHUP: changed: the configuration file, but nothing that a reload puts in force");
        else
                (void)log_line("SIGHUP: nothing differs from before");
}

static void settle(struct generation *old, struct generation *now) {
        struct str before = str_first(ruleset_digest(old->rules), DIGEST_SHOWN);
        struct str after = str_first(ruleset_digest(now->rules), DIGEST_SHOWN);
        struct str engine = engine_of(now);
        cleanup_(text_deinit) struct text steps;

        say_changes(old, now);
        (void)log_line("SIGHUP: reloaded: environment %" STR_FMT ", mode %" STR_FMT
                       ", %zu rules, lookups.docker %" STR_FMT ", %u %s, digest %" STR_FMT " → %" STR_FMT,
                       STR_ARG(ruleset_name(now->rules)), STR_ARG(mode_name(now->mode)), ruleset_rules(now->rules).n,
                       STR_ARG(engine), now->warnings, now->warnings == 1 ? "warning" : "warnings", STR_ARG(before),
                       STR_ARG(after));
        text_init(&steps);
        steps_add(&steps, ruleset_steps(now->rules), clock_wall());
        if (steps.n)
                (void)log_line("SIGHUP: denied is %" STR_FMT, STR_ARG(text_str(&steps)));
        notify_ready();
}

static void settling_run(struct job *job) {
        struct settling *s = (struct settling *)job;

        settle(s->old, s->now);
        generation_unref(TAKE(s->old)); /* here, and not by the decision thread: a rule set is a thousand pieces */
}

static void settling_free(struct job *job) {
        struct settling *s = (struct settling *)job;

        generation_unref(s->old);
        generation_unref(s->now);
        free(s);
}

static void looking_run(struct job *job) {
        engine_files_look(&((struct looking *)job)->found, NULL);
}

static void looking_free(struct job *job) {
        free(job);
}

int reload_new(struct reload **out, const struct generation_source *how) {
        struct reload *r = calloc(1, sizeof(*r));
        struct shared *shared = malloc(sizeof(*shared));
        int error = r && shared ? pool_new(&r->pool, 1, JOBS) : -ENOMEM;

        if (error == 0)
                error = pool_new(&r->looks, 1, 1);
        if (error < 0) {
                how->free(how->context);
                pool_free(r ? r->pool : NULL);
                free(shared);
                free(r);
                return error;
        }
        shared->how = *how;
        atomic_init(&shared->references, 1);
        r->shared = shared;
        *out = r;
        return 0;
}

void reload_free(struct reload *r) {
        if (!r)
                return;
        pool_free(r->pool);
        pool_free(r->looks);
        shared_unref(r->shared);
        free(r);
}

int reload_fd(const struct reload *r) {
        return pool_fd(r->pool);
}

int reload_look_fd(const struct reload *r) {
        return pool_fd(r->looks);
}

static int start(struct reload *r) {
        struct reading *reading = malloc(sizeof(*reading));

        if (!reading)
                return -ENOMEM;
        *reading = (struct reading){ .job = { .run = reading_run, .free = reading_free }, .shared = r->shared };
        atomic_fetch_add_explicit(&r->shared->references, 1, memory_order_relaxed);
        if (pool_submit(r->pool, &reading->job) < 0) {
                reading_free(&reading->job);
                return -EAGAIN;
        }
        r->reading = true;
        r->begun = clock_monotonic();
        r->told = false;
        return 0;
}

static long long seconds_since(const struct reload *r, int64_t now) {
        return (now - r->begun) / 1000000;
}

void reload_ask(struct reload *r) {
        if (r->reading && !r->again)
                (void)log_line(
                        "SIGHUP: the reading that an earlier one asked for is still under way (%lld s); one more "
                        "follows it",
                        seconds_since(r, clock_monotonic()));
        if (r->reading)
                r->again = true;
        else if (start(r) < 0)
                (void)log_error("SIGHUP: no memory or no thread for a reload; try again");
}

bool reload_reads(const struct reload *r) {
        return r->reading;
}

void reload_tell(struct reload *r, int64_t now) {
        if (!r->reading || r->told || now - r->begun < RELOAD_LATE)
                return;
        r->told = true;
        (void)log_warning(
                "SIGHUP: still reading after %lld s: a mount may not answer; the rules and settings in force stay "
                "until it "
                "is done",
                seconds_since(r, now));
}

int reload_timeout(const struct reload *r, int64_t now) {
        int64_t left = r->begun + RELOAD_LATE - now;

        if (!r->reading || r->told)
                return -1;
        return left > 0 ? (int)((left + 999) / 1000) : 0;
}

void reload_look(struct reload *r) {
        struct looking *looking = r->looking ? NULL : calloc(1, sizeof(*looking));

        if (!looking)
                return;
        looking->job = (struct job){ .run = looking_run, .free = looking_free };
        if (pool_submit(r->looks, &looking->job) < 0)
                looking_free(&looking->job);
        else
                r->looking = true;
}

bool reload_looked(struct reload *r, struct engine_folders *out) {
        struct job *job;
        bool looked = false;

        while ((job = pool_next(r->looks))) {
                *out = ((struct looking *)job)->found;
                r->looking = false;
                looked = true;
                job->free(job);
        }
        return looked;
}

static void ask_again(struct reload *r) {
        if (!r->again)
                return;
        r->again = false;
        reload_ask(r);
}

struct generation *reload_take(struct reload *r) {
        struct generation *made = NULL;
        struct job *job;

        while (!made && (job = pool_next(r->pool))) {
                if (job->run == reading_run) {
                        r->reading = false;
                        made = TAKE(((struct reading *)job)->made);
                        r->failed = !made;
                        r->failures += r->failed;
                        r->untold = r->untold || r->failed;
                        if (!made)
                                ask_again(r);
                }
                job->free(job);
        }
        return made;
}

unsigned reload_failures(const struct reload *r) {
        return r->failures;
}

bool reload_last_failed(const struct reload *r) {
        return r->failed;
}

bool reload_failed(struct reload *r) {
        bool failed = r->untold;

        r->untold = false;
        return failed;
}

void reload_settle(struct reload *r, struct generation *old, struct generation *now) {
        struct settling *s = malloc(sizeof(*s));

        if (s)
                *s = (struct settling){ .job = { .run = settling_run, .free = settling_free },
                                        .old = old,
                                        .now = generation_ref(now) };
        if (!s || pool_submit(r->pool, &s->job) < 0) {
                settle(old, now);
                if (s)
                        s->job.free(&s->job);
                else
                        generation_unref(old);
        }
        ask_again(r);
}
