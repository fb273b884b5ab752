#include "markup.h"

/* Bytes of one text that are shown. */
#define SHOWN_MAX 4096

/* @s as it is shown, byte by byte through @add. */
static void each_shown(struct text *out, struct str s, void (*add)(struct text *out, char c)) {
        cleanup_(text_deinit) struct text shown;

        text_init(&shown);
        text_add_visible(&shown, s, SHOWN_MAX);
        for (size_t i = 0; i < shown.n; ++i)
                add(out, shown.p[i]);
        out->failed = out->failed || shown.failed;
}

static void add_html(struct text *out, char c) {
        switch (c) {
        case '&': text_addz(out, "&amp;"); return;
        case '<': text_addz(out, "&lt;"); return;
        case '>': text_addz(out, "&gt;"); return;
        case '"': text_addz(out, "&quot;"); return;
        case '\'': text_addz(out, "&#39;"); return;
        default: text_add_char(out, c);
        }
}

void markup_add_html(struct text *out, struct str s) {
        each_shown(out, s, add_html);
}

static void add_markdown(struct text *out, char c) {
        if (strchr("\\`*_{}[]<>()#!|~&@:", c))
                text_add_char(out, '\\');
        text_add_char(out, c);
}

void markup_add_markdown(struct text *out, struct str s) {
        each_shown(out, s, add_markdown);
}

static void add_csv(struct text *out, char c) {
        if (c == '"')
                text_add_char(out, '"');
        text_add_char(out, c);
}

void markup_add_csv(struct text *out, struct str s) {
        text_add_char(out, '"');
        if (s.n && strchr("=+-@", s.p[0]))
                text_add_char(out, '\'');
        each_shown(out, s, add_csv);
        text_add_char(out, '"');
}
