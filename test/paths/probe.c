/*
 * Holds plugin/engine/paths.tsv against the decoders. What it calls judged changes the facts that it names and no
 * others, whatever telling value stands there; what it calls harmless, impossible or open changes none, so that no rule
 * can see it and no finding comes of it.
 *
 *     probe TABLE BODIES          says what differs, one line each; exit code 1 if anything does
 *     probe TABLE BODIES facts    prints operation, path and the facts that it feeds, for who adds a line
 *
 * A path is tried in each request that BODIES has for its operation: once with the struct that it is a member of and
 * without the member, and then with each of the values below that Go would take there.
 */
#include <jansson.h>

#include "../unit/engine/same-fact.h"
#include "docksill/base/text.h"
#include "docksill/engine/request.h"
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#define MEMORY ((size_t)16 << 20)
#define TOKENS 16

/* Words that something somewhere takes for more than that. */
static const char *const words[] = {
        "",
        "x",
        "/etc",
        "/sys/fs/cgroup",
        "/var/run/docker.sock:/s",
        "host",
        "none",
        "0",
        "1",
        "2",
        "-1",
        "0:0",
        "1000:0",
        "true",
        "false",
        "default",
        "private",
        "custom",
        "disabled",
        "unconfined",
        "container:x",
        "service:x",
        "all",
        "bind",
        "volume",
        "tmpfs",
        "image",
        "cluster",
        "shared",
        "on-failure",
        "always",
        "plugin",
        "CMD",
        "NONE",
        "CAP_SYS_ADMIN",
        "a=b",
        "A=1",
        "x:/y",
        "x:1.2.3.4",
        "1.2.3.4 x",
        "c 1:3 rwm",
        "udp",
        "8080",
        "8080/tcp",
        "no-new-privileges",
        "seccomp=unconfined",
        "apparmor=unconfined",
        "label=disable",
        "label=type:x",
        "writable-cgroups=true",
        "manager",
        "drain",
        "previous-spec",
        "previous",
        "client-session",
        "http://169.254.169.254/x",
        "unix:///run/x.sock",
        "tcp://evil.example:514",
        "evil.example/x:1",
        "evil.example/x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "127.0.0.1",
        "169.254.0.0/16",
        "02:42:ac:11:00:02",
        "USER root",
        "ENV A=b",
        "exec,suid",
        "{{.Node.Hostname}}",
        "e30=",
        "a\001b",
        "seccomp={\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_"
        "ALLOW\"}]}",
        /* The same profile, as a service has it. */
        "eyJkZWZhdWx0QWN0aW9uIjoiU0NNUF9BQ1RfTE9HIiwic3lzY2FsbHMiOlt7Im5hbWVzIjpbIm1vdW50Il0sImFjdGlvbiI6"
        "IlNDTVBfQUNUX0FMTE9XIn1dfQ==",
};

/* And what is no word, as JSON. */
static const char *const others[] = { "0",   "1",    "2",     "-1",   "70000", "8389101", "9007199254740991",
                                      "0.5", "true", "false", "null", "[]",    "{}" };

/* Keys of maps in which somebody looks for one. */
static const char *const keys[] = {
        "x",
        "/etc",
        "8080/tcp",
        "host",
        "a.b/c=d",
        "kernel.msgmax",
        "com.docker.network.endpoint.sysctls",
        "com.docker.network.bridge.enable_icc",
        "com.docker.network.bridge.host_binding_ipv4",
        "parent",
        "encrypted",
        "type",
        "device",
        "o",
        "size",
        "name",
        "push",
        "syslog-address",
        "tag",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
};

/* A value that Go does not take there says nothing of the path. */
static const enum flaw of_type[] = { FLAW_WRONG_TYPE, FLAW_NUMBER_RANGE, FLAW_BARE_STRING, FLAW_DUPLICATE_KEY,
                                     FLAW_MALFORMED_JSON };

/* -- the table -- */

struct entry {
        struct str operations, path, verdict, why; /* why: of judged the facts */
        unsigned first, last;                      /* engines, 20 for 20.10 */
        size_t number;
};

struct table {
        struct entry *items;
        size_t n, capacity;
};

static _Noreturn void die(const char *what, const char *of) {
        fprintf(stderr, "%s: %s\n", of, what);
        exit(2);
}

static struct str file_read(struct arena *arena, const char *name) {
        struct str text = { 0 };
        struct text t;
        FILE *f = fopen(name, "r");
        char part[4096];

