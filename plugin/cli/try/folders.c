#include "folders.h"
#include "docksill/base/path.h"
#include <errno.h>

/* Kinds of moby pkg/archive/changes.go. */
enum { MODIFIED, ADDED, DELETED };

struct change {
        struct str path;
        int64_t kind;
};

struct reading {
        struct change *items; /* in the order of their paths: a folder before what is in it */
        size_t n, capacity;
        struct arena *arena;
        const struct str *mounted;
        size_t n_mounted;
        folders_is_one *is_folder;
        void *closure;
};

/* What runc and dockerd put into every container. */
static const char *const engines[] = { "/.dockerenv",      "/etc/hosts", "/etc/hostname",
                                       "/etc/resolv.conf", "/etc/mtab",  NULL };

/* Too much would be hidden, or kept, with these: one folder in them may be offered, they themselves not. */
static const char *const broad[] = {
        "/",    "/bin", "/boot",          "/etc",           "/home",     "/lib",       "/lib64",   "/media",
        "/mnt", "/opt", "/sbin",          "/srv",           "/usr",      "/usr/bin",   "/usr/lib", "/usr/local",
        "/var", "/app", "/usr/local/bin", "/usr/local/lib", "/usr/sbin", "/usr/share", "/var/lib", NULL
};

static struct str parent_of(struct str path) {
        size_t n = str_find_last(path, '/');

        return str_first(path, n == 0 || n == path.n ? 1 : n);
}

static bool is_below(struct str path, const char *folder) {
        return path_is_above(str_from(folder), path);
}

/* -- the list -- */

static int by_path(const void *a, const void *b) {
        const struct change *x = a, *y = b;

        return str_cmp(x->path, y->path);
}

static int changes_read(struct reading *r, const json_t *changes) {
        size_t i;
        json_t *one;

        json_array_foreach(changes, i, one) {
                const char *path = json_string_value(json_object_get(one, "Path"));
                struct change *slot;

                if (!path || path[0] != '/' || !path_is_clean(str_from(path)))
                        continue;
                slot = ARENA_PUSH(r->arena, r);
                if (!slot || arena_str(r->arena, str_from(path), &slot->path) < 0)
                        return -ENOMEM;
                slot->kind = json_integer_value(json_object_get(one, "Kind"));
        }
        if (r->n)
                qsort(r->items, r->n, sizeof(r->items[0]), by_path);
        return 0;
}

/* Whether something in it has changed too. Others may stand between: "/a.b" sorts before "/a/b". */
static bool has_children(const struct reading *r, size_t at) {
        for (size_t i = at + 1; i < r->n && str_starts(r->items[i].path, r->items[at].path); ++i)
                if (path_is_above(r->items[at].path, r->items[i].path))
                        return true;
        return false;
}

static const struct change *find(const struct reading *r, struct str path) {
        struct change key = { .path = path };

        return r->n ? bsearch(&key, r->items, r->n, sizeof(r->items[0]), by_path) : NULL;
}

/* The highest of @path and what it lies in that was not there before; empty: all was. */
static struct str first_added(const struct reading *r, struct str path) {
        struct str found = { 0 };

        for (; path.n > 1; path = parent_of(path)) {
                const struct change *c = find(r, path);

                if (!c || c->kind != ADDED)
                        break;
                found = path;
        }
        return found;
}

/* -- folders -- */

static bool is_engines(const struct reading *r, struct str path) {
        if (str_is_one_of(path, engines) || is_below(path, "/dev") || is_below(path, "/proc") ||
            is_below(path, "/sys") || is_below(path, "/tmp"))
                return true;
        for (size_t i = 0; i < r->n_mounted; ++i)
                if (path_is_above(r->mounted[i], path))
                        return true;
        return false;
}

/* A name that a flag of docker's client and a line on a terminal can have. */
static bool is_plain(struct str path) {
        for (size_t i = 0; i < path.n; ++i)
                if (path.p[i] <= ' ' || path.p[i] > '~' || strchr(":,\\'\"", path.p[i]))
                        return false;
        return true;
}

