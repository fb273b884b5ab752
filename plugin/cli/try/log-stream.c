#include "log-stream.h"
#include <errno.h>

#define HEAD 8

/* -- frames -- */

struct stream {
        struct arena *arena;
        struct log_lines *out;
        struct str begun[2]; /* of each stream: what its last frame left without an end of line */
        bool failed;
};

static void add_line(struct stream *s, struct str text, bool error) {
        struct log_line *line;

        text = str_trim(text);
        if (text.n == 0 || s->out->n == LOG_LINES_MOST)
                return;
        line = ARENA_PUSH(s->arena, s->out);
        if (line)
                *line = (struct log_line){ text, error };
        s->failed = s->failed || !line;
}

static void add_piece(struct stream *s, struct str piece, bool error) {
        struct str *begun = &s->begun[error];

        while (piece.n && !s->failed && s->out->n < LOG_LINES_MOST) {
                size_t n = str_find(piece, '\n');

                *begun = begun->n ? arena_join(s->arena, *begun, str_first(piece, n)) : str_first(piece, n);
                s->failed = s->failed || (begun->n && !begun->p);
                if (n == piece.n)
                        return;
                add_line(s, *begun, error);
                *begun = (struct str){ 0 };
                piece = str_skip(piece, n + 1);
        }
}

static size_t length_of(const char *head) {
        const unsigned char *b = (const unsigned char *)head + 4;

        return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
}

int log_stream_read(struct log_lines *out, struct arena *arena, struct str stream, bool terminal) {
        struct stream s = { .arena = arena, .out = out };

        if (terminal)
                add_piece(&s, stream, false);
        while (!terminal && stream.n > HEAD) {
                size_t n = length_of(stream.p);
                bool error = stream.p[0] == 2;

                stream = str_skip(stream, HEAD);
                add_piece(&s, str_first(stream, n), error);
                stream = str_skip(stream, n);
        }
        add_line(&s, s.begun[1], true);
        add_line(&s, s.begun[0], false);
        return s.failed ? -ENOMEM : 0;
}

/* -- what it means -- */

/* In lower case. */
static const char *const words[] = {
        "denied",   "not permitted", "read-only file system",
        "can't",    "cannot",        "could not",
        "couldn't", "unable to",     "fail",
        "fatal",    "error",         "panic",
        "killed",   "no space",      "out of memory",
};

static bool holds_fold(struct str s, const char *word) {
        size_t n = strlen(word);

        for (size_t i = 0; i + n <= s.n; ++i)
                if (str_eq_fold((struct str){ s.p + i, n }, (struct str){ word, n }))
                        return true;
        return false;
}

static bool speaks_of_error(struct str s) {
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); ++i)
                if (holds_fold(s, words[i]))
                        return true;
        return false;
}

static bool is_known(const struct log_lines *known, struct str text) {
        for (size_t i = 0; i < known->n; ++i)
                if (str_eq(known->items[i].text, text))
                        return true;
        return false;
}

struct str log_telling(const struct log_lines *lines, const struct log_lines *known) {
        struct str last[2] = { { 0 }, { 0 } };

        for (size_t i = 0; i < lines->n; ++i) {
                const struct log_line *line = &lines->items[i];

                if (is_known(known, line->text))
                        continue;
                if (speaks_of_error(line->text))
                        return line->text;
                last[line->error] = line->text;
        }
        return last[1].n ? last[1] : last[0];
}
