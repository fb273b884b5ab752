#include "mended.h"

static struct scope scope_of(const struct judgement *j, const struct finding *f) {
        const struct evidence *e = f->n_evidence ? f->evidence : NULL;

        return (struct scope){ .facts = &j->request->facts,
                               .element = e ? e->element : NULL,
                               .spelling = e ? e->spelling : 0 };
}

/* "docker run … --memory 512m". */
static void add_flags(struct text *fix, const struct fix *from, const struct scope *scope) {
        for (size_t i = 0; i < from->n_flags; ++i) {
                text_addz(fix, i ? " " : fix->n ? "; " : "");
                template_add(fix, from->flags[i], scope);
        }
}

void mended_add(struct auditing *a, struct report_finding *out, const struct judgement *j, const struct finding *f) {
        const struct scope scope = scope_of(j, f);
        const struct fix *from = f->cause->fix;
        struct text fix, compose;

        text_init_arena(&fix, a->report->arena);
        text_init_arena(&compose, a->report->arena);
        template_add(&fix, from->cli, &scope);
        if (!fix.n)
                add_flags(&fix, from, &scope);
        template_add(&compose, from->compose, &scope);
        out->fix = text_str(&fix);
        out->fix_compose = text_str(&compose);
}
