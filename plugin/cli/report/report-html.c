/*
 * HTML: one file that needs nothing else, and no script to be read. Its own style and script are named to the browser
 * by their hashes, so nothing else in it can be either, whatever a container is called.
 */
#include "docksill/base/clock.h"
#include "format.h"
#include "frame/markup.h"
#include "html.h"
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>

/* -- small parts -- */

void html_element(struct text *out, const char *tag, struct str text) {
        if (text.n == 0)
                return;
        text_addf(out, "<%s>", tag);
        markup_add_html(out, text);
        text_addf(out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

void html_number(struct text *out, size_t number) {
        text_addf(out, "<td class=\"n%s\">%zu</td>", number ? "" : " zero", number);
}

void html_badge(struct text *out, struct str name) {
        text_addz(out, "<span class=\"badge ");
        markup_add_html(out, name);
        text_addz(out, "\">");
        markup_add_html(out, name);
        text_addz(out, "</span> ");
}

struct str html_subject_name(const struct report_subject *s) {
        return s->name.n ? s->name : s->kind.n ? s->kind : STR_C("(no name)");
}

/* -- the head -- */

/* 'sha256-…': what the browser holds the element's text against. */
static int add_hash(struct text *out, const char *text) {
        unsigned char digest[EVP_MAX_MD_SIZE], base64[EVP_MAX_MD_SIZE * 2];
        unsigned n;

        if (!EVP_Digest(text, strlen(text), digest, &n, EVP_sha256(), NULL))
                return -ENOMEM;
        EVP_EncodeBlock(base64, digest, (int)n);
        text_addf(out, "'sha256-%s'", (const char *)base64);
        return 0;
}

static int add_head(struct text *out, const struct report *r) {
        text_addz(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
        if (add_hash(out, html_style) < 0)
                return -ENOMEM;
        text_addz(out, "; script-src ");
        if (add_hash(out, html_script) < 0)
                return -ENOMEM;
        text_addz(out,
                  "; base-uri 'none'; form-action 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"color-scheme\" content=\"light dark\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"docksill ");
        markup_add_html(out, r->program);
        text_addz(out, "\">\n");
        html_element(out, "title", r->title.n ? r->title : STR_C("docksill report"));
        text_addf(out, "\n<style>%s</style>\n</head>\n", html_style);
        return 0;
}

/* -- the beginning of the page -- */

static void add_link(struct text *out, const char *to, struct str title) {
        text_addf(out, "<li><a href=\"#%s\">", to);
        markup_add_html(out, title);
        text_addz(out, "</a></li>\n");
}

static void add_contents(struct text *out, const struct report *r) {
        char to[40];

        text_addz(out, "<nav aria-label=\"Contents\"><ul>\n");
        add_link(out, "summary", STR_C("Summary"));
        if (r->changes.n)
                add_link(out, "changes", STR_C("What to change first"));
        add_link(out, "findings", STR_C("Findings"));
        if (r->frameworks.n)
                add_link(out, "frameworks", STR_C("Frameworks"));
        for (size_t i = 0; i < r->tables.n; ++i) {
                snprintf(to, sizeof(to), "table-%zu", i);
                if (r->tables.items[i].n_columns)
                        add_link(out, to,
                                 r->tables.items[i].title.n ? r->tables.items[i].title : r->tables.items[i].id);
        }
        if (r->subjects.n)
                add_link(out, "subjects", STR_C("Subjects"));
        if (r->gaps.n)
                add_link(out, "gaps", STR_C("Not seen"));
        text_addz(out, "</ul></nav>\n");
}

/* To the second, for people; in full for programs. */
static void add_time(struct text *out, int64_t at) {
        char buffer[40];
        struct text t;

        text_init_fixed(&t, buffer, sizeof(buffer));
        clock_add_rfc3339(&t, at);
        text_addf(out, "<time datetime=\"%.19sZ\">%.10s %.8s UTC</time>", buffer, buffer, buffer + 11);
}

/* "Host build-1, environment production, 2026-01-31 12:00:00 UTC, docksill 0.1.0, report 6e4d…" */
static void add_about(struct text *out, const struct report *r) {
        text_addz(out, "<p class=\"about\">");
        if (r->host.n) {
                text_addz(out, "Host ");
                markup_add_html(out, r->host);
                text_addz(out, ", ");
        }
        if (r->environment.n) {
                text_addz(out, "environment ");
                markup_add_html(out, r->environment);
                text_addz(out, ", ");
        }
        add_time(out, r->at);
        text_addz(out, ", docksill ");
        markup_add_html(out, r->program);
        if (r->id.n) {
                text_addz(out, ", report ");
                markup_add_html(out, r->id);
        }
        text_addz(out, "</p>\n");
}

static void add_summary(struct text *out, const struct report *r) {
        text_addz(out, "<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">Summary</h2>\n");
        if (r->scored)
                text_addf(out,
                          "<p class=\"score\"><strong>%u</strong> of 100: the hardening score; %u points of what "
                          "fails</p>\n",
                          r->score, r->points);
        if (r->known)
                text_addf(out, "<p>%zu of the findings were known before.</p>\n", r->known);
        text_addz(out, "<div class=\"charts\">\n");
        html_area_chart(out, r);
        html_severity_chart(out, r);
        text_addz(out, "</div>\n");
        html_areas(out, r);
        if (r->facts.n) {
                text_addz(out, "<h3>What was looked at</h3>\n<dl class=\"facts\">\n");
                for (size_t i = 0; i < r->facts.n; ++i) {
                        text_addz(out, "<dt>");
                        markup_add_html(out, r->facts.items[i].name);
                        text_addz(out, "</dt><dd>");
                        markup_add_html(out, r->facts.items[i].value);
                        text_addz(out, "</dd>\n");
                }
                text_addz(out, "</dl>\n");
        }
        text_addz(out, "</section>\n");
}

static void add_changes(struct text *out, const struct report *r, const size_t *groups) {
        if (r->changes.n == 0)
                return;
        text_addz(out, "<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">What to change first</h2>\n<ol>\n");
        for (size_t i = 0; i < r->changes.n; ++i) {
                const struct report_change *c = &r->changes.items[i];
                size_t group = groups[c->check];

                text_addz(out, "<li>");
                html_element(out, "code", c->what);
                text_addz(out, "<br><span class=\"soft\">");
                if (group != SIZE_MAX)
                        text_addf(out, "<a href=\"#f%zu\">", group);
                markup_add_html(out, r->checks.items[c->check].id);
                text_addz(out, group != SIZE_MAX ? "</a>" : "");
                text_addf(out, ": %zu subject%s, %u points less, score %u to %u</span></li>\n", c->subjects,
                          c->subjects == 1 ? "" : "s", c->points, c->score_before, c->score_after);
        }
        text_addz(out, "</ol>\n</section>\n");
}

/* Where each check is told first; free() it. NULL: no memory. */
static size_t *groups_of(const struct report *r, bool verbose) {
        size_t *groups = malloc((r->checks.n + 1) * sizeof(groups[0]));

        if (!groups)
                return NULL;
        for (size_t i = 0; i < r->checks.n; ++i)
                groups[i] = SIZE_MAX;
        for (size_t i = 0; i < r->findings.n; i = html_group_end(r, i)) {
                size_t check = r->findings.items[i].check;

                if (groups[check] == SIZE_MAX && html_tells(&r->findings.items[i], verbose))
                        groups[check] = i;
        }
        return groups;
}

static int add_body(struct text *out, const struct report *r, bool verbose, const size_t *groups) {
        text_addz(out, "<body>\n<a class=\"skip\" href=\"#findings\">To the findings</a>\n<header>\n");
        html_element(out, "h1", r->title.n ? r->title : STR_C("docksill report"));
        text_add_char(out, '\n');
        html_element(out, "p class=\"headline\"", r->headline);
        add_about(out, r);
        add_contents(out, r);
        text_addz(out, "</header>\n<main>\n");
        add_summary(out, r);
        add_changes(out, r, groups);
        if (html_findings(out, r, verbose) < 0)
                return -ENOMEM;
        html_frameworks(out, r, groups);
        html_tables(out, r);
        html_subjects(out, r);
        html_gaps(out, r);
        text_addf(out, "</main>\n<script>%s</script>\n</body>\n</html>\n", html_script);
        return 0;
}

int report_html(struct text *out, const struct report *r, bool verbose) {
        size_t *groups = groups_of(r, verbose);
        int e = groups ? add_head(out, r) : -ENOMEM;

        if (e == 0)
                e = add_body(out, r, verbose, groups);
        free(groups);
        return e < 0 || out->failed ? -ENOMEM : 0;
}
