#include "docksill/decide/explain-flags.h"

#include "docksill/decide/gate.h"
#include <errno.h>

#define FLAG_MOST 4096 /* bytes of one */

struct fix_flags {
        const struct template *const *items;
        size_t n;
};

static struct fix_flags fix_flags(const struct fix *fix, const struct request *request) {
        if (request->operation && request->operation->yields & GROUP_SERVICE)
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

/* Beside another flag: /tmp for what writes there on a root that is read-only. */
static bool is_needless(struct str flag, const struct evidence *e, const struct facts *facts) {
        static const struct {
                struct str before;
                char after;
        } places[] = { { STR("--tmpfs "), ':' }, { STR("--mount type=tmpfs,target="), ',' } };

        for (size_t i = 0; !e->element && i < ARRAY_SIZE(places); ++i) {
                struct str rest = str_skip(flag, places[i].before.n);

                if (str_starts(flag, places[i].before))
                        return is_mounted(facts, str_cut(&rest, places[i].after));
        }
        return false;
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

static void add_once(struct flags *out, struct str flag, struct arena *arena) {
        if (!str_is_among(flag, out->items, out->n))
                ARENA_ADD(arena, out, flag);
}

static void add_evidence(struct flags *out, const struct evidence *e, const struct request *request,
                         struct arena *arena) {
        struct scope scope = { .facts = &request->facts, .element = e->element, .spelling = e->spelling };
        struct fix_flags flags = fix_flags(e->cause->fix, request);

        /* Half of what it needs is no remedy. */
        if (!explain_flags_serve(e, request))
                return;
        for (size_t i = 0; i < flags.n; ++i) {
                const struct template *template = flags.items[i];
                struct str flag = template_words(template);
                struct text t;

                if (!flag.p) {
                        text_init_arena(&t, arena);
                        template_add(&t, template, &scope);
                        flag = t.failed ? (struct str){ 0 } : text_str(&t);
                }
                if (flag.n && !is_needless(flag, e, &request->facts))
                        add_once(out, flag, arena);
        }
}

int explain_flags(struct flags *out, const struct decision *d, const struct limits *limits,
                  const struct request *request, struct arena *arena) {
        *out = (struct flags){ 0 };
        arena_latch(arena);
        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (limits ? !gate_tells(d, f, limits) : f->exempted_by != NULL)
                        continue;
                for (size_t k = 0; k < f->n_evidence && !arena_full(arena); ++k)
                        add_evidence(out, &f->evidence[k], request, arena);
        }
        return arena_unlatch(arena) ? -ENOMEM : 0;
}
