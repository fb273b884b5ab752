#include "daemon-json.h"
#include "docksill/base/diag.h"
#include "docksill/wire/json.h"
#include <errno.h>

#define DEPTH_MOST 1000
#define INDENT     "  "

/* The text being read. */
struct reading {
        struct daemon_json *d;
        struct arena *arena;
        struct json json;
};

/* What editors of other systems put before a text; dockerd passes over it from engine 23 on. */
static const struct str mark = STR("\xef\xbb\xbf");

static struct span token_span(const struct reading *r) {
        const char *text = r->d->text.p;

        return (struct span){ (size_t)(r->json.start - text), (size_t)(r->json.at - text) };
}

static int wrong(struct reading *r, const char *what) {
        if (r->json.no_memory)
                return -ENOMEM;
        r->d->wrong = what;
        r->d->line = 1;
        for (const char *p = r->d->text.p; p < r->json.at; ++p)
                r->d->line += *p == '\n';
        return -EINVAL;
}

static int skip(struct reading *r, enum json_token token) {
        int e = json_skip(&r->json, token, 1, DEPTH_MOST);

        if (e == -ENOMEM)
                return e;
        return e < 0 ? wrong(r, "it is no JSON") : 0;
}

static int add(struct reading *r, struct named_list *list) {
        struct named *slot = ARENA_PUSH(r->arena, list);

        if (!slot || arena_str(r->arena, r->json.text, &slot->name) < 0)
                return -ENOMEM;
        slot->span = token_span(r);
        return 0;
}

/* A list of texts, or null, which is none. @token: its first. */
static int read_list(struct reading *r, enum json_token token, struct named_list *out, struct span *span,
                     const char *else_wrong) {
        *span = token_span(r);
        if (token == TOKEN_NULL)
                return 0;
        if (token != TOKEN_ARRAY)
                return wrong(r, else_wrong);
        token = json_next(&r->json);
        while (token != TOKEN_ARRAY_END) {
                int e;

                if (token != TOKEN_STRING)
                        return wrong(r, else_wrong);
                e = add(r, out);
                if (e < 0)
                        return e;
                token = json_next(&r->json);
                if (token == TOKEN_COMMA) {
                        token = json_next(&r->json);
                        if (token == TOKEN_ARRAY_END)
                                return wrong(r, "it is no JSON");
                } else if (token != TOKEN_ARRAY_END) {
                        return wrong(r, "it is no JSON");
                }
        }
        span->end = token_span(r).end;
        return 0;
}

/* "Authorization-Plugin", "authz_plugins", "authorisation-plugins". */
static bool seems_to_mean(struct str key) {
        static const struct str words[] = { STR(DAEMON_JSON_KEY), STR("authz-plugins"), STR("auth-plugins"),
                                            STR("authorization") };
        char folded[64];
        struct nearest nearest;
        struct str s = { folded, key.n };

        if (key.n == 0 || key.n > sizeof(folded) || str_eqz(key, DAEMON_JSON_KEY))
                return false;
        for (size_t i = 0; i < key.n; ++i)
                folded[i] = key.p[i] == '_'                      ? '-'
                            : key.p[i] >= 'A' && key.p[i] <= 'Z' ? (char)(key.p[i] + 32)
                                                                 : key.p[i];
        nearest_init(&nearest, s);
        for (size_t i = 0; i < ARRAY_SIZE(words); ++i) {
                if (str_eq(s, words[i]))
                        return true;
                nearest_offer(&nearest, words[i]);
        }
        return !str_empty(nearest_name(&nearest));
}

static int read_own(struct reading *r, enum json_token token, struct span key) {
        struct daemon_json *d = r->d;
        int e;

        if (d->given)
                return wrong(r, "\"" DAEMON_JSON_KEY "\" is there twice");
        d->given = true;
        d->before = d->last;
        e = read_list(r, token, &d->plugins, &d->list,
                      "\"" DAEMON_JSON_KEY "\" is no list of names, such as [\"docksill\"]");
        d->member = (struct span){ key.at, d->list.end };
        return e;
}

