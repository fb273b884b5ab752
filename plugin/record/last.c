#include "docksill/record/last.h"
#include "docksill/base/cleanup.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/* Longer than any two records. */
#define TAIL (256 * 1024)

struct tail {
        struct str text;
        bool whole; /* it is all of the file */
};

/* Lines are ours: each begins with its schema, and no text of a requester can hold an unescaped quotation mark. */
static bool read_line(struct str line, struct record_last *out) {
        const struct str key = STR(",\"seq\":");
        bool record = str_starts(line, STR_C("{\"schema\":\"docksill.record/1\",")),
             stop = str_starts(line, STR_C("{\"schema\":\"docksill.stop/1\","));
        struct str number;
        int64_t seq;

        if (!record && !stop)
                return false;
        number = str_skip(line, str_search(line, key) + key.n);
        number = str_first(number, str_find(number, ',') < str_find(number, '}') ? str_find(number, ',')
                                                                                 : str_find(number, '}'));
        if (str_int(number, &seq) < 0 || seq < 0)
                return false;
        *out = (struct record_last){ .known = true, .orderly = stop, .seq = (uint64_t)seq };
        return true;
}

static void read_end(struct str tail, struct record_last *out) {
        struct record_last found;

        while (tail.n) {
                struct str line = str_cut(&tail, '\n');

                if (read_line(line, &found))
                        *out = found;
                else if (out->orderly && line.n)
                        out->orderly = false; /* a start after it, whose process has left no record */
        }
}

/* A torn line gets its newline when the file is opened: the digest is of both. The byte for it is there. */
static void take_digest(char to[static CHAIN_DIGEST + 1], char *line, size_t n) {
        struct chain c;

        line[n] = '\n';
        if (chain_init(&c, "") < 0)
                return;
        chain_digest(&c, (struct str){ line, n + 1 }, to);
        chain_deinit(&c);
}

/* Nothing is known where the last line is longer than the tail: then a chain begins. */
static struct chain_head read_head(struct tail tail) {
        struct str text = tail.text, rest = text, last = { NULL, 0 }, before = last;
        struct chain_head head = { 0 };
        struct chain_link link;

        if (!tail.whole)
                (void)str_cut(&rest, '\n');
        while (rest.n) {
                before = last;
                last = str_cut(&rest, '\n');
                if (chain_read(last, &link))
                        head.link = link.link;
                else if (head.link)
                        ++head.link;
        }
        if (!last.p)
                return head;
        take_digest(head.digest, (char *)(uintptr_t)last.p, last.n);
        if (last.p + last.n < text.p + text.n)
                return head;
        head.torn = last.n;
        if (before.p)
                take_digest(head.before, (char *)(uintptr_t)before.p, before.n);
        return head;
}

/* Returns whether there is anything in it. */
static bool read_file(int at, const char *name, struct record_last *out) {
        cleanup_(closep) int fd = openat(at, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
        cleanup_(freep) char *text = NULL;
        struct tail tail;
        struct stat st;
        ssize_t n;

        if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
                return false;
        text = malloc(TAIL + 1);
        if (!text)
                return false;
        n = pread(fd, text, TAIL, st.st_size > TAIL ? st.st_size - TAIL : 0);
        tail = (struct tail){ .text = { text, n > 0 ? (size_t)n : 0 }, .whole = st.st_size <= TAIL };
        read_end(tail.text, out);
        out->head = read_head(tail);
        return true;
}

static bool is_neighbour(struct str name, struct str base) {
        static const struct str compressed[] = { STR(".gz"), STR(".xz"), STR(".zst"), STR(".bz2") };

        if (!str_starts(name, base) || name.n == base.n || (name.p[base.n] != '.' && name.p[base.n] != '-'))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(compressed); ++i)
                if (str_ends(name, compressed[i]))
                        return false;
        return true;
}

static bool is_newer(const struct stat *a, const struct stat *b) {
        return a->st_mtim.tv_sec > b->st_mtim.tv_sec ||
               (a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec > b->st_mtim.tv_nsec);
}

/* Logs were rotated while nobody wrote: the last line is in what logrotate made of the file. */
static void read_neighbour(DIR *folder, struct str base, struct record_last *out) {
        struct stat st, newest = { 0 };
        char name[256] = "";

        for (const struct dirent *d; (d = readdir(folder));)
                if (is_neighbour(str_from(d->d_name), base) &&
                    fstatat(dirfd(folder), d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
                    st.st_size > 0 && (!name[0] || is_newer(&st, &newest))) {
                        newest = st;
                        snprintf(name, sizeof(name), "%s", d->d_name);
                }
        if (name[0])
                (void)read_file(dirfd(folder), name, out);
}

struct record_last record_last(const char *path) {
        struct str whole = str_from(path), base = whole;
        struct record_last last = { 0 };
        char folder[4096] = ".";
        size_t slash = str_find_last(whole, '/');
        struct stat st;
        DIR *d;

        if (read_file(AT_FDCWD, path, &last) || (lstat(path, &st) == 0 && !S_ISREG(st.st_mode)))
                return last;
        if (slash < whole.n) {
                base = str_skip(whole, slash + 1);
                if (!str_to_z(str_first(whole, slash + 1), folder, sizeof(folder)))
                        return last;
        }
        d = base.n && !str_eqz(whole, "-") ? opendir(folder) : NULL;
        if (!d)
                return last;
        read_neighbour(d, base, &last);
        closedir(d);
        return last;
}
