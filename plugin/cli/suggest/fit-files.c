#include "docksill/base/path.h"
#include "fit.h"
#include "written.h"
#include <errno.h>
#include <inttypes.h>

#define PLACES_MOST 8 /* that anybody would mount */
#define SCRATCH     "rw,noexec,nosuid,size=64m"
#define MEBIBYTE    (INT64_C(1) << 20)

/* Where the container has something else than its root file system: as the kernel says, or as was asked for. */
static struct observed_texts mounts_of(const struct fitting *f) {
        static const struct str always[] = { STR("/dev"), STR("/proc"), STR("/sys") };
        struct arena *arena = f->out->arena;
        struct observed_texts mounts = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(always); ++i)
                ARENA_ADD(arena, &mounts, always[i]);
        for (size_t i = 0; i < f->o->mounts.n; ++i)
                if (!str_eqz(f->o->mounts.items[i].target, "/"))
                        ARENA_ADD(arena, &mounts, f->o->mounts.items[i].target);
        for (size_t i = 0; i < f->facts->mounts.n; ++i) {
                struct str target;

                if (path_clean(arena, ((const struct mount_fact *)f->facts->mounts.items)[i].target.value, &target) ==
                    0)
                        ARENA_ADD(arena, &mounts, target);
        }
        for (size_t i = 0; i < f->o->image_volumes.n; ++i)
                ARENA_ADD(arena, &mounts, f->o->image_volumes.items[i]);
        return mounts;
}

/* "--tmpfs /run/app:rw,…,mode=0755,uid=101,gid=101": as the folder is now. */
static void add_memory(const struct fitting *f, struct suggestion *s, const struct written *w) {
        int64_t mebibytes = w->bytes == UNTOLD ? 0 : (2 * w->bytes + MEBIBYTE - 1) / MEBIBYTE;
        struct text t;

        text_init_arena(&t, f->out->arena);
        text_addf(&t, "--tmpfs %" STR_FMT ":rw,noexec,nosuid,size=%" PRId64 "m", STR_ARG(w->path),
                  mebibytes > 64 ? mebibytes : 64);
        if (w->told && w->mode != 01777)
                text_addf(&t, ",mode=%04o", w->mode);
        if (w->told && (w->user || w->group))
                text_addf(&t, ",uid=%u,gid=%u", w->user, w->group);
        if (!t.failed)
                ARENA_ADD(f->out->arena, &s->flags, text_str(&t));
}

static void add_place(const struct fitting *f, const struct written *w, enum sureness sure) {
        struct suggestion *s = fit_add(f, "files", sure);

        if (w->place == PLACE_MEMORY)
                add_memory(f, s, w);
        else
                fit_flag(f, s, "--volume %" STR_FMT, STR_ARG(w->path));
        s->evidence =
                fit_text(f, "wrote %" STR_FMT "%s", STR_ARG(w->example),
                         w->place == PLACE_MEMORY ? ""
                                                  : "; the volume begins with what the image has there, and is the "
                                                    "container's own");
}

static bool is_covered(const struct observed_texts *mounts, const struct written_list *list, struct str path) {
        for (size_t i = 0; i < mounts->n; ++i)
                if (str_eq(mounts->items[i], path))
                        return true;
        for (size_t i = 0; i < list->n; ++i)
                if (path_is_above(list->items[i].path, path))
                        return true;
        return false;
}

/* Why not: what it wrote, and where nothing can be mounted. */
static void refuse(const struct fitting *f, const struct written_list *list) {
        struct suggestion *s = fit_add(f, "read-only", LIKELY);
        size_t barred = 0, shown = 0;
        struct text t;

        text_init_arena(&t, f->out->arena);
        for (size_t i = 0; i < list->n; ++i)
                barred += list->items[i].place == PLACE_NONE;
        text_addf(&t, "it writes in %zu place%s%s: ", barred ? barred : list->n,
                  (barred ? barred : list->n) == 1 ? "" : "s",
                  barred ? " where the image keeps its programs and settings"
                         : ", too many to mount something at each");
        for (size_t i = 0; i < list->n && shown < 3; ++i)
                if (!barred || list->items[i].place == PLACE_NONE) {
                        text_addz(&t, shown++ ? ", " : "");
                        text_add(&t, list->items[i].example);
                }
        s->applied = false;
        s->instead = STR_C("leave --read-only out, or build what it writes there into the image");
        s->evidence = text_str(&t);
}

static bool is_possible(const struct written_list *list) {
        for (size_t i = 0; i < list->n; ++i)
                if (list->items[i].place == PLACE_NONE)
                        return false;
        return list->n <= PLACES_MOST;
}

int64_t fit_scratch(const struct fitting *f) {
        struct observed_texts mounts = mounts_of(f);
        struct written_list list = { 0 };
        int64_t bytes = 0;

        if (f->facts->container.read_only.value || !f->o->changes_told ||
            written_find(&list, f->o, &mounts, f->proc, f->first) < 0 || !is_possible(&list))
                return 0;
        for (size_t i = 0; i < list.n; ++i)
                if (list.items[i].place == PLACE_MEMORY && list.items[i].bytes != UNTOLD)
                        bytes += list.items[i].bytes;
        return bytes;
}

void fit_files(const struct fitting *f) {
        struct observed_texts mounts = mounts_of(f);
        struct written_list list = { 0 };
        enum sureness sure = fit_by_age(f);
        struct suggestion *s;

        if (f->facts->container.read_only.value || !f->o->changes_told)
                return;
        if (written_find(&list, f->o, &mounts, f->proc, f->first) < 0)
                return;
        if (!is_possible(&list)) {
                refuse(f, &list);
                return;
        }
        s = fit_add(f, "read-only", sure);
        fit_flag(f, s, "--read-only");
        s->evidence =
                list.n ? fit_text(f, "in %" STR_FMT " it wrote in %zu place%s, all below", STR_ARG(fit_age(f)), list.n,
                                  list.n == 1 ? "" : "s")
                       : fit_text(f, "in %" STR_FMT " it wrote nothing outside of its mounts", STR_ARG(fit_age(f)));
        for (size_t i = 0; i < list.n; ++i)
                add_place(f, &list.items[i], sure);
        if (is_covered(&mounts, &list, STR_C("/tmp")))
                return;
        s = fit_add(f, "files", sure);
        fit_flag(f, s, "--tmpfs /tmp:" SCRATCH);
        s->evidence = STR_C("wrote nothing there; many programs do now and then");
}
