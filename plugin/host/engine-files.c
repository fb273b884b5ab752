#include "docksill/host/engine-files.h"
#include "docksill/base/file.h"
#include "docksill/base/text.h"
#include "docksill/wire/gojson.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEMORY        (2048u * 1024)
#define SETTINGS_MOST (256u * 1024)
#define LINE_MOST     (64u * 1024)
#define STATUS_MOST   (512u * 1024) /* the groups of a process may be many */

DEFINE_CLEANUP(DIR *, closedir);

static const struct engine_files of_host = { .proc = "/proc", .settings = "/etc/docker/daemon.json" };

/* -- settings that name a place: by flag, by key of daemon.json -- */

struct place_row {
        const char *flag, *key;
        char letter; /* of a short flag; 0: none */
        enum engine_folder_kind kind;
        bool address; /* unix://PATH alone is a place */
        bool main;    /* kept before others, where there is no room for all */
};

static const struct place_row places[] = {
        { "data-root", "data-root", 0, ENGINE_DATA, false, true },
        { "graph", "graph", 'g', ENGINE_DATA, false, true }, /* what data-root was called until engine 23 */
        { "exec-root", "exec-root", 0, ENGINE_DATA, false, true },
        { "host", "hosts", 'H', ENGINE_DATA, true, false },
        { "containerd", "containerd", 0, ENGINE_DATA, false, false },
        { "config-file", NULL, 0, ENGINE_OBEYED, false, false },
        { "cdi-spec-dir", "cdi-spec-dirs", 0, ENGINE_OBEYED, false, false },
        { "nri-opts", NULL, 0, ENGINE_OBEYED, false, false },
};

/* The roots and what is standard come before the rest, whatever comes first in the files: there is room for so many. */
struct places {
        struct engine_folders main, rest;
};

static void add_place(struct places *out, const struct place_row *row, struct str value) {
        static const struct str scheme = STR("unix://");

        if (str_starts(value, scheme))
                value = str_skip(value, scheme.n);
        else if (row->address)
                return;
        engine_folders_add(row->main ? &out->main : &out->rest, value, row->kind);
}

static const struct place_row *place_by_key(struct str key) {
        for (size_t i = 0; i < ARRAY_SIZE(places); ++i)
                if (places[i].key && str_eqz(key, places[i].key))
                        return &places[i];
        return NULL;
}

/* Of one dockerd: what it was told. */
struct told {
        bool data_root, exec_root;
        struct str config; /* --config-file; p == NULL: not said */
};

/* Where it has them unless it is told otherwise; managed plugins lie in the data root. */
static void add_standard(struct places *out, const struct told *told) {
        if (!told->data_root)
                engine_folders_add(&out->main, STR_C("/var/lib/docker"), ENGINE_DATA);
        if (!told->exec_root)
                engine_folders_add(&out->main, STR_C("/run/docker"), ENGINE_DATA);
        engine_folders_add(&out->main, STR_C("/etc/docker/plugins"), ENGINE_OBEYED);
        engine_folders_add(&out->main, STR_C("/usr/lib/docker/plugins"), ENGINE_OBEYED);
        engine_folders_add(&out->main, STR_C("/run/docker/plugins"), ENGINE_DATA);
}

/* -- daemon.json -- */

/* Text, or a list of texts; nothing else is a place. The reader of bodies serves here too: what it takes for flawed,
 * dockerd may read, so that the places of it count all the same. */
struct settings {
        bool given;
        struct go_string data_root, graph, exec_root, containerd;
        struct go_list hosts, cdi_folders;
        struct nri_options {
                bool given;
                struct go_string socket, plugins, settings;
        } nri;
};

#define ROW(of, json, member, kind)                                                                                    \
        { .name = STR(json), .type = &(kind), .at = offsetof(struct of, member) }

static const struct gojson_field nri_fields[] = {
        ROW(nri_options, "socket-path", socket, gojson_string),
        ROW(nri_options, "plugin-path", plugins, gojson_string),
        ROW(nri_options, "plugin-config-path", settings, gojson_string),
};
static const struct gojson_type nri_type = { .kind = GOJSON_STRUCT,
                                             .size = sizeof(struct nri_options),
                                             .fields = nri_fields,
                                             .n_fields = ARRAY_SIZE(nri_fields) };
static const struct gojson_field settings_fields[] = {
        ROW(settings, "data-root", data_root, gojson_string),
        ROW(settings, "graph", graph, gojson_string),
        ROW(settings, "exec-root", exec_root, gojson_string),
        ROW(settings, "containerd", containerd, gojson_string),
        ROW(settings, "hosts", hosts, gojson_strings),
        ROW(settings, "cdi-spec-dirs", cdi_folders, gojson_strings),
        ROW(settings, "nri-opts", nri, nri_type),
};
static const struct gojson_type settings_type = { .kind = GOJSON_STRUCT,
                                                  .size = sizeof(struct settings),
                                                  .fields = settings_fields,
                                                  .n_fields = ARRAY_SIZE(settings_fields) };

