#include "docksill/base/path.h"
#include "fit.h"

/* The file below @target that some process has open for writing; NULL: none. */
static const struct observed_file *written_in(const struct fitting *f, struct str target) {
        for (size_t i = 0; i < f->o->files.n; ++i)
                if (path_is_above(target, f->o->files.items[i].path))
                        return &f->o->files.items[i];
        return NULL;
}

static const struct observed_source *source_of(const struct fitting *f, struct str target) {
        for (size_t i = 0; i < f->o->sources.n; ++i)
                if (str_eq(f->o->sources.items[i].target, target))
                        return &f->o->sources.items[i];
        return NULL;
}

/* Where a mount lies in another, what the outer one holds is not its own. */
static bool has_inner(const struct fitting *f, struct str target) {
        const struct mount_fact *mounts = f->facts->mounts.items;

        for (size_t i = 0; i < f->facts->mounts.n; ++i) {
                struct str inner;

                if (path_clean(f->out->arena, mounts[i].target.value, &inner) == 0 && path_is_above(target, inner) &&
                    inner.n > target.n)
                        return true;
        }
        return false;
}

static void fit_mount(const struct fitting *f, const struct mount_fact *m) {
        const struct observed_source *source;
        const struct observed_file *file;
        struct suggestion *s;
        struct str target;

        if (m->read_only.value || path_clean(f->out->arena, m->target.value, &target) < 0 || has_inner(f, target))
                return;
        if (!str_eqz(m->kind.value, "host") && !str_eqz(m->kind.value, "volume"))
                return;
        source = source_of(f, target);
        file = written_in(f, target);
        if (!f->o->files_told || !source)
                return;
        s = fit_add(f, "mounts", fit_by_age(f));
        s->applied = false;
        if (file || source->changed) {
                s->sure = SURE;
                s->instead = fit_text(f, "%" STR_FMT " stays writable", STR_ARG(target));
                s->evidence = file ? fit_text(f, "process %" STR_FMT " has %" STR_FMT " open for writing",
                                              STR_ARG(file->process), STR_ARG(file->path))
                                   : STR_C("something in it was changed since the container started");
                return;
        }
        s->instead = fit_text(f, "make %" STR_FMT " read-only: -v …:%" STR_FMT ":ro", STR_ARG(target), STR_ARG(target));
        s->evidence = fit_text(f,
                               "no process has a file there open for writing, and %s was changed in the %" STR_FMT
                               " since its start",
                               source->all ? "nothing" : "of what was looked at nothing", STR_ARG(fit_age(f)));
        s->applied = s->sure == LIKELY && source->all;
        fit_edit(f, s, EDIT_READ_ONLY, target);
}

void fit_mounts(const struct fitting *f) {
        const struct mount_fact *mounts = f->facts->mounts.items;

        for (size_t i = 0; i < f->facts->mounts.n; ++i)
                fit_mount(f, &mounts[i]);
}
