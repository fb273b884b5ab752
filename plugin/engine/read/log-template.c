#include "log-template.h"
#include "docksill/base/cleanup.h"

#define TAG_MOST 4096 /* bytes */

static bool is_word_byte(char c) {
        return ascii_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_';
}

static struct str skip_blanks(struct str s) {
        while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
                s = str_skip(s, 1);
        return s;
}

static struct str take_word(struct str *rest) {
        size_t n = 0;

        while (n < rest->n && is_word_byte(rest->p[n]))
                ++n;
        *rest = str_skip(*rest, n);
        return (struct str){ rest->p - n, n };
}

/* ".Name", ".Config.Image". */
static bool take_field(struct str *rest) {
        bool any = false;

        while (rest->n > 0 && rest->p[0] == '.') {
                *rest = str_skip(*rest, 1);
                if (take_word(rest).n == 0)
                        return false;
                any = true;
        }
        return any;
}

static bool take_text(struct str *rest) {
        size_t n;

        if (rest->n == 0 || rest->p[0] != '"')
                return false;
        n = str_find(str_skip(*rest, 1), '"');
        if (n == rest->n - 1 || memchr(rest->p + 1, '\\', n))
                return false;
        *rest = str_skip(*rest, n + 2);
        return true;
}

/* Each makes no more of what it is given. */
static bool is_harmless(struct str word) {
        static const char *const words[] = { "json", "upper", "lower", "title", NULL };

        return str_is_one_of(word, words);
}

static bool is_plain_action(struct str action) {
        struct str rest = skip_blanks(action), word = take_word(&rest);

        rest = skip_blanks(rest);
        if (word.n > 0 && !is_harmless(word) && !str_eqz(word, "index"))
                return false;
        if (!take_field(&rest))
                return false;
        rest = skip_blanks(rest);
        if (str_eqz(word, "index") && !take_text(&rest))
                return false;
        return skip_blanks(rest).n == 0;
}

bool log_template_plain(struct str text) {
        if (text.n > TAG_MOST)
                return false;
        for (;;) {
                size_t open = str_search(text, STR_C("{{")), close;
                struct str action;

                if (open == text.n)
                        return true;
                text = str_skip(text, open + 2);
                close = str_search(text, STR_C("}}"));
                if (close == text.n)
                        return false;
                action = str_first(text, close);
                text = str_skip(text, close + 2);
                /* "{{- x -}}" takes the blanks beside it away. */
                if (str_starts(action, STR_C("- ")))
                        action = str_skip(action, 1);
                if (str_ends(action, STR_C(" -")))
                        action = str_first(action, action.n - 1);
                if (!is_plain_action(action))
                        return false;
        }
}
