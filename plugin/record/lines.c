#include "lines.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>

int lines_init(struct lines *l, size_t size) {
        void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (p == MAP_FAILED)
                return -errno;
        *l = (struct lines){ .p = p, .size = size };
        return 0;
}

void lines_deinit(struct lines *l) {
        if (l->p)
                munmap(l->p, l->size);
        *l = (struct lines){ 0 };
}

bool lines_add_parts(struct lines *l, struct str begin, struct str end) {
        if (begin.n > l->size - l->n || end.n > l->size - l->n - begin.n)
                return false;
        if (begin.n)
                memcpy(l->p + l->n, begin.p, begin.n);
        memcpy(l->p + l->n + begin.n, end.p, end.n);
        l->n += begin.n + end.n;
        ++l->count;
        if (l->n > l->touched)
                l->touched = l->n;
        return true;
}

/* Where the line begins that byte @at stands in. */
static size_t line_start(const struct lines *l, size_t at) {
        while (at > 0 && l->p[at - 1] != '\n')
                --at;
        return at;
}

static void take_back(struct lines *l, int fd) {
        size_t start = line_start(l, l->done);
        off_t begun = (off_t)(l->done - start), end;
        struct stat st;

        if (begun == 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
                return;
        end = lseek(fd, 0, SEEK_CUR);
        if (end != st.st_size || end < begun)
                return; /* someone else has written behind us */
        if (ftruncate(fd, end - begun) == 0)
                l->done = start;
}

/* POLLOUT promises room for PIPE_BUF bytes in a pipe, and for a small write to a stream socket. */
static ssize_t write_some(int fd, const char *p, size_t n, bool blocks) {
        struct pollfd ready = { .fd = fd, .events = POLLOUT };

        if (!blocks)
                return write(fd, p, n);
        if (poll(&ready, 1, 0) == 0) {
                errno = EAGAIN;
                return -1;
        }
        return write(fd, p, n < PIPE_BUF ? n : PIPE_BUF);
}

int lines_write(struct lines *l, int fd, bool blocks) {
        while (l->done < l->n) {
                ssize_t n = write_some(fd, l->p + l->done, l->n - l->done, blocks);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0) {
                        int error = n < 0 ? errno : EIO;

                        take_back(l, fd);
                        return -error;
                }
                l->done += (size_t)n;
        }
        return 0;
}

void lines_rewind(struct lines *l) {
        l->done = line_start(l, l->done);
}

uint64_t lines_written(const struct lines *l) {
        uint64_t count = 0;

        if (l->done == l->n)
                return l->count;
        for (size_t i = 0; i < l->done; ++i)
                count += l->p[i] == '\n';
        return count;
}

void lines_reset(struct lines *l) {
        l->n = l->done = l->count = 0;
}

void lines_trim(struct lines *l) {
        assert(l->n == 0);
        if (l->touched > LINES_KEPT && madvise(l->p + LINES_KEPT, l->touched - LINES_KEPT, MADV_DONTNEED) == 0)
                l->touched = LINES_KEPT;
}
