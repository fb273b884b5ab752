#include "docksill/host/resolve.h"

#include "entrance.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* A walk: @done has been followed and holds no links, @rest is still to go. Both in fixed room: PATH_MAX is the
 * kernel's.
 * @rest stands at the end of its room, so that what a link says goes in front of it without moving anything. */
struct walk {
        char done[PATH_MAX], rest[PATH_MAX];
        size_t n_done, at; /* where @rest begins */
        unsigned links;
        bool missing; /* @done does not exist: nothing below it can be a link */
};

/* Cuts the next component off @rest into @part; empty at the end. */
static struct str next_component(struct walk *w, char *part) {
        size_t n = 0;

        while (w->at < sizeof(w->rest) && w->rest[w->at] == '/')
                ++w->at;
        while (w->at < sizeof(w->rest) && w->rest[w->at] != '/')
                part[n++] = w->rest[w->at++];
        part[n] = '\0';
        return (struct str){ part, n };
}

static void step_up(struct walk *w) {
        while (w->n_done > 0 && w->done[w->n_done - 1] != '/')
                --w->n_done;
        if (w->n_done > 0)
                --w->n_done;
        w->done[w->n_done] = '\0';
}

static int step_into(struct walk *w, struct str part) {
        if (w->n_done + 1 + part.n >= sizeof(w->done))
                return -ENAMETOOLONG;
        w->done[w->n_done++] = '/';
        memcpy(w->done + w->n_done, part.p, part.n);
        w->n_done += part.n;
        w->done[w->n_done] = '\0';
        return 0;
}

/* What a link says goes in front of what is left; an absolute one starts again at the root. */
static int follow(struct walk *w, struct str link) {
        if (++w->links > RESOLVE_LINKS)
                return -ELOOP;
        if (link.n + 1 > w->at)
                return -ENAMETOOLONG;
        w->rest[--w->at] = '/';
        w->at -= link.n;
        memcpy(w->rest + w->at, link.p, link.n);
        if (link.p[0] == '/') {
                w->n_done = 0;
                w->done[0] = '\0';
        } else {
                step_up(w);
        }
        return 0;
}

/* One component further. A folder that can't be searched hides where it leads: an error, never a guess. */
static int step(struct walk *w, int root, struct str part) {
        char link[PATH_MAX];
        size_t folder = w->n_done;
        int r, place, error;
        ssize_t n;

        if (str_eq(part, STR_C(".")))
                return 0;
        if (str_eq(part, STR_C(".."))) {
                step_up(w);
                w->missing = false;
                return 0;
        }
        r = step_into(w, part);
        if (r < 0 || w->missing)
                return r;
        place = entrance_enter(folder > 0 ? (struct str){ w->done, folder } : STR_C("/"));
        if (place < 0)
                return place;
        n = readlinkat(root < 0 ? AT_FDCWD : root, root < 0 ? w->done : w->done + 1, link, sizeof(link));
        error = errno;
        entrance_leave(place);
        if (n == (ssize_t)sizeof(link))
                return -ENAMETOOLONG;
        if (n > 0)
                return follow(w, (struct str){ link, (size_t)n });
        if (n == 0 || error == EINVAL)
                return 0; /* no link */
        if (error != ENOENT && error != ENOTDIR)
                return -error;
        w->missing = true;
        return 0;
}

/* At the end of the walk, where no link is left. */
static int look(const struct walk *w, int root, bool *socket) {
        size_t folder = w->n_done;
        struct stat st;
        int place, r;

        *socket = false;
        if (w->missing || w->n_done == 0)
                return 0;
        while (w->done[--folder] != '/')
                ;
        place = entrance_enter(folder > 0 ? (struct str){ w->done, folder } : STR_C("/"));
        if (place < 0)
                return place;
        r = fstatat(root < 0 ? AT_FDCWD : root, root < 0 ? w->done : w->done + 1, &st, AT_SYMLINK_NOFOLLOW);
        if (r < 0)
                r = errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
        else
                *socket = S_ISSOCK(st.st_mode);
        entrance_leave(place);
        return r;
}

int resolve_path(struct text *out, int root, struct str path, bool *socket) {
        char part[PATH_MAX];
        struct walk w;
        int r;

        if (path.n == 0 || path.p[0] != '/' || memchr(path.p, '\0', path.n))
                return -EINVAL;
        if (path.n >= sizeof(w.rest))
                return -ENAMETOOLONG;
        w.at = sizeof(w.rest) - path.n;
        memcpy(w.rest + w.at, path.p, path.n);
        w.n_done = 0;
        w.done[0] = '\0';
        w.links = 0;
        w.missing = false;

        for (;;) {
                struct str next = next_component(&w, part);

                if (next.n == 0)
                        break;
                r = step(&w, root, next);
                if (r < 0)
                        return r;
        }
        r = look(&w, root, socket);
        if (r == 0)
                text_add(out, w.n_done > 0 ? (struct str){ w.done, w.n_done } : STR_C("/"));
        return r;
}
