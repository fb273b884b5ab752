#include "host-view.h"
#include "docksill/base/file.h"
#include "docksill/host/machine.h"
#include "inside.h"
#include <errno.h>
#include <inttypes.h>

#define PROCESSES_MOST 512 /* that are looked at; their files are, too */

int host_file(struct observed *o, const struct host_places *places, int64_t pid, const char *name, struct str *out) {
        char path[512];

        if ((size_t)snprintf(path, sizeof(path), "%s/%" PRId64 "/%s", places->proc, pid, name) >= sizeof(path))
                return -ENAMETOOLONG;
        return file_read(o->arena, path, HOST_FILE_MOST, out);
}

bool process_belongs(struct observed *o, const struct host_places *places, int64_t pid) {
        struct str text;

        if (o->id.n == 0)
                return false;
        if (host_file(o, places, pid, "cgroup", &text) == 0 && str_search(text, o->id) < text.n)
                return true;
        /* With a cgroup namespace of our own its name may be cut off; the files that the engine puts into each
         * container are not. */
        return host_file(o, places, pid, "mountinfo", &text) == 0 && str_search(text, o->id) < text.n;
}

static bool add_pid(struct observed *o, int64_t pid) {
        for (size_t i = 0; i < o->pids_told.n; ++i)
                if (o->pids_told.items[i] == pid)
                        return true;
        ARENA_ADD(o->arena, &o->pids_told, pid);
        return o->pids_told.n > 0;
}

/* -- one process after the other -- */

struct tally {
        size_t seen, gone, refused;
        bool files, files_refused;
};

static void see_files(struct observed *o, const struct host_view *view, struct tally *t) {
        const struct observed_process *p = &o->processes.items[o->processes.n - 1];
        int r = files_view(o, view->places, p->pid, p->name);

        if (r == 0)
                t->files = true;
        else if (r == -EACCES || r == -EPERM)
                t->files_refused = true;
}

static void see_process(struct observed *o, const struct host_view *view, int64_t pid, struct tally *t) {
        int r;

        if (!process_belongs(o, view->places, pid)) {
                ++t->gone;
                return;
        }
        r = process_view(o, view->places, pid);
        if (r < 0) {
                t->refused += r == -EACCES || r == -EPERM;
                t->gone += r == -ENOENT || r == -ESRCH;
                return;
        }
        ++t->seen;
        see_files(o, view, t);
}

/* Parents mostly come before their children. */
static int by_number(const void *a, const void *b) {
        const int64_t *x = a, *y = b;

        return (*x > *y) - (*x < *y);
}

static void see_processes(struct observed *o, const struct host_view *view) {
        struct tally t = { 0 };

        if (o->pids_told.n)
                qsort(o->pids_told.items, o->pids_told.n, sizeof(o->pids_told.items[0]), by_number);
        for (size_t i = 0; i < o->pids_told.n && i < PROCESSES_MOST; ++i) {
                see_process(o, view, o->pids_told.items[i], &t);
                if (o->processes.n)
                        o->processes.items[o->processes.n - 1].first |=
                                o->processes.items[o->processes.n - 1].pid == view->first;
        }
        if (o->pids_told.n > PROCESSES_MOST)
                observed_unseen(o, "of its %zu processes the first %d were looked at", o->pids_told.n, PROCESSES_MOST);
        if (t.refused)
                observed_unseen(o,
                                "the users and capabilities of %zu processes: no permission to read %s; run it as root",
                                t.refused, view->places->proc);
        if (t.files_refused)
                observed_unseen(o, "which files it has open: no permission to read %s/%" PRId64 "/fd; run it as root",
                                view->places->proc, view->first);
        o->files_told = t.files && !t.files_refused;
        o->processes_told = t.seen > 0 && t.refused == 0 && o->pids_told.n <= PROCESSES_MOST;
}

static void see_network(struct observed *o, const struct host_view *view) {
        int r;

        if (view->shares_network && !o->files_told) {
                observed_unseen(o, "which ports it listens on: its network is not its own, and which sockets there are "
                                   "can't be told without its files");
                return;
        }
        r = sockets_view(o, view->places, view->first, view->shares_network);
        if (r < 0)
                observed_unseen(o, "which ports it listens on: %s/%" PRId64 "/net: %s", view->places->proc, view->first,
                                strerror(-r));
}

/* When something in the mounts was written last. */
static void see_sources(struct observed *o, const struct host_view *view) {
        for (size_t i = 0; i < o->mounts.n; ++i) {
                const struct observed_mount *m = &o->mounts.items[i];
                struct observed_source s = { .target = m->target };
                int64_t bytes;

                if (view->started == UNTOLD || m->read_only || str_eqz(m->target, "/") ||
                    inside_look(view->places->proc, view->first, m->target, view->started, &s.changed, &bytes, &s.all) <
                            0)
                        continue;
                ARENA_ADD(o->arena, &o->sources, s);
        }
}

int host_view(struct observed *o, const struct host_view *view) {
        const struct host_places *places = view->places;
        struct host_size size;
        int r;

        if (view->first <= 0) {
                observed_unseen(o, "its processes, files and ports: the engine names none of its processes; is it "
                                   "starting again and again?");
                return arena_full(o->arena) ? -ENOMEM : 0;
        }
        if (!process_belongs(o, places, view->first)) {
                observed_unseen(o,
                                "its processes, files and ports on the host: process %" PRId64
                                " of %s is not this container's, or is hidden; run it where the engine runs, as root",
                                view->first, places->proc);
                return arena_full(o->arena) ? -ENOMEM : 0;
        }
        if (!add_pid(o, view->first))
                return -ENOMEM;
        machine_size(&size);
        o->processors = size.processors ? size.processors : UNTOLD;
        cgroup_view(o, places, view->first);
        see_processes(o, view);
        see_network(o, view);
        r = mounts_view(o, places, view->first);
        if (r < 0)
                observed_unseen(o, "what is mounted inside: %s/%" PRId64 "/mountinfo: %s", places->proc, view->first,
                                strerror(-r));
        else
                see_sources(o, view);
        return arena_full(o->arena) ? -ENOMEM : 0;
}
