#include "owner.h"
#include "docksill/base/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>

/* The start of a file, without its last line's end. */
static int read_start(const char *path, char *out, size_t size) {
        cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n;

        if (fd < 0)
                return -errno;
        n = read(fd, out, size - 1);
        if (n < 0)
                return -errno;
        while (n > 0 && out[n - 1] == '\n')
                --n;
        out[n] = '\0';
        return 0;
}

/* Ticks from boot to its start: the 22nd field; the second, its name, may hold anything. */
static int started(long pid, uint64_t *out) {
        char path[64], text[1024];
        const char *at;
        int r;

        snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
        r = read_start(path, text, sizeof(text));
        if (r < 0)
                return r;
        at = strrchr(text, ')');
        for (int field = 2; at && field < 22; ++field)
                at = strchr(at + 1, ' ');
        return at && sscanf(at, "%" SCNu64, out) == 1 ? 0 : -EPROTO;
}

/* Which boot, and which processes are seen. */
static int surroundings(char *out, size_t size) {
        char boot[64];
        struct stat st;
        int r = read_start("/proc/sys/kernel/random/boot_id", boot, sizeof(boot));

        if (r < 0)
                return r;
        if (stat("/proc/self/ns/pid", &st) < 0)
                return -errno;
        return snprintf(out, size, "%s/%ju/", boot, (uintmax_t)st.st_ino) < (int)size ? 0 : -ENAMETOOLONG;
}

int owner_init(struct owner *out) {
        char around[OWNER_MOST - 64];
        uint64_t start, nonce;
        int r = surroundings(around, sizeof(around));

        if (r == 0)
                r = started((long)getpid(), &start);
        if (r < 0)
                return r;
        if (getrandom(&nonce, sizeof(nonce), 0) != (ssize_t)sizeof(nonce))
                return -EIO;
        snprintf(out->nonce, sizeof(out->nonce), "%016" PRIx64, nonce);
        snprintf(out->text, sizeof(out->text), "%s%ld/%" PRIu64 "/%" PRId64 "/%s", around, (long)getpid(), start,
                 clock_wall() / 1000000, out->nonce);
        return 0;
}

/* BOOT/NAMESPACE/PID/START/TIME/NONCE */
static enum owner_state by_age(struct str label) {
        struct str part = { 0 };
        int64_t made, now = clock_wall() / 1000000;

        for (int i = 0; i < 5; ++i)
                part = str_cut(&label, '/');
        if (str_int(part, &made) < 0)
                return OWNER_ELSEWHERE;
        return made < now - OWNER_AGE_MOST ? OWNER_GONE : OWNER_ELSEWHERE;
}

enum owner_state owner_of(struct str label) {
        char around[OWNER_MOST - 64], text[OWNER_MOST];
        uint64_t start, now;
        long pid;

        if (surroundings(around, sizeof(around)) < 0 || !str_starts(label, str_from(around)) ||
            !str_to_z(str_skip(label, strlen(around)), text, sizeof(text)) ||
            sscanf(text, "%ld/%" SCNu64 "/", &pid, &start) != 2)
                return by_age(label);
        return started(pid, &now) == 0 && now == start ? OWNER_LIVES : OWNER_GONE;
}
