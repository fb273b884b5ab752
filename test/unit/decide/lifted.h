#pragma once
/*
 * lifted: the shipped rules with an environment and exemptions written here, and requests of users judged by them.
 */
#include "../engine/call.h"
#include "../rules/folder.h"
#include "docksill/base/clock.h"
#include "docksill/decide/decide.h"
#include "docksill/decide/decision.h"

/* Of every exemption in these tests. */
#define TAIL   ", owner: us, reason: because, expires: 2999-12-31}\n"
#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define AS_BUILT "image.as_built: true"

struct lifted {
        struct folder folder;
        struct ruleset *rules;
        struct call call;
        struct decision decision;
};

/* @environment: what follows its name; @exemptions: the items, NULL: none. */
static inline void lifted_init(struct lifted *l, const char *environment, const char *exemptions) {
        struct ruleset_options options = { .rules = "../rules" };
        char text[16384], file[128], lifts[128];
        struct text said;
        int r;

        *l = (struct lifted){ 0 };
        folder_init(&l->folder);
        snprintf(text, sizeof(text), "docksill: v1\nkind: environment\nname: site\n%s", environment);
        folder_write(&l->folder, "site.yaml", text);
        snprintf(text, sizeof(text), "docksill: v1\nkind: exemptions\nexemptions:\n%s", exemptions ? exemptions : "");
        folder_write(&l->folder, "exemptions/some.yaml", text);
        snprintf(file, sizeof(file), "%s/site.yaml", l->folder.path);
        snprintf(lifts, sizeof(lifts), "%s/exemptions", l->folder.path);
        options.environment = file;
        options.exemptions = exemptions ? lifts : NULL;
        r = ruleset_load(&l->rules, &options, &l->folder.diag);
        if (r < 0) {
                text_init(&said);
                diag_render(&l->folder.diag, &said);
                fail_msg("%s", said.p ? said.p : "no memory");
        }
}

static inline void lifted_forget(struct lifted *l) {
        call_free(&l->call);
        l->call = (struct call){ 0 };
}

static inline void lifted_deinit(struct lifted *l) {
        lifted_forget(l);
        ruleset_unref(l->rules);
        folder_deinit(&l->folder);
}

/* A call of @user (NULL: on the Unix socket), read and not yet judged. */
static inline struct request *lifted_read(struct lifted *l, const char *user, const char *method, const char *uri,
                                          const char *body) {
        struct text *t = &l->call.text;

        lifted_forget(l);
        text_init(t);
        envelope_add(t, (struct sent){ str_from(method), str_from(uri), str_from(body), .user = user });
        assert_int_equal(call_read_text(&l->call), ENVELOPE_READ);
        return &l->call.request;
}

static inline void lifted_judge(struct lifted *l, enum mode mode, int64_t at) {
        decide_at(&l->decision, l->rules, &l->call.request, mode, at, &l->call.arena);
        assert_false(l->decision.incomplete);
}

/* What became of a rule: "high", "critical!" where it is hard, "critical! by one, high", or "". */
static inline const char *lifted_findings(const struct lifted *l, const char *rule) {
        static char words[512];
        struct text t;

        words[0] = '\0';
        text_init_fixed(&t, words, sizeof(words));
        for (size_t i = 0; i < l->decision.n_findings; ++i) {
                const struct finding *f = &l->decision.findings[i];

                if (!str_eqz(f->rule->id, rule))
                        continue;
                text_addf(&t, "%s%s%s", t.n ? ", " : "", severity_name(f->severity).p, f->hard ? "!" : "");
                if (f->exempted_by)
                        text_addf(&t, " by %" STR_FMT, STR_ARG(f->exempted_by->id));
        }
        return words;
}
