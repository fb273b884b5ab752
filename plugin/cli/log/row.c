#include "row.h"
#include "docksill/base/cleanup.h"
#include "explain/recorded.h"
#include "frame/terminal.h"
#include <stdio.h>
#include <sys/ioctl.h>

#define CELL_MAX   512 /* bytes of a cell */
#define NARROW     120 /* characters: below, columns are narrower, and times have no year */
#define RULES      3   /* that are named */
#define RULES_MOST 64  /* that are looked at */

enum column { TIME, ANSWER, POINTS, OPERATION, USER, SUBJECT, RULES_COLUMN, COLUMNS };
static const char *const titles[COLUMNS] = {
        "TIME", "ANSWER", "POINTS", "OPERATION", "USER", "IMAGE OR NAME", "RULES"
};

struct row_style row_style(void) {
        struct row_style style = { .colour = terminal_colour(STDOUT_FILENO) };
        struct winsize size;

        if (isatty(STDOUT_FILENO))
                style.width = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
        return style;
}

static size_t width_of(const struct row_style *style, enum column column) {
        static const size_t wide[COLUMNS] = { 19, 6, 6, 20, 12, 28, 0 }, narrow[COLUMNS] = { 14, 6, 6, 14, 6, 12, 0 };

        return style->width && style->width < NARROW ? narrow[column] : wide[column];
}

/* How many bytes the first @n characters have; *cut: how many characters were there, if fewer. */
static size_t bytes_of(struct str s, size_t n, size_t *there) {
        size_t i = 0, count = 0;

        for (; i < s.n; ++i)
                if (((unsigned char)s.p[i] & 0xc0) != 0x80 && count++ == n)
                        break;
        *there = count > n ? n : count;
        return i;
}

/* @width: 0: all that the row has left; *used: characters of the row so far. */
static void add_cell(struct text *out, const struct row_style *style, struct str cell, size_t width, size_t *used) {
        char buffer[CELL_MAX * 4];
        struct text visible;
        size_t room = width ? width : style->width > *used ? style->width - *used : 1, there;
        struct str shown;

        text_init_fixed(&visible, buffer, sizeof(buffer));
        text_add_visible(&visible, cell, CELL_MAX);
        shown = text_str(&visible);
        if (style->width && bytes_of(shown, room, &there) < shown.n) {
                text_add(out, str_first(shown, bytes_of(shown, room - 1, &there)));
                text_addz(out, "…");
                ++there;
        } else {
                (void)bytes_of(shown, SIZE_MAX, &there);
                text_add(out, shown);
        }
        if (width)
                text_addf(out, "%*s", (int)(there < width ? width - there + 2 : 2), "");
        *used += width ? (there < width ? width : there) + 2 : there;
}

/* What dockerd was told; "audit": allow, and enforced it would have been deny. */
static const char *answer_of(const json_t *line, const char **colour) {
        bool denied = str_eqz(recorded_text(line, "answer"), "deny");
        struct str verdict = recorded_text(line, "verdict");

        *colour = "\033[1;31m";
        if (denied)
                return "deny";
        *colour = "\033[1;33m";
        if (str_eqz(verdict, "deny"))
                return "audit";
        if (str_eqz(verdict, "warn"))
                return "warn";
        *colour = "\033[1;32m";
        return "allow";
}

static json_int_t points_of(const json_t *finding) {
        return json_integer_value(json_object_get(finding, "points"));
}

/* The ones with the most points. */
static void add_rules(struct text *out, const json_t *line) {
        const json_t *findings = json_object_get(line, "findings"), *best;
        size_t n = json_array_size(findings), looked = n < RULES_MOST ? n : RULES_MOST;
        bool named[RULES_MOST] = { false };

        for (size_t k = 0; k < RULES && k < looked; ++k) {
                size_t at = looked;

                for (size_t i = 0; i < looked; ++i)
                        if (!named[i] && (at == looked || points_of(json_array_get(findings, i)) >
                                                                  points_of(json_array_get(findings, at))))
                                at = i;
                named[at] = true;
                best = json_array_get(findings, at);
                text_addz(out, k ? ", " : "");
                text_add(out, recorded_text(best, "rule"));
                text_addz(out, json_object_get(best, "exempted_by") ? " (exempted)" : "");
        }
        if (n > RULES)
                text_addf(out, ", +%zu", n - RULES);
}

