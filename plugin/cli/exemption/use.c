#include "use.h"
#include "docksill/base/path.h"
#include <errno.h>

#define VALUES_MOST 200000 /* different ones; of a host's folders there are fewer */

int use_init(struct use *u) {
        *u = (struct use){ .lifted = json_object(), .last = json_object(), .values = json_object() };
        return u->lifted && u->last && u->values ? 0 : -ENOMEM;
}

void use_deinit(struct use *u) {
        json_decref(u->lifted);
        json_decref(u->last);
        json_decref(u->values);
        *u = (struct use){ 0 };
}

static int count_one(struct use *u, const char *id, const char *rule, const char *time) {
        json_t *rules = json_object_get(u->lifted, id);
        const char *last = json_string_value(json_object_get(u->last, id));

        if (!rules && json_object_set_new(u->lifted, id, json_object()) < 0)
                return -ENOMEM;
        rules = json_object_get(u->lifted, id);
        if (json_object_set_new(rules, rule, json_integer(json_integer_value(json_object_get(rules, rule)) + 1)) < 0)
                return -ENOMEM;
        if (!last || strcmp(last, time) < 0)
                return json_object_set_new(u->last, id, json_string(time)) < 0 ? -ENOMEM : 0;
        return 0;
}

static int take_value(struct use *u, const json_t *value) {
        const char *text = json_string_value(value);

        if (!text || json_object_size(u->values) >= VALUES_MOST)
                return 0;
        return json_object_set_new(u->values, text, json_true()) < 0 ? -ENOMEM : 0;
}

static int take_pins(struct use *u, const json_t *only) {
        const char *name;
        json_t *value, *one;
        size_t i;
        int r = 0;

        json_object_foreach((json_t *)(uintptr_t)only, name, value) {
                if (r == 0)
                        r = take_value(u, value);
                json_array_foreach(value, i, one) if (r == 0) r = take_value(u, one);
        }
        return r;
}

static int take_finding(struct use *u, const json_t *finding, const char *time) {
        const char *id = json_string_value(json_object_get(finding, "exempted_by")),
                   *rule = json_string_value(json_object_get(finding, "rule"));
        json_t *evidence = json_object_get(finding, "evidence"), *one;
        int r = id && rule ? count_one(u, id, rule, time) : 0;
        size_t i;

        json_array_foreach(evidence, i, one) if (r == 0) r = take_pins(u, json_object_get(one, "only"));
        return r;
}

static void take_time(struct use *u, const char *time) {
        if (u->first[0] == '\0' || strcmp(time, u->first) < 0)
                snprintf(u->first, sizeof(u->first), "%s", time);
        if (strcmp(time, u->end) > 0)
                snprintf(u->end, sizeof(u->end), "%s", time);
}

static int take_record(struct use *u, const json_t *record) {
        const char *schema = json_string_value(json_object_get(record, "schema")),
                   *time = json_string_value(json_object_get(record, "time"));
        json_t *findings = json_object_get(record, "findings"), *one;
        size_t i;
        int r = 0;

        if (!schema || strcmp(schema, "docksill.record/1") != 0 || !time)
                return 0;
        ++u->decisions;
        take_time(u, time);
        json_array_foreach(findings, i, one) if (r == 0) r = take_finding(u, one, time);
        return r;
}

/* What logrotate leaves begins otherwise: gzip, zstd, xz, bzip2. */
static bool is_compressed(struct str line) {
        return line.n > 0 &&
               (line.p[0] == '\x1f' || line.p[0] == '\x28' || line.p[0] == '\xfd' || str_starts(line, STR_C("BZh")));
}

int use_read(struct use *u, FILE *records) {
        cleanup_(freep) char *line = NULL;
        size_t size = 0;
        ssize_t n;
        int r = 0;

        errno = 0;
        for (bool first = true; r == 0 && (n = getline(&line, &size, records)) >= 0; first = false) {
                json_t *record;

                if (first && is_compressed((struct str){ line, (size_t)n }))
                        return -ENOTSUP;
                record = json_loadb(line, (size_t)n, 0, NULL);
                r = take_record(u, record);
                json_decref(record);
        }
        if (r == 0 && !feof(records))
                r = errno ? -errno : -EIO;
        return r;
}

int use_read_file(struct use *u, const char *path, const struct command *command) {
        FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
        int r = file ? use_read(u, file) : -errno;

        if (file && file != stdin)
                fclose(file);
        if (r == 0)
                return EXIT_FINE;
        fprintf(stderr, "docksill %s: %s: %s\n", command->name, path,
                r == -ENOTSUP ? "compressed; unpack it with zcat -f, and give - for the file" : strerror(-r));
        return EXIT_ENVIRONMENT;
}

size_t use_count(const struct use *u, struct str id, struct str rule) {
        const json_t *rules = json_object_getn(u->lifted, id.p, id.n);
        size_t n = 0;
        const char *name;
        json_t *count;

        json_object_foreach((json_t *)(uintptr_t)rules, name, count) if (rule.n == 0 || str_eqz(rule, name)) n +=
                (size_t)json_integer_value(count);
        return n;
}

struct str use_last(const struct use *u, struct str id) {
        const json_t *last = json_object_getn(u->last, id.p, id.n);

        return json_is_string(last) ? (struct str){ json_string_value(last), json_string_length(last) }
                                    : (struct str){ 0 };
}

bool use_has_value(const struct use *u, struct str value) {
        const char *name;
        json_t *unused;

        if (json_object_getn(u->values, value.p, value.n))
                return true;
        if (!str_starts(value, STR_C("/")))
                return false;
        json_object_foreach(u->values, name, unused) if (path_is_above(value, str_from(name))) return true;
        return false;
}
