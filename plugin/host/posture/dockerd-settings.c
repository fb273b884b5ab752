#include "dockerd-settings.h"
#include "docksill/wire/gojson.h"
#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#define STANDARD_FILE "/etc/docker/daemon.json"

enum takes { TAKES_SWITCH, TAKES_TEXT, TAKES_TEXTS, TAKES_PAIRS /* the names before the = are kept */ };

struct option {
        const char *flag; /* long */
        char letter;
        enum takes takes;
        size_t at; /* in struct settings */
};

static const struct option options[] = {
        { "iptables", 0, TAKES_SWITCH, offsetof(struct settings, iptables) },
        { "userland-proxy", 0, TAKES_SWITCH, offsetof(struct settings, userland_proxy) },
        { "no-new-privileges", 0, TAKES_SWITCH, offsetof(struct settings, no_new_privileges) },
        { "debug", 'D', TAKES_SWITCH, offsetof(struct settings, debug) },
        { "tls", 0, TAKES_SWITCH, offsetof(struct settings, tls) },
        { "tlsverify", 0, TAKES_SWITCH, offsetof(struct settings, tls_verify) },
        { "live-restore", 0, TAKES_SWITCH, offsetof(struct settings, live_restore) },
        { "no-new-privileges", 0, TAKES_SWITCH, offsetof(struct settings, no_new_privileges) },
        { "userns-remap", 0, TAKES_TEXT, offsetof(struct settings, userns_remap) },
        { "authorization-plugin", 0, TAKES_TEXTS, offsetof(struct settings, plugins) },
        { "log-level", 'l', TAKES_TEXT, offsetof(struct settings, log_level) },
        { "log-driver", 0, TAKES_TEXT, offsetof(struct settings, log_driver) },
        { "cgroup-parent", 0, TAKES_TEXT, offsetof(struct settings, cgroup_parent) },
        { "data-root", 0, TAKES_TEXT, offsetof(struct settings, data_root) },
        { "graph", 'g', TAKES_TEXT, offsetof(struct settings, data_root) },
        { "tlscacert", 0, TAKES_TEXT, offsetof(struct settings, authority) },
        { "tlscert", 0, TAKES_TEXT, offsetof(struct settings, certificate) },
        { "tlskey", 0, TAKES_TEXT, offsetof(struct settings, key) },
        { "config-file", 0, TAKES_TEXT, offsetof(struct settings, config_file) },
        { "host", 'H', TAKES_TEXTS, offsetof(struct settings, hosts) },
        { "storage-opt", 0, TAKES_TEXTS, offsetof(struct settings, storage_options) },
        { "log-opt", 0, TAKES_PAIRS, offsetof(struct settings, log_options) },
        { "default-ulimit", 0, TAKES_PAIRS, offsetof(struct settings, ulimits) },
};

static void add_text(struct survey *s, struct words *list, struct str text) {
        ARENA_ADD(s->keep, list, survey_keep(s, text));
}

/* -- command line -- */

static void take(struct survey *s, struct settings *out, const struct option *o, struct str value) {
        char *at = (char *)out + o->at;

        switch (o->takes) {
        case TAKES_SWITCH: {
                __typeof__(&out->tls) flag = (void *)at;

                flag->given = true;
                flag->value =
                        !value.p || !(str_eqz(value, "false") || str_eqz(value, "0") || str_eq_fold(value, STR_C("f")));
                break;
        }
        case TAKES_TEXT: *(struct str *)at = survey_keep(s, value); break;
        case TAKES_TEXTS: add_text(s, (struct words *)at, value); break;
        case TAKES_PAIRS: add_text(s, (struct words *)at, str_first(value, str_find(value, '='))); break;
        }
}

static const struct option *by_flag(struct str name) {
        for (size_t i = 0; i < ARRAY_SIZE(options); ++i)
                if (str_eqz(name, options[i].flag))
                        return &options[i];
        return NULL;
}

static const struct option *by_letter(char c) {
        for (size_t i = 0; i < ARRAY_SIZE(options); ++i)
                if (options[i].letter == c)
                        return &options[i];
        return NULL;
}

