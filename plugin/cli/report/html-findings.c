/*
 * Findings are told by check, and within a check those together that say the same of several subjects: a thousand
 * containers with the same fault are one entry and a thousand names.
 */
#include "changes.h"
#include "frame/markup.h"
#include "html.h"
#include <errno.h>
#include <stdlib.h>

#define VARIANTS        32                          /* that are told in full, of one group */
#define VARIANTS_MEMORY ((size_t)256 * 1024 * 1024) /* of all texts of a group */

/* What some findings of a group say alike. */
struct variant {
        struct str key;
        size_t first, n; /* finding; how many */
};

struct variants {
        struct variant items[VARIANTS];
        size_t n;
        unsigned char *of; /* by finding of the group; VARIANTS: of none */
};

size_t html_group_end(const struct report *r, size_t i) {
        const struct report_finding *first = &r->findings.items[i];

        while (++i < r->findings.n && r->findings.items[i].check == first->check &&
               r->findings.items[i].state == first->state && r->findings.items[i].severity == first->severity)
                ;
        return i;
}

bool html_tells(const struct report_finding *f, bool verbose) {
        return verbose || f->state < REPORT_NOT_APPLICABLE;
}

/* -- what is said alike -- */

/* All that an entry says, but for the subject's name. p == NULL: no memory. */
static struct str key_of(struct arena *arena, const struct report *r, const struct report_finding *f) {
        const struct str parts[] = { f->where, f->file, f->message, f->why, f->fix, f->fix_compose };
        struct str name = r->subjects.items[f->subject].name;
        struct text key;

        text_init_arena(&key, arena);
        text_addf(&key, "%u %zu", f->line, f->instances);
        for (size_t i = 0; i < ARRAY_SIZE(parts) + f->n_more; ++i) {
                struct str part = i < ARRAY_SIZE(parts) ? parts[i] : f->more[i - ARRAY_SIZE(parts)];

                part = part.n ? change_general(arena, part, name) : STR_C("");
                if (!part.p)
                        return part;
                text_addf(&key, " %zu:", part.n);
                text_add(&key, part);
        }
        return key.failed ? (struct str){ 0 } : text_str(&key);
}

static int sort_into(struct variants *v, const struct report *r, size_t from, size_t to, struct arena *arena) {
        for (size_t i = from; i < to; ++i) {
                struct str key = key_of(arena, r, &r->findings.items[i]);
                size_t at = 0;

                if (!key.p)
                        return -ENOMEM;
                while (at < v->n && !str_eq(v->items[at].key, key))
                        ++at;
                if (at == v->n && at < VARIANTS)
                        v->items[v->n++] = (struct variant){ key, i, 0 };
                if (at < VARIANTS)
                        ++v->items[at].n;
                v->of[i - from] = (unsigned char)at;
        }
        return 0;
}

/* -- an entry -- */

static void add_pair(struct text *out, const char *name, const char *tag, struct str value) {
        if (value.n == 0)
                return;
        text_addf(out, "<dt>%s</dt><dd>", name);
        html_element(out, tag, value);
        text_addz(out, "</dd>\n");
}

/* In general: of one of several subjects. */
static struct str of_all(struct arena *arena, const struct report *r, const struct variant *v, struct str text) {
        const struct report_finding *f = &r->findings.items[v->first];
        struct str general;

        if (v->n == 1)
                return text;
        general = change_general(arena, text, r->subjects.items[f->subject].name);
        return general.p ? general : text;
}

static void add_file(struct text *out, const struct report_finding *f) {
        if (f->file.n == 0)
                return;
        text_addz(out, "<dt>File</dt><dd><code>");
        markup_add_html(out, f->file);
        if (f->line)
                text_addf(out, ":%u", f->line);
        text_addz(out, "</code></dd>\n");
}

