#include "finding.h"

#include <errno.h>

/* Bytes shown of the path that a link leads to. */
#define LEADS_TO_MAX 200

/* The element of an instance, where evidence can keep it. Returns 0 or -ENOMEM. */
static int keep_element(const void **out, const struct rule *rule, const struct facts *facts, size_t position,
                        struct arena *arena) {
        struct fact_str *copy;

        *out = NULL;
        if (!rule->each || position == POSITION_UNSEEN)
                return 0;
        if (rule->each->type == FACT_LIST) {
                *out = finding_list_element(rule->each, (const struct fact_list *)fact_cell(rule->each, facts),
                                            position);
                return 0;
        }
        copy = ARENA_NEW(arena, struct fact_str);
        if (!copy)
                return -ENOMEM;
        *copy = finding_set_element((const struct fact_set *)fact_cell(rule->each, facts), position);
        *out = copy;
        return 0;
}

/* A service says the same in other places. */
static struct str place_of(const struct fact *about, const struct facts *facts) {
        struct str rest = str_from(about->from), place = rest;

        if (about->service && str_starts(facts->request.operation.value, STR_C("service.")))
                return str_from(about->service);
        /* "HostConfig.Ulimits, ?ulimits=": what a body says, and the same of a build's query. */
        if (str_search(rest, STR_C(", ?")) < rest.n && !str_starts(rest, STR_C("?")))
                if (str_eqz(facts->request.operation.value, "container.create"))
                        return str_first(rest, str_search(rest, STR_C(", ?")));
        for (unsigned part = fact_cell(about, facts)->part; part > 0; --part)
                place = str_trim(str_cut(&rest, ','));
        return place;
}

static int say_where(struct str *out, const struct rule *rule, const struct scope *scope, struct arena *arena) {
        const struct fact *about = rule->each ? rule->each : rule->about;
        struct text t;

        if (!rule->each || rule->each->type != FACT_LIST || !scope->element) {
                *out = about ? place_of(about, scope->facts) : (struct str){ 0 };
                return 0;
        }
        text_init_arena(&t, arena);
        origin_add(&t, scope->element);
        *out = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

/* The message tells what was asked for; when another spelling of it is what counts, people must know that one too,
 * unless that is the one it shows. */
static void add_case_message(struct text *t, const struct rule *rule, const struct instance *i,
                             const struct scope *scope) {
        template_add(t, i->cause->message, scope);
        if (i->spelling == 0 || !rule->each || !scope->element)
                return;
        for (const struct fact *row = rule->each->element; row && row->name.n > 0; ++row) {
                const struct fact_path *path = (const struct fact_path *)fact_cell(row, scope->element);

                if (row->type != FACT_PATH || i->spelling >= path->n || template_shows(i->cause->message, row))
                        continue;
                text_addz(t, ", which leads to ");
                text_add_visible(t, path->spelling[i->spelling], LEADS_TO_MAX);
        }
}

/* It may be what the rule is about, or nothing at all. */
static void add_unresolved(struct text *t, const struct rule *rule, const struct scope *scope) {
        text_addz(t, "docksill could not find out where ");
        for (const struct fact *row = rule->each->element; row->name.n > 0; ++row) {
                const struct fact_path *path = (const struct fact_path *)fact_cell(row, scope->element);

                if (row->type == FACT_PATH && path->head.state == FACT_LEXICAL)
                        text_add_visible(t, path->spelling[0], LEADS_TO_MAX);
        }
        text_addz(t, " leads on the host, so this can't be ruled out; try again");
}

/* Most messages are the rule's own words and nothing else. */
static bool says_more(const struct instance *i) {
        return i->unknown || i->spelling > 0 || i->position == POSITION_UNSEEN;
}

static int say_message(struct str *out, const struct rule *rule, const struct instance *i, const struct scope *scope,
                       struct arena *arena) {
        struct str words = template_words(i->cause->message);
        struct text t;

        if (words.p && !says_more(i)) {
                *out = words;
                return 0;
        }
        text_init_arena(&t, arena);
        if (i->unresolved)
                add_unresolved(&t, rule, scope);
        else if (i->position == POSITION_UNSEEN)
                text_add(&t, rule->each->name);
        else
                add_case_message(&t, rule, i, scope);
        if (i->unknown && !i->unresolved)
                text_addz(&t, i->position == POSITION_UNSEEN ? " could not be checked" : " (could not be checked)");
        *out = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

static int evidence_fill(struct evidence *out, const struct rule *rule, const struct instance *i,
                         const struct facts *facts, struct arena *arena) {
        struct evidence e = { .severity = i->severity, .cause = i->cause, .spelling = i->spelling };
        struct scope scope = { .facts = facts, .spelling = i->spelling };
        int r = keep_element(&e.element, rule, facts, i->position, arena);

        if (r < 0)
                return r;
        scope.element = e.element;
        r = say_where(&e.where, rule, &scope, arena);
        if (r < 0)
                return r;
        r = say_message(&e.message, rule, i, &scope, arena);
        if (r < 0)
                return r;
        *out = e;
        return 0;
}

int finding_new(struct finding *out, const struct rule *rule, const struct tally *t, const struct facts *facts,
                struct arena *arena) {
        const struct instance *worst = &t->worst[0];
        struct finding f = {
                .rule = rule,
                .cause = worst->cause,
                .severity = worst->severity,
                .points = severity_points(worst->severity),
                .hard = t->hard,
                .unknown = worst->unknown,
                .audit = rule->audit,
                .any_unknown = t->any_unknown,
                .evidence = ARENA_ARRAY(arena, struct evidence, t->n),
                .n_evidence = t->n,
                .instances = t->instances,
        };

        if (!f.evidence)
                return -ENOMEM;
        for (size_t i = 0; i < t->n; ++i) {
                int r = evidence_fill(&f.evidence[i], rule, &t->worst[i], facts, arena);

                if (r < 0)
                        return r;
        }
        *out = f;
        return 0;
}

unsigned finding_spellings(const struct fact *each, const void *element) {
        unsigned n = 1;

        for (const struct fact *row = each->element; row && row->name.n > 0; ++row) {
                unsigned here;

                if (row->type != FACT_PATH)
                        continue;
                here = fact_path_spellings((const struct fact_path *)fact_cell(row, element));
                if (here > n)
                        n = here;
        }
        return n < FACT_SPELLINGS ? n : FACT_SPELLINGS;
}