/* pflag: "--name=value", "--name value", "-Xvalue", "-X=value", "-X value"; a switch takes a value behind = alone.
 * Returns whether @next was used. */
static bool take_word(struct survey *s, struct settings *out, struct str word, struct str next) {
        const struct option *o;
        struct str value;

        if (str_starts(word, STR_C("--"))) {
                value = str_skip(word, 2);
                o = by_flag(str_cut(&value, '='));
        } else {
                word = str_skip(word, 1);
                while (word.n > 1 && (word.p[0] == 'D' || word.p[0] == 'v')) {
                        if (word.p[0] == 'D')
                                take(s, out, by_letter('D'), (struct str){ 0 });
                        word = str_skip(word, 1);
                }
                o = word.n ? by_letter(word.p[0]) : NULL;
                value = word.n > 1 ? str_skip(word, word.p[1] == '=' ? 2 : 1) : (struct str){ 0 };
        }
        if (!o)
                return false;
        if (o->takes != TAKES_SWITCH && !value.p) {
                take(s, out, o, next);
                return true;
        }
        take(s, out, o, value);
        return false;
}

static void take_words(struct survey *s, struct settings *out, const struct words *words) {
        for (size_t i = 1; i < words->n; ++i) {
                struct str next = i + 1 < words->n ? words->items[i + 1] : STR_C("");

                if (str_starts(words->items[i], STR_C("-")))
                        i += take_word(s, out, words->items[i], next);
        }
}

/* -- daemon.json -- */

struct limit {
        bool given;
        struct go_string name;
};
/* An entry of default-ulimits. */
struct limit_entry {
        struct str key;
        struct limit limit;
};

struct file {
        bool given;
        struct go_bool iptables, userland_proxy, debug, tls, tls_verify, live_restore, no_new_privileges;
        struct go_string log_level, log_driver, cgroup_parent, data_root, graph, authority, certificate, key,
                userns_remap;
        struct go_list hosts, storage_options, log_options, ulimits, plugins;
};

#define ROW(of, json, member, kind)                                                                                    \
        { .name = STR(json), .type = &(kind), .at = offsetof(struct of, member) }

static const struct gojson_field limit_fields[] = { ROW(limit, "Name", name, gojson_string) };
static const struct gojson_type limit_type = { .kind = GOJSON_STRUCT,
                                               .size = sizeof(struct limit),
                                               .fields = limit_fields,
                                               .n_fields = ARRAY_SIZE(limit_fields) };
static const struct gojson_type limits_type = { .kind = GOJSON_MAP,
                                                .size = sizeof(struct go_list),
                                                .element = &limit_type };
static const struct gojson_field file_fields[] = {
        ROW(file, "iptables", iptables, gojson_bool),
        ROW(file, "userland-proxy", userland_proxy, gojson_bool),
        ROW(file, "no-new-privileges", no_new_privileges, gojson_bool),
        ROW(file, "debug", debug, gojson_bool),
        ROW(file, "tls", tls, gojson_bool),
        ROW(file, "tlsverify", tls_verify, gojson_bool),
        ROW(file, "live-restore", live_restore, gojson_bool),
        ROW(file, "no-new-privileges", no_new_privileges, gojson_bool),
        ROW(file, "userns-remap", userns_remap, gojson_string),
        ROW(file, "authorization-plugins", plugins, gojson_strings),
        ROW(file, "log-level", log_level, gojson_string),
        ROW(file, "log-driver", log_driver, gojson_string),
        ROW(file, "cgroup-parent", cgroup_parent, gojson_string),
        ROW(file, "data-root", data_root, gojson_string),
        ROW(file, "graph", graph, gojson_string),
        ROW(file, "tlscacert", authority, gojson_string),
        ROW(file, "tlscert", certificate, gojson_string),
        ROW(file, "tlskey", key, gojson_string),
        ROW(file, "hosts", hosts, gojson_strings),
        ROW(file, "storage-opts", storage_options, gojson_strings),
        ROW(file, "log-opts", log_options, gojson_string_map),
        ROW(file, "default-ulimits", ulimits, limits_type),
};
static const struct gojson_type file_type = {
        .kind = GOJSON_STRUCT, .size = sizeof(struct file), .fields = file_fields, .n_fields = ARRAY_SIZE(file_fields)
};