static void add_decision(struct text *out, const struct row_style *style, const json_t *line, size_t *used) {
        struct str user = recorded_text(line, "user"), image = recorded_text(line, "image");
        cleanup_(text_deinit) struct text rules;
        const char *colour, *answer = answer_of(line, &colour);
        char points[24];

        if (style->colour)
                text_addz(out, colour);
        add_cell(out, style, str_from(answer), width_of(style, ANSWER), used);
        if (style->colour)
                text_addz(out, "\033[0m");
        snprintf(points, sizeof(points), "%6lld", (long long)json_integer_value(json_object_get(line, "points")));
        add_cell(out, style, str_from(points), width_of(style, POINTS), used);
        add_cell(out, style, recorded_text(line, "operation"), width_of(style, OPERATION), used);
        add_cell(out, style, user.n ? user : STR_C("-"), width_of(style, USER), used);
        if (!image.n)
                image = recorded_text(line, "name");
        add_cell(out, style, image.n ? image : STR_C("-"), width_of(style, SUBJECT), used);
        text_init(&rules);
        add_rules(&rules, line);
        add_cell(out, style, rules.n ? text_str(&rules) : STR_C("-"), 0, used);
}

static void add_number(struct text *out, const char *before, const json_t *line, const char *key, const char *after) {
        text_addf(out, "%s%lld%s", before, (long long)json_integer_value(json_object_get(line, key)), after);
}

/* What docksill tells of itself. */
static void add_told(struct text *out, const struct row_style *style, const json_t *line, size_t *used) {
        struct str schema = recorded_text(line, "schema"), event = recorded_text(line, "event");
        cleanup_(text_deinit) struct text said;

        text_init(&said);
        if (str_eqz(schema, "docksill.start/1")) {
                text_add(&said, event);
                text_addz(&said, ": ");
                text_add(&said, recorded_text(line, "version"));
                text_addz(&said, ", environment ");
                text_add(&said, recorded_text(line, "environment"));
                text_addz(&said, ", mode ");
                text_add(&said, recorded_text(line, "mode"));
                add_number(&said, ", ", line, "rules", " rules");
        } else if (str_eqz(schema, "docksill.stop/1")) {
                add_number(&said, "end: ", line, "seq", " decisions");
                add_number(&said, ", ", line, "lost", " of them lost");
        } else if (str_eqz(schema, "docksill.loss/1")) {
                add_number(&said, "lost: ", line, "lost", " records");
                add_number(&said, ", ", line, "refused", " of them refusals");
        } else if (str_eqz(schema, "docksill.mend/1")) {
                add_number(&said, "torn: ", line, "torn", " bytes of a line, by a kill");
        } else {
                text_add(&said, schema);
        }
        add_cell(out, style, STR_C("--"), width_of(style, ANSWER), used);
        add_cell(out, style, text_str(&said), 0, used);
}

void row_add_titles(struct text *out, const struct row_style *style) {
        size_t used = 0;

        for (size_t i = 0; i < COLUMNS; ++i)
                add_cell(out, style, str_from(titles[i]), i == RULES_COLUMN ? 0 : width_of(style, (enum column)i),
                         &used);
        text_add_char(out, '\n');
}

void row_add(struct text *out, const struct row_style *style, const json_t *line) {
        struct str time = str_first(recorded_text(line, "time"), 19);
        char shown[20] = "";
        size_t used = 0;

        if (str_to_z(time, shown, sizeof(shown)) && strlen(shown) > 10 && shown[10] == 'T')
                shown[10] = ' ';
        add_cell(out, style, str_skip(str_from(shown), 19 - width_of(style, TIME)), width_of(style, TIME), &used);
        if (str_eqz(recorded_text(line, "schema"), "docksill.record/1"))
                add_decision(out, style, line, &used);
        else
                add_told(out, style, line, &used);
        text_add_char(out, '\n');
}
