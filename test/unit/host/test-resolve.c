#include "docksill/host/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

struct fixture {
        char folder[64];
        int root;
};

/* A small host of its own: /etc, /usr/bin, /bin → usr/bin, links of all kinds. */
static int make_host(void **state) {
        static const char *const folders[] = { "etc", "usr", "usr/bin", "srv", "srv/deep" };
        static const char *const links[][2] = {
                { "bin", "usr/bin" },      { "srv/link", "/etc" },         { "srv/up", "../etc" },
                { "srv/chain", "link" },   { "srv/loop", "loop" },         { "srv/dangling", "/etc/missing" },
                { "srv/out", "../../.." }, { "srv/deep/self", "../deep" },
        };
        static struct fixture f;

        strcpy(f.folder, "/tmp/docksill-resolve-XXXXXX");
        if (!mkdtemp(f.folder))
                return -1;
        f.root = open(f.folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
        for (size_t i = 0; i < ARRAY_SIZE(folders); ++i)
                if (mkdirat(f.root, folders[i], 0700) < 0)
                        return -1;
        for (size_t i = 0; i < ARRAY_SIZE(links); ++i)
                if (symlinkat(links[i][1], f.root, links[i][0]) < 0)
                        return -1;
        if (mknodat(f.root, "srv/s.sock", S_IFSOCK | 0600, 0) < 0 || symlinkat("s.sock", f.root, "srv/named") < 0)
                return -1;
        *state = &f;
        return f.root < 0 ? -1 : 0;
}

static int remove_host(void **state) {
        struct fixture *f = *state;
        char command[128];

        close(f->root);
        snprintf(command, sizeof(command), "rm -rf '%s'", f->folder);
        return system(command) == 0 ? 0 : -1;
}

static void follows_links_as_the_kernel_does(void **state) {
        static const struct {
                const char *path;
                int result;
                const char *leads;
        } rows[] = {
                { "/", 0, "/" },
                { "/etc", 0, "/etc" },
                { "/bin", 0, "/usr/bin" },
                { "/bin/sh", 0, "/usr/bin/sh" }, /* a missing tail is kept */
                { "/srv/link", 0, "/etc" },
                { "/srv/link/cron.d/x", 0, "/etc/cron.d/x" },
                { "/srv/up", 0, "/etc" },
                { "/srv/chain", 0, "/etc" },
                { "/srv/dangling", 0, "/etc/missing" },
                { "/srv/out", 0, "/" }, /* ".." stays at the root */
                { "/srv/deep/self/self/new", 0, "/srv/deep/new" },
                { "/none/of/it", 0, "/none/of/it" },
                { "/srv/loop", -ELOOP, NULL },
                { "relative", -EINVAL, NULL },
                { "", -EINVAL, NULL },
        };
        struct fixture *f = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char buffer[PATH_MAX + 1];
                struct text t;
                bool socket;
                int r;

                text_init_fixed(&t, buffer, sizeof(buffer));
                r = resolve_path(&t, f->root, str_from(rows[i].path), &socket);
                assert_int_equal(r, rows[i].result);
                if (rows[i].leads)
                        assert_string_equal(t.p, rows[i].leads);
        }
}

static void tells_sockets_by_what_they_are(void **state) {
        static const struct {
                const char *path;
                bool socket;
        } rows[] = {
                { "/srv/s.sock", true },
                { "/srv/named", true },
                { "/srv/link/../srv/s.sock", true },
                { "/srv/s.sock/", true },
                { "/srv", false },
                { "/", false },
                { "/srv/missing.sock", false },
                { "/srv/s.sock/below", false },
        };
        struct fixture *f = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char buffer[PATH_MAX + 1];
                bool socket = !rows[i].socket;
                struct text t;

                text_init_fixed(&t, buffer, sizeof(buffer));
                assert_int_equal(resolve_path(&t, f->root, str_from(rows[i].path), &socket), 0);
                if (socket != rows[i].socket)
                        fail_msg("%s", rows[i].path);
        }
}

static void refuses_what_the_kernel_refuses(void **state) {
        struct fixture *f = *state;
        char path[PATH_MAX + 2], buffer[PATH_MAX + 1];
        struct text t;
        bool socket;

        memset(path, 'a', sizeof(path));
        path[0] = '/';
        text_init_fixed(&t, buffer, sizeof(buffer));
        assert_int_equal(resolve_path(&t, f->root, (struct str){ path, sizeof(path) }, &socket), -ENAMETOOLONG);
        assert_int_equal(resolve_path(&t, f->root, (struct str){ "/a\0b", 4 }, &socket), -EINVAL);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(follows_links_as_the_kernel_does),
                cmocka_unit_test(tells_sockets_by_what_they_are),
                cmocka_unit_test(refuses_what_the_kernel_refuses),
        };

        return cmocka_run_group_tests(tests, make_host, remove_host);
}
