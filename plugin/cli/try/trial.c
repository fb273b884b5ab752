#include "trial.h"
#include "copy-body.h"
#include "docksill/base/clock.h"
#include <errno.h>

bool trial_may_go_on(const struct trial *t, size_t n) {
        return t->copies.made + n <= t->most && clock_monotonic() < t->deadline;
}

/* What is known of a set: it was tried, or one that holds all of it was tried and failed. To have less conceded helps
 * nobody, and an error among fewer other reasons is the clearer proof. */
static bool is_known(const struct trial *t, uint64_t conceded, bool *works) {
        /* Up to the first they were made before there were items. */
        for (size_t i = t->out->first + 1; i < t->out->attempts.n; ++i) {
                const struct attempt *a = &t->out->attempts.items[i];

                if (a->refined || (a->works && i < t->trusted))
                        continue;
                if (a->conceded == conceded || (!a->works && (a->conceded & conceded) == conceded)) {
                        *works = a->works;
                        return true;
                }
        }
        return false;
}

int trial_record(struct trial *t, const struct copy *copy, uint64_t conceded, const char *what) {
        struct attempt *a = ARENA_PUSH(t->arena, &t->out->attempts);

        if (!a)
                return -ENOMEM;
        *a = (struct attempt){ .conceded = conceded,
                               .works = copy->ending == ENDING_UP || copy->ending == ENDING_DONE,
                               .what = str_from(what),
                               .took = copy->took,
                               .reason = copy->reason };
        if (!a->works && arena_str(t->arena, log_telling(&copy->lines, &t->known), &a->line) < 0)
                return -ENOMEM;
        progress_result(&t->progress, t->out, a);
        return copy->ending == ENDING_REFUSED ? TRIAL_REFUSED : 0;
}

json_t *trial_body(const struct trial *t, uint64_t conceded) {
        struct form form = t->out->form;
        bool network = t->out->network;

        form.conceded = conceded;
        for (size_t i = 0; i < form.n; ++i)
                if (form.items[i].kind == CONCEDE_NETWORK && !(conceded & UINT64_C(1) << i))
                        network = false;
        return copy_body(&t->out->original, &form,
                         &(struct copy_shape){ .network = network ? t->network : NULL,
                                               .fresh = t->out->fresh,
                                               .owner = t->copies.owner->text,
                                               .grace = t->copies.patience });
}

/* Tries @n sets at once, and takes the copies away. @what: as of an attempt. */
int trial_try(struct trial *t, const uint64_t *sets, size_t n, const char *what) {
        struct copy copies[TRIAL_WIDTH] = { 0 };
        int r = 0;

        progress_begin(&t->progress, t->out, n);
        for (size_t i = 0; r == 0 && i < n; ++i)
                r = (copies[i].body = trial_body(t, sets[i])) ? 0 : -ENOMEM;
        if (r == 0)
                r = copies_run(&t->copies, copies, n);
        for (size_t i = 0; i < n; ++i) {
                if (r == 0)
                        r = trial_record(t, &copies[i], sets[i], what);
                copy_remove(&t->copies, &copies[i]);
                json_decref(copies[i].body);
        }
        arena_reset(&t->logs);
        return r;
}

/* ddmin_try. What was tried before is known. */
int trial_test(void *closure, const uint64_t *sets, size_t n, bool *works) {
        struct trial *t = closure;
        uint64_t fresh[TRIAL_WIDTH];
        size_t n_fresh = 0;
        int r = 0;

        for (size_t i = 0; i < n; ++i)
                if (!is_known(t, sets[i], &works[i]))
                        fresh[n_fresh++] = sets[i];
        if (n_fresh && !trial_may_go_on(t, n_fresh))
                return TRIAL_ENOUGH;
        if (n_fresh)
                r = trial_try(t, fresh, n_fresh, NULL);
        for (size_t i = 0; r == 0 && i < n; ++i)
                if (!is_known(t, sets[i], &works[i]))
                        works[i] = false;
        return r;
}