        if (!f)
                die("can't be read", name);
        text_init_arena(&t, arena);
        do {
                text.n = fread(part, 1, sizeof(part), f);
                text_add(&t, (struct str){ part, text.n });
        } while (text.n > 0);
        fclose(f);
        if (t.failed)
                die("no memory", name);
        return text_str(&t);
}

/* "all", "29", "25-", "-28.2", "25-28": the first numbers will do here. */
static void read_engines(struct entry *e, struct str text) {
        struct str rest = text, first = str_cut(&rest, '-'), last = rest.p ? rest : first;
        int64_t n;

        e->first = str_int(str_cut(&first, '.'), &n) == 0 ? (unsigned)n : 0;
        e->last = str_int(str_cut(&last, '.'), &n) == 0 ? (unsigned)n : 99;
}

static void table_read(struct table *t, struct arena *arena, struct str rest) {
        size_t number = 0;

        while (!str_empty(rest)) {
                struct str line = str_cut(&rest, '\n'), columns = line;
                struct entry *e;

                ++number;
                if (str_empty(line) || str_starts(line, STR_C("#")))
                        continue;
                e = ARENA_PUSH(arena, t);
                if (!e)
                        die("no memory", "table");
                e->number = number;
                e->operations = str_cut(&columns, '\t');
                e->path = str_cut(&columns, '\t');
                read_engines(e, str_cut(&columns, '\t'));
                e->verdict = str_cut(&columns, '\t');
                e->why = columns;
        }
}

/* -- paths -- */

struct path {
        struct str key;            /* of the query; p == NULL: it is of the body */
        struct str tokens[TOKENS]; /* names, "[]", "{}" */
        size_t n, parent;          /* parent: how many lead to the struct that the last name is a member of */
};

static struct path path_parse(struct str text) {
        struct path p = { 0 };
        size_t n;

        if (str_starts(text, STR_C("?"))) {
                text = str_skip(text, 1);
                for (n = 0; n < text.n && !strchr(".[{", text.p[n]);)
                        ++n;
                p.key = str_first(text, n);
                text = str_skip(text, n);
        }
        while (!str_empty(text)) {
                if (p.n == TOKENS)
                        die("too long", "path");
                if (text.p[0] == '[' || text.p[0] == '{') {
                        p.tokens[p.n++] = str_first(text, 2);
                        text = str_skip(text, 2);
                        continue;
                }
                if (text.p[0] == '.')
                        text = str_skip(text, 1);
                for (n = 0; n < text.n && !strchr(".[{", text.p[n]);)
                        ++n;
                p.parent = p.n;
                p.tokens[p.n++] = str_first(text, n);
                text = str_skip(text, n);
        }
        return p;
}

/*
 * A copy of @base in which @value stands at the place that @tokens lead to; what is missing on the way is made, and of
 * lists and maps it is the first. Without a value the last name is taken out of its struct. A map's last key is @key.
 */
static json_t *place(const json_t *base, const struct str *tokens, size_t n, const json_t *value, const char *key) {
        char name[128];
        json_t *out, *member;

        if (n == 0)
                return json_deep_copy(value);
        if (str_eqz(tokens[0], "[]")) {
                out = json_is_array(base) ? json_deep_copy(base) : json_array();
                member = place(json_array_get(out, 0), tokens + 1, n - 1, value, key);
                if (json_array_size(out) > 0)
                        json_array_set_new(out, 0, member);
                else
                        json_array_append_new(out, member);
                return out;
        }

        out = json_is_object(base) ? json_deep_copy(base) : json_object();
        if (str_eqz(tokens[0], "{}")) {
                const char *first = json_object_iter_key(json_object_iter(out));

                snprintf(name, sizeof(name), "%s", n > 1 && first ? first : key);
        } else {
                snprintf(name, sizeof(name), "%" STR_FMT, STR_ARG(tokens[0]));
        }
        if (n == 1 && !value) {
                json_object_del(out, name);
                return out;
        }
        member = place(json_object_get(out, name), tokens + 1, n - 1, value, key);
        json_object_set_new(out, name, member);
        return out;
}

/* -- a request -- */

struct sent {
        struct arena arena;
        struct text call, uri;
        struct request request;
};

static void sent_init(struct sent *s) {
        memset(s, 0, sizeof(*s));
        arena_init(&s->arena, MEMORY);
        text_init(&s->call);
        text_init(&s->uri);
}

