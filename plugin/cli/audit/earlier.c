#include "earlier.h"
#include "docksill/base/file.h"
#include "docksill/cli/command.h"
#include "docksill/wire/json.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>

#define DEPTH_MOST   64
#define TEXT_MOST    ((size_t)1024)              /* bytes that are kept of one */
#define FILE_MEMORY  ((size_t)512 * 1024 * 1024) /* it is read into a buffer that grows */
#define TOKEN_MEMORY ((size_t)4 * 1024 * 1024)   /* of one string with escapes */
#define VALUE_MOST   ((size_t)16 * 1024 * 1024)  /* bytes of one finding */

/* -- one finding -- */

static struct str text_of(const json_t *object, const char *key) {
        const json_t *v = json_object_get(object, key);

        return json_is_string(v) ? str_first((struct str){ json_string_value(v), json_string_length(v) }, TEXT_MOST)
                                 : (struct str){ 0 };
}

static struct str keep(struct earlier *e, struct str s) {
        struct str copy = { 0 };

        if (s.n && arena_str(e->arena, s, &copy) < 0)
                arena_refuse(e->arena);
        return copy;
}

static bool state_of(struct str name, enum report_state *out) {
        for (unsigned i = 0; i < REPORT_STATES; ++i)
                if (str_eq(name, report_state_name(i))) {
                        *out = i;
                        return true;
                }
        return false;
}

static size_t instances_of(const json_t *one) {
        json_int_t n = json_integer_value(json_object_get(one, "instances"));

        return n > 0 ? (size_t)n : 1 + json_array_size(json_object_get(one, "more"));
}

/* Returns 0, -EINVAL (it is no finding) or -ENOMEM. */
static int add_finding(struct earlier *e, const json_t *one) {
        struct earlier_finding f = { .fingerprint = text_of(one, "fingerprint"),
                                     .rule = text_of(one, "rule"),
                                     .area = text_of(one, "area"),
                                     .subject = text_of(one, "subject"),
                                     .message = text_of(one, "message"),
                                     .instances = instances_of(one) };
        size_t number;
        int r;

        if (!f.fingerprint.n || !f.rule.n || !state_of(text_of(one, "state"), &f.state) ||
            !severity_parse(text_of(one, "severity"), &f.severity))
                return -EINVAL;
        r = names_take(&e->fingerprints, f.fingerprint, &number);
        if (r < 0 || number < e->findings.n)
                return r == -ENOSPC ? -EFBIG : r;
        f.fingerprint = e->fingerprints.items[number];
        f.rule = keep(e, f.rule);
        f.area = keep(e, f.area);
        f.subject = keep(e, f.subject);
        f.message = keep(e, f.message);
        ARENA_ADD(e->arena, &e->findings, f);
        return arena_full(e->arena) ? -ENOMEM : 0;
}

static int add_area(struct earlier *e, const json_t *one) {
        struct str name = text_of(one, "name");

        if (!name.n || e->areas.n > 100)
                return -EINVAL;
        ARENA_ADD(e->arena, &e->areas, keep(e, name));
        return arena_full(e->arena) ? -ENOMEM : 0;
}

/* -- the file -- */

struct reading {
        struct earlier *earlier;
        struct json json;
        bool schema; /* it says what it is */
};

/* The value that begins with @token, as it is written. Returns 0 or a negative errno. */
static int pass_value(struct reading *in, enum json_token token, struct str *out) {
        const char *from = in->json.start;
        int r = json_skip(&in->json, token, 1, DEPTH_MOST);

        *out = (struct str){ from, (size_t)(in->json.at - from) };
        return r;
}

static int read_list(struct reading *in, int (*add)(struct earlier *e, const json_t *one)) {
        enum json_token token = json_next(&in->json);

        while (token != TOKEN_ARRAY_END) {
                json_t *one;
                struct str value;
                int r = token == TOKEN_OBJECT ? pass_value(in, token, &value) : -EINVAL;

                if (r < 0)
                        return r;
                one = value.n <= VALUE_MOST ? json_loadb(value.p, value.n, 0, NULL) : NULL;
                r = one ? add(in->earlier, one) : -EINVAL;
                json_decref(one);
                if (r < 0)
                        return r;
                arena_reset(in->json.arena);
                token = json_next(&in->json);
                if (token != TOKEN_COMMA)
                        return token == TOKEN_ARRAY_END ? 0 : -EINVAL;
                /* Something has to follow. */
                token = json_next(&in->json);
                if (token == TOKEN_ARRAY_END)
                        return -EINVAL;
        }
        return 0;
}