static int add_folder(struct folders *out, struct arena *arena, struct str folder) {
        size_t n = 0;

        if (!is_plain(folder)) {
                out->elsewhere = true;
                return 0;
        }

        for (size_t i = 0; i < out->n; ++i)
                if (path_is_above(out->items[i], folder))
                        return 0;
        for (size_t i = 0; i < out->n; ++i)
                if (!path_is_above(folder, out->items[i]))
                        out->items[n++] = out->items[i];
        out->n = n;
        if (out->n == FOLDERS_MOST) {
                out->elsewhere = true;
                return 0;
        }
        /* Terminated, for who sets it as a key. */
        if (arena_str(arena, folder, &folder) < 0)
                return -ENOMEM;
        ARENA_ADD(arena, out, folder);
        return out->n == n ? -ENOMEM : 0;
}

/* @path: what was written. @made: the highest folder or file that had to be made for it; empty: none had. */
static int add_written(struct folders *out, struct arena *arena, struct str path, struct str made,
                       folders_is_one *is_folder, void *closure) {
        struct str folder;

        if (made.n == 0)
                folder = !str_is_one_of(path, broad) && is_folder(closure, path) ? path : parent_of(path);
        else
                folder = parent_of(made);
        /* "/srv/data" was made: where it is to be, rather than all of /srv. */
        if (str_is_one_of(folder, broad) && made.n && (made.n < path.n || is_folder(closure, made)))
                folder = made;
        if (str_is_one_of(folder, broad)) {
                out->elsewhere = true;
                return 0;
        }
        return add_folder(out, arena, folder);
}

int folders_read(struct folders *out, struct arena *arena, const json_t *changes, const struct str *mounted,
                 size_t n_mounted, folders_is_one *is_folder, void *closure) {
        struct reading r = {
                .arena = arena, .mounted = mounted, .n_mounted = n_mounted, .is_folder = is_folder, .closure = closure
        };
        int e = changes_read(&r, changes);

        for (size_t i = 0; e == 0 && i < r.n; ++i) {
                const struct change *c = &r.items[i];

                if (has_children(&r, i) || is_engines(&r, c->path))
                        continue;
                e = add_written(out, arena, c->path, first_added(&r, c->path), is_folder, closure);
        }
        return e;
}

/* -- an error -- */

static bool ends_path(char c) {
        return c == ' ' || c == '\t' || c == '\'' || c == '"' || c == '`' || c == ':' || c == ',' || c == ')' ||
               c == '(';
}

/* The last absolute path: the first is often that of the program which complains. */
static struct str last_path(struct str line) {
        struct str found = { 0 };

        for (size_t i = 0; i < line.n;) {
                size_t n = i;

                while (n < line.n && !ends_path(line.p[n]))
                        ++n;
                if (n - i > 1 && line.p[i] == '/')
                        found = (struct str){ line.p + i, n - i };
                i = n + 1;
        }
        return found;
}

static bool is_read_only(struct str line) {
        static const char says[] = "read-only file system";
        size_t n = sizeof(says) - 1;

        for (size_t i = 0; i + n <= line.n; ++i)
                if (str_eq_fold((struct str){ line.p + i, n }, (struct str){ says, n }))
                        return true;
        return false;
}

int folders_add_line(struct folders *out, struct arena *arena, struct str line, folders_is_one *is_folder,
                     void *closure) {
        struct str path = last_path(line), folder;
        struct reading none = { 0 };

        if (!is_read_only(line) || path.n == 0)
                return 0;
        if (path_clean(arena, path, &path) < 0 || arena_str(arena, path, &path) < 0)
                return -ENOMEM;
        if (is_engines(&none, path))
                return 0;
        /* The first folder above it that is there. */
        for (folder = path; folder.n > 1 && !is_folder(closure, folder); folder = parent_of(folder))
                ;
        if (str_is_one_of(folder, broad)) {
                out->elsewhere = true;
                return 0;
        }
        return add_folder(out, arena, folder);
}
