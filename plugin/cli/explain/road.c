#include "road.h"
#include "docksill/base/cleanup.h"
#include "docksill/decide/decide.h"
#include "exemption/draft.h"
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define VALID_FOR 60 /* days: no longer than somebody still knows why */
#define JUDGED    ((size_t)32 << 20)

/* On whom the exemption hangs. */
enum hold { ON_IMAGE, ON_CALLER };

static bool refuses(const struct finding *f, const struct limits *limits) {
        return !f->exempted_by && !f->audit &&
               (f->hard || (f->severity != SEVERITY_NONE && f->severity >= limits->deny_severity));
}

/* By flags that are offered. */
static bool is_lifted_otherwise(const struct explained *e, const struct finding *f) {
        for (size_t i = 0; e->remedy.found && i < e->remedy.n_by_hand; ++i)
                if (e->remedy.by_hand[i] == f)
                        return false;
        return e->remedy.found;
}

/* A list's line stands with the finding. */
static bool is_wanted(const struct explained *e, const struct finding *f) {
        return refuses(f, e->decision.limits) && !is_lifted_otherwise(e, f) && !f->rule->fixed && !f->access &&
               !f->cause->fix->list && f->n_evidence > 0 && f->instances == f->n_evidence;
}

/* Does anything refuse that no exemption lifts? */
static bool is_closed(const struct decision *d, const struct limits *limits) {
        for (size_t i = 0; i < d->n_findings; ++i)
                if (refuses(&d->findings[i], limits) && (d->findings[i].rule->fixed || d->findings[i].access))
                        return true;
        return false;
}

/* -- only: what was found -- */

/* What an exemption can't name it would lift altogether: of a path with a star in it, anything that fits. */
static bool has_nameless(const struct explained *e) {
        struct pins pins;

        for (size_t i = 0; i < e->decision.n_findings; ++i) {
                const struct finding *f = &e->decision.findings[i];

                for (size_t k = 0; is_wanted(e, f) && k < f->n_evidence; ++k)
                        if (pins_of(&pins, f->rule, f->evidence[k].element, &e->request.facts, true) == PINNED_NEVER)
                                return true;
        }
        return false;
}

/* All of what was found, or nothing: without `only` the rule is lifted whole, where the loader lets it. */
static struct draft_only only_of(const struct finding *f, const struct facts *facts, struct arena *arena) {
        struct draft_only only = { 0 };
        struct pins pins;

        for (size_t i = 0; i < f->n_evidence; ++i) {
                if (pins_of(&pins, f->rule, f->evidence[i].element, facts, true) != PINNED)
                        return (struct draft_only){ 0 };
                draft_only_add(&only, arena, &pins);
        }
        return only;
}

/* -- match: for whom -- */

static void add_image(struct text *t, const struct facts *facts, bool hard) {
        bool digest = !str_empty(facts->image.digest.value);

        text_addz(t, digest ? "image.digest: " : "image.id: ");
        text_add_yaml(t, digest ? facts->image.digest.value : facts->image.id.value);
        text_addz(t, hard ? ", image.as_built: true" : "");
}

static bool has_wildcard(struct str name) {
        return str_find(name, '*') < name.n || str_find(name, '?') < name.n;
}

static void add_caller(struct text *t, const struct facts *facts) {
        text_addz(t, "user: ");
        /* To be filled in; and a name with a star in it would be a pattern. */
        if (str_empty(facts->request.user.value) || has_wildcard(facts->request.user.value))
                text_addz(t, "NAME");
        else
                text_add_yaml(t, facts->request.user.value);
}

static void add_one(struct text *t, const struct explained *e, const struct finding *f, enum hold hold,
                    struct arena *arena) {
        struct draft_only only = only_of(f, &e->request.facts, arena);
        struct draft draft = { .rules = &f->rule->id, .n_rules = 1, .only = &only };
        struct text id, match, day;

        text_init_arena(&id, arena);
        text_add(&id, f->rule->id);
        text_add_char(&id, '-');
        decision_id_add(&id, e->decision.id);
        text_init_arena(&match, arena);
        if (hold == ON_IMAGE)
                add_image(&match, &e->request.facts, f->hard);
        else
                add_caller(&match, &e->request.facts);
        text_init_arena(&day, arena);
        draft_add_day(&day, VALID_FOR);
        draft.id = text_str(&id);
        draft.match = text_str(&match);
        draft.day = text_str(&day);
        draft_add(t, &draft);
}

