#include "entrance.h"
#include "docksill/base/arena.h"
#include "docksill/base/clock.h"
#include "docksill/base/file.h"
#include "docksill/base/path.h"
#include "docksill/base/thread.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

/* Bytes, of all mounts. */
#define MOUNTINFO_MOST ((size_t)8 << 20)

struct place {
        int64_t since;   /* 0: free */
        size_t n, mount; /* of .folder; mount: how much of it is the mount point, 0: not looked up */
        char folder[PATH_MAX];
};

static struct {
        pthread_mutex_t lock;
        pthread_cond_t left;
        struct place places[ENTRANCE_PLACES];
} all = { .lock = PTHREAD_MUTEX_INITIALIZER };

static pthread_once_t begun = PTHREAD_ONCE_INIT;

static void begin(void) {
        int r = thread_condition_init(&all.left);

        assert(r == 0);
}

/* -- mount points -- */

static int octal(char c) {
        return c >= '0' && c <= '7' ? c - '0' : 64;
}

/* "\040" is a blank: what would end the field or the line stands so. @field is changed. */
static size_t unescape(char *field, size_t n) {
        size_t to = 0;

        for (size_t i = 0; i < n; ++i) {
                int c = i + 3 < n && field[i] == '\\'
                                ? octal(field[i + 1]) * 64 + octal(field[i + 2]) * 8 + octal(field[i + 3])
                                : 4096;

                field[to++] = c < 256 ? (char)c : field[i];
                i += c < 256 ? 3 : 0;
        }
        return to;
}

/* proc_pid_mountinfo(5): the fifth field. */
size_t entrance_mount(struct str mountinfo, struct str path) {
        size_t longest = 1;

        while (mountinfo.p) {
                struct str line = str_cut(&mountinfo, '\n'), point = { 0 };
                char room[PATH_MAX];

                for (size_t i = 0; i < 5; ++i)
                        point = str_cut(&line, ' ');
                if (!point.p || point.n == 0 || point.n >= sizeof(room))
                        continue;
                memcpy(room, point.p, point.n);
                point = (struct str){ room, unescape(room, point.n) };
                if (point.n > longest && path_is_above(point, path))
                        longest = point.n;
        }
        return longest;
}

static size_t mount_of(struct str path) {
        cleanup_(arena_deinit) struct arena arena;
        cleanup_(closep) int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
        struct str text;

        arena_init(&arena, 2 * MOUNTINFO_MOST);
        if (fd < 0 || file_read_fd(&arena, fd, MOUNTINFO_MOST, &text) < 0)
                return 1;
        return entrance_mount(text, path);
}

/* -- places -- */

static bool is_stuck(const struct place *p, int64_t now) {
        return p->since && now - p->since >= ENTRANCE_PATIENCE;
}

static bool is_in_the_way(const struct place *p, struct str folder, int64_t now) {
        const struct str there = { p->folder, p->n };

        if (!p->since)
                return false;
        if (str_eq(there, folder))
                return true;
        return is_stuck(p, now) && p->mount > 1 && path_is_above(str_first(there, p->mount), folder);
}

static struct place *stuck_nowhere_known(int64_t now) {
        for (size_t i = 0; i < ENTRANCE_PLACES; ++i)
                if (is_stuck(&all.places[i], now) && all.places[i].mount == 0)
                        return &all.places[i];
        return NULL;
}

/* Below which mount points those are that are stuck. The kernel's list of mounts may be long, or wait for a mount that
 * is under way: it is read without the lock, or all helpers would wait for this one. */
static void find_mounts(int64_t now) {
        struct place *p;

        while ((p = stuck_nowhere_known(now))) {
                char folder[PATH_MAX];
                const int64_t since = p->since;
                const size_t n = p->n;
                size_t mount;

                memcpy(folder, p->folder, n);
                pthread_mutex_unlock(&all.lock);
                mount = mount_of((struct str){ folder, n });
                pthread_mutex_lock(&all.lock);
                if (p->since == since && p->n == n && memcmp(p->folder, folder, n) == 0)
                        p->mount = mount;
        }
}

/* How many are in the way; @until: when the first of them that is not stuck will be taken for it, 0: all are. */
static unsigned count(struct str folder, int64_t now, int64_t *until) {
        unsigned n = 0;

        *until = 0;
        for (size_t i = 0; i < ENTRANCE_PLACES; ++i) {
                const struct place *p = &all.places[i];

                if (!is_in_the_way(p, folder, now))
                        continue;
                ++n;
                if (!is_stuck(p, now) && (*until == 0 || p->since + ENTRANCE_PATIENCE < *until))
                        *until = p->since + ENTRANCE_PATIENCE;
        }
        return n;
}

static int take_place(struct str folder, int64_t now) {
        for (int i = 0; i < ENTRANCE_PLACES; ++i) {
                struct place *p = &all.places[i];

                if (p->since)
                        continue;
                p->since = now;
                p->n = folder.n;
                p->mount = 0;
                memcpy(p->folder, folder.p, folder.n);
                return i;
        }
        return -EBUSY;
}

static void wait_until(int64_t time) {
        struct timespec at = thread_until(time);

        (void)pthread_cond_timedwait(&all.left, &all.lock, &at);
}

int entrance_enter(struct str folder) {
        int64_t now, until;
        int r = 0;

        if (folder.n == 0 || folder.n >= PATH_MAX)
                return -ENAMETOOLONG;
        pthread_once(&begun, begin);
        pthread_mutex_lock(&all.lock);
        for (;;) {
                now = clock_monotonic();
                find_mounts(now);
                if (count(folder, now, &until) < ENTRANCE_MOST)
                        break;
                if (until == 0) {
                        r = -EBUSY;
                        break;
                }
                wait_until(until);
        }
        if (r == 0)
                r = take_place(folder, now);
        pthread_mutex_unlock(&all.lock);
        return r;
}

void entrance_leave(int place) {
        assert(place >= 0 && place < ENTRANCE_PLACES);
        pthread_mutex_lock(&all.lock);
        all.places[place].since = 0;
        pthread_cond_broadcast(&all.left);
        pthread_mutex_unlock(&all.lock);
}
