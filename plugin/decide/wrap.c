#include "docksill/decide/wrap.h"

/* Columns of a word: bytes that begin a character. */
static size_t width_of(struct str s) {
        size_t n = 0;

        for (size_t i = 0; i < s.n; ++i)
                n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
        return n;
}

/* Takes the words that fill one line from the front of @rest. @columns: of that line. */
static struct str take_line(struct str *rest, size_t columns) {
        size_t used = 0, taken = 0, at = 0;

        while (at < rest->n) {
                struct str word = str_skip(*rest, at);
                size_t n = str_find(word, ' '), width = width_of(str_first(word, n));

                if (taken && used + 1 + width > columns)
                        break;
                used += width + (taken > 0);
                taken = at + n;
                at = taken + 1;
        }
        {
                struct str line = str_first(*rest, taken);

                *rest = str_trim(str_skip(*rest, taken));
                return line;
        }
}

size_t wrap_lines(struct str s, size_t indent, size_t columns) {
        size_t n = 0;

        for (s = str_trim(s); s.n; ++n)
                (void)take_line(&s, columns - indent);
        return n;
}

void wrap_add(struct text *out, struct str s, size_t indent, size_t columns, size_t lines) {
        size_t width = columns - indent;

        s = str_trim(s);
        for (size_t i = 0; i < lines && s.n; ++i) {
                bool last = i + 1 == lines && wrap_lines(s, indent, columns) > 1;

                if (i)
                        text_addf(out, "\n%*s", (int)indent, "");
                text_add(out, take_line(&s, width - (last ? 2 : 0)));
                if (last)
                        text_addz(out, " …");
        }
}
