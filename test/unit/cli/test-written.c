#include "suggest/written.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

#define MOST 8

/* "A/path": added; "C": modified; "D": deleted; "W": open for writing. */
struct row {
        const char *changes[MOST];
        const char *mounts[MOST];
        const char *places[MOST]; /* "volume /path", "memory /path", "none /path" */
};

static void add(struct observed *o, const char *change) {
        struct str path = str_skip(str_from(change), 1);

        if (change[0] == 'W')
                ARENA_ADD(o->arena, &o->files, (struct observed_file){ .path = path });
        else
                ARENA_ADD(o->arena, &o->changes,
                          (struct observed_change){ path, change[0] == 'A'   ? CHANGE_ADDED
                                                          : change[0] == 'C' ? CHANGE_MODIFIED
                                                                             : CHANGE_DELETED });
}

static void find(const struct row *row, const char *proc) {
        static const char *const places[] = { "memory", "volume", "none" };
        struct observed_texts mounts = { 0 };
        struct written_list list = { 0 };
        struct observed o;
        struct arena arena;
        size_t n = 0;

        arena_init(&arena, 8 << 20);
        observed_init(&o, &arena, STR_C("id"));
        for (size_t i = 0; i < MOST && row->changes[i]; ++i)
                add(&o, row->changes[i]);
        for (size_t i = 0; i < MOST && row->mounts[i]; ++i)
                ARENA_ADD(&arena, &mounts, str_from(row->mounts[i]));
        assert_int_equal(written_find(&list, &o, &mounts, proc, 1), 0);
        while (n < MOST && row->places[n])
                ++n;
        for (size_t i = 0; i < list.n; ++i) {
                char said[200];

                snprintf(said, sizeof(said), "%s %.*s", places[list.items[i].place], STR_ARG(list.items[i].path));
                assert_true(i < n);
                assert_string_equal(said, row->places[i]);
        }
        assert_int_equal(list.n, n);
        arena_deinit(&arena);
}

static void finds_the_folders_that_are_written(void **state) {
        static const struct row rows[] = {
                { .changes = { 0 } },
                /* The folders on the way are told too. */
                { { "C/var", "C/var/lib", "A/var/lib/app", "A/var/lib/app/x" }, { 0 }, { "volume /var/lib/app" } },
                { { "C/tmp", "A/tmp/x" }, { 0 }, { "memory /tmp" } },
                /* The outermost that was added, as one. */
                { { "C/srv/a", "A/srv/a/b", "A/srv/a/b/c", "A/srv/a/b/c/d", "A/srv/a/b/e" },
                  { 0 },
                  { "volume /srv/a/b" } },
                /* An empty folder was made in another. */
                { { "C/var/cache/nginx", "A/var/cache/nginx/proxy" }, { 0 }, { "volume /var/cache/nginx" } },
                /* What is mounted, and what was made for it. */
                { { "A/data", "A/data/x", "C/opt", "A/opt/app", "A/opt/app/in" }, { "/data", "/opt/app/in" }, { 0 } },
                { { "C/run", "A/run/secrets", "A/run/pid" }, { "/run/secrets" }, { "volume /run" } },
                /* Settings and programs. */
                { { "C/etc", "C/etc/passwd" }, { 0 }, { "none /etc" } },
                { { "A/usr/bin/x" }, { 0 }, { "none /usr/bin" } },
                { { "A/usr/lib/python3/x/y" }, { 0 }, { "none /usr/lib/python3/x" } },
                { { "A/core" }, { 0 }, { "none /" } },
                { { "C/etc/nginx/conf.d/default.conf" }, { 0 }, { "volume /etc/nginx/conf.d" } },
                { { "D/var/www/old" }, { 0 }, { "volume /var/www" } },
                /* Files that are open, with or without a name. */
                { { "W/var/log/app/log" }, { 0 }, { "volume /var/log/app" } },
                /* One in another. */
                { { "A/srv/a/x", "A/srv/a/b/c/x", "W/srv/a/b/z" }, { 0 }, { "volume /srv/a" } },
                /* What no flag can say. */
                { { "A/srv/a:b/x" }, { 0 }, { "none /srv/a:b" } },
                { { "A/srv/a b/x" }, { 0 }, { "none /srv/a b" } },
                { { "A/srv/a\n/x" }, { 0 }, { "none /srv/a\n" } },
                /* Names that begin alike are not within each other. */
                { { "C/var/www/a", "A/var/www/a-b", "A/var/www/a/x" }, { 0 }, { "volume /var/www" } },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                find(&rows[i], NULL);
}

/* A folder that the image left empty, of which nothing has to outlive a restart. */
static void takes_memory_where_nothing_is_lost(void **state) {
        static const struct row empty = { { "C/run", "A/run/pid" }, { 0 }, { "memory /run" } },
                                own = { { "C/run", "A/run/pid" }, { "/run/app" }, { "memory /run" } },
                                full = { { "C/run", "A/run/pid" }, { 0 }, { "volume /run" } },
                                cache = { { "A/var/cache/app", "A/var/cache/app/x" },
                                          { 0 },
                                          { "memory /var/cache/app" } },
                                kept = { { "A/var/lib/app", "A/var/lib/app/x" }, { 0 }, { "volume /var/lib/app" } },
                                touched = { { "C/var/cache/app" }, { 0 }, { "memory /var/cache/app" } };
        struct fixture f;

        (void)state;
        fixture_init(&f);
        fixture_write(&f, "1/root/run/pid", "1");
        fixture_write(&f, "1/root/var/cache/app/x", "1");
        fixture_write(&f, "1/root/var/lib/app/x", "1");
        find(&empty, f.folder);
        find(&cache, f.folder);
        find(&kept, f.folder);
        /* A folder is changed when what was in it came and went. */
        assert_int_equal(unlink(fixture_path(&f, "1/root/var/cache/app/x")), 0);
        find(&touched, f.folder);
        fixture_folder(&f, "1/root/run/app", 0755);
        find(&full, f.folder);
        find(&own, f.folder);
        fixture_deinit(&f);
}

/* Whoever installs packages writes everywhere. */
static void ends_where_nobody_would_mount_more(void **state) {
        struct observed_texts mounts = { 0 };
        struct written_list list = { 0 };
        struct observed o;
        struct arena arena;

        (void)state;
        arena_init(&arena, 64 << 20);
        observed_init(&o, &arena, STR_C("id"));
        for (unsigned i = 0; i < 100000; ++i) {
                struct text t;

                text_init_arena(&t, &arena);
                text_addf(&t, "/srv/%u/x", i);
                ARENA_ADD(&arena, &o.changes, (struct observed_change){ text_str(&t), CHANGE_ADDED });
        }
        assert_int_equal(written_find(&list, &o, &mounts, NULL, 1), 0);
        assert_int_equal(list.n, WRITTEN_MOST);
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(finds_the_folders_that_are_written),
                cmocka_unit_test(takes_memory_where_nothing_is_lost),
                cmocka_unit_test(ends_where_nobody_would_mount_more),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
