#include "mask-assignment.h"

#include "mask-name.h"

/* "requirepass hunter2": a line of settings, in a text of several. */
static bool is_setting(struct str text, size_t begin, size_t at) {
        struct str rest = str_skip(text, at);
        size_t line;

        if (begin > 0 && text.p[begin - 1] != '\n')
                return false;
        line = str_find(rest, '\n');
        return line > 1 && line < rest.n && rest.p[0] == ' ' &&
               str_find(str_first(str_skip(rest, 1), line - 1), ' ') == line - 1;
}

/* "--requirepass hunter2", in a shell's text. */
static bool is_option(struct str text, size_t begin, size_t at) {
        struct str name = between(text, begin, at);

        return str_starts(name, STR_C("--")) && !str_starts(name, STR_C("--no-")) && at + 1 < text.n &&
               text.p[at] == ' ' && text.p[at + 1] != '-';
}

static size_t skip(struct str text, size_t i, char c) {
        while (i < text.n && text.p[i] == c)
                ++i;
        return i;
}

/* "Bearer", "Basic": what follows is the secret. */
static void past_scheme(struct str text, struct assignment *a) {
        static const char *const schemes[] = { "Bearer", "Basic", "Token", "ApiKey", "Digest",
                                               "bearer", "basic", "token", "apikey", NULL };

        if (!str_is_one_of(between(text, a->value, a->end), schemes) || a->end >= text.n || text.p[a->end] != ' ')
                return;
        a->value = a->end += 1;
        while (a->end < text.n && !is_blank(text.p[a->end]) && !is_quote(text.p[a->end]))
                ++a->end;
}

struct assignment assignment_at(struct str text, size_t begin, size_t at, bool free) {
        struct assignment a = { .value = at, .end = at };
        size_t i = skip(text, at, '\\');
        bool colon, apart, bare = free && (is_setting(text, begin, at) || is_option(text, begin, at));
        char quote = '\0';

        if (i < text.n && is_quote(text.p[i]))
                ++i;
        apart = i < text.n && text.p[i] == ' ';
        i = skip(text, i, ' ');
        if (!bare) {
                if (i >= text.n || (text.p[i] != '=' && text.p[i] != ':'))
                        return a;
                colon = text.p[i++] == ':';
                if (colon && !free && i < text.n && !is_blank(text.p[i]) && !is_quote(text.p[i]))
                        return a;
                if (colon || apart)
                        i = skip(text, i, ' ');
        }
        if (skip(text, i, '\\') < text.n && is_quote(text.p[skip(text, i, '\\')])) {
                i = skip(text, i, '\\');
                quote = text.p[i++];
        }
        a.value = a.end = i;
        while (a.end < text.n &&
               (quote ? text.p[a.end] != quote && text.p[a.end] != '\\'
                      : !is_blank(text.p[a.end]) && !is_quote(text.p[a.end]) && !strchr(",;&|)", text.p[a.end])))
                ++a.end;
        past_scheme(text, &a);
        return a;
}
