#include "docksill/base/path.h"

#include <errno.h>

/* The next component of @rest; empty at its end. */
static struct str component(struct str *rest) {
        size_t slashes = 0, at;
        struct str part;

        while (slashes < rest->n && rest->p[slashes] == '/')
                ++slashes;
        *rest = str_skip(*rest, slashes);
        at = str_find(*rest, '/');
        part = str_first(*rest, at);
        *rest = str_skip(*rest, at + 1);
        return part;
}

static bool is_dot(struct str part) {
        return part.n == 1 && part.p[0] == '.';
}

static bool is_dot_dot(struct str part) {
        return part.n == 2 && part.p[0] == '.' && part.p[1] == '.';
}

static bool is_absolute(struct str path) {
        return path.n > 0 && path.p[0] == '/';
}

/* Nothing to do is the usual case: no empty, "." or ".." component. Relative paths with leading ".." are let go as not
 * clean; cleaning yields them again. */
bool path_is_clean(struct str path) {
        struct str rest = path;

        if (path.n == 0 || (path.n > 1 && path.p[path.n - 1] == '/'))
                return false;
        if (is_absolute(path))
                rest = str_skip(rest, 1);
        while (rest.n > 0) {
                struct str part = str_cut(&rest, '/');

                if (part.n == 0 || is_dot(part) || is_dot_dot(part))
                        return false;
        }
        return true;
}

int path_clean(struct arena *arena, struct str path, struct str *out) {
        bool absolute = is_absolute(path);
        struct str rest = path, part;
        size_t n = 0, fixed; /* @fixed: ".." can't remove what stands before it */
        char *to;

        if (path_is_clean(path)) {
                *out = path;
                return 0;
        }
        to = path.n < SIZE_MAX - 2 ? arena_bytes(arena, path.n + 2) : NULL;
        if (!to)
                return -ENOMEM;
        if (absolute)
                to[n++] = '/';
        fixed = n;

        while ((part = component(&rest)).n > 0) {
                if (is_dot(part))
                        continue;
                if (is_dot_dot(part) && n > fixed) {
                        while (n > fixed && to[n - 1] != '/')
                                --n;
                        if (n > fixed)
                                --n; /* the slash before what went */
                        continue;
                }
                if (is_dot_dot(part) && absolute)
                        continue;
                if (n > (size_t)absolute)
                        to[n++] = '/';
                memcpy(to + n, part.p, part.n);
                n += part.n;
                if (is_dot_dot(part))
                        fixed = n;
        }

        if (n == 0)
                to[n++] = '.';
        to[n] = '\0';
        *out = (struct str){ to, n };
        return 0;
}

static inline bool may_begin(char pattern, char c, bool question) {
        return pattern == c || pattern == '*' || (question && pattern == '?');
}

/*
 * The one loop behind both kinds of pattern. When bytes differ, only the last star needs to be tried again one byte
 * further on: whatever an earlier star could give, the last one can give too. Hence no recursion, n·m at worst. What no
 * byte of the pattern can begin with is passed over first.
 */
static bool wildcard(struct str s, struct str pattern, bool question) {
        size_t i = 0, j = 0, star = SIZE_MAX, retry = 0;

        while (i < s.n) {
                if (j < pattern.n && pattern.p[j] == '*') {
                        star = j++;
                        if (j == pattern.n)
                                return true;
                        while (i < s.n && !may_begin(pattern.p[j], s.p[i], question))
                                ++i;
                        retry = i;
                } else if (j < pattern.n && (pattern.p[j] == s.p[i] || (question && pattern.p[j] == '?'))) {
                        ++i;
                        ++j;
                } else if (star != SIZE_MAX) {
                        j = star + 1;
                        do
                                ++retry;
                        while (retry < s.n && !may_begin(pattern.p[j], s.p[retry], question));
                        i = retry;
                } else {
                        return false;
                }
        }
        while (j < pattern.n && pattern.p[j] == '*')
                ++j;
        return j == pattern.n;
}

bool glob_matches(struct str s, struct str pattern) {
        return wildcard(s, pattern, true);
}

bool component_matches(struct str name, struct str pattern) {
        return wildcard(name, pattern, false);
}

bool path_matches(struct str path, struct str pattern, enum path_relation relation) {
        struct str a, b;

        if (is_absolute(path) != is_absolute(pattern))
                return false;
        for (;;) {
                a = component(&path);
                b = component(&pattern);
                if (a.n == 0 || b.n == 0)
                        break;
                if (!wildcard(a, b, false))
                        return false;
        }
        switch (relation) {
        case PATH_EQUAL: return a.n == 0 && b.n == 0;
        case PATH_WITHIN: return b.n == 0;
        case PATH_BELOW: return a.n > 0;
        case PATH_COVERS: return a.n == 0;
        }
        return false;
}
