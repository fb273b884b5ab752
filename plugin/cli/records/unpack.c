#include "unpack.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#define PACKED    (64 * 1024)
#define GZIP_ONLY (16 + MAX_WBITS)

struct unpack {
        int fd;
        z_stream stream;
        bool between; /* a member has ended; there may be another */
        unsigned char packed[PACKED];
};

bool unpack_knows(struct str begin) {
        return str_starts(begin, STR_C("\x1f\x8b"));
}

int unpack_new(struct unpack **out, int fd, struct str begin) {
        struct unpack *u = begin.n <= PACKED ? calloc(1, sizeof(*u)) : NULL;

        if (!u)
                return -ENOMEM;
        u->fd = fd;
        memcpy(u->packed, begin.p, begin.n);
        u->stream.next_in = u->packed;
        u->stream.avail_in = (uInt)begin.n;
        if (inflateInit2(&u->stream, GZIP_ONLY) != Z_OK) {
                free(u);
                return -ENOMEM;
        }
        *out = u;
        return 0;
}

void unpack_free(struct unpack *u) {
        if (!u)
                return;
        inflateEnd(&u->stream);
        free(u);
}

/* Returns as read(2) does, or a negative errno. */
static ssize_t fetch(struct unpack *u) {
        ssize_t n;

        do
                n = read(u->fd, u->packed, PACKED);
        while (n < 0 && errno == EINTR);
        if (n < 0)
                return -errno;
        u->stream.next_in = u->packed;
        u->stream.avail_in = (uInt)n;
        return n;
}

ssize_t unpack_read(struct unpack *u, char *to, size_t n) {
        uInt room = n < UINT_MAX ? (uInt)n : UINT_MAX;

        u->stream.next_out = (unsigned char *)to;
        u->stream.avail_out = room;
        while (u->stream.avail_out == room) {
                ssize_t got = u->stream.avail_in ? 1 : fetch(u);
                int r;

                if (got < 0)
                        return got;
                if (got == 0)
                        return u->between ? 0 : -EBADMSG;
                if (u->between && inflateReset(&u->stream) != Z_OK)
                        return -EBADMSG;
                r = inflate(&u->stream, Z_NO_FLUSH);
                if (r != Z_OK && r != Z_STREAM_END)
                        return r == Z_MEM_ERROR ? -ENOMEM : -EBADMSG;
                u->between = r == Z_STREAM_END;
        }
        return (ssize_t)(room - u->stream.avail_out);
}
