#include "docksill/base/cleanup.h"
#include "host-view.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define FILES_MOST 4096 /* that one process has open, and that all of them write */

DEFINE_CLEANUP(DIR *, closedir);

/* Of "flags:\t0100001" in octal: may it be written? */
static bool is_written(struct str fdinfo) {
        while (fdinfo.p) {
                struct str line = str_cut(&fdinfo, '\n');
                unsigned flags = 0;

                if (!str_starts(line, STR_C("flags:")))
                        continue;
                line = str_trim(str_skip(line, 6));
                for (size_t i = 0; i < line.n && line.p[i] >= '0' && line.p[i] <= '7'; ++i)
                        flags = flags << 3 | (unsigned)(line.p[i] - '0');
                return (flags & O_ACCMODE) != O_RDONLY;
        }
        return false;
}

/* What is no file of a disk: pipes and sockets have no slash at their beginning. */
static bool is_file(struct str path) {
        static const struct str others[] = { STR("/dev/"), STR("/proc/"), STR("/sys/"), STR("/memfd:"), STR("/SYSV") };

        if (!str_starts(path, STR_C("/")))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(others); ++i)
                if (str_starts(path, others[i]) && !str_starts(path, STR_C("/dev/shm/")))
                        return false;
        return true;
}

static bool is_known(const struct observed *o, struct str path) {
        for (size_t i = 0; i < o->files.n; ++i)
                if (str_eq(o->files.items[i].path, path))
                        return true;
        return false;
}

static void add_file(struct observed *o, struct str path, struct str process) {
        static const struct str deleted = STR(" (deleted)");
        struct observed_file f = { .process = process };

        f.deleted = str_ends(path, deleted);
        if (f.deleted)
                path.n -= deleted.n;
        if (!is_file(path) || o->files.n >= FILES_MOST || is_known(o, path) || arena_str(o->arena, path, &f.path) < 0)
                return;
        ARENA_ADD(o->arena, &o->files, f);
}

/* "socket:[129467]" */
static void add_socket(struct observed *o, struct str link) {
        int64_t inode;

        if (str_starts(link, STR_C("socket:[")) && o->sockets.n < FILES_MOST &&
            str_int(str_first(str_skip(link, 8), link.n - 9), &inode) == 0)
                ARENA_ADD(o->arena, &o->sockets, inode);
}

int files_view(struct observed *o, const struct host_places *places, int64_t pid, struct str name) {
        cleanup_(closedirp) DIR *folder = NULL;
        struct dirent *entry;
        char path[4096];
        size_t n = 0;

        if ((size_t)snprintf(path, sizeof(path), "%s/%" PRId64 "/fd", places->proc, pid) >= sizeof(path))
                return -ENAMETOOLONG;
        folder = opendir(path);
        if (!folder)
                return -errno;
        while ((entry = readdir(folder)) && n < FILES_MOST) {
                char info[64];
                struct str text;
                ssize_t size;

                if (!ascii_digit(entry->d_name[0]))
                        continue;
                ++n;
                size = readlinkat(dirfd(folder), entry->d_name, path, sizeof(path));
                if (size <= 0)
                        continue;
                add_socket(o, (struct str){ path, (size_t)size });
                snprintf(info, sizeof(info), "fdinfo/%.20s", entry->d_name);
                if (host_file(o, places, pid, info, &text) == 0 && is_written(text))
                        add_file(o, (struct str){ path, (size_t)size }, name);
        }
        return 0;
}