static void sent_deinit(struct sent *s) {
        arena_deinit(&s->arena);
        text_deinit(&s->call);
        text_deinit(&s->uri);
}

static void add_escaped(struct text *t, struct str s) {
        for (size_t i = 0; i < s.n; ++i)
                text_addf(t, "%%%02X", (unsigned char)s.p[i]);
}

static void add_query(struct text *t, const json_t *query) {
        const char *key;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)query, key, value) {
                cleanup_(freep) char *text =
                        json_is_string(value) ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

                text_add_char(t, str_find(text_str(t), '?') < t->n ? '&' : '?');
                text_addf(t, "%s=", key);
                add_escaped(t, text ? str_from(text) : str_from(json_string_value(value)));
        }
}

static void send(struct sent *s, const struct operation *o, const char *version, const json_t *query,
                 const json_t *body) {
        cleanup_(freep) char *text = body ? json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
        cleanup_(freep) unsigned char *encoded = NULL;
        struct str path = str_from(o->path);

        text_reset(&s->uri);
        text_addz(&s->uri, version);
        while (!str_empty(path)) {
                text_add(&s->uri, str_cut(&path, '{'));
                if (path.p) {
                        str_cut(&path, '}');
                        text_addz(&s->uri, "x");
                }
        }
        add_query(&s->uri, query);

        text_reset(&s->call);
        text_addf(&s->call, "{\"RequestMethod\":\"%s\",\"RequestUri\":", o->method ? o->method : "GET");
        text_add_json(&s->call, text_str(&s->uri));
        if (text) {
                encoded = malloc((strlen(text) + 2) / 3 * 4 + 1);
                if (!encoded)
                        die("no memory", "body");
                EVP_EncodeBlock(encoded, (const unsigned char *)text, (int)strlen(text));
                text_addf(&s->call, ",\"RequestBody\":\"%s\"", encoded);
        }
        text_addf(&s->call, ",\"RequestHeaders\":{\"Content-Type\":\"application/json\",\"Content-Length\":\"%zu\"}}",
                  text ? strlen(text) : 0);

        arena_reset(&s->arena);
        if (s->call.failed || request_read(&s->request, &s->arena, text_str(&s->call)) != ENVELOPE_READ)
                die("no request", o->id.p);
        if (s->request.operation != o && !str_eq(s->request.operation ? s->request.operation->id : STR_C("?"), o->id))
                die("another operation answers to its path", o->id.p);
}

/* -- facts -- */

/* By the rows of the facts table. */
struct fed {
        bool facts[512];
        bool taken; /* Go would take some value there */
};

/* Where the first flaw is says no more than that there is one. */
static void compare(struct fed *fed, const struct sent *a, const struct sent *b) {
        uint64_t both = request_yields(&a->request) & request_yields(&b->request);

        for (size_t i = 0; i < fact_table_n; ++i)
                if (fact_table[i].group & both && !str_eqz(fact_table[i].name, "request.flaw.where") &&
                    !same_fact(&fact_table[i], &a->request.facts, &b->request.facts))
                        fed->facts[i] = true;
}

/* -- trying a path -- */

struct probe {
        struct sent without, with;
        const json_t *bodies;
        const struct table *table;
};

static bool has_flaw_of_type(const struct request *r) {
        for (size_t i = 0; i < ARRAY_SIZE(of_type); ++i)
                if (flaws_have(&r->flaws, of_type[i]))
                        return true;
        return false;
}

/* A request of BODIES as it stands must be one that is read. */
static void check_body(struct probe *p, const json_t *context) {
        struct str of = str_from(json_string_value(json_object_get(context, "operation")));
        const char *version = json_string_value(json_object_get(context, "version"));

        while (!str_empty(of)) {
                const struct operation *o = operation_find(str_cut(&of, ' '));

                if (!o)
                        die("names no such operation", "a body");
                send(&p->with, o, version ? version : "", json_object_get(context, "query"),
                     json_object_get(context, "body"));
                if (flaws_any(&p->with.request.flaws))
                        die("a body with flaws", o->id.p);
        }
}

/* One request with a value at a place, or without one (@value NULL): then what it is a member of stands there, unless
 * the operation has no body of its own. */
