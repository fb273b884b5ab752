#include "experiment.h"
#include "minimise.h"
#include <errno.h>

struct shape {
        bool network, fresh;
};

/* -- as it is -- */

/* It is there still when it works. */
static int try_shape(struct trial *t, struct shape shape, struct copy *copy) {
        int r = 0;

        t->out->network = shape.network;
        t->out->fresh = shape.fresh;
        if (shape.network && !t->network)
                r = copies_network(&t->copies, &t->network);
        if (r != 0)
                return r;
        *copy = (struct copy){ 0 };
        progress_begin(&t->progress, t->out, 1);
        copy->body = trial_body(t, 0);
        /* What it writes is looked at to the end. */
        t->copies.logs = t->arena;
        r = copy->body ? copies_run(&t->copies, copy, 1) : -ENOMEM;
        t->copies.logs = &t->logs;
        json_decref(TAKE(copy->body));
        if (r == 0)
                r = trial_record(t, copy, 0,
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
                if (i > 0 && !trial_may_go_on(t, 1))
                        return 0;
                r = try_shape(t, shapes[i], copy);
                if (r == COPIES_NO_NETWORK)
                        return 0;
                if (r != 0 || t->out->attempts.items[t->out->attempts.n - 1].works)
                        break;
                copy_remove(&t->copies, copy);
        }
        if (r == 0 && t->out->attempts.items[t->out->attempts.n - 1].works) {
                t->out->found = true;
                t->out->first = t->out->attempts.n - 1;
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
        json_auto_t *top = copies_get(&t->copies, copy, "/top?ps_args=-eo%20pid,uid,gid");
        json_t *rows = json_object_get(top, "Processes"), *row;
        struct text user;
        int64_t uid, gid;
        size_t i;

        text_init_arena(&user, t->arena);
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

static void set_items(struct trial *t, const struct folders *folders) {
        struct tried *out = t->out;

        out->form.items = out->items;
        out->form.n = original_concessions(out->items, &out->original, folders, out->form.user, out->network);
        out->elsewhere = folders->elsewhere;
}

/* Room above what it took as it is, for a harder form. */
static void set_patience(struct trial *t, const struct copy *copy) {
        struct copies *c = &t->copies;

        c->wanted = t->out->ending = copy->ending;
        c->patience = 3 * copy->took + c->settle;
}

/* -- the search -- */

/* With the errors of the hardest form: of folders that it did not get to write to as it was watched. */
static int try_hardest(struct trial *t, struct looking *look, struct folders *folders) {
        struct copy copy = { .body = trial_body(t, 0) };
        size_t before = folders->n;
        int r;

        progress_begin(&t->progress, t->out, 1);
        r = copy.body ? copies_run(&t->copies, &copy, 1) : -ENOMEM;
        if (r == 0)
                r = trial_record(t, &copy, 0, NULL);
        for (size_t i = 0; r == 0 && i < copy.lines.n; ++i)
                r = folders_add_line(folders, t->arena, copy.lines.items[i].text, is_folder, look);
        copy_remove(&t->copies, &copy);
        json_decref(copy.body);
        if (r == 0 && folders->n != before)
                set_items(t, folders);
        return r;
}

/* All that is asked of the copy that works as it is. */
static int look_at(struct trial *t, struct looking *look, struct folders *folders) {
        const struct original *o = &t->out->original;
        json_auto_t *changes = copies_get(&t->copies, look->copy, "/changes");

        t->known = look->copy->lines;
        set_patience(t, look->copy);
        look_at_users(t, look->copy);
        return folders_read(folders, t->arena, changes, o->mounts.items, o->mounts.n, is_folder, look);
}

static void begin_form(struct tried *out) {
        const struct original *o = &out->original;

        out->form = (struct form){ .user = o->root ? FORM_USER : o->user, .root = o->root, .tmp = true };
        for (size_t i = 0; i < o->mounts.n; ++i)
                if (str_eqz(o->mounts.items[i], "/tmp"))
                        out->form.tmp = false;
}

int experiment_run(struct trial *t) {
        struct looking look = { &t->copies, NULL };
        struct folders folders = { 0 };
        struct copy copy = { 0 };
        int r;

        begin_form(t->out);
        r = try_as_it_is(t, &copy);
        if (r != 0 || !t->out->found)
                return r;
        look.copy = &copy;
        r = look_at(t, &look, &folders);
        if (r == 0) {
                set_items(t, &folders);
                r = trial_may_go_on(t, 1) ? try_hardest(t, &look, &folders) : 0;
        }
        copy_remove(&t->copies, &copy);
        t->out->attempts.items[t->out->first].conceded = ddmin_first(t->out->form.n);
        return r == 0 ? minimise(t) : r;
}
