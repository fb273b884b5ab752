#include "written.h"
#include "docksill/base/path.h"
#include "inside.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define MEMORY_MOST (INT64_C(32) << 20) /* bytes: what is more goes to a disk */

struct search {
        struct written_list *out;
        const struct observed *o;
        const struct observed_texts *mounts;
        const char *proc;
        int64_t first;
        struct observed_changes changes; /* sorted; without what is mounted */
};

/* -- what was changed -- */

static int by_path(const void *a, const void *b) {
        const struct observed_change *x = a, *y = b;

        return str_cmp(x->path, y->path);
}

static bool is_mounted(const struct search *s, struct str path) {
        for (size_t i = 0; i < s->mounts->n; ++i)
                if (path_is_above(s->mounts->items[i], path) && s->mounts->items[i].n > 1)
                        return true;
        return false;
}

/* A folder that leads to a mount was made, or touched, for it. */
static bool leads_to_mount(const struct search *s, struct str path) {
        for (size_t i = 0; i < s->mounts->n; ++i)
                if (path_is_above(path, s->mounts->items[i]))
                        return true;
        return false;
}

static int sort_changes(struct search *s) {
        for (size_t i = 0; i < s->o->changes.n; ++i)
                if (!is_mounted(s, s->o->changes.items[i].path))
                        ARENA_ADD(s->o->arena, &s->changes, s->o->changes.items[i]);
        for (size_t i = 0; i < s->o->files.n; ++i)
                if (!is_mounted(s, s->o->files.items[i].path))
                        ARENA_ADD(s->o->arena, &s->changes,
                                  (struct observed_change){ s->o->files.items[i].path, s->o->files.items[i].deleted
                                                                                               ? CHANGE_ADDED
                                                                                               : CHANGE_MODIFIED });
        if (s->changes.n)
                qsort(s->changes.items, s->changes.n, sizeof(s->changes.items[0]), by_path);
        return arena_full(s->o->arena) ? -ENOMEM : 0;
}

/* Is something changed below it? What is, comes somewhere behind it: "/a", "/a-b", "/a/b". */
static bool has_inner(const struct search *s, size_t i) {
        struct str path = s->changes.items[i].path;

        for (size_t k = i + 1; k < s->changes.n && str_starts(s->changes.items[k].path, path); ++k)
                if (s->changes.items[k].path.n > path.n && s->changes.items[k].path.p[path.n] == '/')
                        return true;
        return false;
}

static const struct observed_change *change_of(const struct search *s, struct str path) {
        const struct observed_change key = { .path = path };

        return s->changes.n ? bsearch(&key, s->changes.items, s->changes.n, sizeof(key), by_path) : NULL;
}

static struct str folder_of(struct str path) {
        size_t slash = str_find_last(path, '/');

        return str_first(path, slash && slash < path.n ? slash : 1);
}

static bool is_folder(const struct search *s, struct str path) {
        struct inside_status st;

        return s->proc && inside_status(s->proc, s->first, path, &st) == 0 && S_ISDIR(st.mode);
}

/* Where something has to be mounted for it: the outermost folder that was added, else the one that it lies in. */
static struct str place_of(const struct search *s, const struct observed_change *c) {
        struct str place = c->kind == CHANGE_MODIFIED && is_folder(s, c->path) ? c->path : folder_of(c->path);

        for (struct str above = place; above.n > 1; above = folder_of(above)) {
                const struct observed_change *known = change_of(s, above);

                if (!known || known->kind != CHANGE_ADDED)
                        break;
                place = above;
        }
        return place;
}

/* -- what can be mounted there -- */

/* hier(7): who finds them empty makes anew what was there. */
static bool is_scratch(struct str path) {
        static const struct str folders[] = { STR("/tmp"),       STR("/var/tmp"),  STR("/run"),    STR("/var/run"),
                                              STR("/var/cache"), STR("/var/lock"), STR("/dev/shm") };

        for (size_t i = 0; i < ARRAY_SIZE(folders); ++i)
                if (path_is_above(folders[i], path))
                        return true;
        return false;
}

/* Programs, libraries and settings: a copy of them on a volume would outlive the image's. */
static bool is_image(struct str path) {
        static const struct str within[] = { STR("/bin"),         STR("/sbin"),    STR("/lib"),      STR("/lib32"),
                                             STR("/lib64"),       STR("/boot"),    STR("/dev"),      STR("/proc"),
                                             STR("/sys"),         STR("/usr/bin"), STR("/usr/sbin"), STR("/usr/lib"),
                                             STR("/usr/libexec"), STR("/etc/ssl") };
        static const struct str exactly[] = { STR("/"),          STR("/etc"),           STR("/usr"),
                                              STR("/usr/local"), STR("/usr/local/bin"), STR("/usr/local/lib"),
                                              STR("/usr/share"), STR("/opt"),           STR("/var"),
                                              STR("/var/lib"),   STR("/home"),          STR("/srv") };

        for (size_t i = 0; i < ARRAY_SIZE(within); ++i)
                if (path_is_above(within[i], path))
                        return true;
        return str_is_among(path, exactly, ARRAY_SIZE(exactly));
}

