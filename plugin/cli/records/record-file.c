#include "record-file.h"
#include "unpack.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#define CHUNK       ((size_t)256 * 1024)
#define BUFFER      (RECORD_LINE_MOST + CHUNK)
#define TIME_WITHIN 120            /* bytes of a line in which its time stands */
#define PEEK        ((size_t)4096) /* enough to know what is compressed */

static ssize_t read_more(struct record_file *f, char *to, size_t n) {
        ssize_t got;

        if (f->unpack)
                return unpack_read(f->unpack, to, n);
        do
                got = read(f->fd, to, n);
        while (got < 0 && errno == EINTR);
        return got < 0 ? -errno : got;
}

/* There is always room: a line without an end is dropped when it has filled all but a chunk. */
static ssize_t fill(struct record_file *f) {
        ssize_t n;

        if (f->start) {
                memmove(f->buffer, f->buffer + f->start, f->end - f->start);
                f->end -= f->start;
                f->seen -= f->start;
                f->start = 0;
        }
        n = read_more(f, f->buffer + f->end, BUFFER - f->end);
        if (n > 0)
                f->end += (size_t)n;
        return n;
}

static bool is_compressed_otherwise(struct str begin) {
        static const struct str magics[] = { STR("\xfd"
                                                 "7zXZ"),
                                             STR("\x28\xb5\x2f\xfd"), STR("BZh") };

        for (size_t i = 0; i < ARRAY_SIZE(magics); ++i)
                if (str_starts(begin, magics[i]))
                        return true;
        return false;
}

/* What the file begins with says what it is. */
static int begin(struct record_file *f) {
        struct str head;
        int r;

        while (f->end < 6) {
                ssize_t n = read_more(f, f->buffer + f->end, PEEK - f->end);

                if (n < 0)
                        return (int)n;
                if (n == 0)
                        break;
                f->end += (size_t)n;
        }
        head = (struct str){ f->buffer, f->end };
        if (is_compressed_otherwise(head))
                return -ENOTSUP;
        if (!unpack_knows(head))
                return 0;
        r = unpack_new(&f->unpack, f->fd, head);
        f->end = 0;
        return r;
}

int record_file_open(struct record_file *out, const char *path) {
        bool standard = strcmp(path, "-") == 0;
        struct record_file f = { .name = standard ? "standard input" : path, .buffer = malloc(BUFFER + 1) };
        int r;

        f.fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        r = !f.buffer ? -ENOMEM : f.fd < 0 ? -errno : begin(&f);
        if (r < 0) {
                record_file_close(&f);
                return r;
        }
        *out = f;
        return 0;
}

void record_file_close(struct record_file *f) {
        unpack_free(f->unpack);
        if (f->buffer && f->fd > STDIN_FILENO)
                close(f->fd);
        free(f->buffer);
        *f = (struct record_file){ 0 };
}

static int give(struct record_file *f, struct str *out, size_t n) {
        f->overlong = f->dropping || n > RECORD_LINE_MOST;
        *out = (struct str){ f->buffer + f->start, f->overlong ? RECORD_LINE_MOST : n };
        ++f->number;
        f->dropping = false;
        f->start += n;
        return 1;
}

/* The file ends without a newline: it is put there. */
static int give_unended(struct record_file *f, struct str *out) {
        size_t n = f->end - f->start;

        if (f->live || (n == 0 && !f->dropping))
                return 0;
        f->unended = f->over = true;
        f->buffer[f->end] = '\n';
        return give(f, out, n);
}

/* Its beginning stays in the buffer, its middle goes. */
static void drop_middle(struct record_file *f) {
        f->dropping = true;
        f->end = f->start + RECORD_LINE_MOST;
        f->seen = f->end;
}

int record_file_next(struct record_file *f, struct str *out) {
        if (f->over)
                return 0;
        for (;;) {
                const char *end = memchr(f->buffer + f->seen, '\n', f->end - f->seen);
                ssize_t n;

                if (end) {
                        int r = give(f, out, (size_t)(end - f->buffer) - f->start);

                        f->seen = ++f->start;
                        return r;
                }
                f->seen = f->end;
                if (f->end - f->start > RECORD_LINE_MOST)
                        drop_middle(f);
                n = fill(f);
                if (n < 0)
                        return (int)n;
                if (n == 0)
                        return give_unended(f, out);
        }
}

void record_line_time(char out[static RECORD_TIME], struct str line) {
        const struct str key = STR("\"time\":\"");
        struct str head = str_first(line, TIME_WITHIN), time = str_skip(head, str_search(head, key) + key.n);

        out[0] = '\0';
        if (str_find(time, '"') == time.n)
                return;
        time = str_first(time, str_find(time, '"'));
        for (size_t i = 0; i < time.n; ++i)
                if (!ascii_digit(time.p[i]) && !memchr("-:.TZ+", time.p[i], 6))
                        return;
        if (!str_to_z(time, out, RECORD_TIME))
                out[0] = '\0';
}

const char *record_file_error(int error) {
        if (error == -ENOTSUP)
                return "compressed; unpack it first";
        if (error == -EBADMSG)
                return "what is compressed in it is damaged or cut off";
        return strerror(-error);
}