static void add_key(struct places *out, const char *key, struct str value) {
        add_place(out, place_by_key(str_from(key)), value);
}

static void add_keys(struct places *out, const char *key, const struct go_list *values) {
        for (size_t i = 0; i < values->n; ++i)
                add_key(out, key, ((const struct go_string *)values->items)[i].value);
}

/* The mark that editors of other systems put before a text; dockerd passes over it from engine 23 on. */
static struct str without_mark(struct str text) {
        static const struct str mark = STR("\xef\xbb\xbf");

        return str_starts(text, mark) ? str_skip(text, mark.n) : text;
}

/* Whether there is such a file. */
static bool read_settings(struct places *out, struct told *told, const char *path) {
        cleanup_(arena_deinit) struct arena arena;
        struct settings settings = { 0 };
        struct flaws flaws = { 0 };
        struct gojson_report report = { .flaws = &flaws };
        struct str text;

        arena_init(&arena, MEMORY);
        if (file_read_regular(&arena, path, SETTINGS_MOST, &text) != 0)
                return false;
        engine_folders_add(&out->main, str_from(path), ENGINE_OBEYED);
        if (gojson_decode(&settings, &settings_type, &arena, &report, without_mark(text), STR_C("")) < 0)
                return true;
        told->data_root = told->data_root || !str_empty(settings.data_root.value) || !str_empty(settings.graph.value);
        told->exec_root = told->exec_root || !str_empty(settings.exec_root.value);
        add_key(out, "data-root", settings.data_root.value);
        add_key(out, "graph", settings.graph.value);
        add_key(out, "exec-root", settings.exec_root.value);
        add_key(out, "containerd", settings.containerd.value);
        add_keys(out, "hosts", &settings.hosts);
        add_keys(out, "cdi-spec-dirs", &settings.cdi_folders);
        engine_folders_add(&out->rest, settings.nri.socket.value, ENGINE_DATA);
        engine_folders_add(&out->rest, settings.nri.plugins.value, ENGINE_OBEYED);
        engine_folders_add(&out->rest, settings.nri.settings.value, ENGINE_OBEYED);
        return true;
}

/* -- command lines -- */

/* "enable=true,socket-path=/s,plugin-path=/p,plugin-config-path=/c": moby daemon/config/nri. */
static void add_nri(struct places *out, struct str rest) {
        while (rest.p) {
                struct str value = str_cut(&rest, ','), name = str_cut(&value, '=');

                if (str_eqz(name, "socket-path"))
                        engine_folders_add(&out->rest, value, ENGINE_DATA);
                else if (str_eqz(name, "plugin-path") || str_eqz(name, "plugin-config-path"))
                        engine_folders_add(&out->rest, value, ENGINE_OBEYED);
        }
}

static void take_flag(struct places *out, struct told *told, const struct place_row *row, struct str value) {
        told->data_root = told->data_root || strcmp(row->flag, "data-root") == 0 || row->letter == 'g';
        told->exec_root = told->exec_root || strcmp(row->flag, "exec-root") == 0;
        if (strcmp(row->flag, "config-file") == 0)
                told->config = value;
        if (strcmp(row->flag, "nri-opts") == 0)
                add_nri(out, value);
        else
                add_place(out, row, value);
}

static const struct place_row *place_by_flag(struct str name) {
        for (size_t i = 0; i < ARRAY_SIZE(places); ++i)
                if (str_eqz(name, places[i].flag))
                        return &places[i];
        return NULL;
}

static const struct place_row *place_by_letter(char letter) {
        for (size_t i = 0; i < ARRAY_SIZE(places); ++i)
                if (places[i].letter && places[i].letter == letter)
                        return &places[i];
        return NULL;
}

/* "--flag=value", "--flag value"; @next: what follows. Whether that was used. */
static bool read_long(struct places *out, struct told *told, struct str flag, struct str next) {
        struct str value = flag, name = str_cut(&value, '=');
        const struct place_row *row = place_by_flag(name);

        if (!row)
                return false;
        take_flag(out, told, row, value.p ? value : next);
        return !value.p;
}

/* "-Hvalue", "-H=value", "-H value", and "-DH value": -D and -v take none, the last takes what follows. */
static bool read_short(struct places *out, struct told *told, struct str letters, struct str next) {
        const struct place_row *row;

        while (letters.n > 0 && (letters.p[0] == 'D' || letters.p[0] == 'v'))
                letters = str_skip(letters, 1);
        row = letters.n > 0 ? place_by_letter(letters.p[0]) : NULL;
        if (!row)
                return false;
        letters = str_skip(letters, 1);
        if (letters.n > 0)
                take_flag(out, told, row, letters.p[0] == '=' ? str_skip(letters, 1) : letters);
        else
                take_flag(out, told, row, next);
        return letters.n == 0;
}

