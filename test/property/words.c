#include "words.h"
#include "client.h"
#include "docksill/base/diag.h"
#include "docksill/base/text.h"
#include "docksill/rules/yaml.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

/* -- compose -- */

/* What compose sends for a key is what docker run sends for a flag (compose pkg/compose/create.go). */
static const struct {
        const char *key, *flag;
} keys[] = {
        { "cap_add", "--cap-add" },
        { "cap_drop", "--cap-drop" },
        { "cgroup", "--cgroupns" },
        { "cpus", "--cpus" },
        { "driver", "--log-driver" },
        { "mem_limit", "-m" },
        { "memswap_limit", "--memory-swap" },
        { "oom_score_adj", "--oom-score-adj" },
        { "options", "--log-opt" },
        { "pids_limit", "--pids-limit" },
        { "read_only", "--read-only" },
        { "security_opt", "--security-opt" },
        { "stop_grace_period", "--stop-timeout" },
        { "tmpfs", "--tmpfs" },
        { "user", "--user" },
};

static const char *flag_of(struct str key) {
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); ++i)
                if (str_eqz(key, keys[i].key))
                        return keys[i].flag;
        fail_msg("a key that the model of compose does not know: %" STR_FMT, STR_ARG(key));
        return NULL;
}

/* One word of a shell; a dollar sign is doubled in a compose file. */
static void add_quoted(struct text *flags, struct str value) {
        text_add_char(flags, '\'');
        for (size_t i = 0; i < value.n; ++i) {
                if (value.p[i] == '\'')
                        text_addz(flags, "'\\''");
                else
                        text_add_char(flags, value.p[i]);
                if (value.p[i] == '$') {
                        assert_true(i + 1 < value.n && value.p[i + 1] == '$');
                        ++i;
                }
        }
        text_add_char(flags, '\'');
}

static void add_scalar(struct text *flags, struct str key, const struct yaml_node *node) {
        struct str value = node->text;

        assert_int_equal(node->kind, NODE_SCALAR);
        text_addf(flags, " %s", flag_of(key));
        if (str_eqz(key, "read_only")) {
                assert_true(str_eqz(value, "true"));
                return;
        }
        if (str_eqz(key, "stop_grace_period")) {
                assert_true(str_ends(value, STR_C("s")));
                value = str_first(value, value.n - 1);
        }
        text_add_char(flags, ' ');
        add_quoted(flags, value);
}

static void add_options(struct text *flags, struct str key, const struct yaml_node *map) {
        for (size_t i = 0; i < map->n; ++i) {
                struct text option;

                text_init(&option);
                text_add(&option, map->pairs[i].key->text);
                text_add_char(&option, '=');
                text_add(&option, map->pairs[i].value->text);
                text_addf(flags, " %s ", flag_of(key));
                add_quoted(flags, text_str(&option));
                text_deinit(&option);
        }
}

static void add_key(struct text *flags, struct str key, const struct yaml_node *node) {
        if (str_eqz(key, "logging")) {
                for (size_t i = 0; i < node->n; ++i)
                        add_key(flags, node->pairs[i].key->text, node->pairs[i].value);
        } else if (str_eqz(key, "options")) {
                add_options(flags, key, node);
        } else if (node->kind == NODE_SEQUENCE) {
                for (size_t i = 0; i < node->n; ++i)
                        add_scalar(flags, key, node->items[i]);
        } else {
                add_scalar(flags, key, node);
        }
}

void words_add_compose(json_t *body, struct str yaml) {
        struct source source = { .name = STR("pasted"), .text = yaml };
        const struct yaml_node *root;
        struct arena arena;
        struct text flags;
        struct diag diag;

        arena_init(&arena, (size_t)1 << 20);
        diag_init(&diag);
        text_init(&flags);
        if (yaml_parse(&(struct yaml){ &arena, &arena, &diag }, &source, &root) < 0 || root->kind != NODE_MAP)
                fail_msg("no YAML: %" STR_FMT, STR_ARG(yaml));
        for (size_t i = 0; i < root->n; ++i)
                add_key(&flags, root->pairs[i].key->text, root->pairs[i].value);
        client_add(body, text_str(&flags));
        text_deinit(&flags);
        diag_deinit(&diag);
        arena_deinit(&arena);
}

/* -- members -- */

/* However it is spelt: dockerd folds keys. */
static json_t *member(json_t *object, const char *name, const char **spelt) {
        const char *key;
        json_t *value;

        json_object_foreach(object, key, value) {
                if (strcasecmp(key, name) == 0) {
                        *spelt = key;
                        return json_is_null(value) ? NULL : value;
                }
        }
        *spelt = name;
        return NULL;
}

static void put(json_t *object, const char *name, json_t *value) {
        const char *spelt;
        json_t *there = member(object, name, &spelt);

        if (json_is_array(value) && json_is_array(there))
                json_array_extend(there, value);
        else if (json_is_object(value) && json_is_object(there))
                json_object_update(there, value);
        else
                json_object_set(object, spelt, value);
}

/* "HostConfig.Memory" */
static void put_path(json_t *body, struct str path, json_t *value) {
        while (path.p) {
                struct str part = str_cut(&path, '.');
                char name[64];
                const char *spelt;
                json_t *below;

                assert_true(part.n > 0 && part.n < sizeof(name));
                memcpy(name, part.p, part.n);
                name[part.n] = '\0';
                if (!path.p) {
                        put(body, name, value);
                        return;
                }
                below = member(body, name, &spelt);
                if (!below) {
                        below = json_object();
                        json_object_set_new(body, spelt, below);
                }
                body = below;
        }
}

void words_add_members(json_t *body, struct str lines) {
        while (lines.p) {
                struct str line = str_trim(str_cut(&lines, '\n'));
                size_t colon = str_find(line, ':');
                struct str text = str_skip(line, colon + 1);
                json_t *value = json_loadb(text.p, text.n, JSON_DECODE_ANY, NULL);

                if (line.n == 0)
                        continue;
                if (!value)
                        fail_msg("no member of a body: %" STR_FMT, STR_ARG(line));
                put_path(body, str_first(line, colon), value);
                json_decref(value);
        }
}
