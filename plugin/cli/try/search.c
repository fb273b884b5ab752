#include "search.h"
#include "copy-body.h"
#include "docksill/base/clock.h"
#include <errno.h>

#define SECOND INT64_C(1000000)

/* Copies at once. */
#define WIDTH 3

/* Given to ddmin() by a test that may go on no longer. */
#define SEARCH_ENOUGH 2

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

struct shape {
        bool network, fresh;
};

struct trial {
        struct search *s;
        struct tried *out;
        struct log_lines known; /* what it writes as it is */
};

static bool may_go_on(const struct search *s, size_t n) {
        return s->copies.made + n <= s->most && clock_monotonic() < s->deadline;
}

/* -- attempts -- */

/* What is known of a set: it was tried, or one that holds all of it was tried and failed. To have less conceded helps
 * nobody, and an error among fewer other reasons is the clearer proof. */
static bool is_known(const struct tried *t, uint64_t conceded, bool *works) {
        /* The first is as it is, before there were items. */
        for (size_t i = 1; i < t->attempts.n; ++i) {
                const struct attempt *a = &t->attempts.items[i];

                if (a->conceded == conceded || (!a->works && (a->conceded & conceded) == conceded)) {
                        *works = a->works;
                        return true;
                }
        }
        return false;
}

static int record(struct trial *t, const struct copy *copy, uint64_t conceded, const char *what) {
        struct attempt *a = ARENA_PUSH(t->s->arena, &t->out->attempts);

        if (!a)
                return -ENOMEM;
        *a = (struct attempt){ .conceded = conceded,
                               .works = copy->ending == ENDING_UP || copy->ending == ENDING_DONE,
                               .what = str_from(what),
                               .took = copy->took,
                               .reason = copy->reason };
        if (!a->works)
                a->line = log_telling(&copy->lines, &t->known);
        progress_result(&t->s->progress, t->out, a);
        return copy->ending == ENDING_REFUSED ? SEARCH_REFUSED : 0;
}

static json_t *body_of(const struct trial *t, uint64_t conceded) {
        struct form form = t->out->form;
        bool network = t->out->network;

        form.conceded = conceded;
        for (size_t i = 0; i < form.n; ++i)
                if (form.items[i].kind == CONCEDE_NETWORK && !(conceded & UINT64_C(1) << i))
                        network = false;
        return copy_body(&t->out->original, &form,
                         &(struct copy_shape){ .network = network ? t->s->network : NULL,
                                               .fresh = t->out->fresh,
                                               .owner = t->s->copies.owner->text,
                                               .grace = t->s->copies.patience });
}

/* Tries @n sets at once, and takes the copies away. @what: as of an attempt. */
static int try_sets(struct trial *t, const uint64_t *sets, size_t n, const char *what) {
        struct copy copies[WIDTH] = { 0 };
        int r = 0;

        progress_begin(&t->s->progress, t->out, n);
        for (size_t i = 0; r == 0 && i < n; ++i)
                r = (copies[i].body = body_of(t, sets[i])) ? 0 : -ENOMEM;
        if (r == 0)
                r = copies_run(&t->s->copies, copies, n);
        for (size_t i = 0; i < n; ++i) {
                if (r == 0)
                        r = record(t, &copies[i], sets[i], what);
                copy_remove(&t->s->copies, &copies[i]);
                json_decref(copies[i].body);
        }
        return r;
}

/* ddmin_try. What was tried before is known. */
static int test(void *closure, const uint64_t *sets, size_t n, bool *works) {
        struct trial *t = closure;
        uint64_t fresh[WIDTH];
        size_t n_fresh = 0;
        int r = 0;

        for (size_t i = 0; i < n; ++i)
                if (!is_known(t->out, sets[i], &works[i]))
                        fresh[n_fresh++] = sets[i];
        if (n_fresh && !may_go_on(t->s, n_fresh))
                return SEARCH_ENOUGH;
        if (n_fresh)
                r = try_sets(t, fresh, n_fresh, NULL);
        for (size_t i = 0; r == 0 && i < n; ++i)
                if (!is_known(t->out, sets[i], &works[i]))
                        works[i] = false;
        return r;
}

/* -- as it is -- */