static void try_one(struct sent *s, const struct operation *o, const json_t *context, const struct path *path, size_t n,
                    const json_t *value, const char *key) {
        bool bare = !value && o->body != BODY_REQUIRED && o->body != BODY_OPTIONAL;
        const char *version = json_string_value(json_object_get(context, "version"));
        const json_t *body = json_object_get(context, "body");
        json_auto_t *query = json_deep_copy(json_object_get(context, "query")), *own = NULL;

        if (!query)
                query = json_object();
        if (path->key.p) {
                char name[64];

                snprintf(name, sizeof(name), "%" STR_FMT, STR_ARG(path->key));
                if (value || n > 0)
                        json_object_set_new(query, name,
                                            place(json_object_get(query, name), path->tokens, n, value, key));
                else
                        json_object_del(query, name);
        } else if (!bare) {
                body = own = value || n > 0 ? place(body, path->tokens, n, value, key) : json_array();
        }
        send(s, o, version ? version : "", query, body);
}

/* Returns false when Go takes nothing of the value's type there. */
static bool try_value(struct probe *p, struct fed *fed, const struct operation *o, const json_t *context,
                      const struct path *path, size_t n, const json_t *value) {
        bool is_map = n > 0 && str_eqz(path->tokens[n - 1], "{}");

        for (size_t i = 0; i < (is_map ? ARRAY_SIZE(keys) : 1); ++i) {
                try_one(&p->with, o, context, path, n, value, keys[i]);
                if (flaws_have(&p->with.request.flaws, FLAW_WRONG_TYPE))
                        return false;
                if (has_flaw_of_type(&p->with.request))
                        continue;
                fed->taken = true;
                compare(fed, &p->without, &p->with);
        }
        return true;
}

static void try_context(struct probe *p, struct fed *fed, const struct operation *o, const json_t *context,
                        const struct path *path) {
        size_t member = path->n > 0 && path->parent < path->n ? path->parent + 1 : 0;
        bool wrong[JSON_NULL + 1] = { false };

        if (path->n > 0 && path->tokens[0].p[0] == '[' && path->parent == 0)
                member = 0; /* a body that is a list has no member */
        try_one(&p->without, o, context, path, member, NULL, keys[0]);
        for (size_t i = 0; i < ARRAY_SIZE(words) + ARRAY_SIZE(others); ++i) {
                json_auto_t *value = i < ARRAY_SIZE(words)
                                             ? json_string(words[i])
                                             : json_loads(others[i - ARRAY_SIZE(words)], JSON_DECODE_ANY, NULL);
                json_type type = json_typeof(value);

                wrong[type] = wrong[type] || !try_value(p, fed, o, context, path, path->n, value);
                if (path->n > member && member > 0 && !json_is_string(value))
                        (void)try_value(p, fed, o, context, path, member, value); /* an empty list, or none */
        }
}

static bool context_fits(const json_t *context, struct str operation, struct str path) {
        struct str of = str_from(json_string_value(json_object_get(context, "operation")));
        struct str below = str_from(json_string_value(json_object_get(context, "below")));

        while (!str_empty(of))
                if (str_eq(str_cut(&of, ' '), operation))
                        return str_starts(path, below);
        return false;
}

/* @below: the subtree that the path is tried for, or itself: without it nothing of that is there. */
static void try_path(struct probe *p, struct fed *fed, struct str operation, struct str text, struct str below) {
        const struct operation *o = operation_find(operation);
        struct path path = path_parse(text), whole = path_parse(below);
        json_auto_t *plain = json_object();
        const json_t *context;
        size_t i;

        if (!o)
                die("no such operation", operation.p);
        path.parent = whole.parent;
        if (o->body == BODY_REQUIRED)
                json_object_set_new(plain, "body", json_object());
        try_context(p, fed, o, plain, &path);
        json_array_foreach(p->bodies, i, context) {
                if (context_fits(context, operation, text))
                        try_context(p, fed, o, context, &path);
        }
}

/* "*" at the end stands for all that is below: the paths that others have there are tried. */
static bool is_subtree(struct str path, struct str *above) {
        *above = str_first(path, path.n - 1);
        if (str_ends(*above, STR_C(".")))
                --above->n;
        return str_ends(path, STR_C("*"));
}

static void try_entry(struct probe *p, struct fed *fed, struct str operation, const struct entry *e) {
        struct str above, other;

        if (!is_subtree(e->path, &above)) {
                try_path(p, fed, operation, e->path, e->path);
                return;
        }
        if (!str_empty(above))
                try_path(p, fed, operation, above, above);
        for (size_t i = 0; i < p->table->n; ++i) {
                const struct entry *t = &p->table->items[i];

                if (!is_subtree(t->path, &other) && str_starts(t->path, above) && t->first <= e->last &&
                    e->first <= t->last && (!str_empty(above) || !str_starts(t->path, STR_C("?"))))
                        try_path(p, fed, operation, t->path, above);
        }
}