static int read_value(struct reading *r, struct str key, struct span key_span) {
        enum json_token token = json_next(&r->json);
        struct span unused;
        int e = 0;

        r->d->spaced = r->json.start > r->d->text.p && r->json.start[-1] != ':';
        if (str_eqz(key, DAEMON_JSON_KEY)) {
                e = read_own(r, token, key_span);
        } else if (str_eqz(key, "hosts") && token == TOKEN_ARRAY) {
                e = read_list(r, token, &r->d->hosts, &unused, "\"hosts\" is no list of addresses");
        } else {
                r->d->tls_verify = r->d->tls_verify || (str_eqz(key, "tlsverify") && token == TOKEN_TRUE);
                r->d->builder = r->d->builder || str_eqz(key, "builder");
                if (str_eqz(key, "pidfile") && token == TOKEN_STRING)
                        e = arena_str(r->arena, r->json.text, &r->d->pid_file);
                if (e == 0 && str_empty(r->d->misspelt) && seems_to_mean(key))
                        r->d->misspelt = key;
                if (e == 0)
                        e = skip(r, token);
        }
        if (e == 0)
                r->d->last = (struct span){ key_span.at, (size_t)(r->json.at - r->d->text.p) };
        return e;
}

static int read_member(struct reading *r) {
        struct span span = token_span(r);
        struct str key;

        if (arena_str(r->arena, r->json.text, &key) < 0)
                return -ENOMEM;
        if (json_next(&r->json) != TOKEN_COLON)
                return wrong(r, "it is no JSON");
        return read_value(r, key, span);
}

static int read_object(struct reading *r) {
        enum json_token token = json_next(&r->json);

        while (token != TOKEN_OBJECT_END) {
                int e;

                if (token != TOKEN_STRING)
                        return wrong(r, "it is no JSON");
                e = read_member(r);
                if (e < 0)
                        return e;
                token = json_next(&r->json);
                if (token == TOKEN_COMMA) {
                        token = json_next(&r->json);
                        if (token == TOKEN_OBJECT_END)
                                return wrong(r, "it is no JSON: a comma stands before the brace");
                } else if (token != TOKEN_OBJECT_END) {
                        return wrong(r, "it is no JSON");
                }
        }
        r->d->object.end = token_span(r).end;
        return json_next(&r->json) == TOKEN_END ? 0 : wrong(r, "something stands behind its end");
}

int daemon_json_read(struct daemon_json *out, struct arena *arena, struct str text) {
        struct reading r = { .d = out, .arena = arena };
        struct str rest = str_starts(text, mark) ? str_skip(text, mark.n) : text;
        int e;

        *out = (struct daemon_json){ .text = text };
        if (str_trim(rest).n == 0)
                return 0;
        json_init(&r.json, arena, rest);
        r.json.most = SIZE_MAX;
        if (json_next(&r.json) != TOKEN_OBJECT) {
                e = wrong(&r, "it is no JSON object");
        } else {
                out->whole = true;
                out->object.at = token_span(&r).at;
                e = read_object(&r);
        }
        return e == -ENOMEM ? e : 0;
}

bool daemon_json_names(const struct daemon_json *d, struct str name) {
        for (size_t i = 0; i < d->plugins.n; ++i)
                if (str_eq(d->plugins.items[i].name, name))
                        return true;
        return false;
}

static void add_part(struct text *out, struct str text, size_t from, size_t to) {
        text_add(out, str_first(str_skip(text, from), to - from));
}

static bool is_blank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* White space before @at, and from @at on. */
static struct span blanks_before(struct str text, size_t at) {
        struct span s = { at, at };

        while (s.at > 0 && is_blank(text.p[s.at - 1]))
                --s.at;
        return s;
}

static struct span blanks_behind(struct str text, size_t at) {
        struct span s = { at, at };

