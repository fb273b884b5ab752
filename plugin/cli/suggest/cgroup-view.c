#include "docksill/base/cleanup.h"
#include "docksill/base/file.h"
#include "host-view.h"
#include <inttypes.h>
#include <stdio.h>

#define PIDS_MOST 4096

/* Where the files of a container's cgroup are: one folder on v2, one a controller on v1. */
struct groups {
        struct observed *o;
        const struct host_places *places;
        struct str lines; /* PROC/PID/cgroup: "4:memory:/docker/…", "0::/docker/…" */
};

static bool has_word(struct str words, struct str word) {
        while (words.p)
                if (str_eq(str_cut(&words, ','), word))
                        return true;
        return false;
}

/* A path that leads out of what is mounted here ("/../…") is another container's view. */
static bool is_sound(struct str path) {
        return str_starts(path, STR_C("/")) && str_search(path, STR_C("/..")) == path.n;
}

/* Reads a file of the v1 controller, or of v2 where @controller is "". */
static int group_file(const struct groups *g, const char *controller, const char *file, struct str *out) {
        struct str lines = g->lines;

        while (lines.n) {
                struct str line = str_cut(&lines, '\n'), names;
                char path[1024];

                (void)str_cut(&line, ':');
                names = str_cut(&line, ':');
                if (!(*controller ? has_word(names, str_from(controller)) : names.n == 0) || !is_sound(line))
                        continue;
                if ((size_t)snprintf(path, sizeof(path), "%s/%s%" STR_FMT "/%s", g->places->cgroup, controller,
                                     STR_ARG(line), file) >= sizeof(path))
                        return -1;
                return file_read(g->o->arena, path, HOST_FILE_MOST, out);
        }
        return -1;
}

static int64_t number_in(const struct groups *g, const char *controller, const char *file) {
        struct str text;
        int64_t n;

        return group_file(g, controller, file, &text) == 0 && str_int(str_trim(text), &n) == 0 && n >= 0 ? n : UNTOLD;
}

/* "nr_throttled 5": the number behind @key. */
static int64_t keyed_in(const struct groups *g, const char *controller, const char *file, const char *key) {
        struct str text;
        int64_t n;

        if (group_file(g, controller, file, &text) != 0)
                return UNTOLD;
        while (text.n) {
                struct str line = str_cut(&text, '\n');

                if (str_eqz(str_cut(&line, ' '), key) && str_int(str_trim(line), &n) == 0 && n >= 0)
                        return n;
        }
        return UNTOLD;
}

static void tell(int64_t *cell, int64_t n) {
        if (n != UNTOLD)
                *cell = n;
}

static void add_pids(struct observed *o, struct str text) {
        while (text.n && o->pids_told.n < PIDS_MOST) {
                int64_t pid;
                bool known = false;

                if (str_int(str_trim(str_cut(&text, '\n')), &pid) < 0 || pid <= 0)
                        continue;
                for (size_t i = 0; i < o->pids_told.n && !known; ++i)
                        known = o->pids_told.items[i] == pid;
                if (!known)
                        ARENA_ADD(o->arena, &o->pids_told, pid);
        }
}

static void view_v2(struct observed *o, const struct groups *g) {
        struct str text;

        tell(&o->memory, number_in(g, "", "memory.current"));
        tell(&o->memory_peak, number_in(g, "", "memory.peak"));
        tell(&o->cache, keyed_in(g, "", "memory.stat", "file"));
        tell(&o->memory_hits, keyed_in(g, "", "memory.events", "max"));
        tell(&o->pids, number_in(g, "", "pids.current"));
        tell(&o->pids_peak, number_in(g, "", "pids.peak"));
        tell(&o->cpu, keyed_in(g, "", "cpu.stat", "usage_usec"));
        tell(&o->throttled, keyed_in(g, "", "cpu.stat", "nr_throttled"));
        if (group_file(g, "", "cgroup.procs", &text) == 0)
                add_pids(o, text);
}

static void view_v1(struct observed *o, const struct groups *g) {
        struct str text;
        int64_t nanoseconds = number_in(g, "cpuacct", "cpuacct.usage");

        tell(&o->memory, number_in(g, "memory", "memory.usage_in_bytes"));
        tell(&o->memory_peak, number_in(g, "memory", "memory.max_usage_in_bytes"));
        tell(&o->cache, keyed_in(g, "memory", "memory.stat", "total_cache"));
        tell(&o->memory_hits, number_in(g, "memory", "memory.failcnt"));
        tell(&o->pids, number_in(g, "pids", "pids.current"));
        tell(&o->pids_peak, number_in(g, "pids", "pids.peak"));
        tell(&o->cpu, nanoseconds == UNTOLD ? UNTOLD : nanoseconds / 1000);
        tell(&o->throttled, keyed_in(g, "cpu", "cpu.stat", "nr_throttled"));
        if (group_file(g, "pids", "cgroup.procs", &text) == 0 || group_file(g, "memory", "cgroup.procs", &text) == 0)
                add_pids(o, text);
}

void cgroup_view(struct observed *o, const struct host_places *places, int64_t pid) {
        struct groups g = { .o = o, .places = places };

        if (host_file(o, places, pid, "cgroup", &g.lines) < 0)
                return;
        /* Where both are mounted, v2 has no controllers, and these files are not there. */
        view_v2(o, &g);
        view_v1(o, &g);
        if (o->memory == UNTOLD)
                observed_unseen(o, "its cgroup: not below %s as this process sees it", places->cgroup);
}
