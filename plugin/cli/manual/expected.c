#include "expected.h"
#include "docksill/base/cleanup.h"

/* What some texts as a whole stand for: all that there is, or what is shipped. */
static const struct {
        const char *said;
        const char *words[6];
} known[] = {
        { "NAME|FILE", { "development", "staging", "production", "lockdown" } },
        { "SEVERITY", { "info", "low", "medium", "high", "critical" } },
};

static const char *const places[] = { "FILE", "FOLDER", "PATH", "SOCKET" };

static void add(struct expected *out, struct str word) {
        if (out->n < EXPECTED_WORDS)
                out->words[out->n++] = word;
}

static bool is_small(struct str word) {
        for (size_t i = 0; i < word.n; ++i)
                if (!(word.p[i] >= 'a' && word.p[i] <= 'z') && !ascii_digit(word.p[i]) && word.p[i] != '-')
                        return false;
        return word.n > 0 && word.p[0] != '-';
}

/* "[PATH…]" is PATH, INSPECT-FILE is a FILE. */
static struct str bare(struct str word) {
        if (str_starts(word, STR_C("[")))
                word = str_skip(word, 1);
        if (str_ends(word, STR_C("]")))
                word = str_first(word, word.n - 1);
        if (str_ends(word, STR_C("…")))
                word = str_first(word, word.n - strlen("…"));
        return is_small(word) || str_find_last(word, '-') == word.n ? word
                                                                    : str_skip(word, str_find_last(word, '-') + 1);
}

/* An option beside arguments has a row of its own. */
static void read_word(struct expected *out, struct str word) {
        if (str_starts(word, STR_C("-")))
                return;
        word = bare(word);
        if (is_small(word))
                add(out, word);
        for (size_t i = 0; i < ARRAY_SIZE(places); ++i)
                out->files = out->files || str_eqz(word, places[i]);
}

/* Words stand beside each other, or one in place of another. What is behind "--" is not ours. */
static void read_words(struct expected *out, struct str said) {
        while (said.p) {
                struct str alternative = str_cut(&said, '|');

                while (alternative.p) {
                        struct str word = str_cut(&alternative, ' ');

                        out->command = out->command || str_eqz(word, "--") || str_eqz(word, "[--");
                        if (out->command)
                                return;
                        read_word(out, word);
                }
        }
}

void expected_read(struct expected *out, const char *said) {
        *out = (struct expected){ 0 };
        for (size_t i = 0; said && i < ARRAY_SIZE(known); ++i)
                for (size_t k = 0; strcmp(said, known[i].said) == 0 && known[i].words[k]; ++k)
                        add(out, str_from(known[i].words[k]));
        read_words(out, str_from(said));
}