        while (s.end < text.n && is_blank(text.p[s.end]))
                ++s.end;
        return s;
}

static void add_key(struct text *out, const struct daemon_json *d, struct str name) {
        text_addf(out, "\"" DAEMON_JSON_KEY "\":%s[", d->spaced || !d->whole || d->last.end == 0 ? " " : "");
        text_add_json(out, name);
        text_add_char(out, ']');
}

/* A member more, on a line of its own where the last one has one. */
static void add_member(struct text *out, const struct daemon_json *d, struct str name) {
        struct span blanks = blanks_before(d->text, d->last.at);

        if (d->last.end == 0) {
                add_part(out, d->text, 0, d->object.at + 1);
                text_addz(out, "\n" INDENT);
                add_key(out, d, name);
                text_add_char(out, '\n');
                add_part(out, d->text, d->object.end - 1, d->text.n);
                return;
        }
        add_part(out, d->text, 0, d->last.end);
        text_add_char(out, ',');
        add_part(out, d->text, blanks.at, blanks.end);
        add_key(out, d, name);
        add_part(out, d->text, d->last.end, d->text.n);
}

void daemon_json_add(struct text *out, const struct daemon_json *d, struct str name) {
        const struct named *last = d->plugins.n ? &d->plugins.items[d->plugins.n - 1] : NULL;

        if (!d->whole) {
                text_addz(out, "{\n" INDENT);
                add_key(out, d, name);
                text_addz(out, "\n}\n");
        } else if (!d->given) {
                add_member(out, d, name);
        } else if (last) {
                struct span blanks = blanks_before(d->text, last->span.at);

                add_part(out, d->text, 0, last->span.end);
                text_add_char(out, ',');
                if (d->plugins.n == 1 && blanks.at == blanks.end)
                        text_add_char(out, ' ');
                add_part(out, d->text, blanks.at, blanks.end);
                text_add_json(out, name);
                add_part(out, d->text, last->span.end, d->text.n);
        } else {
                add_part(out, d->text, 0, d->list.at);
                text_add_char(out, '[');
                text_add_json(out, name);
                text_add_char(out, ']');
                add_part(out, d->text, d->list.end, d->text.n);
        }
}

/* The key with its comma: the one before it, or behind it where it is the first. */
static void remove_member(struct text *out, const struct daemon_json *d) {
        size_t from = d->member.at, to = d->member.end;

        if (d->before.end > 0) {
                from = d->before.end;
        } else if (d->last.at != d->member.at) {
                to = blanks_behind(d->text, to).end; /* here is the comma */
                to = blanks_behind(d->text, to + 1).end;
        } else {
                from = blanks_before(d->text, from).at;
                to = blanks_behind(d->text, to).end;
        }
        add_part(out, d->text, 0, from);
        add_part(out, d->text, to, d->text.n);
}

/* How many of the list are others. */
static size_t others(const struct daemon_json *d, struct str name) {
        size_t n = 0;

        for (size_t i = 0; i < d->plugins.n; ++i)
                n += !str_eq(d->plugins.items[i].name, name);
        return n;
}

void daemon_json_remove(struct text *out, const struct daemon_json *d, struct str name) {
        const struct named *items = d->plugins.items;
        bool first = true;

        if (!daemon_json_names(d, name)) {
                text_add(out, d->text);
                return;
        }
        if (others(d, name) == 0) {
                remove_member(out, d);
                return;
        }
        /* What stays keeps what stood between it and the one before it. */
        add_part(out, d->text, 0, items[0].span.at);
        for (size_t i = 0; i < d->plugins.n; ++i) {
                if (str_eq(items[i].name, name))
                        continue;
                if (!first)
                        add_part(out, d->text, items[i - 1].span.end, items[i].span.at);
                add_part(out, d->text, items[i].span.at, items[i].span.end);
                first = false;
        }
        add_part(out, d->text, items[d->plugins.n - 1].span.end, d->text.n);
}
