#include "host-path.h"
#include "docksill/base/path.h"
#include <errno.h>
#include <limits.h>

static struct str fold_var_run(struct str path) {
        struct str var_run = STR("/var/run");

        if (!str_starts(path, var_run))
                return path;
        if (path.n > var_run.n && path.p[var_run.n] != '/')
                return path; /* "/var/runner" */
        return str_skip(path, strlen("/var"));
}

static int from_root(struct arena *arena, struct str *path) {
        char *p = arena_bytes(arena, path->n + 1);

        if (!p)
                return -ENOMEM;
        p[0] = '/';
        memcpy(p + 1, path->p, path->n);
        *path = (struct str){ p, path->n + 1 };
        return 0;
}

int host_path(struct arena *arena, struct str path, struct fact_path *out) {
        struct str clean;
        int r;

        if (str_empty(path)) {
                *out = (struct fact_path){ 0 };
                return 0;
        }
        if (path.n >= PATH_MAX)
                return -ENOMEM;
        if (path.p[0] != '/') {
                r = from_root(arena, &path);
                if (r < 0)
                        return r;
        }
        r = path_clean(arena, path, &clean);
        if (r < 0)
                return r;
        *out = (struct fact_path){ .head.given = true, .n = 1, .spelling = { fold_var_run(clean) } };
        return 0;
}

bool path_climbs(struct str path) {
        while (path.p)
                if (str_eqz(str_cut(&path, '/'), ".."))
                        return true;
        return false;
}

int host_path_uncleaned(struct arena *arena, struct str path, struct fact_path *out) {
        int r = host_path(arena, path, out);

        if (r == 0 && out->n > 0 && path_climbs(path))
                out->head.state = FACT_LEXICAL;
        return r;
}
