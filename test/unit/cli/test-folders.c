#include "try/folders.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Folders of the invented container, each between blanks. */
static bool is_folder(void *closure, struct str path) {
        const char *folders = closure;
        char word[128];

        if (path.n + 3 > sizeof(word))
                return false;
        word[0] = ' ';
        memcpy(word + 1, path.p, path.n);
        memcpy(word + 1 + path.n, " ", 2);
        return strstr(folders, word) != NULL;
}

/* "M /var A /var/x": what `docker diff` prints, with M for C. */
static json_t *changes_of(const char *text) {
        json_t *list = json_array();
        char copy[512], *at = copy;

        strcpy(copy, text);
        for (char *kind = strsep(&at, " "), *path = strsep(&at, " "); path;
             kind = strsep(&at, " "), path = strsep(&at, " "))
                json_array_append_new(list, json_pack("{s:s, s:i}", "Path", path, "Kind",
                                                      *kind == 'M'   ? 0
                                                      : *kind == 'A' ? 1
                                                                     : 2));
        return list;
}

static void assert_written(const struct folders *w, const char *folders, bool elsewhere) {
        char text[512] = "";

        for (size_t i = 0; i < w->n; ++i) {
                assert_int_equal(w->items[i].p[w->items[i].n], '\0');
                strcat(text, i ? " " : "");
                strcat(text, w->items[i].p);
        }
        assert_string_equal(text, folders);
        assert_int_equal(w->elsewhere, elsewhere);
}

static void reads_changes(void **state) {
        static const struct {
                const char *changes, *folders, *written;
                bool elsewhere;
        } rows[] = {
                { "", "", "", false },
                { "M /var M /var/cache A /var/cache/index", " /var /var/cache ", "/var/cache", false },
                /* What was made is made in what was there. */
                { "M /var M /var/cache A /var/cache/nginx A /var/cache/nginx/a A /var/cache/nginx/a/b",
                  " /var /var/cache /var/cache/nginx /var/cache/nginx/a ", "/var/cache", false },
                /* A folder whose own owner or mode changed. */
                { "M /data", " /data ", "/data", false },
                { "M /run M /run/app D /run/app/old.pid", " /run /run/app ", "/run/app", false },
                { "M /run A /run/a.pid M /run/b A /run/b/c", " /run /run/b ", "/run", false },
                { "M /srv/log/a M /srv/log M /srv", " /srv /srv/log ", "/srv/log", false },
                /* In a folder with programs: what was made for it alone. */
                { "M /var A /var/spool2 A /var/spool2/x", " /var /var/spool2 ", "/var/spool2", false },
                { "A /new", " /new ", "/new", false },
                { "A /file", " ", "", true },
                { "M /etc M /etc/passwd", " /etc ", "", true },
                { "M /usr M /usr/lib M /usr/lib/python A /usr/lib/python/x.pyc", " /usr /usr/lib /usr/lib/python ",
                  "/usr/lib/python", false },
                /* What the engine does. */
                { "M /etc A /etc/hosts A /etc/mtab A /.dockerenv M /dev A /dev/console A /tmp A /tmp/x", " /tmp ", "",
                  false },
                { "A /mnt2 A /mnt2/volume M /mnt2/volume/x", " /mnt2 /mnt2/volume ", "", false },
                /* "/a.b" stands between "/a" and "/a/b". */
                { "M /a A /a.b A /a/b", " /a ", "/a", true },
                { "M /a A /a/b:c", " /a ", "/a", false },
                { "M /x A /x/.. M /x//y", " /x ", "/x", false },
        };
        struct str mounted[] = { STR("/mnt2/volume") };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                json_t *changes = changes_of(rows[i].changes);
                struct folders w = { 0 };
                struct arena arena;

                arena_init(&arena, 1 << 20);
                assert_int_equal(folders_read(&w, &arena, changes, mounted, 1, is_folder,
                                              (void *)(uintptr_t)rows[i].folders),
                                 0);
                assert_written(&w, rows[i].written, rows[i].elsewhere);
                arena_deinit(&arena);
                json_decref(changes);
        }
}

static char nothing[] = " ";

/* No flag of docker's client says it. */
static void leaves_odd_names_out(void **state) {
        json_t *changes = changes_of("M /a:b A /a:b/c M /d\033e A /d\033e/f");
        struct folders w = { 0 };
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 20);
        assert_int_equal(folders_read(&w, &arena, changes, NULL, 0, is_folder, nothing), 0);
        assert_written(&w, "", true);
        arena_deinit(&arena);
        json_decref(changes);
}

static void tells_so_many(void **state) {
        json_t *changes = json_array();
        struct folders w = { 0 };
        struct arena arena;
        char path[32];

        (void)state;
        for (int i = 0; i < 40; ++i) {
                snprintf(path, sizeof(path), "/f%d/x", i);
                json_array_append_new(changes, json_pack("{s:s, s:i}", "Path", path, "Kind", 1));
        }
        arena_init(&arena, 1 << 20);
        assert_int_equal(folders_read(&w, &arena, changes, NULL, 0, is_folder, nothing), 0);
        assert_int_equal(w.n, FOLDERS_MOST);
        assert_true(w.elsewhere);
        arena_deinit(&arena);
        arena_init(&arena, 64);
        w = (struct folders){ 0 };
        assert_int_equal(folders_read(&w, &arena, changes, NULL, 0, is_folder, nothing), -ENOMEM);
        arena_deinit(&arena);
        json_decref(changes);
}

static void reads_errors(void **state) {
        static const struct {
                const char *line, *written;
                bool elsewhere;
        } rows[] = {
                { "touch: /var/lib/x/lock: Read-only file system", "/var/lib/x", false },
                { "/start: line 3: can't create /run/app/pid: Read-only file system", "/run/app", false },
                { "mkdir: cannot create directory '/run/app/a/b': Read-only file system", "/run/app", false },
                { "nginx: [emerg] mkdir() \"/var/cache/nginx/client\" failed (30: Read-only file system)", "/var/cache/nginx",
                  false },
                { "OSError: [Errno 30] Read-only file system: '/run/app/x'", "/run/app", false },
                { "touch: /var/lib/x/lock: Permission denied", "", false },
                { "sed: can't create /etc/passwd: Read-only file system", "", true },
                { "touch: x: Read-only file system", "", false },
                { "touch: /tmp/x: Read-only file system", "", false },
                { "Read-only file system", "", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char folders[] = " / /etc /run /run/app /var /var/lib /var/lib/x /var/cache/nginx ";
                struct folders w = { 0 };
                struct arena arena;

                arena_init(&arena, 1 << 20);
                assert_int_equal(folders_add_line(&w, &arena, str_from(rows[i].line), is_folder, folders), 0);
                assert_written(&w, rows[i].written, rows[i].elsewhere);
                arena_deinit(&arena);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(reads_changes),
                cmocka_unit_test(leaves_odd_names_out),
                cmocka_unit_test(tells_so_many),
                cmocka_unit_test(reads_errors),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