static void take_switch(struct survey *s, struct settings *out, const char *flag, struct go_bool value) {
        if (value.given)
                take(s, out, by_flag(str_from(flag)), value.value ? STR_C("true") : STR_C("false"));
}

static void take_text(struct survey *s, struct settings *out, const char *flag, struct go_string value) {
        if (value.value.n > 0)
                take(s, out, by_flag(str_from(flag)), value.value);
}

static void take_texts(struct survey *s, struct words *out, const struct go_list *list) {
        for (size_t i = 0; i < list->n; ++i)
                add_text(s, out, ((const struct go_string *)list->items)[i].value);
}

static void take_file(struct survey *s, struct settings *out, const struct file *f) {
        take_switch(s, out, "iptables", f->iptables);
        take_switch(s, out, "userland-proxy", f->userland_proxy);
        take_switch(s, out, "no-new-privileges", f->no_new_privileges);
        take_switch(s, out, "debug", f->debug);
        take_switch(s, out, "tls", f->tls);
        take_switch(s, out, "tlsverify", f->tls_verify);
        take_switch(s, out, "live-restore", f->live_restore);
        take_switch(s, out, "no-new-privileges", f->no_new_privileges);
        take_text(s, out, "userns-remap", f->userns_remap);
        take_texts(s, &out->plugins, &f->plugins);
        take_text(s, out, "log-level", f->log_level);
        take_text(s, out, "log-driver", f->log_driver);
        take_text(s, out, "cgroup-parent", f->cgroup_parent);
        take_text(s, out, "data-root", f->graph);
        take_text(s, out, "data-root", f->data_root);
        take_text(s, out, "tlscacert", f->authority);
        take_text(s, out, "tlscert", f->certificate);
        take_text(s, out, "tlskey", f->key);
        take_texts(s, &out->hosts, &f->hosts);
        take_texts(s, &out->storage_options, &f->storage_options);
        for (size_t i = 0; i < f->log_options.n; ++i)
                add_text(s, &out->log_options, ((const struct go_pair *)f->log_options.items)[i].key);
        for (size_t i = 0; i < f->ulimits.n; ++i)
                add_text(s, &out->ulimits, ((const struct limit_entry *)f->ulimits.items)[i].key);
}

static void unsure(struct survey *s, struct settings *out, struct str path, const char *what) {
        struct text why;

        text_init_arena(&why, s->keep);
        text_add(&why, path);
        text_addf(&why, ": %s", what);
        out->why = text_str(&why);
}

static void read_file(struct survey *s, struct settings *out) {
        struct flaws flaws = { 0 };
        struct gojson_report report = { .flaws = &flaws };
        struct file file = { 0 };
        bool named = out->config_file.n > 0;
        struct str text;
        int r;

        if (!named)
                out->config_file = STR_C(STANDARD_FILE);
        r = survey_read_in(s, "", out->config_file, &text);
        if (r == -ENOENT && !named)
                return;
        out->there = true;
        if (r != 0)
                unsure(s, out, out->config_file, survey_error(r));
        else if (str_empty(str_trim(text)))
                return;
        else if (gojson_decode(&file, &file_type, s->scratch, &report, text, STR_C("")) < 0 || flaws_any(&flaws))
                unsure(s, out, out->config_file, "dockerd would not read it, or is not sure to read it as it looks");
        else
                take_file(s, out, &file);
}

/* -- processes -- */

/* "Uid:\t0\t0\t0\t0" */
static struct str status_line(struct str status, const char *name) {
        while (status.p) {
                struct str line = str_cut(&status, '\n');

                if (str_starts(line, str_from(name)))
                        return str_trim(str_skip(line, strlen(name)));
        }
        return (struct str){ 0 };
}

static int read_of(struct survey *s, struct str pid, const char *what, struct str *out) {
        struct text path;

        text_init_arena(&path, s->scratch);
        text_addf(&path, "/proc/%" STR_FMT "/%s", STR_ARG(pid), what);
        return path.failed ? -ENOMEM : survey_read(s, path.p, out);
}

