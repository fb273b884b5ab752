#pragma once
/*
 * call: an AuthZReq as dockerd would send it, read; and the lines of the corpus.
 *
 * Of jansson only functions can be used: its json_is_…() macros compare with constants that are ours here.
 */
#include <jansson.h>

#include "docksill/base/text.h"
#include "docksill/engine/request.h"
#include "latched.h"
#include "support/envelope.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct call {
        struct arena arena;
        struct text text; /* what the request points into */
        struct request request;
};

static inline bool is_word_of(const struct fact *row, struct str word) {
        for (const char *const *v = row->values; *v; ++v)
                if (str_eqz(word, *v))
                        return true;
        return str_empty(word);
}

/* Each enum among these @rows has a word of its row. */
static inline void call_check_words(const struct fact *rows, size_t n, const void *base) {
        for (size_t i = 0; i < n && !str_empty(rows[i].name); ++i) {
                const void *cell = fact_cell(&rows[i], base);
                const struct fact_list *list = cell;
                const struct fact_word *word = cell;

                if (rows[i].type == FACT_ENUM && !is_word_of(&rows[i], word->value))
                        fail_msg("%s is \"%" STR_FMT "\"", rows[i].name.p, STR_ARG(word->value));
                for (size_t k = 0; rows[i].type == FACT_LIST && k < list->n; ++k)
                        call_check_words(rows[i].element, SIZE_MAX,
                                         (const char *)list->items + k * rows[i].element_size);
        }
}

/* Whatever was read, and told of it: what a request itself spells otherwise is unknown. */
static inline void call_free(struct call *c) {
        if (c->request.facts.request.unknown.n == 0)
                call_check_words(fact_table, fact_table_n, &c->request.facts);
        arena_deinit(&c->arena);
        text_deinit(&c->text);
}

/* Reads the envelope in c->text. */
static inline enum envelope_refusal call_read_text(struct call *c) {
        arena_init(&c->arena, 64 << 20);
        return request_read(&c->request, &c->arena, text_str(&c->text));
}

/* A request as it stands on the wire. */
struct wire {
        const char *method, *uri;
        const char *body;    /* NULL: RequestBody is left out */
        const char *headers; /* members of the object; NULL: JSON, with the body's length */
};

static inline void call_read(struct call *c, struct wire w) {
        text_init(&c->text);
        envelope_add(&c->text, (struct sent){ str_from(w.method), str_from(w.uri), str_from(w.body), w.headers });
        assert_false(c->text.failed);
        assert_int_equal(call_read_text(c), ENVELOPE_READ);
}

/* A create with @body, which must be free of flaws. */
static inline struct facts *call_create(struct call *c, const char *body) {
        call_read(c, (struct wire){ "POST", "/v1.41/containers/create?name=web", body });
        if (flaws_any(&c->request.flaws))
                fail_msg("%s: flaw %s at %" STR_FMT, body, flaw_name(c->request.flaws.notes[0].flaw).p,
                         STR_ARG(c->request.flaws.notes[0].where));
        return &c->request.facts;
}

/* The same with @host_config, the members of the HostConfig object. */
static inline struct facts *call_host_config(struct call *c, const char *host_config) {
        char body[4096];

        assert_true((size_t)snprintf(body, sizeof(body), "{\"Image\":\"a\",\"HostConfig\":{%s}}", host_config) <
                    sizeof(body));
        return call_create(c, body);
}

#define assert_str(s, z)                                                                                               \
        do {                                                                                                           \
                struct str s_ = (s);                                                                                   \
                if (!str_eqz(s_, (z)))                                                                                 \
                        fail_msg("%s is \"%" STR_FMT "\", not \"%s\"", #s, STR_ARG(s_), (z));                          \
        } while (0)

/* A body, and a flaw that it has. */
struct flawed {
        const char *body; /* NULL: none is shown */
        enum flaw flaw;
};

/* A POST of each has its flaw, and nothing that was read of it stays. */
static inline void call_expect_each(const char *uri, const struct flawed *rows, size_t n) {
        for (size_t i = 0; i < n; ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ "POST", uri, rows[i].body });
                if (!flaws_have(&c.request.flaws, rows[i].flaw))
                        fail_msg("%s %s", uri, rows[i].body ? rows[i].body : "");
                assert_int_equal(c.request.facts.texts.n + c.request.facts.mounts.n, 0);
                assert_int_equal(c.request.facts.plugin.privileges.n, 0);
        }
}

/* call_expect_flaws("/commit", { "[]", FLAW_WRONG_TYPE }, …) */
#define call_expect_flaws(uri, ...)                                                                                    \
        call_expect_each((uri), (const struct flawed[]){ __VA_ARGS__ },                                                \
                         sizeof((const struct flawed[]){ __VA_ARGS__ }) / sizeof(struct flawed))

/* The items of a set, joined by spaces. */
static inline struct str call_joined(struct call *c, const struct fact_set *set) {
        struct text t;

        text_init_arena(&t, &c->arena);
        text_addz(&t, "");
        for (size_t i = 0; i < set->n; ++i) {
                if (i > 0)
                        text_add_char(&t, ' ');
                text_add(&t, set->items[i]);
        }
        return text_str(&t);
}

/* The unknown values and keys, joined by spaces: "HostConfig.PidMode=x". */
static inline struct str call_unknown(struct call *c) {
        const struct fact_list *list = &c->request.facts.request.unknown;
        const struct unknown_fact *u = list->items;
        struct text t;

        text_init_arena(&t, &c->arena);
        text_addz(&t, "");
        for (size_t i = 0; i < list->n; ++i) {
                if (i > 0)
                        text_add_char(&t, ' ');
                text_add(&t, u[i].where.value);
                if (str_eqz(u[i].kind.value, "value")) {
                        text_add_char(&t, '=');
                        text_add(&t, u[i].value.value);
                }
        }
        return text_str(&t);
}

/* Runs @each on every line of a corpus file (from the tests' folder). Returns how many there were. */
static inline size_t corpus_each(const char *file, void (*each)(const json_t *line)) {
        FILE *f = fopen(file, "r");
        char *text = NULL;
        size_t room = 0, n = 0;

        if (!f)
                fail_msg("%s: not found; run this in the folder test", file);
        while (getline(&text, &room, f) > 0) {
                json_t *line = json_loads(text, JSON_ALLOW_NUL, NULL);

                assert_non_null(line);
                each(line);
                json_decref(line);
                ++n;
        }
        free(text);
        fclose(f);
        return n;
}
