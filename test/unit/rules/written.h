#pragma once
/*
 * written: pieces of rule files at hand as text, compiled, for the tests of this room.
 */
#include "compiler.h"
#include "condition-priv.h"
#include "named-list.h"
#include "regex.h"
#include "printable.h"
#include "template-priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct written {
        struct arena arena;
        struct diag diag;
        struct compiler compiler;
        struct definitions definitions;
};

static inline void written_init(struct written *w) {
        *w = (struct written){ 0 };
        arena_init(&w->arena, (size_t)64 << 20);
        diag_init(&w->diag);
        w->compiler.definitions = &w->definitions;
        w->compiler.yaml = (struct yaml){ &w->arena, &w->arena, &w->diag };
        assert_int_equal(regex_engine_new(&w->compiler.regexes, &w->arena), 0);
}

static inline void written_deinit(struct written *w) {
        regex_engine_free(w->compiler.regexes);
        diag_deinit(&w->diag);
        arena_deinit(&w->arena);
}

/* What was reported, the codes alone: "DS214 DS215". In a buffer of the call. */
static inline const char *written_codes(const struct written *w, char *to, size_t size) {
        struct text t;

        text_init_fixed(&t, to, size);
        for (size_t i = 0; i < w->diag.n; ++i)
                text_addf(&t, "%s%s", i ? " " : "", diag_code_id(w->diag.items[i].code));
        return to;
}

static inline void written_forget(struct written *w) {
        diag_deinit(&w->diag);
        diag_init(&w->diag);
}

/* The tree of @text, or NULL. */
static inline const struct yaml_node *written_yaml(struct written *w, const char *text) {
        struct source *source = ARENA_NEW(&w->arena, struct source);
        const struct yaml_node *root = NULL;

        assert_non_null(source);
        *source = (struct source){ STR("text"), str_from(text) };
        return yaml_parse(&w->compiler.yaml, source, &root) == 0 ? root : NULL;
}

/* Names the element that conditions are about: "mounts", "mount". */
static inline void written_each(struct written *w, const char *list, const char *alias) {
        w->compiler.each = list ? fact_find(str_from(list)) : NULL;
        w->compiler.alias = str_from(alias);
        assert_true(!list || w->compiler.each);
}

/* The condition that @text says; fails the test when it does not compile. */
static inline const struct condition *written_condition(struct written *w, const char *text) {
        const struct condition *condition = NULL;
        const struct yaml_node *node = written_yaml(w, text);

        if (!node || condition_new(&w->compiler, node, &condition) < 0)
                fail_msg("%s: %s", text, w->diag.n ? w->diag.items[0].message.p : "no memory");
        return condition;
}

static inline struct fact_str a_string(const char *value) {
        return (struct fact_str){ .head = { .given = true }, .value = str_from(value) };
}

static inline struct fact_path a_path(const char *lexical, const char *resolved) {
        return (struct fact_path){ .head = { .given = true },
                                   .n = resolved ? 2 : 1,
                                   .spelling = { str_from(lexical), str_from(resolved) } };
}
