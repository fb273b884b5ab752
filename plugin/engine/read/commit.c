#include "commit.h"
#include "body.h"
#include "create.h"
#include "docksill/engine/image-ref.h"
#include "facts/cell.h"
#include "free-text.h"
#include "image.h"
#include "user.h"
#include "variable.h"

/* -- instructions: ?changes=USER app&changes=… -- */

static bool is_blank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static struct str trim(struct str s) {
        while (s.n > 0 && is_blank(s.p[0]))
                s = str_skip(s, 1);
        while (s.n > 0 && is_blank(s.p[s.n - 1]))
                --s.n;
        return s;
}

/*
 * dockerd joins the changes with line ends and reads a Dockerfile. What could run on into the next line, hold a second
 * one or change the escape character is not taken apart here: commit.readable says so.
 */
static bool is_plain(struct str change) {
        char last = change.n ? change.p[change.n - 1] : ' ';

        return change.n == 0 || (change.p[0] != '#' && last != '\\' && last != '`' &&
                                 str_find(change, '\n') == change.n && str_search(change, STR_C("<<")) == change.n);
}

/* dockerd takes quotes away and puts variables in: `ro${x}ot` is root. */
static bool is_literal(struct str words) {
        for (size_t i = 0; i < words.n; ++i)
                if (strchr("$\"'\\`", words.p[i]))
                        return false;
        return true;
}

static struct str upper(struct arena *arena, struct str s) {
        char *p = arena_bytes(arena, s.n + 1);

        if (!p)
                return (struct str){ 0 };
        for (size_t i = 0; i < s.n; ++i)
                p[i] = ascii_upper(s.p[i]);
        return (struct str){ p, s.n };
}

static void set_user(struct facts *f, struct str user) {
        f->commit.user = cell_str(user);
        f->commit.user_root = cell_word(user_root_word(user));
}

static void push_variable(struct reading *in, size_t i, struct str name, struct str value) {
        FACT_ADD(in->arena, &in->facts->variables,
                 (struct variable_fact){ .origin = { .field = "?changes", .index = (uint32_t)i, .indexed = true },
                                         .name = cell_str(name),
                                         .value = cell_str(value),
                                         .from = cell_word(WORD_ENV) });
}

static struct str unquoted(struct str s) {
        if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
                return (struct str){ s.p + 1, s.n - 2 };
        return s;
}

/* Up to the next blank; @rest is what follows the blanks. */
static struct str cut_word(struct str *rest) {
        struct str word = *rest;

        for (word.n = 0; word.n < rest->n && !is_blank(rest->p[word.n]);)
                ++word.n;
        *rest = trim(str_skip(*rest, word.n));
        return word;
}

/* "ENV A=1 B=2", or "ENV A the rest". The names count; where quotes hold a blank the pieces of the value are passed
 * over. */
static void read_env(struct reading *in, size_t i, struct str words) {
        struct str rest = words, first = cut_word(&rest);

        if (str_find(first, '=') == first.n) {
                push_variable(in, i, first, rest);
                return;
        }
        rest = words;
        while (!str_empty(rest) && !arena_full(in->arena)) {
                struct str value = cut_word(&rest), name = str_cut(&value, '=');

                if (value.p)
                        push_variable(in, i, unquoted(name), unquoted(value));
        }
}

static void read_change(struct reading *in, size_t i, struct str text) {
        struct facts *f = in->facts;
        struct str rest = trim(text), word;

        f->commit.readable.value = f->commit.readable.value && is_plain(rest);
        if (str_empty(rest))
                return;
        word = upper(in->arena, cut_word(&rest));
        fact_set_add(in->arena, &f->commit.instructions, word);
        if (str_eqz(word, "USER")) {
                f->commit.readable.value = f->commit.readable.value && is_literal(rest);
                if (!str_empty(rest))
                        set_user(f, rest);
        }
        if (str_eqz(word, "ENV"))
                read_env(in, i, rest);
}

void changes_read(struct reading *in) {
        const struct target *t = in->target;

        for (size_t i = 0, n = 0; i < t->n_parameters && !arena_full(in->arena); ++i) {
                struct go_list one = { .items = &(struct go_string){ t->parameters[i].value, true }, .n = 1 };

                if (!str_eqz(t->parameters[i].key, "changes"))
                        continue;
                read_change(in, n++, t->parameters[i].value);
                texts_read(in, "?changes", &one);
        }
}

/* -- the call -- */

static void read_image(struct reading *in) {
        struct str repo = reading_parameter(in, "repo");
        struct image_ref ref;

        if (str_empty(repo))
                return;
        image_ref_parse(&ref, in->arena, image_ref_shown(repo));
        in->facts->commit.image = cell_str(ref.name);
        image_named(in, (struct origin){ .field = "?repo=" }, repo, (struct fact_str){ 0 });
}

static void read_config(struct reading *in, const struct create_body *body) {
        if (!str_empty(body->user.value))
                set_user(in->facts, body->user.value);
        variables_read(in, &body->env);
        container_texts_read(in, body);
}

void commit_decode(struct reading *in) {
        struct facts *f = in->facts;
        struct create_body body = { 0 };
        struct str container;

        /* The docker client sends null. */
        if (in->body.n > 0 && !body_read(in, &body, &create_body_type))
                return;
        if (flaws_any(in->flaws))
                return;

        container = reading_parameter(in, "container");
        if (container.p)
                f->commit.container = cell_str(container);
        read_image(in);
        read_config(in, &body);
        /* Instructions come last, because they are laid over the Config. */
        changes_read(in);
}