static size_t add_file(struct text *t, const struct explained *e, enum hold hold, struct arena *arena) {
        size_t n = 0;

        drafts_begin(t);
        for (size_t i = 0; i < e->decision.n_findings; ++i)
                if (is_wanted(e, &e->decision.findings[i])) {
                        add_one(t, e, &e->decision.findings[i], hold, arena);
                        ++n;
                }
        return n;
}

/* -- would it hold? -- */

static bool is_lifted(const struct decision *d, const struct rule *rule) {
        for (size_t i = 0; i < d->n_findings; ++i)
                if (!d->findings[i].exempted_by && str_eq(d->findings[i].rule->id, rule->id))
                        return false;
        return true;
}

static bool lifts(const struct explained *e, const struct ruleset *rules, struct str call) {
        cleanup_(arena_deinit) struct arena arena;
        struct decision again;
        struct request request;

        arena_init(&arena, JUDGED);
        if (request_read(&request, &arena, call) != ENVELOPE_READ)
                return false;
        decide(&again, rules, &request, MODE_ENFORCE, &arena);
        for (size_t i = 0; i < e->decision.n_findings; ++i)
                if (is_wanted(e, &e->decision.findings[i]) && !is_lifted(&again, e->decision.findings[i].rule))
                        return false;
        return true;
}

/* Whether check takes it; and where there is a @call, whether it lifts what it is for. */
static bool is_tried(const struct explained *e, struct str file, const struct str *call,
                     const struct road_rules *from) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        cleanup_(closep) int fd = memfd_create("exemption.yaml", MFD_CLOEXEC);
        struct diag diag;
        char path[64];
        bool holds;

        if (fd < 0 || write(fd, file.p, file.n) != (ssize_t)file.n)
                return false;
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        diag_init(&diag);
        holds = ruleset_load(&rules,
                             &(struct ruleset_options){
                                     .rules = from->rules, .environment = from->environment, .exemptions = path },
                             &diag) == 0 &&
                (!call || lifts(e, rules, *call));
        diag_deinit(&diag);
        return holds;
}

int road_add(struct text *out, const struct explained *e, struct str call, const struct road_rules *from,
             struct arena *arena) {
        const struct facts *facts = &e->request.facts;
        bool by_content = !str_empty(facts->image.digest.value) || !str_empty(facts->image.id.value);
        bool holds = false;
        struct text file;

        if (e->decision.would != VERDICT_DENY || is_closed(&e->decision, e->decision.limits) || has_nameless(e))
                return 0;
        text_init_arena(&file, arena);
        if (by_content && add_file(&file, e, ON_IMAGE, arena) > 0)
                holds = !file.failed && is_tried(e, text_str(&file), &call, from);
        if (!holds) {
                text_init_arena(&file, arena);
                /* What nobody may be exempted from, such as a capability without a name, is not promised to be. */
                if (add_file(&file, e, ON_CALLER, arena) == 0 || !is_tried(e, text_str(&file), NULL, from))
                        return file.failed ? -ENOMEM : 0;
        }
        if (file.failed)
                return -ENOMEM;
        text_addz(out, "\nIf you want it anyway, an admin can allow just this: put this file into "
                       "/etc/docksill/exemptions, and send SIGHUP.\n");
        if (!holds)
                text_addz(out, by_content ? "It is for a caller named by a TLS certificate: it could be for the image "
                                            "only if that ran as it was built, with "
                                            "nothing else mounted.\n"
                                          : "It is for a caller named by a TLS certificate; it could be for the "
                                            "image, if that were named by digest and "
                                            "ran as it was built.\n");
        text_addz(out, "It lifts only what refuses; all other findings still count.\n\n");
        text_add(out, text_str(&file));
        return out->failed ? -ENOMEM : 0;
}
