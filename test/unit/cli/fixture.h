#pragma once
/*
 * fixture: a temporary folder with files in it, such as a /proc of our own. Include it after cmocka's own headers.
 */
#include "docksill/base/cleanup.h"
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
        char folder[64];
        char path[512]; /* of fixture_path() */
};

static inline void fixture_init(struct fixture *f) {
        *f = (struct fixture){ .folder = "/tmp/docksill-fixture-XXXXXX" };
        assert_non_null(mkdtemp(f->folder));
}

static inline int fixture_remove(const char *path, unused_ const struct stat *st, unused_ int type,
                                 unused_ struct FTW *ftw) {
        return remove(path);
}

static inline void fixture_deinit(struct fixture *f) {
        nftw(f->folder, fixture_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static inline const char *fixture_path(struct fixture *f, const char *name) {
        assert_true((size_t)snprintf(f->path, sizeof(f->path), "%s/%s", f->folder, name) < sizeof(f->path));
        return f->path;
}

/* All folders above it. */
static inline void fixture_folders(struct fixture *f, const char *name) {
        char path[512];

        snprintf(path, sizeof(path), "%s", fixture_path(f, name));
        for (char *slash = strchr(path + strlen(f->folder) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                *slash = '\0';
                assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
                *slash = '/';
        }
}

static inline void fixture_write(struct fixture *f, const char *name, const char *text) {
        FILE *file;

        fixture_folders(f, name);
        file = fopen(fixture_path(f, name), "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
        assert_int_equal(fclose(file), 0);
}

static inline void fixture_folder(struct fixture *f, const char *name, mode_t mode) {
        fixture_folders(f, name);
        assert_true(mkdir(fixture_path(f, name), mode) == 0 || errno == EEXIST);
        assert_int_equal(chmod(f->path, mode), 0);
}

static inline void fixture_link(struct fixture *f, const char *name, const char *to) {
        fixture_folders(f, name);
        assert_int_equal(symlink(to, fixture_path(f, name)), 0);
}
