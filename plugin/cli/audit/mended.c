#include "mended.h"
#include "spot.h"

#define SPOT_MEMORY ((size_t)16 * 1024 * 1024)

static struct scope scope_of(const struct judgement *j, const struct finding *f) {
        const struct evidence *e = f->n_evidence ? f->evidence : NULL;

        return (struct scope){ .facts = &j->request->facts,
                               .element = e ? e->element : NULL,
                               .spelling = e ? e->spelling : 0 };
}

/* What `docker update` takes: it holds at once. */
static bool is_updatable(struct str flag) {
        static const struct str flags[] = { STR("-m "),        STR("--memory "),     STR("--memory-swap "),
                                            STR("--cpus "),    STR("--cpu-shares "), STR("--pids-limit "),
                                            STR("--restart "), STR("--cpuset-cpus ") };

        for (size_t i = 0; i < ARRAY_SIZE(flags); ++i)
                if (str_starts(flag, flags[i]))
                        return true;
        return false;
}

/* As engines take them; one in a file may be anything, and this is pasted. */
static bool is_word(struct str name) {
        for (size_t i = 0; i < name.n; ++i)
                if (!memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-", name.p[i], 65))
                        return false;
        return name.n > 0;
}

/* "docker update --pids-limit 512 web", which spares making it anew. */
static void add_update(struct text *fix, struct str name, const struct fix *from, const struct scope *scope) {
        cleanup_(text_deinit) struct text flags;
        bool all = from->n_flags > 0;

        text_init(&flags);
        for (size_t i = 0; i < from->n_flags; ++i) {
                size_t at = flags.n;

                template_add_words(&flags, from->flags[i], scope);
                all = all && !flags.failed && is_updatable(str_skip(text_str(&flags), at));
                text_add_char(&flags, ' ');
        }
        if (!all || flags.failed)
                return;
        text_addz(fix, "docker update ");
        text_add(fix, text_str(&flags));
        text_add(fix, is_word(name) ? name : STR_C("NAME"));
        text_addz(fix, "; and the next time it is made: ");
}

static void add_flags(struct text *fix, const struct fix *from, const struct scope *scope) {
        for (size_t i = 0; i < from->n_flags; ++i) {
                text_addz(fix, i ? " " : "");
                template_add(fix, from->flags[i], scope);
        }
}

/* Where in the host's files. */
static void add_spot(struct auditing *a, struct report_finding *out) {
        cleanup_(arena_deinit) struct arena arena;
        struct spot spot;

        arena_init(&arena, SPOT_MEMORY);
        spot_find(&spot, &arena, &a->files, a->daemon_json, out->where, out->fix);
        out->file = report_keep(a->report, spot.file);
        out->line = spot.line;
}

static bool is_of(const struct auditing *a, const struct report_subject *s, enum audit_area area) {
        return a->asked[area] && s->area == a->areas[area];
}

void mended_add(struct auditing *a, struct report_finding *out, const struct judgement *j, const struct finding *f) {
        const struct report_subject *subject;
        const struct scope scope = scope_of(j, f);
        const struct fix *from = f->cause->fix;
        struct text fix, compose;

        if (arena_full(a->report->arena))
                return;
        subject = &a->report->subjects.items[j->subject];
        text_init_arena(&fix, a->report->arena);
        text_init_arena(&compose, a->report->arena);
        if (is_of(a, subject, AREA_CONTAINERS))
                add_update(&fix, subject->name, from, &scope);
        if (from->cli)
                template_add(&fix, from->cli, &scope);
        else
                add_flags(&fix, from, &scope);
        template_add(&compose, from->compose, &scope);
        out->fix = text_str(&fix);
        out->fix_compose = text_str(&compose);
        if (is_of(a, subject, AREA_HOST) || is_of(a, subject, AREA_DAEMON))
                add_spot(a, out);
}
