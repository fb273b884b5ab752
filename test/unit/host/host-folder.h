#pragma once
/*
 * host-folder: a folder that stands for a host, for tests of what reads one.
 */
#include "docksill/base/text.h"
#include "docksill/host/root.h"
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct host_folder {
        char path[64];
};

static inline int host_folder_remove(const char *path, unused_ const struct stat *st, unused_ int type,
                                     unused_ struct FTW *ftw) {
        return remove(path);
}

static inline void host_folder_init(struct host_folder *h) {
        *h = (struct host_folder){ .path = "/tmp/docksill-host-XXXXXX" };
        assert_non_null(mkdtemp(h->path));
}

static inline void host_folder_deinit(struct host_folder *h) {
        nftw(h->path, host_folder_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* Its path on this machine, with the folders above it made. */
static inline void host_folder_path(const struct host_folder *h, const char *name, char *to, size_t size) {
        int n = snprintf(to, size, "%s%s", h->path, name);

        assert_true(n > 0 && (size_t)n < size);
        for (char *slash = to + strlen(h->path) + 1; (slash = strchr(slash, '/')); ++slash) {
                *slash = '\0';
                mkdir(to, 0755);
                *slash = '/';
        }
}

static inline void host_folder_put(const struct host_folder *h, const char *name, struct str text) {
        char path[256];
        FILE *file;

        host_folder_path(h, name, path, sizeof(path));
        file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text.p ? text.p : "", 1, text.n, file), text.n);
        assert_int_equal(fclose(file), 0);
}

static inline void host_folder_link(const struct host_folder *h, const char *name, const char *target) {
        char path[256];

        host_folder_path(h, name, path, sizeof(path));
        assert_int_equal(symlink(target, path), 0);
}

static inline void host_folder_fifo(const struct host_folder *h, const char *name) {
        char path[256];

        host_folder_path(h, name, path, sizeof(path));
        assert_int_equal(mkfifo(path, 0666), 0);
}

/* Of meson: the program was not run. */
#define HOST_SKIPPED 77

static inline bool host_root_can_be_opened(void) {
        struct host_root root;
        int r = host_root_open(&root, "/");

        if (r == 0)
                host_root_close(&root);
        return r != -ENOSYS;
}
