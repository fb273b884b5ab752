/*
 * systemd.unit(5), systemd.service(5), systemd.exec(5), as far as a command line goes: specifiers (%n) stay as they
 * are.
 */
#include "unit.h"
#include "layers.h"
#include <errno.h>
#include <sys/stat.h>

#define LINES_MOST 4096 /* that change something, of all files of a unit */

const char *const unit_folders[] = { "/etc/systemd/system",     "/run/systemd/system", "/usr/local/lib/systemd/system",
                                     "/usr/lib/systemd/system", "/lib/systemd/system", NULL };

/* What the files have said so far. */
struct reading {
        struct survey *s;
        struct str command;     /* of the last ExecStart= */
        struct words variables; /* "NAME=value" */
        size_t lines;
        int error; /* of a file of variables that is there, or of lines that were too many */
};

static struct str path_in(struct survey *s, const char *folder, const char *name, const char *suffix) {
        struct text path;

        text_init_arena(&path, s->scratch);
        text_addf(&path, "%s/%s%s", folder, name, suffix);
        return text_str(&path);
}

/* The next word; quotes hold it together and are left out. p == NULL: there is none. */
static struct str next_word(struct survey *s, struct str *rest) {
        struct text word;
        char quote = '\0';

        *rest = str_trim(*rest);
        if (rest->n == 0)
                return (struct str){ 0 };
        text_init_arena(&word, s->scratch);
        text_addz(&word, "");
        for (; rest->n > 0; *rest = str_skip(*rest, 1)) {
                char c = rest->p[0];

                if (!quote && (c == ' ' || c == '\t'))
                        break;
                if (!quote && (c == '"' || c == '\''))
                        quote = c;
                else if (c == quote)
                        quote = '\0';
                else if (c == '\\' && rest->n > 1) {
                        *rest = str_skip(*rest, 1);
                        text_add_char(&word, rest->p[0]);
                } else
                        text_add_char(&word, c);
        }
        return word.failed ? (struct str){ 0 } : text_str(&word);
}

static void add_words(struct survey *s, struct words *out, struct str line) {
        struct str word;

        while ((word = next_word(s, &line)).p)
                ARENA_ADD(s->scratch, out, word);
}

/* KEY=value lines; the dash before a path says that it may be missing. */
static void read_environment(struct reading *r, struct str path) {
        struct str text;
        int e;

        if (str_starts(path, STR_C("-")))
                path = str_skip(path, 1);
        if (!str_starts(path, STR_C("/")))
                return;
        e = survey_read_in(r->s, "", path, &text);
        if (e < 0 && e != -ENOENT)
                r->error = e;
        if (e != 0)
                return;
        while (text.p && r->lines < LINES_MOST) {
                struct str line = str_trim(str_cut(&text, '\n'));

                if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';' || str_find(line, '=') == line.n)
                        continue;
                ++r->lines;
                /* The value may be in quotes; the name is in none. */
                line = next_word(r->s, &(struct str){ line.p, line.n });
                if (line.p)
                        ARENA_ADD(r->s->scratch, &r->variables, line);
        }
        if (text.p)
                r->error = -EFBIG;
}

static void take_line(struct reading *r, struct str line) {
        struct str value = line, key = str_trim(str_cut(&value, '='));

        value = str_trim(value);
        if (str_eqz(key, "ExecStart"))
                r->command = value;
        else if (str_eqz(key, "EnvironmentFile"))
                read_environment(r, value);
        else if (str_eqz(key, "Environment"))
                add_words(r->s, &r->variables, value);
}

/* A line that ends in a backslash goes on in the next one. */
static struct str next_line(struct survey *s, struct str *rest) {
        struct str line = str_trim(str_cut(rest, '\n'));
        struct text joined;

        if (!str_ends(line, STR_C("\\")))
                return line;
        text_init_arena(&joined, s->scratch);
        while (str_ends(line, STR_C("\\"))) {
                text_add(&joined, str_first(line, line.n - 1));
                text_add_char(&joined, ' ');
                line = rest->p ? str_trim(str_cut(rest, '\n')) : (struct str){ 0 };
        }
        text_add(&joined, line);
        return text_str(&joined);
}

static void take_file(struct reading *r, struct str text) {
        bool service = false;

        while (text.p && r->lines < LINES_MOST) {
                struct str line = next_line(r->s, &text);

                if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
                        continue;
                ++r->lines;
                if (line.p[0] == '[')
                        service = str_eqz(line, "[Service]");
                else if (service)
                        take_line(r, line);
        }
        if (text.p)
                r->error = -EFBIG;
}

/* A folder's link to /dev/null masks those behind it. */
static int read_main(struct reading *r, const char *unit, bool *found) {
        *found = false;
        for (size_t i = 0; unit_folders[i] && !*found; ++i) {
                struct str path = path_in(r->s, unit_folders[i], unit, ""), text;
                int e = path.p ? survey_read(r->s, path.p, &text) : -ENOMEM;

                if (e == -ENOENT)
                        continue;
                if (e < 0)
                        return e;
                if (e == FILE_E_NOT_REGULAR)
                        return 0;
                *found = true;
                take_file(r, text);
        }
        return 0;
}

static int read_drop_ins(struct reading *r, const char *unit) {
        struct layers layers = { 0 };
        int e;

        for (size_t i = 0; unit_folders[i]; ++i) {
                struct str folder = path_in(r->s, unit_folders[i], unit, ".d");

                e = folder.p ? layers_add(&layers, r->s, folder.p, ".conf") : -ENOMEM;
                if (e < 0)
                        return e;
        }
        for (size_t i = 0; i < layers.n; ++i) {
                struct str text;

                e = survey_read_in(r->s, layers.items[i].folder, layers.items[i].name, &text);

                if (e < 0)
                        return e;
                if (e == 0)
                        take_file(r, text);
        }
        return r->error;
}

/* The last that was set; empty where none was. */
static struct str value_of(const struct reading *r, struct str name) {
        for (size_t i = r->variables.n; i-- > 0;) {
                struct str value = r->variables.items[i];

                if (str_eq(str_cut(&value, '='), name))
                        return value;
        }
        return (struct str){ 0 };
}

/* "$NAME" as a word of its own stands for the words of its value, "${NAME}" for the value within one. */
static void expand(struct reading *r, struct words *out, struct str word) {
        struct str name = str_skip(word, 1);

        if (!str_starts(word, STR_C("$"))) {
                ARENA_ADD(r->s->scratch, out, word);
        } else if (str_starts(name, STR_C("{"))) {
                name = str_skip(name, 1);
                ARENA_ADD(r->s->scratch, out, value_of(r, str_first(name, str_find(name, '}'))));
        } else {
                add_words(r->s, out, value_of(r, name));
        }
}

int unit_command(struct survey *s, const char *unit, struct words *out) {
        struct reading r = { .s = s };
        struct str rest, word;
        bool found;
        int e = read_main(&r, unit, &found);

        if (e < 0 || !found)
                return e;
        e = read_drop_ins(&r, unit);
        if (e < 0)
                return e;
        rest = r.command;
        while (rest.n > 0 && strchr("@-:+!", rest.p[0]))
                rest = str_skip(rest, 1);
        while ((word = next_word(s, &rest)).p)
                expand(&r, out, word);
        return 0;
}

bool unit_exists(struct survey *s, const char *unit) {
        for (size_t i = 0; unit_folders[i]; ++i) {
                struct str path = path_in(s, unit_folders[i], unit, "");
                struct stat st;

                if (path.p && host_root_stat(s->root, path.p, &st) == 0)
                        return S_ISREG(st.st_mode);
        }
        return false;
}
