/*
 * Who may log in by SSH: sshd_config(5), where the first value of a keyword counts, an Include stands where it stands,
 * and what follows Match holds for some alone.
 */
#include "layers.h"
#include <errno.h>

#define MAIN_FILE "/etc/ssh/sshd_config"

struct ssh {
        struct str root, passwords; /* p == NULL: not said */
        bool inside_match;
};

static void take(struct survey *s, struct ssh *out, struct str *cell, struct str value) {
        if (!cell->p && !out->inside_match)
                *cell = survey_keep(s, value);
}

/* "Keyword value", "Keyword=value", in quotes where it likes. */
static struct str split(struct str *line) {
        size_t n = 0;
        struct str key;

        while (n < line->n && line->p[n] != ' ' && line->p[n] != '\t' && line->p[n] != '=')
                ++n;
        key = str_first(*line, n);
        *line = str_trim(str_skip(*line, n));
        if (str_starts(*line, STR_C("=")))
                *line = str_trim(str_skip(*line, 1));
        if (line->n > 1 && line->p[0] == '"' && line->p[line->n - 1] == '"')
                *line = str_skip(str_first(*line, line->n - 1), 1);
        return key;
}

/* A drop-in has no Include of its own in any distribution. */
static void read_lines(struct survey *s, struct ssh *out, struct str text, bool included);

static void include(struct survey *s, struct ssh *out, struct str pattern) {
        static const char folder[] = "/etc/ssh/sshd_config.d";
        struct layers layers = { 0 };
        struct str text;

        if (!str_starts(pattern, str_from(folder)) && !str_starts(pattern, STR_C("sshd_config.d/")))
                return;
        layers_add(&layers, s, folder, ".conf");
        for (size_t i = 0; i < layers.n; ++i)
                if (survey_read_in(s, folder, layers.items[i].name, &text) == 0) {
                        out->inside_match = false;
                        read_lines(s, out, text, true);
                }
        out->inside_match = false;
}

static void read_lines(struct survey *s, struct ssh *out, struct str text, bool included) {
        while (text.p) {
                struct str value = str_trim(str_cut(&text, '\n')), key;

                if (value.n == 0 || value.p[0] == '#')
                        continue;
                key = split(&value);
                if (str_eq_fold(key, STR_C("Match")))
                        out->inside_match = !str_eq_fold(value, STR_C("all"));
                else if (str_eq_fold(key, STR_C("PermitRootLogin")))
                        take(s, out, &out->root, value);
                else if (str_eq_fold(key, STR_C("PasswordAuthentication")))
                        take(s, out, &out->passwords, value);
                else if (str_eq_fold(key, STR_C("Include")) && !included && !out->inside_match)
                        include(s, out, value);
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
        read_lines(s, &found, text, false);
        root->value = root_login(found.root);
        passwords->value = !found.passwords.p || !str_eq_fold(found.passwords, STR_C("no"));
        survey_found(&root->head);
        survey_found(&passwords->head);
}
