#include "quantifier.h"

#define DEPTH_MOST 64

struct scan {
        struct str rest;
        bool endless[DEPTH_MOST]; /* by group: something in it may come any number of times, and give back */
        bool atomic[DEPTH_MOST];
        size_t depth;
};

static char next(struct scan *s) {
        char c = s->rest.n ? s->rest.p[0] : '\0';

        s->rest = str_skip(s->rest, s->rest.n ? 1 : 0);
        return c;
}

static char ahead(const struct scan *s) {
        return s->rest.n ? s->rest.p[0] : '\0';
}

/* "[]a-z]": a bracket that comes first is one of its own. */
static void skip_class(struct scan *s) {
        if (ahead(s) == '^')
                (void)next(s);
        if (ahead(s) == ']')
                (void)next(s);
        while (s->rest.n) {
                char c = next(s);

                if (c == ']')
                        return;
                if (c == '\\')
                        (void)next(s);
        }
}

/* "*", "+", "{2,}": takes it away. What is behind it, possessive or not, is taken too. */
static bool take_endless(struct scan *s) {
        bool endless = ahead(s) == '*' || ahead(s) == '+';

        if (endless)
                (void)next(s);
        if (!endless && ahead(s) == '{') {
                size_t end = str_find(s->rest, '}');

                endless = end < s->rest.n && end > 1 && s->rest.p[end - 1] == ',';
                if (endless)
                        s->rest = str_skip(s->rest, end + 1);
        }
        if (!endless)
                return false;
        if (ahead(s) == '+') {
                (void)next(s);
                return false;
        }
        if (ahead(s) == '?')
                (void)next(s);
        return true;
}

static void open_group(struct scan *s) {
        bool atomic = str_starts(s->rest, STR_C("?>"));

        /* What stands behind the ? of "(?:", "(?i)", "(?<name>" is no quantifier. */
        if (ahead(s) == '?')
                (void)next(s);
        if (s->depth + 1 < DEPTH_MOST)
                ++s->depth;
        s->endless[s->depth] = false;
        s->atomic[s->depth] = atomic;
}

bool quantifiers_nest(struct str pattern) {
        struct scan s = { .rest = pattern };

        while (s.rest.n) {
                char c = next(&s);
                bool inner = false;

                if (c == '(') {
                        open_group(&s);
                        continue;
                }
                if (c == '\\')
                        (void)next(&s);
                if (c == '[')
                        skip_class(&s);
                if (c == ')' && s.depth > 0) {
                        inner = s.endless[s.depth] && !s.atomic[s.depth];
                        --s.depth;
                }
                if (take_endless(&s)) {
                        if (inner)
                                return true;
                        s.endless[s.depth] = true;
                }
                s.endless[s.depth] = s.endless[s.depth] || inner;
        }
        return false;
}
