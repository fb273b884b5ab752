#pragma once
/*
 * asked: a request whose questions are listed, and answered one by one.
 */
#include "call.h"
#include "docksill/engine/question.h"

/* A request and what it asks. */
struct asked {
        struct call call;
        struct questions questions;
};

static inline struct facts *ask(struct asked *a, struct wire w) {
        memset(&a->questions, 0, sizeof(a->questions));
        call_read(&a->call, w);
        if (flaws_any(&a->call.request.flaws))
                fail_msg("%s %s: flaw %s", w.uri, w.body ? w.body : "",
                         flaw_name(a->call.request.flaws.notes[0].flaw).p);
        questions_of(&a->questions, &a->call.request, &a->call.arena);
        return &a->call.request.facts;
}

static inline struct facts *ask_create(struct asked *a, const char *body) {
        return ask(a, (struct wire){ "POST", "/v1.41/containers/create", body });
}

static inline void done(struct asked *a) {
        call_free(&a->call);
}

/* json: NULL: nobody answers; "": there is no such thing. */
static inline void answer(struct asked *a, size_t i, const char *json) {
        enum answer kind = !json ? ANSWER_NONE : *json ? ANSWER_TOLD : ANSWER_MISSING;

        assert_true(i < a->questions.n);
        question_answer(&a->call.request, &a->call.arena, &a->questions, i, kind, str_from(json));
}

static inline const struct mount_fact *mount_of(const struct facts *f, size_t i) {
        assert_true(i < f->mounts.n);
        return (const struct mount_fact *)f->mounts.items + i;
}

/* "kind name, kind name" */
static inline struct str listed(struct asked *a) {
        struct text t;

        text_init_arena(&t, &a->call.arena);
        text_addz(&t, "");
        for (size_t i = 0; i < a->questions.n; ++i) {
                if (i > 0)
                        text_addz(&t, ", ");
                text_add(&t, question_kind_name(a->questions.items[i].kind));
                text_add_char(&t, ' ');
                text_add(&t, a->questions.items[i].name);
        }
        return text_str(&t);
}

static inline bool is_flawed(const struct asked *a, const char *name) {
        const struct fact_set *flaws = &a->call.request.facts.request.flaws;

        return flaws->n == 1 && str_eqz(flaws->items[0], name) &&
               request_yields(&a->call.request) == (GROUP_REQUEST | GROUP_DAEMON);
}
