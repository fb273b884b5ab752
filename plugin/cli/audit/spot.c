#include "spot.h"
#include "docksill/base/text.h"
#include "docksill/host/root.h"
#include "docksill/wire/gojson.h"
#include "docksill/wire/json.h"
#include <stdio.h>

#define FILE_MOST  ((size_t)1024 * 1024)
#define NAMES_MOST 1000

static unsigned line_of(struct str text, const char *at) {
        unsigned line = 1;

        for (const char *p = text.p; p < at; ++p)
                line += *p == '\n';
        return line;
}

static struct str contents(struct arena *arena, const struct host_root *root, struct str path) {
        struct str text, name;

        if (arena_str(arena, path, &name) < 0 || host_root_read(root, arena, name.p, FILE_MOST, &text) < 0)
                return (struct str){ "", 0 };
        return text;
}

/* -- daemon.json -- */

unsigned spot_of_key(struct arena *arena, struct str text, struct str key) {
        unsigned found = 0;
        struct json j;

        json_init(&j, arena, text);
        if (json_next(&j) != TOKEN_OBJECT)
                return 0;
        /* Of a key that stands there twice the last one counts. */
        while (json_next(&j) == TOKEN_STRING) {
                if (str_eq_fold(j.text, key))
                        found = line_of(text, j.start);
                if (json_next(&j) != TOKEN_COLON || json_skip(&j, json_next(&j), 1, GOJSON_DEPTH) < 0 ||
                    json_next(&j) != TOKEN_COMMA)
                        break;
        }
        return found;
}

static bool is_key_letter(char c) {
        return (c >= 'a' && c <= 'z') || c == '-';
}

/* The next that is in quotes and reads like a key: "live-restore". Empty: there is none. */
static struct str next_quoted(struct str *rest) {
        while (rest->p && rest->n) {
                struct str key;
                size_t n = 0;

                str_cut(rest, '"');
                while (n < rest->n && is_key_letter(rest->p[n]))
                        ++n;
                key = str_first(*rest, n);
                if (n > 0 && n < rest->n && rest->p[n] == '"') {
                        *rest = str_skip(*rest, n + 1);
                        return key;
                }
        }
        return (struct str){ "", 0 };
}

/* -- the command line, where a file has it -- */

/* hosts in daemon.json is --host, and so is every list. */
static unsigned line_of_flag(struct str text, struct str key) {
        char flag[80];
        unsigned line = 0;

        snprintf(flag, sizeof(flag), "--%.*s", (int)(key.n < 70 ? key.n : 70), key.p);
        if (str_ends(key, STR_C("s")) && !str_ends(key, STR_C("tls")))
                flag[strlen(flag) - 1] = '\0';
        while (text.p && text.n) {
                struct str one = str_trim(str_cut(&text, '\n'));

                ++line;
                if (!str_starts(one, STR_C("#")) && str_search(one, str_from(flag)) < one.n)
                        return line;
        }
        return 0;
}

static bool flag_in(struct spot *out, struct arena *arena, const struct host_root *root, struct str path,
                    struct str key) {
        unsigned line = line_of_flag(contents(arena, root, path), key);

        if (line)
                *out = (struct spot){ path, line };
        return line > 0;
}

static bool find_flag(struct spot *out, struct arena *arena, const struct host_root *root, struct str key) {
        static const char *const files[] = { "/etc/default/docker",
                                             "/etc/sysconfig/docker",
                                             "/etc/conf.d/docker",
                                             "/etc/systemd/system/docker.service",
                                             "/usr/lib/systemd/system/docker.service",
                                             "/lib/systemd/system/docker.service" };
        static const char drop_ins[] = "/etc/systemd/system/docker.service.d";
        struct file_names names = { 0 };

        if (host_root_list(root, arena, drop_ins, NAMES_MOST, &names) < 0)
                names.n = 0;
        for (size_t i = 0; i < names.n; ++i) {
                struct text path;

                text_init_arena(&path, arena);
                text_addf(&path, "%s/", drop_ins);
                text_add(&path, names.items[i]);
                if (!path.failed && flag_in(out, arena, root, text_str(&path), key))
                        return true;
        }
        for (size_t i = 0; i < ARRAY_SIZE(files); ++i)
                if (flag_in(out, arena, root, str_from(files[i]), key))
                        return true;
        return false;
}

