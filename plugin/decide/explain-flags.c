#include "docksill/decide/explain-flags.h"

#include "docksill/decide/gate.h"
#include <errno.h>

struct fix_flags {
        const struct template *const *items;
        size_t n;
};

static struct fix_flags fix_flags(const struct fix *fix, const struct request *request) {
        if (request->operation && request->operation->yields & GROUP_SERVICE)
                return (struct fix_flags){ fix->service, fix->n_service };
        return (struct fix_flags){ fix->flags, fix->n_flags };
}

/* What an unknown list may hold besides what was seen has no element to fill in. */
static bool is_fillable(const struct evidence *e, const struct template *template) {
        return e->element || !template_of_element(template);
}

bool explain_flags_serve(const struct evidence *e, const struct request *request) {
        struct fix_flags flags = fix_flags(e->cause->fix, request);

        for (size_t i = 0; i < flags.n; ++i)
                if (!is_fillable(e, flags.items[i]))
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

        for (size_t i = 0; i < flags.n; ++i) {
                const struct template *template = flags.items[i];
                struct str flag = template_words(template);
                struct text t;

                if (!is_fillable(e, template))
                        continue;
                if (!flag.p) {
                        text_init_arena(&t, arena);
                        template_add(&t, template, &scope);
                        flag = t.failed ? (struct str){ 0 } : text_str(&t);
                }
                if (flag.n)
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