static void add_message(struct text *out, struct arena *arena, const struct report *r, const struct variant *v) {
        const struct report_finding *f = &r->findings.items[v->first];
        size_t shown = f->n_more + 1;

        if (f->message.n == 0)
                return;
        text_addz(out, "<dt>What</dt><dd>");
        markup_add_html(out, of_all(arena, r, v, f->message));
        if (f->n_more) {
                text_addz(out, "<ul class=\"more\">");
                for (size_t i = 0; i < f->n_more; ++i)
                        if (f->more[i].n)
                                html_element(out, "li", of_all(arena, r, v, f->more[i]));
                text_addz(out, "<li>");
                text_addf(out, "%zu in all</li></ul>", f->instances > shown ? f->instances : shown);
        } else if (f->instances > 1)
                text_addf(out, " (and %zu more)", f->instances - 1);
        text_addz(out, "</dd>\n");
}

static void add_name(struct text *out, const struct report *r, const struct report_finding *f, bool message) {
        text_addz(out, "<li>");
        markup_add_html(out, html_subject_name(&r->subjects.items[f->subject]));
        if (message && f->message.n) {
                text_addz(out, ": ");
                markup_add_html(out, f->message);
        }
        if (f->count > 1)
                text_addf(out, " <small>%zu times</small>", f->count);
        if (f->since.n) {
                text_addz(out, " <small>since ");
                markup_add_html(out, f->since);
                text_addz(out, "</small>");
        }
        if (f->known)
                text_addz(out, " <small>(known before)</small>");
        text_addz(out, "</li>\n");
}

/* @from, @to: the group's; @which: of its variants. */
static void add_names(struct text *out, const struct report *r, const struct variants *v, size_t from, size_t to,
                      size_t which) {
        text_addf(out, "<ul class=\"names%s\">\n", which == VARIANTS ? " rows" : "");
        for (size_t i = from; i < to; ++i)
                if (v->of[i - from] == which)
                        add_name(out, r, &r->findings.items[i], which == VARIANTS);
        text_addz(out, "</ul>\n");
}

static void add_variant(struct text *out, struct arena *arena, const struct report *r, const struct variant *v) {
        const struct report_finding *f = &r->findings.items[v->first];

        add_message(out, arena, r, v);
        add_pair(out, "Setting", "code", of_all(arena, r, v, f->where));
        add_file(out, f);
        add_pair(out,
                 f->state == REPORT_UNKNOWN          ? "Why unknown"
                 : f->state == REPORT_EXEMPT         ? "Exempt by"
                 : f->state == REPORT_NOT_APPLICABLE ? "Why not"
                                                     : "Because",
                 "span", of_all(arena, r, v, f->why));
        add_pair(out, "Fix", "code", of_all(arena, r, v, f->fix));
        add_pair(out, "In compose", "code", of_all(arena, r, v, f->fix_compose));
}

static int add_variants(struct text *out, const struct report *r, size_t from, size_t to) {
        struct variants v = { .of = calloc(to - from, 1) };
        size_t told = 0;
        struct arena arena;
        int e;

        if (!v.of)
                return -ENOMEM;
        arena_init(&arena, VARIANTS_MEMORY);
        e = sort_into(&v, r, from, to, &arena);
        for (size_t i = 0; e == 0 && i < v.n; ++i) {
                text_addz(out, "<div class=\"variant\"><dl class=\"facts\">\n");
                add_variant(out, &arena, r, &v.items[i]);
                text_addz(out, "<dt>Found on</dt><dd>");
                add_names(out, r, &v, from, to, i);
                text_addz(out, "</dd></dl></div>\n");
                told += v.items[i].n;
        }
        if (e == 0 && told < to - from) {
                text_addf(out, "<div class=\"variant\"><p>%zu more, each in its own way:</p>", to - from - told);
                add_names(out, r, &v, from, to, VARIANTS);
                text_addz(out, "</div>\n");
        }
        arena_deinit(&arena);
        free(v.of);
        return e;
}

/* -- a group -- */

/* "a0 a2": the indices of the areas that it is about. */
static void add_areas_of(struct text *out, const struct report *r, size_t from, size_t to) {
        bool any = false;

        for (size_t area = 0; area < r->areas.n; ++area)
                for (size_t i = from; i < to; ++i)
                        if (r->subjects.items[r->findings.items[i].subject].area == area) {
                                text_addf(out, "%sa%zu", any ? " " : "", area);
                                any = true;
                                break;
                        }
}