/* Called dockerd, root's, and among the processes that we see: one in a container has a number more there. Its command
 * line lies in its memory, which in a container may be a file that makes the reader wait: so that comes last. */
static bool is_dockerd(struct survey *s, struct str pid, struct str *line) {
        struct str text, numbers, uids;
        int64_t uid;

        if (!ascii_digit(pid.p[0]) || read_of(s, pid, "comm", &text) != 0 || !str_eqz(str_trim(text), "dockerd") ||
            read_of(s, pid, "status", &text) != 0)
                return false;
        numbers = status_line(text, "NSpid:");
        uids = status_line(text, "Uid:");
        if (numbers.n == 0 || str_find(numbers, '\t') < numbers.n ||
            str_int(str_first(uids, str_find(uids, '\t')), &uid) < 0 || uid != 0)
                return false;
        return read_of(s, pid, "cmdline", line) == 0 && line->n > 0;
}

static void split_line(struct survey *s, struct str line, struct words *out) {
        while (line.p) {
                struct str word = str_cut(&line, '\0');

                if (word.n > 0 || line.p)
                        ARENA_ADD(s->scratch, out, word);
        }
}

static bool names_settings(struct str line) {
        return str_search(line, STR_C("\0--config-file")) < line.n;
}

static bool is_asked(const struct survey *s, struct str pid) {
        int64_t number;

        return s->engine > 0 && str_int(pid, &number) == 0 && number == s->engine;
}

/* proc(5): the 22nd field of stat is when it started, in ticks since the boot, which /proc/stat has in seconds. What
 * stands before the last ) is its name. Returns 0 where that is not told. */
static int64_t started_at(struct survey *s, struct str pid) {
        int64_t ticks, boot, rate = sysconf(_SC_CLK_TCK);
        struct str text, at, line;

        if (read_of(s, pid, "stat", &text) != 0 || rate <= 0)
                return 0;
        while (str_find(text, ')') < text.n)
                text = str_skip(text, str_find(text, ')') + 1);
        at = str_trim(text);
        for (int field = 3; field < 22 && at.p; ++field)
                str_cut(&at, ' ');
        if (survey_read(s, "/proc/stat", &text) != 0)
                return 0;
        line = status_line(text, "btime ");
        if (str_int(str_cut(&at, ' '), &ticks) < 0 || str_int(line, &boot) < 0)
                return 0;
        return boot * 1000000 + ticks * 1000000 / rate;
}

/* Whether one runs. Of several the one that is asked, else the one that has the host's own settings, else the first, by
 * their numbers as text. */
static bool find_process(struct survey *s, struct words *out, int64_t *started) {
        struct file_names pids = { 0 };
        struct str line, found = { 0 }, words = { 0 };
        bool standard = false, asked = false;
        size_t more = 0;

        if (survey_list(s, "/proc", &pids) != 0)
                return false;
        for (size_t i = 0; i < pids.n; ++i) {
                if (!is_dockerd(s, pids.items[i], &line))
                        continue;
                more += found.p != NULL;
                if (asked || (found.p && !is_asked(s, pids.items[i]) && (standard || names_settings(line))))
                        continue;
                asked = is_asked(s, pids.items[i]);
                standard = !names_settings(line);
                found = pids.items[i];
                words = line;
        }
        split_line(s, words, out);
        if (found.p)
                *started = started_at(s, found);
        if (found.p)
                survey_note(s, "settings of the dockerd that runs as process %" STR_FMT, STR_ARG(found));
        if (more)
                survey_note(s, "%zu more dockerd run here, and were not looked at", more);
        return found.p;
}

void settings_read(struct settings *out, struct survey *s) {
        struct words words = { 0 };
        int r = 0;

        *out = (struct settings){ 0 };
        if (!s->root->live || !find_process(s, &words, &out->started))
                r = unit_command(s, "docker.service", &words);
        if (r < 0)
                unsure(s, out, STR_C("docker.service"), survey_error(r));
        out->there = r < 0 || words.n > 0;
        take_words(s, out, &words);
        if (!out->why.p)
                read_file(s, out);
}
