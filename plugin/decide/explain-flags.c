#include "docksill/decide/explain-flags.h"

#include "docksill/decide/gate.h"
#include "fitted.h"
#include <errno.h>

#define FLAG_MOST 4096 /* bytes of one */

struct fix_flags {
        const struct template *const *items;
        size_t n;
};

static bool is_service(const struct request *request) {
        return request->operation && request->operation->yields & GROUP_SERVICE;
}

static struct fix_flags fix_flags(const struct fix *fix, const struct request *request) {
        if (is_service(request))
                return (struct fix_flags){ fix->service, fix->n_service };
        return (struct fix_flags){ fix->flags, fix->n_flags };
}

/* What an unknown list may hold besides what was seen has no element to fill in; what is cut or escaped to be seen is
 * not what the flag has to say. */
static bool is_fillable(const struct evidence *e, const struct template *template, const struct request *request) {
        const struct scope scope = { .facts = &request->facts, .element = e->element, .spelling = e->spelling };

        return (e->element || !template_of_element(template)) && template_is_exact(template, &scope);
}

static bool is_place(struct str target, struct str place) {
        while (target.n > 1 && target.p[target.n - 1] == '/')
                --target.n;
        return str_eq(target, place);
}

/* dockerd takes no two mounts at one place. */
static bool is_mounted(const struct facts *facts, struct str place) {
        for (size_t i = 0; i < facts->mounts.n; ++i)
                if (is_place(((const struct mount_fact *)facts->mounts.items)[i].target.value, place))
                        return true;
        for (size_t i = 0; i < facts->tmpfs.n; ++i)
                if (is_place(((const struct tmpfs_fact *)facts->tmpfs.items)[i].name.value, place))
                        return true;
        return false;
}

/* "--tmpfs /tmp:rw" where something is mounted at /tmp already. */
static bool is_mounted_already(struct str flag, const struct facts *facts) {
        static const struct {
                struct str before;
                char after;
        } places[] = { { STR("--tmpfs "), ':' }, { STR("--mount type=tmpfs,target="), ',' } };

        for (size_t i = 0; i < ARRAY_SIZE(places); ++i) {
                struct str rest = str_skip(flag, places[i].before.n);

                if (str_starts(flag, places[i].before))
                        return is_mounted(facts, str_cut(&rest, places[i].after));
        }
        return false;
}

static bool is_added_already(struct str flag, const struct facts *facts) {
        static const struct str before = STR("--cap-add ");
        const struct fact_set *added = &facts->container.capabilities_added;

        return str_starts(flag, before) && str_is_among(str_skip(flag, before.n), added->items, added->n);
}

/* Said by the request itself: what stands beside another flag. */
static bool is_needless(struct str flag, const struct evidence *e, const struct facts *facts) {
        if (e->element)
                return false;
        if (str_eqz(flag, "--security-opt no-new-privileges:true"))
                return str_eqz(facts->container.no_new_privileges.value, "on");
        return is_mounted_already(flag, facts) || is_added_already(flag, facts);
}

static bool is_sound(const struct template *template, const struct scope *scope) {
        char buffer[FLAG_MOST];
        struct text t;

        text_init_fixed(&t, buffer, sizeof(buffer));
        template_add(&t, template, scope);
        return !t.failed && flag_is_sound(text_str(&t));
}

bool explain_flags_serve(const struct evidence *e, const struct request *request) {
        const struct scope scope = { .facts = &request->facts, .element = e->element, .spelling = e->spelling };
        struct fix_flags flags = fix_flags(e->cause->fix, request);

        for (size_t i = 0; i < flags.n; ++i)
                if (!is_fillable(e, flags.items[i], request) || !is_sound(flags.items[i], &scope))
                        return false;
        return flags.n > 0;
}

static void add_fitting(struct flags *out, struct str flag, const struct evidence *e, const struct facts *facts,
                        struct arena *arena) {
        if (!is_needless(flag, e, facts) && !str_is_among(flag, out->items, out->n))
                ARENA_ADD(arena, out, flag);
}

/* What a rule says of itself alone is fitted to the image; what it fills in is the request's own. */
static void add_flag(struct flags *out, const struct template *template, const struct evidence *e,
                     const struct request *request, const struct profile *profile, struct arena *arena) {
        const struct scope scope = { .facts = &request->facts, .element = e->element, .spelling = e->spelling };
        struct flags fitted = { 0 };
        struct text t;

        if (template_words(template).p) {
                fitted_add(&fitted, template_words(template), profile, request, arena);
        } else {
                text_init_arena(&t, arena);
                template_add(&t, template, &scope);
                if (!t.failed && t.n)
                        fitted_add(&fitted, text_str(&t), NULL, request, arena);
        }
        for (size_t i = 0; i < fitted.n; ++i)
                add_fitting(out, fitted.items[i], e, &request->facts, arena);
}

static void add_evidence(struct flags *out, const struct evidence *e, const struct request *request,
                         const struct profile *profile, struct arena *arena) {
        struct fix_flags flags = fix_flags(e->cause->fix, request);

        /* Half of what it needs is no remedy. */
        if (!explain_flags_serve(e, request))
                return;
        for (size_t i = 0; i < flags.n; ++i)
                add_flag(out, flags.items[i], e, request, profile, arena);
}

int explain_flags(struct flags *out, const struct decision *d, const struct limits *limits,
                  const struct request *request, struct arena *arena) {
        const struct profile *profile = d->rules ? ruleset_profile(d->rules, request->facts.image.name.value) : NULL;

        *out = (struct flags){ 0 };
        arena_latch(arena);
        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (limits ? !gate_tells(d, f, limits) : f->exempted_by != NULL)
                        continue;
                for (size_t k = 0; k < f->n_evidence && !arena_full(arena); ++k)
                        add_evidence(out, &f->evidence[k], request, profile, arena);
        }
        flags_drop_needless(out);
        return arena_unlatch(arena) ? -ENOMEM : 0;
}

static const struct template *words_of(const struct fix *fix, const struct request *request, bool compose) {
        if (compose && fix->compose)
                return fix->compose;
        return is_service(request) && fix->swarm ? fix->swarm : fix->cli;
}

void explain_add_fix(struct text *out, const struct evidence *e, const struct request *request, bool compose) {
        const struct scope scope = { .facts = &request->facts, .element = e->element, .spelling = e->spelling };
        const struct fix *fix = e->cause->fix;
        const struct template *words = words_of(fix, request, compose);

        if (is_service(request) && !compose && explain_flags_serve(e, request)) {
                for (size_t i = 0; i < fix->n_service; ++i) {
                        text_addz(out, i ? " " : "");
                        template_add_words(out, fix->service[i], &scope);
                }
                return;
        }
        if (words && (e->element || !template_of_element(words)))
                template_add_words(out, words, &scope);
}
