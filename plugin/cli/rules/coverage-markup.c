#include "coverage.h"
#include "frame/markup.h"
#include <errno.h>

/* How one row of a table is written. */
struct form {
        const char *row, *between, *end;
        void (*add)(struct text *out, struct str s);
};

static const char *const columns[] = { "framework", "edition", "control", "about", "scope",
                                       "covers",    "state",   "rules",   "why",   "beside" };

static struct str rules_of(struct text *t, const struct covered_control *c) {
        text_reset(t);
        for (size_t i = 0; i < c->rules.n; ++i) {
                text_addz(t, i ? ", " : "");
                text_add(t, c->rules.items[i].rule->id);
                if (c->rules.items[i].until.n)
                        text_addf(t, " (exempted until %" STR_FMT ")", STR_ARG(c->rules.items[i].until));
        }
        return text_str(t);
}

/* A number that was not held against its source has a ? behind it. */
static struct str number_of(struct text *t, const struct control *control) {
        text_reset(t);
        text_add(t, control->id);
        if (control->unsure)
                text_add_char(t, '?');
        return text_str(t);
}

static void add_row(struct text *out, const struct form *form, const struct str *cells, size_t n) {
        text_addz(out, form->row);
        for (size_t i = 0; i < n; ++i) {
                text_addz(out, i ? form->between : "");
                form->add(out, cells[i]);
        }
        text_addz(out, form->end);
}

static void add_titles(struct text *out, const struct form *form, size_t first) {
        struct str cells[ARRAY_SIZE(columns)];

        for (size_t i = 0; i < ARRAY_SIZE(columns); ++i)
                cells[i] = str_from(columns[i]);
        add_row(out, form, cells + first, ARRAY_SIZE(columns) - first);
}

/* @first: of the columns. */
static void add_controls(struct text *out, const struct form *form, const struct covered_framework *f, size_t first) {
        cleanup_(text_deinit) struct text rules, number;

        text_init(&rules);
        text_init(&number);
        for (size_t i = 0; i < f->framework->n_controls; ++i) {
                const struct covered_control *c = &f->controls[i];
                const struct str cells[] = { f->framework->id,
                                             f->framework->edition,
                                             number_of(&number, c->control),
                                             c->control->title,
                                             c->control->scope,
                                             control_covers_name(c->control->covers),
                                             c->rules.n ? rule_state_name(c->state) : STR_C(""),
                                             rules_of(&rules, c),
                                             c->control->why,
                                             c->control->beside };

                add_row(out, form, cells + first, ARRAY_SIZE(columns) - first);
        }
        out->failed = out->failed || rules.failed || number.failed;
}

static void add_totals(struct text *out, const struct covered_framework *f) {
        text_addf(out, "%zu controls: %zu covered in full, %zu in part, %zu not.", f->framework->n_controls,
                  f->covers[COVERS_FULL], f->covers[COVERS_PART], f->covers[COVERS_NONE]);
}

int coverage_csv(struct text *out, const struct coverage *c) {
        static const struct form form = { "", ",", "\r\n", markup_add_csv };

        add_titles(out, &form, 0);
        for (size_t i = 0; i < c->n; ++i)
                add_controls(out, &form, &c->items[i], 0);
        return out->failed ? -ENOMEM : 0;
}

int coverage_markdown(struct text *out, const struct coverage *c) {
        static const struct form form = { "| ", " | ", " |\n", markup_add_markdown };

        for (size_t i = 0; i < c->n; ++i) {
                text_addz(out, "# ");
                markup_add_markdown(out, c->items[i].framework->title);
                text_add_char(out, ' ');
                markup_add_markdown(out, c->items[i].framework->edition);
                text_addf(out, "\n\nEnvironment %" STR_FMT ", mode %" STR_FMT ", lookups %s. ",
                          STR_ARG(ruleset_name(c->rules)), STR_ARG(mode_name(c->mode)),
                          c->off & SOURCE_ENGINE ? "off" : "on");
                add_totals(out, &c->items[i]);
                text_addz(out, "\n\n");
                add_titles(out, &form, 2);
                text_addz(out, "|---|---|---|---|---|---|---|---|\n");
                add_controls(out, &form, &c->items[i], 2);
                text_add_char(out, '\n');
        }
        text_addf(out, "%s\n", coverage_note);
        return out->failed ? -ENOMEM : 0;
}

static const char head[] =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<title>docksill: coverage of controls</title>\n<style>\n"
        ":root { color-scheme: light dark }\n"
        "body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem }\n"
        "table { border-collapse: collapse; width: 100% }\n"
        "th, td { border-bottom: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top }\n"
        "</style>\n</head>\n<body>\n<h1>Coverage of controls</h1>\n";

static void add_html_row_head(struct text *out) {
        static const struct form form = { "<tr><th scope=\"col\">", "</th><th scope=\"col\">", "</th></tr>\n",
                                          markup_add_html };

        add_titles(out, &form, 2);
}

int coverage_html(struct text *out, const struct coverage *c) {
        static const struct form form = { "<tr><td>", "</td><td>", "</td></tr>\n", markup_add_html };

        text_addz(out, head);
        text_addf(out, "<p>Environment %" STR_FMT ", mode %" STR_FMT ", lookups %s.</p>\n",
                  STR_ARG(ruleset_name(c->rules)), STR_ARG(mode_name(c->mode)), c->off & SOURCE_ENGINE ? "off" : "on");
        for (size_t i = 0; i < c->n; ++i) {
                text_addz(out, "<h2>");
                markup_add_html(out, c->items[i].framework->title);
                text_add_char(out, ' ');
                markup_add_html(out, c->items[i].framework->edition);
                text_addz(out, "</h2>\n<p>");
                add_totals(out, &c->items[i]);
                text_addz(out, "</p>\n<table>\n<thead>");
                add_html_row_head(out);
                text_addz(out, "</thead>\n<tbody>\n");
                add_controls(out, &form, &c->items[i], 2);
                text_addz(out, "</tbody>\n</table>\n");
        }
        text_addz(out, "<p>");
        markup_add_html(out, str_from(coverage_note));
        text_addz(out, "</p>\n</body>\n</html>\n");
        return out->failed ? -ENOMEM : 0;
}
