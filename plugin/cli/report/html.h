#pragma once
/*
 * html: the parts that an HTML report is made of. Each appends to @out; foreign text goes through markup_add_html().
 */
#include "docksill/base/text.h"
#include "report.h"

/* report.css and report.js, as plugin/meson.build makes strings of them. */
extern const char html_style[], html_script[];

/* <TAG>@text</TAG>; @tag may have attributes of our own. Nothing for an empty @text. */
void html_element(struct text *out, const char *tag, struct str text);

/* A cell of digits; a zero is soft. */
void html_number(struct text *out, size_t number);

/* A word in a box of its colour: of a severity, a state, a verdict. @name: of our own words. */
void html_badge(struct text *out, struct str name);

/* What a check, or an entry of it, is told under. */
struct str html_subject_name(const struct report_subject *s);

/* -- html-charts.c: drawings; each says in words what it shows -- */

/* How areas score; without a score nothing. */
void html_area_chart(struct text *out, const struct report *r);
/* Findings that fail, by severity. */
void html_severity_chart(struct text *out, const struct report *r);
/* A tile for each control, of its state's colour and sign. @index: of the framework. */
void html_control_chart(struct text *out, const struct report *r, size_t index);
/* The bar in a cell: @part of @whole. */
void html_bar(struct text *out, int64_t part, int64_t whole);

/* -- html-findings.c -- */

/* Is @i the first of a group: of findings of one check, state and severity? Returns where the group ends. */
size_t html_group_end(const struct report *r, size_t i);

/* What is told of the states: what does not apply only to those who want to know everything. */
bool html_tells(const struct report_finding *f, bool verbose);

/* All groups, and the form that filters them. Returns 0 or -ENOMEM. */
must_check_ int html_findings(struct text *out, const struct report *r, bool verbose);

/* -- html-tables.c -- */

void html_areas(struct text *out, const struct report *r);
void html_subjects(struct text *out, const struct report *r);
/* @groups: by check, the finding that its first group begins with; SIZE_MAX: it has none. */
void html_frameworks(struct text *out, const struct report *r, const size_t *groups);
void html_tables(struct text *out, const struct report *r);
void html_gaps(struct text *out, const struct report *r);
