/*
 * Of this machine /proc/sys tells what is in force. Of another one the files of sysctl.d tell what the next boot sets;
 * what they do not name is the kernel's own choice, which is not the same everywhere: unknown.
 */
#include "layers.h"
#include <errno.h>

struct sysctl {
        const char *name, *file;
        struct fact_int *cell;
};

static void read_live(struct survey *s, const struct sysctl *c) {
        struct str text;
        int r = survey_read(s, c->file, &text);

        if (r == -ENOENT)
                survey_off(s, &c->cell->head, "this kernel has no %s", c->name);
        else if (r != 0)
                survey_unread(s, &c->cell->head, c->file, r);
        else if (str_int(str_trim(text), &c->cell->value) < 0)
                survey_unknown(s, &c->cell->head, "%s holds no number", c->file);
        else
                survey_found(&c->cell->head);
}

/* "kernel.randomize_va_space", or with slashes. */
static bool is_named(struct str key, const char *name) {
        struct str wanted = str_from(name);

        if (key.n != wanted.n)
                return false;
        for (size_t i = 0; i < key.n; ++i)
                if ((key.p[i] == '/' ? '.' : key.p[i]) != wanted.p[i])
                        return false;
        return true;
}

/* "-name = value": the dash says that a failure does not matter. The last line wins. */
static void take_lines(struct str text, const struct sysctl *rows, size_t n) {
        while (text.p) {
                struct str value = str_trim(str_cut(&text, '\n')), key;

                if (value.n == 0 || value.p[0] == '#' || value.p[0] == ';')
                        continue;
                key = str_trim(str_cut(&value, '='));
                if (str_starts(key, STR_C("-")))
                        key = str_skip(key, 1);
                for (size_t i = 0; i < n; ++i)
                        if (value.p && is_named(key, rows[i].name) &&
                            str_int(str_trim(value), &rows[i].cell->value) == 0)
                                survey_found(&rows[i].cell->head);
        }
}

/* sysctl.d(5): all are read by name, sysctl.conf last. */
static const char *const folders[] = { "/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d",
                                       "/lib/sysctl.d" };

/* Returns 0, or the error of a file that is there. */
static int take_files(struct survey *s, const struct sysctl *rows, size_t n) {
        struct layers layers = { 0 };
        struct str text;
        int r = 0;

        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(folders); ++i)
                r = layers_add(&layers, s, folders[i], ".conf");
        for (size_t i = 0; r == 0 && i < layers.n; ++i) {
                r = survey_read_in(s, layers.items[i].folder, layers.items[i].name, &text);
                if (r == 0)
                        take_lines(text, rows, n);
                else if (r == -ENOENT || r == FILE_E_NOT_REGULAR) /* a link to /dev/null switches one off */
                        r = 0;
        }
        if (r < 0)
                return r;
        r = survey_read(s, "/etc/sysctl.conf", &text);
        if (r == 0)
                take_lines(text, rows, n);
        return r == -ENOENT ? 0 : r;
}

static void read_files(struct survey *s, const struct sysctl *rows, size_t n) {
        int r = take_files(s, rows, n);

        for (size_t i = 0; r != 0 && i < n; ++i)
                survey_unread(s, &rows[i].cell->head, "a file of sysctl.d", r);
        for (size_t i = 0; r == 0 && i < n; ++i)
                if (rows[i].cell->head.state != FACT_KNOWN)
                        survey_unknown(s, &rows[i].cell->head,
                                       "no file of sysctl.d sets %s, and what the kernel has can't be asked",
                                       rows[i].name);
}

void survey_sysctls(struct survey *s) {
        const struct sysctl rows[] = {
                { "kernel.randomize_va_space", "/proc/sys/kernel/randomize_va_space", &s->facts->host.aslr },
                { "fs.suid_dumpable", "/proc/sys/fs/suid_dumpable", &s->facts->host.suid_dumpable },
                { "net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward", &s->facts->host.ip_forward },
        };

        if (!s->root->live && !survey_exists(s, "/proc/sys")) {
                read_files(s, rows, ARRAY_SIZE(rows));
                return;
        }
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                read_live(s, &rows[i]);
}
