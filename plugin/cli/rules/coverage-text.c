#include "coverage.h"
#include "frame/table.h"
#include <errno.h>

static void add_rules(struct text *out, const struct covered_control *c) {
        for (size_t i = 0; i < c->rules.n; ++i) {
                text_addz(out, i ? ", " : "");
                text_add(out, c->rules.items[i].rule->id);
                if (c->rules.items[i].state != c->state || c->rules.items[i].state == RULE_EXEMPTED) {
                        text_addz(out, " (");
                        text_add(out, rule_state_name(c->rules.items[i].state));
                        if (c->rules.items[i].until.n)
                                text_addf(out, " until %" STR_FMT, STR_ARG(c->rules.items[i].until));
                        text_add_char(out, ')');
                }
        }
}

/* Its rules; where none serves it, why. */
static struct str rules_of(struct arena *arena, const struct covered_control *c) {
        struct text t;

        text_init_arena(&t, arena);
        if (c->rules.n)
                add_rules(&t, c);
        else
                text_add(&t, c->control->why);
        return t.failed ? STR_C("") : text_str(&t);
}

static int add_controls(struct text *out, const struct covered_framework *f, struct arena *arena) {
        static const char *const titles[] = { "CONTROL", "ABOUT", "COVERS", "STATE", "RULES, OR WHY NONE" };
        struct table t;

        table_init(&t, arena, titles, ARRAY_SIZE(titles));
        for (size_t i = 0; i < f->framework->n_controls; ++i) {
                const struct covered_control *c = &f->controls[i];

                table_addf(&t, "%" STR_FMT "%s", STR_ARG(c->control->id), c->control->unsure ? "?" : "");
                table_add(&t, c->control->title);
                table_add(&t, control_covers_name(c->control->covers));
                table_add(&t, c->rules.n ? rule_state_name(c->state) : STR_C("-"));
                table_add(&t, rules_of(arena, c));
        }
        table_render(&t, out);
        return t.failed ? -ENOMEM : 0;
}

static void add_totals(struct text *out, const struct covered_framework *f) {
        text_addf(out, "\n%zu controls: %zu covered in full, %zu in part, %zu not.", f->framework->n_controls,
                  f->covers[COVERS_FULL], f->covers[COVERS_PART], f->covers[COVERS_NONE]);
        for (unsigned state = 0, said = 0; state < RULE_STATES; ++state)
                if (f->states[state])
                        text_addf(out, "%s %zu %" STR_FMT, said++ ? "," : " Here:", f->states[state],
                                  STR_ARG(rule_state_name(state)));
        text_addz(out, ".\n");
}

int coverage_text(struct text *out, const struct coverage *c, struct arena *arena) {
        for (size_t i = 0; i < c->n; ++i) {
                const struct framework *f = c->items[i].framework;

                text_addz(out, i ? "\n" : "");
                text_add_visible(out, f->title, 200);
                text_add_char(out, ' ');
                text_add_visible(out, f->edition, 60);
                text_addf(out, " (%" STR_FMT "), numbers checked on ", STR_ARG(f->id));
                text_add_visible(out, f->checked, 20);
                text_addz(out, "; not those with a ?");
                text_addf(out, "\nenvironment: %" STR_FMT ", mode %" STR_FMT ", lookups %s\n\n",
                          STR_ARG(ruleset_name(c->rules)), STR_ARG(mode_name(c->mode)),
                          c->off & SOURCE_ENGINE ? "off" : "on");
                if (add_controls(out, &c->items[i], arena) < 0)
                        return -ENOMEM;
                add_totals(out, &c->items[i]);
        }
        text_addf(out, "\n%s\n", coverage_note);
        return out->failed ? -ENOMEM : 0;
}
