#include "baseline-files.h"
#include "docksill/base/text.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int failed(const char *path, int error) {
        fprintf(stderr, "docksill baseline: %s: %s%s\n", path, strerror(-error),
                error == -EEXIST ? "; --force replaces it" : "");
        return EXIT_ENVIRONMENT;
}

static const char *path_in(struct arena *arena, const char *folder, const char *name) {
        struct text t;

        text_init_arena(&t, arena);
        text_addf(&t, "%s/%s", folder, name);
        return t.failed ? NULL : t.p;
}

static bool is_there(const char *path) {
        struct stat st;

        return lstat(path, &st) == 0;
}

int baseline_files_init(struct baseline_files *out, struct arena *arena, const char *folder, const char *force) {
        struct baseline_files p = { .folder = folder ? folder : ".", .force = force };

        p.environment = path_in(arena, p.folder, "baseline.yaml");
        p.exemptions = path_in(arena, p.folder, "exemptions/baseline.yaml");
        if (!p.environment || !p.exemptions)
                return failed(p.folder, -ENOMEM);
        if (!p.force && is_there(p.environment))
                return failed(p.environment, -EEXIST);
        if (!p.force && is_there(p.exemptions))
                return failed(p.exemptions, -EEXIST);
        *out = p;
        return EXIT_FINE;
}

bool baseline_files_have(const struct baseline_files *p, const char *path) {
        struct stat a, b;

        return stat(p->environment, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int write_all(int fd, struct str text) {
        while (text.n) {
                ssize_t n = write(fd, text.p, text.n);

                if (n < 0 && errno != EINTR)
                        return -errno;
                text = str_skip(text, n > 0 ? (size_t)n : 0);
        }
        return fsync(fd) < 0 ? -errno : 0;
}

int baseline_file_write(const char *path, struct str text, unsigned mode, bool force) {
        cleanup_(text_deinit) struct text beside;
        int fd, r;

        text_init(&beside);
        text_addf(&beside, "%s.XXXXXX", path);
        if (beside.failed)
                return -ENOMEM;
        fd = mkstemp(beside.p);
        if (fd < 0)
                return -errno;
        r = write_all(fd, text);
        if (r == 0 && fchmod(fd, (mode_t)mode) < 0)
                r = -errno;
        close(fd);
        if (r == 0 && force && rename(beside.p, path) < 0)
                r = -errno;
        if (r == 0 && !force && link(beside.p, path) < 0)
                r = -errno;
        if (r < 0 || !force)
                unlink(beside.p);
        return r;
}

static int make_folder(const char *path) {
        return mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

static int make_folder_of(const char *path) {
        cleanup_(text_deinit) struct text folder;
        struct str whole = str_from(path);

        text_init(&folder);
        text_add(&folder, str_first(whole, str_find_last(whole, '/')));
        return folder.failed ? -ENOMEM : make_folder(folder.p);
}

/* The exemptions name what may be done, and by what: nobody else need read them. They come first: alone they open less
 * than lists would without them being there. */
int baseline_files_write(const struct baseline_files *p, struct str environment, struct str exemptions) {
        int r = make_folder(p->folder);

        if (r < 0)
                return failed(p->folder, r);
        if (exemptions.n) {
                r = make_folder_of(p->exemptions);
                if (r == 0)
                        r = baseline_file_write(p->exemptions, exemptions, 0600, p->force);
        } else if (p->force && unlink(p->exemptions) < 0 && errno != ENOENT) {
                r = -errno;
        }
        if (r < 0)
                return failed(p->exemptions, r);
        r = baseline_file_write(p->environment, environment, 0644, p->force);
        return r < 0 ? failed(p->environment, r) : EXIT_FINE;
}
