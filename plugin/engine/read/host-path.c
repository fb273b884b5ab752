#include "host-path.h"
#include "docksill/base/path.h"
#include <limits.h>

static struct str fold_var_run(struct str path) {
        struct str var_run = STR("/var/run");

        if (!str_starts(path, var_run))
                return path;
        if (path.n > var_run.n && path.p[var_run.n] != '/')
                return path; /* "/var/runner" */
        return str_skip(path, strlen("/var"));
}

struct str path_cleaned(struct arena *arena, struct str path) {
        struct str clean;

        return path_clean(arena, path, &clean) < 0 ? (struct str){ 0 } : clean;
}

void host_path(struct arena *arena, struct str path, struct fact_path *out) {
        struct str clean;

        *out = (struct fact_path){ 0 };
        if (str_empty(path))
                return;
        if (path.n >= PATH_MAX) {
                arena_refuse(arena);
                return;
        }
        if (path.p[0] != '/')
                path = arena_join(arena, STR_C("/"), path);
        clean = path_cleaned(arena, path);
        if (!arena_full(arena))
                *out = (struct fact_path){ .head.given = true, .n = 1, .spelling = { fold_var_run(clean) } };
}

bool path_climbs(struct str path) {
        while (path.p)
                if (str_eqz(str_cut(&path, '/'), ".."))
                        return true;
        return false;
}

void host_path_uncleaned(struct arena *arena, struct str path, struct fact_path *out) {
        host_path(arena, path, out);
        if (out->n > 0 && path_climbs(path))
                out->head.state = FACT_LEXICAL;
}