static bool read_flag(struct places *out, struct told *told, struct str word, struct str next) {
        if (str_starts(word, STR_C("--")))
                return read_long(out, told, str_skip(word, 2), next);
        return str_starts(word, STR_C("-")) && read_short(out, told, str_skip(word, 1), next);
}

static struct str next_word(struct str *rest) {
        return str_cut(rest, '\0');
}

static bool is_called_dockerd(struct str word) {
        size_t slash = str_find_last(word, '/');

        return str_eqz(slash < word.n ? str_skip(word, slash + 1) : word, "dockerd");
}

static void read_line(struct places *out, struct str line, const char *settings) {
        struct str rest = line, word = next_word(&rest);
        struct told told = { 0 };
        char config[4096];

        while (rest.p) {
                struct str ahead, next;

                word = next_word(&rest);
                ahead = rest;
                next = ahead.p ? next_word(&ahead) : (struct str){ 0 };
                if (read_flag(out, &told, word, next))
                        rest = ahead;
        }
        if (told.config.n > 0 && str_to_z(told.config, config, sizeof(config)))
                settings = config;
        (void)read_settings(out, &told, settings);
        add_standard(out, &told);
}

/* The words of a line of /proc/PID/status, such as "Uid:"; p == NULL: it has none. */
static struct str status_line(struct str status, struct str name) {
        while (status.p) {
                struct str line = str_cut(&status, '\n');

                if (str_starts(line, name))
                        return str_trim(str_skip(line, name.n));
        }
        return (struct str){ 0 };
}

/* "0\t0\t0\t0": real, effective, saved, of the file system. */
static bool is_trusted_user(struct str uids) {
        int64_t uid;

        (void)str_cut(&uids, '\t');
        return uids.p && str_int(str_cut(&uids, '\t'), &uid) == 0 && (uid == 0 || uid == geteuid());
}

/* Root's, or of whom we are; and among the processes that we see. One in a container's own view of them has a number
 * more than one there (proc(5), NSpid). Its namespaces themselves are told only to who may trace it. */
static bool is_of_host(int proc, const char *pid, struct arena *arena) {
        cleanup_(closep) int fd = -1;
        char path[NAME_MAX + 16];
        struct str status, numbers;

        snprintf(path, sizeof(path), "%s/status", pid);
        fd = openat(proc, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (fd < 0 || file_read_fd(arena, fd, STATUS_MOST, &status) != 0)
                return false;
        numbers = status_line(status, STR_C("NSpid:"));
        return numbers.n > 0 && str_find(numbers, '\t') == numbers.n &&
               is_trusted_user(status_line(status, STR_C("Uid:")));
}

/* What the kernel calls it: the first 15 bytes of its file's name. A process may choose that itself, but to ask for it
 * waits for nobody. */
static bool is_named_dockerd(int proc, const char *pid) {
        cleanup_(closep) int fd = -1;
        char path[NAME_MAX + 16], name[16];
        ssize_t n;

        snprintf(path, sizeof(path), "%s/comm", pid);
        fd = openat(proc, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        n = fd < 0 ? -1 : read(fd, name, sizeof(name));
        return n > 0 && str_starts((struct str){ name, (size_t)n }, STR_C("dockerd"));
}

/*
 * The command line lies in the memory of the process, which in a container may be a file of the container's own, behind
 * FUSE: to read it then waits for whoever is in there. So whose it is, is asked before.
 */
static void read_process(struct places *out, int proc, const char *pid, const char *settings) {
        cleanup_(arena_deinit) struct arena arena;
        cleanup_(closep) int fd = -1;
        char path[NAME_MAX + 16];
        struct str line;

        arena_init(&arena, MEMORY);
        if (!is_named_dockerd(proc, pid) || !is_of_host(proc, pid, &arena))
                return;
        snprintf(path, sizeof(path), "%s/cmdline", pid);
        fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || file_read_fd(&arena, fd, LINE_MOST, &line) != 0 || line.n == 0)
                return;
        if (is_called_dockerd(str_first(line, str_find(line, '\0'))))
                read_line(out, line, settings);
}

void engine_files_look(struct engine_folders *out, const struct engine_files *files) {
        cleanup_(closedirp) DIR *proc = NULL;
        struct places found = { 0 };
        struct told told = { 0 };
        struct dirent *entry;

        files = files ? files : &of_host;
        if (read_settings(&found, &told, files->settings))
                add_standard(&found, &told);
        proc = opendir(files->proc);
        while (proc && (entry = readdir(proc)))
                if (ascii_digit(entry->d_name[0]))
                        read_process(&found, dirfd(proc), entry->d_name, files->settings);
        engine_folders_join(out, &found.main);
        engine_folders_join(out, &found.rest);
}
