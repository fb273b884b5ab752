#include "frame/markup.h"
#include "html.h"

#define WIDTH     400 /* of a chart of bars, in its own units */
#define ROW       38  /* high */
#define TILES     720 /* wide: all tiles of a row */
#define TILE_MIN  62  /* wide */
#define TILE_HIGH 40

/* A label over its bar. */
struct bar {
        struct str label;
        size_t value, of;
        const char *class;
};

static const char *const signs[REPORT_STATES] = { "\xe2\x9c\x95", "?", "M", "E", "\xe2\x80\x93", "\xe2\x9c\x93" };

static void begin(struct text *out, const char *name, size_t index, size_t width, size_t height) {
        text_addf(out,
                  "<svg viewBox=\"0 0 %zu %zu\" role=\"img\" aria-labelledby=\"%s-title-%zu %s-desc-%zu\">\n"
                  "<title id=\"%s-title-%zu\">",
                  width, height, name, index, name, index, name, index);
}

static void describe(struct text *out, const char *name, size_t index) {
        text_addf(out, "</title>\n<desc id=\"%s-desc-%zu\">", name, index);
}

static void add_bar(struct text *out, const struct bar *b, size_t row) {
        size_t y = row * ROW;

        text_addf(out, "<text x=\"0\" y=\"%zu\">", y + 14);
        markup_add_html(out, b->label);
        text_addf(out, "</text><text class=\"end\" x=\"%d\" y=\"%zu\">%zu</text>", WIDTH, y + 14, b->value);
        text_addf(out, "<rect class=\"track\" x=\"0\" y=\"%zu\" width=\"%d\" height=\"10\" rx=\"3\"/>", y + 20, WIDTH);
        if (b->value && b->of)
                text_addf(out, "<rect class=\"%s\" x=\"0\" y=\"%zu\" width=\"%.1f\" height=\"10\" rx=\"3\"/>", b->class,
                          y + 20, (double)WIDTH * (double)b->value / (double)b->of);
        text_addz(out, "\n");
}

static const char *class_of_score(unsigned score) {
        return score >= 80 ? "pass" : score >= 50 ? "medium" : "fail";
}

static size_t areas_with_subjects(const struct report *r) {
        size_t n = 0;

        for (size_t i = 0; i < r->areas.n; ++i)
                n += r->areas.items[i].subjects > 0;
        return n;
}

void html_area_chart(struct text *out, const struct report *r) {
        size_t n = areas_with_subjects(r), row = 0;

        if (!r->scored || n == 0)
                return;
        text_addz(out, "<figure><figcaption>Score by area, of 100</figcaption>\n");
        begin(out, "areas", 0, WIDTH, n * ROW);
        text_addz(out, "Score by area");
        describe(out, "areas", 0);
        for (size_t i = 0; i < r->areas.n; ++i) {
                if (r->areas.items[i].subjects == 0)
                        continue;
                markup_add_html(out, r->areas.items[i].title);
                text_addf(out, " %u%s", r->areas.items[i].score, ++row < n ? ", " : " of 100.");
        }
        text_addz(out, "</desc>\n");
        for (size_t i = row = 0; i < r->areas.n; ++i) {
                const struct report_area *a = &r->areas.items[i];

                if (a->subjects)
                        add_bar(out, &(struct bar){ a->title, a->score, 100, class_of_score(a->score) }, row++);
        }
        text_addz(out, "</svg></figure>\n");
}

void html_severity_chart(struct text *out, const struct report *r) {
        size_t most = 0, row = 0;

        for (unsigned s = SEVERITY_INFO; s < SEVERITIES; ++s)
                most = r->severities[s] > most ? r->severities[s] : most;
        text_addz(out, "<figure><figcaption>Findings that fail, by severity</figcaption>\n");
        begin(out, "severities", 0, WIDTH, (size_t)(SEVERITIES - SEVERITY_INFO) * ROW);
        text_addz(out, "Findings by severity");
        describe(out, "severities", 0);
        for (unsigned s = SEVERITIES; s-- > SEVERITY_INFO;)
                text_addf(out, "%zu %s%s", r->severities[s], severity_name(s).p, s > SEVERITY_INFO ? ", " : ".");
        text_addz(out, "</desc>\n");
        for (unsigned s = SEVERITIES; s-- > SEVERITY_INFO;)
                add_bar(out, &(struct bar){ severity_name(s), r->severities[s], most, severity_name(s).p }, row++);
        text_addz(out, "</svg></figure>\n");
}

/* -- controls -- */

static void add_tile(struct text *out, const struct report_control *c, size_t x, size_t y, size_t width) {
        text_addz(out, "<g><title>");
        markup_add_html(out, c->id);
        text_addf(out, ", %s: ", report_state_name(c->state).p);
        markup_add_html(out, c->title);
        text_addf(out, "</title><rect class=\"tile %s\" x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%d\" rx=\"4\"/>",
                  report_state_name(c->state).p, x, y, width, TILE_HIGH);
        text_addf(out, "<text class=\"on middle\" x=\"%zu\" y=\"%zu\">", x + width / 2, y + 17);
        markup_add_html(out, c->id);
        text_addf(out, "</text><text class=\"on middle\" x=\"%zu\" y=\"%zu\">%s</text></g>\n", x + width / 2, y + 34,
                  signs[c->state]);
}

static void add_legend(struct text *out, const struct report_framework *f) {
        text_addz(out, "<ul class=\"legend\">");
        for (unsigned state = 0; state < REPORT_STATES; ++state) {
                if (f->states[state] == 0)
                        continue;
                text_addf(out, "<li><span class=\"badge %s\"><span aria-hidden=\"true\">%s </span>%s</span> %zu</li>",
                          report_state_name(state).p, signs[state], report_state_name(state).p, f->states[state]);
        }
        text_addz(out, "</ul>\n");
}

void html_control_chart(struct text *out, const struct report *r, size_t index) {
        const struct report_framework *f = &r->frameworks.items[index];
        size_t longest = 0, columns, width, rows;

        for (size_t i = 0; i < f->n_controls; ++i)
                longest = f->controls[i].id.n > longest ? f->controls[i].id.n : longest;
        width = 8 * (longest < 40 ? longest : 40) + 16;
        width = width < TILE_MIN ? TILE_MIN : width;
        columns = TILES / width;
        width = TILES / columns;
        rows = (f->n_controls + columns - 1) / columns;
        text_addz(out, "<figure><figcaption>Controls by state</figcaption>\n<div class=\"scroll\" tabindex=\"0\" "
                       "role=\"region\" aria-label=\"Controls of ");
        markup_add_html(out, f->id);
        text_addz(out, " by state\"><div class=\"wide-only\">\n");
        begin(out, "controls", index, TILES, rows * TILE_HIGH);
        text_addz(out, "Controls by state");
        describe(out, "controls", index);
        text_addz(out, "A tile for each control; the table below has the same.</desc>\n");
        for (size_t i = 0; i < f->n_controls; ++i)
                add_tile(out, &f->controls[i], i % columns * width, i / columns * TILE_HIGH, width);
        text_addz(out, "</svg></div></div>\n");
        add_legend(out, f);
        text_addz(out, "</figure>\n");
}

void html_bar(struct text *out, int64_t part, int64_t whole) {
        double width = part > 0 && whole > 0 ? 100.0 * (double)part / (double)whole : 0;

        text_addf(out,
                  "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                  "<rect class=\"track\" width=\"100\" height=\"10\"/><rect class=\"plain\" width=\"%.1f\" "
                  "height=\"10\"/></svg>",
                  width);
}
