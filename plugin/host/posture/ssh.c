/*
 * Who may log in by SSH: sshd_config(5), where the first value of a keyword counts, an Include stands where it stands,
 * and what follows Match holds for some alone.
 */
#include "layers.h"
#include <errno.h>

#define MAIN_FILE  "/etc/ssh/sshd_config"
#define DEPTH_MOST 4   /* of files that include others */
#define FILES_MOST 256 /* that are included, in all */

struct setting {
        struct str value; /* p == NULL: not said */
        bool unsure;      /* what could not be read may say it first */
};

struct ssh {
        struct setting root, passwords;
        struct str why; /* of the first that could not be read */
        size_t files;   /* that were included */
        bool inside_match;
};

static void take(struct survey *s, const struct ssh *out, struct setting *cell, struct str value) {
        if (!cell->value.p && !cell->unsure && !out->inside_match)
                cell->value = survey_keep(s, value);
}

static void doubt(struct survey *s, struct ssh *out, struct str what, const char *why) {
        struct text t;

        if (!out->why.n) {
                text_init_arena(&t, s->scratch);
                text_addf(&t, "%" STR_FMT ": %s", STR_ARG(what), why);
                out->why = text_str(&t);
        }
        out->root.unsure = out->root.unsure || !out->root.value.p;
        out->passwords.unsure = out->passwords.unsure || !out->passwords.value.p;
}

/* "word", without its quotes; a comment may follow the last. n == 0: there is none. */
static struct str next_word(struct str *rest) {
        struct str line = str_trim(*rest);
        bool quoted = line.n > 0 && line.p[0] == '"';
        size_t n = 0;

        if (quoted)
                line = str_skip(line, 1);
        while (n < line.n && (quoted ? line.p[n] != '"' : line.p[n] != ' ' && line.p[n] != '\t'))
                ++n;
        *rest = str_skip(line, n + quoted < line.n ? n + quoted : line.n);
        return !quoted && line.n > 0 && line.p[0] == '#' ? (struct str){ 0 } : str_first(line, n);
}

/* "Keyword value", "Keyword=value". */
static struct str split(struct str *line) {
        size_t n = 0;
        struct str key;

        while (n < line->n && line->p[n] != ' ' && line->p[n] != '\t' && line->p[n] != '=')
                ++n;
        key = str_first(*line, n);
        *line = str_trim(str_skip(*line, n));
        if (str_starts(*line, STR_C("=")))
                *line = str_trim(str_skip(*line, 1));
        return key;
}

static void read_lines(struct survey *s, struct ssh *out, struct str text, unsigned depth);

/* What a file's Match begins ends with it. */
static void include_file(struct survey *s, struct ssh *out, const char *folder, struct str name, unsigned depth) {
        struct str text;
        int r = out->files++ < FILES_MOST ? survey_read_in(s, folder, name, &text) : -EFBIG;

        out->inside_match = false;
        if (r == 0)
                read_lines(s, out, text, depth + 1);
        else if (r != -ENOENT)
                doubt(s, out, name, survey_error(r));
        out->inside_match = false;
}

/* The folder that distributions include, or a file; other patterns are not followed. */
static void include(struct survey *s, struct ssh *out, struct str pattern, unsigned depth) {
        static const char folder[] = "/etc/ssh/sshd_config.d";
        struct layers layers = { 0 };
        bool whole = str_eqz(pattern, "/etc/ssh/sshd_config.d/*.conf") || str_eqz(pattern, "sshd_config.d/*.conf");
        int r;

        if (depth < DEPTH_MOST && str_starts(pattern, STR_C("/")) && str_find(pattern, '*') == pattern.n &&
            str_find(pattern, '?') == pattern.n && str_find(pattern, '[') == pattern.n) {
                include_file(s, out, "", pattern, depth);
                return;
        }
        if (depth || !whole) {
                doubt(s, out, pattern,
                      "what sshd_config includes by another pattern than sshd_config.d/*.conf is not followed");
                return;
        }
        r = layers_add(&layers, s, folder, ".conf");
        if (r < 0)
                doubt(s, out, str_from(folder), survey_error(r));
        for (size_t i = 0; i < layers.n; ++i)
                include_file(s, out, folder, layers.items[i].name, depth);
}

static void read_lines(struct survey *s, struct ssh *out, struct str text, unsigned depth) {
        while (text.p) {
                struct str rest = str_trim(str_cut(&text, '\n')), key, value;

                if (rest.n == 0 || rest.p[0] == '#')
                        continue;
                key = split(&rest);
                value = next_word(&rest);
                if (str_eq_fold(key, STR_C("Match")))
                        out->inside_match = !str_eq_fold(value, STR_C("all"));
                else if (str_eq_fold(key, STR_C("PermitRootLogin")))
                        take(s, out, &out->root, value);
                else if (str_eq_fold(key, STR_C("PasswordAuthentication")))
                        take(s, out, &out->passwords, value);
                else if (str_eq_fold(key, STR_C("Include")) && !out->inside_match)
                        for (; value.n > 0; value = next_word(&rest))
                                include(s, out, value, depth);
        }
}

/* without-password is the old name. */
static struct str root_login(struct str value) {
        static const char *const known[] = { "yes", "no", "prohibit-password", "forced-commands-only", NULL };

        for (size_t i = 0; known[i]; ++i)
                if (str_eq_fold(value, str_from(known[i])))
                        return str_from(known[i]);
        return STR_C("prohibit-password");
}

static void tell(struct survey *s, const struct ssh *found, const struct setting *cell, struct fact_head *head) {
        if (cell->unsure)
                survey_unknown(s, head, "%" STR_FMT, STR_ARG(found->why));
        else
                survey_found(head);
}

void survey_ssh(struct survey *s) {
        struct fact_str *root = &s->facts->host.ssh_root;
        struct fact_bool *passwords = &s->facts->host.ssh_passwords;
        struct ssh found = { 0 };
        struct str text;
        int r = survey_read(s, MAIN_FILE, &text);

        if (r == -ENOENT) {
                survey_off(s, &root->head, "no SSH server is set up");
                survey_off(s, &passwords->head, "no SSH server is set up");
                return;
        }
        if (r != 0) {
                survey_unread(s, &root->head, MAIN_FILE, r);
                survey_unread(s, &passwords->head, MAIN_FILE, r);
                return;
        }
        read_lines(s, &found, text, 0);
        root->value = root_login(found.root.value);
        passwords->value = !found.passwords.value.p || !str_eq_fold(found.passwords.value, STR_C("no"));
        tell(s, &found, &found.root, &root->head);
        tell(s, &found, &found.passwords, &passwords->head);
}
