#include "mask-command.h"

#include "mask-name.h"

struct command_program {
        struct str name;
        bool family; /* and all whose names begin so: mysqladmin, mysqldump */
        char option; /* behind one dash */
        bool joined; /* -pSECRET */
        bool apart;  /* -p SECRET */
        char login;  /* the secret stands behind this in the value */
};

static const struct command_program programs[] = {
        { STR("mysql"), true, 'p', true, false, 0 },
        { STR("mariadb"), true, 'p', true, false, 0 },
        { STR("mongo"), true, 'p', true, true, 0 },
        { STR("redis-cli"), false, 'a', true, true, 0 },
        { STR("valkey-cli"), false, 'a', true, true, 0 },
        { STR("sshpass"), false, 'p', true, true, 0 },
        { STR("curl"), false, 'u', true, true, ':' },
        { STR("login"), false, 'p', true, true, 0 },
        { STR("ldap"), true, 'w', true, true, 0 },
        { STR("mosquitto_"), true, 'P', true, true, 0 },
        { STR("sqlcmd"), false, 'P', true, true, 0 },
        { STR("cqlsh"), false, 'p', true, true, 0 },
        { STR("rabbitmqadmin"), false, 'p', true, true, 0 },
        { STR("smbclient"), false, 'U', true, true, '%' },
        { STR("zip"), false, 'P', true, true, 0 },
        { STR("unzip"), false, 'P', true, true, 0 },
        { STR("7z"), true, 'p', true, false, 0 },
        { STR("lftp"), false, 'u', true, true, ',' },
};

const struct command_program *command_program(struct str word) {
        size_t slash = str_find_last(word, '/');
        struct str name = slash < word.n ? str_skip(word, slash + 1) : word;

        for (size_t i = 0; i < ARRAY_SIZE(programs); ++i)
                if (programs[i].family ? str_starts(name, programs[i].name) : str_eq(name, programs[i].name))
                        return &programs[i];
        return NULL;
}

/* "-p", or the last of several letters: "-fsu"; a login's has a name as well. */
static bool is_option(const struct command_program *p, struct str word) {
        if (p->login && str_eqz(word, "--user"))
                return true;
        if (word.n < 2 || word.p[0] != '-' || word.p[word.n - 1] != p->option)
                return false;
        for (size_t i = 1; i < word.n; ++i)
                if (ascii_lower(word.p[i]) < 'a' || ascii_lower(word.p[i]) > 'z')
                        return false;
        return true;
}

size_t command_secret(const struct command_program *program, struct str before, struct str word) {
        size_t at = word.n;

        if (!program)
                return word.n;
        if (program->apart && is_option(program, before) && word.n && word.p[0] != '-')
                at = 0;
        else if (program->joined && word.n > 2 && word.p[0] == '-' && word.p[1] == program->option)
                at = 2;
        else if (program->login && str_starts(word, STR_C("--user=")))
                at = sizeof("--user=") - 1;
        if (at < word.n && program->login)
                at += str_find(str_skip(word, at), program->login) + 1;
        return at < word.n ? at : word.n;
}

/* -- texts -- */

/* Behind these stands another command. */
static bool ends_command(char c) {
        return c == ';' || c == '|' || c == '&' || c == '\n';
}

/* "name:SECRET@host"; a scheme's is a credential to the rules, and a digest is none. */
static bool login_of(struct str word, size_t *start, size_t *end) {
        size_t colon = str_find(word, ':'), at = str_find_last(word, '@');

        if (colon == 0 || at == word.n || colon + 1 >= at || word.p[colon + 1] == '/' ||
            str_starts(str_skip(word, at + 1), STR_C("sha256:")))
                return false;
        *start = colon + 1;
        *end = at;
        return true;
}

/* mysql -p'SECRET': of the quotes behind the option. */
static bool quoted_of(const struct command_walk *w, struct str word, size_t *start, size_t *end) {
        struct str rest = str_skip(w->text, w->at);

        if (!w->program || !w->program->joined || w->program->login || !is_option(w->program, word) || rest.n == 0 ||
            !is_quote(rest.p[0]))
                return false;
        *start = w->at + 1;
        *end = *start + str_find(str_skip(rest, 1), rest.p[0]);
        return *end > *start;
}

static bool is_end(char c) {
        return is_blank(c) || is_quote(c) || ends_command(c);
}

static bool word_next(struct command_walk *w, size_t *begin) {
        for (; w->at < w->text.n && is_end(w->text.p[w->at]); ++w->at)
                if (ends_command(w->text.p[w->at])) {
                        w->program = NULL;
                        w->before = (struct str){ 0 };
                }
        *begin = w->at;
        while (w->at < w->text.n && !is_end(w->text.p[w->at]))
                ++w->at;
        return w->at > *begin;
}

bool command_walk_next(struct command_walk *w, size_t *start, size_t *end) {
        size_t begin;

        while (word_next(w, &begin)) {
                struct str word = str_first(str_skip(w->text, begin), w->at - begin);
                size_t secret = command_secret(w->program, w->before, word);
                const struct command_program *program = command_program(word);

                w->program = program ? program : w->program;
                w->before = word;
                if (secret < word.n) {
                        *start = begin + secret;
                        *end = w->at;
                        return true;
                }
                if (quoted_of(w, word, start, end)) {
                        w->at = *end;
                        return true;
                }
                if (login_of(word, start, end)) {
                        *start += begin;
                        *end += begin;
                        return true;
                }
        }
        return false;
}
