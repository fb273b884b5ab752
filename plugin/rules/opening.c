#include "opening-priv.h"

#include "shown.h"
#include <stdarg.h>

/* Names shown of what a list lost, and of the rules that judge by it. */
#define NAMES_SHOWN 4

struct search {
        const struct loader *l;
        struct {
                struct opening *items;
                size_t n, capacity;
        } found;
};

printf_(4, 5) static int opening_add(struct search *s, struct str name, struct position at, const char *fmt, ...) {
        struct arena *keep = s->l->compiler.yaml.keep;
        struct opening *slot = ARENA_PUSH(keep, &s->found);
        struct text what;
        va_list args;

        text_init_arena(&what, keep);
        va_start(args, fmt);
        text_addv(&what, fmt, args);
        va_end(args);
        if (!slot || what.failed || arena_str(keep, name, &name) < 0)
                return -ENOMEM;
        *slot = (struct opening){ name, text_str(&what), at };
        diag_warning(s->l->compiler.yaml.diag, at, DIAG_OPENED, "%s: %s", SHOWN(name), what.p);
        return 0;
}

static int opening_of_rule(struct search *s, const struct entry *entry) {
        struct text name;

        text_init_arena(&name, s->l->compiler.yaml.scratch);
        text_addf(&name, "rules.%" STR_FMT, STR_ARG(entry->rule.id));
        if (name.failed)
                return -ENOMEM;
        return opening_add(s, text_str(&name), entry->opened_at, "a rule that refuses everywhere is %s (%s)",
                           rule_is_hard(&entry->rule) ? "only recorded, and refuses nothing" : "switched off",
                           SHOWN(entry->rule.title));
}

static int openings_of_rules(struct search *s) {
        int r = 0;

        for (size_t i = 0; i < s->l->entries.n && r == 0; ++i) {
                const struct entry *entry = &s->l->entries.items[i];

                if (entry->opened_at.source && !rule_refuses_everywhere(&entry->rule))
                        r = opening_of_rule(s, entry);
        }
        return r;
}

static void add_names(struct text *t, const struct names *names) {
        size_t n = names->n < NAMES_SHOWN ? names->n : NAMES_SHOWN;

        for (size_t i = 0; i < n; ++i) {
                text_addz(t, i ? ", " : "");
                text_add_visible(t, names->items[i], 60);
        }
        if (n < names->n)
                text_addf(t, " and %zu more", names->n - n);
}

static int opening_of_list(struct search *s, const struct definition *d) {
        struct arena *scratch = s->l->compiler.yaml.scratch;
        struct text name, lost, users;

        text_init_arena(&name, scratch);
        text_init_arena(&lost, scratch);
        text_init_arena(&users, scratch);
        text_addf(&name, "lists.%" STR_FMT, STR_ARG(d->name));
        add_names(&lost, &d->lost);
        add_names(&users, &d->users);
        if (name.failed || lost.failed || users.failed)
                return -ENOMEM;
        return opening_add(s, text_str(&name), d->lost_at, "no longer holds %s; rules that use it: %s", lost.p,
                           users.p);
}

static int openings_of_lists(struct search *s) {
        const struct definitions *all = s->l->compiler.definitions;
        int r = 0;

        for (size_t i = 0; i < all->n && r == 0; ++i) {
                const struct definition *d = all->items[i];

                if (d->list && !d->allow && d->lost.n > 0 && d->users.n > 0)
                        r = opening_of_list(s, d);
        }
        return r;
}

int openings_find(const struct loader *l, struct opening_view *out) {
        struct search s = { .l = l };
        int r = openings_of_rules(&s);

        if (r == 0)
                r = openings_of_lists(&s);
        *out = (struct opening_view){ s.found.items, s.found.n };
        return r;
}
