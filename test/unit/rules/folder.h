#pragma once
/*
 * folder: a folder of files for a test, removed with it; and rule sets read from it.
 */
#include "docksill/rules/ruleset.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

struct folder {
        char path[64];
        struct diag diag;
        struct text rendered;
};

static inline void folder_init(struct folder *f) {
        *f = (struct folder){ .path = "/tmp/docksill-rules-XXXXXX" };
        assert_non_null(mkdtemp(f->path));
        diag_init(&f->diag);
        text_init(&f->rendered);
}

static inline int folder_remove_one(const char *path, unused_ const struct stat *st, unused_ int type,
                                    unused_ struct FTW *ftw) {
        return remove(path);
}

static inline void folder_deinit(struct folder *f) {
        nftw(f->path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
        text_deinit(&f->rendered);
        diag_deinit(&f->diag);
}

/* Writes folder/@name, whose folders are made. */
static inline void folder_write(const struct folder *f, const char *name, const char *text) {
        char path[256];
        FILE *file;

        snprintf(path, sizeof(path), "%s/%s", f->path, name);
        for (char *slash = strchr(path + strlen(f->path) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                *slash = '\0';
                assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
                *slash = '/';
        }
        file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
        assert_int_equal(fclose(file), 0);
}

/* What was reported, and forgets it. */
static inline const char *folder_reported(struct folder *f) {
        text_reset(&f->rendered);
        for (size_t i = 0; i < f->diag.n; ++i)
                text_addf(&f->rendered, "%s%s", i ? " " : "", diag_code_id(f->diag.items[i].code));
        diag_deinit(&f->diag);
        return f->rendered.n ? f->rendered.p : "";
}

/* The rules of folder/@name, or NULL. */
static inline struct ruleset *folder_rules(struct folder *f, const char *name) {
        struct ruleset *rs = NULL;
        const char *paths[1];
        char path[256];
        int r;

        snprintf(path, sizeof(path), "%s/%s", f->path, name);
        paths[0] = path;
        r = ruleset_load_rules(&rs, paths, 1, &f->diag);
        assert_true(r == 0 || r == -EINVAL);
        assert_int_equal(r == 0, rs != NULL);
        assert_int_equal(r == 0, f->diag.errors == 0);
        return rs;
}

/* The environment of that name or path (relative ones: as they are); rules folder is the folder. */
static inline struct ruleset *folder_environment(struct folder *f, const char *name) {
        struct ruleset *rs = NULL;
        int r = ruleset_load(&rs, &(struct ruleset_options){ .rules = f->path, .environment = name }, &f->diag);

        assert_true(r == 0 || r == -EINVAL);
        assert_int_equal(r == 0, rs != NULL);
        assert_int_equal(r == 0, f->diag.errors == 0);
        return rs;
}
