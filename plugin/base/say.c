#include "docksill/base/say.h"
#include "docksill/base/cleanup.h"
#include <assert.h>
#include <stdio.h>
#include <sys/stat.h>

#define SAY_MOST 5000 /* bytes of a line: a path and some words */

/* systemd says which socket it gave us; a program that we were given to may have put another in its place. Asked each
 * time: lines are few. */
static bool is_journal(void) {
        const char *stream = getenv("JOURNAL_STREAM");
        char name[64];
        struct stat st;

        if (!stream || fstat(STDERR_FILENO, &st) < 0)
                return false;
        snprintf(name, sizeof(name), "%llu:%llu", (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
        return strcmp(stream, name) == 0;
}

const char *say_mark(enum say_level level) {
        static const char *const marks[] = {
                [SAY_ERROR] = "<3>", [SAY_WARNING] = "<4>", [SAY_NOTICE] = "<5>", [SAY_INFO] = "<6>"
        };

        return is_journal() ? marks[level] : "";
}

void say_add_marked(struct text *out, enum say_level level, struct str lines) {
        const char *mark = say_mark(level);

        while (lines.n) {
                struct str line = str_first(lines, str_find(lines, '\n') + 1);

                text_addz(out, mark);
                text_add(out, line);
                lines = str_skip(lines, line.n);
        }
}

size_t say_format(char *to, size_t size, enum say_level level, const char *fmt, va_list args) {
        int n = snprintf(to, size, "%sdocksill: ", say_mark(level)), more;

        assert(n > 0 && (size_t)n < size - 1);
        more = vsnprintf(to + n, size - (size_t)n, fmt, args);
        if (more > 0)
                n = (size_t)more < size - (size_t)n ? n + more : (int)size - 1;
        if ((size_t)n == size - 1)
                --n;
        to[n++] = '\n';
        to[n] = '\0';
        return (size_t)n;
}

/* Without malloc(): what is to be said may be that there is no memory. */
void say(enum say_level level, const char *fmt, ...) {
        char line[SAY_MOST + 1];
        va_list args;
        size_t n;

        va_start(args, fmt);
        n = say_format(line, sizeof(line), level, fmt, args);
        va_end(args);
        (void)!write(STDERR_FILENO, line, n);
}
