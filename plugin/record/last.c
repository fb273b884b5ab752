#include "docksill/record/last.h"
#include "docksill/base/cleanup.h"
#include <fcntl.h>
#include <sys/stat.h>

/* Longer than any record. */
#define TAIL (64 * 1024)

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

struct record_last record_last(const char *path) {
        cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
        struct record_last last = { 0 }, found;
        struct stat st;
        struct str tail;
        ssize_t n;
        char *text;

        if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
                return last;
        text = malloc(TAIL);
        if (!text)
                return last;
        n = pread(fd, text, TAIL, st.st_size > TAIL ? st.st_size - TAIL : 0);
        tail = (struct str){ text, n > 0 ? (size_t)n : 0 };
        while (tail.n) {
                struct str line = str_cut(&tail, '\n');

                if (read_line(line, &found))
                        last = found;
                else if (last.orderly && line.n)
                        last.orderly = false; /* a start after it, whose process has left no record */
        }
        free(text);
        return last;
}
