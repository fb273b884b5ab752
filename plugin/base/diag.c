#include "docksill/base/diag.h"

#include <assert.h>
#include <errno.h>

#define KEPT          200
#define ARENA_LIMIT   ((size_t)1 << 20)
#define EXCERPT_MOST  120 /* bytes of a line that are shown */
#define EXCERPT_AHEAD 80  /* of these, before the caret */
#define NAME_MOST     64  /* bytes of a name worth comparing for a suggestion */

static const struct {
        const char *id, *meaning, *remedy;
} codes[] = {
#define X(constant, id, meaning, remedy) [constant] = { id, meaning, remedy },
        DIAG_CODE_ROWS(X)
#undef X
};

void diag_init(struct diag *d) {
        *d = (struct diag){ 0 };
        arena_init(&d->arena, ARENA_LIMIT);
}

void diag_deinit(struct diag *d) {
        arena_deinit(&d->arena);
        diag_init(d);
}

/* Line number @line (from 1) of @text, without its end. */
static struct str line_of(struct str text, unsigned line) {
        struct str found = { 0 };

        for (unsigned i = 0; i < line; ++i) {
                if (!text.p)
                        return (struct str){ 0 };
                found = str_cut(&text, '\n');
        }
        if (found.n > 0 && found.p[found.n - 1] == '\r')
                --found.n;
        return found;
}

static bool continues(char c) {
        return ((unsigned char)c & 0xc0) == 0x80;
}

