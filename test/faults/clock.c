/*
 * A wall clock that can be set: LD_PRELOAD it, and name in DOCKSILL_CLOCK a file of eight bytes, the seconds that are
 * added (host byte order). Only the wall clock: as when somebody sets it, the monotonic one goes on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *added;

__attribute__((constructor)) static void look(void) {
        const char *path = getenv("DOCKSILL_CLOCK");
        int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        void *seen = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*added), PROT_READ, MAP_SHARED, fd, 0);

        if (fd >= 0)
                close(fd);
        added = seen == MAP_FAILED ? NULL : seen;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
        static int (*real)(clockid_t, struct timespec *);
        int r;

        if (!real)
                real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
        r = real(clock, now);
        if (r == 0 && clock == CLOCK_REALTIME && added)
                now->tv_sec += *added;
        return r;
}

time_t time(time_t *out) {
        struct timespec now;

        if (clock_gettime(CLOCK_REALTIME, &now) < 0)
                return (time_t)-1;
        if (out)
                *out = now.tv_sec;
        return now.tv_sec;
}