/* What stands behind "daemon.json, command line: "; else empty. */
static struct str keys_of(struct str where) {
        size_t colon = str_search(where, STR_C(": "));

        return str_starts(where, STR_C("daemon.json")) && colon < where.n ? str_skip(where, colon + 2)
                                                                          : (struct str){ "", 0 };
}

/* "tls, tlsverify", "storage-opts dm.basesize": the words before blanks. */
static struct str next_key(struct str *keys) {
        struct str key = str_trim(str_cut(keys, ','));

        return str_first(key, str_find(key, ' '));
}

static void find_setting(struct spot *out, struct arena *arena, const struct host_root *root, struct str path,
                         struct str where, struct str fix) {
        struct str text = contents(arena, root, path), keys = keys_of(where), rest = fix, key;

        *out = (struct spot){ path, 0 };
        while (keys.p && keys.n && !out->line) {
                key = next_key(&keys);
                out->line = spot_of_key(arena, text, key);
                if (!out->line && find_flag(out, arena, root, key))
                        return;
        }
        while (!out->line && (key = next_quoted(&rest)).n) {
                out->line = spot_of_key(arena, text, key);
                if (!out->line && find_flag(out, arena, root, key))
                        return;
        }
}

/* -- other files -- */

static unsigned line_of_parameter(struct str text, struct str name) {
        unsigned line = 0, found = 0;

        while (text.p && text.n) {
                struct str one = str_trim(str_cut(&text, '\n')), key;
                bool same;

                ++line;
                if (str_starts(one, STR_C("-")))
                        one = str_skip(one, 1);
                key = str_trim(str_first(one, str_find(one, '=')));
                same = key.n == name.n;
                for (size_t i = 0; same && i < key.n; ++i)
                        same = key.p[i] == name.p[i] || (key.p[i] == '/' && name.p[i] == '.');
                if (same)
                        found = line;
        }
        return found;
}

/* The last file that sets it; else the one that the fix names. */
static void find_parameter(struct spot *out, struct arena *arena, const struct host_root *root, struct str name,
                           struct str fix) {
        static const char *const folders[] = { "/usr/lib/sysctl.d", "/run/sysctl.d", "/etc/sysctl.d" };
        unsigned line;

        for (size_t k = 0; k < ARRAY_SIZE(folders); ++k) {
                struct file_names names = { 0 };

                if (host_root_list(root, arena, folders[k], NAMES_MOST, &names) < 0)
                        continue;
                for (size_t i = 0; i < names.n; ++i) {
                        struct text path;

                        text_init_arena(&path, arena);
                        text_addf(&path, "%s/", folders[k]);
                        text_add(&path, names.items[i]);
                        line = path.failed ? 0 : line_of_parameter(contents(arena, root, text_str(&path)), name);
                        if (line)
                                *out = (struct spot){ text_str(&path), line };
                }
        }
        line = line_of_parameter(contents(arena, root, STR_C("/etc/sysctl.conf")), name);
        if (line)
                *out = (struct spot){ STR_C("/etc/sysctl.conf"), line };
        if (!out->file.n && str_starts(fix, STR_C("/")))
                out->file = str_first(fix, str_find(fix, ':'));
}

static void find_member_line(struct spot *out, struct str text) {
        unsigned line = 0;

        while (text.p && text.n) {
                ++line;
                if (str_starts(str_cut(&text, '\n'), STR_C("docker:"))) {
                        out->line = line;
                        return;
                }
        }
}

void spot_find(struct spot *out, struct arena *arena, const struct host_root *root, struct str daemon_json,
               struct str where, struct str fix) {
        *out = (struct spot){ 0 };
        if (daemon_json.n &&
            (str_search(where, STR_C("daemon.json")) < where.n || str_search(fix, STR_C("daemon.json")) < fix.n)) {
                find_setting(out, arena, root, daemon_json, where, fix);
        } else if (str_starts(where, STR_C("sysctl "))) {
                find_parameter(out, arena, root, str_skip(where, 7), fix);
        } else if (str_starts(fix, STR_C("/"))) {
                out->file = str_first(fix, str_find(fix, ':'));
        } else if (str_starts(where, STR_C("/"))) {
                out->file = str_first(where, str_find(where, ','));
                out->file = str_first(out->file, str_find(out->file, ' '));
                if (str_eqz(out->file, "/etc/group"))
                        find_member_line(out, contents(arena, root, out->file));
        }
}
