#include "minimise.h"
#include <errno.h>

/* What a container needs that does not live with FORM_MEMORY or FORM_PROCESSES, tried in turn. */
static const struct {
        const char *bytes, *what;
} memories[] = { { "1g", "with -m 1g" }, { "2g", "with -m 2g" }, { "4g", "with -m 4g" } };
static const struct {
        int64_t n;
        const char *what;
} processes[] = { { 200, "with --pids-limit 200" },
                  { 500, "with --pids-limit 500" },
                  { 2000, "with --pids-limit 2000" } };

static uint64_t all_of(const struct form *f, enum concession_kind kind) {
        uint64_t set = 0;

        for (size_t i = 0; i < f->n; ++i)
                if (f->items[i].kind == kind)
                        set |= UINT64_C(1) << i;
        return set;
}

/* A tmpfs hides what the image has in a folder; a volume begins with it. */
static int look_at_folders(struct trial *t) {
        struct copy copy = { 0 };
        int r;

        if (!all_of(&t->out->form, CONCEDE_FOLDER))
                return 0;
        copy.body = trial_body(t, UINT64_MAX);
        r = copy.body ? copy_make(&t->copies, &copy) : -ENOMEM;

        for (size_t i = 0; r == 0 && copy.id[0] && i < t->out->form.n; ++i)
                if (t->out->items[i].kind == CONCEDE_FOLDER)
                        (void)copies_folder(&t->copies, &copy, t->out->items[i].name, &t->out->items[i].volume);
        copy_remove(&t->copies, &copy);
        json_decref(copy.body);
        return r;
}

static int refine_with(struct trial *t, const char *what, bool *works) {
        uint64_t set = t->out->form.conceded;
        struct attempt *last;
        int r;

        if (!trial_may_go_on(t, 1))
                return TRIAL_ENOUGH;
        r = trial_try(t, &set, 1, what);
        if (r != 0)
                return r;
        last = &t->out->attempts.items[t->out->attempts.n - 1];
        last->refined = true;
        *works = last->works;
        return 0;
}

/* How much more memory is enough, */
static int refine_memory(struct trial *t) {
        struct form *f = &t->out->form;
        bool works = false;
        int r = 0;

        for (size_t k = 0; r == 0 && !works && k < ARRAY_SIZE(memories); ++k) {
                f->memory = memories[k].bytes;
                r = refine_with(t, memories[k].what, &works);
        }
        f->memory = works ? f->memory : NULL;
        return r;
}

/* and how many more processes. */
static int refine_processes(struct trial *t) {
        struct form *f = &t->out->form;
        bool works = false;
        int r = 0;

        for (size_t k = 0; r == 0 && !works && k < ARRAY_SIZE(processes); ++k) {
                f->processes = processes[k].n;
                r = refine_with(t, processes[k].what, &works);
        }
        f->processes = works ? f->processes : 0;
        return r;
}

static int refine(struct trial *t) {
        const struct form *f = &t->out->form;
        int r = f->conceded & all_of(f, CONCEDE_MEMORY) ? refine_memory(t) : 0;

        return r == 0 && f->conceded & all_of(f, CONCEDE_PROCESSES) ? refine_processes(t) : r;
}

/* What most containers need. Nothing is worth more than another user than root: can it do with folders alone, or with
 * all else together? If not, is it one that starts as root to become somebody else? */
static int try_likely(struct trial *t, uint64_t *set) {
        const struct form *f = &t->out->form;
        uint64_t user = all_of(f, CONCEDE_USER), folders = all_of(f, CONCEDE_FOLDER), capabilities = 0;
        uint64_t sets[TRIAL_WIDTH];
        bool works[TRIAL_WIDTH] = { false };
        size_t n = 0;
        int r;

        for (size_t i = 0; i < f->n && i < 6; ++i)
                if (f->items[i].kind == CONCEDE_CAPABILITY)
                        capabilities |= UINT64_C(1) << i;
        if (folders)
                sets[n++] = folders;
        if (user && user != *set)
                sets[n++] = *set & ~user;
        if (user && capabilities)
                sets[n++] = user | capabilities | folders;
        r = n ? trial_test(t, sets, n, works) : 0;
        for (size_t i = 0; r == 0 && i < n; ++i)
                if (works[i]) {
                        *set = sets[i];
                        break;
                }
        return r;
}

/* All of it conceded is the original, which works, with folders mounted, which may hurt it: then it goes without. */
static int verify_all(struct trial *t, uint64_t *set) {
        bool works = false;
        int r = trial_test(t, set, 1, &works);

        if (r == TRIAL_ENOUGH || !works)
                *set &= ~all_of(&t->out->form, CONCEDE_FOLDER);
        return r;
}

/* One round, as long as each is watched now. Writes what is the least so far also when it ends early. */
static int find_least(struct trial *t) {
        const uint64_t all = ddmin_first(t->out->form.n), none = 0;
        uint64_t set = all;
        bool works = false;
        int r = trial_test(t, &none, 1, &works);

        t->out->form.memory = NULL;
        t->out->form.processes = 0;
        if (r == 0 && !works) {
                r = try_likely(t, &set);
                if (r == 0)
                        r = ddmin(&set, TRIAL_WIDTH, trial_test, t);
                if ((r == 0 || r == TRIAL_ENOUGH) && set == all) {
                        int verified = verify_all(t, &set);

                        r = r == 0 ? verified : r;
                }
        } else if (r == 0) {
                set = none;
        } else {
                set &= ~all_of(&t->out->form, CONCEDE_FOLDER);
        }
        t->out->form.conceded = set;
        return r == 0 ? refine(t) : r;
}

/* Once more, and twice as long: one that dies late has not lived. Later ones are watched as long, and of those that
 * were not nothing is known. */
static int confirm(struct trial *t) {
        uint64_t set = t->out->form.conceded;
        const struct attempt *last;
        int r;

        t->copies.settle *= 2;
        t->copies.patience += t->copies.settle;
        if (!trial_may_go_on(t, 1))
                return TRIAL_ENOUGH;
        r = trial_try(t, &set, 1, "the same, watched for longer");
        if (r != 0)
                return r;
        last = &t->out->attempts.items[t->out->attempts.n - 1];
        t->out->confirmed = last->works;
        if (!last->works)
                t->trusted = t->out->attempts.n;
        return 0;
}

#define ROUNDS 3

int minimise(struct trial *t) {
        int r = look_at_folders(t);

        t->out->confirmed = t->out->ending == ENDING_DONE;
        for (int round = 0; r == 0 && round < ROUNDS && (round == 0 || !t->out->confirmed); ++round) {
                r = find_least(t);
                t->out->minimal = r == 0;
                if (r == 0 && !t->out->confirmed)
                        r = confirm(t);
        }
        /* It lives longer each time, but not long enough: only as it is. */
        if (r == 0 && !t->out->confirmed) {
                t->out->form.conceded = ddmin_first(t->out->form.n) & ~all_of(&t->out->form, CONCEDE_FOLDER);
                t->out->minimal = false;
        }
        return r == TRIAL_ENOUGH ? 0 : r;
}
