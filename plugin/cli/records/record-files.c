#include "record-files.h"
#include "docksill/record/chain.h"
#include "frame/setup.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define FILES_MOST 4096

int record_files_failed(const struct command *command, const char *path, int error) {
        cleanup_(text_deinit) struct text shown;

        text_init(&shown);
        text_add_visible(&shown, str_from(path), 1024);
        fprintf(stderr, "docksill %s: %s: %s\n", command->name, shown.p ? shown.p : "?", record_file_error(error));
        if (error == -ENOTSUP)
                fprintf(stderr, "  zcat -f %s | docksill %s -\n", shown.p ? shown.p : "?", command->name);
        return EXIT_ENVIRONMENT;
}

static struct record_place *add(struct record_files *files, struct arena *arena, struct str folder, const char *name) {
        struct record_place *place = files->n < FILES_MOST ? &files->items[files->n] : NULL;
        struct text path;

        if (!place)
                return NULL;
        text_init_arena(&path, arena);
        text_add(&path, folder);
        text_addz(&path, name);
        if (path.failed)
                return NULL;
        *place = (struct record_place){ .path = path.p };
        ++files->n;
        return place;
}

/* What it begins with. Standard input can't be read twice. */
static int look(struct record_place *place) {
        struct record_file f = { 0 };
        struct chain_link link;
        struct str line;
        struct stat st;
        int r;

        if (strcmp(place->path, "-") == 0 || (stat(place->path, &st) == 0 && S_ISFIFO(st.st_mode)))
                return 0;
        r = record_file_open(&f, place->path);
        if (r < 0)
                return r;
        r = record_file_next(&f, &line);
        if (r > 0) {
                record_line_time(place->begins, line);
                if (chain_read(line, &link))
                        place->link = link.link;
        }
        record_file_close(&f);
        return r < 0 ? r : 0;
}

static int by_age(const void *one, const void *other) {
        const struct record_place *a = one, *b = other;
        int r = strcmp(a->begins, b->begins);

        return r ? r : a->link < b->link ? -1 : a->link > b->link;
}

static int sort(const struct record_files *files, const struct command *command) {
        for (size_t i = 0; i < files->n; ++i) {
                int r = look(&files->items[i]);

                if (r < 0)
                        return record_files_failed(command, files->items[i].path, r);
        }
        if (files->n)
                qsort(files->items, files->n, sizeof(*files->items), by_age);
        return EXIT_FINE;
}

/* "decisions.jsonl", "decisions.jsonl.1", "decisions.jsonl-20260131-1769846400.gz". */
static bool is_of(struct str name, struct str base) {
        return str_starts(name, base) && (name.n == base.n || name.p[base.n] == '.' || name.p[base.n] == '-');
}

static int add_folder(struct record_files *files, struct arena *arena, const struct command *command,
                      const char *configured) {
        struct str whole = str_from(configured), base, folder;
        size_t slash = str_find_last(whole, '/');
        char name[4096] = ".";
        struct stat st;
        DIR *d;

        folder = slash < whole.n ? str_first(whole, slash + 1) : str_first(whole, 0);
        base = str_skip(whole, folder.n);
        if (folder.n && !str_to_z(folder, name, sizeof(name)))
                return record_files_failed(command, configured, -ENAMETOOLONG);
        d = opendir(name);
        if (!d)
                return record_files_failed(command, name, -errno);
        for (const struct dirent *entry; (entry = readdir(d));)
                if (is_of(str_from(entry->d_name), base) && fstatat(dirfd(d), entry->d_name, &st, 0) == 0 &&
                    S_ISREG(st.st_mode) && st.st_size > 0 && !add(files, arena, folder, entry->d_name)) {
                        closedir(d);
                        return record_files_failed(command, configured, -ENOMEM);
                }
        closedir(d);
        if (files->n)
                return EXIT_FINE;
        fprintf(stderr, "docksill %s: %s: no records there; name their files, or their configuration with --config\n",
                command->name, configured);
        return EXIT_ENVIRONMENT;
}

static int add_configured(struct record_files *files, struct arena *arena, const struct invocation *in) {
        cleanup_(setup_close) struct setup setup;
        int result = setup_open(&setup, in);

        if (result != EXIT_FINE)
                return result;
        if (strcmp(setup.config.records, "-") == 0)
                return command_misused(in->command, "the records of the configuration go to standard output; name "
                                                    "the files that they were stored in, or - for standard input");
        return add_folder(files, arena, in->command, setup.config.records);
}

int record_files_find(struct record_files *out, struct arena *arena, const struct invocation *in) {
        struct record_files files = { .items = arena_alloc(arena, FILES_MOST * sizeof(*files.items)) };
        int result = EXIT_FINE;

        if (!files.items)
                return record_files_failed(in->command, "records", -ENOMEM);
        for (size_t i = 0; i < in->n; ++i)
                if (!add(&files, arena, str_first(str_from(""), 0), in->arguments[i]))
                        return record_files_failed(in->command, in->arguments[i], -ENOMEM);
        if (in->n == 0)
                result = add_configured(&files, arena, in);
        if (result == EXIT_FINE)
                result = sort(&files, in->command);
        if (result == EXIT_FINE)
                *out = files;
        return result;
}