/* What a flag can say, and a person can read. */
static bool is_sayable(struct str path) {
        for (size_t i = 0; i < path.n; ++i) {
                unsigned char c = (unsigned char)path.p[i];

                if (c < 0x21 || c > 0x7e || c == ':' || c == ',' || c == '\'' || c == '"' || c == '\\' || c == '$')
                        return false;
        }
        return path_is_clean(path);
}

struct folder {
        const struct search *s;
        struct str path;
        bool of_image;
};

/* Is @name, in the folder, not added since? */
static int find_image(void *data, struct str name) {
        struct folder *folder = data;
        struct arena *arena = folder->s->o->arena;
        struct str begin = arena_join(arena, folder->path, STR_C("/")), path = arena_join(arena, begin, name);
        const struct observed_change *c;

        if (!begin.p || !path.p)
                return -ENOMEM;
        c = change_of(folder->s, path);
        folder->of_image = !is_mounted(folder->s, path) && (!c || c->kind != CHANGE_ADDED);
        return folder->of_image;
}

static void look(const struct search *s, struct written *w) {
        struct folder folder = { .s = s, .path = w->path };
        struct inside_status st;
        bool changed, all;
        int64_t bytes;

        w->bytes = UNTOLD;
        if (!s->proc || s->o->ids_mapped || inside_status(s->proc, s->first, w->path, &st) < 0)
                return;
        w->told = inside_names(s->proc, s->first, w->path, find_image, &folder) >= 0;
        w->user = st.user;
        w->group = st.group;
        w->mode = st.mode & 07777;
        if (inside_look(s->proc, s->first, w->path, INT64_MAX, &changed, &bytes, &all) == 0 && all)
                w->bytes = bytes;
        if (w->told && !folder.of_image && w->bytes != UNTOLD && w->bytes <= MEMORY_MOST && is_scratch(w->path))
                w->place = PLACE_MEMORY;
}

static void choose_place(const struct search *s, struct written *w) {
        static const struct str empty[] = { STR("/tmp"), STR("/var/tmp") }; /* in images */

        w->place = PLACE_NONE;
        if (is_image(w->path) || !is_sayable(w->path))
                return;
        w->place = str_is_among(w->path, empty, ARRAY_SIZE(empty)) ? PLACE_MEMORY : PLACE_VOLUME;
        look(s, w);
}

/* -- all of them -- */

/* What lies in another goes with it. */
static void add(struct search *s, struct str place, struct str example) {
        size_t kept = 0;

        for (size_t i = 0; i < s->out->n; ++i)
                if (path_is_above(s->out->items[i].path, place) && s->out->items[i].path.n > 1)
                        return;
        for (size_t i = 0; i < s->out->n; ++i)
                if (!path_is_above(place, s->out->items[i].path) || place.n == 1)
                        s->out->items[kept++] = s->out->items[i];
        s->out->n = kept;
        ARENA_ADD(s->o->arena, s->out, (struct written){ .path = place, .example = example, .bytes = UNTOLD });
}

static bool is_listed(const struct written_list *list, struct str path) {
        for (size_t i = 0; i < list->n; ++i)
                if (str_eq(list->items[i].path, path))
                        return true;
        return false;
}

int written_find(struct written_list *out, const struct observed *o, const struct observed_texts *mounts,
                 const char *proc, int64_t first) {
        struct search s = { .out = out, .o = o, .mounts = mounts, .proc = proc, .first = first };
        int r = sort_changes(&s);

        for (size_t i = 0; r == 0 && i < s.changes.n && out->n < WRITTEN_MOST; ++i) {
                const struct observed_change *c = &s.changes.items[i];
                struct str place;

                if (has_inner(&s, i) || (c->kind != CHANGE_DELETED && leads_to_mount(&s, c->path)))
                        continue;
                place = place_of(&s, c);
                if (!is_listed(out, place))
                        add(&s, place, c->path);
        }
        for (size_t i = 0; r == 0 && i < out->n; ++i)
                choose_place(&s, &out->items[i]);
        return r < 0 || arena_full(o->arena) ? -ENOMEM : 0;
}