/* -- what is said of it -- */

static void say_facts(const struct fed *fed) {
        const char *between = "";

        for (size_t i = 0; i < fact_table_n; ++i)
                if (fed->facts[i]) {
                        printf("%s%" STR_FMT, between, STR_ARG(fact_table[i].name));
                        between = " ";
                }
}

/* "container.*" names all that are fed below it. */
static bool is_name_of(struct str name, struct str fact) {
        return str_ends(name, STR_C("*")) ? str_starts(fact, str_first(name, name.n - 1)) : str_eq(name, fact);
}

/* Each name is fed, and what is fed has a name. */
static bool names_all(struct str list, const struct fed *fed) {
        bool named[ARRAY_SIZE(fed->facts)] = { false };

        while (!str_empty(list)) {
                struct str name = str_cut(&list, ' ');
                bool any = false;

                for (size_t i = 0; i < fact_table_n; ++i)
                        if (fed->facts[i] && is_name_of(name, fact_table[i].name))
                                any = named[i] = true;
                if (!any)
                        return false;
        }
        return memcmp(named, fed->facts, sizeof(named)) == 0;
}

static bool is_verdict(struct str verdict) {
        static const char *const verdicts[] = { "judged", "harmless", "impossible", "open" };

        for (size_t i = 0; i < ARRAY_SIZE(verdicts); ++i)
                if (str_eqz(verdict, verdicts[i]))
                        return true;
        return false;
}

static const char *fault_of(const struct entry *e, const struct fed *fed) {
        if (!is_verdict(e->verdict))
                return "none of judged, harmless, impossible and open";
        if (str_empty(e->why))
                return "says nothing of it";
        if (!fed->taken)
                return "takes no value that is tried";
        return names_all(str_eqz(e->verdict, "judged") ? e->why : STR_C(""), fed) ? NULL : "feeds other facts";
}

/* Returns how many faults it has. */
static size_t hold(struct probe *p, const char *file, const struct entry *e, bool only_facts) {
        struct str operations = e->operations;
        size_t faults = 0;

        while (!str_empty(operations)) {
                struct str operation = str_cut(&operations, ' ');
                struct fed fed = { 0 };
                const char *fault;

                try_entry(p, &fed, operation, e);
                fault = only_facts ? NULL : fault_of(e, &fed);
                if (!fault && !only_facts)
                        continue;
                if (fault)
                        printf("%s:%zu: %s: ", file, e->number, fault);
                printf("%" STR_FMT "\t%" STR_FMT "\t", STR_ARG(operation), STR_ARG(e->path));
                say_facts(&fed);
                puts(fed.taken ? "" : "no value is taken");
                faults += fault != NULL;
        }
        return faults;
}

static json_t *bodies_read(struct arena *arena, const char *name) {
        struct str rest = file_read(arena, name);
        json_t *bodies = json_array();

        while (!str_empty(rest)) {
                struct str line = str_cut(&rest, '\n');
                json_t *body = json_loadb(line.p, line.n, 0, NULL);

                if (json_array_append_new(bodies, body) < 0)
                        die("a line is no JSON", name);
        }
        return bodies;
}

int main(int argc, char **argv) {
        bool only_facts = argc == 4 && strcmp(argv[3], "facts") == 0;
        json_auto_t *bodies = NULL;
        struct table table = { 0 };
        struct probe p = { .table = &table };
        const json_t *context;
        struct arena arena;
        size_t faults = 0, i;

        if (argc != 3 && !only_facts)
                die("TABLE BODIES [facts]", argv[0]);
        arena_init(&arena, MEMORY);
        table_read(&table, &arena, file_read(&arena, argv[1]));
        p.bodies = bodies = bodies_read(&arena, argv[2]);
        sent_init(&p.without);
        sent_init(&p.with);

        json_array_foreach(bodies, i, context) check_body(&p, context);
        for (i = 0; i < table.n; ++i)
                faults += hold(&p, argv[1], &table.items[i], only_facts);
        if (!only_facts)
                printf("%zu lines, %zu faults\n", table.n, faults);
        sent_deinit(&p.without);
        sent_deinit(&p.with);
        arena_deinit(&arena);
        return faults > 0 || table.n == 0;
}
