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

/* "[PATH…]" is PATH. */
static struct str bare(struct str item) {
        item = str_trim(item);
        if (str_starts(item, STR_C("[")))
                item = str_skip(item, 1);
        if (str_ends(item, STR_C("]")))
                item = str_first(item, item.n - 1);
        return str_ends(item, STR_C("…")) ? str_first(item, item.n - strlen("…")) : item;
}

static void read_item(struct expected *out, struct str item) {
        if (str_starts(item, STR_C("-- ")))
                out->command = true;
        if (is_small(item))
                add(out, item);
        for (size_t i = 0; i < ARRAY_SIZE(places); ++i)
                out->files = out->files || str_eqz(item, places[i]);
}

void expected_read(struct expected *out, const char *said) {
        struct str rest = str_from(said);

        *out = (struct expected){ 0 };
        for (size_t i = 0; said && i < ARRAY_SIZE(known); ++i)
                for (size_t k = 0; strcmp(said, known[i].said) == 0 && known[i].words[k]; ++k)
                        add(out, str_from(known[i].words[k]));
        while (rest.p)
                read_item(out, bare(str_cut(&rest, '|')));
}