static void add_references(struct text *out, const struct report_check *c) {
        if (c->n_references == 0)
                return;
        text_addz(out, "<p class=\"soft\">Controls: ");
        for (size_t i = 0; i < c->n_references; ++i) {
                text_addz(out, i ? ", " : "");
                markup_add_html(out, c->references[i].framework);
                text_add_char(out, ' ');
                markup_add_html(out, c->references[i].control);
        }
        text_addz(out, "</p>\n");
}

static int add_group(struct text *out, const struct report *r, size_t from, size_t to) {
        const struct report_finding *f = &r->findings.items[from];
        const struct report_check *c = &r->checks.items[f->check];
        unsigned points = 0;
        int e;

        for (size_t i = from; i < to; ++i)
                points += r->findings.items[i].points;
        text_addf(out, "<details class=\"group\" id=\"f%zu\" open data-severity=\"%s\" data-state=\"%s\" data-area=\"",
                  from, f->state == REPORT_FAIL ? severity_name(f->severity).p : "none", report_state_name(f->state).p);
        add_areas_of(out, r, from, to);
        text_addz(out, "\">\n<summary>");
        html_badge(out, f->state == REPORT_FAIL ? severity_name(f->severity) : report_state_name(f->state));
        text_addz(out, "<h3>");
        markup_add_html(out, c->title.n ? c->title : c->id);
        text_addf(out, "</h3><span class=\"soft\">%zu finding%s", to - from, to - from == 1 ? "" : "s");
        if (points)
                text_addf(out, ", %u points", points);
        text_addz(out, "</span></summary>\n<div class=\"inside\">\n<p class=\"soft\">Rule <code>");
        markup_add_html(out, c->id);
        text_addz(out, "</code></p>\n");
        html_element(out, "p", c->why);
        add_references(out, c);
        e = add_variants(out, r, from, to);
        text_addz(out, "</div></details>\n");
        return e;
}

/* -- the form -- */

static void add_option(struct text *out, struct str value) {
        text_addf(out, "<option value=\"%s\">%s</option>", value.p, value.p);
}

static void add_form(struct text *out, const struct report *r) {
        text_addz(out, "<form id=\"filter\" hidden>\n<label>Severity<select name=\"severity\"><option value=\"\">any"
                       "</option>");
        for (unsigned s = SEVERITIES; s-- > SEVERITY_INFO;)
                add_option(out, severity_name(s));
        text_addz(out, "</select></label>\n<label>State<select name=\"state\"><option value=\"\">any</option>");
        for (unsigned state = 0; state < REPORT_PASS; ++state)
                add_option(out, report_state_name(state));
        text_addz(out, "</select></label>\n<label>Area<select name=\"area\"><option value=\"\">all</option>");
        for (size_t i = 0; i < r->areas.n; ++i) {
                text_addf(out, "<option value=\"a%zu\">", i);
                markup_add_html(out, r->areas.items[i].title.n ? r->areas.items[i].title : r->areas.items[i].name);
                text_addz(out, "</option>");
        }
        text_addz(out, "</select></label>\n<label class=\"wide\">Search findings and subjects<input type=\"search\" "
                       "name=\"search\" autocomplete=\"off\"></label>\n"
                       "<button type=\"reset\">Show all</button><button type=\"button\" id=\"unfold\">Unfold"
                       "</button><button type=\"button\" id=\"fold\">Fold</button>\n"
                       "<output id=\"shown\" aria-live=\"polite\"></output>\n</form>\n");
}

int html_findings(struct text *out, const struct report *r, bool verbose) {
        bool any = false;

        text_addz(out, "<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n");
        add_form(out, r);
        for (size_t i = 0, end; i < r->findings.n; i = end) {
                end = html_group_end(r, i);
                if (!html_tells(&r->findings.items[i], verbose))
                        continue;
                any = true;
                if (add_group(out, r, i, end) < 0)
                        return -ENOMEM;
        }
        text_addz(out, any ? "</section>\n" : "<p>Nothing was found.</p>\n</section>\n");
        return 0;
}