static int read_member(struct reading *in, struct str key, enum json_token token) {
        struct earlier *e = in->earlier;
        struct str value;
        int r;

        if (token == TOKEN_ARRAY && str_eqz(key, "findings"))
                return read_list(in, add_finding);
        if (token == TOKEN_ARRAY && str_eqz(key, "areas"))
                return read_list(in, add_area);
        if (token == TOKEN_STRING && str_eqz(key, "schema"))
                in->schema = str_eqz(in->json.text, "docksill.audit/1");
        if (token == TOKEN_STRING && (str_eqz(key, "at") || str_eqz(key, "time")))
                e->at = keep(e, str_first(in->json.text, TEXT_MOST));
        if (token == TOKEN_NUMBER && str_eqz(key, "score") && str_int(in->json.text, &e->score) < 0)
                e->score = -1;
        r = pass_value(in, token, &value);
        return r;
}

/* Returns 0, -EINVAL, -EFBIG or -ENOMEM. */
static int read_report(struct reading *in) {
        enum json_token token;
        int r;

        if (json_next(&in->json) != TOKEN_OBJECT)
                return -EINVAL;
        do {
                char key[32];

                token = json_next(&in->json);
                if (token != TOKEN_STRING)
                        return -EINVAL;
                if (!str_to_z(in->json.text, key, sizeof(key)))
                        key[0] = '\0';
                if (json_next(&in->json) != TOKEN_COLON)
                        return -EINVAL;
                r = read_member(in, str_from(key), json_next(&in->json));
                if (r < 0)
                        return r;
                arena_reset(in->json.arena);
                token = json_next(&in->json);
        } while (token == TOKEN_COMMA);
        return token == TOKEN_OBJECT_END && json_next(&in->json) == TOKEN_END && in->schema ? 0 : -EINVAL;
}

/* -- what went wrong -- */

static int complain(const struct command *command, const char *path, const char *what, int outcome) {
        cleanup_(text_deinit) struct text shown;

        text_init(&shown);
        text_add_visible(&shown, str_from(path), 1024);
        fprintf(stderr, "docksill %s: %s: %s\n", command->name, shown.p ? shown.p : "?", what);
        return outcome;
}

static int conclude(const struct reading *in, const struct command *command, int r) {
        const char *path = in->earlier->path;

        if (r == 0)
                return EXIT_FINE;
        if (r == -ENOMEM || r == -EFBIG)
                return complain(command, path, "it holds more findings than can be compared (a million)", EXIT_USAGE);
        return complain(command, path,
                        in->schema ? "this is no whole report of `docksill audit --format json`: it ends in the "
                                     "middle, or a finding lacks something"
                                   : "this is no report of `docksill audit --format json` (\"schema\": "
                                     "\"docksill.audit/1\")",
                        EXIT_USAGE);
}

int earlier_read(struct earlier *out, struct arena *arena, const struct command *command, const char *path) {
        struct reading in = { .earlier = out };
        struct arena file, tokens;
        struct str text;
        int r;

        *out = (struct earlier){ .arena = arena, .path = path, .score = -1 };
        names_init(&out->fingerprints, arena, EARLIER_FINDINGS_MOST);
        arena_init(&file, FILE_MEMORY);
        arena_init(&tokens, TOKEN_MEMORY);
        r = file_read(&file, path, EARLIER_FILE_MOST, &text);
        if (r == -EFBIG) {
                r = complain(command, path, "it is larger than 200 MB, which no report should be", EXIT_USAGE);
        } else if (r < 0) {
                r = complain(command, path, strerror(-r), EXIT_ENVIRONMENT);
        } else {
                json_init(&in.json, &tokens, text);
                r = conclude(&in, command, read_report(&in));
        }
        arena_deinit(&tokens);
        arena_deinit(&file);
        return r;
}

const struct earlier_finding *earlier_find(const struct earlier *e, struct str fingerprint) {
        size_t number;

        return names_find(&e->fingerprints, fingerprint, &number) ? &e->findings.items[number] : NULL;
}
