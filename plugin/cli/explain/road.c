#include "road.h"
#include "docksill/base/cleanup.h"
#include "docksill/decide/decide.h"
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define VALID_FOR ((time_t)60 * 24 * 3600) /* seconds: no longer than somebody still knows why */
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

/* What tells one element from another: a path of the host, else the name that it goes by. */
static const struct fact *telling_fact(const struct fact *element) {
        static const char *const names[] = { "source", "path", "text", "name", "device", "peer", "driver" };

        for (const struct fact *f = element; f->name.n; ++f)
                if (f->type == FACT_PATH)
                        return f;
        for (size_t i = 0; i < ARRAY_SIZE(names); ++i)
                for (const struct fact *f = element; f->name.n; ++f)
                        if (str_eqz(f->name, names[i]) && f->type == FACT_STRING)
                                return f;
        return NULL;
}

static void add_path(struct text *t, const struct fact_path *path) {
        for (size_t i = 0; i < path->n; ++i) {
                text_addz(t, i ? ", " : path->n > 1 ? "{in: [" : "");
                text_add_yaml(t, path->spelling[i]);
        }
        text_addz(t, path->n > 1 ? "]}" : path->n ? "" : "\"\"");
}

static bool has_star(const struct fact_path *path) {
        for (size_t i = 0; i < path->n; ++i)
                if (str_find(path->spelling[i], '*') < path->spelling[i].n)
                        return true;
        return false;
}

/* A folder may be called "*", and a requester may ask for it: in an exemption that would be any folder. */
static bool is_pattern(const struct finding *f, const struct facts *facts) {
        const struct rule *rule = f->rule;
        const struct fact *fact = rule->each ? NULL : rule->about;

        if (rule->each && rule->each->type == FACT_LIST)
                fact = telling_fact(rule->each->element);
        if (!fact || fact->type != FACT_PATH)
                return false;
        for (size_t i = 0; i < f->n_evidence; ++i) {
                const void *base = rule->each ? f->evidence[i].element : facts;

                if (base && has_star((const struct fact_path *)fact_cell(fact, base)))
                        return true;
        }
        return false;
}

static bool has_pattern(const struct explained *e) {
        for (size_t i = 0; i < e->decision.n_findings; ++i)
                if (is_wanted(e, &e->decision.findings[i]) && is_pattern(&e->decision.findings[i], &e->request.facts))
                        return true;
        return false;
}

/* "mount.source: /run/docker.sock"; false: nothing of it can be pinned. */
static bool add_instance(struct text *t, const struct rule *rule, const struct evidence *e, const struct facts *facts) {
        const struct fact *f = rule->each ? NULL : rule->about;
        const void *base = facts;

        if (rule->each && !e->element)
                return false;
        if (rule->each && rule->each->type != FACT_LIST) {
                text_addf(t, "%" STR_FMT ": ", STR_ARG(rule->alias));
                text_add_yaml(t, ((const struct fact_str *)e->element)->value);
                return true;
        }
        if (rule->each) {
                f = telling_fact(rule->each->element);
                base = e->element;
        }
        if (!f || (f->type != FACT_PATH && f->type != FACT_STRING && f->type != FACT_ENUM && f->type != FACT_BOOL))
                return false;
        if (rule->each)
                text_addf(t, "%" STR_FMT ".", STR_ARG(rule->alias));
        text_addf(t, "%" STR_FMT ": ", STR_ARG(f->name));
        if (f->type == FACT_PATH)
                add_path(t, (const struct fact_path *)fact_cell(f, base));
        else if (f->type == FACT_BOOL)
                text_addz(t, ((const struct fact_bool *)fact_cell(f, base))->value ? "true" : "false");
        else
                text_add_yaml(t, ((const struct fact_str *)fact_cell(f, base))->value);
        return true;
}

static void add_only(struct text *out, const struct finding *f, const struct facts *facts, struct arena *arena) {
        bool several = f->n_evidence > 1;
        size_t pinned = 0;
        struct text t;

        text_init_arena(&t, arena);
        text_addz(&t, several ? "    only: {any: [" : "    only: {");
        for (size_t i = 0; i < f->n_evidence; ++i) {
                text_addz(&t, !several ? "" : i ? ", {" : "{");
                pinned += add_instance(&t, f->rule, &f->evidence[i], facts);
                text_addz(&t, several ? "}" : "");
        }
        text_addz(&t, several ? "]}\n" : "}\n");
        if (pinned == f->n_evidence)
                text_add(out, text_str(&t));
}

/* -- match: for whom -- */

static void add_image(struct text *t, const struct facts *facts, bool hard) {
        bool digest = !str_empty(facts->image.digest.value);

        text_addz(t, digest ? "    match: {image.digest: " : "    match: {image.id: ");
        text_add_yaml(t, digest ? facts->image.digest.value : facts->image.id.value);
        text_addz(t, hard ? ", image.as_built: true}\n" : "}\n");
}

static bool has_wildcard(struct str name) {
        return str_find(name, '*') < name.n || str_find(name, '?') < name.n;
}

static void add_caller(struct text *t, const struct facts *facts) {
        text_addz(t, "    match: {user: ");
        /* To be filled in; and a name with a star in it would be a pattern. */
        if (str_empty(facts->request.user.value) || has_wildcard(facts->request.user.value))
                text_addz(t, "NAME");
        else
                text_add_yaml(t, facts->request.user.value);
        text_addz(t, "}\n");
}

static void add_day(struct text *t) {
        time_t until = time(NULL) + VALID_FOR;
        char day[16];
        struct tm tm;

        if (gmtime_r(&until, &tm) && strftime(day, sizeof(day), "%Y-%m-%d", &tm) > 0)
                text_addz(t, day);
}

static void add_one(struct text *t, const struct explained *e, const struct finding *f, enum hold hold,
                    struct arena *arena) {

        text_addf(t, "  - id: %" STR_FMT "-", STR_ARG(f->rule->id));
        decision_id_add(t, e->decision.id);
        text_addf(t, "\n    rules: [%" STR_FMT "]\n", STR_ARG(f->rule->id));
        if (hold == ON_IMAGE)
                add_image(t, &e->request.facts, f->hard);
        else
                add_caller(t, &e->request.facts);
        add_only(t, f, &e->request.facts, arena);
        text_addz(t, "    owner: WHO ANSWERS FOR IT\n    reason: \"WHAT IT IS FOR\"\n    expires: ");
        add_day(t);
        text_add_char(t, '\n');
}

static size_t add_file(struct text *t, const struct explained *e, enum hold hold, struct arena *arena) {
        size_t n = 0;

        text_addz(t, "docksill: v1\nkind: exemptions\nexemptions:\n");
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

        if (e->decision.would != VERDICT_DENY || is_closed(&e->decision, e->decision.limits) || has_pattern(e))
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