/* It is there still when it works. */
static int try_shape(struct trial *t, struct shape shape, struct copy *copy) {
        int r = 0;

        t->out->network = shape.network;
        t->out->fresh = shape.fresh;
        if (shape.network && !t->s->network)
                r = copies_network(&t->s->copies, &t->s->network);
        if (r != 0)
                return r;
        *copy = (struct copy){ 0 };
        progress_begin(&t->s->progress, t->out, 1);
        copy->body = body_of(t, 0);
        r = copy->body ? copies_run(&t->s->copies, copy, 1) : -ENOMEM;
        json_decref(TAKE(copy->body));
        if (r == 0)
                r = record(t, copy, 0,
                           shape.network ? "as it is, with a network of its own"
                           : shape.fresh ? "as it is, with fresh volumes for the host's folders"
                                         : "as it is");
        return r;
}

/* Without a network first: it reaches nobody. Then with all that can be given without harm. */
static int try_as_it_is(struct trial *t, struct copy *copy) {
        const struct original *o = &t->out->original;
        const struct shape shapes[] = { { false, false }, { false, true }, { true, false }, { true, true } };
        int r = 0;

        for (size_t i = 0; i < ARRAY_SIZE(shapes); ++i) {
                if ((shapes[i].network && !o->network) || (shapes[i].fresh && !o->mounts.fresh))
                        continue;
                r = try_shape(t, shapes[i], copy);
                if (r == COPIES_NO_NETWORK)
                        return 0;
                if (r != 0 || t->out->attempts.items[t->out->attempts.n - 1].works)
                        break;
                copy_remove(&t->s->copies, copy);
        }
        if (r == 0 && t->out->attempts.items[t->out->attempts.n - 1].works) {
                t->out->found = true;
                t->out->attempts.items[0] = t->out->attempts.items[t->out->attempts.n - 1];
                t->out->attempts.n = 1;
        }
        return r;
}

/* -- what it was seen to do -- */

struct looking {
        struct copies *copies;
        const struct copy *copy;
};

static bool is_folder(void *closure, struct str path) {
        const struct looking *l = closure;
        bool more;

        return copies_folder(l->copies, l->copy, path, &more);
}

/* Who its processes are, or become. Beyond 65535 a user namespace may have renumbered them. */
static void look_at_users(struct trial *t, const struct copy *copy) {
        json_auto_t *top = copies_get(&t->s->copies, copy, "/top?ps_args=-eo%20pid,uid,gid");
        json_t *rows = json_object_get(top, "Processes"), *row;
        struct text user;
        int64_t uid, gid;
        size_t i;

        text_init_arena(&user, t->s->arena);
        json_array_foreach(rows, i, row) {
                if (str_int(str_from(json_string_value(json_array_get(row, 1))), &uid) < 0 ||
                    str_int(str_from(json_string_value(json_array_get(row, 2))), &gid) < 0 || uid < 1 || uid > 65535 ||
                    gid < 0 || gid > 65535)
                        continue;
                text_addf(&user, "%lld:%lld", (long long)uid, (long long)gid);
                if (!user.failed)
                        t->out->form.user = user.p;
                return;
        }
}

/* A tmpfs hides what the image has in a folder; a volume begins with it. */
static int look_at_folders(struct trial *t) {
        struct copy copy = { .body = body_of(t, UINT64_MAX) };
        int r = copy.body ? copy_make(&t->s->copies, &copy) : -ENOMEM;

        for (size_t i = 0; r == 0 && copy.id[0] && i < t->out->form.n; ++i)
                if (t->out->items[i].kind == CONCEDE_FOLDER)
                        (void)copies_folder(&t->s->copies, &copy, t->out->items[i].name, &t->out->items[i].volume);
        copy_remove(&t->s->copies, &copy);
        json_decref(copy.body);
        return r;
}

static void set_items(struct trial *t, const struct folders *folders) {
        struct tried *out = t->out;

        out->form.items = out->items;
        out->form.n = original_concessions(out->items, &out->original, folders, out->network);
        out->elsewhere = folders->elsewhere;
}

/* Room above what it took as it is, for a harder form. */
static void set_patience(struct trial *t, const struct copy *copy) {
        struct copies *c = &t->s->copies;

        c->wanted = t->out->ending = copy->ending;
        c->patience = 3 * copy->took + c->settle;
}

/* -- the search -- */

