#pragma once
/*
 * path: POSIX paths as text; nothing here looks at a disk.
 */
#include "docksill/base/arena.h"
#include "docksill/base/str.h"

/**
 * path_clean() - the shortest lexically equal spelling
 * @out: in @arena, or @path itself when that is already clean
 *
 * As Go's path.Clean, which dockerd applies to bind sources: "//", ".", inner "..", trailing slashes go; ".." at the
 * root stays at the root; "" becomes ".". Links are not resolved. Returns 0 or -ENOMEM.
 */
must_check_ int path_clean(struct arena *arena, struct str path, struct str *out);

/* Whether path_clean() would leave it as it is; one that begins with ".." counts as not clean. */
bool path_is_clean(struct str path);

/* Is @a @b or a folder above it? Both clean and absolute. */
static inline bool path_is_above(struct str a, struct str b) {
        return a.n <= b.n && memcmp(a.p, b.p, a.n) == 0 && (a.n == b.n || a.n == 1 || b.p[a.n] == '/');
}

/**
 * path_matches() - is @path, or the folder it lies in, @pattern?
 * @path, @pattern: cleaned and absolute
 *
 * In a pattern `*` stands for any run of bytes within one component ("/home/x/.ssh" matches "/home/<star>/.ssh").
 * PATH_EQUAL: the whole path. PATH_WITHIN: equal or below. PATH_BELOW: strictly below. PATH_COVERS: equal or above,
 * that is
 * @path is @pattern or a folder that contains something that matches it.
 */
enum path_relation { PATH_EQUAL, PATH_WITHIN, PATH_BELOW, PATH_COVERS };
bool path_matches(struct str path, struct str pattern, enum path_relation relation);

/* One component, and a pattern of one. */
bool component_matches(struct str name, struct str pattern);

/* `*` any run, `?` one byte, everything else itself. Linear in time for one star, n·m at worst; no recursion. */
bool glob_matches(struct str s, struct str pattern);