/* Copies the part of the line around the column, whole characters only. A file may be one line of a megabyte. */
static int add_excerpt(struct diag *d, struct diag_entry *e, struct str line) {
        size_t column = e->column ? e->column - 1 : 0, from = 0, to = line.n;
        struct text t;

        if (column > line.n)
                column = line.n;
        if (line.n > EXCERPT_MOST) {
                from = column > EXCERPT_AHEAD ? column - EXCERPT_AHEAD : 0;
                if (line.n - from < EXCERPT_MOST)
                        from = line.n - EXCERPT_MOST;
                to = from + EXCERPT_MOST;
        }
        while (from > 0 && from < column && continues(line.p[from]))
                ++from;
        while (to < line.n && to > column && continues(line.p[to]))
                --to;

        text_init_arena(&t, &d->arena);
        if (from > 0)
                text_addz(&t, "…");
        e->caret = (unsigned)(t.n + (column - from)) + 1;
        if (to > from)
                text_add(&t, (struct str){ line.p + from, to - from });
        if (to < line.n)
                text_addz(&t, "…");
        e->excerpt = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

static void add_entry(struct diag *d, struct position at, enum diag_code code, bool error, const char *fmt,
                      va_list args) {
        struct diag_entry e = { .error = error, .code = code, .line = at.line, .column = at.column };
        struct diag_entry *slot;
        struct text t;

        assert(code < DIAG_CODES);
        ++*(error ? &d->errors : &d->warnings);
        if (d->n >= KEPT)
                return;

        text_init_arena(&t, &d->arena);
        text_addv(&t, fmt, args);
        e.message = text_str(&t);
        if (t.failed || (at.source && arena_str(&d->arena, at.source->name, &e.name) < 0))
                return;
        if (at.source && at.line && add_excerpt(d, &e, line_of(at.source->text, at.line)) < 0)
                return;
        slot = ARENA_PUSH(&d->arena, d);
        if (slot)
                *slot = e;
}

int diag_error(struct diag *d, struct position at, enum diag_code code, const char *fmt, ...) {
        va_list args;

        va_start(args, fmt);
        add_entry(d, at, code, true, fmt, args);
        va_end(args);
        return -EINVAL;
}

void diag_warning(struct diag *d, struct position at, enum diag_code code, const char *fmt, ...) {
        va_list args;

        va_start(args, fmt);
        add_entry(d, at, code, false, fmt, args);
        va_end(args);
}

/* Foreign text, harmless, but with its tabs. */
static void add_with_tabs(struct text *out, struct str s) {
        while (s.p) {
                text_add_visible(out, str_cut(&s, '\t'), SIZE_MAX);
                if (s.p)
                        text_add_char(out, '\t');
        }
}

/* The line, and below it a caret: its indentation repeats the tabs and counts characters, as shown, not bytes. */
static void render_excerpt(const struct diag_entry *e, struct text *out) {
        size_t ahead = e->caret ? e->caret - 1 : 0, from = out->n, to;

        add_with_tabs(out, str_first(e->excerpt, ahead));
        to = out->n;
        add_with_tabs(out, str_skip(e->excerpt, ahead));
        text_add_char(out, '\n');
        for (size_t i = from; i < to && !out->failed; ++i)
                if (!continues(out->p[i]))
                        text_add_char(out, out->p[i] == '\t' ? '\t' : ' ');
        text_addz(out, "^\n");
}

void diag_entry_render(const struct diag_entry *e, struct text *out) {
        if (e->name.n > 0) {
                text_add_visible(out, e->name, SIZE_MAX);
                text_add_char(out, ':');
                if (e->line > 0)
                        text_addf(out, "%u:", e->line);
                if (e->line > 0 && e->column > 0)
                        text_addf(out, "%u:", e->column);
                text_add_char(out, ' ');
        }
        text_addf(out, "%s: %s: ", e->error ? "error" : "warning", codes[e->code].id);
        text_add(out, e->message);
        text_add_char(out, '\n');
        if (e->line > 0 && e->column > 0 && e->excerpt.n > 0)
                render_excerpt(e, out);
}

void diag_render(const struct diag *d, struct text *out) {
        size_t seen = (size_t)d->errors + d->warnings;

        for (size_t i = 0; i < d->n; ++i)
                diag_entry_render(&d->items[i], out);
        if (seen > d->n)
                text_addf(out, "and %zu more\n", seen - d->n);
}

const char *diag_code_id(enum diag_code code) {
        assert(code < DIAG_CODES);
        return codes[code].id;
}

const char *diag_code_meaning(enum diag_code code) {
        assert(code < DIAG_CODES);
        return codes[code].meaning;
}

const char *diag_code_remedy(enum diag_code code) {
        assert(code < DIAG_CODES);
        return codes[code].remedy;
}

enum diag_code diag_code_find(struct str id) {
        unsigned code = 0;

        while (code < DIAG_CODES && !str_eq_fold(id, str_from(codes[code].id)) &&
               !str_eqz(id, codes[code].id + strlen("DS")))
                ++code;
        return code;
}

void nearest_init(struct nearest *n, struct str given) {
        *n = (struct nearest){ .given = given, .distance = UINT32_MAX };
}

/* Edits that turn @a into @b: insert, delete, change one byte (but for its case), swap two neighbours. */
static unsigned edits(struct str a, struct str b) {
        unsigned char rows[3][NAME_MOST + 1];
        unsigned char *before = rows[0], *last = rows[1], *row = rows[2];

        for (size_t j = 0; j <= b.n; ++j)
                last[j] = (unsigned char)j;
        for (size_t i = 1; i <= a.n; ++i) {
                unsigned char *oldest = before;

                row[0] = (unsigned char)i;
                for (size_t j = 1; j <= b.n; ++j) {
                        char x = ascii_lower(a.p[i - 1]), y = ascii_lower(b.p[j - 1]);
                        unsigned best = last[j - 1] + (x != y);

                        if (last[j] + 1u < best)
                                best = last[j] + 1u;
                        if (row[j - 1] + 1u < best)
                                best = row[j - 1] + 1u;
                        if (i > 1 && j > 1 && x == ascii_lower(b.p[j - 2]) && y == ascii_lower(a.p[i - 2]) &&
                            before[j - 2] + 1u < best)
                                best = before[j - 2] + 1u;
                        row[j] = (unsigned char)best;
                }
                before = last;
                last = row;
                row = oldest;
        }
        return last[b.n];
}

/* "privileged" for "container.privileged": a forgotten first part is the likeliest slip of all. */
static bool lacks_prefix(struct str given, struct str candidate) {
        return given.n > 2 && candidate.n > given.n && candidate.p[candidate.n - given.n - 1] == '.' &&
               str_ends(candidate, given);
}

/* "mount.src" for "mount.source", "environ" for "environment": what a hurried hand leaves out. */
static bool is_short_for(struct str given, struct str candidate) {
        size_t family = str_find_last(given, '.');
        struct str left = str_skip(given, family + 1);

        if (family == given.n)
                return given.n > 2 && str_starts(candidate, given);
        if (left.n < 2 || !str_starts(candidate, str_first(given, family + 2)))
                return false;
        for (size_t i = family + 1; i < candidate.n && left.n; ++i)
                if (ascii_lower(candidate.p[i]) == ascii_lower(left.p[0]))
                        left = str_skip(left, 1);
        return left.n == 0;
}

void nearest_offer(struct nearest *n, struct str candidate) {
        unsigned distance;

        if (n->given.n > NAME_MOST || candidate.n > NAME_MOST)
                return;
        distance = 2 * edits(n->given, candidate);
        if (distance > 2 && lacks_prefix(n->given, candidate))
                distance = 2;
        else if (distance > 3 && is_short_for(n->given, candidate))
                distance = 3;
        if (distance < n->distance) {
                n->distance = distance;
                n->best = candidate;
        }
}

struct str nearest_name(const struct nearest *n) {
        size_t family = str_find_last(n->given, '.'), worth = n->given.n / 4 + 1;

        /* What stands before the dot says nothing of how near the rest is: container.image is not container.name. */
        if (family < n->given.n && str_starts(n->best, str_first(n->given, family + 1)))
                worth = (n->given.n - family - 1) / 4 + 1;

        if (worth > 4)
                worth = 4;
        /* A name of two letters is one edit away from too many. */
        if (!n->best.p || n->distance > 2 * worth + 1 || n->distance >= 2 * n->given.n)
                return (struct str){ 0 };
        return n->best;
}