/* With the errors of the hardest form: of folders that it did not get to write to as it was watched. */
static int try_hardest(struct trial *t, struct looking *look, struct folders *folders) {
        struct copy copy = { .body = body_of(t, 0) };
        size_t before = folders->n;
        int r;

        progress_begin(&t->s->progress, t->out, 1);
        r = copy.body ? copies_run(&t->s->copies, &copy, 1) : -ENOMEM;
        if (r == 0)
                r = record(t, &copy, 0, NULL);
        for (size_t i = 0; r == 0 && i < copy.lines.n; ++i)
                r = folders_add_line(folders, t->s->arena, copy.lines.items[i].text, is_folder, look);
        copy_remove(&t->s->copies, &copy);
        json_decref(copy.body);
        if (r == 0 && folders->n != before)
                set_items(t, folders);
        return r;
}

static int refine_with(struct trial *t, const char *what, bool *works) {
        uint64_t set = t->out->form.conceded;
        int r;

        if (!may_go_on(t->s, 1))
                return SEARCH_ENOUGH;
        r = try_sets(t, &set, 1, what);
        if (r == 0)
                *works = t->out->attempts.items[t->out->attempts.n - 1].works;
        return r;
}

static bool is_conceded(const struct form *f, enum concession_kind kind) {
        for (size_t i = 0; i < f->n; ++i)
                if (f->items[i].kind == kind && f->conceded & UINT64_C(1) << i)
                        return true;
        return false;
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
        int r = is_conceded(&t->out->form, CONCEDE_MEMORY) ? refine_memory(t) : 0;

        return r == 0 && is_conceded(&t->out->form, CONCEDE_PROCESSES) ? refine_processes(t) : r;
}

/* Nothing else is worth more than another user than root: can all the rest together do without? */
static int without_root(struct trial *t, uint64_t *set) {
        uint64_t others = *set & ~UINT64_C(1);
        bool works = false;
        int r;

        if (t->out->items[0].kind != CONCEDE_USER || others == 0)
                return 0;
        r = test(t, &others, 1, &works);
        if (works)
                *set = others;
        return r;
}

/* All of it conceded is the original, which works, with folders mounted, which may hurt it: then it goes without. */
static int verify_all(struct trial *t, uint64_t *set) {
        bool works = false;
        int r = test(t, set, 1, &works);

        for (size_t i = 0; r == 0 && !works && i < t->out->form.n; ++i)
                if (t->out->items[i].kind == CONCEDE_FOLDER)
                        *set &= ~(UINT64_C(1) << i);
        return r;
}

static int minimise(struct trial *t) {
        const uint64_t all = ddmin_first(t->out->form.n);
        uint64_t set = all;
        int r = t->out->form.n ? look_at_folders(t) : 0;

        if (r == 0)
                r = without_root(t, &set);
        if (r == 0)
                r = ddmin(&set, WIDTH, test, t);
        if (r == 0 && set == all)
                r = verify_all(t, &set);
        t->out->form.conceded = set;
        t->out->minimal = r == 0;
        if (r == 0)
                r = refine(t);
        return r == SEARCH_ENOUGH ? 0 : r;
}

/* All that is asked of the copy that works as it is. */
static int look_at(struct trial *t, struct looking *look, struct folders *folders) {
        const struct original *o = &t->out->original;
        json_auto_t *changes = copies_get(&t->s->copies, look->copy, "/changes");

        t->known = look->copy->lines;
        set_patience(t, look->copy);
        look_at_users(t, look->copy);
        return folders_read(folders, t->s->arena, changes, o->mounts.items, o->mounts.n, is_folder, look);
}

int search_run(struct search *s, struct tried *out) {
        struct trial t = { .s = s, .out = out };
        struct looking look = { &s->copies, NULL };
        struct folders folders = { 0 };
        struct copy copy = { 0 };
        int r;

        out->form = (struct form){ .user = out->original.root ? FORM_USER : out->original.user, .tmp = true };
        for (size_t i = 0; i < out->original.mounts.n; ++i)
                if (str_eqz(out->original.mounts.items[i], "/tmp"))
                        out->form.tmp = false;
        r = try_as_it_is(&t, &copy);
        if (r != 0 || !out->found)
                return r;
        look.copy = &copy;
        r = look_at(&t, &look, &folders);
        if (r == 0) {
                set_items(&t, &folders);
                out->attempts.items[0].conceded = ddmin_first(out->form.n);
                r = try_hardest(&t, &look, &folders);
        }
        copy_remove(&s->copies, &copy);
        if (r != 0)
                return r;
        out->attempts.items[0].conceded = ddmin_first(out->form.n);
        out->minimal = true;
        return out->attempts.items[1].works ? 0 : minimise(&t);
}
