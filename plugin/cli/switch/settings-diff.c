#include "settings-diff.h"

#define CONTEXT 3

/* The line at the front of @rest with its end, cut off it. */
static struct str line_of(struct str rest) {
        size_t end = str_find(rest, '\n');

        return str_first(rest, end < rest.n ? end + 1 : rest.n);
}

static size_t count_lines(struct str text) {
        size_t n = 0;

        for (; text.n > 0; text = str_skip(text, line_of(text).n))
                ++n;
        return n;
}

/* From line @from on, @n of them. */
static void add_lines(struct text *out, char sign, struct str text, size_t from, size_t n) {
        for (size_t i = 0; i < from + n && text.n > 0; ++i) {
                struct str line = line_of(text);

                if (i >= from) {
                        text_add_char(out, sign);
                        text_add(out, line);
                        if (!str_ends(line, STR_C("\n")))
                                text_addz(out, "\n\\ No newline at end of file\n");
                }
                text = str_skip(text, line.n);
        }
}

/* Lines that both begin with. */
static size_t common_front(struct str a, struct str b) {
        size_t n = 0;

        while (a.n > 0 && b.n > 0 && str_eq(line_of(a), line_of(b))) {
                a = str_skip(a, line_of(a).n);
                b = str_skip(b, line_of(b).n);
                ++n;
        }
        return n;
}

static struct str last_line(struct str text) {
        struct str without = str_first(text, text.n - 1);
        size_t before = str_find_last(without, '\n');

        return before < without.n ? str_skip(text, before + 1) : text;
}

/* Lines that both end with, of so many that may be taken. */
static size_t common_back(struct str a, struct str b, size_t most) {
        size_t n = 0;

        while (n < most && a.n > 0 && b.n > 0 && str_eq(last_line(a), last_line(b))) {
                a = str_first(a, a.n - last_line(a).n);
                b = str_first(b, b.n - last_line(b).n);
                ++n;
        }
        return n;
}

static size_t lesser(size_t a, size_t b) {
        return a < b ? a : b;
}

void settings_diff_add(struct text *out, const char *path, struct str before, struct str after) {
        size_t a = count_lines(before), b = count_lines(after);
        size_t front = common_front(before, after), back, context_front, context_back, start;

        if (before.p && str_eq(before, after))
                return;
        back = common_back(before, after, lesser(a, b) - front);
        context_front = lesser(front, CONTEXT);
        context_back = lesser(back, CONTEXT);
        start = front - context_front;
        text_addf(out, "--- %s\n+++ %s\n", before.p ? path : "/dev/null", path);
        text_addf(out, "@@ -%zu,%zu +%zu,%zu @@\n", a ? start + 1 : 0, a - back + context_back - start,
                  b ? start + 1 : 0, b - back + context_back - start);
        add_lines(out, ' ', before, start, context_front);
        add_lines(out, '-', before, front, a - back - front);
        add_lines(out, '+', after, front, b - back - front);
        add_lines(out, ' ', before, a - back, context_back);
}
